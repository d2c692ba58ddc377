"""Stopping rules: when to end a run before its epochs are done, as pure functions of what was measured."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import Annotated, Literal

from engine.choices import Message, Problem, Setting, did_you_mean, joined
from engine.data.about import About, Suited
from engine.learning.metrics import metric_of


@dataclass(frozen=True)
class Standing:
    """How far a run has come: every series that is measured once an epoch, the seconds and steps so far.

    `series` maps a name ("train.loss", "validation.loss", "validation.accuracy") to one value per epoch.
    """

    series: Mapping[str, Sequence[float]]
    seconds: float
    steps: int = 0


class StoppingRule(Suited, family="stopping"):
    """When to end a run early; asked after every epoch."""

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


class Steps(StoppingRule, kind="steps", title="Step limit"):
    """Stop after so many updates of the weights.

    So runs with batches of different sizes can be compared. The run ends at the end of an epoch, so that it
    may take a few more.
    """

    steps: Annotated[
        int,
        Setting(
            "Step limit",
            "Most updates of the weights.",
            unit="steps",
            least=1,
            most=10**12,
            log=True,
            summary="Step limit of {value}",
        ),
    ] = 10_000

    def verdict(self, standing: Standing) -> str | None:
        """Stop when the limit is reached."""
        if standing.steps < self.steps:
            return None
        return Message("The limit of {steps:,} steps is reached.", steps=self.steps)


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


class FlatCurve(StoppingRule, kind="flat", title="Curve has become flat"):
    """Stop when a straight line through the last values of a curve rises or falls by hardly anything.

    Unlike early stopping it asks for no new best value, so that noise does not keep a run going for ever, nor
    one lucky epoch end it.

    Formula: stop if |b| · P < ε · mean |Lᵢ| for the least-squares line a + b i through the last P values

    Source: Weisberg, Applied Linear Regression, 1980, for the line.
    """

    window: Annotated[
        int,
        Setting(
            "Epochs looked at",
            "How many of the last values.",
            symbol="P",
            unit="epochs",
            least=3,
            most=10_000,
        ),
    ] = 10
    change: Annotated[
        float,
        Setting(
            "Least change",
            "Of the line over these epochs, as a share of its height.",
            symbol="ε",
            above=0,
            most=1,
            log=True,
        ),
    ] = 0.01
    series: Series = "validation.loss"

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is watched is not measured."""
        return unmeasured(self.series, about.measured)

    def verdict(self, standing: Standing) -> str | None:
        """Stop when the line is flat; values that are no numbers have no line."""
        last = standing.series.get(self.series, ())[-self.window :]
        if len(last) < self.window or not all(isfinite(value) for value in last):
            return None
        middle, height = (self.window - 1) / 2, sum(last) / self.window
        slope = sum((place - middle) * (value - height) for place, value in enumerate(last))
        slope /= sum((place - middle) ** 2 for place in range(self.window))
        if abs(slope) * self.window >= self.change * sum(map(abs, last)) / self.window:
            return None
        return Message(
            "{series} has changed by less than {change:.2g} % over {count} epochs.",
            series=self.series,
            change=100 * self.change,
            count=self.window,
        )


class Divergence(StoppingRule, kind="divergence", title="Divergence"):
    """Stop when a loss is no number any more, or many times its best value.

    A learning rate that is too high is then seen at once, and costs no hour.

    Formula: stop if Lₙ > k · min(L₁ … Lₙ), or Lₙ is not finite

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017, where the range test ends so.
    """

    factor: Annotated[
        float,
        Setting(
            "Factor", "So many times the best loss is too much.", symbol="k", above=1, most=1e6, log=True
        ),
    ] = 4.0
    series: Series = "train.loss"

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is watched is not measured, or is no loss."""
        if higher_is_better(self.series):
            return (Problem("series", "is a score that should be large; watch a loss, as train.loss"),)
        return unmeasured(self.series, about.measured)

    def verdict(self, standing: Standing) -> str | None:
        """Stop when the last value says that training has diverged."""
        values = standing.series.get(self.series, ())
        if not values:
            return None
        last = values[-1]
        best = min((value for value in values if isfinite(value)), default=inf)
        # of a loss that may be negative no multiple says anything
        if isfinite(last) and (best <= 0 or last <= self.factor * best):
            return None
        return Message(
            "{series} has diverged: it is {last:.4g}, and was {best:.4g} at its best.",
            series=self.series,
            last=last,
            best=best,
        )


def verdict_of(rules: Sequence[StoppingRule], standing: Standing, *, every: bool = False) -> str | None:
    """Return why a run should end, or None; the first rule that answers decides, or `every` rule."""
    found = [rule.verdict(standing) for rule in rules]
    said = [why for why in found if why is not None]
    if not said or (every and len(said) < len(found)):
        return None
    return joined(" ", *said) if every else said[0]


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
