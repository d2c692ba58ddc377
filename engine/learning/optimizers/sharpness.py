"""Rules that ask for the gradient where the loss is worst nearby: they look for wide valleys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.optimizers.adam import adam_change
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Momentum,
    Optimizer,
    SquareMemory,
    State,
    Surroundings,
    Values,
    WeightDecay,
)

if TYPE_CHECKING:
    from torch import Tensor

Radius = Annotated[
    float,
    Setting(
        "Radius",
        "How far uphill the gradient is taken, as a distance in the space of all weights.",
        symbol="ρ",
        least=0,
        most=10,
        log=True,
    ),
]


class _SharpnessAware(Optimizer):
    """Ordinary rules whose gradient is taken a way uphill."""

    looks_around: ClassVar[bool] = True

    @override
    def step(
        self,
        gradient: Tensor,
        state: State,
        values: Values,
        weights: Tensor,
        layout: Layout,
        around: Surroundings,
    ) -> Tensor:
        from torch.linalg import vector_norm

        # of a gradient of 0 there is no uphill: 0 divided by the smallest number stays 0
        uphill = gradient / vector_norm(gradient).clamp(min=1e-30) * values["radius"]
        return self.update(around.at(uphill)[1], state, values, weights, layout)


class Sam(_SharpnessAware, kind="sam", title="SAM (momentum)", rank=95):
    """Momentum that looks for flat valleys: two passes a step, the second where the loss is worst nearby.

    What fits the training examples at one exact point only often fails on others. Here the gradient is taken
    a little uphill, and so leads to where the whole neighbourhood is low. Twice the time of momentum.

    Formula: g′ = ∇L(θ + ρ g/‖g‖); v ← μ v + g′; θ ← θ − η v

    Source: Foret, Kleiner, Mobahi and Neyshabur, Sharpness-Aware Minimization for Efficiently Improving
    Generalization, 2021.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("v",)

    momentum: Momentum = 0.9
    radius: Radius = 0.05

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        return state["v"].mul_(values["momentum"]).add_(gradient) * -values["learning_rate"]


class SamAdamW(_SharpnessAware, kind="sam_adamw", title="SAM (AdamW)", rank=95):
    """AdamW that looks for flat valleys: two passes a step, the second where the loss is worst nearby.

    Found to help Transformers on pictures above all. Twice the time of AdamW. Biases and normalization gains
    do not shrink.

    Formula: g′ = ∇L(θ + ρ g/‖g‖); then as AdamW with g′: θ ← θ − η (m̂ / (√v̂ + ε) + λ θ)

    Source: Foret, Kleiner, Mobahi and Neyshabur, Sharpness-Aware Minimization for Efficiently Improving
    Generalization, 2021; with AdamW: Chen, Hsieh and Gong, When Vision Transformers Outperform ResNets
    without Pre-training or Strong Data Augmentations, 2022.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    radius: Radius = 0.05
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        shrinkage = weights * (values["learning_rate"] * values["weight_decay"])
        return adam_change(gradient, state, values).sub_(shrinkage)
