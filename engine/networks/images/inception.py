"""Inception modules: filters of several sizes side by side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.networks.finish import Finish
from engine.networks.images.pooling import pooling as pooling_named
from engine.networks.images.windows import Window, same


class Widths(NamedTuple):
    """Channels that the convolutions of a module put out, in the order of the paper's Table 1."""

    one: int
    narrow_3: int
    three: int
    narrow_5: int
    five: int
    pooled: int

    @property
    def outputs(self) -> int:
        """Return how many channels the branches put out together."""
        return self.one + self.three + self.five + self.pooled

    def scaled(self, factor: float) -> Widths:
        """Return widths so many times as large, rounded, each at least 1."""
        # a small factor would leave nothing of the narrowest branches, of 16
        return Widths(*(max(1, round(factor * width)) for width in self))


def even(channels: int) -> Widths:
    """Return widths with the shares of module 3a, for a multiple of 16 channels.

    The branches put out 1/4, 1/2, 1/8 and 1/8 of the channels, the narrowing convolutions 3/8 and 1/16.
    """
    eighth = channels // 8
    return Widths(2 * eighth, 3 * eighth, 4 * eighth, channels // 16, eighth, eighth)


GOOGLENET = (
    {
        "3a": Widths(64, 96, 128, 16, 32, 32),
        "3b": Widths(128, 128, 192, 32, 96, 64),
    },
    {
        "4a": Widths(192, 96, 208, 16, 48, 64),
        "4b": Widths(160, 112, 224, 24, 64, 64),
        "4c": Widths(128, 128, 256, 24, 64, 64),
        "4d": Widths(112, 144, 288, 32, 64, 64),
        "4e": Widths(256, 160, 320, 32, 128, 128),
    },
    {
        "5a": Widths(256, 160, 320, 32, 128, 128),
        "5b": Widths(384, 192, 384, 48, 128, 128),
    },
)
"""The modules of GoogLeNet, stage by stage (Table 1)."""


class InceptionModule(nn.Module):
    """Four branches side by side, joined along the channels: (B, inputs, H, W) to (B, outputs, H, W).

    1 × 1; 1 × 1 then 3 × 3; 1 × 1 then 5 × 5; pooling of 3 × 3 then 1 × 1.
    """

    def __init__(self, inputs: int, widths: Widths, pooling: str, finish: Finish) -> None:
        super().__init__()
        self.branch_1 = convolution_block(inputs, widths.one, 1, finish)
        self.branch_3 = nn.Sequential(
            convolution_block(inputs, widths.narrow_3, 1, finish),
            convolution_block(widths.narrow_3, widths.three, 3, finish),
        )
        self.branch_5 = nn.Sequential(
            convolution_block(inputs, widths.narrow_5, 1, finish),
            convolution_block(widths.narrow_5, widths.five, 5, finish),
        )
        self.branch_pooling = nn.Sequential(
            pooling_named(pooling, same(3)), convolution_block(inputs, widths.pooled, 1, finish)
        )

    def forward(self, values: Tensor) -> Tensor:
        """Return what all branches found."""
        branches = (self.branch_1, self.branch_3, self.branch_5, self.branch_pooling)
        return torch.cat([branch(values) for branch in branches], 1)


def convolution_block(
    inputs: int, outputs: int, kernel: int, finish: Finish, stride: int = 1
) -> nn.Sequential:
    """Return a convolution from (B, inputs, H, W) to (B, outputs, H, W), normalization and activation.

    With a stride height and width are divided by it, rounded up.
    """
    # with a bias, as the normalization that would make it needless can be switched off
    layer = {"convolution": nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2)}
    return nn.Sequential(OrderedDict({**layer, **finish.bend(outputs)}))


def inception_network(
    inputs: int, stages: Sequence[int], modules: int, pooling: str, outputs: int, finish: Finish
) -> nn.Sequential:
    """Return a network from (B, inputs, H, W) to (B, outputs).

    `stages`: channels that each module of a stage puts out, `modules` of them a stage; between stages the
    picture is halved, rounded up. Its parts are `stem`, `module_1_1`, ..., `pooling_1`, ..., `average`,
    `flatten`, `dropout` (where chosen) and `output`.
    """
    channels = stages[0] // 2
    parts: OrderedDict[str, nn.Module] = OrderedDict(stem=convolution_block(inputs, channels, 3, finish))
    for stage, wide in enumerate(stages, 1):
        if stage > 1:
            # windows of 3, two apart, overlap as in the paper
            parts[f"pooling_{stage - 1}"] = pooling_named(pooling, Window(3, 2, 1))
        for number in range(1, modules + 1):
            parts[f"module_{stage}_{number}"] = InceptionModule(channels, even(wide), pooling, finish)
            channels = wide
    parts.update(average=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), **finish.drop())
    parts["output"] = nn.Linear(channels, outputs)
    return nn.Sequential(parts)


def googlenet(
    inputs: int, width: float, pooling: str, outputs: int, finish: Finish, *, small: bool
) -> nn.Sequential:
    """Return GoogLeNet, (B, inputs, H, W) to (B, outputs), all layers `width` times as wide as published.

    `small`: the first layers keep the size of the picture, instead of leaving an eighth of it. Its parts are
    `convolution_1`, `convolution_2a`, `convolution_2b`, `module_3a`, ..., with `pooling_1`, ... between them,
    `average`, `flatten`, `dropout` (where chosen) and `output`.
    """
    narrow, channels = (max(1, round(width * published)) for published in (64, 192))
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    parts["convolution_1"] = convolution_block(inputs, narrow, 3 if small else 7, finish, 1 if small else 2)
    if not small:
        # padding 1 gives the sizes of Table 1 (112 to 56), which the paper gets by rounding up
        parts["pooling_1"] = pooling_named(pooling, Window(3, 2, 1))
    parts["convolution_2a"] = convolution_block(narrow, narrow, 1, finish)
    parts["convolution_2b"] = convolution_block(narrow, channels, 3, finish)
    for number, stage in enumerate(GOOGLENET, 2):
        # the third of the halvings that a small stem leaves out
        if number > 2 or not small:
            parts[f"pooling_{number}"] = pooling_named(pooling, Window(3, 2, 1))
        for name, published in stage.items():
            widths = published.scaled(width)
            parts[f"module_{name}"] = InceptionModule(channels, widths, pooling, finish)
            channels = widths.outputs
    parts.update(average=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), **finish.drop())
    parts["output"] = nn.Linear(channels, outputs)
    return nn.Sequential(parts)
