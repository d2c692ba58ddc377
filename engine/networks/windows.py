"""Windows: how large a picture is after filters and poolings have slid over it. No torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A filter or pooling of `size` pixels that moves `stride` pixels at a time, `padding` added per edge."""

    size: int
    stride: int = 1
    padding: int = 0

    def over(self, length: int) -> int:
        """Return at how many places along `length` pixels the window fits.

        Formula: ⌊(length + 2 padding − size) / stride⌋ + 1, at least 0
        """
        return max(0, (length + 2 * self.padding - self.size) // self.stride + 1)


HALVING = Window(2, 2)
"""Pooling of 2 × 2 squares: halves a side, rounded down."""


def remaining(sides: Sequence[int], windows: Iterable[Window]) -> tuple[int, ...]:
    """Return the sides of a picture after the windows, one after the other; 0 where nothing is left."""
    left = tuple(sides)
    for window in windows:
        left = tuple(window.over(side) for side in left)
    return left


@dataclass(frozen=True)
class ConvolutionStack:
    """Convolutions one after the other: filters of each, and what is done at the edges and between them.

    `padding`: "same" at every convolution, "first" at the first one only, or "none". `pooling`: "max", "min",
    "average" or "none", after every `pool_every` convolutions.
    """

    channels: tuple[int, ...]
    kernel: int
    padding: str = "same"
    pooling: str = "max"
    pool_every: int = 1

    def window(self, number: int) -> Window:
        """Return the filter of the convolution of that number, from 1 on."""
        padded = self.padding == "same" or (self.padding == "first" and number == 1)
        return Window(self.kernel, padding=self.kernel // 2 if padded else 0)

    def pools_after(self, number: int) -> bool:
        """Return whether pooling follows the convolution of that number, from 1 on."""
        return self.pooling != "none" and number % self.pool_every == 0

    def windows(self) -> tuple[Window, ...]:
        """Return all filters and poolings in the order in which a picture meets them."""
        found: list[Window] = []
        for number in range(1, len(self.channels) + 1):
            found += [self.window(number), *([HALVING] if self.pools_after(number) else [])]
        return tuple(found)
