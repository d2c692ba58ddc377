"""Breaking: where the numbers of a run break, and what is to change where it goes back."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from engine.choices import Message
from engine.learning.recovery import LASTING, WINDOW, Recovery
from engine.training.learner import StepSeries


@dataclass(frozen=True)
class Breakage:
    """What broke, in a sentence without its end, and the last step whose weights are of use."""

    step: int
    what: str
    last_good: int
    ends: bool = True
    """Whether the run cannot go on as it is; it can from a spike."""


def broken_loss(step: int, loss: float) -> Breakage:
    """Return that the loss of `step` was no number."""
    what = "The loss became NaN at step {step}" if isnan(loss) else "The loss became infinite at step {step}"
    # The loss of a step is that of the weights before it, made by the step before, which are of no use.
    return Breakage(step, Message(what, step=step), step - 2)


def broken_weights(step: int) -> Breakage:
    """Return that some weights were no numbers any more after `step`."""
    return Breakage(step, Message("Some weights became infinite at step {step}", step=step), step - 1)


class Losses:
    """The last losses of a run, in which spikes are looked for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._last: list[float] = []

    def take(self, steps: StepSeries, recovery: Recovery, batch: int) -> Breakage | None:
        """Take up the losses of the next steps; return where they broke, None where they did not.

        `batch`: of how many examples each is the mean.
        """
        broken = steps.broken
        new = steps.values["loss"] if broken is None else steps.until(broken - 1).values["loss"]
        losses = np.array([*self._last, *new])
        self._last = losses[-(WINDOW + LASTING) :].tolist()
        end = recovery.spike(losses, len(new), batch)
        if end is not None:
            step = steps.first + end - (len(losses) - len(new))
            what = Message("The loss leapt at step {step}", step=step + 1 - LASTING)
            # of the spike's own steps the first losses may still be usual ones
            return Breakage(step, what, step - 1 - LASTING, ends=False)
        return None if broken is None else broken_loss(broken, steps.values["loss"][broken - steps.first])

    def forget(self) -> None:
        """Begin anew: the run has gone back, where its loss is another."""
        self._last = []
