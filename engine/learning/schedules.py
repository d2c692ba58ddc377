"""Schedules: how the learning rate changes over a run, as pure functions of its progress."""

from __future__ import annotations

from abc import abstractmethod

from engine.choices import Choice


class Schedule(Choice, family="schedules"):
    """The factor on the learning rate as a function of progress, so that it can be drawn before the run."""

    @abstractmethod
    def factor(self, progress: float) -> float:
        """Return the factor on the learning rate at `progress`, the share of all steps done, in [0, 1)."""
