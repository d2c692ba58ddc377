"""What an optimizer is, settings that several have, and the running means that they share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol

from engine.choices import Choice, Message, Problem, Setting
from engine.learning.layout import Layout

if TYPE_CHECKING:
    from torch import Tensor

State = dict[str, "Tensor"]
"""What a rule remembers between steps, by the symbol's name in the textbook; saved with every checkpoint."""

Values = Mapping[str, "float | Tensor"]
"""The rule's settings at this step by field name: numbers, or vectors with one entry per parameter."""

LearningRate = Annotated[
    float,
    Setting(
        "Learning rate",
        "How far each update moves the weights.",
        symbol="η",
        above=0,
        most=10,
        log=True,
        finder="rate",
    ),
]

Momentum = Annotated[
    float,
    Setting(
        "Momentum",
        "Share of the speed that is kept from step to step; 0.9 averages about the last 10 gradients.",
        symbol="μ",
        least=0,
        below=1,
    ),
]

Epsilon = Annotated[
    float,
    Setting(
        "Smallest divisor",
        "Keeps the division sound where gradients vanish; larger values make steps there smaller.",
        symbol="ε",
        above=0,
        most=1,
        log=True,
    ),
]

MeanMemory = Annotated[
    float,
    Setting(
        "Memory of the mean",
        "Share kept of the running mean of gradients; 0.9 averages about the last 10.",
        symbol="β₁",
        least=0,
        below=1,
    ),
]

SquareMemory = Annotated[
    float,
    Setting(
        "Memory of the square",
        "Share kept of the running mean of squared gradients; 0.999 averages about the last 1,000.",
        symbol="β₂",
        least=0,
        below=1,
    ),
]

WeightDecay = Annotated[
    float,
    Setting(
        "Weight decay",
        "Share of every weight, times the learning rate, that is taken off at each step.",
        symbol="λ",
        least=0,
        most=10,
        log=True,
    ),
]


class Surroundings(Protocol):
    """The loss of the step's batch around the weights, for rules that ask for more than its gradient."""

    step: int
    """The number of the step, from 0."""

    def here(self) -> Tensor:
        """Return the loss at the weights themselves, shape ()."""

    def at(self, change: Tensor) -> tuple[Tensor, Tensor]:
        """Return the loss, shape (), and its gradient, (P,), where the weights had changed so."""

    def curvature(self, direction: Tensor) -> Tensor:
        """Return the product of the loss's Hessian with a direction, (P,)."""


class Optimizer(Choice, family="optimizers"):
    """How weights change, given the gradient.

    All parameters lie in one flat vector θ, so a rule is vector arithmetic. Schedules, live edits and
    parameter groups only change `values`; a rule therefore never reads its own fields in `update`.
    """

    live = "numbers"  # and not its kind: what another rule remembers cannot be made up in the middle

    uses_weights: ClassVar[bool] = True
    """Whether `update` looks at `weights`; where nothing does, they are not worked out."""

    looks_around: ClassVar[bool] = False
    """Whether `step` asks for more of the loss than its gradient; its cost belongs into the summary."""

    finds_rate: ClassVar[bool] = False
    """Whether it works the learning rate out by itself, which then is a factor to be left at 1."""

    remembers: ClassVar[tuple[str, ...]] = ()
    """What is kept from step to step, by the symbol's name in the textbook; `t` counts the steps."""

    rates_by_layer: ClassVar[bool] = True
    """Whether layers may learn at rates of their own; not where one number is found for all of them."""

    learning_rate: LearningRate = 0.01

    def unless_by_layer(self, path: str) -> tuple[Problem, ...]:
        """Return that the setting at `path` must be 1, where layers cannot have rates of their own."""
        why = "must be 1, as {title} moves all layers by one rate; or take another optimizer, such as adamw"
        return () if self.rates_by_layer else (Problem(path, Message(why, title=self.title)),)

    def start(self, parameters: Tensor, layout: Layout) -> State:
        """Return the state before the first step, on the device of `parameters` (flat, shape (P,)).

        What is remembered starts at 0, each of shape (P,), the counter `t` of shape (). `layout` says which
        parameters are whose, for rules that treat layers apart.
        """
        import torch

        return {
            # on the device, too: Adam's fused kernel takes its counter there, and nobody waits
            name: torch.zeros((), device=parameters.device) if name == "t" else torch.zeros_like(parameters)
            for name in self.remembers
        }

    @abstractmethod
    def update(
        self, gradient: Tensor, state: State, values: Values, weights: Tensor, layout: Layout
    ) -> Tensor:
        """Return the change to be added to the parameters, shape (P,).

        `gradient` is the flat gradient (P,); it may be overwritten. `state` is updated in place. `weights`
        are the parameters with biases and normalization gains replaced by 0, which decay must not touch.
        Nothing here may wait for the device: what is worked out stays a tensor.
        """

    def step(
        self,
        gradient: Tensor,
        state: State,
        values: Values,
        weights: Tensor,
        layout: Layout,
        around: Surroundings,
    ) -> Tensor:
        """Return the change as `update` does: a rule that `looks_around` may ask more of the loss before."""
        return self.update(gradient, state, values, weights, layout)

    def lead(self, state: State, values: Values) -> Tensor | None:
        """Return how far the weights that are judged are ahead of those that are stepped, (P,).

        None: they are the same, as with most rules. A rule that keeps a mean of the weights keeps how far it
        is from them, as it never sees biases and gains.
        """
        return None


def step_number(state: State) -> Tensor:
    """Count this step and return its number t, 1 at first, as a tensor of shape ()."""
    # In single precision 1 − 0.999ᵗ would lose digits in the first steps.
    return state["t"].add_(1).double()


def corrected(mean: Tensor, memory: float | Tensor, step: Tensor) -> Tensor:
    """Return m / (1 − βᵗ): a running mean that started at 0, as if it had started with what it saw; (P,)."""
    return mean / (1 - memory**step)


def moments(gradient: Tensor, state: State, values: Values) -> tuple[Tensor, Tensor]:
    """Return Adam's m̂ and v̂ as new vectors (P,), after m, v and t have taken up the gradient.

    The gradient stays as it is.
    """
    step = step_number(state)
    beta1, beta2 = values["beta1"], values["beta2"]
    mean = corrected(state["m"].lerp_(gradient, 1 - beta1), beta1, step)
    square = corrected(state["v"].lerp_(gradient.square(), 1 - beta2), beta2, step)
    return mean, square
