"""The learning-rate range test: steps with a rate that grows, until the loss leaves all bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan
from statistics import median

import numpy as np
from typing_extensions import override

from engine.choices import Invalid, Message, Problem
from engine.edits import Recipe
from engine.experiment import Experiment
from engine.training.assemble import Assembly
from engine.training.bookkeeping.repeating import put_back
from engine.training.checkpoint import Checkpoint
from engine.training.devices import settled
from engine.training.finding.tried import ALL_RATES, NEIGHBOURS, RatesTried, Span
from engine.training.learner import Learner
from engine.training.loop import take_step

_FAR = 3.0
"""The test ends where the loss has risen by so many times itself, or its fall, above what it began with."""


def refuse_without_rate(experiment: Experiment) -> None:
    """Raise Invalid where the optimizer works its learning rate out by itself."""
    if experiment.optimizer.finds_rate:
        why = Message(
            "{optimizer} finds its learning rate by itself: leave it at 1",
            optimizer=type(experiment.optimizer).title,
        )
        raise Invalid([Problem("optimizer.learning_rate", why)])


def try_rates(
    assembly: Assembly,
    threads: int,
    run: tuple[Recipe, Checkpoint] | None = None,
    tell: Callable[[RatesTried], None] = lambda tried: None,
    span: Span = ALL_RATES,
) -> RatesTried:
    """Return the loss of a step at each rate of `span`, from the lowest on, until it leaves all bounds.

    Formula: η_i = lowest (highest / lowest)^(i / (steps − 1)), in place of rate and schedule.

    The assembly is used up: its weights are those of the last step, so that it is to be made for this alone,
    and nothing else changes. The batches are those that a run of the experiment has, with what it draws.
    `run`: recipe and checkpoint of a run, from whose weights it begins. `tell` hears after each step how the
    curve is; what it raises ends the test. Raises Invalid for an optimizer that finds its rate by itself.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017, section 3.3.
    """
    refuse_without_rate(assembly.experiment)
    rates = span.rates
    learner = _Rising(assembly, rates)
    if run is not None:
        put_back(learner, *run)
    learner.begin()
    losses: list[float] = []

    def tried(why: str = "", *, diverged: bool = False) -> RatesTried:
        count = len(losses)
        return RatesTried(rates[:count], np.array(losses), span, learner.begun, why, diverged)

    with settled(assembly.device, threads):
        assembly.model.set_training(True)
        for _ in rates:
            # read at once, unlike in a run: to see whether it diverges is what the test is for
            take_step(learner)
            losses += learner.read().values["loss"]
            tell(tried())
            if _diverged(losses):
                rate = f"{rates[len(losses) - 1]:.2g}"
                why = Message("The loss left all bounds at a rate of {rate}.", rate=rate)
                return tried(why, diverged=True)
    return tried(Message("The loss stayed within bounds up to a rate of {rate}.", rate=f"{span.highest:g}"))


class _Rising(Learner):
    """A learner whose rate grows from step to step, whatever its schedule says."""

    def __init__(self, assembly: Assembly, rates: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        super().__init__(assembly)
        self._rates, self.begun = rates, 0

    def begin(self) -> None:
        """Let the rates rise from the step on at which the learner stands."""
        self.begun = self.step

    @override
    def rate_factor(self, step: int) -> float:
        # of the rate that is set: rules of several objectives then rise by the same factor
        return float(self._rates[step - self.begun]) / self.learnt[0].settings["learning_rate"]

    @override
    def finish_step(self) -> None:
        # no mean of weights is taken up: it is judged, never learnt from
        self.step += 1


def _diverged(losses: list[float]) -> bool:
    """Return whether the last losses are far above what the test began with, or no numbers any more."""
    if not isfinite(losses[-1]):
        return True
    if len(losses) < 2 * NEIGHBOURS:
        return False
    begun, now = median(losses[:NEIGHBOURS]), median(losses[-NEIGHBOURS:])
    lowest = min(losses, default=nan)
    return now > begun + _FAR * max(abs(begun), begun - lowest)
