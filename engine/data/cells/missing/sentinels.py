"""Sentinels: numbers such as -200 or -9999 that stand for missing values in a column of measurements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import LARGEST, as_text, counted, days_since_1970
from engine.data.decisions import decided

_NETCDF = (9.96921e36, 9.969209968386869e36)
"""What netCDF writes where nothing was measured, rounded and in full."""
_USUAL = frozenset(
    float(number)
    for number in (
        # the last two are the smallest numbers of 16 and 32 bits; -200 is that of the air quality data of UCI
        *(-9, -99, -999, -9999, -99999, -999999, -99.9, -999.9, -9999.9, -200, -32768, -2147483648),
        *(-9.99, -99.99, -999.99, -9999.99, 99, 999, 9999, 99999, 999999, 9999999),
        *(99.9, 999.9, 9999.9, 99.99, 999.99, 9999.99, 1e20, *_NETCDF),
    )
)
"""What instruments and offices write for a value that is not there."""
_DATES = frozenset(
    float((np.datetime64(day) - np.datetime64(0, "D")).astype(int))
    # 1753-01-01 is the first day that SQL Server knows, 1900-01-01 the one that it makes of an empty text
    for day in ("9999-12-31", "9999-01-01", "2999-12-31", "2099-12-31", "1900-01-01", "1753-01-01")
)
"""What programs write for a day that is not known, or has not come: days since 1970."""
_CODES = frozenset(map(float, (7, 8, 9, 77, 88, 97, 98, 99, 997, 998, 999)))
"""What surveys write for answers that were refused, not known or not asked for."""
_BELOW = frozenset(float(-number) for number in range(1, 10))
"""The same below 0, where most surveys have them: -1 not asked, -8 don't know, -9 refused."""
_LONGEST_SCALE, _GAP, _ROUND = 11, 3, 10
_REPEATED = 3
_FAR, _VERY_FAR = 1.0, 10.0
"""Distance from all other values, in ranges of those."""
_FEWEST = 20
_MOST_CODES, _FEWEST_BESIDE = 9, 3
"""Codes of one family, and different numbers beside the single code -1: -1, 0 and 1 are a scale."""
_WRITTEN_FROM = 9_990
"""Codes of programs that stand very far above what is measured have four digits and more."""
_EXACT = 2.0**53
"""Beyond it not every whole number is one of floating point."""
_VARIED = 5
"""Measurements have more different values than so many."""


def sentinel(name: str, column: pd.Series[Any]) -> list[str]:
    """Return the question whether a number that stands apart means missing, if one does."""
    values = column.to_numpy(np.float64, na_value=np.nan)
    codes = _family(values[np.isfinite(values)])
    if codes:
        return _family_asked(name, values, codes)
    candidate = stands_apart(values)
    # zeros below all others are asked about by `zeros_in_doubt`: 0 may be a value of another column
    if candidate is None or (candidate == 0 and np.nanmin(values) == 0):
        return _no_answers(name, values[np.isfinite(values)])
    rows, shown = counted(int((values == candidate).sum()), "row"), as_text(candidate)
    text = Message(
        "{name}: {shown} stands in {rows}, far from all other values; if it means missing, "
        "list {shown} under Missing",
        name=name,
        shown=shown,
        rows=rows,
    )
    return _asked(name, text, shown)


def _asked(name: str, said: str, *words: str) -> list[str]:
    return [decided(said, "data.missing", words, column=name, cells=words, doubtful=True)]


def _family_asked(name: str, values: NDArray[np.float64], codes: Sequence[float]) -> list[str]:
    words = [as_text(code) for code in codes]
    shown = _and(words)
    text = Message(
        "{name}: {shown} stand in {rows}, apart from all other values, as codes of answers that were not "
        "given; if they mean that, list all of them under Missing"
        if len(codes) > 1
        else "{name}: {shown} stands in {rows}, apart from all other values, as the code of an answer that "
        "was not given; if it means that, list {shown} under Missing",
        name=name,
        shown=shown,
        rows=counted(int(np.isin(values, codes).sum()), "row"),
    )
    return _asked(name, text, *words)


def _and(words: Sequence[str]) -> str:
    return (
        Message("{first} and {last}", first=", ".join(words[:-1]), last=words[-1]) if words[1:] else words[0]
    )


