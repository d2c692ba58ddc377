"""Rival readings: whatever else the cells of a column can be, in one list, each tried and scored alike.

A reading is a type that a person may choose for the column, tried by `recognise` as it then would read: so
what is offered can be chosen, and reads what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.column_types import MEASURES, NUMERIC, ColumnType
from engine.data.cells.distinct_words import LONGEST_VALUE
from engine.data.cells.moments.days_without_year import is_pair_of_digits
from engine.data.cells.moments.number_dates import YEARS_COUNTED
from engine.data.cells.names_of_things import are_lettered_numbers, are_names_of_things
from engine.data.cells.number_or_word import (
    are_streets,
    begins_with_number,
    has_one_form,
    has_one_unit,
)
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.values import MISSING, RARELY_MISSING, as_text, is_date, is_number
from engine.data.decisions import GONE, LEFT_OUT, TYPES, decided, shortened

_LOOSE: ColumnType = "first_number"
"""The reading that takes whatever stands behind a number, and so comes last."""
READINGS: tuple[ColumnType, ...] = (*(kind for kind in MEASURES if kind != _LOOSE), "date", _LOOSE)
"""What the cells of a column of words may be, those first that read most of what is written in a cell."""
_SAID: Mapping[ColumnType, str] = {
    "number": "numbers",
    "measure": "numbers of several units",
    "share": "parts of a whole",
    "duration": "durations",
    "range": "ranges",
    "first_number": "numbers with something behind them",
    "date": "dates",
}
_OF_PAIRS = frozenset({"date", "range"})
_TWO_NUMBERS = re.compile(r"(\d+(?:\.\d+)?)\s?[-–~/]\s?(\d+(?:\.\d+)?)")
_ALIKE = 10
"""How many times as large as its lower end the upper end of a range is at most, mostly."""
_SEVERAL = 3
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"\d{4}(?=-)")
_YEARS, _LIVES = (1800, 2100), 120
"""Years of which days are meant, and how far apart most of them are."""
_COUNTED = re.compile(r"\d{9,}(?:\.0)?")
_LOOKED_AT, _LONGEST = 200, 60
"""Different cells that another reading is tried with, and letters of one that are looked at for digits."""
LARGE, HALF, _NEARLY_ALL = 1 / 3, 0.5, 0.9
"""Shares of the cells: from the first on it is told that they may be something else than words; what is
offered reads the second, where a reading does; where the last begin with a number, all may be meant so."""


@dataclass(frozen=True)
class Rival:
    """A reading with what it makes of each cell, and the share of the cells that it reads."""

    kind: ColumnType
    read: Mapping[str, str]
    share: float

    @property
    def odd(self) -> tuple[str, ...]:
        """Return the cells that would be missing."""
        return tuple(word for word, read in self.read.items() if read == GONE)


def rivals(name: str, words: Sequence[str], counts: NDArray[np.int64], style: CellStyle) -> list[Rival]:
    """Return the readings of different cells that read half of them or a third of the rows, the best first.

    Two that read all cells alike are one. Where shares are equal, the one that comes first in the list.
    """
    found: dict[tuple[str, ...], Rival] = {}
    weights = dict(zip(words, counts.tolist(), strict=True))
    # days may look like versions, but no size does like an address
    named = are_names_of_things(words) or are_lettered_numbers(words)
    ways = [kind for kind in READINGS if kind == "date"] if named else READINGS
    for kind in ways:
        read = dict(zip(words, read_so(name, words, replace(style, kind=kind)), strict=True))
        good = [word for word in words if is_read(kind, read[word])]
        share = sum(weights[word] for word in good) / max(sum(weights.values()), 1)
        if _is_nonsense(kind, read):
            continue
        if tells_apart(read, good) and max(share, len(good) / len(words)) >= LARGE:
            found.setdefault(tuple(read.values()), Rival(kind, read, share))
    # sorted is stable
    return sorted(found.values(), key=lambda one: (one.kind == _LOOSE, -one.share))


def readings_of(column: pd.Series[Any]) -> list[ColumnType]:
    """Return the types by which a column of words would be something else, the one that reads most first."""
    words, counts = sampled(column)
    found = rivals(str(column.name), words, counts, CellStyle()) if words else []
    # of houses the number says nothing; what else begins with one may be meant so, whatever its form
    begun = sum(map(begins_with_number, words))
    loose = begun >= _NEARLY_ALL * len(words) and not any(are_streets(words))
    return [
        one.kind
        for one in found
        if _shows_form(one, words, counts) >= LARGE or (one.kind == _LOOSE and loose)
    ]


def tells_apart(way: Mapping[str, str], good: Sequence[str]) -> bool:
    """Return whether cells that are read differ as they are read: <=50K and >50K are both 50000."""
    return len(good) == 1 or len({way[word] for word in good}) > 1


def _are_pairs(way: Mapping[str, str]) -> bool:
    """Return whether cells are pairs of numbers rather than days without a year, or ranges.

    Beside 2-1 stands 0-0 in results, and 6-11 beside 7-0 in heights of feet and inches.
    """
    return any(read == GONE and is_pair_of_digits(word) for word, read in way.items())


def _is_nonsense(kind: object, way: Mapping[str, str]) -> bool:
    """Return whether cells have the form of a reading, and their numbers say that it is not meant."""
    if kind in _OF_PAIRS and _are_pairs(way):
        return True
    pairs = [(float(match[1]), float(match[2])) for word in way if (match := _TWO_NUMBERS.fullmatch(word))]
    if not pairs:
        return False
    if kind == "range":
        # room 5-102 is in no range from 5 to 102
        far = [high > _ALIKE * max(low, 1) for low, high in pairs]
        down = [low > high for low, high in pairs]
        return 2 * sum(far) > len(pairs) or sum(down) > (1 - _NEARLY_ALL) * len(pairs)
    # 100/300, 250/500 and 500/1000 are limits of two things: of marks, several are out of as many
    wholes = {whole for _, whole in pairs}
    return kind == "share" and _SEVERAL <= len({*pairs}) == len(wholes)


def is_read(kind: object, read: str) -> bool:
    """Return whether a cell was read: a share of more than the whole, as 120/80, is none."""
    if read in (GONE, LEFT_OUT) or read.startswith('"'):
        return False
    return kind != "share" or 0 <= float(read) <= 1


def sampled(column: pd.Series[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Return different words from all over a column that are not missing, and how often each stands there."""
    counted = column.dropna().value_counts(sort=False)
    step = max(len(counted) // _LOOKED_AT, 1)
    often: dict[str, int] = {}
    for cell, count in counted.iloc[::step].items():
        word = as_text(cell).strip()
        if len(word) <= LONGEST_VALUE and word.casefold() not in MISSING | RARELY_MISSING:
            often[word] = often.get(word, 0) + int(count)
    return list(often), np.array(list(often.values()), np.int64)


def told_of_words(name: str, column: pd.Series[Any], style: CellStyle) -> list[str]:
    """Return that words could be read otherwise where a large share of them can; nothing elsewhere."""
    first = [as_text(word) for word in column.dropna().head(_LOOKED_AT).unique()]
    # columns of plain words, the most frequent ones, end here before any pattern is tried
    if 3 * sum(any(map(str.isdigit, word[:_LONGEST])) for word in first) < max(len(first), 1):
        return []
    words, counts = sampled(column)
    if not words:
        return []
    found = rivals(name, words, counts, style)
    if not any(_shows_form(rival, words, counts) >= LARGE for rival in found):
        return []
    # as they are offered: those that read most cells, where there are such
    best = next((one for one in found if one.share >= HALF), found[0])
    # of 45+ and 18-24 the second shows that they are ranges
    good = max(
        (word for word in words if is_read(best.kind, best.read[word])),
        key=lambda word: len(_DIGITS.findall(word)),
    )
    said = Message(
        "{name}: cells as {first!r} may be {what}, but all are kept as words, and cells as {odd!r} would be "
        "missing then"
        if best.odd
        else "{name}: cells as {first!r} may be {what}, but are kept as words",
        name=name,
        first=shortened(good),
        what=Message(_SAID[best.kind]),
        odd=shortened(best.odd[0]) if best.odd else "",
    )
    kinds = [one.kind for one in found]
    return [decided(said, TYPES, *kinds, column=name, cells=(good, *best.odd[:2]))]


def _shows_form(rival: Rival, words: Sequence[str], counts: NDArray[np.int64]) -> float:
    """Return the share of the cells that show a form of the reading by themselves.

    Digits somewhere in a word are no sign of a number: E97 and INV-2000 name something.
    """
    loose, unit = rival.kind == _LOOSE, has_one_unit(words)
    if loose and not (unit or has_one_form(words)):
        return 0.0
    sure = [
        is_read(rival.kind, rival.read[word]) and (rival.kind == "date" or unit or begins_with_number(word))
        for word in words
    ]
    return float(counts[np.array(sure, np.bool_)].sum() / counts.sum())


def are_days(way: Mapping[str, str]) -> bool:
    """Return whether what cells are read as are days of lives, and no numbers of things."""
    years: list[int] = []
    good = 0
    for word, read in way.items():
        found = _YEAR.match(read)
        if found:
            years.append(int(found[0]))
            # 20240305 begins with its year; other long numbers count from 1970 on
            counted = _COUNTED.fullmatch(word) is not None and not word.startswith(found[0])
            least, most = YEARS_COUNTED if counted else _YEARS
            good += least <= years[-1] <= most
    if not years:
        return False
    low, high = np.quantile(years, [0.1, 0.9])
    return good >= _NEARLY_ALL * len(years) and high - low <= _LIVES


def offered(
    setting: str, value: object, way: Mapping[str, str], often: Mapping[str, int], least: float
) -> bool:
    """Return whether cells can be read so: as numbers or dates a share at least, by other marks all of them.

    `often` says in how many rows each stands.
    """
    words = sum(read.startswith('"') for read in way.values())
    if setting == TYPES and value in (*NUMERIC, "date"):
        good = [word for word, read in way.items() if is_read(value, read)]
        if _is_nonsense(value, way) or not tells_apart(way, good) or (value == "date" and not are_days(way)):
            return False
        share = sum(often.get(word, 1) for word in good) / max(sum(often.get(word, 1) for word in way), 1)
        # whoever takes such an offer means the column, and would lose most of it where few cells are read
        return max(share, len(good) / max(len(way), 1)) >= (HALF if value == _LOOSE else least)
    return setting in (TYPES, "data.missing") or not words


def read_so(name: str, words: Sequence[str], style: CellStyle) -> list[str]:
    """Return cells as they would be read with a style."""
    if style.kind == "leave_out":
        return [LEFT_OUT] * len(words)
    return read_cells(recognise(name, pd.Series(words, dtype=object, name=name), style).column)


def read_cells(column: pd.Series[Any]) -> list[str]:
    """Return cells as they were read: numbers and dates plainly, words in quotation marks."""
    plain = is_number(column) or is_date(column)
    return [
        GONE if missing else as_text(value) if plain else f'"{shortened(as_text(value))}"'
        for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]
