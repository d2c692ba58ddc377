"""Pooling over places: one vector for a whole text or series, whatever its length."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from engine.networks.sequences.attention import Watched, WeightedMean


class MeanOfPlaces(nn.Module):
    """The mean over the places that are no padding, from (B, length, width) to (B, width)."""

    sort = "pooling"
    words = "Mean over places"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return the mean; 0 for an example that is padding throughout. `present`: bool (B, length)."""
        # clamped: of an example that is padding throughout the share would be 0/0
        shares = present.to(values.dtype) / present.sum(1, keepdim=True).clamp(min=1)
        return (shares[:, None] @ values).squeeze(1)


class LastPlace(nn.Module):
    """The last place that is no padding, from (B, length, width) to (B, width)."""

    words = "Last place"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return that place; the first for an example that is padding throughout."""
        places = torch.arange(values.shape[1], device=values.device)
        last = (places * present).amax(1)
        index = last[:, None, None].expand(-1, 1, values.shape[2])
        return values.gather(1, index).squeeze(1)


class FirstPlace(nn.Module):
    """The first place, from (B, length, width) to (B, width)."""

    words = "First place"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return that place."""
        return values[:, 0]


class AttentionPooling(Watched):
    """A mean over the places, weighted by how much each matters, which is learnt; as `MeanOfPlaces`.

    weights = softmax(vᵀ tanh(W h + b)), captured as (B, 1, 1, length). Source: Yang et al., Hierarchical
    Attention Networks for Document Classification, 2016.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, width)
        # no bias: softmax does not see what is added to all scores alike
        self.score = nn.Linear(width, 1, bias=False)
        self.mix = WeightedMean()

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return the weighted mean; 0 for an example that is padding throughout."""
        scores = self.score(torch.tanh(self.hidden(values))).transpose(1, 2)
        mixed: Tensor = self.mix(scores, values, present, self.notice)
        return mixed.squeeze(1)


_POOLINGS: dict[str, Callable[[int], nn.Module]] = {
    "mean": lambda width: MeanOfPlaces(),
    "last": lambda width: LastPlace(),
    "first": lambda width: FirstPlace(),
    "attention": AttentionPooling,
}


def pooled(name: str, width: int) -> nn.Module:
    """Return the module called with (B, length, width) and `present` (B, length), giving (B, width).

    "mean", "last", "first" or "attention"; raises KeyError for a name there is not.
    """
    return _POOLINGS[name](width)
