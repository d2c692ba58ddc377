"""Averaging: which weights are judged and kept, those after the last step or a mean over many steps."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from math import ceil
from typing import Annotated, ClassVar

from typing_extensions import override

from engine.choices import Choice, Setting


@dataclass(frozen=True)
class RunProgress:
    """How far a run is: steps taken and planned, epochs complete and planned, whether one just ended."""

    step: int
    steps: int
    epoch: int
    epochs: int
    at_epoch_end: bool


class Averaging(Choice, family="averaging"):
    """A mean of the weights beside those that are stepped. Training itself goes on as without it.

    Scores, panels, the best weights and the kept ones are then those of the mean.
    """

    live = "whole"  # how much of the newest weights is taken follows from the step alone

    averages: ClassVar[bool] = True
    """Whether there is a mean at all; where not, nothing is kept and nothing is worked out."""

    @abstractmethod
    def share(self, progress: RunProgress) -> float:
        """Return the share of the newest weights in the mean after a step; 1 begins it anew, 0 leaves it.

        It depends on nothing but the step, so that a run that is gone on with averages as if never left.
        """


Begin = Annotated[
    float,
    Setting(
        "Begins after", "Share of the run after which weights are averaged.", symbol="b", least=0, below=1
    ),
]


class NoAveraging(Averaging, kind="none", title="None"):
    """The weights after the last step are judged as they are.

    With a learning rate that falls towards the end of the run there is little left to average out.

    Formula: θ̄ = θ

    Source: Robbins and Monro, A Stochastic Approximation Method, 1951.
    """

    averages: ClassVar[bool] = False

    @override
    def share(self, progress: RunProgress) -> float:
        return 1.0


class ExponentialAveraging(Averaging, kind="exponential", title="Exponential moving average (EMA)"):
    """A running mean of the weights over the last steps, which the noise of small batches does not shake.

    It follows the weights some steps behind. In the first steps it forgets faster, so that the random weights
    of the beginning do not stay in it. Costs one more copy of the weights; with batch normalization, a pass
    over the training part at every judgement.

    Formula: θ̄ ← β θ̄ + (1 − β) θ, with β = min(d, (1 + t)/(10 + t)) at step t

    Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; with a
    moving mean: Tarvainen and Valpola, Mean teachers are better role models, 2017; the beginning as in
    TensorFlow, `ExponentialMovingAverage`.
    """

    decay: Annotated[
        float,
        Setting(
            "Memory",
            "Share of the mean kept at each step; 0.99 averages about the last 100 steps.",
            symbol="d",
            least=0,
            below=1,
        ),
    ] = 0.99

    @override
    def share(self, progress: RunProgress) -> float:
        return 1 - min(self.decay, (1 + progress.step) / (10 + progress.step))


class StochasticWeightAveraging(Averaging, kind="stochastic", title="Stochastic weight averaging (SWA)"):
    """The plain mean of the weights at the ends of the last epochs: the middle of the valley they walk in.

    With a rate that stays high, steps go around the floor of a wide valley and never down to it; their mean
    lies there. Best with a schedule that does not fall to 0. With batch normalization, the statistics are
    those of the mean, from a pass over the training part.

    Formula: θ̄ = 1/n ∑ᵢ θᵢ over the ends of the n epochs since the share b of the run; θ before

    Source: Izmailov, Podoprikhin, Garipov, Vetrov and Wilson, Averaging Weights Leads to Wider Optima and
    Better Generalization, 2018.
    """

    begin: Begin = 0.75

    @override
    def share(self, progress: RunProgress) -> float:
        # at least 1: the random weights of the beginning are none of a mean
        first, ending = max(1, _begun(self.begin, progress.epochs)), progress.at_epoch_end
        # up to the end of the first epoch that counts, the weights themselves are judged
        if progress.epoch < first or (progress.epoch == first and ending):
            return 1.0
        return 1 / (progress.epoch - first + 1) if ending else 0.0


class PolyakAveraging(Averaging, kind="polyak", title="Polyak averaging"):
    """The plain mean of the weights after every step since a part of the run.

    Theory's own: with it, plain descent with large steps comes as near to the optimum as any method can. The
    first steps, from random weights, are left out.

    Formula: θ̄ = 1/n ∑ₜ θₜ over the n steps since the share b of the run; θ before

    Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992.
    """

    begin: Begin = 0.5

    @override
    def share(self, progress: RunProgress) -> float:
        return 1 / max(1, progress.step - _begun(self.begin, progress.steps))


def _begun(share: float, count: float) -> int:
    # 0.55 · 100 is a little more than 55 in binary numbers, and would begin a step too late
    return ceil(share * count - 1e-9)
