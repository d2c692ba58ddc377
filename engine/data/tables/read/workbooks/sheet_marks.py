"""What the XML of a sheet says beside its values: cells that are merged, formulas that no program has worked
out, and how numbers are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from openpyxl.utils import column_index_from_string

from engine.data.cells.values import as_text

_PIECE = 1 << 20
_OVERLAP = 1 << 12
"""Bytes kept of a piece, so that what is cut by its end is found in the next."""
_MOST_MERGED = 100_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNKNOWN = re.compile(
    # 2,000 letters of a formula at most, so that a match fits into the overlap of two pieces
    rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f(?:/>|[^>]*>[^<]{0,2000}</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>)"
)
# _) in a format leaves the room of a bracket, so that numbers stand below negative ones in brackets
_FIXED = re.compile(r"0+(\.0+)?(?:_\)|_-)?")


@dataclass(frozen=True)
class SheetMarks:
    """What stands in a sheet beside values.

    `merged`: (column, first row, last row) of cells merged downwards; `formulas`: for each column (from 1),
    how many of its cells are formulas without a value.
    """

    merged: tuple[tuple[int, int, int], ...] = ()
    formulas: dict[int, int] = field(default_factory=dict)


def sheet_marks(source: BinaryIO) -> SheetMarks:
    """Return the marks of a sheet from its XML."""
    merged: list[tuple[int, int, int]] = []
    formulas: dict[int, int] = {}
    for kind, found in _found(_pieces(source)):
        column = column_index_from_string(found[1].decode())
        if kind == "formula":
            formulas[column] = formulas.get(column, 0) + 1
        elif len(merged) < _MOST_MERGED and int(found[4]) > int(found[2]):
            merged.append((column, int(found[2]), int(found[4])))
    return SheetMarks(tuple(merged), formulas)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    held = b""
    while piece := source.read(_PIECE):
        yield held + piece
        held = piece[-_OVERLAP:]


def _found(pieces: Iterable[bytes]) -> Iterator[tuple[str, re.Match[bytes]]]:
    seen: set[bytes] = set()
    for piece in pieces:
        last: set[bytes] = set()
        for kind, pattern in (("merged", _MERGED), ("formula", _UNKNOWN)):
            for match in pattern.finditer(piece):
                place = kind.encode() + match[1] + match[2]
                if place not in seen:  # in the overlap of two pieces
                    yield kind, match
                if match.end() > len(piece) - _OVERLAP:
                    last.add(place)
        seen = last


def shown_number(value: object, form: str) -> str:
    """Return a number as a sheet shows it in a number format, where that is of zeros alone: 0.00, 00000."""
    found = _FIXED.fullmatch(form)
    if not found or isinstance(value, bool) or not isinstance(value, (int, float)):
        return as_text(value)
    digits = len(found[1] or ".") - 1
    width = len(form.split(".")[0].rstrip("_)-")) + (digits + 1 if digits else 0)
    # the width of Python counts the minus sign, that of a sheet does not
    return f"{value:0{width + (value < 0)}.{digits}f}"


def is_fixed(form: str) -> bool:
    """Return whether a number format shows other digits than a number has."""
    return form != "0" and _FIXED.fullmatch(form) is not None


def is_code(form: str) -> bool:
    """Return whether a number format shows leading zeros, as of post codes."""
    return re.fullmatch(r"00+", form) is not None
