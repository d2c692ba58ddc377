"""Adam with another size of the gradients: what a step is divided by."""

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
    corrected,
    moments,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class AMSGrad(Optimizer, kind="amsgrad", title="AMSGrad", rank=50):
    """Adam whose step sizes never grow again: it divides by the largest mean square that there has been.

    Adam forgets rare large gradients, and can then walk away from the lowest point. Here they are
    remembered for good.

    Formula: v̄ ← max(v̄, v); θ ← θ − η m̂ / (√(v̄ / (1 − β₂ᵗ)) + ε), with m̂ and v as in Adam

    Source: Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, 2018; with Adam’s corrections, as
    frameworks have it.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "largest", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, beta1, beta2 = step_number(state), values["beta1"], values["beta2"]
        mean = corrected(state["m"].lerp_(gradient, 1 - beta1), beta1, step)
        square = state["v"].lerp_(gradient.square(), 1 - beta2)
        # Before the correction: corrected, a large first square would be divided by for good.
        largest = torch.maximum(state["largest"], square, out=state["largest"])
        divisor = corrected(largest, beta2, step).sqrt_().add_(values["epsilon"])
        return mean.div_(divisor).mul_(-values["learning_rate"])


class Adamax(Optimizer, kind="adamax", title="Adamax", rank=50):
    """Adam that divides by the largest gradient of late instead of the usual size.

    A step is then never larger than about η, and a single large gradient makes steps smaller at once.

    Formula: m ← β₁ m + (1 − β₁) g; u ← max(β₂ u, |g| + ε); θ ← θ − η m / ((1 − β₁ᵗ) u)

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, section 7.1, with η = 0.002.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "u", "t")

    learning_rate: LearningRate = 0.01
    beta1: MeanMemory = 0.9
    beta2: Annotated[
        float,
        Setting(
            "Memory of the largest",
            "Share that is kept of the largest gradient at each step; 0.999 halves it in 700 steps.",
            symbol="β₂",
            least=0,
            below=1,
        ),
    ] = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, beta1 = step_number(state), values["beta1"]
        mean = corrected(state["m"].lerp_(gradient, 1 - beta1), beta1, step)
        size = gradient.abs_().add_(values["epsilon"])
        largest = torch.maximum(state["u"].mul_(values["beta2"]), size, out=state["u"])
        return mean.div_(largest).mul_(-values["learning_rate"])


class RAdam(Optimizer, kind="radam", title="RAdam", rank=50):
    """Adam that warms up by itself: it divides only once enough gradients have been seen to divide by.

    In the first steps the mean square rests on few gradients, and some steps come out far too large. Until
    it can be trusted the rule is plain momentum; then the division comes in by and by.

    Formula: ρ∞ = 2/(1 − β₂) − 1; ρ = ρ∞ − 2 t β₂ᵗ/(1 − β₂ᵗ); where ρ > 5:
    r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ)) and θ ← θ − η r m̂ / (√v̂ + ε), else θ ← θ − η m̂, with m̂
    and v̂ as in Adam

    Source: Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020; from ρ = 5 on, as in
    the authors’ program, where the paper says 4.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.01
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        mean, square = moments(gradient, state, values)
        step, beta2 = state["t"].double(), values["beta2"]
        power = beta2**step
        most = 2 / (1 - beta2) - 1
        length = most - 2 * step * power / (1 - power)
        trust = ((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)).sqrt()
        # both are worked out and one is taken: to ask which it is would wait for the device
        factor = torch.where(length > 5, trust / square.sqrt_().add_(values["epsilon"]), 1.0)
        return mean.mul_(factor).mul_(-values["learning_rate"])


class AdaBelief(Optimizer, kind="adabelief", title="AdaBelief", rank=50):
    """Adam that divides by how far gradients are from what it expected: it is bold where it is sure.

    Where gradients agree with their running mean the step is large, even if the gradients themselves are
    large, too; where they scatter it is small.

    Formula: m ← β₁ m + (1 − β₁) g; s ← β₂ s + (1 − β₂) (g − m)² + ε; θ ← θ − η m̂ / (√ŝ + ε), with
    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ)

    Source: Zhuang et al., AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, 2020.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "s", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    # far below Adam's: it is added to the squares and sums up to ε / (1 − β₂)
    epsilon: Epsilon = 1e-16

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step = step_number(state)
        beta1, beta2, epsilon = values["beta1"], values["beta2"], values["epsilon"]
        mean = state["m"].lerp_(gradient, 1 - beta1)
        surprise = gradient.sub_(mean).square_()
        spread = corrected(state["s"].lerp_(surprise, 1 - beta2).add_(epsilon), beta2, step)
        change = corrected(mean, beta1, step).div_(spread.sqrt_().add_(epsilon))
        return change.mul_(-values["learning_rate"])


