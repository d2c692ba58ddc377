"""Beginning: which rows of a table hold titles and notes, the names of the columns, their units, the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from engine.choices import Message
from engine.data.cells.values import counted, listed
from engine.data.decisions import LEFT_OUT, NAMES, ROW, Decided, Decision, OtherReading, Specimen, line_of
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.names_and_units import (
    MOST_ABOVE,
    MOSTLY,
    Row,
    all_values,
    below_names,
    corner,
    count_filled,
    has_header,
    in_two_rows,
    is_ruler,
    is_value,
    names_are_joined,
    names_in,
    rows_of_names,
)

_MOST_FACTS, _TIMES_LONGER = 3, 5
"""Rows of a small table above another, which is so many times as long at least."""
_FEWEST_OF_HEAD, _LOOKED_BELOW = 3, 50
"""Rows above the names that make the head of an instrument, and rows below them that are looked at."""
_SPARSE = 0.6
"""A row of words with at most this share of the cells of the others is a title, not names."""
_COMMENT = ("#", "%", "//")
_FACT = re.compile(r"[^\W\d][^:]*:\s")
"""A cell that says a name and its value, as Date: 5 March."""


_FEW_SHOWN = 3


class _Told(NamedTuple):
    """What was decided about some rows: a sentence, the setting, the value it amounts to, and others."""

    said: str
    rows: range
    setting: str
    now: Any
    others: tuple[Any, ...]


@dataclass(frozen=True)
class Beginning:
    """Where a table begins, in its rows that are not blank.

    `above`: rows before the names; `named`: rows of names, 0 to 2; `data`: the first row of data, which may
    be one beyond the last; `names`: the cells of the names, joined where they stand in two rows.
    """

    above: int
    named: int
    data: int
    names: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def find_beginning(rows: Sequence[Row], numbers: Sequence[int], how: TableFormat, decimal: str) -> Beginning:
    """Return where the table begins. `numbers` says which row of the file each is, blank ones counted."""
    begin = _begin(rows, numbers, how, decimal)
    notices = []
    for told in _said(rows, begin, how):
        ways = {value: replace(how, **{told.setting: value}) for value in told.others}
        others = {value: _begin(rows, numbers, way, decimal) for value, way in ways.items()}
        notices.append(Decided(told.said, _shown(rows, begin, told, others)))
    return replace(begin, notices=tuple(notices))


def _begin(rows: Sequence[Row], numbers: Sequence[int], how: TableFormat, decimal: str) -> Beginning:
    width = _usual_width(rows)
    apart = {place for place in range(len(rows) - 1) if numbers[place + 1] > numbers[place] + 1}
    skipped = 0 if how.skip_above == "auto" else sum(number <= how.skip_above for number in numbers)
    expected = _with_expected(rows, how, skipped)
    if expected is not None:
        above = expected
    elif how.skip_above != "auto":
        above = next(
            (place for place, number in enumerate(numbers) if number > how.skip_above), len(rows) - 1
        )
    else:
        above = _above(rows, apart, width, decimal)
    named = rows_of_names(rows, above, how, decimal, known=expected is not None, single=above in apart)
    if named == 1 and how.header == "auto" and above > 0 and above - 1 not in apart:
        grouped = how.skip_above == "auto" and _is_group(rows, above - 1, width)
        if grouped or (expected and names_are_joined(rows[above - 1 : above + 29], how, decimal)):
            above, named = above - 1, 2
    first = min(above + named, len(rows))
    if how.skip_below == "auto":
        data = below_names(rows, first, decimal, several=named > 1) if named else first
    else:
        last = numbers[first - 1] if first else 0
        after = (place for place in range(first, len(rows)) if numbers[place] > last + how.skip_below)
        data = next(after, len(rows))
    return Beginning(above, named, data, names_in(rows[above:first]))


def _usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have, up to the last that is filled."""
    # the first row may be a title, and a title alone has no usual width
    widths = Counter(_filled_to(row) for row in rows[1:] or rows)
    return max(size for size, count in widths.items() if count == max(widths.values()))


def _filled_to(row: Row) -> int:
    return max((place + 1 for place, cell in enumerate(row) if cell), default=0)


def _with_expected(rows: Sequence[Row], how: TableFormat, skipped: int) -> int | None:
    """Return the row in which columns stand that other settings name, None where there is none.

    It is one behind those that are `skipped`, if any such row is.
    """
    if how.header == "no" or not how.names:
        return None
    found = [len(how.names & set(row)) for row in rows[:MOST_ABOVE]]
    if any(found[skipped:]):
        found[:skipped] = [0] * len(found[:skipped])
    if not found or max(found) == 0:
        return None
    first = last = found.index(max(found))
    while last + 1 < len(found) and found[last + 1] == found[first] and not set(rows[last + 1]) <= how.names:
        last += 1  # merged cells repeat a name below itself; the row that names most is meant
    return max(range(first, last + 1), key=lambda place: len(set(rows[place])))


