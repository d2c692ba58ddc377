"""The first rows of a table that are no data: which name the columns, and which say units below the names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from operator import eq

from engine.data.cells.moments.dates import looks_like_date
from engine.data.cells.shape_of_numerals import looks_like_number, looks_like_unit
from engine.data.cells.values import MISSING
from engine.data.tables.read.format import TableFormat

Row = Sequence[str]

MOSTLY = 0.8
MOST_ABOVE = 60
"""Rows within which the names are looked for."""
_MOST_BELOW = 3
"""Rows between the names and the data."""
_MOST_AGAIN = 2
"""Rows that repeat the names; more are rows of data that are often the same."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FEWEST_STEPS = 5
"""Numbers that stand evenly apart by chance are fewer."""


def count_filled(row: Row) -> int:
    """Return how many cells of a row hold something."""
    return sum(bool(cell) for cell in row)


def rows_of_names(
    rows: Sequence[Row], above: int, how: TableFormat, decimal: str, *, known: bool, single: bool
) -> int:
    """Return how many rows hold names; a `single` row has a blank one below it, and so is the only one."""
    if how.header != "auto":
        return {"no": 0, "yes": 1, "two": 2}[how.header]
    if not single and in_two_rows(rows[above : above + 30], decimal):
        return 2
    return int(known or has_header(rows[above:], decimal))


def in_two_rows(rows: Sequence[Row], decimal: str) -> bool:
    """Return whether the first row groups columns that the second names: it repeats or leaves free, the
    second is of words above numbers, and both together name each column once.
    """
    if len(rows) < 3:
        return False
    first, second = rows[0], _as_long(rows[1], rows[0])
    # pandas leaves free what stands above the rows' own names, which it writes a row below
    free = corner(first, second)
    if (
        (len(set(first)) == len(first) and all(first))
        or (count_filled(second) + free < len(first) and not _is_partly_grouped(first, second, free))
        or len(second) != len(first)
    ):
        return False
    # most, because a row of units may stand below the names
    values = [place for place in range(len(second)) if all_values(rows[2:], place, decimal, MOSTLY)]
    above_values = bool(values) and not any(is_value(second[place], decimal) for place in values)
    return above_values and len(set(names_in([first[free:], second[free:]]))) == len(first) - free


def _as_long(row: Row, other: Row) -> Row:
    """Return a row with empty cells at its end, which workbooks do not keep, where another is longer."""
    return [*row, *[""] * (len(other) - len(row))]


def _is_partly_grouped(first: Row, second: Row, free: int) -> bool:
    """Return whether groups of several columns stand among names that reach over both rows.

    Wherever the first row is free, and where the group before it begins, the second names a column. Below
    plain names no column would be free.
    """
    groups, start = set(), free
    for place in range(free, len(first)):
        start = place if first[place] else start
        groups.add(start if not first[place] else -1)
    groups.discard(-1)
    named = all(first[place] or second[place] for place in range(free, len(first)))
    return bool(groups) and named and all(first[place] and second[place] for place in groups)


def corner(first: Row, second: Row) -> int:
    """Return how many columns both rows leave free before the first that either names."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, pair in pairs if any(pair)), 0)


def names_are_joined(rows: Sequence[Row], how: TableFormat, decimal: str) -> bool:
    """Return whether names that other settings know stand in the second of two rows of names.

    A row above that would give one of them another name holds a title.
    """
    return in_two_rows(rows, decimal) and how.names & set(rows[1]) <= set(names_in(rows[:2]))


def names_in(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the names; a group stands before those that follow it, up to the next group."""
    if not rows:
        return ()
    if len(rows) == 1:
        first = rows[0][0]
        # numpy.savetxt writes the names behind "# "
        bare = first.lstrip("#%/").lstrip() if re.match(r"(#|%|//)\s", first) else first
        return (bare, *rows[0][1:])
    group, names = "", []
    for place, name in enumerate(_as_long(rows[1], rows[0])):
        group = (rows[0][place] if place < len(rows[0]) else "") or group
        names.append(group if name in ("", group) else f"{group} {name}".strip())
    return tuple(names)


def has_header(rows: Sequence[Row], decimal: str) -> bool:
    """Return whether the first row names the columns rather than being data.

    Each column votes: words above numbers or dates say yes; a number above numbers, or a word that occurs
    again below, says no. Without votes, a first row of different words is taken for names.
    """
    first, votes = rows[0], 0
    if _imported(rows, 1):
        return True
    # values may stand evenly apart, too, but hardly in the first row alone
    if _is_scale(first, decimal) and len(rows) > 1 and not _is_scale(rows[1], decimal):
        return True
    data = _without_names_again(rows, decimal)
    for index, name in enumerate(first):
        below = [row[index] for row in data if index < len(row) and row[index].casefold() not in MISSING]
        if not below:
            continue
        if all(is_value(cell, decimal) or looks_like_number(cell) for cell in below):
            votes += _vote(name, below, decimal)
        elif name and name in below:
            votes -= 1
    if votes:
        return votes > 0
    return len(set(first)) == len(first) and all(
        _is_year(cell) or looks_like_date(cell) or not is_value(cell, decimal) for cell in first
    )


def _without_names_again(rows: Sequence[Row], decimal: str) -> Sequence[Row]:
    """Return the rows below the first without the few that repeat it above numbers, as second tables do."""
    first, below = rows[0], rows[1:]
    others = [row for row in below if 2 * sum(map(eq, row, first)) <= len(first)]
    few = 0 < len(below) - len(others) <= _MOST_AGAIN
    named = few and any(
        not is_value(name, decimal) and all_values(others, place, decimal, MOSTLY)
        for place, name in enumerate(first)
    )
    return others if named else below


