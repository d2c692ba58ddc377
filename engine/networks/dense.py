"""Fully connected networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

from engine.data.description import Inputs
from engine.networks.finish import Finish
from engine.networks.sequences.padding import filled


def dense_block(inputs: int, outputs: int, finish: Finish) -> nn.Sequential:
    """Return a fully connected layer from (B, inputs) to (B, outputs) with what follows it."""
    layer = {"linear": nn.Linear(inputs, outputs)}
    return nn.Sequential(OrderedDict({**layer, **finish.bend(outputs), **finish.drop()}))


class FlatSeries(nn.Module):
    """A series (B, length, channels) as one vector, 0 at places where nothing is."""

    words = "Flatten"

    def forward(self, series: Tensor) -> Tensor:
        """Return (B, length · channels)."""
        return filled(series).flatten(1)


def flat(inputs: Inputs) -> nn.Module:
    """Return what makes one vector of an example, (B, inputs.size)."""
    # the places after the end of a series are NaN, which any weighted sum would become
    return FlatSeries() if inputs.kind == "series" else nn.Flatten()


def dense_network(inputs: Inputs, hidden: Sequence[int], outputs: int, finish: Finish) -> nn.Sequential:
    """Return a network from (B, *inputs.shape) to (B, outputs).

    Its parts are named `flatten`, `hidden_1`, `hidden_2`, ... and `output`.
    """
    parts: OrderedDict[str, nn.Module] = OrderedDict(flatten=flat(inputs))
    width = inputs.size
    for number, units in enumerate(hidden, 1):
        parts[f"hidden_{number}"] = dense_block(width, units, finish)
        width = units
    # no activation: losses read raw numbers
    parts["output"] = nn.Linear(width, outputs)
    return nn.Sequential(parts)
