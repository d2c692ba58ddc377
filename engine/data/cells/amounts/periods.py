"""Amounts per hour, day, month or year: numbers of different times are no sizes of one thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message, joined
from engine.data.cells.values import counted
from engine.data.decisions import decided

_PERIODS = {
    "hour": "h hr hrs hour 小时 小時 时 時",
    "day": "d day 天 日",
    "night": "night 晚 夜",
    "week": "w wk week 周 週",
    "month": "mo mon month mth 月",
    "year": "y yr year annum 年",
}
_PERIOD_OF = {name: period for period, names in _PERIODS.items() for name in names.split()}
_PER = re.compile(
    r"\d.*?(?:[/\uff0f每]|\b(?:per|an?|each)\s)\s*"
    rf"(?P<name>{'|'.join(sorted(_PERIOD_OF, key=len, reverse=True))})(?![^\W\d_])",
    re.IGNORECASE,
)
_LONGEST = 64
_MONTHS = {"month": 1, "year": 12}
"""Months of the times of which one is turned into the other: how many hours somebody works nobody knows."""
_UNITS = {"month": "/month", "year": "/year"}
"""What amounts per such a time are counted in, as `engine.data.cells.units` turns one into the other."""


def in_one_period(
    name: str,
    words: Sequence[str],
    counts: NDArray[np.int64],
    values: NDArray[np.float64],
    *,
    turned: bool = True,
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return amounts per month beside amounts per year as those of the more frequent of both.

    With that said, and their unit.

    Of other times they stay what they are, and it is told how many there are of each and as what one is
    read; so do all unless they are to be `turned`. `values`: the words as they were read, NaN where one is
    missing.
    """
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        match = _PER.search(word) if len(word) <= _LONGEST else None
        if match:
            found.setdefault(_PERIOD_OF[match["name"].casefold()], []).append(place)
    if len(found) < 2:
        return values, [], _UNITS.get(next(iter(found), ""), "") if turned else ""
    often = sorted(found, key=lambda period: -int(counts[found[period]].sum()))
    if turned and {*found} == {*_MONTHS}:
        usual, other = often
        rarer = found[other]
        amounts = values.copy()
        amounts[rarer] *= _MONTHS[usual] / _MONTHS[other]
        said = Message(
            "{name}: amounts per month and per year are read as those of one {usual}: {word} is "
            "{value:,.10g}",
            name=name,
            usual=Message(usual),
            word=words[rarer[0]],
            value=amounts[rarer[0]],
        )
        # the usual one first, as both are shown
        cells = (words[found[usual][0]], words[rarer[0]])
        told = decided(said, "data.types", "category", column=name, cells=cells)
        return amounts, [told], _UNITS[usual]
    firsts = [words[found[period][0]] for period in often]
    said = Message(
        "{name}: amounts are per different times and are not turned into one: {shown}; write all per one "
        "time, or leave out the rows of the others",
        name=name,
        shown=joined("; ", *(_shown(words, counts, values, found[period]) for period in often)),
    )
    told = decided(said, "data.types", "category", "leave_out", column=name, cells=firsts, doubtful=True)
    return values, [told], ""


def _shown(
    words: Sequence[str], counts: NDArray[np.int64], values: NDArray[np.float64], places: Sequence[int]
) -> str:
    first, rows = places[0], counted(int(counts[list(places)].sum()), "row")
    if np.isnan(values[first]):
        return Message("{rows} as {word}, read as missing", rows=rows, word=words[first])
    return Message(
        "{rows} as {word}, read as {value:,.10g}", rows=rows, word=words[first], value=values[first]
    )
