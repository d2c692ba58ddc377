"""A step size for every layer, from the size of its weights or of its gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout, norms
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Momentum,
    Optimizer,
    SquareMemory,
    State,
    Values,
    WeightDecay,
    moments,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class Lars(Optimizer, kind="lars", title="LARS", rank=70):
    """Momentum with a step size of its own for every layer, in proportion to the size of its weights.

    In some layers the gradient is large beside the weights, in others small; one learning rate is then too
    large for these or too small for those. Here a step changes each layer by about the same share of its
    weights, whatever the gradient's size, which keeps learning stable with very large batches. Biases and
    normalization gains move as with plain momentum.

    Formula: r = ρ ‖w‖ / (‖g‖ + λ ‖w‖ + ε) for the weights w of each layer; v ← μ v + η r (g + λ w); w ← w − v

    Source: You, Gitman and Ginsburg, Large Batch Training of Convolutional Networks, 2017.
    """

    remembers: ClassVar[tuple[str, ...]] = ("v",)

    learning_rate: LearningRate = 0.3
    trust: Annotated[
        float,
        Setting(
            "Trust",
            "Share of a layer's weights that a step may change at a learning rate of 1, without momentum.",
            symbol="ρ",
            above=0,
            most=1,
            log=True,
        ),
    ] = 0.02
    momentum: Momentum = 0.9
    weight_decay: WeightDecay = 0.0005
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        lengths, slopes = norms(weights, layout), norms(gradient, layout)
        decay = values["weight_decay"]
        ratio = values["trust"] * lengths / (slopes + decay * lengths + values["epsilon"])
        # Weights that are all 0 would never move; those of biases and gains are 0 here, too.
        ratio = torch.where(lengths > 0, ratio, 1.0)
        # the learning rate is within the speed here: after a change of it, earlier steps keep theirs
        change = gradient.add_(weights * decay).mul_(ratio).mul_(values["learning_rate"])
        speed = state["v"].mul_(values["momentum"]).add_(change)
        return torch.neg(speed, out=change)


class Lamb(Optimizer, kind="lamb", title="LAMB", rank=70):
    """AdamW with a step size of its own for every layer, in proportion to the size of its weights.

    What LARS does for momentum: a step changes each layer by the share η of its weights, which keeps
    learning stable with very large batches. Biases and normalization gains move as with Adam.

    Formula: u = m̂ / (√v̂ + ε) + λ w, with m̂ and v̂ as in Adam; w ← w − η ‖w‖/‖u‖ · u for the weights w of each
    layer

    Source: You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 Minutes, 2020.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.01
    weight_decay: WeightDecay = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-6

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        mean, square = moments(gradient, state, values)
        change = mean.div_(square.sqrt_().add_(values["epsilon"]))
        change.add_(weights * values["weight_decay"])
        lengths, sizes = norms(weights, layout), norms(change, layout)
        # Weights that are all 0 would never move; a step of 0 has no direction, and 0/0 is none either.
        ratio = torch.where((lengths > 0) & (sizes > 0), lengths / sizes, 1.0)
        return change.mul_(ratio).mul_(-values["learning_rate"])


class NovoGrad(Optimizer, kind="novograd", title="NovoGrad", rank=70):
    """Momentum of gradients that were brought to length 1, layer by layer.

    Adam divides each weight's gradient by its usual size; here a layer's gradient is divided by its usual
    length as a whole, so that the weights of a layer keep their proportions. It bears large learning rates
    without a warm-up. Biases and normalization gains do not shrink.

    Formula: v ← β₂ v + (1 − β₂) ‖g‖² for each layer, v = ‖g‖² at first; m ← β₁ m + g / (√v + ε) + λ θ;
    θ ← θ − η m

    Source: Ginsburg et al., Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of Deep
    Networks, 2019, with η = 0.01.
    """

    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.01
    weight_decay: WeightDecay = 0.001
    beta1: MeanMemory = 0.95
    beta2: Annotated[
        float,
        Setting(
            "Memory of the length",
            "Share kept of the running mean of a layer's squared length; 0.98 averages about the last 50.",
            symbol="β₂",
            least=0,
            below=1,
        ),
    ] = 0.98
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, square = step_number(state), norms(gradient, layout).square_()
        later = torch.lerp(state["v"], square, 1 - values["beta2"])
        # one number for a layer, kept for each of its weights: settings may differ within it
        usual = state["v"].copy_(torch.where(step == 1, square, later))
        gradient.div_(usual.sqrt().add_(values["epsilon"])).add_(weights * values["weight_decay"])
        mean = state["m"].mul_(values["beta1"]).add_(gradient)
        return torch.mul(mean, -values["learning_rate"], out=gradient)
