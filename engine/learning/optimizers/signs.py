"""Only the sign of the gradient counts: every weight moves by the same amount, or by one of its own."""

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
    WeightDecay,
)

if TYPE_CHECKING:
    from torch import Tensor


class Signum(Optimizer, kind="signum", title="Signum", rank=60):
    """Every weight moves by the same amount, in the direction of its momentum.

    Of the running mean only the sign is used, so that gradients of any size move the weights alike; steps do
    not become smaller near the lowest point, which a falling schedule makes up for. Without momentum it is
    called signSGD.

    Formula: m ← μ m + (1 − μ) g; θ ← θ − η sign(m)

    Source: Bernstein et al., signSGD: Compressed Optimisation for Non-Convex Problems, 2018.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m",)

    learning_rate: LearningRate = 0.001
    momentum: Momentum = 0.9

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        mean = state["m"].lerp_(gradient, 1 - values["momentum"])
        return torch.sign(mean, out=gradient).mul_(-values["learning_rate"])


class Lion(Optimizer, kind="lion", title="Lion", rank=60):
    """Every weight moves by the same amount, by the sign of a mean in which the newest gradient counts more.

    A computer found it by trying out programs. It remembers half as much as Adam. As every weight moves at
    every step, take a learning rate three to ten times smaller than with AdamW, and as much more decay.
    Biases and normalization gains do not shrink.

    Formula: θ ← θ − η (sign(β₁ m + (1 − β₁) g) + λ θ); m ← β₂ m + (1 − β₂) g

    Source: Chen et al., Symbolic Discovery of Optimization Algorithms, 2023.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m",)

    learning_rate: LearningRate = 0.001
    weight_decay: WeightDecay = 0.03
    beta1: Annotated[
        float,
        Setting(
            "Share of the memory in a step",
            "How much of what gives the sign is the running mean; the rest is the newest gradient.",
            symbol="β₁",
            least=0,
            below=1,
        ),
    ] = 0.9
    beta2: Annotated[
        float,
        Setting(
            "Memory of the mean",
            "Share kept of the running mean of gradients; 0.99 averages about the last 100.",
            symbol="β₂",
            least=0,
            below=1,
        ),
    ] = 0.99

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        direction = torch.lerp(state["m"], gradient, 1 - values["beta1"]).sign_()
        # only after the sign is taken: the mean that steps follow and the one that is kept differ
        state["m"].lerp_(gradient, 1 - values["beta2"])
        return direction.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])


class Rprop(Optimizer, kind="rprop", title="Rprop", rank=60):
    """Every weight has a step size of its own: it grows while the slope keeps its sign, else it shrinks.

    When the sign has turned, the lowest point was passed: the weight then rests for a step. The size of the
    gradient plays no part. It is made for batches of all examples: with small ones signs turn by chance, and
    the steps shrink until nothing moves.

    Formula: Δ is 1 at first; Δ ← (1 + a) Δ where g g′ > 0, Δ ← b Δ and g ← 0 where g g′ < 0, within
    0.00001 to 500; θ ← θ − η Δ sign(g); g′ is the g before

    Source: Riedmiller and Braun, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP
    Algorithm, 1993; resting instead of going back: Igel and Hüsken, Improving the Rprop Learning Algorithm,
    2000.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("g",)

    learning_rate: LearningRate = 0.01
    growth: Annotated[
        float,
        Setting(
            "Growth",
            "Share by which a step size grows when the slope keeps its sign.",
            symbol="a",
            least=0,
            most=1,
        ),
    ] = 0.2
    shrinkage: Annotated[
        float,
        Setting(
            "Shrinkage",
            "Share of a step size that is left when the slope has turned.",
            symbol="b",
            above=0,
            most=1,
        ),
    ] = 0.5

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        import torch

        # a multiple of η, so that a schedule or a change of the learning rate acts at once
        return {**super().start(parameters, layout), "delta": torch.ones_like(parameters)}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        # signs alone: the product of two small gradients could come out as 0
        sign = gradient.sign_()
        agreement = state["g"].mul_(sign)
        up, down = agreement.clamp(min=0), agreement.clamp(max=0)
        factor = up.mul_(values["growth"]).add_(down.mul_(1 - values["shrinkage"])).add_(1)
        # the paper's limits, 1e-6 and 50, at its first step size of 0.1
        size = state["delta"].mul_(factor).clamp_(1e-5, 500)
        sign.masked_fill_(agreement < 0, 0)
        state["g"].copy_(sign)
        return sign.mul_(size).mul_(-values["learning_rate"])
