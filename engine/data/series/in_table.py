"""Whether a table is a course over time, or holds a series in each row."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from engine.data.cells.values import is_date, is_number
from engine.data.series.read.elapsed import tells_elapsed
from engine.data.series.read.pieces import stretches_in
from engine.data.series.read.several import are_several
from engine.data.series.read.time_columns import When, find_when, names_elapsed, rises_evenly
from engine.data.tables.across import turned
from engine.data.tables.read.columns import is_text

_LOOKED_AT = 2_000
"""Rows; of several courses, more are needed to see that they go on."""
_FEWEST_MOMENTS = 50
_MOST_COURSES = 40
_MOST_BESIDE, _FEWEST_PLACES = 2, 30
"""Columns of words beside those of a series in each row, and the fewest of the series."""
_HOUR = 3_600e6
"""Microseconds."""
_SMOOTH = 0.5
"""Step from one value to the next, in standard deviations of the row; without any order it is 1.13."""
_NEARLY = 0.98


def is_course(frame: pd.DataFrame, targets: Collection[str]) -> bool:
    """Return whether rows are in the order of time; where `targets` are words alone, they are no course."""
    # what somebody does while a sensor writes on is told by the rows, and not forecast
    if stretches_in(frame, targets) is not None:
        return False
    # a classification of rows that happen to be in order of time stays a table
    chosen = [name for name in targets if name in frame.columns] or list(frame.columns)
    measured = any(is_number(frame[name]) for name in chosen)
    whole, frame = frame, frame.head(_LOOKED_AT)
    # a single column is all that there is to learn: what comes next in it
    if measured and len(frame.columns) == 1 and len(frame) >= _FEWEST_MOMENTS:
        return True
    if measured and (any(_is_clock(frame[name]) for name in frame.columns) or _follows_time(frame)):
        return True
    return measured and (turned(frame, [*targets]) is not None or are_several(whole))


def _follows_time(frame: pd.DataFrame) -> bool:
    """Return whether rows follow each other in time, perhaps those of several sensors in turn."""
    if len(frame) < _FEWEST_MOMENTS:
        return False
    found = find_when(frame, ())
    # a column with gaps is rather a date that only some rows have, as of a cancellation
    if found is None or np.isnan(found.values).any():
        return False
    if not found.dated:
        # elapsed times, which are in order; a column called t or time alone may be one of what was measured,
        # unless it rises evenly
        return all(
            is_text(frame[name])
            or names_elapsed(str(name))
            or (tells_elapsed(str(name)) and rises_evenly(found.values))
            for name in found.columns
        )
    # a file written in any order still has one moment per row, evenly spaced
    gaps = np.diff(np.sort(found.values))
    if (gaps > 0).mean() >= _NEARLY and (gaps == np.median(gaps)).mean() >= _NEARLY:
        return True  # in whatever order the file has the moments
    steps = np.diff(found.values)
    # exports of exchanges and of sensors often have the newest row first
    steps = steps if (steps >= 0).sum() >= (steps <= 0).sum() else -steps
    onward = steps.min() >= -_HOUR and (steps > 0).any()  # clocks are set back by an hour
    # sensors written in turn: every moment occurs as often as there are sensors
    times = np.unique(found.values, return_counts=True)[1]
    several = times.min() == times.max() > 1 and len(times) >= _FEWEST_MOMENTS
    apart = several and any(is_text(frame[name]) for name in frame.columns if name not in found.columns)
    return bool(onward and ((steps > 0).mean() >= _NEARLY or apart)) or _one_below_another(frame, found)


def _one_below_another(frame: pd.DataFrame, found: When) -> bool:
    """Return whether a column of words, as of stations, tells courses apart that stand below each other."""
    for name in frame.columns:
        if name in found.columns or not is_text(frame[name]):
            continue
        codes, words = pd.factorize(frame[name])
        # one more than may be is enough to see that there are too many
        pieces = [found.values[codes == code] for code in range(min(len(words), _MOST_COURSES + 1))]
        # the last station may have just begun to write: its length does not count
        if 2 <= len(pieces) <= _MOST_COURSES and all(
            len(piece) >= _FEWEST_MOMENTS and (np.diff(piece) > 0).all() for piece in pieces[:-1]
        ):
            return bool((np.diff(pieces[-1]) > 0).all())
    return False


def holds_series(frame: pd.DataFrame) -> bool:
    """Return whether each row is a series: many columns of numbers, each near the one beside it."""
    values = frame[[name for name in frame.columns if is_number(frame[name])]].to_numpy(np.float64)
    if len(frame.columns) - values.shape[1] > _MOST_BESIDE or values.shape[1] < _FEWEST_PLACES:
        return False
    values = values[:, 1:-1]  # the label stands at an end
    size = math.isqrt(values.shape[1] + 2)  # both ends are pixels where there is no label
    if size * size in range(values.shape[1], values.shape[1] + 3) and (values == np.round(values)).all():
        return False  # a square picture of few levels in each row
    spread = np.nanstd(values, axis=1)
    near = np.nanmean(np.abs(np.diff(values, axis=1)), axis=1)
    known = spread > 0
    return bool(known.any()) and float(np.median(near[known] / spread[known])) < _SMOOTH


def _is_clock(column: pd.Series[Any]) -> bool:
    """Return whether a column holds dates, each later than the one before, or each earlier."""
    enough = len(column) >= _FEWEST_MOMENTS and is_date(column) and not column.isna().any()
    ordered = enough and (column.is_monotonic_increasing or column.is_monotonic_decreasing)
    return bool(ordered) and bool(column.is_unique)
