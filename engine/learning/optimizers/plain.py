"""Plain descent and momentum: the gradient alone, or the speed that it adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.optimizers.optimizer import (
    LearningRate,
    Momentum,
    Optimizer,
    State,
    Values,
)

if TYPE_CHECKING:
    from torch import Tensor


class GradientDescent(Optimizer, kind="gradient_descent", title="Gradient descent", rank=10):
    """Walk straight downhill: against the gradient, by a fixed share of it.

    The simplest rule and the one all others are measured by. With batches smaller than the data it is called
    stochastic gradient descent (SGD).

    Formula: θ ← θ − η g

    Source: Cauchy, Méthode générale pour la résolution des systèmes d’équations simultanées, 1847; with
    single examples: Robbins and Monro, A Stochastic Approximation Method, 1951.
    """

    uses_weights: ClassVar[bool] = False

    # ten times that of momentum, whose speed adds up about ten gradients
    learning_rate: LearningRate = 0.1

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        return gradient.mul_(-values["learning_rate"])


class HeavyBall(Optimizer, kind="momentum", title="Momentum", rank=10):
    """A heavy ball rolling downhill: it gathers speed where the slope persists and averages out what shakes.

    With momentum μ the ball moves 1/(1 − μ) times as far as plain gradient descent on a steady slope (10
    times for 0.9): take a learning rate that much smaller.

    Formula: v ← μ v + g; θ ← θ − η v

    Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964; Sutskever et al.,
    On the importance of initialization and momentum in deep learning, 2013.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("v",)

    momentum: Momentum = 0.9

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        speed = state["v"].mul_(values["momentum"]).add_(gradient)
        # The gradient is used up: no other vector of this size has to be found for the change.
        return torch.mul(speed, -values["learning_rate"], out=gradient)


class Nesterov(Optimizer, kind="nesterov", title="Nesterov momentum", rank=10):
    """Momentum that looks ahead: the gradient counts as if measured where the ball is about to be.

    It brakes earlier than plain momentum when the slope turns, and so overshoots less.

    Formula: v ← μ v + g; θ ← θ − η (g + μ v)

    Source: Nesterov, A method for solving the convex programming problem with convergence rate O(1/k²), 1983;
    in this form: Bengio, Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent Networks, 2013.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("v",)

    momentum: Momentum = 0.9

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        speed = state["v"].mul_(values["momentum"]).add_(gradient)
        # a new vector for the product, as v itself has to stay
        return gradient.add_(speed * values["momentum"]).mul_(-values["learning_rate"])


class QHMomentum(Optimizer, kind="qh_momentum", title="Quasi-hyperbolic momentum", rank=10):
    """Momentum that also listens to the newest gradient: a step lies between momentum's and plain descent's.

    The speed may have a long memory, as a share of every step is the gradient just seen. The speed is a mean
    here, not a sum: take the learning rate of plain descent.

    Formula: m ← μ m + (1 − μ) g; θ ← θ − η ((1 − ν) g + ν m)

    Source: Ma and Yarats, Quasi-hyperbolic momentum and Adam for deep learning, 2019, with ν = 0.7 and
    μ = 0.999.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m",)

    learning_rate: LearningRate = 0.1
    nu: Annotated[
        float,
        Setting(
            "Share of the mean",
            "How much of a step follows the mean of gradients; the rest follows the newest one.",
            symbol="ν",
            least=0,
            most=1,
        ),
    ] = 0.7
    # not the paper's 0.999: in runs of some hundred steps such a mean hardly gets away from 0
    momentum: Momentum = 0.95

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean = state["m"].lerp_(gradient, 1 - values["momentum"])
        return gradient.lerp_(mean, values["nu"]).mul_(-values["learning_rate"])


class AggregatedMomentum(Optimizer, kind="aggregated_momentum", title="Aggregated momentum (AggMo)", rank=10):
    """Three balls rolling downhill, with no, a short and a long memory; a step is the mean of theirs.

    A long memory is fast along a valley, but swings across it. The others damp the swinging, so that the
    long memory can be used.

    Formula: vᵢ ← (1 − aⁱ) vᵢ + g for i = 0, 1, 2; θ ← θ − η (v₀ + v₁ + v₂)/3

    Source: Lucas, Sun, Zemel and Grosse, Aggregated Momentum: Stability Through Passive Damping, 2019.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("v1", "v2")

    learning_rate: LearningRate = 0.01
    damping: Annotated[
        float,
        Setting(
            "Damping",
            "Share of the second speed lost at each step, squared that of the third: 0.1 keeps 0.9 and 0.99.",
            symbol="a",
            above=0,
            most=1,
        ),
    ] = 0.1

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        short = state["v1"].mul_(1 - values["damping"]).add_(gradient)
        long = state["v2"].mul_(1 - values["damping"] ** 2).add_(gradient)
        # the first speed keeps nothing: it is the gradient
        return gradient.add_(short).add_(long).mul_(-values["learning_rate"] / 3)
