"""Gaps: what stands in for values that are missing in a series."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def content(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return columns of numbers (rows, columns), NaN where one is missing or not finite."""
    values = frame.to_numpy(np.float64)
    # an infinite number, as of a division by zero in a sheet, is no measurement
    return np.where(np.isfinite(values), values, np.nan)


def bridged(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values (length, channels) with every gap bridged by a straight line, ends held.

    A channel that is missing altogether stays so.
    """
    filled = values.copy()
    places = np.arange(len(values))
    for channel in range(values.shape[1]):
        there = ~np.isnan(values[:, channel])
        if there.any() and not there.all():
            filled[:, channel] = np.interp(places, places[there], values[there, channel])
    return filled


def held(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the values (rows, columns) with the last one known held over every gap, and the longest gap.

    Looking back alone, it lets nothing of the future in. Gaps at the start stay; they do not count.
    """
    rows = np.arange(len(values))[:, None]
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, rows), axis=0)
    gap = np.where(last >= 0, rows - last, 0)
    # before the first value `last` is -1; row 0 is missing there as well, so it stays NaN
    filled = np.take_along_axis(values, np.maximum(last, 0), axis=0)
    return filled, gap.max(axis=0, initial=0).astype(np.int64)
