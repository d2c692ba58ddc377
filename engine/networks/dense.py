"""Fully connected networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from engine.networks.activations import activation as activation_named
from engine.networks.normalization import normalization as normalization_named


def dense_block(
    inputs: int, outputs: int, *, activation: str, normalization: str, dropout: float
) -> nn.Sequential:
    """Return a fully connected layer with what follows it: normalization, activation, dropout, where chosen."""
    parts: OrderedDict[str, nn.Module] = OrderedDict(linear=nn.Linear(inputs, outputs))
    norm = normalization_named(normalization, outputs)
    if norm is not None:
        parts["normalization"] = norm
    if activation != "linear":
        parts["activation"] = activation_named(activation)
    if dropout > 0:
        parts["dropout"] = nn.Dropout(dropout)
    return nn.Sequential(parts)


def dense_network(
    inputs: int,
    hidden: Sequence[int],
    outputs: int,
    *,
    activation: str = "relu",
    normalization: str = "none",
    dropout: float = 0.0,
) -> nn.Sequential:
    """Return a network from (B, ...) with `inputs` numbers an example to (B, outputs).

    Its parts are named `flatten`, `hidden_1`, `hidden_2`, ... and `output`.
    """
    parts: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    width = inputs
    for number, units in enumerate(hidden, 1):
        parts[f"hidden_{number}"] = dense_block(
            width, units, activation=activation, normalization=normalization, dropout=dropout
        )
        width = units
    parts["output"] = nn.Linear(width, outputs)
    return nn.Sequential(parts)
