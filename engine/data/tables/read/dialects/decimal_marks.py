"""Marks of the numbers in a text table: which one parts fractions, and which columns are plain numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.data.cells.number_marks import Marks
from engine.data.cells.values import MISSING
from engine.data.tables.read.format import TableFormat

_GROUPS = r"[+-]?\d{1,3}(?:[ \u00a0\u202f'’%s]\d{3})+"
_COMMA = re.compile(
    rf"[+-]?\d*,\d+([eE][+-]?\d+)?|{_GROUPS % '.'},\d+|[+-]?\d{{1,3}}(\.\d{{3}}){{2,}}", re.ASCII
)
_POINT = re.compile(
    rf"[+-]?\d*\.\d+([eE][+-]?\d+)?|{_GROUPS % ','}\.\d+|[+-]?\d{{1,3}}(,\d{{3}}){{2,}}", re.ASCII
)
_DRESSED = re.compile(
    r"(?:[$€£¥₹]\s?)?(?P<number>[+-]?[\d.,]*\d)\s?(?:[%‰€$£¥]|kg|g|mg|km|m|cm|mm|l|ml|kr\.?|zł)?", re.ASCII
)
"""A number with money or a unit that every table has: other letters may be those of versions and rooms."""
_SMALL = re.compile(r"[+-]?[1-9]\d{0,2}", re.ASCII)
_DOUBTFUL = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
# not with a point: every program writes 1.234e5, and thousands are hardly meant
_DOUBTFUL_POWER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}[eE][+-]?\d+", re.ASCII)


def marks_of_table(rows: Sequence[Sequence[str]], separator: str, how: TableFormat) -> Marks:
    """Return the decimal mark, and whether it is chosen or some number shows it beyond doubt.

    A chosen one that parts the cells, and stands in none of them, does not hold.
    """
    apart = how.decimal == separator and not any(separator in cell for row in rows for cell in row)
    if how.decimal != "auto" and not apart:
        return Marks(how.decimal, True, how.thousands)
    if how.thousands in (".", ","):
        return Marks("," if how.thousands == "." else ".", True, how.thousands)
    cells = [cell for row in rows for cell in row]
    # of 209,815 beside 50.0%, the share says what the comma is; bare numbers say it first
    dressed = [match["number"] for cell in cells if (match := _DRESSED.fullmatch(cell))]
    # bare ones first, so that any of them outvotes those with a sign
    for some in (cells, dressed):
        numbers = [cell for cell in some if _COMMA.fullmatch(cell) or _POINT.fullmatch(cell)]
        sure = [cell for cell in numbers if not _is_doubtful(cell)]
        if sure:
            break
    commas = sum(bool(_COMMA.fullmatch(cell)) for cell in sure)
    if sure:
        return Marks("," if commas > len(sure) - commas else ".", True, how.thousands)
    # 7.557 beside 952: a fraction would not always have three digits
    for place in range(max(map(len, rows))):
        column = [row[place] for row in rows if place < len(row)]
        parting = {cell.lstrip("+-").lstrip("0123456789")[0] for cell in column if _DOUBTFUL.fullmatch(cell)}
        if len(parting) == 1 and any(_SMALL.fullmatch(cell) for cell in column):
            return Marks("," if parting == {"."} else ".", False, how.thousands)
    comma = separator == ";" and any("," in cell for cell in numbers)
    comma = comma or any(_DOUBTFUL_POWER.fullmatch(cell) for cell in numbers)
    return Marks("," if comma else ".", False, how.thousands)


def _is_doubtful(cell: str) -> bool:
    return (_DOUBTFUL.fullmatch(cell) or _DOUBTFUL_POWER.fullmatch(cell)) is not None


_LIMB = r"[+-]?(?:(?:\d+%s?\d*|%s\d+)(?:[eE][+-]?\d+)?|inf|Inf|INF)"
_PLAIN = {mark: re.compile(_LIMB % (re.escape(mark), re.escape(mark)), re.ASCII) for mark in ".,"}
# the last two are numbers, but recognition must see how they are written: 005.133 on a shelf, 1E05 of a seed
_CODE = re.compile(r"[+-]?(0\d+|\d{16,}|0\d+[.,]\d+|\d{1,3}[eE]\d{1,3})", re.ASCII)


def plain_numbers(first: Sequence[str], marks: Marks) -> bool:
    """Return whether the parser of numbers can be trusted with a column, by its first cells.

    Codes as 007 are no numbers, and where every fraction has three digits the marks may part thousands.
    """
    found = [cell for cell in first if cell.casefold() not in MISSING]
    if not all(_PLAIN[marks.decimal].fullmatch(cell) for cell in found):
        return False
    if any(_CODE.fullmatch(cell) for cell in found):
        return False
    marked = [cell for cell in found if "." in cell or "," in cell]
    return marks.seen or not marked or not all(map(_is_doubtful, marked))
