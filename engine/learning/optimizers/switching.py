"""One rule first, and another once it is known how fast that should go."""

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
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor


class Swats(Optimizer, kind="swats", title="SWATS (Adam, then momentum)", rank=92):
    """Adam for the fast beginning, then momentum, which often ends better; it finds the moment and the rate.

    At each step it works out how long a step of plain descent would have to be to go as far as Adam's. Once
    that agrees with its running mean, momentum takes over with this rate, and stays.

    Formula: p = −η m̂/(√v̂ + ε) as in Adam; γ = pᵀp/(−η pᵀg); λ ← β₂ λ + (1 − β₂) γ; θ ← θ + p. Once
    |λ/(1 − β₂ᵗ) − γ| < τ γ: Λ = λ/(1 − β₂ᵗ), and from then on u ← β₁ u + g; θ ← θ − η (1 − β₁) Λ u

    Source: Keskar and Socher, Improving Generalization Performance by Switching from Adam to SGD, 2017,
    algorithm 1; rates in units of η, so that they follow a schedule, and the difference as a share.
    """

    uses_weights: ClassVar[bool] = False
    remembers: ClassVar[tuple[str, ...]] = ("m", "v", "u", "t")

    learning_rate: LearningRate = 0.003
    tolerance: Annotated[
        float,
        Setting(
            "Agreement",
            "How near, as a share, the step length has to come to its running mean before the switch.",
            symbol="τ",
            above=0,
            most=1,
            log=True,
        ),
        # the paper's 10⁻⁹ is hardly ever met in runs of a few thousand steps
    ] = 1e-3
    beta1: MeanMemory = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        numbers = {name: parameters.new_zeros(()) for name in ("lambda", "rate", "switched")}
        return {**super().start(parameters, layout), **numbers}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        import torch

        step, beta1, beta2 = step_number(state), values["beta1"], values["beta2"]
        mean = state["m"].lerp_(gradient, 1 - beta1)
        square = state["v"].lerp_(gradient.square(), 1 - beta2)
        size = values["learning_rate"] * (1 - beta2**step).sqrt() / (1 - beta1**step)
        adam = mean / square.sqrt().add_(values["epsilon"]) * -size
        # both are worked out and one chosen: to ask which would wait for the device
        done = state["switched"] > 0
        speed = state["u"].mul_(beta1).add_(gradient).mul_(done)
        descent = speed * (state["rate"] * (1 - beta1) * -values["learning_rate"])
        change = torch.where(done, descent, adam)
        self._compare(adam, gradient, state, values, step)
        return change

    def _compare(self, adam: Tensor, gradient: Tensor, state: State, values: Values, step: Tensor) -> None:
        """Take the length of Adam's step up into its running mean; switch where both agree."""
        import torch

        # one number each, also where settings differ from weight to weight
        rate, memory, tolerance = (
            torch.as_tensor(values[name], dtype=torch.float64, device=gradient.device).mean()
            for name in ("learning_rate", "beta2", "tolerance")
        )
        downhill = -(adam @ gradient).double() * rate
        length = (adam @ adam).double() / torch.where(downhill != 0, downhill, 1.0)
        newest = state["lambda"].double() * memory + length * (1 - memory)
        state["lambda"].copy_(torch.where(downhill != 0, newest, state["lambda"].double()))
        usual = state["lambda"].double() / (1 - memory**step)
        agree = ((usual - length).abs() < tolerance * length) & (step > 1) & (downhill != 0)
        switches = agree & (state["switched"] == 0)
        state["rate"].copy_(torch.where(switches, usual, state["rate"].double()))
        state["switched"].add_(switches)
