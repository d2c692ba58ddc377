"""The clock: seconds trained, steps per second, when to report. No number of a run hangs on it."""

from __future__ import annotations

from math import exp
from time import perf_counter

REPORT_EVERY = 1 / 30
"""Seconds between two reports at least."""
_MEMORY = 1.0
"""Seconds over which the speed is averaged."""


class Clock:
    """Counts the seconds of training, without pauses."""

    def __init__(self, seconds: float, step: int) -> None:
        """Go on from `seconds` and `step`."""
        self._before, self._since = seconds, perf_counter()
        self._mark, self._step, self._speed = self._since, step, 0.0
        self._next = self._since + REPORT_EVERY

    @property
    def seconds(self) -> float:
        """Return the seconds trained so far."""
        return self._before + perf_counter() - self._since

    @property
    def due(self) -> bool:
        """Return whether it is time for a report."""
        return perf_counter() >= self._next

    def hurry(self) -> None:
        """Let a report be due now."""
        self._next = 0.0

    def speed(self, step: int) -> float:
        """Return the steps per second of late, having come to `step`; the time to the next report begins."""
        now = perf_counter()
        elapsed, taken = now - self._mark, step - self._step
        if taken and elapsed > 0:
            # By time, not by reports: these come at epoch ends, too, and would make the mean jump.
            weight = 1 - exp(-elapsed / _MEMORY) if self._speed else 1.0
            self._speed += weight * (taken / elapsed - self._speed)
            self._mark, self._step = now, step
        self._next = now + REPORT_EVERY
        return self._speed

    def left_out(self, seconds: float) -> None:
        """Do not count the last so many seconds as training: the run rested between two steps."""
        # the speed is still told by the time that went by: it is what the person sees and chose
        self._before -= seconds

    def went_back(self, step: int) -> None:
        """Stand at an earlier step; the time that the steps after it took was time of training."""
        self._mark, self._step = perf_counter(), step

    def hold(self) -> None:
        """Stop counting: the run is paused."""
        self._before = self.seconds
        self._since = perf_counter()

    def go_on(self) -> None:
        """Count again after `hold`."""
        # the mark as well, or the pause would count as time in which no step was taken
        self._since = self._mark = perf_counter()
        self._next = self._since + REPORT_EVERY
