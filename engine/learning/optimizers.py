"""Optimizers: update rules. Tensors in and out; settings are passed as values at each step."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from engine.choices import Choice, Setting

if TYPE_CHECKING:
    from torch import Tensor

State = dict[str, "Tensor"]
"""What a rule remembers between steps, by the symbol's name in the textbook; saved with every checkpoint."""

Values = Mapping[str, "float | Tensor"]
"""The rule's settings at this step by field name: numbers, or vectors with one entry per parameter."""


class Optimizer(Choice, family="optimizers"):
    """How weights change, given the gradient.

    All parameters lie in one flat vector θ, so a rule is vector arithmetic. Schedules, live edits and
    parameter groups only change `values`; a rule therefore never reads its own fields in `update`.
    """

    learning_rate: Annotated[
        float,
        Setting("Learning rate", "How far each update moves the weights.", symbol="η", above=0, most=10, log=True),
    ] = 0.01

    @abstractmethod
    def start(self, parameters: Tensor) -> State:
        """Return the state before the first step, on the device of `parameters` (flat, shape (P,))."""

    @abstractmethod
    def update(self, gradient: Tensor, state: State, values: Values, weights: Tensor) -> Tensor:
        """Return the change to be added to the parameters, shape (P,).

        `gradient` is the flat gradient (P,); it may be overwritten. `state` is updated in place. `weights`
        are the parameters with biases and normalisation gains replaced by 0, which decay must not touch.
        """
