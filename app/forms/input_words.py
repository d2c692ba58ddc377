"""What the window says of each kind of inputs that a network may receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.language.words import tr
from engine.data.description import InputKind


@dataclass(frozen=True)
class InputWords:
    """Of inputs of a kind: that a task is not for them, that a choice does not take them, and their shape."""

    not_for: str
    not_taken: str
    shape: str


def input_words() -> Mapping[InputKind, InputWords]:
    """Return the words for every kind of inputs."""
    return {
        "vector": InputWords(
            tr("not for rows of a table"), tr("does not take rows of a table"), tr("numbers of a row")
        ),
        "image": InputWords(
            tr("not for pictures"), tr("does not take pictures"), tr("channels × height × width")
        ),
        "series": InputWords(tr("not for series"), tr("does not take series"), tr("places × channels")),
        "tokens": InputWords(tr("not for such texts"), tr("does not take texts"), tr("tokens of a text")),
    }
