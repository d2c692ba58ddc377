"""Small convolutional networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from engine.networks.activations import activation as activation_named
from engine.networks.dense import dense_block
from engine.networks.normalization import normalization as normalization_named

_POOLING = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


def convolution_block(
    inputs: int, outputs: int, *, kernel: int, pooling: str, activation: str, normalization: str
) -> nn.Sequential:
    """Return a convolution from (B, inputs, H, W) to (B, outputs, H, W) and what follows it.

    With pooling, height and width are halved (rounded down) at the end.
    """
    parts: OrderedDict[str, nn.Module] = OrderedDict(
        convolution=nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
    )
    norm = normalization_named(normalization, outputs)
    if norm is not None:
        parts["normalization"] = norm
    if activation != "linear":
        parts["activation"] = activation_named(activation)
    if pooling != "none":
        parts["pooling"] = _POOLING[pooling](2)
    return nn.Sequential(parts)


def convolutional_network(
    shape: tuple[int, ...],
    channels: Sequence[int],
    dense: Sequence[int],
    outputs: int,
    *,
    kernel: int,
    pooling: str,
    activation: str,
    normalization: str,
    dropout: float,
) -> nn.Sequential:
    """Return a network from (B, channels, height, width) to (B, outputs).

    Its parts are named `convolution_1`, ..., `flatten`, `dropout` (where chosen), `dense_1`, ... and `output`.
    Dropout comes before every fully connected layer.
    """
    depth, height, width = shape
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for number, maps in enumerate(channels, 1):
        parts[f"convolution_{number}"] = convolution_block(
            depth, maps, kernel=kernel, pooling=pooling, activation=activation, normalization=normalization
        )
        depth = maps
        if pooling != "none":
            height, width = height // 2, width // 2
    parts["flatten"] = nn.Flatten()
    if dropout > 0:
        parts["dropout"] = nn.Dropout(dropout)
    units = depth * height * width
    for number, wider in enumerate(dense, 1):
        parts[f"dense_{number}"] = dense_block(
            units, wider, activation=activation, normalization=normalization, dropout=dropout
        )
        units = wider
    parts["output"] = nn.Linear(units, outputs)
    return nn.Sequential(parts)
