"""Adam with another mean of the gradients: where a step points to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Optimizer,
    SquareMemory,
    State,
    Values,
    WeightDecay,
    corrected,
    moments,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class NAdam(Optimizer, kind="nadam", title="NAdam", rank=40):
    """Adam that looks ahead, as Nesterov's momentum does: the mean as it would be after the next step.

    Its momentum also warms up: at first it is about half of β₁, and grows towards it over many thousand
    steps.

    Formula: μₜ = β₁ (1 − ½ · 0.96^(t ψ)); m and v̂ as in Adam; m̄ = μₜ₊₁ m / (1 − ∏ᵢ₌₁ᵗ⁺¹ μᵢ) +
    (1 − μₜ) g / (1 − ∏ᵢ₌₁ᵗ μᵢ); θ ← θ − η m̄ / (√v̂ + ε)

    Source: Dozat, Incorporating Nesterov Momentum into Adam, 2016, with η = 0.002 and ψ = 0.004.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    warm_up: Annotated[
        float,
        Setting(
            "Warm-up of the momentum",
            "How fast the momentum grows from half of β₁ to all of it; 0.004 takes many thousand steps.",
            symbol="ψ",
            least=0,
            most=1,
            log=True,
        ),
    ] = 0.004
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        import torch

        # "p" is the product of all μ so far: one for each weight, as β₁ may differ from layer to layer
        return {**super().start(parameters, layout), "p": torch.ones_like(parameters)}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step, beta1, beta2 = step_number(state), values["beta1"], values["beta2"]
        now, ahead = (beta1 * (1 - 0.5 * 0.96 ** (number * values["warm_up"])) for number in (step, step + 1))
        product = state["p"].mul_(now)
        mean = state["m"].lerp_(gradient, 1 - beta1)
        square = corrected(state["v"].lerp_(gradient.square(), 1 - beta2), beta2, step)
        change = gradient.mul_((1 - now) / (1 - product)).add_(mean * (ahead / (1 - product * ahead)))
        return change.div_(square.sqrt_().add_(values["epsilon"])).mul_(-values["learning_rate"])


class QHAdam(Optimizer, kind="qhadam", title="QHAdam", rank=40):
    """Adam that also listens to the newest gradient: a step lies between Adam's and one without memory.

    A long memory averages noise out, but heeds a change of slope late. Here the memory may be long, as a
    share of every step is the gradient just seen. With ν₁ = ν₂ = 1 it is Adam.

    Formula: θ ← θ − η ((1 − ν₁) g + ν₁ m̂) / (√((1 − ν₂) g² + ν₂ v̂) + ε), with m̂ and v̂ as in Adam

    Source: Ma and Yarats, Quasi-hyperbolic momentum and Adam for deep learning, 2019, with η = 0.001.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.005
    nu1: Annotated[
        float,
        Setting(
            "Share of the mean",
            "How much of a step follows the mean of gradients; the rest follows the newest one.",
            symbol="ν₁",
            least=0,
            most=1,
        ),
    ] = 0.7
    nu2: Annotated[
        float,
        Setting(
            "Share of the mean square",
            "How much of the divisor is the mean of squared gradients; the rest is the newest square.",
            symbol="ν₂",
            least=0,
            most=1,
        ),
    ] = 1.0
    beta1: MeanMemory = 0.995
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean, square = moments(gradient, state, values)
        divisor = gradient.square().lerp_(square, values["nu2"]).sqrt_().add_(values["epsilon"])
        return gradient.lerp_(mean, values["nu1"]).div_(divisor).mul_(-values["learning_rate"])


class Adan(Optimizer, kind="adan", title="Adan", rank=40):
    """Adam that looks ahead by the trend of the gradient: what the last step changed in it is expected again.

    Nesterov's momentum would need the gradient somewhere else than where the weights are. Here the mean of
    the gradient's differences foretells it, and steps may be several times as large as Adam's. Biases and
    normalization gains do not shrink.

    Formula: δ = g − g′ with g′ the gradient before (δ = 0 at first); m ← β₁ m + (1 − β₁) g;
    v ← β₂ v + (1 − β₂) δ; n ← β₃ n + (1 − β₃) (g + β₂ δ)²; θ ← θ − η ((m̂ + β₂ v̂) / (√n̂ + ε) + λ θ), each mean
    divided by 1 − βᵗ

    Source: Xie, Zhou, Li, Lin and Yan, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep
    Models, 2022; the means corrected and the weights decayed as in the authors’ program.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "n", "g", "t")

    learning_rate: LearningRate = 0.01
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.98
    beta2: Annotated[
        float,
        Setting(
            "Memory of the differences",
            "Share kept of the running mean of the gradient's differences; 0.92 averages about the last 12.",
            symbol="β₂",
            least=0,
            below=1,
        ),
    ] = 0.92
    beta3: Annotated[
        float,
        Setting(
            "Memory of the square",
            "Share kept of the running mean of squared gradients; 0.99 averages about the last 100.",
            symbol="β₃",
            least=0,
            below=1,
        ),
    ] = 0.99
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step = step_number(state)
        beta1, beta2, beta3 = values["beta1"], values["beta2"], values["beta3"]
        # the first gradient follows none: its difference is 0, not the gradient itself
        difference = (gradient - state["g"]).mul_(step > 1)
        state["g"].copy_(gradient)
        mean = corrected(state["m"].lerp_(gradient, 1 - beta1), beta1, step)
        trend = corrected(state["v"].lerp_(difference, 1 - beta2), beta2, step)
        square = gradient.add_(difference * beta2).square_()
        square = corrected(state["n"].lerp_(square, 1 - beta3), beta3, step)
        change = mean.add_(trend * beta2).div_(square.sqrt_().add_(values["epsilon"]))
        return change.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])


