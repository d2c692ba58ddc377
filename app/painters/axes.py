"""Axes: where ticks stand and what they say, and the way between values and pixels. No painting here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.language.numbers import decade, tick
from app.views.drawing import Axis

_SHORT = 6
"""Letters that fit where the number of a tick does."""


Range = tuple[float, float] | None
"""From where to where something is seen; None: as far as the data go."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis; a tick without a text is a minor one."""

    value: float
    text: str


@dataclass(frozen=True)
class AxisScale:
    """The straight or logarithmic way between the values of an axis and the pixels start to end."""

    axis: Axis
    start: float
    end: float

    def pixels(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where values stand, kept within a reach of the plot that every paint engine can take."""
        low, high = ends(self.axis)
        if self.axis.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                # 0 and less go down out of sight, and a gap stays a gap
                values = np.where(values > 0, np.log10(values), np.where(np.isnan(values), np.nan, -np.inf))
        share = (values - low) / (high - low)
        found = self.start + np.clip(share, -20.0, 21.0) * (self.end - self.start)
        return np.asarray(found, np.float64)

    def pixel(self, value: float) -> float:
        return float(self.pixels(np.array([value]))[0])

    def value(self, pixel: float) -> float:
        """Return the value at a pixel."""
        low, high = ends(self.axis)
        at = low + (pixel - self.start) / (self.end - self.start) * (high - low)
        # Python raises OverflowError for 10.0 ** 309
        return float(10.0 ** min(max(at, -300), 300)) if self.axis.log else float(at)


def ends(axis: Axis) -> tuple[float, float]:
    """Return the ends of an axis as they are drawn: their powers of ten where it is logarithmic."""
    return (math.log10(axis.low), math.log10(axis.high)) if axis.log else (axis.low, axis.high)


def between(axis: Axis, low: float, high: float) -> Axis:
    """Return the axis between other ends, given as they are drawn."""
    if axis.log:
        low, high = 10.0 ** min(max(low, -300), 300), 10.0 ** min(max(high, -300), 300)
    return replace(axis, low=low, high=high)


def sound(axis: Axis) -> Axis:
    """Return the axis with ends that can be drawn: finite, apart, and above 0 where it is logarithmic."""
    low, high = axis.low, axis.high
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = (0.1, 1.0) if axis.log else (0.0, 1.0)
    low, high = min(low, high), max(low, high)
    if axis.log:
        # float64 ends near 1e-308: parts of such a range would be 0
        high = high if high > 1e-290 else 1.0
        low = low if 1e-290 < low < high * (1 - 1e-6) else high / 10
        return replace(axis, low=low, high=high)
    # 1e-30: both ends may be 0
    least = 1e-9 * max(abs(low), abs(high), 1e-30)
    if high - low < least:
        low, high = low - 10 * least, high + 10 * least
    return replace(axis, low=low, high=high)


def ticks(axis: Axis, count: int) -> tuple[Tick, ...]:
    """Return about `count` ticks at round values."""
    if axis.log:
        return _log_ticks(axis, count)
    if axis.names:
        return _named_ticks(axis, count)
    return _even_ticks(axis, count)


def _named_ticks(axis: Axis, count: int) -> tuple[Tick, ...]:
    """Return ticks with the names of their places, of which as many fit as are short."""
    shared = _shared(axis)
    longest = max(map(len, axis.names)) - shared
    fewer = max(count * _SHORT // max(longest, _SHORT), 1)
    named = (
        (one.value, round(one.value) - axis.first) for one in _even_ticks(replace(axis, whole=True), fewer)
    )
    return tuple(Tick(value, axis.names[at][shared:]) for value, at in named if 0 <= at < len(axis.names))


_SHARED = (re.compile(r".*\d[ T](?=\d)"), re.compile(r"\d{4}-"))
"""Beginnings of times that need not be said at each where all have the same: their day, or their year."""


def _shared(axis: Axis) -> int:
    """Return how many letters at their beginning the names that are seen share, as one day or year."""
    seen = axis.names[max(math.ceil(axis.low) - axis.first, 0) : math.floor(axis.high) - axis.first + 1]
    begun = [found.group() for pattern in _SHARED if len(seen) > 1 and (found := pattern.match(seen[0]))]
    return next((len(same) for same in begun if all(name.startswith(same) for name in seen)), 0)


def _even_ticks(axis: Axis, count: int) -> tuple[Tick, ...]:
    step = round_step((axis.high - axis.low) / max(count, 1))
    if axis.whole:
        step = max(step, 1.0)
    # a little over the ends: rounding would lose the tick that stands on one
    first, last = math.ceil(axis.low / step - 1e-6), math.floor(axis.high / step + 1e-6)
    reach = 1e-6 * (axis.high - axis.low)
    # multiplied, not added up: rounding would grow from tick to tick
    places = [index * step for index in range(first, min(last, first + 100) + 1)]
    return tuple(
        Tick(place, tick(place, step)) for place in places if axis.low - reach <= place <= axis.high + reach
    )


def round_step(rough: float) -> float:
    """Return the 1, 2 or 5 times a power of ten that is nearest to `rough`, rather below it than above."""
    power = 10.0 ** math.floor(math.log10(max(rough, 1e-300)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.7 * rough)


def _log_ticks(axis: Axis, count: int) -> tuple[Tick, ...]:
    low, high = math.log10(axis.low), math.log10(axis.high)
    # less than a factor of five: it may hold no power of ten at all
    if high - low < 0.7:
        return tuple(place for place in _even_ticks(axis, count) if place.value > 0)
    every = max(math.ceil((high - low) / max(count, 1)), 1)
    found = []
    for exponent in range(math.floor(low), math.ceil(high) + 1):
        if exponent % every == 0:
            found.append(Tick(10.0**exponent, decade(exponent)))
        if every == 1:
            # over more than two decades the numbers would stand too close
            labelled = (2, 5) if high - low < 2.2 else ()
            found += [
                Tick(
                    factor * 10.0**exponent,
                    tick(factor * 10.0**exponent, 10.0**exponent) if factor in labelled else "",
                )
                for factor in range(2, 10)
            ]
    return tuple(place for place in found if axis.low * (1 - 1e-9) <= place.value <= axis.high * (1 + 1e-9))
