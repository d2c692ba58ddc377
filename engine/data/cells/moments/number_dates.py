"""Numbers that write moments: 20240305, 202403051530, seconds since 1970, the days of a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.moments.dates import Stamps, date_of

_FIRST, _LAST = 1800, 2199
"""Years that compact dates may be of."""
_COMPACT = {6: "year and month", 8: "year, month and day", 10: "year, month, day and hour",
            12: "year, month, day, hour and minute", 14: "year, month, day and time"}  # fmt: skip
COMPACT = frozenset(_COMPACT.values())
"""How numbers are read that write a day digit by digit, which hardly any do by chance."""
_SHORT = {6: "year, month and day of two digits each", 8: "year, month, day and hour of two digits each"}
_STEPS: Mapping[str, Literal["M", "D", "h", "m", "s"]] = {
    **dict(zip(_COMPACT.values(), ("M", "D", "h", "m", "s"), strict=True)),
    **dict(zip(_SHORT.values(), ("D", "h"), strict=True)),
}
"""What the last digits of a moment count, as numpy calls it."""
_PIVOT = 69
"""Short years from here on are of the last century, as in `dates`."""
_SINCE = (("seconds", 1e6), ("milliseconds", 1e3), ("microseconds", 1.0), ("nanoseconds", 1e-3))
"""Microseconds in each."""
_EARLIEST, _LATEST = 3e14, 4.2e15
"""Microseconds since 1970: 1979 to 2103."""
YEARS_COUNTED = (1990, 2032)
"""Years that numbers mean which count from 1970 on, where nothing else says that they are times: numbers of
students as 2021010115 are seconds of 2034, and those of telephones microseconds of 1981."""
_EVEN = 0.9
"""Share of the steps that are the usual one."""
_SERIAL = (20_000, 80_000)
"""Days of a spreadsheet from 1954 to 2119."""
_BEFORE = 25_569
"""Days of a spreadsheet before 1970: it counts from 30 December 1899."""


def read_numbers(values: NDArray[np.float64], sure: bool = False) -> tuple[Stamps, str] | None:
    """Return the moments that numbers write, and in words how they are read; None where they write none.

    `sure`: only what can hardly be anything else is taken, which are compact dates down to the day
    and seconds (or less) since 1970 at even steps of more than one.
    """
    known = values[~np.isnan(values)]
    if not len(known) or (known <= 0).any():
        return None
    if (known == np.floor(known)).all():
        found = _compact(values, int(known.max()), sure)
        if found is not None:
            return found
        # 240305 and 24030508; 200312 is December 2003, as whole years are tried first
        length = next((length for length in _SHORT if known.max() < 10**length), 0)
        if not sure and length:
            year = 10 ** (length - 2)
            century = np.where(values >= _PIVOT * year, 1_900 * year, 2_000 * year)
            found = _compact(values + century, 2_000 * year, sure)
            if found is not None:
                return found[0], _SHORT[length]
    if sure and not _steady(known):
        return None
    for what, size in _SINCE:
        # units are a thousand apart, the years allowed 14 times: at most one of them fits
        # divided and not multiplied: numbers may be as large as numbers get
        if (known >= _EARLIEST / size).all() and (known <= _LATEST / size).all():
            return _stamps(values * size), Message("{what} since 1970", what=what)
    if not sure and (known >= _SERIAL[0]).all() and (known <= _SERIAL[1]).all():
        # A spreadsheet keeps times of day as shares of a day, which decimal digits cut off: whole seconds.
        return _stamps(np.round((values - _BEFORE) * 86_400) * 1e6), "days as a spreadsheet counts them"
    return None


def read_days(values: NDArray[np.float64]) -> Stamps | None:
    """Return the days that numbers of eight digits write, NaT where there is no such day, as 20070009.

    None where some number has not eight digits, of which the first four are a year.
    """
    known = ~np.isnan(values)
    year = np.floor(values / 10_000)
    whole = (values == np.floor(values)) & (year >= _FIRST) & (year <= _LAST)
    if not known.any() or not whole[known].all():
        return None
    rest = np.where(known, values, 0) % 10_000
    return date_of(np.where(known, year, np.nan), np.floor(rest / 100), rest % 100)


def bits_of_digits(different: NDArray[np.float64]) -> float:
    """Return how many bits say that different numbers in order write moments digit by digit, not by chance.

    Of the numbers from the least to the most, those that write a moment are few where these reach from one
    day, month or year into another: 20230330 to 20230402 are 73 numbers and four days.
    """
    read = read_numbers(different) if len(different) > 1 else None
    if read is None or read[1] not in _STEPS:
        return 0.0
    ends = read[0][[0, -1]].astype(f"datetime64[{_STEPS[read[1]]}]").astype(np.int64)
    chance = float(ends[1] - ends[0] + 1) / float(different[-1] - different[0] + 1)
    # the first and the last are where they are, whatever they mean
    return -np.log2(chance) * (len(different) - 2) if 0 < chance < 1 else 0.0


def _steady(known: NDArray[np.float64]) -> bool:
    """Return whether numbers go on in even steps of more than one, but for a few gaps."""
    steps = np.abs(np.diff(known))
    return len(steps) > 1 and bool((steps == np.median(steps)).mean() >= _EVEN) and np.median(steps) > 1


def _stamps(microseconds: NDArray[np.float64]) -> Stamps:
    # what int64 makes of NaN differs by processor, and numpy warns
    safe = np.where(np.isnan(microseconds), 0, microseconds).astype(np.int64).astype("datetime64[us]")
    return np.where(np.isnan(microseconds), np.datetime64("NaT", "us"), safe)


def _compact(values: NDArray[np.float64], largest: int, sure: bool) -> tuple[Stamps, str] | None:
    length = len(str(largest))
    if length not in _COMPACT or (sure and length < 8):
        return None
    rest = np.where(np.isnan(values), 0, values).astype(np.int64)
    pieces = []
    for _ in range((length - 4) // 2):
        rest, piece = np.divmod(rest, 100)
        pieces.append(piece.astype(np.float64))
    month, day, hour, minute, second = (*pieces[::-1], *[None] * 5)[:5]
    year = np.where(np.isnan(values), np.nan, rest.astype(np.float64))
    zero, one = np.zeros(len(values)), np.ones(len(values))
    stamps = date_of(year, one if month is None else month, one if day is None else day)
    clock = [zero if part is None else part for part in (hour, minute, second)]
    # 24:00 ends a day, as in ISO 8601 of 2004
    whole = (rest >= _FIRST) & (rest <= _LAST) & (clock[0] <= 24) & (clock[1] < 60) & (clock[2] < 60)
    if not (whole & ~np.isnat(stamps))[~np.isnan(values)].all():
        return None
    seconds = clock[0] * 3600 + clock[1] * 60 + clock[2]
    return stamps + seconds.astype(np.int64).astype("timedelta64[s]"), _COMPACT[length]
