"""Batches: in which order the training examples are seen."""

from __future__ import annotations

from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.randomness import derive


def shuffled(count: int, seed: int, *purpose: str | int) -> NDArray[np.int64]:
    """Return the numbers 0 to count - 1 in the random order that belongs to `purpose`.

    They are sorted by the raw 64-bit output of Philox, which numpy promises to keep, so that the order is
    the same on every system and with every version (`Generator.permutation` is not promised to stay).
    """
    keys = np.random.Philox(derive(seed, *purpose)).random_raw(count)
    return np.argsort(keys, kind="stable").astype(np.int64)


def batches_per_epoch(count: int, batch_size: int | Literal["all"]) -> int:
    """Return how many batches `order` cuts `count` examples into."""
    return 1 if batch_size == "all" else ceil(count / batch_size)


def order(
    count: int, batch_size: int | Literal["all"], seed: int, epoch: int
) -> tuple[NDArray[np.int64], ...]:
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
    chances: NDArray[np.float64], batch_size: int | Literal["all"], seed: int, epoch: int
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
