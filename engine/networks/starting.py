"""Starting values: a module may say itself how its parameters start, where the usual rule does not fit."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from torch import Tensor


class Draw(Protocol):
    """Draws weights as the chosen initializer does."""

    def __call__(self, *shape: int) -> Tensor:
        """Return weights of the shape (outputs, inputs, *kernel), whose fans follow from it."""


@runtime_checkable
class SelfStarting(Protocol):
    """A module whose parameters do not start by the usual rule: weights drawn whole, biases 0, gains 1."""

    def starting(self, name: str, draw: Draw) -> Tensor:
        """Return how the parameter of that name starts.

        Where a parameter holds several matrices on top of each other, each has its own fans and is drawn by
        itself.
        """
