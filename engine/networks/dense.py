"""Fully connected networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from engine.networks.finish import Finish


def dense_block(inputs: int, outputs: int, finish: Finish) -> nn.Sequential:
    """Return a fully connected layer from (B, inputs) to (B, outputs) with what follows it."""
    layer = {"linear": nn.Linear(inputs, outputs)}
    return nn.Sequential(OrderedDict({**layer, **finish.bend(outputs), **finish.drop()}))


def dense_network(inputs: int, hidden: Sequence[int], outputs: int, finish: Finish) -> nn.Sequential:
    """Return a network from (B, ...) with `inputs` numbers an example to (B, outputs).

    Its parts are named `flatten`, `hidden_1`, `hidden_2`, ... and `output`.
    """
    parts: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    width = inputs
    for number, units in enumerate(hidden, 1):
        parts[f"hidden_{number}"] = dense_block(width, units, finish)
        width = units
    parts["output"] = nn.Linear(width, outputs)
    return nn.Sequential(parts)
