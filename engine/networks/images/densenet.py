"""Densely connected networks; parameters are named as in the public weight files of DenseNet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.networks.dropping import dropout
from engine.networks.normalization import BatchNorm


class DenseLayer(nn.Module):
    """(x, F(x)) along the channels: (B, inputs, H, W) to (B, inputs + growth, H, W).

    F: normalization, activation and a convolution of 1 × 1 to 4 growth channels, then the same with 3 × 3 to
    `growth` channels, and dropout.
    """

    def __init__(self, inputs: int, growth: int, share: float, kind: str) -> None:
        super().__init__()
        self.norm1 = BatchNorm(inputs)
        self.relu1 = nn.ReLU()
        # No bias: the normalization that follows takes the mean away and adds one of its own.
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = BatchNorm(4 * growth)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)
        self.dropout = dropout(kind, share) if share > 0 else None

    def forward(self, values: Tensor) -> Tensor:
        """Return the values with the new channels behind them."""
        new = self.conv1(self.relu1(self.norm1(values)))
        new = self.conv2(self.relu2(self.norm2(new)))
        if self.dropout is not None:
            new = self.dropout(new)
        # The old ones first, as in the public files: their weights count channels in this order.
        return torch.cat((values, new), 1)


def densenet(
    inputs: int,
    blocks: Sequence[int],
    growth: int,
    outputs: int,
    dropped: float,
    *,
    small: bool,
    kind: str = "plain",
) -> nn.Sequential:
    """Return a network from (B, inputs, H, W) to (B, outputs).

    `blocks`: layers in each dense block; a transition between blocks halves channels and picture. The stem
    has 2 growth channels; a small one keeps the size of the picture, the other one takes a quarter of it.
    `dropped` is the share of dropout, `kind` its kind.
    """
    channels = 2 * growth
    parts = _stem(inputs, channels, small=small)
    for number, layers in enumerate(blocks, 1):
        block: OrderedDict[str, nn.Module] = OrderedDict()
        for position in range(1, layers + 1):
            block[f"denselayer{position}"] = DenseLayer(channels, growth, dropped, kind)
            channels += growth
        parts[f"denseblock{number}"] = nn.Sequential(block)
        if number < len(blocks):
            parts[f"transition{number}"] = _transition(channels, channels // 2)
            channels //= 2
    parts.update(norm5=BatchNorm(channels), relu5=nn.ReLU())
    ends = {"avgpool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten()}
    classifier = nn.Linear(channels, outputs)
    return nn.Sequential(OrderedDict({"features": nn.Sequential(parts), **ends, "classifier": classifier}))


def _stem(inputs: int, channels: int, *, small: bool) -> OrderedDict[str, nn.Module]:
    if small:
        # nothing behind it: the first dense layer normalizes and bends what it receives
        return OrderedDict(conv0=nn.Conv2d(inputs, channels, 3, padding=1, bias=False))
    return OrderedDict(
        conv0=nn.Conv2d(inputs, channels, 7, 2, padding=3, bias=False),
        norm0=BatchNorm(channels),
        relu0=nn.ReLU(),
        pool0=nn.MaxPool2d(3, 2, padding=1),
    )


def _transition(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            norm=BatchNorm(inputs),
            relu=nn.ReLU(),
            conv=nn.Conv2d(inputs, outputs, 1, bias=False),
            pool=nn.AvgPool2d(2, 2),
        )
    )
