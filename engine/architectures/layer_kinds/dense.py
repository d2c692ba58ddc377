"""Layers for plain numbers: fully connected, and the activation by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.architectures.layer_kinds.layer import (
    Effect,
    Group,
    ListedLayer,
    channels_of,
    places_of,
    with_channels,
)
from engine.architectures.settings import Activation, Width
from engine.choices import Problem
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn


class Dense(ListedLayer, kind="dense", title="Dense", rank=1):
    """Units that are each connected to every number of the layer before.

    Every unit takes a weighted sum of all numbers and bends it. Of a series, it takes one place at a time,
    with the same weights at every place.

    Formula: y = φ(W x + b)

    Source: Rosenblatt, The Perceptron, 1958.
    """

    units: Width = 64
    activation: Activation = "relu"
    # no picture: torch's layer works on the last axis, channels in a series but the width in a picture
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "series"})
    group: ClassVar[Group] = "Fully connected"

    def effect(self, inputs: Inputs) -> Effect:
        """Return the units, with a weight for each number received and a bias."""
        entering = channels_of(inputs)
        return Effect(
            with_channels(inputs, self.units),
            (entering + 1) * self.units,
            places_of(inputs) * entering * self.units,
        )

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the fully connected layer, `linear`, and its activation."""
        from engine.networks.dense import dense_block
        from engine.networks.finish import Finish

        return dense_block(channels_of(inputs), self.units, Finish(self.activation))


class ActivationLayer(ListedLayer, kind="activation", title="Activation", rank=2):
    """The bend by itself, for where it does not stand in the layer before, as after a normalization.

    Formula: y = φ(x)

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.3.
    """

    activation: Activation = "relu"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})
    group: ClassVar[Group] = "Fully connected"

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in: an activation has nothing to learn."""
        return Effect(inputs)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the activation."""
        from engine.networks.activations import activation

        return activation(self.activation)


class SoftmaxLayer(ListedLayer, kind="softmax", title="Softmax", rank=3):
    """Makes shares of numbers: all lie between 0 and 1, and their sum is 1; of a series, at every place.

    At the end of a classifier it is not wanted: the output layer follows by itself, and the cross-entropy
    works out the softmax of its scores, in a form that keeps all digits. A softmax before it squeezes what
    the output layer sees, and slows learning. It is for shares within a network, as gates and mixtures are.

    Formula: yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)

    Source: Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990.
    """

    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "series"})
    group: ClassVar[Group] = "Fully connected"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where there is one number alone, whose share is always 1."""
        if channels_of(inputs) > 1:
            return ()
        # at `kind`, as the layer has no setting that could be to blame
        return (Problem("kind", "would make every number 1: there is one number only, which is its own sum"),)

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in: there is nothing to learn."""
        return Effect(inputs)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the softmax over the channels."""
        from engine.networks.listed import Softmax

        return Softmax()
