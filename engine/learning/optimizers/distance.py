"""How far the weights have come is known: they go back part of the way, or it tells the learning rate."""

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
    Optimizer,
    SquareMemory,
    State,
    Values,
    WeightDecay,
)

if TYPE_CHECKING:
    from torch import Tensor


class Lookahead(Optimizer, kind="lookahead", title="Lookahead (AdamW)", rank=90):
    """AdamW that goes some steps ahead, and then back part of the way: the mean of where it was and is.

    The fast steps explore, the slow weights average out what they overshoot. Larger learning rates than with
    AdamW alone are borne. Biases and normalization gains do not shrink.

    Formula: θ ← θ − η (m̂ / (√v̂ + ε) + λ θ) as in AdamW; after every k steps φ ← φ + α (θ − φ) and θ ← φ,
    with φ = θ at first

    Source: Zhang, Lucas, Hinton and Ba, Lookahead Optimizer: k steps forward, 1 step back, 2019.
    """

    # "p" is how far the weights have come since they went back
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "p", "t")

    learning_rate: LearningRate = 0.005
    weight_decay: WeightDecay = 0.01
    interval: Annotated[
        int,
        Setting("Steps ahead", "After so many steps the weights go back.", symbol="k", least=1, most=1000),
    ] = 5
    share: Annotated[
        float,
        Setting("Share kept", "Of the way that the steps went; 1 is AdamW.", symbol="α", above=0, most=1),
    ] = 0.5
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        shrinkage = weights * (values["learning_rate"] * values["weight_decay"])
        change = adam_change(gradient, state, values).sub_(shrinkage)
        way, step, interval = state["p"].add_(change), state["t"].double(), values["interval"]
        # a number of steps that differs by layer need not be whole: whenever another k is full
        back = torch.floor(step / interval) > torch.floor((step - 1) / interval)
        change.sub_(torch.where(back, way * (1 - values["share"]), 0.0))
        way.masked_fill_(back, 0)
        return change


class Prodigy(Optimizer, kind="prodigy", title="Prodigy", rank=90):
    """Adam that finds its learning rate: it estimates how far the weights have to go, and takes that.

    From nearly nothing the estimate grows as long as gradients keep pointing back to the start, within some
    ten to hundred steps; it never falls. Leave the learning rate at 1, with a schedule that falls. Biases and
    normalization gains do not shrink.

    Formula: m ← β₁ m + (1 − β₁) d g; v ← β₂ v + (1 − β₂) d² g²; r ← √β₂ r + (1 − √β₂) η d² gᵀ(θ₀ − θ);
    s ← √β₂ s + (1 − √β₂) η d² g; θ ← θ − η d (m / (√v + d ε) + λ θ); d ← max(d, r/‖s‖₁), 10⁻⁶ at first

    Source: Mishchenko and Defazio, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, 2024.
    """

    # "p" is how far the weights have come from the start
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "r", "s", "p")
    finds_rate: ClassVar[bool] = True
    # how far the weights have come is summed up over all layers, as if they moved alike
    rates_by_layer: ClassVar[bool] = False

    learning_rate: LearningRate = 1.0
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        return {**super().start(parameters, layout), "d": parameters.new_tensor(_FIRST_DISTANCE)}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        rate, distance = values["learning_rate"], state["d"].clone()
        mean = state["m"].lerp_(gradient * distance, 1 - values["beta1"])
        square = state["v"].lerp_((gradient * distance).square_(), 1 - values["beta2"])
        # in units of the first distance, which falls out of r/‖s‖: its square alone would underflow
        newest = gradient * (distance / _FIRST_DISTANCE).square() * rate
        newer = 1 - values["beta2"] ** 0.5
        # r is one number; kept entry by entry, so that settings may differ
        towards = state["r"].lerp_(newest * -state["p"], newer)
        seen = state["s"].lerp_(newest, newer)
        found = towards.sum() / seen.abs().sum().clamp(min=1e-30)
        state["d"].copy_(found.maximum(distance))
        step = mean / square.sqrt().add_(distance * values["epsilon"]) + weights * values["weight_decay"]
        change = step.mul_(-distance).mul_(rate)
        state["p"].add_(change)
        return change


class DAdaptation(Optimizer, kind="d_adaptation", title="D-Adaptation (Adam)", rank=90):
    """Adam that finds its learning rate from how well gradients agree with the sum of those before.

    The forerunner of Prodigy, whose estimate grows faster. It begins at nearly nothing and never falls. Leave
    the learning rate at 1, with a schedule that falls. Biases and normalization gains do not shrink.

    Formula: r ← √β₂ r + η d gᵀ(s/(√v + ε)); m ← β₁ m + (1 − β₁) η d g; v ← β₂ v + (1 − β₂) g²;
    s ← √β₂ s + (1 − √β₂) η d g; θ ← θ − m/(√v + ε) − η d λ θ; d ← max(d, r/‖s‖₁), 10⁻⁶ at first

    Source: Defazio and Mishchenko, Learning-Rate-Free Learning by D-Adaptation, 2023, algorithm 5; the order
    as in the authors' program.
    """

    # "r" is the numerator entry by entry; r and s in units of the first distance, or they would underflow
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "r", "s")
    finds_rate: ClassVar[bool] = True
    # how far the weights have come is summed up over all layers, as if they moved alike
    rates_by_layer: ClassVar[bool] = False

    learning_rate: LearningRate = 1.0
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        return {**super().start(parameters, layout), "d": parameters.new_tensor(_FIRST_DISTANCE)}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        distance = state["d"].clone()
        newest = gradient * (distance / _FIRST_DISTANCE * values["learning_rate"])
        memory, divisor = values["beta2"] ** 0.5, state["v"].sqrt().add_(values["epsilon"])
        towards = state["r"].mul_(memory).add_(newest * state["s"] / divisor)
        mean = state["m"].lerp_(newest * _FIRST_DISTANCE, 1 - values["beta1"])
        square = state["v"].lerp_(gradient.square(), 1 - values["beta2"])
        seen = state["s"].lerp_(newest, 1 - memory)
        found = towards.sum() / seen.abs().sum().clamp(min=1e-30) * _FIRST_DISTANCE
        state["d"].copy_(torch.maximum(found, distance))
        shrinkage = weights * (distance * values["learning_rate"] * values["weight_decay"])
        return -mean / square.sqrt().add_(values["epsilon"]) - shrinkage


_FIRST_DISTANCE = 1e-6
"""The authors': far below any distance that a network goes."""
