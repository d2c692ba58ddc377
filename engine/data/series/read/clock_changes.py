"""Clocks set forward in spring and back in autumn: times of rows brought to one time for the whole year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.series.read.time_columns import When

_HOUR, _DAY = 3_600e6, 86_400e6
"""Microseconds."""
_SUNDAY = 3
"""1 January 1970 was a Thursday: three days later was Sunday."""
_EARLY = 5
"""Clocks are set before five in the morning."""
_FEWEST = 3


def without_clock_changes(when: When, notices: list[str]) -> When:
    """Return the times of rows in the order of a file, counted in winter time where the clocks were set.

    That is seen where, of rows that follow each other evenly, one is an hour too far from the one before
    early on a Sunday, or an hour too near. Told is what was changed.
    """
    values = when.values
    steps = np.diff(values)
    if len(steps) < _FEWEST:
        return when
    kinds, counts = np.unique(steps, return_counts=True)
    usual = float(kinds[counts.argmax()])
    # rows farther apart, as of days, do not show a change of clocks
    if not 0 < usual <= _HOUR:
        return when
    odd = np.flatnonzero(steps != usual)
    change = np.where(steps[odd] == usual + _HOUR, 1, np.where(steps[odd] == usual - _HOUR, -1, 0))
    # an hour that lacks may be missing rows; only an hour that comes twice shows that clocks were set
    if not (change == -1).any() or (change == 0).any() or not _by_night(values[odd + 1]).all():
        return when
    # forward and back come in turn; twice the same is something else
    if len(change) > 1 and (change[1:] == change[:-1]).any():
        return when
    ahead = np.zeros(len(values))
    ahead[odd + 1] = change
    # a course whose first change is the one in autumn began in summer time
    summer = np.cumsum(ahead) + (1 if change[0] == -1 else 0)
    often = "once" if len(odd) == 1 else Message("{count} times", count=len(odd))
    notices.append(
        Message(
            "clocks were set {often}, which leaves out an hour or says it twice: the times are "
            "counted in winter time",
            often=often,
        )
    )
    return replace(when, values=values - summer * _HOUR)


def _by_night(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    days = np.floor(values / _DAY)
    return np.asarray((days % 7 == _SUNDAY) & (values % _DAY < _EARLY * _HOUR))
