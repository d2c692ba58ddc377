"""Moments: when each row of a course was, found in a table; their order and spacing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.refusal import refused
from engine.data.values import as_text, is_date, is_number, listed, numbers

TIMES = (
    "time", "t", "date", "datetime", "timestamp", "date_time", "ds", "year", "hour", "day", "month", "week",
    "step", "index", "row",
)  # fmt: skip
_PANEL = 0.2
"""From this share of rows on whose time another row has, the table holds several courses."""
_DAY = 86_400e6
"""Microseconds."""
_ALIKE = ((28, 31), (90, 92), (181, 184), (365, 366))
"""Days of months, quarters, half-years and years, whose lengths differ."""


@dataclass(frozen=True)
class Moments:
    """When each row was: `values` (rows,) microseconds since 1970 or numbers, ascending; `column` names it.

    `column` is "" where the table says no times; then the values count the rows.
    """

    values: NDArray[np.float64]
    dated: bool
    column: str

    def part(self, start: int, end: int) -> Moments:
        """Return the moments of some rows."""
        return Moments(self.values[start:end], self.dated, self.column)

    def texts(self) -> NDArray[np.str_]:
        """Return the moments as text, dates as short as they can be."""
        if not self.dated:
            return np.array([as_text(value) for value in self.values.tolist()], dtype=np.str_)
        stamps = self.values.astype(np.int64).astype("datetime64[us]")
        unit: Any = "s"
        if (self.values % 60e6 == 0).all():
            unit = "D" if (self.values % _DAY == 0).all() else "m"
        return np.char.replace(np.datetime_as_string(stamps, unit=unit), "T", " ").astype(np.str_)

    @property
    def step(self) -> float:
        """Return the usual distance between rows, in days where they are dated; 0 for fewer than two rows."""
        steps = np.diff(self.values)
        return float(np.median(steps)) / (_DAY if self.dated else 1.0) if len(steps) else 0.0

    @property
    def span(self) -> float:
        """Return the distance between the first and the last row, in days where they are dated."""
        return (
            float(self.values[-1] - self.values[0]) / (_DAY if self.dated else 1.0)
            if len(self.values)
            else 0.0
        )


def find_moments(frame: pd.DataFrame, chosen: str, notices: list[str]) -> tuple[Moments, pd.DataFrame]:
    """Return when each row was, and the rows in that order, each moment once; what was changed is told.

    Raises Invalid when the chosen column holds no times, or the table several courses.
    """
    name = chosen or _guess(frame)
    if name is None:
        notices.append("no column of times found: the rows are taken to be in order and evenly spaced")
        return Moments(np.arange(len(frame), dtype=np.float64) + 1, False, ""), frame
    values, dated = _values(frame[name], name)
    missing = np.isnan(values)
    if missing.any():
        notices.append(f"{int(missing.sum())} rows without a time left out")
        frame, values = frame[~missing], values[~missing]
    backwards = np.flatnonzero(np.diff(values) < 0)
    if len(backwards):
        notices.append(
            f"{len(backwards)} rows stood after later ones, the first row {backwards[0] + 2}; sorted by time"
        )
        order = np.argsort(values, kind="stable")
        frame, values = frame.iloc[order], values[order]
    frame, values = _each_once(frame, values, name, dated, notices)
    found = Moments(values, dated, name)
    notices += _uneven(found)
    return found, frame.reset_index(drop=True)


def _guess(frame: pd.DataFrame) -> str | None:
    """Return the first column of dates, or one called as times are that never goes back."""
    dates = [str(name) for name in frame.columns if is_date(frame[name])]
    if dates:
        return dates[0]
    for name in frame.columns:
        if str(name).casefold() in TIMES and is_number(frame[name]):
            values, _ = numbers(frame[name])
            if len(values) > 1 and (np.diff(values) > 0).all():
                return str(name)
    return None


def _values(column: pd.Series[Any], name: str) -> tuple[NDArray[np.float64], bool]:
    if is_date(column):
        stamps = column.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(np.float64)), True
    values, wrong = numbers(column)
    if wrong.any() or not is_number(column):
        word = as_text(column.iloc[int(np.argmax(wrong))])[:60]
        raise refused(
            "data.time", f"{name} holds {word!r}, which is neither a date (as 2024-12-31 18:00) nor a number"
        )
    return values, False


def _each_once(
    frame: pd.DataFrame, values: NDArray[np.float64], name: str, dated: bool, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    again = np.append(False, np.diff(values) == 0)
    if not again.any():
        return frame, values
    shown = listed(dict.fromkeys(Moments(values[again], dated, name).texts().tolist()), 3)
    if again.mean() >= _PANEL:
        raise refused(
            "data.time",
            f"{name} says the same time for many rows ({shown}): the table seems to hold several courses, "
            "one below the other; keep the rows of one of them, or choose another column of times",
        )
    notices.append(f"{int(again.sum())} rows have the time of another ({shown}); the first of each is kept")
    return frame[~again], values[~again]


def _uneven(moments: Moments) -> list[str]:
    """Return a sentence where rows are not evenly spaced."""
    steps = np.diff(moments.values)
    if len(steps) < 2:
        return []
    usual = float(np.median(steps))
    odd = np.abs(steps - usual) > 1e-6 * abs(usual)
    days = steps / _DAY
    alike = moments.dated and any(((low <= days) & (days <= high)).all() for low, high in _ALIKE)
    if alike or not odd.any():
        return []
    first = int(np.argmax(odd))
    times = moments.part(first, first + 2).texts()
    return [
        f"rows are not evenly spaced: {int(odd.sum())} of {len(steps)} steps differ from the usual "
        f"{_said(usual, moments.dated)}, the first from {times[0]} to {times[1]}; they are taken as they "
        "follow each other"
    ]


def _said(step: float, dated: bool) -> str:
    if not dated:
        return f"{step:g}"
    for size, word in ((_DAY, "day"), (3_600e6, "hour"), (60e6, "minute"), (1e6, "second")):
        if step >= size:
            return f"{step / size:g} {word}{'s' if step != size else ''}"
    return f"{step / 1e6:g} seconds"
