"""Beginning: which rows of a table hold titles and notes, the names of the columns, their units, the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import eq
from typing import Any, NamedTuple

from engine.choices import Message
from engine.data.cells.dates import looks_like_date
from engine.data.cells.numerals import looks_like_number, looks_like_unit
from engine.data.cells.values import MISSING, counted, listed
from engine.data.decisions import LEFT_OUT, NAMES, ROW, Decided, Decision, OtherReading, Specimen, line_of
from engine.data.tables.read.format import TableFormat

Row = Sequence[str]

_MOST_ABOVE = 60
"""Rows within which the names are looked for."""
_MOST_FACTS, _TIMES_LONGER = 3, 5
"""Rows of a small table above another, which is so many times as long at least."""
_MOST_BELOW = 3
"""Rows between the names and the data."""
_MOST_AGAIN = 2
"""Rows that repeat the names; more are rows of data that are often the same."""
_SPARSE = 0.6
"""A row of words with at most this share of the cells of the others is a title, not names."""
_MOSTLY = 0.8
_COMMENT = ("#", "%", "//")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FEWEST_STEPS = 5
"""Numbers that stand evenly apart by chance are fewer."""
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
    named = _named(rows, above, how, decimal, known=expected is not None, single=above in apart)
    if named == 1 and how.header == "auto" and above > 0 and above - 1 not in apart:
        grouped = how.skip_above == "auto" and _is_group(rows, above - 1, width)
        if grouped or (expected and _is_joined(rows[above - 1 : above + 29], how, decimal)):
            above, named = above - 1, 2
    first = min(above + named, len(rows))
    if how.skip_below == "auto":
        data = _below_names(rows, first, decimal, several=named > 1) if named else first
    else:
        last = numbers[first - 1] if first else 0
        after = (place for place in range(first, len(rows)) if numbers[place] > last + how.skip_below)
        data = next(after, len(rows))
    return Beginning(above, named, data, _names(rows[above:first]))


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
    found = [len(how.names & set(row)) for row in rows[:_MOST_ABOVE]]
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
    if small := _small_table(rows, apart, decimal):
        return small
    # the groups of few columns would be taken for a title
    if len(rows) > 1 and _corner(rows[0], rows[1]) > 1 and _in_two_rows(rows[:30], decimal):
        return 0
    # the middle one: neither the short rows above nor a long one at the end change it
    full = sorted(_filled(row) for row in rows)[len(rows) // 2]
    for place, row in enumerate(rows[:_MOST_ABOVE]):
        rest = rows[place + 1 :]
        if not rest or not (
            is_ruler(row)
            or (place == 0 and counts_table(row, _usual_width(rest)))
            or (place == 0 and _outruns(row, rest, decimal))
            or _is_comment(row, rest, decimal)
            or _is_title(row, width, decimal)
            or (place in apart and _filled(row) < width and has_header(rest, decimal))
            or _is_fact(row, rows[place:], full, decimal)
        ):
            return place if any(_filled(later) > 1 for later in rest) or not rest else 0
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
    named = all(cell and not _is_value(cell, decimal) for cell in (*names, *below[: _filled_to(below)]))
    kinds = [_is_value(cell, decimal) for cell in values]
    # a blank row may as well stand between the first record and the others
    alike = kinds == [_all_values(rest[1:], place, decimal, _MOSTLY) for place in range(len(values))]
    other = any(kinds) and not alike and not set(names) & set(below)
    return few if named and other and has_header(rest, decimal) else 0


def counts_table(row: Row, width: int) -> bool:
    """Return whether a row says how many rows and inputs follow, and how the classes are called.

    The tables of scikit-learn and TensorFlow begin so: 120,4,setosa,versicolor,virginica.
    """
    filled = row[: _filled_to(row)]
    counted_so = len(filled) > 3 and all(cell.isdecimal() for cell in filled[:2])
    classes = filled[2:]
    named = len(set(classes)) == len(classes) and not any(_is_value(cell, ".") for cell in classes)
    return counted_so and int(filled[1]) == width - 1 and named and all(classes)


def _is_fact(row: Row, rows: Sequence[Row], full: int, decimal: str) -> bool:
    """Return whether a row says a name and a value, as in Date, 2024-03-01, above names that follow."""
    if not row[0] or _is_value(row[0], decimal) or _filled(row) > full / 2:
        return False
    begin = next((place for place, later in enumerate(rows[:_MOST_ABOVE]) if _filled(later) >= full), None)
    return begin is not None and begin > 0 and has_header(rows[begin:], decimal)


def _outruns(row: Row, rest: Sequence[Row], decimal: str) -> bool:
    """Return whether a row with a number has more cells than the names below it: facts of a data logger.

    Those of Campbell write so its model, serial number and program.
    """
    width = _usual_width(rest)
    if _filled(row) <= width or not any(_is_value(cell, decimal) for cell in row):
        return False
    named = _filled(rest[0]) == width and not any(_is_value(cell, decimal) for cell in rest[0])
    return named and max(map(_filled, rest)) == width and has_header(rest, decimal)


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
    if width < 2 or any(_is_value(cell, decimal) for cell in filled):
        return False
    return len(filled) <= _SPARSE * width and bool(row[0] or len(filled) < width - 1)


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _is_group(rows: Sequence[Row], place: int, width: int) -> bool:
    """Return whether a row above the names groups them: several words, the first cell free."""
    return place >= 0 and width > 2 and not rows[place][0] and _filled(rows[place]) >= 2


# ---------------------------------------------------------------------------------------------- names


def _named(
    rows: Sequence[Row], above: int, how: TableFormat, decimal: str, *, known: bool, single: bool
) -> int:
    """Return how many rows hold names; a `single` row has a blank one below it, and so is the only one."""
    if how.header != "auto":
        return {"no": 0, "yes": 1, "two": 2}[how.header]
    if not single and _in_two_rows(rows[above : above + 30], decimal):
        return 2
    return int(known or has_header(rows[above:], decimal))


def _in_two_rows(rows: Sequence[Row], decimal: str) -> bool:
    """Return whether the first row groups columns that the second names: it repeats or leaves free, the
    second is of words above numbers, and both together name each column once.
    """
    if len(rows) < 3:
        return False
    first, second = rows[0], rows[1]
    # pandas leaves free what stands above the rows' own names, which it writes a row below
    free = _corner(first, second)
    if (
        (len(set(first)) == len(first) and all(first))
        or _filled(second) + free < len(first)
        or len(second) != len(first)
    ):
        return False
    # most, because a row of units may stand below the names
    values = [place for place in range(len(second)) if _all_values(rows[2:], place, decimal, _MOSTLY)]
    above_values = bool(values) and not any(_is_value(second[place], decimal) for place in values)
    return above_values and len(set(_names([first[free:], second[free:]]))) == len(first) - free


def _corner(first: Row, second: Row) -> int:
    """Return how many columns both rows leave free before the first that either names."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, pair in pairs if any(pair)), 0)


