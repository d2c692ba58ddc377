"""Notice: something to tell the person, as the training says it and the corner of the window shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.widgets.toasts import Mood


@dataclass(frozen=True)
class Notice:
    """Something to tell the person, with at most one thing to do about it. `mood` is that of toasts.

    `about` names what is at stake, where that can be settled without the person closing the notice.
    """

    text: str
    mood: Mood = "plain"
    button: str = ""
    act: Callable[[], None] | None = None
    about: str = ""
