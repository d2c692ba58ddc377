"""Notice: something to tell the person, as any part of the window says it and its corner shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Mood = Literal["plain", "good", "danger"]


@dataclass(frozen=True)
class Notice:
    """Something to tell the person, with at most one thing to do about it.

    `about` names what is at stake: it takes the place of what was said about the same before, and goes when
    that is settled.
    """

    text: str
    mood: Mood = "plain"
    button: str = ""
    act: Callable[[], None] | None = None
    about: str = ""
