"""Simple networks for whole texts: parts of networks for sequences that know little of the order of words."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.networks.sequences.temporal import PlaceConvolution


class Unchanged(nn.Module):
    """No body: places are left as they come, (B, length, width)."""

    words = "Vectors of the tokens"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return the values."""
        return values


class WindowsOfWords(nn.Module):
    """Filters over 3, 4, ... neighbouring places side by side, from (B, length, inputs).

    To (B, length, len(kernels) · filters); parts `over_3`, `over_4`, ... by their kernels, then the
    activation. Zeros stand around a text, so that one shorter than a filter is seen too.
    """

    def __init__(self, inputs: int, filters: int, kernels: Sequence[int], activation: nn.Module) -> None:
        super().__init__()
        # by size and not by place, so that weights keep their name beside other sizes
        self._names = tuple(f"over_{kernel}" for kernel in kernels)
        for name, kernel in zip(self._names, kernels, strict=True):
            self.add_module(name, PlaceConvolution(inputs, filters, kernel))
        self.activation = activation

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return what each filter found at every place. `present`: bool (B, length), False at padding."""
        found = [self.get_submodule(name)(values, present) for name in self._names]
        result: Tensor = self.activation(torch.cat(found, 2))
        return result


class MaxOfPlaces(nn.Module):
    """The largest value over the places that are no padding, from (B, length, width) to (B, width)."""

    sort = "pooling"
    words = "Max over places"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return the largest; 0 for an example that is padding throughout. `present`: bool (B, length)."""
        low = values.masked_fill(~present[..., None], torch.finfo(values.dtype).min).amax(1)
        return low.masked_fill(~present.any(1, keepdim=True), 0)
