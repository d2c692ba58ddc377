"""Batches: in which order the training examples are seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.randomness import derive
from engine.timetable import EpochStretch, Timetable

BatchSize = int | Literal["all"]


def shuffled(count: int, seed: int, *purpose: str | int) -> NDArray[np.int64]:
    """Return the numbers 0 to count - 1 in the random order that belongs to `purpose`.

    They are sorted by the raw 64-bit output of Philox, which numpy promises to keep, so that the order is
    the same on every system and with every version (`Generator.permutation` is not promised to stay).
    """
    keys = np.random.Philox(derive(seed, *purpose)).random_raw(count)
    return np.argsort(keys, kind="stable").astype(np.int64)


def batches_per_epoch(count: int, batch_size: BatchSize) -> int:
    """Return how many batches `order` cuts `count` examples into."""
    return 1 if batch_size == "all" else ceil(count / batch_size)


def order(count: int, batch_size: BatchSize, seed: int, epoch: int) -> tuple[NDArray[np.int64], ...]:
    """Return the indices of each batch of an epoch; every example occurs once, the last batch may be smaller.

    The order depends on (seed, "order", epoch) alone. The full batch ("all") is not shuffled: its gradient
    does not depend on the order.
    """
    if batch_size == "all":
        return (np.arange(count, dtype=np.int64),)
    # by the epoch and not by a generator that goes on: a run continued at epoch 7 sees the same order
    mixed = shuffled(count, seed, "order", epoch)
    return tuple(mixed[start : start + batch_size] for start in range(0, count, batch_size))


def drawn(
    chances: NDArray[np.float64], batch_size: BatchSize, seed: int, epoch: int
) -> tuple[NDArray[np.int64], ...]:
    """Return the indices of each batch of an epoch, drawn with replacement; as many as there are chances.

    `chances`: how likely each example is, (N,), up to a common factor. They depend on (seed, "draw", epoch)
    alone, on raw numbers as in `shuffled`.
    """
    raw = np.random.Philox(derive(seed, "draw", epoch)).random_raw(len(chances))
    # the upper 53 bits, all that a double holds: from 0 to below 1
    shares = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
    bounds = np.cumsum(chances)
    # to the right of equal bounds: what has no chance is never drawn
    whole = np.searchsorted(bounds / bounds[-1], shares, side="right").astype(np.int64)
    size = len(whole) if batch_size == "all" else batch_size
    return tuple(whole[start : start + size] for start in range(0, len(whole), size))


@dataclass(frozen=True)
class Cutting:
    """How the examples of every epoch are cut into batches: a function of the recipe of a run alone.

    The order of an epoch follows from its number, so that a batch is a part of it. `sizes`: from the update
    after so many steps on, batches have that size; the first is for step 0. What an epoch has had when the
    size changes stays had: the rest of it is cut anew, so that each example occurs once.
    """

    count: int
    sizes: tuple[tuple[int, BatchSize], ...]

    def place(self, step: int) -> tuple[int, int, int]:
        """Return of which epoch `step` (from 0) learns, and from which place to which of its order."""
        # from the end: a run is nearly always in its last part
        part = next(one for one in reversed(self._parts) if one.first <= step)
        taken = step - part.first
        left = ceil((self.count - part.seen) / part.size)
        if taken < left:
            epoch, start = part.epoch, part.seen + taken * part.size
        else:
            epochs, within = divmod(taken - left, ceil(self.count / part.size))
            epoch, start = part.epoch + 1 + epochs, within * part.size
        return epoch, start, min(start + part.size, self.count)

    @property
    def largest(self) -> int:
        """Return how many examples a full batch has in the end."""
        return self._parts[-1].size

    @cached_property
    def timetable(self) -> Timetable:
        """Return which step belongs to which epoch."""
        stretches: list[EpochStretch] = []
        for part in self._parts:
            done = 0.0
            if part.seen:
                done = float(Timetable(tuple(stretches)).epochs(part.first)) - part.epoch
            stretches.append(
                EpochStretch(
                    first=part.first,
                    epoch=part.epoch,
                    done=done,
                    left=ceil((self.count - part.seen) / part.size),
                    each=ceil(self.count / part.size),
                    rest=_last_share(self.count - part.seen, part.size),
                    last_batch=_last_share(self.count, part.size),
                )
            )
        return Timetable(tuple(stretches))

    @cached_property
    def _parts(self) -> Sequence[_Part]:
        return tuple(self._each_part())

    def _each_part(self) -> Iterator[_Part]:
        before: tuple[tuple[int, BatchSize], ...] = ()
        for step, size in self.sizes:
            # where the sizes before have come to by then
            epoch, seen, _ = Cutting(self.count, before).place(step) if before else (0, 0, 0)
            yield _Part(step, epoch, seen, self.count if size == "all" else min(size, self.count))
            before = (*before, (step, size))


@dataclass(frozen=True)
class _Part:
    """From step `first` on batches have `size` examples; of `epoch` so many are `seen` by then."""

    first: int
    epoch: int
    seen: int
    size: int


def _last_share(examples: int, size: int) -> float:
    """Return the share of a full batch that the last of so many examples fill."""
    # nothing left over means that the last batch is full
    return (examples % size or size) / size
