"""Marks that end lines: those that part no cells, as the ';' in 33,Jogging,-0.69,12.68;"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

from typing_extensions import override

END_OF_LINE = ";"
"""The mark that programs of sensors and sheets put behind each line."""
_SURE = 0.9
"""Share of the lines that end in the mark, and of those that have as many cells."""
_PARTS = {",": 2, "|": 1}
"""Separators of lines with such an end, and how many of them a line has at least: 1,5; is one number."""
_BEFORE_END = re.compile(rf"{END_OF_LINE}[ \t]*(?=[\r\n]|$)", re.ASCII)


def mark_at_ends(lines: Sequence[str]) -> str:
    """Return the mark that ends nearly every line and stands nowhere else in it, where others part its cells.

    "" elsewhere.
    """
    bare = [line for line in map(str.rstrip, lines) if line]
    ended = [line for line in bare if line.find(END_OF_LINE) == len(line) - 1]
    for separator, least in _PARTS.items():
        often = Counter(line.count(separator) for line in ended)
        parts, alike = next(iter(often.most_common(1)), (0, 0))
        if parts >= least and alike > _SURE * len(bare):
            return END_OF_LINE
    return ""


def without_mark_at_ends(text: str) -> str:
    """Return text without the mark at the ends of its lines.

    >>> without_mark_at_ends("1,2;\\n3;4,5;")
    '1,2\\n3;4,5'
    """
    return _BEFORE_END.sub("", text)


class BareLines(io.TextIOBase):
    """A file of text without the mark at the ends of its lines."""

    def __init__(self, lines: io.TextIOWrapper) -> None:
        self._lines = lines

    @override
    def read(self, size: int | None = -1, /) -> str:
        """Return the next letters: whole lines, as whoever sees a part of one does not know how it ends."""
        return without_mark_at_ends(self._lines.read(size) + self._lines.readline())

    @override
    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Return the next line."""
        return without_mark_at_ends(self._lines.readline(size))
