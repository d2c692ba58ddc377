"""Names that have no room are shortened so that they still tell one from the other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

_WORTH = 3
"""Letters that all names begin with, from which on leaving them out gains room: "…" takes one itself."""


def alike(names: Iterable[str]) -> int:
    """Return how many letters all these names begin with, up to the beginning of a word or a number."""
    different = set(names)
    if len(different) < 2:
        return 0
    # in alphabetical order the first and the last differ as early as any two
    pairs = zip(min(different), max(different), strict=False)
    beginning = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    # a name that is the beginning of another keeps its last letter
    beginning = beginning[: min(map(len, different)) - 1]
    # letters without a blank between words (Chinese) may be parted anywhere
    while beginning and beginning[-1].isascii() and beginning[-1].isalnum():
        beginning = beginning[:-1]
    # numbers, of which the beginning tells most, are not names
    return len(beginning) if len(beginning) >= _WORTH and any(map(str.isalpha, beginning)) else 0


def shortened(name: str, beginning: int, room: float, size: QFontMetricsF) -> str:
    """Return a name as long as there is room: without its first `beginning` letters, which others share, else
    without its middle, as both its ends may tell it from others.
    """
    if size.horizontalAdvance(name) <= room:
        return name
    if not beginning:
        return size.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
    rest = name[beginning:]
    told = f"…{rest}"
    # one "…" is enough: at so few letters a second one would take the room of those that tell most
    return (
        told
        if size.horizontalAdvance(told) <= room
        else size.elidedText(rest, Qt.TextElideMode.ElideRight, room)
    )
