"""Regularizers: changes of the gradient that keep weights or steps small."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from engine.choices import Choice

if TYPE_CHECKING:
    from torch import Tensor


class Regularizer(Choice, family="regularizers"):
    """A change of the gradient before the optimizer sees it; several are applied in the order listed."""

    @abstractmethod
    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return the adjusted flat gradient (P,); `gradient` may be overwritten.

        `weights` are the flat parameters with biases and normalisation gains replaced by 0.
        """
