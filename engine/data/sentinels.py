"""Sentinels: numbers such as -200 or -9999 that stand for missing values in a column of measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.values import LARGEST, as_text, counted

_USUAL = frozenset(
    float(number)
    for number in (
        *(-9, -99, -999, -9999, -99999, -999999, -99.9, -999.9, -9999.9, -200, -32768, -2147483648),
        *(-9.99, -99.99, -999.99, -9999.99, 99, 999, 9999, 99999, 999999, 9999999),
        *(99.9, 999.9, 9999.9, 99.99, 999.99, 9999.99, 1e20, 9.96921e36),
    )
)
"""What instruments and offices write for a value that is not there."""
_REPEATED = 3
_FAR, _VERY_FAR = 1.0, 10.0
"""Distance from all other values, in ranges of those."""
_FEWEST = 20
_VARIED = 5
"""Measurements have more different values than so many."""


def sentinel(name: str, column: pd.Series[Any]) -> list[str]:
    """Return the question whether a number that stands apart means missing, if one does."""
    values = column.to_numpy(np.float64, na_value=np.nan)
    candidate = stands_apart(values)
    if candidate is None:
        return []
    rows, shown = counted(int((values == candidate).sum()), "row"), as_text(candidate)
    return [
        f"{name}: {shown} stands in {rows}, far from all other values; if it means missing, "
        f"list {shown} under Missing"
    ]


def stands_apart(values: NDArray[np.float64]) -> float | None:
    """Return the number that stands apart from all others again and again; None where none does.

    One that is usual for missing values needs to stand there but once, where it is very far below all others.
    """
    present = values[np.abs(values) < LARGEST]
    if len(present) < _FEWEST:
        return None
    for candidate in (present.min(), present.max()):
        rest = present[present != candidate]
        count = len(present) - len(rest)
        usual = candidate in _USUAL
        if len(rest) < (_REPEATED if usual else count) or rest.min() == rest.max():  # 999 may be most rows
            continue
        if not usual and len(np.unique(rest)) < _VARIED:
            continue  # a few codes, as the numbers of accounts
        span = rest.max() - rest.min()
        distance = min(abs(candidate - rest.min()), abs(candidate - rest.max()))
        if count < _REPEATED:  # once or twice is enough for a number that is nowhere near
            found = usual and candidate < 0 and distance > _VERY_FAR * span
        else:
            alone = usual and candidate < 0 <= rest.min()
            found = alone or distance > (_FAR if usual else _VERY_FAR) * span
        if found:
            return float(candidate)
    return None
