"""What comes after the last row: the times of the rows that are forecast."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        moments = np.array(list(times), "datetime64[s]")
    except ValueError:
        return ()
    months = moments.astype("datetime64[M]")
    within = moments - months.astype(moments.dtype)
    ahead = np.arange(1, count + 1)
    if _even(np.diff(moments)):
        found = moments[-1] + (moments[-1] - moments[-2]) * ahead
    elif _even(np.diff(months)) and (within == within[0]).all():
        found = (months[-1] + (months[-1] - months[-2]) * ahead).astype(moments.dtype) + within[0]
    else:
        return ()
    unit: Any = {10: "D", 16: "m"}.get(len(times[-1]), "s")
    return tuple(str(text).replace("T", " ") for text in np.datetime_as_string(found, unit=unit))


def _even(steps: NDArray[np.timedelta64]) -> bool:
    return len(steps) > 0 and bool((steps == steps[0]).all())
