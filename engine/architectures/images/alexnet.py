"""AlexNet: the deep convolutional network that won the ImageNet contest of 2012."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.images.too_small import nothing_left
from engine.architectures.settings import (
    Activation,
    DenseLayers,
    Dropout,
    Filters,
    Pooling,
    Stem,
    UnitDropoutKind,
)
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, Outputs
from engine.networks.images.windows import HALVING, ConvolutionStep, Plan, PoolingStep, Window, same

if TYPE_CHECKING:
    from torch import nn


class AlexNet(Architecture, kind="alexnet", title="AlexNet", rank=7):
    """Five convolutions and three poolings, then large fully connected layers with dropout.

    It made deep networks famous by halving the errors of everything before it on photographs of a thousand
    classes. ReLU, dropout and training on a graphics card came together here. The original has 64, 192, 384,
    256, 256 filters, two layers of 4096 units and 224 × 224 pixels; for small pictures the first layers use
    filters of 5 × 5 pixels and the picture is halved three times. Most weights lie in the dense layers.

    Formula: hₗ = φ(Wₗ ∗ hₗ₋₁ + bₗ), pooled after l = 1, 2, 5; then dense layers with dropout

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012; filters after Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, 2014;
    SELU and alpha dropout: Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks,
    2017.
    """

    stem: Stem = "small"
    channels: Annotated[
        tuple[Filters, ...],
        Setting("Filters", "Filters in each of the five convolutions.", least=5, most=5),
        # a quarter of the original's, in its proportions
    ] = (16, 48, 96, 64, 64)
    pooling: Pooling = "max"
    dense: DenseLayers = (128, 128)
    activation: Activation = "relu"
    # that of the paper, without which it learnt the photographs by heart (section 4.2)
    dropout: Dropout = 0.5
    dropout_kind: UnitDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where convolutions and poolings leave nothing of the picture."""
        if self.stem == "small":
            advice = "pictures need at least 8 × 8 pixels"
        else:
            # the least of which a place is left: 63, 15, 7, 3, 1 pixels a side
            advice = 'pictures need at least 63 × 63 pixels, or "small" here'
        return super().problems(about) or nothing_left(
            "stem", about.inputs, self._plan, "three poolings", advice
        )

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return convolutions, fully connected layers and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.convolutional import numbered_network

        finish = Finish(self.activation, dropout=self.dropout, dropout_kind=self.dropout_kind)
        return numbered_network(
            inputs.shape, self._plan, self.pooling, self.dense, outputs.size, finish, drop_first=True
        )

    @property
    def _plan(self) -> Plan:
        small = self.stem == "small"
        # padding 2 as in the public files: so 224 pixels give the 55 × 55 places of the paper
        first, pool = (same(5), HALVING) if small else (Window(11, 4, 2), PoolingStep(Window(3, 2)))
        one, two, three, four, five = self.channels
        return (
            ConvolutionStep(one, first), pool,
            ConvolutionStep(two, same(5)), pool,
            ConvolutionStep(three, same(3)),
            ConvolutionStep(four, same(3)),
            ConvolutionStep(five, same(3)), pool,
        )  # fmt: skip
