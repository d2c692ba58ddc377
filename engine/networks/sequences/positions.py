"""Positions: attention sees a set of places; what is added here tells their order."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt

import torch
from torch import Tensor, nn

from engine.choices import Message
from engine.networks.starting import StartsSmaller

LONGEST_WAVE = 10_000
"""What the wavelengths of sinusoidal positions grow to, over 2π."""


class SinusoidalPositions(nn.Module):
    """Waves of growing length over the places, added to (B, places, width); nothing is learnt.

    p(t, 2i) = sin(t / 10000^(2i / width)), p(t, 2i + 1) = cos(t / 10000^(2i / width)). Source: Vaswani et
    al., Attention Is All You Need, 2017, section 3.5.
    """

    sort = "embedding"
    words = "Sinusoidal positions"

    def forward(self, values: Tensor, start: int = 0) -> Tensor:
        """Return the values with the waves of places `start`, `start` + 1, ... added."""
        places, width = values.shape[1:]
        return values + waves(start, places, width, values)


def waves(start: int, places: int, width: int, like: Tensor) -> Tensor:
    """Return the waves (places, width) from place `start` on, of the type and on the device of `like`."""
    place = torch.arange(start, start + places, device=like.device, dtype=like.dtype)
    even = torch.arange(0, width, 2, device=like.device, dtype=like.dtype)
    angle = place[:, None] * torch.exp(even * (-log(LONGEST_WAVE) / width))
    # an odd width lacks the last cosine
    return torch.stack([angle.sin(), angle.cos()], 2).flatten(1)[:, :width]


class LearntPositions(StartsSmaller):
    """A vector for each place, learnt, added to (B, places, width).

    The vectors are multiplied by √width, as those of tokens are: starting with a variance of 1 / width, they
    are then about as large as the waves. Source: Gehring et al., Convolutional Sequence to Sequence Learning,
    2017.
    """

    sort = "embedding"

    def __init__(self, places: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(places, width).normal_(0, width**-0.5))
        self.words = Message("Learnt positions, {places}", places=places)

    def forward(self, values: Tensor, start: int = 0) -> Tensor:
        """Return the values with the vectors of places `start`, `start` + 1, ... added.

        Raises ValueError for more places than were learnt.
        """
        end, known = start + values.shape[1], len(self.weight)
        if end > known:
            raise ValueError(
                Message(
                    "the network has learnt {known} places, but place {end} is asked for",
                    known=known,
                    end=end,
                )
            )
        return values + self.weight[start:end] * sqrt(values.shape[2])

    def multiply_adds(self, outputs: Tensor) -> int:
        """Return 0: the vectors are looked up."""
        # said, as the sketch would count weights of two axes as multiplied
        return 0


def positions(name: str, places: int, width: int) -> nn.Module | None:
    """Return what is added to (B, at most `places`, width): "sinusoidal", "learnt", or None for "none".

    Raises KeyError for a name there is not.
    """
    known: dict[str, Callable[[], nn.Module | None]] = {
        "sinusoidal": SinusoidalPositions,
        "learnt": lambda: LearntPositions(places, width),
        "none": lambda: None,
    }
    return known[name]()
