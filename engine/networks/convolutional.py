"""Small convolutional networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import nn

from engine.networks.dense import dense_block
from engine.networks.finish import Finish


def convolution_block(inputs: int, outputs: int, kernel: int, pooling: str, finish: Finish) -> nn.Sequential:
    """Return a convolution from (B, inputs, H, W) to (B, outputs, H, W) and what follows it, but no dropout.

    With pooling ("max" or "average", not "none") height and width are halved at the end, rounded down.
    """
    layer = {"convolution": nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)}
    return nn.Sequential(OrderedDict({**layer, **finish.bend(outputs), **_pooling(pooling)}))


def convolutional_network(
    shape: tuple[int, ...],
    channels: Sequence[int],
    dense: Sequence[int],
    outputs: int,
    kernel: int,
    pooling: str,
    finish: Finish,
) -> nn.Sequential:
    """Return a network from (B, *shape), shape being (channels, height, width), to (B, outputs).

    Its parts are `convolution_1`, ..., `flatten`, `dropout` (where chosen), `dense_1`, ... and `output`.
    Dropout comes before every fully connected layer.
    """
    depth, height, width = shape
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for number, maps in enumerate(channels, 1):
        parts[f"convolution_{number}"] = convolution_block(depth, maps, kernel, pooling, finish)
        depth = maps
        if pooling != "none":
            height, width = height // 2, width // 2
    parts["flatten"] = nn.Flatten()
    parts.update(finish.drop())
    entering = depth * height * width
    for number, units in enumerate(dense, 1):
        parts[f"dense_{number}"] = dense_block(entering, units, finish)
        entering = units
    parts["output"] = nn.Linear(entering, outputs)
    return nn.Sequential(parts)


def _pooling(name: str) -> dict[str, nn.Module]:
    if name == "none":
        return {}
    return {"pooling": {"max": nn.MaxPool2d, "average": nn.AvgPool2d}[name](2)}
