"""Thinning: long series for the eye, with every peak kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def thinned(values: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Return at most `most` evenly spread rows of `values` (rows, columns), `most` even and at least 2.

    Of each run of rows, the least and the most of every column are kept, in the order they stood in.
    """
    count = len(values)
    if count <= most:
        return values
    # each run gives two rows, so half as many runs
    edges = np.linspace(0, count, most // 2 + 1).round().astype(np.int64)
    starts = edges[:-1]
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    found = np.empty((2 * len(starts), values.shape[1]), values.dtype)
    # reduceat knows no argmin: which of the two came first is asked run by run
    rises = np.stack(
        [
            values[start:end].argmin(axis=0) <= values[start:end].argmax(axis=0)
            for start, end in zip(starts, edges[1:], strict=True)
        ]
    )
    found[0::2] = np.where(rises, low, high)
    found[1::2] = np.where(rises, high, low)
    return found