class AdEMAMix(Optimizer, kind="ademamix", title="AdEMAMix", rank=40):
    """AdamW with two memories of the gradient: a short one that follows the slope, and a very long one.

    Gradients of many hundred steps ago still tell something. One mean cannot both remember them and turn
    quickly, so the long one is added to the usual one. The paper lets α and β₃ grow along a run; here they
    are constant. Biases and normalization gains do not shrink.

    Formula: m₂ ← β₃ m₂ + (1 − β₃) g; θ ← θ − η ((m̂ + α m₂) / (√v̂ + ε) + λ θ), with m̂ and v̂ as in Adam

    Source: Pagliardini, Ablin and Grangier, The AdEMAMix Optimizer: Better, Faster, Older, 2024, with
    α = 5 and β₃ = 0.9999 at the end of long runs.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "m2", "v", "t")

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    mixture: Annotated[
        float,
        Setting(
            "Weight of the long memory",
            "How much the long memory counts beside the short one, which counts 1.",
            symbol="α",
            least=0,
            most=100,
        ),
    ] = 5.0
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    beta3: Annotated[
        float,
        Setting(
            "Long memory",
            "Share kept of the long running mean of gradients; 0.999 averages about the last 1,000.",
            symbol="β₃",
            least=0,
            below=1,
        ),
    ] = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean, square = moments(gradient, state, values)
        # not corrected for its start at 0: the long memory is to come in slowly
        long = state["m2"].lerp_(gradient, 1 - values["beta3"])
        change = mean.add_(long * values["mixture"]).div_(square.sqrt_().add_(values["epsilon"]))
        return change.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])


class DiffGrad(Optimizer, kind="diffgrad", title="DiffGrad", rank=40):
    """Adam whose step is held back where the gradient no longer changes: near a lowest point it slows down.

    Where a weight's gradient differs little from the one before, its step is halved; where it changes a lot,
    the weight moves as with Adam.

    Formula: ξ = 1 / (1 + e^(−|g − g′|)) with g′ the gradient before, 0 at first; θ ← θ − η ξ m̂ / (√v̂ + ε),
    with m̂ and v̂ as in Adam

    Source: Dubey et al., diffGrad: An Optimization Method for Convolutional Neural Networks, 2020.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "g", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean, square = moments(gradient, state, values)
        friction = (gradient - state["g"]).abs_().sigmoid_()
        state["g"].copy_(gradient)
        change = mean.mul_(friction).div_(square.sqrt_().add_(values["epsilon"]))
        return change.mul_(-values["learning_rate"])
