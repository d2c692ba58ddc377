"""The line search of strong Wolfe conditions: how far to go in a direction that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_DECREASE, _FLATTER = 1e-4, 0.9
"""c₁ and c₂ of the conditions, as usual for quasi-Newton directions (Nocedal and Wright 2006, page 62)."""
_MOST_TRIES = 25
_SHORTEST = 1e-9
"""Below such a change of the furthest weight the search ends: rounding decides there."""


@dataclass(frozen=True)
class Tried:
    """A point on the line: how far, the loss there, its slope along the line, and the gradient (P,).

    Where the loss is no number it is infinite.
    """

    far: float
    loss: float
    slope: float
    gradient: Tensor


def strong_wolfe(ask: Callable[[float], Tried], start: Tried, size: float) -> Tried:
    """Return a point where the loss is lower in proportion to the way, and the slope is flatter.

    Formula: f(t) ≤ f(0) + c₁ t f′(0) and |f′(t)| ≤ c₂ |f′(0)|. It begins at t = 1, goes further while the
    line still falls, and then narrows the bracket down by cubics. `size` is the largest change of any weight
    at t = 1. Where nothing is found, the lowest point tried. Source: Nocedal and Wright, Numerical
    Optimization, 2006, algorithms 3.5 and 3.6; in steps as PyTorch takes them.
    """

    before, here, tries = start, ask(1.0), 0
    # the first two may be a little above the one before: their rounding says nothing yet
    while tries < _MOST_TRIES and not _too_high(here, start) and (tries < 2 or here.loss < before.loss):
        if abs(here.slope) <= -_FLATTER * start.slope:
            return here
        if here.slope >= 0:
            break
        near, far = here.far + 0.01 * (here.far - before.far), here.far * 10
        before, here, tries = here, ask(_lowest_of_cubic(before, here, near, far)), tries + 1
    if tries == _MOST_TRIES:
        before = start
    low, high = (before, here) if before.loss <= here.loss else (here, before)
    return _narrowed(ask, start, low, high, size, tries)


def _narrowed(
    ask: Callable[[float], Tried], start: Tried, low: Tried, high: Tried, size: float, tries: int
) -> Tried:
    """Return a good point between two, the lower of which is `low`: the bracket gets smaller at each try."""
    stuck = False
    while tries < _MOST_TRIES and abs(high.far - low.far) * size >= _SHORTEST:
        left, right = sorted((low.far, high.far))
        far, edge = _lowest_of_cubic(low, high, left, right), 0.1 * (right - left)
        beside = min(right - far, far - left) < edge
        # twice beside an end: further in, or the bracket would never get smaller
        if beside and (stuck or far >= right or far <= left):
            far, stuck = (right - edge if right - far < far - left else left + edge), False
        else:
            stuck = beside
        here, tries = ask(far), tries + 1
        if _too_high(here, start) or here.loss >= low.loss:
            low, high = (low, here) if low.loss <= here.loss else (here, low)
            continue
        if abs(here.slope) <= -_FLATTER * start.slope:
            return here
        low, high = here, (low if here.slope * (high.far - low.far) >= 0 else high)
    return low


def _too_high(one: Tried, start: Tried) -> bool:
    return one.loss > start.loss + _DECREASE * one.far * start.slope


def _lowest_of_cubic(one: Tried, other: Tried, least: float, most: float) -> float:
    """Return where the cubic with the loss and slope of both points is lowest, within the bounds."""
    if one.far > other.far:
        one, other = other, one
    if not isfinite(other.loss + other.slope):
        return (least + most) / 2
    apart = other.far - one.far
    first = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.far - other.far)
    under = first * first - one.slope * other.slope
    root = sqrt(max(under, 0))
    divisor = other.slope - one.slope + 2 * root
    if under < 0 or divisor == 0:
        return (least + most) / 2
    return min(max(other.far - apart * (other.slope + root - first) / divisor, least), most)
