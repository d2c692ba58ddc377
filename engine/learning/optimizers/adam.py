"""Adam and AdamW, the rules that most networks are trained with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

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
    moments,
)

if TYPE_CHECKING:
    from torch import Tensor


class Adam(Optimizer, kind="adam", title="Adam", rank=30):
    """Momentum with a step size of its own for every weight; works well without much tuning.

    The running mean of the gradients is divided by their usual size, so that a step is about η whatever the
    scale of the loss. Both means start at 0; dividing by 1 − βᵗ makes up for that in the first steps t.

    Formula: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ)
    and v̂ = v / (1 − β₂ᵗ)

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, with η = 0.001.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        return adam_change(gradient, state, values)


class AdamW(Optimizer, kind="adamw", title="AdamW", rank=30):
    """Adam whose weights also shrink a little at every step, apart from the gradient.

    With an L2 penalty in the gradient, Adam's division would weaken the decay of weights with large
    gradients; here all weights shrink by the same share η λ. Biases and normalization gains do not shrink.

    Formula: θ ← θ − η (m̂ / (√v̂ + ε) + λ θ), with m̂ and v̂ as in Adam

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        shrinkage = weights * (values["learning_rate"] * values["weight_decay"])
        return adam_change(gradient, state, values).sub_(shrinkage)


def adam_change(gradient: Tensor, state: State, values: Values) -> Tensor:
    """Return Adam's change as a new vector (P,), after m, v and t have taken up the gradient.

    With plain numbers one fused kernel does it in half the time of separate operations (measured with a
    million parameters on a CPU: 0.9 instead of 1.9 ms). The kernel adds its change to something, here to
    zeros.
    """
    import torch
    from torch.optim.adam import adam

    # a setting that differs by layer is a vector, which the fused kernel does not take
    numbers = {name: value for name, value in values.items() if not isinstance(value, torch.Tensor)}
    if len(numbers) < len(values):
        mean, square = moments(gradient, state, values)
        divisor = square.sqrt_().add_(values["epsilon"])
        return mean.div_(divisor).mul_(-values["learning_rate"])
    change = torch.zeros_like(gradient)
    adam(
        [change],
        [gradient],
        [state["m"]],
        [state["v"]],
        [],  # what amsgrad alone remembers
        [state["t"]],
        fused=True,
        amsgrad=False,
        maximize=False,
        weight_decay=0.0,  # not the kernel's: AdamW takes it off by itself, sparing biases
        lr=numbers["learning_rate"],
        beta1=numbers["beta1"],
        beta2=numbers["beta2"],
        eps=numbers["epsilon"],
    )
    return change
