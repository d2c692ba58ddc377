"""Tables on their side: a row for each thing that was measured, and a column for each example."""

from __future__ import annotations

import re
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.distinct_words import number_written
from engine.data.cells.values import is_date, is_number

_FEWEST, _LOOKED_AT = 6, 200
"""Columns that are examples, and rows that are looked at."""
_NEARLY_ALL, _ALIKE = 0.9, 3.0
_DIGITS = re.compile(r"\d+")


def told_on_its_side(frame: pd.DataFrame) -> str:
    """Return that a table may lie on its side, and what to do, as the end of a sentence; "" if it does not.

    Its first column then names what was measured, and all others, which are called alike but for a number,
    hold numbers of one size, beside words in the same few rows: the groups of the samples.
    """
    names = [str(name) for name in frame.columns]
    examples = names[1:]
    forms = {_DIGITS.sub("0", name) for name in examples}
    if len(examples) < _FEWEST or len(forms) > 2 or not all(map(_DIGITS.search, examples)):
        return ""
    # years and hours of one thing are columns, too
    first = frame[names[0]]
    if any(name.isdigit() for name in examples) or is_number(first) or is_date(first):
        return ""
    if first.nunique() < len(first) or len(frame) <= _FEWEST:
        return ""
    # a row of groups stands mostly first or last
    rows = frame if len(frame) <= _LOOKED_AT else pd.concat([frame.head(_LOOKED_AT), frame.tail(_FEWEST)])
    columns = [_numbers(rows[name]) for name in examples[:_LOOKED_AT]]
    known = np.array([~np.isnan(values) for values in columns])
    words: NDArray[np.bool_] = known.sum(axis=0) == 0
    if known.mean(axis=1).min() < _NEARLY_ALL - words.mean():
        return ""
    sizes = np.array([np.nanmedian(np.abs(values)) for values in columns])
    if sizes.min() <= 0 or sizes.max() > _ALIKE * sizes.min():
        return ""
    labels = [*compress(rows[names[0]].tolist(), words.tolist())]
    return Message(
        ". The table seems to lie on its side: {first} names what was measured, and each of the {count} "
        "other columns is an example. Turn it (in a spreadsheet: copy, then paste transposed), so that each "
        "example is a row; {label} is then a column, and may be what is to be predicted"
        if labels
        else ". The table seems to lie on its side: {first} names what was measured, and each of the {count} "
        "other columns is an example. Turn it (in a spreadsheet: copy, then paste transposed), so that each "
        "example is a row, and add a column that says what is to be predicted",
        first=names[0],
        count=len(examples),
        label=labels[0] if labels else "",
    )


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    if is_number(column):
        return column.to_numpy(np.float64, na_value=np.nan)
    found = (None if cell is None else number_written(str(cell)) for cell in column.tolist())
    return np.array([np.nan if value is None else value for value in found], np.float64)
