"""Examples as arrays: what batches are cut from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Examples:
    """Prepared examples of one part of the split.

    `inputs`: float32 (N, *shape), or int32 where they are tokens; `targets`: int64 (N,) class indices,
    float32 (N, T) standardised numbers or (N, K) labels as 0 and 1, or int32 (N, length) tags or tokens;
    `rows`: int64 (N,), where each example stands in the source (row of the table, index of the picture),
    ascending.
    """

    inputs: NDArray[np.float32] | NDArray[np.int32]
    targets: NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float32]
    rows: NDArray[np.int64]

    def first(self, count: int) -> Examples:
        """Return the first so many examples."""
        return Examples(self.inputs[:count], self.targets[:count], self.rows[:count])

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.rows)


def spread(count: int, kept: int) -> NDArray[np.int64]:
    """Return `kept` of `count` rows, evenly spread; all where that are no more."""
    if kept >= count:
        return np.arange(count, dtype=np.int64)
    return np.linspace(0, count - 1, max(1, kept)).round().astype(np.int64)
