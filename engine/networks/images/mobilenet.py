"""MobileNetV2; parameters are named as in the public weight files."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

from engine.networks.dropping import share_at, stochastic_depth
from engine.networks.normalization import BatchNorm

TABLE = ((1, 16, 1), (6, 24, 2), (6, 32, 2), (6, 64, 2), (6, 96, 1), (6, 160, 2), (6, 320, 1))
"""Table 2 of the paper, a row a stage: expansion t, channels c, stride s of its first block."""
FIRST, LAST = 32, 1280
"""Channels of the convolution before the stages and of the one after them."""


class InvertedResidual(nn.Module):
    """Widen by 1 × 1, filter each channel by 3 × 3, narrow by 1 × 1 without activation.

    From (B, inputs, H, W) to (B, outputs, H / stride, W / stride); where the shape stays, x is added.
    """

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int, skipped: float = 0.0) -> None:
        super().__init__()
        wide = inputs * expansion
        # as in the public files, which have no layer there
        widen = [] if expansion == 1 else [_convolution(inputs, wide, 1, 1, 1)]
        self.conv = nn.Sequential(
            *widen,
            _convolution(wide, wide, 3, stride, wide),
            # no activation after it: of few channels a bend would lose too much (section 3.2)
            nn.Conv2d(wide, outputs, 1, bias=False),
            BatchNorm(outputs),
        )
        self.adds = stride == 1 and inputs == outputs
        # a block that adds to nothing cannot be passed by
        self.depth = stochastic_depth(skipped) if self.adds else None

    def forward(self, values: Tensor) -> Tensor:
        """Return what the block makes of the values."""
        result: Tensor = self.conv(values)
        if self.depth is not None:
            result = self.depth(result)
        return values + result if self.adds else result


def mobilenet_v2(
    inputs: int,
    blocks: Sequence[int],
    width: float,
    outputs: int,
    dropout: float,
    *,
    small: bool,
    skipped: float = 0.0,
) -> nn.Sequential:
    """Return a network from (B, inputs, H, W) to (B, outputs).

    `blocks`: blocks in each stage of the table; `width`: factor on all channels, which become multiples of 8
    (the last 1280 are never fewer). A small stem keeps the size of the picture up to the third stage, the
    other one has taken a quarter of it by then.
    `skipped`: the share of stochastic depth at the last block.
    """
    channels = multiple_of_8(FIRST * width)
    features: list[nn.Module] = [_convolution(inputs, channels, 3, 1 if small else 2, 1)]
    for index, ((expansion, wide, stride), count) in enumerate(zip(TABLE, blocks, strict=True)):
        for position in range(count):
            first = 1 if position > 0 or (small and index == 1) else stride
            share = share_at(skipped, len(features), sum(blocks))
            features.append(InvertedResidual(channels, multiple_of_8(wide * width), first, expansion, share))
            channels = multiple_of_8(wide * width)
    last = multiple_of_8(LAST * max(1.0, width))
    features.append(_convolution(channels, last, 1, 1, 1))
    return nn.Sequential(
        OrderedDict(
            features=nn.Sequential(*features),
            avgpool=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            classifier=nn.Sequential(nn.Dropout(dropout), nn.Linear(last, outputs)),
        )
    )


def multiple_of_8(channels: float) -> int:
    """Return the nearest multiple of 8, at least 8 and not more than a tenth below."""
    # the rounding of the public code, without which its files would not fit
    near = max(8, int(channels + 4) // 8 * 8)
    return near if near >= 0.9 * channels else near + 8


def _convolution(inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> nn.Sequential:
    """Return a convolution of (B, inputs, H, W) with normalization and ReLU6, min(max(0, z), 6)."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, BatchNorm(outputs), nn.ReLU6())
