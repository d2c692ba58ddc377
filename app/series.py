"""Series: one growing curve of a run, with a pyramid of minima and maxima so that any part is drawn at once.

Level k of the pyramid holds the smallest and the largest finite value of every whole block of 4**k values.
A stretch of the curve is then the union of a few blocks per level, and what a column of pixels shows is found
in O(log n) whatever the stretch holds: a spike of one step is in it at any zoom, and ten million points cost
what a thousand cost.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FANOUT = 4
_LEAST_CAPACITY = 256

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]


class Series:
    """Values at the steps `first`, `first + stride`, ...; NaN where a value is not known (yet)."""

    def __init__(self, first: int, stride: int) -> None:
        self.first, self.stride = first, max(stride, 1)
        self._store = np.empty(_LEAST_CAPACITY, np.float32)
        self._length = 0
        self._pyramid = _Pyramid()
        self._averages: dict[float, _Average] = {}

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> Floats:
        """The values as a read-only window onto the store, valid until the next write."""
        view = self._store[: self._length]
        view.flags.writeable = False
        return view

    @property
    def last_step(self) -> int:
        return self.first + (self._length - 1) * self.stride

    def steps(self) -> Indices:
        """Return the step of every value."""
        return self.first + self.stride * np.arange(self._length, dtype=np.int64)

    def index_of(self, step: float) -> float:
        """Return where `step` stands among the values, as a fraction (0: the first value)."""
        return (step - self.first) / self.stride

    def nearest(self, step: float) -> int | None:
        """Return the index of the value nearest to `step`, or None where there is none within a stride."""
        index = round(self.index_of(step))
        if not self._length or index < -1 or index > self._length:
            return None
        return min(max(index, 0), self._length - 1)

    def write(self, step: int, values: Floats) -> None:
        """Put `values` at `step` and after: append, overwrite, or leave a gap of NaN before them.

        Appending costs amortised O(1) per value.
        """
        start = round(self.index_of(step))
        if not len(values):
            return
        if start < 0:
            self._begin_earlier(step)
            start = 0
        changed, end = min(start, self._length), start + len(values)
        self._grow(end)
        self._store[changed:start] = np.nan
        self._store[start:end] = values
        self._length = max(self._length, end)
        self._pyramid.renew(self._store[: self._length], changed, end)
        for average in self._averages.values():
            average.renew(self, changed)

    def cut(self, step: int) -> None:
        """Forget every value after `step`: the run goes on from there."""
        keep = min(max(math.floor(self.index_of(step)) + 1, 0), self._length)
        if keep < self._length:
            self._length = keep
            self._pyramid.cut(keep)
            for average in self._averages.values():
                average.renew(self, keep)

    def columns(self, edges: Indices) -> tuple[Floats, Floats]:
        """Return the smallest and the largest finite value in each [edges[i], edges[i + 1]), NaN where none.

        `edges` ascend; what lies outside the series is empty. Costs O(columns · log(values in a column)).
        """
        return self._pyramid.columns(self._store[: self._length], np.clip(edges, 0, self._length))

    def smoothed(self, memory: float) -> Series:
        """Return the moving average over about `memory` values; it is kept and grows as values come.

        m_i = w·m_(i-1) + (1 - w)·x_i with w = exp(-1 / memory), divided by the weight gathered so far, so
        that the start has no bias; values that are not finite are left out.
        """
        memory = round(memory, 6)
        if memory not in self._averages:
            while len(self._averages) >= 2:
                self._averages.pop(next(iter(self._averages)))
            self._averages[memory] = _Average(memory, Series(self.first, self.stride))
            self._averages[memory].renew(self, 0)
        return self._averages[memory].series

    def _begin_earlier(self, step: int) -> None:
        """Let the series begin at `step`, with a gap before the values there are."""
        known, then = self.values.copy(), self.first
        self.first, self._length, self._pyramid = step, 0, _Pyramid()
        self._averages.clear()
        self.write(then, known)

    def _grow(self, size: int) -> None:
        if size > len(self._store):
            store = np.empty(max(size, 2 * len(self._store)), np.float32)
            store[: self._length] = self._store[: self._length]
            self._store = store


class _Pyramid:
    """Minima and maxima of whole blocks of 4, 16, 64, ... values, level by level."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []

    def renew(self, values: Floats, start: int, end: int) -> None:
        """Bring every block that holds one of values[start:end] up to date."""
        low = high = _finite(values[start // FANOUT * FANOUT : end + FANOUT])
        offset = start // FANOUT
        count = len(values) // FANOUT
        for depth in range(64):
            if not count:
                return
            if depth == len(self._levels):
                self._levels.append(_Level())
            level = self._levels[depth]
            blocks = min(-(-end // FANOUT), count) - offset
            level.write(offset, low[: blocks * FANOUT], high[: blocks * FANOUT], count)
            start, end = offset, offset + blocks
            offset, count = start // FANOUT, count // FANOUT
            low, high = level.low[offset * FANOUT :], level.high[offset * FANOUT :]

    def cut(self, length: int) -> None:
        for level in self._levels:
            length //= FANOUT
            level.length = min(level.length, length)

    def columns(self, values: Floats, edges: Indices) -> tuple[Floats, Floats]:
        low, high = edges[:-1].copy(), edges[1:].copy()
        least = np.full(len(low), np.nan, np.float32)
        most = least.copy()
        _take_loose(low, high, values, values, least, most)
        for level in self._levels:
            if not np.any(low < high):
                break
            low //= FANOUT
            high //= FANOUT
            _take_loose(low, high, level.low, level.high, least, most)
        return least, most


class _Level:
    """The minima and maxima of one level, `length` of them."""

    def __init__(self) -> None:
        self.low = np.empty(_LEAST_CAPACITY, np.float32)
        self.high = np.empty(_LEAST_CAPACITY, np.float32)
        self.length = 0

    def write(self, start: int, low: Floats, high: Floats, length: int) -> None:
        if length > len(self.low):
            self.low, self.high = _grown(self.low, length), _grown(self.high, length)
        blocks = len(low) // FANOUT
        np.fmin.reduce(low.reshape(blocks, FANOUT), axis=1, out=self.low[start : start + blocks])
        np.fmax.reduce(high.reshape(blocks, FANOUT), axis=1, out=self.high[start : start + blocks])
        self.length = length


class _Average:
    """A moving average of a series, continued where it stands."""

    def __init__(self, memory: float, series: Series) -> None:
        self.series = series
        self._weight = math.exp(-1 / max(memory, 1e-3))
        self._sum = self._mass = 0.0

    def renew(self, source: Series, changed: int) -> None:
        """Go on from where the average stands, or from the start where values before that have changed."""
        if changed < len(self.series):
            self.series.cut(self.series.first - self.series.stride)
            self._sum = self._mass = 0.0
        values = source.values
        for start in range(len(self.series), len(values), 1 << 18):
            self._go_on(values[start : start + (1 << 18)], source.first + start * source.stride)

    def _go_on(self, values: Floats, step: int) -> None:
        known = np.isfinite(values)
        share = 1 - self._weight
        sums = decayed_sums(np.where(known, values, 0.0) * share, self._weight, self._sum)
        masses = decayed_sums(known * share, self._weight, self._mass)
        self._sum, self._mass = float(sums[-1]), float(masses[-1])
        means = np.full(len(values), np.nan, np.float32)
        np.divide(sums, masses, out=means, where=known, casting="same_kind")
        self.series.write(step, means)


def decayed_sums(terms: Doubles, weight: float, start: float) -> Doubles:
    """Return y with y_i = weight · y_(i-1) + terms_i and y_(-1) = start, in O(n) array operations.

    Blocks of 64 are summed at once by a triangular matrix; what each hands on to the next is the same problem
    with weight**64, 64 times smaller.
    """
    block = 64
    exponents = np.arange(block)
    if len(terms) <= block:
        triangle = _triangle(weight, len(terms))
        return np.asarray(triangle @ terms + start * weight ** (1.0 + exponents[: len(terms)]))
    whole = len(terms) // block
    local = terms[: whole * block].reshape(whole, block) @ _triangle(weight, block).T
    ends = decayed_sums(local[:, -1], weight**block, start)
    before = np.concatenate(([start], ends[:-1]))
    result = (local + before[:, None] * weight ** (1.0 + exponents)).ravel()
    return np.concatenate((result, decayed_sums(terms[whole * block :], weight, float(ends[-1]))))


def _triangle(weight: float, size: int) -> Doubles:
    distance = np.arange(size)[:, None] - np.arange(size)
    return np.where(distance >= 0, weight ** np.maximum(distance, 0).astype(np.float64), 0.0)


def _grown(array: Floats, size: int) -> Floats:
    larger = np.empty(max(size, 2 * len(array)), np.float32)
    larger[: len(array)] = array
    return larger


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.float32(np.nan))


def _take_loose(
    low: Indices, high: Indices, least_of: Floats, most_of: Floats, least: Floats, most: Floats
) -> None:
    """Take the entries that stand before and after the whole blocks of [low, high), and leave the blocks."""
    for _ in range(FANOUT - 1):
        chosen = np.flatnonzero((low < high) & (low % FANOUT != 0))
        _take(chosen, low[chosen], least_of, most_of, least, most)
        low[chosen] += 1
    for _ in range(FANOUT - 1):
        chosen = np.flatnonzero((low < high) & (high % FANOUT != 0))
        high[chosen] -= 1
        _take(chosen, high[chosen], least_of, most_of, least, most)


def _take(
    columns: Indices, at: Indices, least_of: Floats, most_of: Floats, least: Floats, most: Floats
) -> None:
    if len(columns):
        least[columns] = np.fmin(least[columns], _finite(least_of[at]))
        most[columns] = np.fmax(most[columns], _finite(most_of[at]))
