"""CNN: a small convolutional network for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import field_validator

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, Normalization, Width
from engine.choices import Problem, Setting
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn


class Cnn(Architecture, kind="cnn", title="Convolutional network", rank=3):
    """Small filters slide over the picture and find the same pattern anywhere in it.

    Every convolution looks at a small square of the layer before, with the same weights at every place;
    pooling halves the picture, so that the next one sees a wider part of it. Fully connected layers at the
    end put together what was found. It needs far fewer weights than a multilayer perceptron on the same
    picture.

    Formula: hₗ = pool(φ(Wₗ ∗ hₗ₋₁ + bₗ)), h₀ = x

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998.
    """

    channels: Annotated[
        tuple[Annotated[int, Setting("Filters", "Filters of one convolution.", least=1, most=2048)], ...],
        Setting(
            "Filters", "Filters in each convolution, from input to output, as in 16, 32.", least=1, most=20
        ),
    ] = (16, 32)
    kernel: Annotated[
        int,
        Setting(
            "Filter size", "Width and height of a filter; odd.", symbol="k", unit="pixels", least=1, most=15
        ),
    ] = 3
    pooling: Annotated[
        Literal["max", "average", "none"],
        Setting(
            "Pooling",
            "What is kept of every 2 × 2 square after a convolution.",
            options={"max": "the largest value", "average": "the mean", "none": "everything, no pooling"},
        ),
    ] = "max"
    dense: Annotated[
        tuple[Width, ...],
        Setting(
            "Fully connected layers",
            "Units in each layer between convolutions and output, as in 64.",
            most=20,
        ),
    ] = (64,)
    activation: Activation = "relu"
    normalization: Normalization = "none"
    dropout: Dropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    @field_validator("kernel")
    @classmethod
    def _odd(cls, kernel: int) -> int:
        if kernel % 2 == 0:
            raise ValueError(f"must be odd, so that a filter has a middle, not {kernel}; try {kernel + 1}")
        return kernel

    def problems(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the poolings leave nothing of the picture."""
        height, width = inputs.shape[1:]
        most = min(height, width).bit_length() - 1
        if self.pooling == "none" or len(self.channels) <= most:
            return ()
        return (
            Problem(
                "channels",
                f"{len(self.channels)} poolings halve the picture of {height} × {width} pixels to nothing; "
                f"take at most {most} convolutions, larger pictures or no pooling",
            ),
        )

    def build(self, inputs: Inputs, outputs: int) -> nn.Module:
        """Return convolutions, fully connected layers and a linear output layer."""
        from engine.networks.convolutional import convolutional_network
        from engine.networks.finish import Finish

        finish = Finish(self.activation, self.normalization, self.dropout)
        return convolutional_network(
            inputs.shape, self.channels, self.dense, outputs, self.kernel, self.pooling, finish
        )
