"""Initializers that draw nothing: every weight starts alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from engine.choices import Setting
from engine.learning.initializers.initializer import Initializer

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Zeros(Initializer, kind="zeros", title="Zeros"):
    """Every weight starts at 0.

    All units of a layer then compute the same and receive the same gradient, so that they stay equal for
    ever: a network with hidden layers cannot learn this way. It is here to be seen; for a network without
    hidden layers (a linear model) it is a sound start.

    Formula: w = 0

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.4, on why symmetry must be
    broken.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return zeros."""
        import torch

        return torch.zeros(shape)


class Ones(Initializer, kind="ones", title="Ones"):
    """Every weight starts at 1.

    As with zeros, all units of a layer stay equal for ever; and a unit of n connections adds n inputs up, so
    that signals grow by a factor of n in each layer. It is here to be seen: a linear model can still learn.

    Formula: w = 1

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.4, on why symmetry must be
    broken.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return ones."""
        import torch

        return torch.ones(shape)


class ConstantWeights(Initializer, kind="constant", title="Constant"):
    """Every weight starts at the same value.

    All units of a layer compute the same and stay equal for ever, whatever the value is: a network with
    hidden layers cannot learn this way. Set it to 1/n for units that begin as the mean of their inputs.

    Formula: w = c

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.4, on why symmetry must be
    broken.
    """

    value: Annotated[
        float, Setting("Value", "What every weight starts at.", symbol="c", least=-100, most=100)
    ] = 0.1

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return the value, everywhere."""
        import torch

        return torch.full(shape, self.value)
