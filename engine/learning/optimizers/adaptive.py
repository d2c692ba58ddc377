"""A step size for every weight, from the gradients that it has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    Momentum,
    Optimizer,
    State,
    Values,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class RMSprop(Optimizer, kind="rmsprop", title="RMSprop", rank=20):
    """Every weight gets its own step size: the gradient is divided by its usual size of late.

    Weights with small gradients move as fast as those with large ones.

    Formula: s ← ρ s + (1 − ρ) g²; θ ← θ − η g / (√s + ε)

    Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("s",)

    learning_rate: LearningRate = 0.003
    decay: Annotated[
        float,
        Setting(
            "Memory of the square",
            "Share kept of the running mean of squared gradients; 0.9 averages about the last 10.",
            symbol="ρ",
            least=0,
            below=1,
        ),
    ] = 0.9
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        # ε outside of the root, as in the formula and in torch: inside, 1e-8 would count as 1e-4
        divisor = state["s"].lerp_(gradient.square(), 1 - values["decay"]).sqrt().add_(values["epsilon"])
        return gradient.mul_(-values["learning_rate"]).div_(divisor)


class Adagrad(Optimizer, kind="adagrad", title="Adagrad", rank=20):
    """Every weight gets its own step size, which shrinks with all the gradients it has ever seen.

    Rarely used inputs keep large steps. As the sum never falls, learning comes to rest by itself; in long
    runs often too early.

    Formula: s ← s + g²; θ ← θ − η g / (√s + ε)

    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization, 2011.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("s",)

    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        # sqrt makes a new vector, so that what follows in place leaves the sum alone
        divisor = state["s"].addcmul_(gradient, gradient).sqrt().add_(values["epsilon"])
        return gradient.mul_(-values["learning_rate"]).div_(divisor)


class Adadelta(Optimizer, kind="adadelta", title="Adadelta", rank=20):
    """Every weight gets its own step size, as large as its steps were of late; no learning rate is needed.

    As in RMSprop the gradient is divided by its usual size; the result is multiplied by the usual size of
    the changes, so that a step has the unit of the weight. From nearly nothing the steps grow by
    themselves, for which ε is the seed: leave the learning rate at 1 and be patient in the first epochs.

    Formula: s ← ρ s + (1 − ρ) g²; Δ = −√(u + ε) / √(s + ε) · g; u ← ρ u + (1 − ρ) Δ²; θ ← θ + η Δ

    Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, with η = 1, ρ = 0.95.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("s", "u")

    learning_rate: LearningRate = 1.0
    decay: Annotated[
        float,
        Setting(
            "Memory of the squares",
            "Share kept of the running means of squared gradients and steps; 0.95 averages about 20 of them.",
            symbol="ρ",
            least=0,
            below=1,
        ),
    ] = 0.95
    epsilon: Epsilon = 1e-6

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        share = 1 - values["decay"]
        divisor = state["s"].lerp_(gradient.square(), share).add(values["epsilon"]).sqrt_()
        change = gradient.mul_((state["u"] + values["epsilon"]).sqrt_()).div_(divisor).neg_()
        # before η scales it: what is remembered is the rule's own step, whatever a schedule makes of it
        state["u"].lerp_(change.square(), share)
        return change.mul_(values["learning_rate"])


class Madgrad(Optimizer, kind="madgrad", title="MADGRAD", rank=20):
    """Adagrad that counts from the start: the weights are where they began, less all gradients so far.

    Later gradients weigh more, and the cube root divides less than a square root does. The sum never falls,
    so that learning comes to rest by itself.

    Formula: λ = η √t; s ← s + λ g; v ← v + λ g²; z = θ₀ − s / (∛v + ε); θ ← μ θ + (1 − μ) z

    Source: Defazio and Jelassi, A Momentumized, Adaptive, Dual Averaged Gradient Method for Stochastic
    Optimization, 2022.
    """

    uses_weights: ClassVar[bool] = False
    # "p" is how far the weights have come from the start
    remembers: ClassVar[tuple[str, ...]] = ("s", "v", "p", "t")

    momentum: Momentum = 0.9
    epsilon: Epsilon = 1e-6

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        weight = values["learning_rate"] * step_number(state).sqrt()
        square = state["v"].add_(gradient.square() * weight)
        total = state["s"].add_(gradient * weight)
        aim = -total / square.pow(1 / 3).add_(values["epsilon"])
        change = (aim - state["p"]) * (1 - values["momentum"])
        state["p"].add_(change)
        return change
