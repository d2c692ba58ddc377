"""Rules that ask how the slope changes: from gradients at two places, or from products with the Hessian."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.line_search import Tried, strong_wolfe
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    MeanMemory,
    Optimizer,
    SquareMemory,
    State,
    Surroundings,
    Values,
    WeightDecay,
)

if TYPE_CHECKING:
    from torch import Tensor

_LEAST_CURVATURE = 1e-10
"""As in PyTorch: a pair whose product is not above it would turn the direction uphill."""


class LimitedMemoryBfgs(Optimizer, kind="lbfgs", title="L-BFGS", rank=97):
    """Newton's method with a curvature learnt from the last steps, and a search for how far to go.

    Two passes a step and more: the loss of the same batch is asked until the step is long enough and not too
    long. On small data in one batch it reaches in tens of steps what others need thousands for: take a
    learning rate of 1 there. Of small batches it would fit each too well. Waits for the device in each step.

    Formula: d = −H g with H from the last m pairs s = Δθ, y = Δg of one batch:
    H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, ρ = 1/yᵀs, from H = (sᵀy / yᵀy) I on; θ ← θ + t d with t from
    the strong Wolfe conditions, tried first at η, in the first step at η min(1, 1/‖g‖₁)

    Source: Liu and Nocedal, On the limited memory BFGS method for large scale optimization, 1989; y of one
    batch: Schraudolph, Yu and Günter, A Stochastic Quasi-Newton Method for Online Convex Optimization, 2007.
    """

    uses_weights: ClassVar[bool] = False
    looks_around: ClassVar[bool] = True
    # stretched layer by layer, Newton's direction might lead uphill
    rates_by_layer: ClassVar[bool] = False

    # not 1: digits by a CNN in batches of 32 then fell from 97 % to 54 %, which 0.3 does not
    learning_rate: LearningRate = 0.3
    memory: Annotated[
        int,
        Setting(
            "Pairs kept",
            "Of steps and changes of the gradient; each takes as much memory as two copies of the weights.",
            symbol="m",
            least=1,
            most=100,
        ),
    ] = 10

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        # the newest pair last; how many are kept is decided here, once
        pairs = parameters.new_zeros((self.memory, len(parameters)))
        return {"s": pairs, "y": pairs.clone(), "t": parameters.new_zeros(())}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return the change that is tried first."""
        first = state["t"].add_(1) == 1
        # of weights that have no curvature yet, any length may be far too long
        shortened = (1 / gradient.abs().sum().clamp(min=1e-30)).clamp(max=1)
        return _newton(gradient, state).mul_(values["learning_rate"]) * shortened.where(first, 1.0)

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
        tried = self.update(gradient, state, values, weights, layout)

        def point(far: float, loss: Tensor, slopes: Tensor) -> Tried:
            found = float(loss)
            return Tried(far, found if isfinite(found) else inf, float(slopes @ tried), slopes)

        start = point(0.0, around.here(), gradient)
        end = strong_wolfe(lambda far: point(far, *around.at(tried * far)), start, float(tried.abs().max()))
        change, turned = tried * end.far, end.gradient - gradient
        if float(change @ turned) > _LEAST_CURVATURE:
            for name, newest in (("s", change), ("y", turned)):
                state[name].copy_(state[name].roll(-1, 0))
                state[name][-1].copy_(newest)
        return change


class Sophia(Optimizer, kind="sophia", title="Sophia-H", rank=97):
    """Momentum divided by the curvature, cut off where that is small: two passes more every k steps.

    Where the loss is flat in a direction, steps there are long, and no longer than the learning rate, as with
    signs. The curvature comes from products of the Hessian with random signs. Biases and gains do not shrink.

    Formula: m ← β₁ m + (1 − β₁) g; every k steps h ← β₂ h + (1 − β₂) u ⊙ (H u), u random signs;
    θ ← θ − η (clip(m / max(γ h, ε), 1) + λ θ)

    Source: Liu, Li, Hall, Liang and Ma, Sophia: A Scalable Stochastic Second-order Optimizer for Language
    Model Pre-training, 2024, algorithm 3; signs for its normal numbers as in Hutchinson, A stochastic
    estimator of the trace of the influence matrix, 1990: they are exact where H is diagonal.
    """

    looks_around: ClassVar[bool] = True
    remembers: ClassVar[tuple[str, ...]] = ("m", "h")

    learning_rate: LearningRate = 0.003
    weight_decay: WeightDecay = 0.01
    scale: Annotated[
        float,
        Setting(
            "Share of the curvature",
            "The smaller, the more weights move by the whole learning rate.",
            symbol="γ",
            above=0,
            most=100,
            log=True,
        ),
    ] = 0.01
    interval: Annotated[
        int,
        Setting("Steps between", "Two estimates of the curvature.", symbol="k", least=1, most=1000),
    ] = 10
    beta1: MeanMemory = 0.96
    beta2: SquareMemory = 0.99
    epsilon: Epsilon = 1e-12

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        mean = state["m"].lerp_(gradient, 1 - values["beta1"])
        # where the curvature is negative, too, the least divisor leads downhill by a whole step
        divisor = (state["h"] * values["scale"]).clamp(min=values["epsilon"])
        clipped = (mean / divisor).clamp_(-1, 1)
        return clipped.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])

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
        import torch

        due = torch.as_tensor(around.step % values["interval"] < 1)
        # a number on the processor: nothing waits for the device
        if bool(due.any()):
            signs = torch.randint_like(gradient, 2).mul_(2).sub_(1)
            newest = signs * around.curvature(signs)
            # in double precision, as 1 − 0.99 of single precision is wrong in the sixth digit
            newer = 1 - torch.as_tensor(values["beta2"], dtype=torch.float64, device=gradient.device)
            state["h"].lerp_(newest, torch.where(due.to(gradient.device), newer, 0.0).to(gradient))
        return self.update(gradient, state, values, weights, layout)


def _newton(gradient: Tensor, state: State) -> Tensor:
    """Return −H g, (P,), by the two loops of Nocedal and Wright 2006, algorithm 7.4.

    A pair that is not there yet is 0, and does nothing.
    """
    steps, turned = state["s"], state["y"]
    products = (steps * turned).sum(1)
    inverse = (1 / products).where(products > 0, 0.0)
    found, shares = -gradient, []
    for index in reversed(range(len(steps))):
        shares.append(inverse[index] * (steps[index] @ found))
        found = found - shares[-1] * turned[index]
    squares = turned[-1].square().sum()
    found = found * (products[-1] / squares).where(squares > 0, 1.0)
    for index, share in enumerate(reversed(shares)):
        found = found + (share - inverse[index] * (turned[index] @ found)) * steps[index]
    return found
