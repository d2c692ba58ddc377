"""Plain descent and momentum: the gradient alone, or the speed that it adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

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
