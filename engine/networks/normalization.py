"""Normalization: values brought to mean 0 and variance 1, then scaled and shifted by learnt amounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

MOMENTUM = 0.1
"""What a training step contributes to the running statistics of batch normalization."""


class BatchNorm(nn.Module):
    """Batch normalization of (B, channels, ...) that also takes a batch with one value per channel.

    y = γ (x − mean) / √(variance + ε) + β, over the batch and all places; in evaluation with the running mean
    and variance, to which every training step contributes a tenth. One value has no variance and torch's own
    layer refuses it, yet the last batch of an epoch may well be a single example: it is normalized with the
    running statistics, as in evaluation, and leaves them as they are.
    """

    sort = "normalization"
    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        # changed only where the statistics are worked out anew, for other weights (`training/judged.py`)
        self.momentum = MOMENTUM
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        # no num_batches_tracked, which torch only needs for plain means over all steps
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, values: Tensor) -> Tensor:
        """Return the normalized values, shape kept."""
        fresh = self.training and values.numel() > self.channels
        mean, variance = self.running_mean, self.running_var
        return functional.batch_norm(
            values, mean, variance, self.weight, self.bias, training=fresh, momentum=self.momentum
        )

    def extra_repr(self) -> str:
        """Return what torch prints between the brackets."""
        return str(self.channels)


def normalization(name: str, channels: int) -> nn.Module | None:
    """Return the layer for (B, channels, ...), or None for "none".

    "batch": each channel over the batch and all places; "layer": each example over all channels and places,
    with a scale and a shift per channel. Raises KeyError for a name there is not.
    """
    if name == "none":
        return None
    # GroupNorm of one group, as LayerNorm would have to know the size of the picture
    builders: dict[str, Callable[[int], nn.Module]] = {"batch": BatchNorm, "layer": partial(nn.GroupNorm, 1)}
    return builders[name](channels)
