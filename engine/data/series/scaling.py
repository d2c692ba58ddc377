"""Scaling of channels and columns of series, found in the training part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data.preprocessing import Preprocessing


def scaling(
    values: NDArray[np.float32], choices: Preprocessing
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return offset and scale of every column of `values` (rows, columns): (value - offset) / scale.

    A column that is the same in every row gets the scale 1.
    """
    columns = values.shape[1]
    if choices.scaling == "none":
        return (0.0,) * columns, (1.0,) * columns
    # the squares of a million float32 lose digits in their sum
    exact = values.astype(np.float64)
    if choices.scaling == "unit_range":
        offset = exact.min(axis=0)
        scale = exact.max(axis=0) - offset
    else:
        offset, scale = exact.mean(axis=0), exact.std(axis=0)
    return tuple(offset.tolist()), tuple(np.where(scale > _SMALLEST, scale, 1.0).tolist())


def still(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which columns of `values` (rows, columns) are the same in every row."""
    # compared and not by the deviation: rounding may leave a tiny one to equal numbers
    return np.asarray((values == values[:1]).all(axis=0))


_SMALLEST = 1e-30
"""Differences below are rounding of numbers that are all the same."""
