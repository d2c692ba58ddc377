"""Sentinels: numbers such as -200 or -9999 that stand for missing values in a column of measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.values import LARGEST, as_text

_USUAL = frozenset(
    float(number)
    for number in (
        *(-9, -99, -999, -9999, -99999, -999999, -99.9, -999.9, -9999.9, -200, -32768, -2147483648),
        *(
            99,
            999,
            9999,
            99999,
            999999,
            9999999,
            99.9,
            999.9,
            9999.9,
            99.99,
            999.99,
            9999.99,
            1e20,
            9.96921e36,
        ),
    )
)
"""What instruments and offices write for a value that is not there."""
_REPEATED = 3
_FAR = 1.0
"""Distance from all other values, in ranges of those."""
_FEWEST = 20
_VARIED = 5
"""Measurements have more different values than so many."""


def sentinel(name: str, column: pd.Series[Any]) -> list[str]:
    """Return the question whether a number that stands apart again and again means missing, if one does."""
    values = column.to_numpy(np.float64, na_value=np.nan)
    candidate = stands_apart(values)
    if candidate is None:
        return []
    count, shown = int((values == candidate).sum()), as_text(candidate)
    return [
        f"{name}: {shown} stands in {count} rows, far from all other values; if it means missing, "
        f"list {shown} under Missing"
    ]


def stands_apart(values: NDArray[np.float64]) -> float | None:
    """Return the number that stands apart from all others again and again; None where none does."""
    present = values[np.abs(values) < LARGEST]
    if len(present) < _FEWEST:
        return None
    for candidate in (present.min(), present.max()):
        rest = present[present != candidate]
        count = len(present) - len(rest)
        few = len(rest) < (_REPEATED if candidate in _USUAL else count)  # 999 may stand in most rows
        if count < _REPEATED or few or rest.min() == rest.max():
            continue
        if candidate not in _USUAL and len(np.unique(rest)) < _VARIED:
            continue  # a few codes, as the numbers of accounts
        distance = min(abs(candidate - rest.min()), abs(candidate - rest.max()))
        apart = distance > _FAR * (rest.max() - rest.min())
        alone = candidate < 0 <= rest.min() and candidate in _USUAL
        if (apart and (candidate in _USUAL or distance > 10 * (rest.max() - rest.min()))) or alone:
            return float(candidate)
    return None
