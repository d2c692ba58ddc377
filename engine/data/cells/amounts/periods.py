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


def told_of_periods(
    name: str, words: Sequence[str], counts: NDArray[np.int64], values: NDArray[np.float64]
) -> list[str]:
    """Return that amounts stand per different times, with how many of each and as what one is read.

    `values`: the words as they were read, NaN where one is missing.
    """
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        match = _PER.search(word) if len(word) <= _LONGEST else None
        if match:
            found.setdefault(_PERIOD_OF[match["name"].casefold()], []).append(place)
    if len(found) < 2:
        return []
    often = sorted(found, key=lambda period: -int(counts[found[period]].sum()))
    firsts = [words[found[period][0]] for period in often]
    said = Message(
        "{name}: amounts are per different times and are not turned into one: {shown}; write all per one "
        "time, or leave out the rows of the others",
        name=name,
        shown=joined("; ", *(_shown(words, counts, values, found[period]) for period in often)),
    )
    return [decided(said, "data.types", "category", "leave_out", column=name, cells=firsts, doubtful=True)]


def _shown(
    words: Sequence[str], counts: NDArray[np.int64], values: NDArray[np.float64], places: Sequence[int]
) -> str:
    first, rows = places[0], counted(int(counts[list(places)].sum()), "row")
    if np.isnan(values[first]):
        return Message("{rows} as {word}, read as missing", rows=rows, word=words[first])
    return Message(
        "{rows} as {word}, read as {value:,.10g}", rows=rows, word=words[first], value=values[first]
    )
