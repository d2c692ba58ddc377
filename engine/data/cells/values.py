"""Values of a column: as class names, as numbers, as dates. Shared by recognition, fitting and prediction."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.choices.words import rounded

LARGEST = 1e30
"""Numbers farther from zero are refused: they are mistakes, and float32 arithmetic on them overflows."""

LONGEST_NAME = 10_000
"""Letters in the name of a column, a class or a category at most."""


def is_number(column: pd.Series[Any]) -> bool:
    """Return whether the column holds numbers (or nothing at all)."""
    return pd.api.types.is_numeric_dtype(column.dtype)


def is_date(column: pd.Series[Any]) -> bool:
    """Return whether the column holds dates."""
    return pd.api.types.is_datetime64_any_dtype(column.dtype)


def coded(column: pd.Series[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the index of each value among the different ones (-1 where missing), and these as text.

    The different values are in the order of the textbook: numbers by size, text naturally ("class 2" before
    "class 10"). Whole numbers are written without a point.
    """
    codes, names = unsorted_codes(column)
    order = sorted(range(len(names)), key=lambda index: natural(names[index]))
    # one longer than the names: the code -1 of a missing value picks the last place, which says -1 again
    place = np.empty(len(names) + 1, np.int64)
    place[-1] = -1
    place[order] = np.arange(len(names))
    return place[codes], tuple(names[index] for index in order)


def unsorted_codes(column: pd.Series[Any]) -> tuple[NDArray[np.int64], list[str]]:
    """Return the same as `coded`, with the values in the order they occur; quick for a million of them."""
    if is_number(column):
        # an infinite number is what a division by zero left behind, not a class
        column = column.replace([np.inf, -np.inf], np.nan)
    codes, different = pd.factorize(column, use_na_sentinel=True)
    # text needs no `as_text`, and an array hands its values out far quicker than a pandas column
    if pd.api.types.is_string_dtype(different.dtype):
        return codes, [str(value) for value in np.asarray(different, dtype=object)]
    return codes, [as_text(value) for value in different]


def days_since_1970(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return dates as days with the time as a fraction, NaN where missing."""
    stamps = column.to_numpy().astype("datetime64[us]")  # in nanoseconds, years beyond 2262 overflow
    found: NDArray[np.float64] = (stamps - np.datetime64(0, "us")) / np.timedelta64(1, "D")
    return found


def as_text(value: object) -> str:
    """Return a value as the name of a class: whole numbers without a point, dates in ISO form."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        # up to 15 digits are exact in a double; beyond, int would write digits that nobody has written
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, datetime):  # a moment of pandas is one, too
        return without_midnight(value.isoformat(sep=" "))
    return str(value)


def without_midnight(name: str) -> str:
    """Return what a day is called without the hour that it has in a workbook, and had in earlier versions."""
    return name.removesuffix(" 00:00:00")


def natural(text: str) -> tuple[object, ...]:
    """Return a sort key: numbers come first, by size; in text, runs of digits count as numbers."""
    number = as_float(text)
    if number is not None:
        return (0, number, text)
    pieces = re.split(r"([0-9]+)", text.casefold())
    # not isdigit, which holds for ², and int("²") fails; `text` at the end gives "a" and "A" one order
    return (1, tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces), text)


# `float` alone would also take 1_000, nan and infinity
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def as_float(text: str) -> float | None:
    """Return the number that `text` writes in plain form, or None."""
    if not _PLAIN.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


# numpy.savetxt writes all columns so, those of classes included: 1.000000000000000000e+00
_EXPONENT = re.compile(r"[+-]?\d\.\d+[eE][+-]\d{2}")


def without_exponents(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return cells that a program has all written as 1.0e+00 in plain numbers; other cells as they are."""
    known = cells.dropna()
    if not len(known) or not all(_EXPONENT.fullmatch(cell) for cell in known.unique()):
        return cells
    return cells.map(lambda cell: as_text(float(cell)), na_action="ignore")


def numbers(column: pd.Series[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the column as float64, NaN where missing or not finite, and where text is no number."""
    if is_number(column):
        values = column.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan), np.zeros(len(values), bool)
    if is_date(column):
        return np.full(len(column), np.nan), column.notna().to_numpy()
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.isnan(values) & column.notna().to_numpy()
    if wrong.any():
        wrong &= np.array([as_text(value).strip().casefold() not in MISSING for value in column])
    return np.where(np.isfinite(values), values, np.nan), wrong


# a lone . is missing in SAS and Stata; those with # are the errors of Excel
_SPELLINGS = """
NA N/A n/a na NaN nan NAN -nan #N/A #NA <NA> null NULL Null None none NONE ? - -- .
missing Missing MISSING #DIV/0! #VALUE! #REF! #NUM! #NAME? #NULL! 缺失 无
"""
MISSING_WORDS = ("", *_SPELLINGS.split())
"""What stands for a missing value among numbers and dates."""

MISSING = frozenset(word.casefold() for word in MISSING_WORDS)

# .. is the World Bank's, (D), (S), (X) are of the US Census; \n is NULL of MySQL (\N) in small letters
_OFFICES = """
: .. ... … — – n.a. n.d. nd k.a. n.v. n/d s/d (d) (x) (s) (na) (null) \\n unknown
(blank) (跳过) (空) (skipped)
"""
RARELY_MISSING = (
    frozenset(_OFFICES.split())
    | {"*", "**", "***", "(x)", "(d)", "(s)", "…"}
    # Eurostat writes : for a missing number, and perhaps a letter behind it for the reason
    | {f":{gap}{flag}" for gap in ("", " ") for flag in "bcdefinprsuz"}
)
"""What tables of offices and laboratories write for a missing number; among numbers only, and told."""

_MACHINES = """
nan -nan #n/a #na <na> ? -- (null) \\n 缺失 (跳过) (空) (skipped) #div/0! #value! #ref! #num! #name? #null!
"""
NEVER_A_WORD = frozenset(_MACHINES.split())
"""What stands for a missing value even among words, where NA may be Namibia and none an answer."""


def counted(count: int, one: str, several: str = "") -> str:
    """Return how many there are: "1 row", "1,200 rows"; `several` where it is not `one` with an s."""
    return Message("{count:,} " + (one if count == 1 else several or one + "s"), count=count)


def listed(words: Iterable[object], most: int = 5) -> str:
    """Return the first few words for a sentence: "a, b, c and 4 more"."""
    # names in the headers of workbooks have line breaks, which would tear a sentence apart
    shown = [" ".join(str(word).splitlines()) for word in words]
    shown = [word if len(word) <= 60 else word[:57] + "..." for word in shown]
    if len(shown) <= most:
        return ", ".join(shown)
    return Message("{shown} and {count} more", shown=", ".join(shown[:most]), count=len(shown) - most)


def shifted(letter: str, offset: float, scale: float, figures: int) -> str:
    """Return how a number is scaled, "(x − 3.2) / 1.5": no sign stands twice, and 0 and 1 are left out."""
    size = rounded(abs(offset), figures).replace("-", "−")
    top = letter if offset == 0 else f"({letter} {'−' if offset > 0 else '+'} {size})"
    return top if scale == 1 else f"{top} / {rounded(scale, figures)}".replace("-", "−")
