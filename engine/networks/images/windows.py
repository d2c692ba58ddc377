"""Windows: filters and poolings that slide over a picture, and how large it is afterwards. No torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A square of `size` pixels that moves `stride` pixels at a time, `padding` added at every edge."""

    size: int
    stride: int = 1
    padding: int = 0

    def over(self, length: int) -> int:
        """Return at how many places along `length` pixels the window fits.

        Formula: ⌊(length + 2 padding − size) / stride⌋ + 1, at least 0
        """
        # a window much wider than what is left would count below 0
        return max(0, (length + 2 * self.padding - self.size) // self.stride + 1)


@dataclass(frozen=True)
class ConvolutionStep:
    """A convolution with so many filters, each as large as the window."""

    filters: int
    window: Window


@dataclass(frozen=True)
class PoolingStep:
    """A pooling of the window's squares; which value is kept is said elsewhere."""

    window: Window


Plan = tuple[ConvolutionStep | PoolingStep, ...]
"""Convolutions and poolings in the order in which a picture meets them."""

HALVING = PoolingStep(Window(2, 2))
"""Pooling of 2 × 2 squares: halves a side, rounded down."""


def remaining(sides: Sequence[int], windows: Iterable[Window]) -> tuple[int, ...]:
    """Return the sides of a picture after the windows, one after the other; 0 where nothing is left."""
    left = tuple(sides)
    for window in windows:
        left = tuple(window.over(side) for side in left)
    return left


def features_left(shape: Sequence[int], plan: Plan) -> int:
    """Return how many numbers a picture (channels, height, width) has become after the plan."""
    # without a convolution the channels are those of the picture
    filters = [shape[0], *(step.filters for step in plan if isinstance(step, ConvolutionStep))]
    height, width = remaining(shape[1:], (step.window for step in plan))
    return filters[-1] * height * width


def same(size: int) -> Window:
    """Return the window, of odd size, that leaves a picture as large as it is."""
    return Window(size, padding=size // 2)


def plain_plan(channels: Sequence[int], kernel: int, padding: str, pool_every: int) -> Plan:
    """Return convolutions of one size, with 2 × 2 pooling after every `pool_every` of them (0: never).

    `padding`: "same" at every convolution, "first" at the first one only, or "none".
    """
    plan: list[ConvolutionStep | PoolingStep] = []
    for number, filters in enumerate(channels, 1):
        padded = padding == "same" or (padding == "first" and number == 1)
        plan.append(ConvolutionStep(filters, same(kernel) if padded else Window(kernel)))
        if pool_every and number % pool_every == 0:
            plan.append(HALVING)
    return tuple(plan)