def _is_scale(row: Row, decimal: str) -> bool:
    """Return whether the numbers of a row stand evenly apart, as wavelengths and times above columns do."""
    numbers = [cell.replace(",", ".") if decimal == "," else cell for cell in row]
    values = [float(cell) for cell in numbers if _NUMBER.fullmatch(cell)]
    steps = [after - before for before, after in pairwise(values)]
    # 0.1, 0.2, 0.3 are not evenly apart as doubles
    alike = all(abs(step - steps[0]) < 1e-6 * abs(values[-1] - values[0]) for step in steps)
    return len(values) >= _FEWEST_STEPS and len(values) >= MOSTLY * len(row) and steps[0] != 0 and alike


def _vote(name: str, below: Row, decimal: str) -> int:
    for kind in (_is_year, looks_like_date):  # they stand above the columns of many tables
        if kind(name) and not all(kind(cell) for cell in below):
            return 0
    alike = looks_like_number(name) and not is_value(below[0], decimal)  # 12 % above 13 %
    return -1 if alike or is_value(name, decimal) or name.casefold() in MISSING - {""} else 1


def _is_year(cell: str) -> bool:
    """Return whether a cell may be a year, which stands above the columns of many tables."""
    return len(cell) == 4 and cell.isdecimal() and 1800 <= int(cell) <= 2100


def is_value(cell: str, decimal: str) -> bool:
    """Return whether a cell is a number or a date."""
    number = cell.replace(".", "").replace(",", ".") if decimal == "," else cell.replace(",", "")
    try:
        float(number.replace(" ", "").replace("'", ""))
    except ValueError:
        return looks_like_date(cell)
    return True


# ---------------------------------------------------------------------------------------------- below


def all_values(rows: Sequence[Row], place: int, decimal: str, share: float = 1.0) -> bool:
    """Return whether at least such a share of the cells of a column that are there are numbers or dates."""
    cells = [row[place] for row in rows if place < len(row) and row[place].casefold() not in MISSING]
    return bool(cells) and sum(is_value(cell, decimal) for cell in cells) >= share * len(cells)


_IMPORTED = '{"ImportId"'
_ORANGE = (
    {*"cdst", "continuous", "discrete", "string", "time"},
    {*"imw", "class", "ignore", "meta", "weight", ""},
)
"""What stands in the two rows that Orange writes below the names: types of columns, and what they are for."""


def below_names(rows: Sequence[Row], first: int, decimal: str, *, several: bool) -> int:
    """Return where the data begins below rows of units and questions, of which surveys have two.

    Below `several` rows of names, one word may name the first column: Date, as yfinance writes it.
    """
    # not strict: there may be fewer than two rows, and the lists differ then
    if [set(row) <= known for row, known in zip(rows[first:], _ORANGE, strict=False)] == [True, True]:
        return first + len(_ORANGE)
    if imported := _imported(rows, first):
        return imported + 1
    place = first
    while place < min(first + _MOST_BELOW, len(rows)) and (
        is_ruler(rows[place])
        or _counts_rows(rows, place)
        or _is_units(rows, place, decimal, fewest=2 if place == first and not several else 1)
        # a second word of one name, above the units of all
        or (_is_units(rows, place, decimal, 1) and _is_units(rows, place + 1, decimal, 2))
        # numbers of names, as the masses of isotopes: data does not stand above the units
        or (place == first and _says_units(rows, place + 1, decimal))
    ):
        place += 1
    return place


def _imported(rows: Sequence[Row], first: int) -> int:
    """Return the row in which Qualtrics says where each column is from, below the questions; 0 if none is."""
    below = enumerate(rows[first : first + 2], first)
    return next((place for place, row in below if row and row[0].startswith(_IMPORTED)), 0)


def is_ruler(row: Row) -> bool:
    """Return whether a row is a line drawn with signs, as -----, === or +----+."""
    signs = "".join(row)
    return len(signs) > 2 and not set(signs) - set("-=_+|:~*─━═ ")


def _counts_rows(rows: Sequence[Row], place: int) -> bool:
    """Return whether a row says one count under every name but the first, which all rows below it fill.

    Recorders write so how many samples of each channel follow.
    """
    row, below = rows[place], rows[place + 1 : place + 1 + MOST_ABOVE]
    counts = {cell for cell in row[1:] if cell}
    filled = len(below) > 1 and all(later[0] for later in below if later)
    return not row[0] and len(counts) == 1 and all(map(str.isdecimal, counts)) and filled


def _says_units(rows: Sequence[Row], place: int, decimal: str) -> bool:
    """Return whether a row says units, and nothing else, above columns of numbers."""
    cells = [cell for cell in rows[place] if cell] if place < len(rows) else []
    return len(cells) > 1 and all(map(looks_like_unit, cells)) and _is_units(rows, place, decimal, 2)


def _is_units(rows: Sequence[Row], place: int, decimal: str, fewest: int) -> bool:
    """Return whether a row below the names says what the numbers below it are, or are measured in.

    Words that are no units have to stand above so many columns of numbers.
    """
    below = rows[place + 1 : place + 1 + MOST_ABOVE]
    if len(below) < 2:
        return False
    row = rows[place]
    cells = {index: cell for index, cell in enumerate(row) if all_values(below, index, decimal, MOSTLY)}
    words = [cell for cell in cells.values() if cell]
    if not words or any(
        # - is what a row of units has where a column has none
        is_value(cell, decimal) or looks_like_number(cell) or cell.casefold() in MISSING - {"", "-", "--"}
        for cell in words
    ):
        return False
    others = [(index, cell) for index, cell in enumerate(row) if index not in cells and cell]
    if any(cell == later[index] for index, cell in others for later in below if index < len(later)):
        return False
    units = sum(looks_like_unit(cell) for cell in words)
    return units > len(words) / 2 or len(words) >= fewest
