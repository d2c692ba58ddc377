"""Rules whose weights are judged at a mean of where the steps have been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.layout import Layout
from engine.learning.optimizers.optimizer import (
    Epsilon,
    LearningRate,
    Optimizer,
    SquareMemory,
    State,
    Values,
    WeightDecay,
    step_number,
)

if TYPE_CHECKING:
    from torch import Tensor

Interpolation = Annotated[
    float,
    Setting(
        "Nearness to the mean",
        "Where gradients are taken: 0 at the fast steps, 1 at their mean; what momentum is elsewhere.",
        symbol="β",
        least=0,
        below=1,
    ),
]


class AveragedDescent(Optimizer, kind="asgd", title="Averaged descent (ASGD)", rank=15):
    """Plain descent, judged at the mean of all its steps from some step on.

    Single steps may then be large and noisy, as the mean forgets their noise. Scores and kept weights are
    those of the mean. The learning rate falls by itself, slowly. Biases and normalization gains do not
    shrink.

    Formula: ηₜ = η/(1 + λ η (t − 1))^α; θ ← θ − ηₜ (g + λ θ); judged is θ̄ ← θ̄ + (θ − θ̄)/max(1, t − 1 − t₀)

    Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; as in Bottou,
    Large-Scale Machine Learning with Stochastic Gradient Descent, 2010, and in PyTorch, `ASGD`.
    """

    # "a" is how far the mean is from the weights
    remembers: ClassVar[tuple[str, ...]] = ("a", "t")

    learning_rate: LearningRate = 0.1
    weight_decay: WeightDecay = 1e-4
    fall: Annotated[
        float, Setting("Power of the fall", "Of the learning rate.", symbol="α", least=0, most=1)
    ] = 0.75
    begin: Annotated[
        int,
        Setting(
            "Mean begins",
            "After so many steps; before, the weights are their own mean.",
            symbol="t₀",
            least=0,
        ),
    ] = 100

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        before, decay = step_number(state) - 1, values["weight_decay"]
        rate = values["learning_rate"] / (1 + decay * values["learning_rate"] * before) ** values["fall"]
        change = gradient.add_(weights * decay).mul_(-rate)
        # at a share of 1 the mean is where the weights are: exactly 0 ahead
        state["a"].sub_(change).mul_(1 - 1 / (before - values["begin"]).clamp(min=1))
        return change

    @override
    def lead(self, state: State, values: Values) -> Tensor | None:
        return state["a"]


class ScheduleFree(Optimizer, kind="schedule_free", title="Schedule-free descent", rank=15):
    """Descent that needs no schedule: gradients are taken near the mean of the fast steps, which is judged.

    A falling learning rate averages noise out, but must know when the run ends. Here the mean does it at any
    time, so that a run may be stopped or prolonged: leave the schedule constant, at most with a warm-up.
    Scores and kept weights are those of the mean. Biases and normalization gains do not shrink.

    Formula: z ← z − η (g + λ y); x ← x + c (z − x) with c = η²/∑ η²; y = (1 − β) z + β x. Stepped is y, where
    the gradient g is taken; judged is x

    Source: Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, The Road Less Scheduled, 2024.
    """

    # "d" is how far the mean x is from z; "s" sums up the squares of learning rates
    remembers: ClassVar[tuple[str, ...]] = ("d",)

    learning_rate: LearningRate = 0.5
    weight_decay: WeightDecay = 0.0
    interpolation: Interpolation = 0.9

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        return {**super().start(parameters, layout), "s": parameters.new_zeros(())}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        fast = gradient.add_(weights * values["weight_decay"]).mul_(-values["learning_rate"])
        return _towards_mean(fast, state, values["learning_rate"], values)

    @override
    def lead(self, state: State, values: Values) -> Tensor | None:
        return state["d"] * (1 - values["interpolation"])


class ScheduleFreeAdamW(Optimizer, kind="schedule_free_adamw", title="Schedule-free AdamW", rank=35):
    """AdamW that needs no schedule: gradients are taken near the mean of the fast steps, which is judged.

    In the benchmark AlgoPerf of 2024 the best of those that need no tuning. Leave the schedule constant;
    the run may then be stopped or prolonged at any time. Scores and kept weights are those of the mean.
    Biases and normalization gains do not shrink.

    Formula: v ← β₂ v + (1 − β₂) g²; ηₜ = η √(1 − β₂ᵗ); z ← z − ηₜ (g / (√v + ε) + λ y); x ← x + c (z − x)
    with c = ηₜ²/∑ η²; y = (1 − β) z + β x. Stepped is y, where the gradient g is taken; judged is x

    Source: Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, The Road Less Scheduled, 2024, algorithm 1.
    """

    remembers: ClassVar[tuple[str, ...]] = ("d", "v", "t")

    learning_rate: LearningRate = 0.01
    weight_decay: WeightDecay = 0.0
    interpolation: Interpolation = 0.9
    beta2: SquareMemory = 0.999
    epsilon: Epsilon = 1e-8

    @override
    def start(self, parameters: Tensor, layout: Layout) -> State:
        return {**super().start(parameters, layout), "s": parameters.new_zeros(())}

    @override
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        step, beta2 = step_number(state), values["beta2"]
        square = state["v"].lerp_(gradient.square(), 1 - beta2)
        rate = values["learning_rate"] * (1 - beta2**step).sqrt()
        fast = gradient.div_(square.sqrt().add_(values["epsilon"])).add_(weights * values["weight_decay"])
        return _towards_mean(fast.mul_(-rate), state, rate, values)

    @override
    def lead(self, state: State, values: Values) -> Tensor | None:
        return state["d"] * (1 - values["interpolation"])


def _towards_mean(fast: Tensor, state: State, rate: float | Tensor, values: Values) -> Tensor:
    """Return the change of y, (P,), after the fast step of z and the mean x were taken up in d = x − z."""
    import torch

    # one number, also where rates differ from weight to weight: a mean of x over the same steps everywhere
    weight = torch.as_tensor(rate, dtype=torch.float64, device=fast.device).square().mean()
    total = state["s"].add_(weight)
    # a warm-up begins with a rate of 0, before which there is nothing to take the mean of
    share = weight / total.double().clamp(min=1e-300)
    before = state["d"].clone()
    ahead = state["d"].sub_(fast).mul_((1 - share).to(fast.dtype))
    return fast.add_((ahead - before).mul_(values["interpolation"]))
