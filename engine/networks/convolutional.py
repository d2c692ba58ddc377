"""Small convolutional networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from math import prod

from torch import nn

from engine.networks.dense import dense_block
from engine.networks.finish import Finish
from engine.networks.pooling import pooling
from engine.networks.windows import HALVING, ConvolutionStack, remaining


def convolutional_network(
    shape: tuple[int, ...], stack: ConvolutionStack, dense: Sequence[int], outputs: int, finish: Finish
) -> nn.Sequential:
    """Return a network from (B, *shape), shape being (channels, height, width), to (B, outputs).

    Its parts are `convolution_1`, ..., `flatten`, `dropout` (where chosen), `dense_1`, ... and `output`.
    Dropout comes before every fully connected layer.
    """
    depth, *sides = shape
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for number, maps in enumerate(stack.channels, 1):
        parts[f"convolution_{number}"] = _block(stack, number, depth, finish)
        depth = maps
    parts["flatten"] = nn.Flatten()
    parts.update(finish.drop())
    entering = depth * prod(remaining(sides, stack.windows()))
    for number, units in enumerate(dense, 1):
        parts[f"dense_{number}"] = dense_block(entering, units, finish)
        entering = units
    parts["output"] = nn.Linear(entering, outputs)
    return nn.Sequential(parts)


def _block(stack: ConvolutionStack, number: int, inputs: int, finish: Finish) -> nn.Sequential:
    """Return a convolution of (B, inputs, H, W) and what follows it, but no dropout."""
    window, outputs = stack.window(number), stack.channels[number - 1]
    convolution = nn.Conv2d(inputs, outputs, window.size, padding=window.padding)
    last = {"pooling": pooling(stack.pooling, HALVING)} if stack.pools_after(number) else {}
    return nn.Sequential(OrderedDict({"convolution": convolution, **finish.bend(outputs), **last}))