class Yogi(Optimizer, kind="yogi", title="Yogi", rank=50):
    """Adam whose step sizes grow only slowly: its mean square falls no faster than the new squares allow.

    Where gradients have become small, Adam soon takes large steps. Here what is divided by follows large
    gradients as quickly, but forgets them at the pace of the small ones.

    Formula: m ← β₁ m + (1 − β₁) g; v ← v − (1 − β₂) sign(v − g²) g², where v is g² at first;
    θ ← θ − η m / (√v + ε)

    Source: Zaheer, Reddi, Sachan, Kale and Kumar, Adaptive Methods for Nonconvex Optimization, 2018, with
    η = 0.01.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-3

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, square = step_number(state), gradient.square()
        mean = state["m"].lerp_(gradient, 1 - values["beta1"])
        # As in the paper the first batch says where v begins; from 0, the first steps would be far too large.
        before = torch.where(step == 1, square, state["v"])
        fall = (before - square).sign_().mul_(square).mul_(1 - values["beta2"])
        divisor = state["v"].copy_(before.sub_(fall)).sqrt().add_(values["epsilon"])
        return torch.div(mean, divisor, out=gradient).mul_(-values["learning_rate"])


class Adopt(Optimizer, kind="adopt", title="ADOPT", rank=50):
    """Adam that divides a gradient by the mean square of those before it, and only then takes the mean.

    A gradient is then not divided by itself, and the rule finds the lowest point with any β₂, where Adam
    needs the right one. The first gradient only says how large gradients are; nothing moves by it.

    Formula: v ← g² and no step at first; then c = (t − 1)^¼; m ← β₁ m + (1 − β₁) clip(g / max(√v, ε), −c, c);
    θ ← θ − η m; v ← β₂ v + (1 − β₂) g²

    Source: Taniguchi et al., ADOPT: Modified Adam Can Converge with Any β₂ with the Optimal Rate, 2024, with
    η = 0.001; clipped as in its later version.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.9999
    epsilon: Epsilon = 1e-6

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, square = step_number(state), gradient.square()
        divisor = state["v"].sqrt().clamp_(min=values["epsilon"])
        # 0 at first: so the first gradient moves nothing, without asking the device which step it is
        limit = (step - 1) ** 0.25
        mean = state["m"].lerp_(gradient.div_(divisor).clamp(-limit, limit), 1 - values["beta1"])
        later = torch.lerp(state["v"], square, 1 - values["beta2"])
        state["v"].copy_(torch.where(step == 1, square, later))
        return torch.mul(mean, -values["learning_rate"], out=gradient)


class LaProp(Optimizer, kind="laprop", title="LaProp", rank=50):
    """Adam in the other order: each gradient is divided by its usual size, and then the mean is taken.

    Momentum and step size are then independent of each other: with any β₁ and β₂ the steps stay bounded,
    where Adam needs a β₁ that is small beside β₂.

    Formula: n ← β₂ n + (1 − β₂) g²; m ← β₁ m + (1 − β₁) g / (√n̂ + ε); θ ← θ − η m / (1 − β₁ᵗ), with
    n̂ = n / (1 − β₂ᵗ)

    Source: Ziyin, Wang and Ueda, LaProp: Separating Momentum and Adaptivity in Adam, 2020.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "n", "t")

    learning_rate: LearningRate = 0.003
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step, beta1, beta2 = step_number(state), values["beta1"], values["beta2"]
        square = corrected(state["n"].lerp_(gradient.square(), 1 - beta2), beta2, step)
        scaled = gradient.div_(square.sqrt_().add_(values["epsilon"]))
        mean = corrected(state["m"].lerp_(scaled, 1 - beta1), beta1, step)
        return mean.mul_(-values["learning_rate"])


class AdaBound(Optimizer, kind="adabound", title="AdaBound", rank=50):
    """Adam that becomes momentum: the step sizes of all weights are bounded, ever more tightly.

    Adam is fast at first; with one step size for all weights the end is often better. Here the bounds close
    in on the final rate, from nothing and from infinity, without a moment at which the rule changes.

    Formula: θ ← θ − clip(η √(1 − β₂ᵗ)/(1 − β₁ᵗ) / (√v + ε), η a (1 − 1/(γ t + 1)), η a (1 + 1/(γ t))) m,
    with m and v as in Adam

    Source: Luo, Xiong, Liu and Sun, Adaptive Gradient Methods with Dynamic Bound of Learning Rate, 2019; with
    Adam’s corrections and without a falling rate of its own, as in the authors’ program, where η a is 0.1.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: LearningRate = 0.003
    final: Annotated[
        float,
        Setting(
            "Final rate",
            "What all step sizes end at, in units of the learning rate.",
            symbol="a",
            above=0,
            most=10000,
            log=True,
        ),
    ] = 30.0
    tightening: Annotated[
        float,
        Setting(
            "Tightening",
            "How fast the bounds close in: after 1/γ steps they are half and twice the final rate.",
            symbol="γ",
            above=0,
            below=1,
            log=True,
        ),
    ] = 0.001
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, beta1, beta2 = step_number(state), values["beta1"], values["beta2"]
        mean = state["m"].lerp_(gradient, 1 - beta1)
        divisor = state["v"].lerp_(gradient.square(), 1 - beta2).sqrt().add_(values["epsilon"])
        size = ((1 - beta2**step).sqrt() / (1 - beta1**step)) / divisor
        closed, final = values["tightening"] * step, values["final"]
        bounded = torch.clamp(size, final * (1 - 1 / (closed + 1)), final * (1 + 1 / closed))
        return bounded.mul_(mean).mul_(-values["learning_rate"])