# ---------------------------------------------------------------------------------------------- above


def _above(rows: Sequence[Row], apart: Set[int], width: int, decimal: str) -> int:
    """Return how many rows of titles, notes and comments stand before the names.

    `apart` are the rows that a blank one follows.
    """
    if few := _small_table(rows, apart, decimal) or head_of_instrument(rows, decimal):
        return few
    # the groups of few columns would be taken for a title
    if len(rows) > 1 and corner(rows[0], rows[1]) > 1 and in_two_rows(rows[:30], decimal):
        return 0
    # the middle one: neither the short rows above nor a long one at the end change it
    full = sorted(count_filled(row) for row in rows)[len(rows) // 2]
    for place, row in enumerate(rows[:MOST_ABOVE]):
        rest = rows[place + 1 :]
        if not rest or not (
            is_ruler(row)
            or (place == 0 and counts_table(row, _usual_width(rest)))
            or (place == 0 and (_outruns(row, rest, decimal) or _states_facts(row, rest, decimal)))
            or _is_comment(row, rest, decimal)
            or _is_title(row, width, decimal)
            or (place in apart and count_filled(row) < width and has_header(rest, decimal))
            or _is_fact(row, rows[place:], full, decimal)
        ):
            return place if any(count_filled(later) > 1 for later in rest) or not rest else 0
    return 0


def _small_table(rows: Sequence[Row], apart: Set[int], decimal: str) -> int:
    """Return how many rows names and values of the place have above a blank row and the table; 0 without.

    Open-Meteo writes so latitude and longitude, and below them a table of other columns.
    """
    rest = rows[min(apart, default=-1) + 1 :]
    few = len(rows) - len(rest)
    if not 1 < few <= _MOST_FACTS or len(rest) < _TIMES_LONGER * few:
        return 0
    names, values, below = rows[0], rows[few - 1], rest[0]
    named = all(cell and not is_value(cell, decimal) for cell in (*names, *below[: _filled_to(below)]))
    kinds = [is_value(cell, decimal) for cell in values]
    # a blank row may as well stand between the first record and the others
    alike = kinds == [all_values(rest[1:], place, decimal, MOSTLY) for place in range(len(values))]
    other = any(kinds) and not alike and not set(names) & set(below)
    return few if named and other and has_header(rest, decimal) else 0


def head_of_instrument(rows: Sequence[Row], decimal: str) -> int:
    """Return how many rows an instrument has written above the names: what it is, and how it was set; else 0.

    Each begins with a word and says it of values of every sort. The names are the last row of words, and
    all rows below begin with a number or a time.
    """
    data = next((n for n in range(len(rows)) if rows[n][0] and is_value(rows[n][0], decimal)), len(rows))
    names, head, below = data - 1, rows[: max(data - 1, 0)], rows[data : data + _LOOKED_BELOW]
    if not _FEWEST_OF_HEAD <= names < MOST_ABOVE or len(below) < _TIMES_LONGER:
        return 0
    named = [cell for cell in rows[names] if cell]
    plain = (
        len(named) > 1 and len(set(named)) == len(named) and not any(is_value(one, decimal) for one in named)
    )
    # a table of words has values of one sort in each column
    said = [row[1] for row in head if len(row) > 1 and row[1]]
    mixed = any(is_value(one, decimal) for one in said) and not all(is_value(one, decimal) for one in said)
    numbers = all(
        all_values(below, place, decimal, MOSTLY)
        for place, cell in enumerate(rows[names])
        if cell and any(place < len(row) and row[place] for row in below)
    )
    return names if plain and mixed and numbers and all(row[0] or not any(row) for row in head) else 0


def counts_table(row: Row, width: int) -> bool:
    """Return whether a row says how many rows and inputs follow, and how the classes are called.

    The tables of scikit-learn and TensorFlow begin so: 120,4,setosa,versicolor,virginica.
    """
    filled = row[: _filled_to(row)]
    counted_so = len(filled) > 3 and all(cell.isdecimal() for cell in filled[:2])
    classes = filled[2:]
    named = len(set(classes)) == len(classes) and not any(is_value(cell, ".") for cell in classes)
    return counted_so and int(filled[1]) == width - 1 and named and all(classes)


def _is_fact(row: Row, rows: Sequence[Row], full: int, decimal: str) -> bool:
    """Return whether a row says a name and a value, as in Date, 2024-03-01, above names that follow."""
    if not row[0] or is_value(row[0], decimal) or count_filled(row) > full / 2:
        return False
    begin = next(
        (place for place, later in enumerate(rows[:MOST_ABOVE]) if count_filled(later) >= full), None
    )
    return begin is not None and begin > 0 and has_header(rows[begin:], decimal)


def _outruns(row: Row, rest: Sequence[Row], decimal: str) -> bool:
    """Return whether a row with a number has more cells than the names below it: facts of a data logger.

    Those of Campbell write so its model, serial number and program.
    """
    width = _usual_width(rest)
    if count_filled(row) <= width or not any(is_value(cell, decimal) for cell in row):
        return False
    named = count_filled(rest[0]) == width and not any(is_value(cell, decimal) for cell in rest[0])
    return named and max(map(count_filled, rest)) == width and has_header(rest, decimal)


def _states_facts(row: Row, rest: Sequence[Row], decimal: str) -> bool:
    """Return whether a row holds a value, as the day of an export, above names of which there are more."""
    names = [cell for cell in rest[0] if cell]
    stated = any(is_value(cell, decimal) for cell in row if cell)
    plain = len(set(names)) == len(names) and not any(is_value(cell, decimal) for cell in names)
    return stated and plain and len(names) > count_filled(row) and has_header(rest, decimal)


def _is_comment(row: Row, rest: Sequence[Row], decimal: str) -> bool:
    """Return whether a row begins with a mark of comments and is not the names written behind one."""
    if not row[0].startswith(_COMMENT) or len(row[0]) < 2:
        return False
    bare = not rest[0][0].startswith(_COMMENT) and not has_header(rest, decimal)
    return not (bare and len(row) == len(rest[0]))


def _is_title(row: Row, width: int, decimal: str) -> bool:
    filled = [cell for cell in row if cell]
    if width > 1 and row[0].endswith(":") and len(filled) <= 2:
        return True
    if width > 2 and len(filled) < width and all(_FACT.match(cell) for cell in filled):
        return True
    if width < 2 or any(is_value(cell, decimal) for cell in filled):
        return False
    return len(filled) <= _SPARSE * width and bool(row[0] or len(filled) < width - 1)


def _is_group(rows: Sequence[Row], place: int, width: int) -> bool:
    """Return whether a row above the names groups them: several words, the first cell free."""
    return place >= 0 and width > 2 and not rows[place][0] and count_filled(rows[place]) >= 2


def _said(rows: Sequence[Row], begin: Beginning, how: TableFormat) -> list[_Told]:
    """Return what was decided about the first rows."""
    above, first, data = begin.above, begin.above + begin.named, begin.data
    told = []
    if above:
        shown = listed([next((cell for cell in row if cell), "") for row in rows[:above]], 3)
        said = counted(above, "row above the names is", "rows above the names are")
        if counts_table(rows[0], _usual_width(rows[1:])):
            classes = (f"{place} is {name}" for place, name in enumerate(rows[0][2:]) if name)
            shown = Message(
                "it counts the rows and names the classes ({classes})", classes=", ".join(classes)
            )
        text = Message("{said} left out: {shown}; if that is wrong, set Rows above", said=said, shown=shown)
        told.append(_Told(text, range(above), "skip_above", above, (0,)))
    if data > first:
        shown = listed([cell for row in rows[first:data] for cell in row if cell])
        said = (
            Message("the row below the names is")
            if data == first + 1
            else Message("{count} rows below the names are", count=data - first)
        )
        text = Message("{said} left out: {shown}; if that is wrong, set Rows below", said=said, shown=shown)
        told.append(_Told(text, range(first, data), "skip_below", data - first, (0,)))
    if begin.named == 2:
        text = Message("the names stand in two rows and are joined; if that is wrong, set First row")
        told.append(_Told(text, range(above, first), "header", "two", ("yes", "no")))
    if begin.named == 0 and how.header == "auto":
        text = Message("the first row is taken for data, and the columns are numbered")
        told.append(_Told(text, range(above, above + 1), "header", "no", ("yes",)))
    return told


def _shown(rows: Sequence[Row], begin: Beginning, told: _Told, others: Mapping[Any, Beginning]) -> Decision:
    """Return the decision about some of the rows, with what they would be otherwise; no change is none."""
    few = told.rows[:_FEW_SHOWN]
    read = tuple(_fate(begin, place) for place in few)
    readings = {value: tuple(_fate(other, place) for place in few) for value, other in others.items()}
    return Decision(
        setting=f"data.{told.setting}",
        value=told.now,
        specimens=tuple(Specimen(line_of(rows[place]), fate) for place, fate in zip(few, read, strict=True)),
        others=tuple(OtherReading(value, fates) for value, fates in readings.items() if fates != read),
        doubtful=told.setting == "header",
    )


def _fate(begin: Beginning, place: int) -> str:
    """Return what becomes of a row."""
    if begin.above <= place < begin.above + begin.named:
        return NAMES
    return ROW if place >= begin.data else LEFT_OUT
