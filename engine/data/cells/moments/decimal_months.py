"""Months written as decimals: 2023.10 is October, and stands behind 2023.9, though as a number before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MONTH = re.compile(r"(?P<year>19\d\d|20\d\d)\.(?P<month>0[1-9]|1[0-2]|[1-9])")
_YEARS, _MONTHS, _EXACT = (1900, 2100), 12, 1e-6
_SHORT = re.compile(r"(?P<year>\d\d)\.(?P<month>0[1-9]|1[0-2]|[1-9])")
_PIVOT = 69
"""Short years from here on are of the last century, as in `dates`."""
_SHORT_YEARS = (0, 100)
_LONGEST = 7
_FEWEST = 3
"""Different months: of two numbers, both are so by chance."""
_NEARLY_ALL = 0.9


def are_decimal_months(words: Sequence[str], *, called_time: bool = False) -> bool:
    """Return whether different words are a year and a month each, with a point between.

    Some month is written with two digits: 1987.5 and 1990.1 alone are measures, or halves of a year. Years of
    two digits, as 23.10, are some where the column is called as times are.
    """
    for form in (_MONTH, _SHORT) if called_time else (_MONTH,):
        found = [form.fullmatch(word) for word in words]
        if len(found) >= _FEWEST and all(found):
            return any(len(match["month"]) > 1 for match in found if match)
    return False


def may_be_decimal_months(values: NDArray[np.float64], *, called_time: bool = False) -> bool:
    """Return whether numbers may be months whose last zero is lost: 2023.1 was written 2023.10, or 2023.1.

    Years may have two digits where the column is called as times are.
    """
    reach = (_YEARS, _SHORT_YEARS) if called_time else (_YEARS,)
    if not len(values) or not any(first <= values.min() and values.max() < end for first, end in reach):
        return False
    hundredths = values * 100
    behind = np.round(hundredths).astype(np.int64) % 100
    months = (behind <= _MONTHS) | (behind % 10 == 0)
    exact = np.abs(hundredths - np.round(hundredths)) < _EXACT
    return bool((behind > 0).all() and (months & exact).all())


def with_dashes(words: Sequence[str]) -> list[str]:
    """Return months with a point as dates have them, 2023-10, where nearly all words are such."""
    for form in (_MONTH, _SHORT):
        found = [form.fullmatch(word) if len(word) <= _LONGEST else None for word in words]
        if sum(map(bool, found)) >= _NEARLY_ALL * len(words):
            return [
                f"{_whole(match['year'])}-{match['month']}" if match else word
                for match, word in zip(found, words, strict=True)
            ]
    return list(words)


def _whole(year: str) -> str:
    return year if len(year) > 2 else f"{19 if int(year) >= _PIVOT else 20}{year}"
