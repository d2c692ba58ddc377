"""Residual networks for pictures; parameters are named as in the public weight files of ResNet."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from engine.networks.dropping import share_at, stochastic_depth
from engine.networks.normalization import BatchNorm


class BasicBlock(nn.Module):
    """φ(x' + F(x)), F being two convolutions of 3 × 3.

    From (B, inputs, H, W) to (B, width, H / stride, W / stride). x' is x, or x through a convolution of 1 × 1
    where the shape changes.
    """

    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int, skipped: float = 0.0) -> None:
        super().__init__()
        # No bias: the normalization that follows takes the mean away and adds one of its own.
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False)
        self.bn1 = BatchNorm(width)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = BatchNorm(width)
        # the name of the public files, also where nothing but the width changes
        self.downsample = _shortcut(inputs, width, stride)
        self.depth = stochastic_depth(skipped)

    def forward(self, values: Tensor) -> Tensor:
        """Return what the block makes of the values."""
        residual = self.relu(self.bn1(self.conv1(values)))
        residual = self.bn2(self.conv2(residual))
        return _added(self, values, residual)


class Bottleneck(nn.Module):
    """Like BasicBlock, F being convolutions of 1 × 1, 3 × 3 and 1 × 1; puts out 4 width channels.

    The stride is that of the 3 × 3 convolution, as in the public weight files; the paper has it in the first.
    """

    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int, skipped: float = 0.0) -> None:
        super().__init__()
        outputs = self.expansion * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = BatchNorm(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = BatchNorm(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = BatchNorm(outputs)
        self.relu = nn.ReLU()
        self.downsample = _shortcut(inputs, outputs, stride)
        self.depth = stochastic_depth(skipped)

    def forward(self, values: Tensor) -> Tensor:
        """Return what the block makes of the values."""
        residual = self.relu(self.bn1(self.conv1(values)))
        residual = self.relu(self.bn2(self.conv2(residual)))
        residual = self.bn3(self.conv3(residual))
        return _added(self, values, residual)


_BLOCKS: dict[str, type[BasicBlock | Bottleneck]] = {"basic": BasicBlock, "bottleneck": Bottleneck}


class ResidualNetwork(nn.Module):
    """Stages of residual blocks from (B, inputs, H, W) to (B, outputs).

    `stages`: blocks in each; every stage after the first halves the picture and doubles `width`. `block`:
    "basic" or "bottleneck". A small stem keeps the size of the picture, the other one takes a quarter of it.
    `skipped`: the share of stochastic depth at the last block.
    """

    def __init__(
        self,
        inputs: int,
        stages: Sequence[int],
        width: int,
        outputs: int,
        *,
        block: str,
        small: bool,
        skipped: float = 0.0,
    ) -> None:
        super().__init__()
        kind = _BLOCKS[block]
        stem = nn.Conv2d(inputs, width, 3, padding=1, bias=False)
        # one name for both stems: all but this tensor of a public file then fits a small one
        self.conv1 = stem if small else nn.Conv2d(inputs, width, 7, 2, padding=3, bias=False)
        self.bn1 = BatchNorm(width)
        self.relu = nn.ReLU()
        self.maxpool = None if small else nn.MaxPool2d(3, 2, padding=1)
        entering, number = width, 0
        # by name and no list of modules: the public files call them layer1, layer2, ...
        self.stages = tuple(f"layer{number}" for number in range(1, len(stages) + 1))
        for index, (name, count) in enumerate(zip(self.stages, stages, strict=True)):
            wide = width * 2**index
            blocks = []
            for position in range(count):
                stride = 2 if index > 0 and position == 0 else 1
                number += 1
                blocks.append(kind(entering, wide, stride, share_at(skipped, number, sum(stages))))
                entering = wide * kind.expansion
            self.add_module(name, nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(entering, outputs)

    def forward(self, values: Tensor) -> Tensor:
        """Return the outputs of each picture, without a final activation."""
        values = self.relu(self.bn1(self.conv1(values)))
        if self.maxpool is not None:
            values = self.maxpool(values)
        for name in self.stages:
            values = self.get_submodule(name)(values)
        result: Tensor = self.fc(self.flatten(self.avgpool(values)))
        return result


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Sequential | None:
    """Return the way around a block: a convolution of 1 × 1 where the shape changes, else None."""
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), BatchNorm(outputs))


def _added(block: BasicBlock | Bottleneck, values: Tensor, residual: Tensor) -> Tensor:
    around = values if block.downsample is None else block.downsample(values)
    result: Tensor = block.relu(around + (residual if block.depth is None else block.depth(residual)))
    return result
