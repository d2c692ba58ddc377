"""Rows between the others that are none: comments, and names written again, as loggers that start anew and
files put together have them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.values import as_text


def names_again(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows hold in every column that is filled there the name of it, and in two at least.

    Where names stand in two rows and were joined, such a row repeats the second: Min of Playing Time Min.
    """
    repeated = np.zeros(len(frame), np.bool_)
    if len(frame.columns) < 2 or not len(frame):
        return repeated
    # going through rows is slow: only those are looked at whose first cell is a name again
    rows = np.flatnonzero(_equal(frame.iloc[:, 0], frame.columns[0]))
    for place in rows.tolist():
        pairs = zip(frame.iloc[place].tolist(), frame.columns, strict=True)
        filled = [_names(as_text(value).strip(), name) for value, name in pairs if not pd.isna(value)]
        repeated[place] = len(filled) > 1 and all(filled)
    return repeated


def comments(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows hold nothing but a comment in the first column, as # recalibrated.

    Where most rows begin so, # is no mark of comments.
    """
    if len(frame.columns) < 2 or not _holds_words(frame.iloc[:, 0]):
        return np.zeros(len(frame), np.bool_)
    begins = frame.iloc[:, 0].astype(str).str.match(r"#\s*\w").to_numpy(np.bool_, na_value=False)
    if not begins.any() or 2 * begins.sum() > len(frame):
        return np.zeros(len(frame), np.bool_)
    found = begins & frame.iloc[:, 1:].isna().all(axis=1).to_numpy()
    return found if (found == begins).all() else np.zeros(len(frame), np.bool_)


def _holds_words(column: pd.Series[Any]) -> bool:
    return column.dtype == object or pd.api.types.is_string_dtype(column.dtype)


def _equal(column: pd.Series[Any], name: str) -> NDArray[np.bool_]:
    if not _holds_words(column):
        return np.zeros(len(column), np.bool_)
    return column.isin([name, *_ends(name)]).to_numpy(np.bool_)


def _names(cell: str, name: str) -> bool:
    return cell == name or name.endswith(f" {cell}")


def _ends(name: str) -> list[str]:
    """Return what follows each blank of a name."""
    words = name.split(" ")
    return [" ".join(words[place:]) for place in range(1, len(words))]
