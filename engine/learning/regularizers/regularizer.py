"""What every regularizer is, and where in the flat vectors its units lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.choices import Choice

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.layout import Layout, Parameter


class Regularizer(Choice, family="regularizers"):
    """What keeps weights or steps small; several are applied in the order listed.

    It changes the gradient before the optimizer sees it, or the weights after their step.
    """

    live = "whole"

    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return the adjusted flat gradient (P,) of `step`, counted from 0; `gradient` may be overwritten.

        `weights` are the flat parameters with biases and normalization gains replaced by 0. What it draws, it
        draws from the default generator, as everything in a step.
        """
        return gradient

    def constrain(self, parameters: Tensor, layout: Layout) -> None:
        """Bring the flat parameters (P,) back into what is allowed, after their step, in place."""

    def penalty(self, weights: Tensor) -> float | Tensor:
        """Return what it adds to the loss, of which `adjust` adds the slope; 0 where it only limits that.

        Only for optimizers that compare losses, whose slope must be that of the loss.
        """
        return 0.0


def matrices(layout: Layout) -> Iterator[Parameter]:
    """Yield the parameters that are weights of units: matrices and kernels, no biases, no gains.

    Their first dimension counts units; in an embedding it counts words.
    """
    return (place for place in layout if len(place.shape) > 1)


def of_units(place: Parameter, vector: Tensor) -> Tensor:
    """Return the entries of a parameter in a flat vector, a row for each unit, as a view; (units, inputs)."""
    return vector[place.start : place.end].view(place.shape[0], -1)
