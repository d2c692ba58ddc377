"""Reports: what the steps and epochs since the last report came to, said in blocks."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from engine.events import Block, Measured
from engine.training.bookkeeping.clock import Clock
from engine.training.bookkeeping.epochs import Epochs
from engine.training.learner import Learner, StepSeries


class Reports:
    """The numbers of a run that are read and not said yet."""

    def __init__(self, learner: Learner, epochs: Epochs, clock: Clock) -> None:
        """Begin with nothing to say."""
        self._learner, self._epochs, self._clock = learner, epochs, clock
        self._waiting: list[StepSeries] = []

    def add(self, steps: StepSeries) -> None:
        """Say these in the next report."""
        self._waiting.append(steps)

    def next(self) -> tuple[Measured, ...]:
        """Return the next report, none where nothing is new; the time to the one after it begins."""
        waiting, self._waiting = self._waiting, []
        # an edit may bring a series, or end one
        alike = groupby(waiting, key=lambda steps: tuple(steps.values))
        each = [(names, list(some)) for names, some in alike]
        blocks = (*(_block(name, some) for names, some in each for name in names), *self._epochs.blocks())
        speed = self._clock.speed(self._learner.step)
        if not blocks:
            return ()
        return (Measured(blocks, self._learner.step, self._learner.epoch, self._clock.seconds, speed),)


def _block(name: str, waiting: list[StepSeries]) -> Block:
    # single precision, as the history keeps it: what is shown live is what is read later
    values = np.concatenate([np.array(steps.values[name], np.float32) for steps in waiting])
    return Block(name, waiting[0].first, 1, values)
