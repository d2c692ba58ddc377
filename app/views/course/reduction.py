"""Reduction: what of a series is drawn, at most two values a pixel column, and the range that holds it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.document.series import Series
from app.views.drawing import Numbers


def reduced(series: Series, left: float, right: float, width: int) -> tuple[Numbers, Numbers, Numbers | None]:
    """Return the steps and values of a series between two steps, at most two values a pixel column.

    Either every value (the last entry is None), or for each column the middle step, the least and the largest
    value in it. One value beyond each end is included, so that the line leaves the plot where it should.
    """
    if not len(series):
        return np.empty(0), np.empty(0), None
    start, end = stretch(series, left, right)
    if end - start <= 2 * width:
        values = series.values[start:end].astype(np.float64)
        steps = series.steps_at(np.arange(start, end, dtype=np.float64))
        # a gap is all that a line can show of infinity
        return steps, np.where(np.isfinite(values), values, np.nan), None
    edges = np.round(np.linspace(start, end, width + 1)).astype(np.int64)
    least, most = series.columns(edges)
    # an edge is the first value of the next column, so the last of this one is one before
    middle = series.steps_at((edges[:-1] + edges[1:] - 1) / 2)
    return middle, least.astype(np.float64), most.astype(np.float64)


def stretch(series: Series, left: float, right: float) -> tuple[int, int]:
    """Return the indices between which the values of two steps stand, one beyond each end included."""
    start = max(math.floor(max(series.index_of(left), -1)), 0)
    return start, max(min(math.ceil(min(series.index_of(right), len(series))) + 1, len(series)), start)


def smoothed_at(series: Series, reach: float, index: int) -> float:
    """Return what the smooth line says at a value."""
    at, line = series.smoothed(reach, index, index + 1, 1)
    known = np.isfinite(line)
    return float(np.interp(index, at[known], line[known])) if known.any() else math.nan


def latest(series: Series, count: int | None = None) -> float:
    """Return the newest value that is a number, or NaN; of so many first ones."""
    # all of a long run need not be looked through at every drawing
    tail = series.values[:count][-1000:]
    known = tail[np.isfinite(tail)]
    return float(known[-1]) if len(known) else math.nan


def y_range(arrays: Sequence[Numbers], log: bool = False) -> tuple[float, float]:
    """Return an axis range that holds every finite value (every positive one, for a log axis), with air."""
    values = np.concatenate([np.asarray(array, np.float64).ravel() for array in arrays] or [np.empty(0)])
    values = values[np.isfinite(values) & (values > 0 if log else True)]
    if not len(values):
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if log:
        # a constant has no height: what rounding leaves of it must not fill the plot
        air = (high / low) ** 0.06 if high > low * 1.0001 else 1.5
        return low / air, high * air
    air = 0.06 * (high - low) if high - low > 1e-9 * max(abs(low), abs(high)) else (abs(high) * 0.1 or 0.5)
    # where 0 is near, the axis begins there, so that heights can be compared
    floor = 0.0 if 0 <= low < 0.25 * high else low - air
    return floor, high + air
