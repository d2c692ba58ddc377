"""Stopping rules: when to end a run before its epochs are done, as pure functions of what was measured."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import Annotated, Literal

from engine.choices import Message, Problem, Setting, did_you_mean
from engine.data.about import About, Suited
from engine.learning.metrics import metric_of


@dataclass(frozen=True)
class Standing:
    """How far a run has come: every series that is measured once an epoch, and the seconds trained so far.

    `series` maps a name ("train.loss", "validation.loss", "validation.accuracy") to one value per epoch.
    """

    series: Mapping[str, Sequence[float]]
    seconds: float


class StoppingRule(Suited, family="stopping"):
    """When to end a run early; asked after every epoch. The first rule that answers ends the run."""

    live = "whole"

    @abstractmethod
    def verdict(self, standing: Standing) -> str | None:
        """Return why the run should end now, as a sentence for the person, or None to go on.

        A series may be absent, be empty or hold NaN: of a network that has diverged.
        """


class Time(StoppingRule, kind="time", title="Time limit"):
    """Stop after so many minutes of training.

    Pauses do not count. The run ends at the end of an epoch, so that it may take a little longer.
    """

    minutes: Annotated[
        float,
        Setting(
            "Time limit",
            "Longest time of training.",
            unit="min",
            above=0,
            most=100_000,
            log=True,
            summary="Time limit of {value} min",
        ),
    ] = 10.0

    def verdict(self, standing: Standing) -> str | None:
        """Stop when the limit is reached."""
        # of the time trained so far, that before an interruption too
        if standing.seconds < 60 * self.minutes:
            return None
        return Message("The time limit of {minutes:g} min is reached.", minutes=self.minutes)


Series = Annotated[
    str,
    Setting(
        "What is watched", "Name of a curve that has one value per epoch.", least=1, most=200, role="series"
    ),
]


class Target(StoppingRule, kind="target", title="Target reached"):
    """Stop as soon as a score is good enough.

    What is watched is named as in the plots: validation.loss, train.loss, validation.accuracy and so on.
    """

    series: Series = "validation.loss"
    direction: Annotated[
        Literal["at_most", "at_least"],
        Setting(
            "Direction",
            "Whether small or large values are good.",
            options={"at_most": "at most the value", "at_least": "at least the value"},
        ),
    ] = "at_most"
    value: Annotated[float, Setting("Value", "What is to be reached.")] = 0.1

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is watched is not measured."""
        return unmeasured(self.series, about.measured)

    def verdict(self, standing: Standing) -> str | None:
        """Stop when the last value has reached the target."""
        values = standing.series.get(self.series, ())
        if not values:
            return None
        reached = values[-1] <= self.value if self.direction == "at_most" else values[-1] >= self.value
        if not reached:
            return None
        wanted = Message(_WORDS[self.direction], value=self.value)
        return Message(
            "The target is reached: {series} is {value:.4g}, {wanted}.",
            series=self.series,
            value=values[-1],
            wanted=wanted,
        )


_WORDS = {"at_most": "at most {value:g}", "at_least": "at least {value:g}"}


class NoImprovement(StoppingRule, kind="no_improvement", title="No improvement"):
    """Stop when a score has not become better for a number of epochs.

    Also called early stopping: when the validation loss rises while the training loss still falls, the
    network learns the training examples by heart. Whether small or large values are good follows from what is
    watched.

    Formula: stop at epoch n if min(Lₙ₋ₚ₊₁ … Lₙ) ≥ min(L₁ … Lₙ₋ₚ) − δ

    Source: Prechelt, Early Stopping - But When?, 1998.
    """

    patience: Annotated[
        int,
        Setting(
            "Patience",
            "How long to wait for something better.",
            symbol="P",
            unit="epochs",
            least=1,
            most=100_000,
        ),
    ] = 20
    improvement: Annotated[
        # without an upper bound, as it is in the unit of what is watched
        float, Setting("Least improvement", "Anything smaller does not count.", symbol="δ", least=0)
    ] = 0.0
    series: Series = "validation.loss"

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is watched is not measured."""
        return unmeasured(self.series, about.measured)

    def verdict(self, standing: Standing) -> str | None:
        """Stop when no value of the last `patience` epochs is better than the best before them."""
        sign = -1 if higher_is_better(self.series) else 1
        # NaN compares as False with everything: a loss that diverged would count as an improvement
        values = [inf if isnan(value) else sign * value for value in standing.series.get(self.series, ())]
        # `earlier` is empty while there are too few epochs to say anything
        earlier, recent = values[: -self.patience], values[-self.patience :]
        if not earlier or min(recent) < min(earlier) - self.improvement:
            return None
        best = min(values)
        if best == inf:
            return Message(
                "{series} has been no finite number in any of {count} epochs.",
                series=self.series,
                count=len(values),
            )
        waited = Message("1 epoch" if self.patience == 1 else "{count} epochs", count=self.patience)
        return Message(
            "{series} has not improved for {waited}; its best is {best:.4g}.",
            series=self.series,
            waited=waited,
            best=sign * best,
        )


def higher_is_better(series: str) -> bool:
    """Return whether large values of a series are good: so says its metric; losses should be small."""
    # series are called by their part and their metric, whose settings may hold a point: validation.accuracy
    metric = metric_of(series.partition(".")[2])
    return metric is not None and metric.higher_is_better


def unmeasured(series: str, measured: Collection[str] | None) -> tuple[Problem, ...]:
    """Return a problem where a series is none of those that are measured; None: nobody knows yet."""
    if measured is None or series in measured:
        return ()
    return (
        Problem(
            "series",
            Message(
                "{series!r} is not measured in this run{guess}",
                series=series,
                guess=did_you_mean(series, measured),
            ),
        ),
    )
