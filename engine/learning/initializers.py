"""Initializers: how weights start."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from engine.choices import Choice

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Initializer(Choice, family="initializers"):
    """How the weights of a layer are drawn. Biases start at 0, gains of normalisation layers at 1."""

    @abstractmethod
    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return float32 weights of `shape` (outputs first), drawn on the CPU from `generator`.

        `fan_in` and `fan_out` count the connections into and out of one unit.
        """
