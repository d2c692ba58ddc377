"""What comes after the last row: the times of the rows that are forecast."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

_LOOKED_AT = 100
"""The last so many times show how far rows are apart."""


def following(times: Sequence[str], count: int) -> tuple[str, ...]:
    """Return the next `count` times of rows; "+1", "+2" and so on where they are not evenly apart.

    Months, quarters and years count as equal. `times` are numbers or dates as `Moments.texts` writes them.

    >>> following(["2024-01-01", "2024-02-01", "2024-03-01"], 2)
    ('2024-04-01', '2024-05-01')
    """
    last = times[-_LOOKED_AT:]
    found = _numbered(last, count) or _dated(last, count)
    return found or tuple(f"+{step}" for step in range(1, count + 1))


def _numbered(times: Sequence[str], count: int) -> tuple[str, ...]:
    try:
        numbers = [int(time) for time in times]
    except ValueError:
        return ()
    steps = {later - one for one, later in pairwise(numbers)}
    if len(steps) != 1:
        return ()
    (step,) = steps
    return tuple(str(numbers[-1] + step * ahead) for ahead in range(1, count + 1))


def _dated(times: Sequence[str], count: int) -> tuple[str, ...]:
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(list(times), format="ISO8601"))
        often = pd.infer_freq(moments)
    except (ValueError, pd.errors.OutOfBoundsDatetime):  # fewer than three, or no dates
        return ()
    if often is None:
        return ()
    ahead = pd.date_range(moments[-1], periods=count + 1, freq=often)[1:]
    form = {10: "%Y-%m-%d", 16: "%Y-%m-%d %H:%M"}.get(len(times[-1]), "%Y-%m-%d %H:%M:%S")
    return tuple(ahead.strftime(form))
