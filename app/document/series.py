"""Series: one growing curve of a run, with a pyramid of minima and maxima so that any part is drawn at once.

Level k of the pyramid holds the smallest and the largest finite value of every whole block of 4**k values.
A stretch of the curve is then the union of a few blocks per level, and what a column of pixels shows is found
in O(log n) whatever the stretch holds: a spike of one step is in it at any zoom, and ten million points cost
what a thousand cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FANOUT = 4
_LEAST_CAPACITY = 256
_BINS_IN_REACH = 16
"""Bins within the reach of a smooth line, where it is long: more would not be seen."""
_FAR = 1 << 40
"""More values than any series has: beyond its ends a series goes on evenly."""
_SPACING = 64
"""Values between two sums that are kept."""

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]
Shares = Callable[[Indices], Doubles]


@dataclass(frozen=True)
class _Span:
    """Values at even distances: number `index` stands at step `first`, each next one `stride` later."""

    index: int
    first: int
    stride: int


class Series:
    """Values at ascending steps; NaN where a value is not known (yet).

    Steps are `stride` apart. Values of epochs may come to be another distance apart, where the size of
    batches was edited: each then stands for the steps since the one before it.

    `shares` returns how much the values of some steps count in a smooth line: the last batch of an epoch may
    have fewer examples. None: all count the same.
    """

    def __init__(self, first: int, stride: int, shares: Shares | None = None) -> None:
        self._spans, self._shares = [_Span(0, first, max(stride, 1))], shares
        self._store = np.empty(_LEAST_CAPACITY, np.float32)
        self._length = 0
        self._pyramid = _Pyramid()
        self._sums = _Sums()

    def __len__(self) -> int:
        return self._length

    @property
    def first(self) -> int:
        """The step of the first value."""
        return self._spans[0].first

    @property
    def values(self) -> Floats:
        """The values as a read-only window onto the store, valid until the next write."""
        view = self._store[: self._length]
        view.flags.writeable = False
        return view

    @property
    def last_step(self) -> int:
        span = self._spans[-1]
        return span.first + (self._length - 1 - span.index) * span.stride

    def steps(self) -> Indices:
        """Return the step of every value."""
        return self.steps_at(np.arange(self._length, dtype=np.int64)).astype(np.int64)

    def strides(self) -> Indices:
        """Return how many steps every value stands for."""
        edges = [*(span.index for span in self._spans), max(self._length, self._spans[-1].index)]
        return np.repeat([span.stride for span in self._spans], np.diff(edges)).astype(np.int64)

    def steps_at(self, places: Indices | Doubles) -> Doubles:
        """Return the steps of places among the values, also between two of them."""
        indices, steps = self._corners()
        return np.asarray(np.interp(places, indices, steps), np.float64)

    def index_of(self, step: float) -> float:
        """Return where `step` stands among the values, as a fraction (0: the first value)."""
        indices, steps = self._corners()
        return float(np.interp(step, steps, indices))

    def _corners(self) -> tuple[list[float], list[float]]:
        """Return the indices and steps between which values stand at even distances."""
        first, last = self._spans[0], self._spans[-1]
        corners = [(-_FAR, first.first - _FAR * first.stride)]
        for span, following in zip(self._spans, (*self._spans[1:], None), strict=True):
            corners.append((span.index, span.first))
            if following is not None and (count := following.index - 1 - span.index):
                corners.append((following.index - 1, span.first + count * span.stride))
        corners.append((last.index + _FAR, last.first + _FAR * last.stride))
        return [float(index) for index, _ in corners], [float(step) for _, step in corners]

    def nearest(self, step: float) -> int | None:
        """Return the index of the value nearest to `step`, or None where there is none within a stride."""
        index = round(self.index_of(step))
        if not self._length or index < -1 or index > self._length:
            return None
        return min(max(index, 0), self._length - 1)

    def write(self, step: int, values: Floats, stride: int | None = None) -> None:
        """Put `values` at `step` and after: append, overwrite, or leave a gap of NaN before them.

        Appending costs amortised O(1) per value. `stride`: how far they are apart; None: as the last ones.
        """
        if not len(values):
            return
        last = self._spans[-1]
        stride = max(stride or last.stride, 1)
        if not self._length:
            self._spans = [_Span(0, step, stride)]
        elif step > self.last_step and (stride != last.stride or (step - last.first) % stride):
            self._spans.append(_Span(self._length, step, stride))
        start = round(self.index_of(step))
        known = self.steps_at(np.array([start, start + len(values) - 1]))
        if start < 0 or known.tolist() != [step, step + (len(values) - 1) * stride]:
            self._put_between(step, values, stride)
            return
        changed, end = min(start, self._length), start + len(values)
        self._grow(end)
        self._store[changed:start] = np.nan
        self._store[start:end] = values
        self._length = max(self._length, end)
        self._pyramid.renew(self._store[: self._length], changed, end)
        self._sums.renew(self._store[: self._length], changed, self._weights)

    def cut(self, step: int) -> None:
        """Forget every value after `step`: the run goes on from there."""
        keep = min(max(math.floor(self.index_of(step)) + 1, 0), self._length)
        if keep < self._length:
            self._length = keep
            self._spans = [self._spans[0], *(span for span in self._spans[1:] if span.index < keep)]
            # the sums stay: those before the cut are still right, and none after it is asked for
            self._pyramid.cut(keep)

    def between(self, first: int, last: int, values: Floats) -> Series:
        """Return other values at the steps of this series from `first` to `last`."""
        steps, strides = self.steps(), self.strides()
        chosen = (steps >= first) & (steps <= last)
        made = Series(first, 1)
        made._write_each(steps[chosen], values, strides[chosen])
        return made

    def columns(self, edges: Indices) -> tuple[Floats, Floats]:
        """Return the smallest and the largest finite value in each [edges[i], edges[i + 1]), NaN where none.

        `edges` ascend; what lies outside the series is empty. Costs O(columns · log(values in a column)).
        """
        return self._pyramid.columns(self._store[: self._length], np.clip(edges, 0, self._length))

    def smoothed(self, reach: float, start: int, end: int, width: int) -> tuple[Doubles, Doubles]:
        """Return a smooth line through values[start:end]: places (as indices) and what it says there.

        At each place a straight line is fitted to the values around it, those at distance d counting with
        the weight exp(-d² / (2·reach²)); the smooth line takes what it says at that place. Looking to both
        sides it neither lags nor flattens a slope, up to the newest value (local linear regression,
        Cleveland, Robust locally weighted regression and smoothing scatterplots, 1979). Values that are not
        finite are left out. Costs O(width), whatever the stretch holds: values are first averaged in bins
        that are small beside `reach` or narrower than a pixel.
        """
        each = max(1, round(max((end - start) / max(width, 1), reach / _BINS_IN_REACH)))
        # a reach of 0 means no smoothing: each bin counts alone, and nothing is divided by 0
        deviation = max(reach / each, 1e-3)
        # farther away a value counts less than exp(-4.5) = 0.011
        around = math.ceil(3 * deviation)
        # bins begin at multiples of their size, not at `start`: so the line keeps still while the view moves
        first = max(start // each - around, 0)
        last = min(-(-end // each) + around, -(-self._length // each))
        edges = np.minimum(np.arange(first, max(last, first) + 1, dtype=np.int64) * each, self._length)
        sums, counts = self._sums.between(self._store[: self._length], edges, self._weights)
        distance = np.arange(-around, around + 1) / deviation
        line = _local_lines(sums, counts, np.exp(-0.5 * distance**2), distance)
        # the last value of a bin stands at its edge - 1
        places = (edges[:-1] + edges[1:] - 1) / 2
        shown = (edges[1:] > start - each) & (edges[:-1] < end + each)
        return places[shown], line[shown]

    def _weights(self, places: Indices) -> Doubles:
        """Return how much each value counts in a smooth line."""
        if self._shares is None:
            return np.ones(places.shape)
        return self._shares(self.steps_at(places).astype(np.int64))

    def _put_between(self, step: int, values: Floats, stride: int) -> None:
        """Write values before or among those that there are, where their steps are none of these yet."""
        new = step + stride * np.arange(len(values), dtype=np.int64)
        # the new ones first: of two at one step they count
        steps, chosen = np.unique(np.concatenate([new, self.steps()]), return_index=True)
        strides = np.concatenate([np.full(len(new), stride), self.strides()])[chosen]
        all_values = np.concatenate([values, self.values])[chosen]
        self._length, self._pyramid, self._sums = 0, _Pyramid(), _Sums()
        self._write_each(steps, all_values, strides)

    def _write_each(self, steps: Indices, values: Floats, strides: Indices) -> None:
        """Write values at ascending steps, a row of even distances at once."""
        apart = (np.diff(steps) != strides[1:]) | (np.diff(strides) != 0)
        edges = [0, *(np.flatnonzero(apart) + 1).tolist(), len(steps)]
        for start, end in pairwise(edges):
            if start < end:
                self.write(int(steps[start]), values[start:end], int(strides[start]))

    def _grow(self, size: int) -> None:
        if size > len(self._store):
            store = np.empty(_enough(size, len(self._store)), np.float32)
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
        # 4**64 values: more than any memory holds
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
        # copies, for they are counted towards each other in place
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
        # fmin and fmax leave NaN out as long as one of the four is known
        np.fmin.reduce(low.reshape(blocks, FANOUT), axis=1, out=self.low[start : start + blocks])
        np.fmax.reduce(high.reshape(blocks, FANOUT), axis=1, out=self.high[start : start + blocks])
        self.length = length


Weights = Callable[[Indices], Doubles]
"""Returns how much each value counts, by its place."""


class _Sums:
    """Weighted sums and counts of the finite values before every 64th: the mean of any stretch is at hand.

    What stands between is added up when it is asked for: sums before every value took four times the memory
    of the values.
    """

    def __init__(self) -> None:
        self._sums, self._counts = np.zeros(_LEAST_CAPACITY), np.zeros(_LEAST_CAPACITY)

    def renew(self, values: Floats, changed: int, weights: Weights) -> None:
        """Bring the sums up to date from the value at `changed` on."""
        first, last = changed // _SPACING, len(values) // _SPACING
        if last >= len(self._sums):
            size = _enough(last + 1, len(self._sums))
            # np.resize fills up with repetitions; all of it is written before it is read
            self._sums, self._counts = np.resize(self._sums, size), np.resize(self._counts, size)
        # float64: a float32 sum over millions of steps would swallow the newest values
        new = values[first * _SPACING : last * _SPACING].reshape(-1, _SPACING).astype(np.float64)
        places = np.arange(first * _SPACING, last * _SPACING, dtype=np.int64).reshape(-1, _SPACING)
        known = np.isfinite(new) * weights(places)
        after = slice(first + 1, last + 1)
        # infinite ones become 0 beforehand, for inf times a weight of 0 is NaN
        weighed = np.nan_to_num(new, posinf=0, neginf=0) * known
        self._sums[after] = self._sums[first] + np.cumsum(weighed.sum(axis=1))
        self._counts[after] = self._counts[first] + np.cumsum(known.sum(axis=1))

    def between(self, values: Floats, edges: Indices, weights: Weights) -> tuple[Doubles, Doubles]:
        """Return weighted sum and count of the finite values in each [edges[i], edges[i + 1])."""
        if not len(values):
            return np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
        at = np.minimum(edges, len(values))
        whole = at // _SPACING
        places = whole[:, None] * _SPACING + np.arange(_SPACING)
        inside = places < at[:, None]
        loose = (
            values[np.minimum(places, max(len(values) - 1, 0))].astype(np.float64)
            if len(values)
            else places * 0.0
        )
        known = (inside & np.isfinite(loose)) * weights(places)
        sums = self._sums[whole] + (np.nan_to_num(loose, posinf=0, neginf=0) * known).sum(axis=1)
        counts = self._counts[whole] + known.sum(axis=1)
        return np.diff(sums), np.diff(counts)


def _local_lines(sums: Doubles, counts: Doubles, weight: Doubles, distance: Doubles) -> Doubles:
    """Return at each bin what the weighted least squares line through its neighbours says; NaN where none.

    With the weighted moments S_k = ∑ w·n·d^k and T_k = ∑ w·n·y·d^k the line says
    (S_2·T_0 - S_1·T_1) / (S_2·S_0 - S_1²) at d = 0; where all values stand at one place, T_0 / S_0. It is
    kept between the least and the largest bin, so that a loss that explodes does not begin below 0.
    """
    reach = len(weight) // 2
    padded = np.pad(counts, reach), np.pad(sums, reach)
    if not len(counts):
        return np.empty(0)
    moments = [np.correlate(padded[0], weight * distance**power, "valid") for power in range(3)]
    totals = [np.correlate(padded[1], weight * distance**power, "valid") for power in range(2)]
    spread = moments[2] * moments[0] - moments[1] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = totals[0] / moments[0]
        line = (moments[2] * totals[0] - moments[1] * totals[1]) / spread
        values = sums / counts
    # below this the difference that makes `spread` is rounding alone
    line = np.where(spread > 1e-9 * moments[0] ** 2, line, mean)
    known = values[np.isfinite(values)]
    return np.clip(line, known.min(), known.max()) if len(known) else line


def _enough(size: int, held: int) -> int:
    """Return the room to make where `size` is needed: a quarter more, so that growing costs little."""
    return max(size, held + held // 4)


def _grown(array: Floats, size: int) -> Floats:
    larger = np.empty(_enough(size, len(array)), np.float32)
    larger[: len(array)] = array
    return larger


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.float32(np.nan))


def _take_loose(
    low: Indices, high: Indices, least_of: Floats, most_of: Floats, least: Floats, most: Floats
) -> None:
    """Take the entries that stand before and after the whole blocks of [low, high), and leave the blocks."""
    # three at most stand loose on each side, else they would be a block
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
