"""Tables that are more than a table: columns of texts, rows in the order of time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.data.inspected import Suggestion
from engine.data.tables.columns import is_text
from engine.data.values import is_date, is_number

_LOOKED_AT = 2000
"""Rows."""
_FEWEST_WORDS = 4.0
"""Cells that hold so many words on average are texts, not categories."""
_FEWEST_DIFFERENT = 0.5
_FEWEST_MOMENTS = 50


def better_source(frame: pd.DataFrame) -> Suggestion:
    """Return the kind of source for texts, translations or a course over time; "" for any other table."""
    first = frame.head(_LOOKED_AT)
    texts = [name for name in first.columns if holds_texts(first[name])]
    if len(texts) == 2 == len(first.columns):
        return "text_pairs"
    if texts:
        return "text_table"
    measured = any(is_number(first[name]) for name in first.columns)
    return "time_series" if measured and any(_is_clock(first[name]) for name in first.columns) else ""


def holds_texts(column: pd.Series[Any]) -> bool:
    """Return whether a column holds words, many at a time and mostly different ones."""
    known = column.dropna()
    if not is_text(column) or not len(known) or known.nunique() < _FEWEST_DIFFERENT * len(known):
        return False
    words = sum(len(str(text).split()) for text in known.tolist())
    return words >= _FEWEST_WORDS * len(known)


def _is_clock(column: pd.Series[Any]) -> bool:
    """Return whether a column holds dates, each later than the one before, or each earlier."""
    enough = len(column) >= _FEWEST_MOMENTS and is_date(column) and not column.isna().any()
    ordered = enough and (column.is_monotonic_increasing or column.is_monotonic_decreasing)
    return bool(ordered) and bool(column.is_unique)
