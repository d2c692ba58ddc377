"""Examples as arrays: what batches are cut from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.description import PADDING


@dataclass(frozen=True)
class Examples:
    """Prepared examples of one part of the split.

    `inputs`: float32 (N, *shape), or int32 where they are tokens; `targets`: int64 (N,) class indices,
    float32 (N, T) standardised numbers or (N, K) labels as 0 and 1, or int32 (N, length) tags or tokens;
    `rows`: int64 (N,), where each example stands in the source (row of the table, index of the picture),
    ascending; `weights`: float32 (N,), how much each counts in learning, 1 in the mean of the training part,
    None where all count alike.
    """

    inputs: NDArray[np.float32] | NDArray[np.int32]
    targets: NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float32]
    rows: NDArray[np.int64]
    weights: NDArray[np.float32] | None = None

    def first(self, count: int) -> Examples:
        """Return the first so many examples."""
        weights = None if self.weights is None else self.weights[:count]
        return Examples(self.inputs[:count], self.targets[:count], self.rows[:count], weights)

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.rows)


def spread(count: int, kept: int) -> NDArray[np.int64]:
    """Return `kept` of `count` rows, evenly spread; all where that are no more."""
    if kept >= count:
        return np.arange(count, dtype=np.int64)
    return np.linspace(0, count - 1, max(1, kept)).round().astype(np.int64)


def fullest(inputs: NDArray[Any]) -> float:
    """Return the share of its places that the longest of some examples has; 1 where all have the same."""
    if inputs.dtype.kind == "i" and inputs.ndim == 2:
        # tokens: the places behind the longest text need not be computed
        return float((inputs != PADDING).mean(1).max())
    if inputs.ndim == 3:  # a series ends where its channels are not there
        return float((~np.isnan(inputs[..., 0])).mean(1).max())
    return 1.0
