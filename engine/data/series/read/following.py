"""What comes after the last row: the times of the rows that are forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOOKED_AT = 100
"""The last so many times show how far rows are apart."""
_MOST = 0.5
"""The step between rows is known where more than this share of the steps are the same."""

_DAY = 86_400
"""Seconds."""
_WEEKS = 3
"""After so many it is known on which days of the week there are no rows, as on exchanges."""


def following(times: Sequence[str], count: int) -> tuple[str, ...]:
    """Return the next `count` times of rows; "+1", "+2" and so on where no step is usual.

    Months, quarters and years count as equal. `times` are numbers or dates as `Moments.texts` writes them.

    >>> following(["2024-01-01", "2024-02-01", "2024-03-01"], 2)
    ('2024-04-01', '2024-05-01')
    """
    last = times[-_LOOKED_AT:]
    found = _numbered(last, count) or _dated(last, count)
    return found or tuple(f"+{step}" for step in range(1, count + 1))


def _numbered(times: Sequence[str], count: int) -> tuple[str, ...]:
    try:
        # rows without dates are numbered; a date is no whole number and goes on below
        numbers = np.array([int(time) for time in times])
    except ValueError:
        return ()
    step = _usual(np.diff(numbers))
    return tuple(str(numbers[-1] + step * ahead) for ahead in range(1, count + 1)) if step else ()


def _dated(times: Sequence[str], count: int) -> tuple[str, ...]:
    try:
        moments = np.array(list(times), "datetime64[s]")
    except ValueError:
        return ()
    months = moments.astype("datetime64[M]")
    within = moments - months.astype(moments.dtype)
    ahead = np.arange(1, count + 1)
    month, day = np.timedelta64(1, "M"), np.timedelta64(1, "D")
    by_time, by_month = (_usual(np.diff(kind).astype(np.int64)) for kind in (moments, months))
    # the same day and time in each month: counted in months, whose lengths differ
    if by_month and (within == within[0]).all():
        found = (months[-1] + by_month * ahead * month).astype(moments.dtype) + within[0]
    # the last days of months, as balances have them: the day after is the first of the next
    elif by_month and (moments + day == (months + month).astype(moments.dtype)).all():
        found = (months[-1] + (by_month * ahead + 1) * month).astype(moments.dtype) - day
    # days without weekends are mostly one day apart, too
    elif by_time == _DAY and len(moments) >= 7 * _WEEKS:
        found = _on_usual_days(moments, count)
    elif by_time:
        found = moments[-1] + by_time * ahead * np.timedelta64(1, "s")
    else:
        return ()
    # written as exactly as the last row: 2024-12-31 has 10 signs, with hour and minute 16
    unit: Any = {10: "D", 16: "m"}.get(len(times[-1]), "s")
    # steps of hours from a midnight do not all fall on a day
    if unit == "D" and (found != found.astype("datetime64[D]")).any():
        unit = "m"
    return tuple(str(text).replace("T", " ") for text in np.datetime_as_string(found, unit=unit))


def _on_usual_days(moments: NDArray[Any], count: int) -> NDArray[Any]:
    """Return the next moments, a day apart, on those days of the week on which there are rows."""
    # seven times as many: with one row a week, only every seventh day stays
    coming: NDArray[Any] = moments[-1] + np.arange(1, 7 * count + 1) * np.timedelta64(1, "D")
    return coming[np.isin(_weekday(coming), _weekday(moments))][:count]


def _weekday(moments: NDArray[Any]) -> NDArray[np.int64]:
    days: NDArray[np.int64] = moments.astype("datetime64[D]").astype(np.int64)
    return days % 7


def _usual(steps: NDArray[np.int64]) -> int:
    """Return the step that most of them are, 0 where none is: gaps and rows left out do not count."""
    if not len(steps):
        return 0
    kinds, counts = np.unique(steps, return_counts=True)
    usual = int(kinds[counts.argmax()])
    return usual if counts.max() > _MOST * len(steps) else 0
