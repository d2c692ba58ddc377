"""Moments: when each row of a course was, found in a table; their order and spacing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import as_text, counted, listed
from engine.data.refusal import refused
from engine.data.series.read.clock_changes import without_clock_changes
from engine.data.series.read.several import PANEL
from engine.data.series.read.time_columns import When, find_when

_FEW = 0.05
"""Share of steps that may go on in time in a table whose newest row stands first."""
_DAY = 86_400e6
"""Microseconds."""
_ALIKE = ((28, 31), (90, 92), (181, 184), (365, 366))
"""Days of months, quarters, half-years and years, whose lengths differ."""


@dataclass(frozen=True)
class Moments:
    """When each row was: `values` (rows,) microseconds since 1970 or numbers, ascending.

    `columns` are those that say so; none where the table says no times: then the values count the rows.
    """

    values: NDArray[np.float64]
    dated: bool
    columns: tuple[str, ...]

    def part(self, start: int, end: int) -> Moments:
        """Return the moments of some rows."""
        return Moments(self.values[start:end], self.dated, self.columns)

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
        # the median, as a few long gaps would spoil the mean
        return float(np.median(steps)) / (_DAY if self.dated else 1.0) if len(steps) else 0.0

    @property
    def span(self) -> float:
        """Return the distance between the first and the last row, in days where they are dated."""
        return (
            float(self.values[-1] - self.values[0]) / (_DAY if self.dated else 1.0)
            if len(self.values)
            else 0.0
        )


def find_moments(
    frame: pd.DataFrame, chosen: Sequence[str], order: str, notices: list[str], *, timeless: bool = False
) -> tuple[Moments, pd.DataFrame]:
    """Return when each row was, and the rows in that order, each moment once; what was changed is told.

    The rows keep their index, by which the file counts them. Of what is `timeless` no column is asked.

    Raises Invalid when the chosen columns hold no times, or the table several courses.
    """
    when = None if timeless else find_when(frame, chosen, order)
    if when is None:
        notices.append("no column of times found: the rows are taken to be in order and evenly spaced")
        return Moments(np.arange(len(frame), dtype=np.float64) + 1, False, ()), frame
    notices += when.notices
    missing = np.isnan(when.values)
    if missing.all():
        raise refused(
            "data.time",
            Message("{listed}: no row has a time: choose another column", listed=listed(when.columns)),
        )
    if missing.any():
        notices.append(
            Message("{counted} without a time left out", counted=counted(int(missing.sum()), "row"))
        )
        frame, when = frame[~missing], replace(when, values=when.values[~missing])
    # first this, as clock changes show in rows that go on in time
    frame, when = _oldest_first(frame, when, notices)
    # before sorting, which would mix the hour that comes twice
    when = without_clock_changes(when, notices) if when.dated else when
    frame, when = _sorted(frame, when, notices)
    frame, values = _each_once(frame, when, notices)
    found = Moments(values, when.dated, when.columns)
    notices += _uneven(found)
    return found, frame


def _oldest_first(frame: pd.DataFrame, when: When, notices: list[str]) -> tuple[pd.DataFrame, When]:
    """Return the rows the other way round where nearly all stand after a later one."""
    steps = np.diff(when.values)
    if not (steps < 0).any() or (steps > 0).mean() > _FEW:
        return frame, when
    notices.append("the newest row stood first; sorted by time")
    # turned and not sorted: an hour that comes twice in autumn keeps its order
    return frame.iloc[::-1], replace(when, values=when.values[::-1])


def _sorted(frame: pd.DataFrame, when: When, notices: list[str]) -> tuple[pd.DataFrame, When]:
    backwards = np.flatnonzero(np.diff(when.values) < 0)
    if not len(backwards):
        return frame, when
    notices.append(
        Message(
            "{counted} stood after later ones, the first is row {backwards}; sorted by time",
            counted=counted(len(backwards), "row"),
            backwards=frame.index[backwards[0] + 1],
        )
    )
    # stable, so that of rows of one time the first in the file stays the first
    order = np.argsort(when.values, kind="stable")
    return frame.iloc[order], replace(when, values=when.values[order])


def _each_once(
    frame: pd.DataFrame, when: When, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    values = when.values
    again = np.append(False, np.diff(values) == 0)
    if not again.any():
        return frame, values
    shown = listed(dict.fromkeys(Moments(values[again], when.dated, ()).texts().tolist()), 3)
    if again.mean() >= PANEL:
        raise refused(
            "data.course",
            Message(
                "{listed} says the same time for many rows ({shown}): the table seems to hold "
                "several courses, one below the other, and no column tells them apart: name the columns that "
                "do, or other columns of times",
                listed=listed(when.columns),
                shown=shown,
            ),
        )
    rows = counted(int(again.sum()), "row has", "rows have")
    notices.append(
        Message("{rows} the time of another ({shown}); the first of each is kept", rows=rows, shown=shown)
    )
    return frame[~again], values[~again]


def _uneven(moments: Moments) -> list[str]:
    """Return a sentence where rows are not evenly spaced."""
    steps = np.diff(moments.values)
    if len(steps) < 2:
        return []
    usual = float(np.median(steps))
    # times as numbers with a fraction, as 0.1, 0.2, are never exactly even
    # and moments are kept in whole microseconds, of which 256 a second have 3906 or 3907 between them
    odd = np.abs(steps - usual) > max(1e-6 * abs(usual), 1.5 * moments.dated)
    days = steps / _DAY
    alike = moments.dated and any(((low <= days) & (days <= high)).all() for low, high in _ALIKE)
    if alike or not odd.any():
        return []
    first = int(np.argmax(odd))
    times = moments.part(first, first + 2).texts()
    return [
        Message(
            "rows are not evenly spaced: {odd} of {count} steps differ from the usual {said}, "
            "the first from {since} to {until}; they are taken as they follow each other",
            odd=int(odd.sum()),
            count=len(steps),
            said=_said(usual, moments.dated),
            since=times[0],
            until=times[1],
        )
    ]


def _said(step: float, dated: bool) -> str:
    if not dated:
        return f"{step:g}"
    for size, word in ((_DAY, "day"), (3_600e6, "hour"), (60e6, "minute"), (1e6, "second")):
        if step >= size:
            return f"{step / size:g} {word}{'s' if step != size else ''}"
    return Message("{step:g} seconds", step=step / 1000000.0)
