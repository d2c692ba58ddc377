"""Rows that repeat the names, as loggers that start anew write them and files put together have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.values import as_text


def names_again(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows hold in every column that is filled there the name of it, and in two at least."""
    repeated = np.zeros(len(frame), np.bool_)
    if len(frame.columns) < 2 or not len(frame):
        return repeated
    rows = np.flatnonzero(_equal(frame.iloc[:, 0], frame.columns[0]))
    for place in rows.tolist():
        pairs = zip(frame.iloc[place].tolist(), frame.columns, strict=True)
        filled = [as_text(value).strip() == name for value, name in pairs if not pd.isna(value)]
        repeated[place] = len(filled) > 1 and all(filled)
    return repeated


def _equal(column: pd.Series[Any], name: str) -> NDArray[np.bool_]:
    if column.dtype != object and not pd.api.types.is_string_dtype(column.dtype):
        return np.zeros(len(column), np.bool_)
    return (column == name).fillna(False).to_numpy(np.bool_)
