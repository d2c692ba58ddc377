"""Signs that whole numbers name something: how their column is called, their order, and how they are used up.

Each stands for itself and none decides alone: `number_kind` weighs them.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

THINGS = (
    "unit|geo|object|case|subject|patient|person|people|peo|customer|client|user|member|order|item|product|"
    "store|shop|station|sensor|device|event|trip|place|school|provider|loan|claim|record|row|sale|listing|"
    "host|player|team|match|game|movie|book|song|track|album|article|post|review|job|emp|employee|staff|"
    "student|course|sample|plot|tree|animal|site|well|asset|ticket|invoice|account|acc|card|transaction|"
    "session|visitor|app|train|flight|house|contract|serial|ref|batch|lot|part|bill|voucher|phone|tel|roll|"
    "reg|term|oper|policy|seat"
)
"""What has a number of its own, as it stands before id and no without a blank: appid, cardno."""
_FUSED = re.compile(rf"(?i:({THINGS})s?(u?id|no)|[a-z]{{2,}}nr)")
"""Words that end so are many (paid, casino, minimum); so what stands before is one of those things. No word
ends in nr, which is German for number."""
_JOINED = re.compile(r"([a-z](No|Nr|U?ID|Id)|[\u2e80-\uffff](?i:id|no))$")
_PIECES = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")
_STEP = re.compile(
    r"\b(years?|months?|weeks?|days?|hours?|minutes?|seconds?|time|cycles?|epochs?|steps?|iterations?|ages?|"
    r"generations?|laps?|rounds?|periods?|quarters?|seasons?|depths?|distances?|positions?|levels?|doses?|"
    r"temperatures?|visits?|waves?|length|width|height|size|[xyzt])\b|[年月周日天时分秒轮期次岁]$",
    re.IGNORECASE,
)
"""What columns are called, words apart, whose numbers may go on with the rows and are sizes all the same."""
_SIZE_OF = re.compile(
    r"^(years?|months?|weeks?|days?|hours?|minutes?|number|num|no|count|total|times?|how many|distance|age|"
    r"rating|score|average|avg|mean|sum|max|min|percent|share|rate) \w",
    re.IGNORECASE,
)
"""How names of sizes begin, whatever they go on with: YearsAtCompany, number of rooms."""
_FEWEST, _MOSTLY, _LONG_RUN = 20, 0.95, 20
"""Rows from which on an order is no chance; share of the steps; rows of a run before it begins anew."""
_FEWEST_OF_DRAW, _LARGE = 50, 100_000
_KOLMOGOROV = 1.36
r"""Bound of $D\sqrt n$ that even numbers exceed once in twenty times (Kolmogorov)."""
_BY_CHANCE = 0.005
"""How rarely groups of one size come about by chance."""
_SAME_LENGTH, _MOST_CODES, _FAR_APART = 100, 15, 20


def is_joined_identifier(name: str) -> bool:
    """Return whether the name of a column is written together and ends as those of identifiers do."""
    return _FUSED.fullmatch(name) is not None or _JOINED.search(name) is not None


def is_size_of_thing(name: str) -> bool:
    """Return whether a column is called a size of something, as YearsAtCompany; that names no company."""
    return _SIZE_OF.search(_apart(name)) is not None


def goes_on_by_nature(name: str) -> bool:
    """Return whether a column is called as what goes on from row to row by its nature: years, positions."""
    return _STEP.search(_apart(name)) is not None


def counts_things(name: str, values: NDArray[np.float64]) -> bool:
    """Return whether numbers count on with the rows, some twice in a row, or from the first one anew.

    So are players of a list who stand in several rows, and samples that are counted for each species. What
    counts every row without a break is judged elsewhere, and what goes on by its nature is no name: years,
    cycles, positions.
    """
    if len(values) < _FEWEST or not np.isfinite(values).all() or goes_on_by_nature(name):
        return False
    steps = np.diff(values)
    on, still, anew = steps == 1, steps == 0, values[1:] == values[0]
    anew &= steps < 0
    breaks = int(still.sum() + anew.sum())
    runs = len(values) / (1 + int(anew.sum()))
    goes_on = bool((on | still | anew).mean() >= _MOSTLY and on.mean() >= 0.5)
    return goes_on and breaks > 0 and runs >= _LONG_RUN and values[0] in (0, 1)


def are_drawn_evenly(different: NDArray[np.float64]) -> bool:
    r"""Return whether different whole numbers are used up evenly from 0 to a large one, as random keys are.

    By the distance of Kolmogorov from even use, $D = \max_i |F_n(x_i) - x_i / x_n|$. Populations, prices and
    incomes have few large ones.
    """
    count = len(different)
    if count < _FEWEST_OF_DRAW or different[0] < 0 or different[-1] < max(_LARGE, 100 * count):
        return False
    # the largest of n numbers lies by one in n below the end of their range
    even = different / (different[-1] * (1 + 1 / count))
    above = np.arange(1, count + 1) / count - even
    return bool(max(above.max(), (1 / count - above).max()) * math.sqrt(count) < _KOLMOGOROV)


def are_equally_often(counts: NDArray[np.int64]) -> bool:
    r"""Return whether numbers are as often as each other, and far more so than by chance.

    Drawn evenly, $\sum (c_i - \bar c)^2 / \bar c$ is distributed as $\chi^2$ with $k - 1$ degrees; here it
    is far below, by the approximation of Wilson and Hilferty (1931, PNAS 17).
    """
    degrees = len(counts) - 1
    if degrees < 1:
        return False
    mean = float(counts.mean())
    found = float(((counts - mean) ** 2).sum() / mean)
    spread = 2 / (9 * degrees)
    score = ((found / degrees) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return 0.5 * math.erfc(-score / math.sqrt(2)) < _BY_CHANCE


def are_few_codes(different: NDArray[np.float64]) -> bool:
    """Return whether few whole numbers of one length stand beside each other and far apart: 100, 101, 305."""
    if not 3 <= len(different) <= _MOST_CODES or different[0] < _SAME_LENGTH:
        return False
    gaps = np.diff(different)
    one_length = len(str(int(different[0]))) == len(str(int(different[-1])))
    # amounts are rounded, and measures lie close together
    return one_length and bool(
        gaps.min() == 1 and different[-1] - different[0] >= _FAR_APART * len(different)
    )


def _apart(name: str) -> str:
    return " ".join(filter(None, _PIECES.split(name)))
