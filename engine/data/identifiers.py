"""Identifiers: columns of numbers that number the rows and say nothing of them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.raw import Table
from engine.data.values import is_number

_FEWEST = 20
"""Rows from which on it is no chance that each has a number of its own."""
_UNNAMED = re.compile(
    r"column 1|unnamed: 0(\.\d)?|index|instant|row|n[or]\.?|row ?names?|rn|#", re.IGNORECASE
)
"""What a column of row numbers is called: R and pandas give it no name, and reading then numbers it."""
_NAMED = re.compile(
    r"(?i:(.*[\W_])?(id|uuid|guid|identifier|rowid|caseid|userid)|row[ _]?(no|nr|number)\.?|s[rl]\.? ?no\.?|"
    r"lfd\.? ?nr\.?|번호|№)|.*[a-z](Id|ID)|.*[序编編番学學工考证證单單卡][号號]"
)
"""What a column of identifiers is called: id, user_id, customerID, 学号; not paid or Madrid."""


def identifiers(raw: Table, rows: NDArray[np.int64]) -> dict[str, str]:
    """Return which inputs only number the rows, each with the reason; `rows` are those of training.

    Such is a column that counts every row of the file, where it has no name or one as id; and one whose name
    says so and in which no number comes twice. What a person has given a type stays, and so does what is
    all that there is to predict from.
    """
    inputs = [name for name in raw.frame.columns if name not in raw.targets]
    found = {}
    for name in inputs:
        why = "" if name in raw.typed else _why(str(name), raw.frame[name], rows)
        if why:
            found[str(name)] = f"{why}; to use it, set the type of the column to number"
    return found if len(found) < len(inputs) else {}


def counts_rows(name: str, column: pd.Series[Any]) -> bool:
    """Return whether a column is called as identifiers are, or not at all, and counts the rows."""
    if not (_NAMED.fullmatch(name) or _UNNAMED.fullmatch(name)) or not is_number(column):
        return False
    steps = np.diff(column.to_numpy(np.float64, na_value=np.nan))
    return len(steps) + 1 >= _FEWEST and bool((steps == steps[0]).all() and abs(steps[0]) == 1)


def _why(name: str, column: pd.Series[Any], rows: NDArray[np.int64]) -> str:
    named, unnamed = _NAMED.fullmatch(name), _UNNAMED.fullmatch(name)
    if not (named or unnamed) or not is_number(column):
        return ""
    values = column.iloc[rows].to_numpy(np.float64, na_value=np.nan)
    whole = len(values) >= _FEWEST and bool((values == np.round(values)).all())
    if not whole or len(np.unique(values)) < len(values):
        return ""
    if len(np.unique(values - rows)) == 1:
        return "it counts the rows, as an identifier does"
    return (
        "its name and its numbers, none of which comes twice, say that it is an identifier" if named else ""
    )