def _family(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the codes of answers that were not given, which stand together below or above all other numbers.

    Those below 0 are -1 to -9 and their like of more digits (-99, -88); those above are the last of so many
    digits (997, 998, 999). A single one is found here only if it is one of -1 to -8, as `stands_apart` knows
    the others.
    """
    if len(values) < _FEWEST or np.abs(values).max(initial=0) > _EXACT:
        return ()
    different, counts = np.unique(values, return_counts=True)
    often = dict(zip(different.tolist(), counts.tolist(), strict=True))
    for codes, rest in (_below(different), _above(different), _far_above(different, counts)):
        if len(codes) <= _MOST_CODES and sum(often[code] for code in codes) >= _REPEATED and len(rest) > 1:
            return codes
    return ()


def _below(different: NDArray[np.float64]) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """Return the codes below 0, and all other numbers; no codes where what is below 0 is a measure."""
    codes, rest = different[different < 0], different[different >= 0]
    none: tuple[tuple[float, ...], NDArray[np.float64]] = (), rest
    if not len(codes) or not len(rest) or not all(map(_is_code_below, codes.tolist())):
        return none
    # -1 below 0 goes on downwards; -2, -1, 1 and 2 are a scale without a middle
    if rest[0] - codes[-1] < 2 or set(-codes) == set(rest):
        return none
    if len(codes) == 1 and (codes[0] not in _BELOW or codes[0] == -9 or len(rest) < _FEWEST_BESIDE):
        return none
    # of temperatures some lie just below 0, while codes keep away from what they stand for
    is_scale = len(rest) <= _LONGEST_SCALE and rest[0] in (0, 1) and rest[-1] - rest[0] == len(rest) - 1
    apart = rest[0] >= -codes[-1] + _GAP or codes[-1] <= -_GAP or rest[0] > 0
    return (tuple(codes.tolist()), rest) if is_scale or apart else none


def _is_code_below(number: float) -> bool:
    """Return whether a number is one of -1 to -9, -66 to -99 of digits alike, or -96 to -99, and so on."""
    digits = as_text(-number)
    return (len(digits) == 1 and digits.isdigit()) or _is_alike(digits) or _is_last(digits)


def _is_alike(digits: str) -> bool:
    """Return whether digits are 66 to 99 of two alike, 666 to 999 and so on."""
    return digits.isdigit() and len(set(digits)) == 1 and digits[0] in "6789"


def _is_last(digits: str) -> bool:
    """Return whether digits are among the last numbers of so many: 96 to 99, 9996 to 9999."""
    return digits.isdigit() and len(digits) > 1 and not digits[:-1].strip("9") and digits[-1] in "6789"


def _above(different: NDArray[np.float64]) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """Return the codes above all other numbers, several of as many digits, and the others."""
    digits = [*map(as_text, different.tolist())]
    known = [len(word) == len(digits[-1]) > 1 and (_is_last(word) or _is_alike(word)) for word in digits]
    # from the top down, until the first that is none
    count = next((place for place, one in enumerate(reversed(known)) if not one), len(known))
    codes, rest = different[len(different) - count :], different[: len(different) - count]
    if len(codes) < 2 or not len(rest) or rest[0] < 0 or codes[0] - rest[-1] <= _FAR * (rest[-1] - rest[0]):
        return (), different
    return tuple(codes.tolist()), rest


def _far_above(
    different: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """Return several numbers that come again and again very far above all others, whatever their digits.

    Stations of China write 32700 for a trace of rain and 32766 where nothing was measured.
    """
    none: tuple[tuple[float, ...], NDArray[np.float64]] = (), different
    if len(different) <= _VARIED:
        return none
    place = len(different) - int(np.argmax(np.diff(different)[::-1])) - 1
    codes, rest = different[place:], different[:place]
    far = len(rest) >= _VARIED and codes[0] - rest[-1] > _VERY_FAR * (rest[-1] - rest[0])
    again = len(codes) > 1 and counts[place:].min() >= _REPEATED
    # whole numbers of five digits and more are written by programs; the rich are few, and each by himself
    return (tuple(codes.tolist()), rest) if far and again and codes[0] >= _WRITTEN_FROM else none


def _no_answers(name: str, values: NDArray[np.float64]) -> list[str]:
    """Return the question whether numbers are answers that were not given, as surveys code them."""
    # `_among_round` takes the greatest common divisor, which needs whole numbers that are exact
    if len(values) < _FEWEST or (values != np.round(values)).any() or np.abs(values).max() > _EXACT:
        return []
    different, counts = np.unique(values, return_counts=True)
    often = counts >= _REPEATED
    return _beside_scale(name, different, often) or _among_round(name, different, often)


def _beside_scale(name: str, different: NDArray[np.float64], often: NDArray[np.bool_]) -> list[str]:
    """Return the question of 8 and 9 beside a scale from 1 to 5."""
    steps = np.diff(different)
    # the order matters: a single value has no steps, and the largest of none is an error
    if not 1 < len(different) <= _LONGEST_SCALE or different[0] not in (0, 1) or steps.max() < _GAP:
        return []
    length = int(np.argmax(steps)) + 1
    scale, codes = different[:length], different[length:]
    if length < 2 or scale[-1] - scale[0] != length - 1 or not often[length:].all() or set(codes) - _CODES:
        return []
    shown = _and([*map(as_text, codes)])
    text = Message(
        "{name}: {shown} stand apart from the scale {first} to {last}; if they mean that no answer was "
        "given, list all of them under Missing"
        if len(codes) > 1
        else "{name}: {shown} stands apart from the scale {first} to {last}; if it means that no answer was "
        "given, list {shown} under Missing",
        name=name,
        shown=shown,
        first=as_text(scale[0]),
        last=as_text(scale[-1]),
    )
    return _asked(name, text, *map(as_text, codes))


def _among_round(name: str, different: NDArray[np.float64], often: NDArray[np.bool_]) -> list[str]:
    """Return the question of 99999 among incomes in whole thousands."""
    codes = [_is_last(word) and len(word) > 2 for word in map(as_text, different.tolist())]
    odd = np.flatnonzero(often & np.array(codes))
    if not len(odd) or len(different) <= _VARIED:
        return []
    step = int(np.gcd.reduce(np.delete(different, odd).astype(np.int64)))
    words = [*map(as_text, different[odd])]
    shown = _and(words)
    text = Message(
        "{name}: {shown} come again and again, where all other values are multiples of {step:,}; if they "
        "mean missing, list all of them under Missing"
        if len(words) > 1
        else "{name}: {shown} occurs again and again, where all other values are multiples of {step:,}; if "
        "it means missing, list {shown} under Missing",
        name=name,
        shown=shown,
        step=step,
    )
    return _asked(name, text, *words) if step >= _ROUND else []


def sentinel_date(name: str, column: pd.Series[Any], written: pd.Series[Any] | None = None) -> list[str]:
    """Return the same question for dates, as 9999-12-31 where no end is known.

    `written`: the cells as the file has them, where they were read from text.
    """
    days = days_since_1970(column)
    candidate = stands_apart(days, _DATES)
    if candidate is None:
        return []
    rows = counted(int((days == candidate).sum()), "row")
    shown = as_text((column if written is None else written).iloc[int(np.argmax(days == candidate))])
    text = Message(
        "{name}: {shown} stands in {rows}, far from all other dates; if it means missing, "
        "list it under Missing as it is written",
        name=name,
        shown=shown,
        rows=rows,
    )
    return _asked(name, text, shown)


def stands_apart(values: NDArray[np.float64], usual: Collection[float] = _USUAL) -> float | None:
    """Return the number that stands apart from all others again and again; None where none does.

    `usual` are those that often stand for what is missing. Such a one needs to stand there but once, where it
    is very far below all others.
    """
    # false for NaN, too; what netCDF writes lies beyond the numbers that are read
    present = values[(np.abs(values) < LARGEST) | np.isin(values, list(usual))]
    if len(present) < _FEWEST:
        return None
    for candidate in (present.min(), present.max()):
        rest = present[present != candidate]
        count = len(present) - len(rest)
        known = candidate in usual
        if len(rest) < (_REPEATED if known else count) or rest.min() == rest.max():  # 999 may be most rows
            continue
        if not known and len(np.unique(rest)) < _VARIED:
            continue  # a few codes, as the numbers of accounts
        span = rest.max() - rest.min()
        distance = min(abs(candidate - rest.min()), abs(candidate - rest.max()))
        if count < _REPEATED:  # once or twice is enough for a number that is nowhere near
            found = known and candidate < 0 and distance > _VERY_FAR * span
        else:
            # -99 where nothing else is negative needs no distance: incomes reach much farther than that
            alone = known and candidate < 0 <= rest.min()
            found = alone or distance > (_FAR if known else _VERY_FAR) * span
        if found:
            return float(candidate)
    return None