def _is_joined(rows: Sequence[Row], how: TableFormat, decimal: str) -> bool:
    """Return whether names that other settings know stand in the second of two rows of names.

    A row above that would give one of them another name holds a title.
    """
    return _in_two_rows(rows, decimal) and how.names & set(rows[1]) <= set(_names(rows[:2]))


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the names; a group stands before those that follow it, up to the next group."""
    if not rows:
        return ()
    if len(rows) == 1:
        first = rows[0][0]
        # numpy.savetxt writes the names behind "# "
        bare = first.lstrip("#%/").lstrip() if re.match(r"(#|%|//)\s", first) else first
        return (bare, *rows[0][1:])
    group, names = "", []
    for place, name in enumerate(rows[1]):
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
        if all(_is_value(cell, decimal) or looks_like_number(cell) for cell in below):
            votes += _vote(name, below, decimal)
        elif name and name in below:
            votes -= 1
    if votes:
        return votes > 0
    return len(set(first)) == len(first) and all(
        _is_year(cell) or looks_like_date(cell) or not _is_value(cell, decimal) for cell in first
    )


def _without_names_again(rows: Sequence[Row], decimal: str) -> Sequence[Row]:
    """Return the rows below the first without the few that repeat it above numbers, as second tables do."""
    first, below = rows[0], rows[1:]
    others = [row for row in below if 2 * sum(map(eq, row, first)) <= len(first)]
    few = 0 < len(below) - len(others) <= _MOST_AGAIN
    named = few and any(
        not _is_value(name, decimal) and _all_values(others, place, decimal, _MOSTLY)
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
    return len(values) >= _FEWEST_STEPS and len(values) >= _MOSTLY * len(row) and steps[0] != 0 and alike


def _vote(name: str, below: Row, decimal: str) -> int:
    for kind in (_is_year, looks_like_date):  # they stand above the columns of many tables
        if kind(name) and not all(kind(cell) for cell in below):
            return 0
    alike = looks_like_number(name) and not _is_value(below[0], decimal)  # 12 % above 13 %
    return -1 if alike or _is_value(name, decimal) or name.casefold() in MISSING - {""} else 1


def _is_year(cell: str) -> bool:
    """Return whether a cell may be a year, which stands above the columns of many tables."""
    return len(cell) == 4 and cell.isdecimal() and 1800 <= int(cell) <= 2100


def _is_value(cell: str, decimal: str) -> bool:
    number = cell.replace(".", "").replace(",", ".") if decimal == "," else cell.replace(",", "")
    try:
        float(number.replace(" ", "").replace("'", ""))
    except ValueError:
        return looks_like_date(cell)
    return True


# ---------------------------------------------------------------------------------------------- below


def _all_values(rows: Sequence[Row], place: int, decimal: str, share: float = 1.0) -> bool:
    cells = [row[place] for row in rows if place < len(row) and row[place].casefold() not in MISSING]
    return bool(cells) and sum(_is_value(cell, decimal) for cell in cells) >= share * len(cells)


_IMPORTED = '{"ImportId"'
_ORANGE = (
    {*"cdst", "continuous", "discrete", "string", "time"},
    {*"imw", "class", "ignore", "meta", "weight", ""},
)
"""What stands in the two rows that Orange writes below the names: types of columns, and what they are for."""


def _below_names(rows: Sequence[Row], first: int, decimal: str, *, several: bool) -> int:
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
    row, below = rows[place], rows[place + 1 : place + 1 + _MOST_ABOVE]
    counts = {cell for cell in row[1:] if cell}
    filled = len(below) > 1 and all(later[0] for later in below if later)
    return not row[0] and len(counts) == 1 and all(map(str.isdecimal, counts)) and filled


def _is_units(rows: Sequence[Row], place: int, decimal: str, fewest: int) -> bool:
    """Return whether a row below the names says what the numbers below it are, or are measured in.

    Words that are no units have to stand above so many columns of numbers.
    """
    below = rows[place + 1 : place + 1 + _MOST_ABOVE]
    if len(below) < 2:
        return False
    row = rows[place]
    cells = {index: cell for index, cell in enumerate(row) if _all_values(below, index, decimal, _MOSTLY)}
    words = [cell for cell in cells.values() if cell]
    if not words or any(
        # - is what a row of units has where a column has none
        _is_value(cell, decimal) or looks_like_number(cell) or cell.casefold() in MISSING - {"", "-", "--"}
        for cell in words
    ):
        return False
    others = [(index, cell) for index, cell in enumerate(row) if index not in cells and cell]
    if any(cell == later[index] for index, cell in others for later in below if index < len(later)):
        return False
    units = sum(looks_like_unit(cell) for cell in words)
    return units > len(words) / 2 or len(words) >= fewest


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
