"""Layers that learn nothing and give numbers another order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer, vector
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn


class Flatten(ListedLayer, kind="flatten", title="Flatten", rank=50):
    """All numbers of a picture or series in one row, as fully connected layers want them.

    Formula: y = (x₁, x₂, …), channel by channel, row by row

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998.
    """

    # a vector, too: a list that begins with it can be kept when the data changes
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})
    group: ClassVar[Group] = "Shape"

    def effect(self, inputs: Inputs) -> Effect:
        """Return the same numbers as a vector."""
        return Effect(vector(inputs.size))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return what unrolls."""
        from torch import nn

        return nn.Flatten()


class Rows(ListedLayer, kind="rows", title="Rows as a series", rank=51):
    """Takes a picture row by row, from top to bottom, so that layers for series can read it.

    Formula: yₜ = the pixels of row t, all channels one after the other

    Source: Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units,
    2015, section 4.2.
    """

    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})
    group: ClassVar[Group] = "Shape"

    def effect(self, inputs: Inputs) -> Effect:
        """Return as many places as the picture has rows."""
        channels, height, width = inputs.shape
        return Effect(Inputs("series", (height, channels * width)))

    def build(self, inputs: Inputs) -> nn.Module:
        """Return what reorders the pixels."""
        from engine.networks.listed import RowsAsSeries as Module

        return Module()
