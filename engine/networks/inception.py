"""Inception modules: filters of several sizes side by side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.networks.finish import Finish
from engine.networks.pooling import pooling as pooling_named
from engine.networks.windows import Window, same


class InceptionModule(nn.Module):
    """Four branches side by side, joined along the channels: (B, inputs, H, W) to (B, channels, H, W).

    1 × 1; 1 × 1 then 3 × 3; 1 × 1 then 5 × 5; pooling of 3 × 3 then 1 × 1. They put out 1/4, 1/2, 1/8 and 1/8
    of the channels, the narrowing convolutions 3/8 and 1/16, as in module 3a of the paper (Table 1).
    """

    def __init__(self, inputs: int, channels: int, pooling: str, finish: Finish) -> None:
        super().__init__()
        eighth, narrow_3, narrow_5 = channels // 8, channels * 3 // 8, channels // 16
        self.branch_1 = convolution_block(inputs, 2 * eighth, 1, finish)
        self.branch_3 = nn.Sequential(
            convolution_block(inputs, narrow_3, 1, finish), convolution_block(narrow_3, 4 * eighth, 3, finish)
        )
        self.branch_5 = nn.Sequential(
            convolution_block(inputs, narrow_5, 1, finish), convolution_block(narrow_5, eighth, 5, finish)
        )
        self.branch_pooling = nn.Sequential(
            pooling_named(pooling, same(3)), convolution_block(inputs, eighth, 1, finish)
        )

    def forward(self, values: Tensor) -> Tensor:
        """Return what all branches found."""
        branches = (self.branch_1, self.branch_3, self.branch_5, self.branch_pooling)
        return torch.cat([branch(values) for branch in branches], 1)


def convolution_block(inputs: int, outputs: int, kernel: int, finish: Finish) -> nn.Sequential:
    """Return a convolution from (B, inputs, H, W) to (B, outputs, H, W), normalization and activation."""
    layer = {"convolution": nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)}
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
            parts[f"pooling_{stage - 1}"] = pooling_named(pooling, Window(3, 2, 1))
        for number in range(1, modules + 1):
            parts[f"module_{stage}_{number}"] = InceptionModule(channels, wide, pooling, finish)
            channels = wide
    parts.update(average=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), **finish.drop())
    parts["output"] = nn.Linear(channels, outputs)
    return nn.Sequential(parts)
