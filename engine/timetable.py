"""The timetable of a run: which of its steps belongs to which epoch.

With batches of one size all epochs have as many steps. From the step on at which the size was edited, the
epoch under way is cut into batches of the new size, and so are all that follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EpochStretch:
    """Steps in which batches have one size: those after `first` others, up to the next stretch.

    `epoch` epochs and the share `done` of another one lie before. `left` steps end that epoch, and each that
    follows has `each`. The batch that ends an epoch may be smaller: `rest` is the share of a full batch that
    it has in the first epoch, `last_batch` in all others.
    """

    first: int
    epoch: int
    done: float
    left: int
    each: int
    rest: float = 1.0
    last_batch: float = 1.0


@dataclass(frozen=True)
class Timetable:
    """All stretches of a run, at least one; the first begins at step 0."""

    stretches: tuple[EpochStretch, ...]

    @classmethod
    def even(cls, steps_per_epoch: int, last_batch: float = 1.0) -> Timetable:
        """Return that of a run whose batches have one size."""
        steps = max(steps_per_epoch, 1)
        return cls((EpochStretch(0, 0, 0.0, steps, steps, last_batch, last_batch),))

    def epoch(self, step: int) -> int:
        """Return how many epochs are complete after `step` steps."""
        at = self._at(step)
        beyond = step - at.first - at.left
        return at.epoch if beyond < 0 else at.epoch + 1 + beyond // at.each

    def ends_epoch(self, step: int) -> bool:
        """Return whether an epoch is just complete after `step` steps; before the first step, too."""
        at = self._at(step)
        beyond = step - at.first - at.left
        return (step == at.first and at.done == 0) if beyond < 0 else beyond % at.each == 0

    def end(self, epoch: int) -> int:
        """Return how many steps have been taken once so many epochs are complete."""
        at = next(one for one in reversed(self.stretches) if one.epoch + one.done <= epoch)
        return at.first if epoch == at.epoch else at.first + at.left + (epoch - at.epoch - 1) * at.each

    def progress(self, step: int, epochs: int) -> float:
        """Return the share of so many epochs that is done after `step` steps: what schedules follow.

        It goes on without a leap where the size of batches was edited.
        """
        at = self._at(step)
        taken = step - at.first
        # One division of whole numbers: with batches of one size it is step / steps, to the bit.
        if taken < at.left:
            return ((at.epoch + at.done) * at.left + (1 - at.done) * taken) / (at.left * epochs)
        return ((at.epoch + 1) * at.each + taken - at.left) / (at.each * epochs)

    def epochs(self, steps: NDArray[np.number] | float) -> NDArray[np.float64]:
        """Return how many epochs are done after so many steps each, parts of them included."""
        at, first, epoch, done, left, each = self._columns(steps, "right")
        taken = steps - first[at]
        under_way = ((epoch + done)[at] * left[at] + (1 - done[at]) * taken) / left[at]
        later = ((epoch[at] + 1) * each[at] + taken - left[at]) / each[at]
        found: NDArray[np.float64] = np.where(taken < left[at], under_way, later)
        return found

    def step_at(self, epochs: float) -> float:
        """Return the step at which so many epochs are done; the inverse of `epochs`."""
        found = (one for one in reversed(self.stretches) if one.epoch + one.done <= epochs)
        at = next(found, self.stretches[0])
        if epochs < at.epoch + 1:
            return at.first + (epochs - at.epoch - at.done) / (1 - at.done) * at.left
        return at.first + at.left + (epochs - at.epoch - 1) * at.each

    def shares(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share of a full batch that each of these steps, counted from 1, learnt from."""
        at, first, _, _, left, each = self._columns(steps, "left")
        rest, last = (
            np.array([getattr(one, name) for one in self.stretches]) for name in ("rest", "last_batch")
        )
        beyond = steps - first[at] - left[at]
        ending = np.where(beyond == 0, rest[at], last[at])
        # one batch an epoch: it is the full one
        return np.where((beyond >= 0) & (beyond % each[at] == 0) & (each[at] > 1), ending, 1.0)

    def recut(self, stretches: Sequence[EpochStretch]) -> Timetable:
        """Return what it is with these stretches after the one that the run was begun with."""
        return Timetable((self.stretches[0], *stretches))

    def until(self, step: int) -> Timetable:
        """Return what it was before all that was edited after `step`."""
        return Timetable(tuple(one for one in self.stretches if one.first <= max(step, 0)))

    def _at(self, step: float) -> EpochStretch:
        """Return the stretch of the step that follows after so many."""
        # from the end: a run is nearly always in its last one
        return next((one for one in reversed(self.stretches) if one.first <= step), self.stretches[0])

    def _columns(self, steps: NDArray[np.number] | float, side: str) -> tuple[NDArray[np.number], ...]:
        """Return the number of the stretch of each step, and what the stretches say as columns."""
        names = ("first", "epoch", "done", "left", "each")
        first, *others = (np.array([getattr(one, name) for one in self.stretches]) for name in names)
        at = np.searchsorted(first, steps, side="right" if side == "right" else "left") - 1
        return (np.maximum(at, 0), first, *others)
