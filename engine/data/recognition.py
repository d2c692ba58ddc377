"""Recognition: what the text of a column means: numbers with thousands separators, dates, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.dates import ORDERS, DateOrder, looks_like_date, read_dates
from engine.data.values import is_date, is_number

BOOLEANS = tuple(
    (zero, one)
    for zero, one in (
        pair.split()
        for pair in ("false true", "no yes", "n y", "f t", "off on", "否 是", "nein ja", "non oui")
    )
)
"""Pairs of words (for 0, for 1) that make a column a yes-or-no column."""

_SAMPLE, _FEW = 2_000, 20


@dataclass(frozen=True)
class Recognised:
    """A column with the type its text was found to have, and what a person should know about it."""

    column: pd.Series[Any]
    notices: tuple[str, ...] = ()
    day_first: bool = False
    """Whether its dates name the day before the month."""


def recognise(
    name: str,
    column: pd.Series[Any],
    decimal: str = ".",
    certain: bool = False,
    order: str = "auto",
) -> Recognised:
    """Return the column as numbers or dates where its text is that, else as text without outer blanks.

    `decimal` is the decimal mark of the file, `certain` whether it was seen or chosen (then "1,234" with a
    decimal point can only mean 1234); `order` is that of day, month and year ("auto": found out).
    """
    if is_date(column) or (is_number(column) and not pd.api.types.is_bool_dtype(column.dtype)):
        return Recognised(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.map({True: "true", False: "false"})
    codes, different = pd.factorize(column, use_na_sentinel=True)
    words = [str(word).strip() for word in np.asarray(different, dtype=object)]

    def spread(values: NDArray[Any], missing: object) -> pd.Series[Any]:
        return pd.Series(
            np.append(values, np.array([missing], values.dtype))[codes], column.index, name=column.name
        )

    if not words:
        return Recognised(spread(np.empty(0), np.nan))
    start = words[:_SAMPLE]
    if all(any(character.isdigit() for character in word) for word in start):
        grouped = _grouped(words, decimal, certain)
        if grouped is not None:
            return Recognised(spread(grouped, np.nan))
        found = _dates(name, words, order)
        if found is not None:
            return Recognised(
                spread(found.column.to_numpy(), np.datetime64("NaT")), found.notices, found.day_first
            )
    notices: tuple[str, ...] = ()
    if _all(words, _grouping(decimal, "." if decimal == "," else ",")):
        text = f"{name}: numbers like {words[0]} can be read in two ways and stay words: set the decimal mark"
        notices = (text,)
    return Recognised(spread(np.array(words, dtype=object), None), notices)


def _all(words: list[str], pattern: re.Pattern[str]) -> bool:
    return all(pattern.fullmatch(word) for word in words)


def _grouping(decimal: str, marks: str) -> re.Pattern[str]:
    """Match numbers whose digits may stand in groups of three."""
    return re.compile(rf"[+-]?(\d{{1,3}}([{marks}]\d{{3}})+|\d+)({re.escape(decimal)}\d*)?", re.ASCII)


def _grouped(words: list[str], decimal: str, certain: bool) -> NDArray[np.float64] | None:
    """Return the numbers of words like 1 234,5 or 1,234,567; None when they are not surely numbers."""
    other = "." if decimal == "," else ","
    for marks in (" \u00a0\u202f", "'’", other):
        if not _all(words, _grouping(decimal, marks)):
            continue
        sure = certain or marks != other
        sure = sure or any(word.count(other) > 1 or (other in word and decimal in word) for word in words)
        if sure or not any(other in word for word in words):
            return np.array([float(re.sub(f"[{marks}]", "", word).replace(decimal, ".")) for word in words])
    return None


def _dates(name: str, words: list[str], order: str) -> Recognised | None:
    """Return the different words as dates; None when one of them is no date."""
    if not all(looks_like_date(word) for word in words[:_FEW]):
        return None
    chosen = next((one for one in ORDERS if one == order), None)
    read = read_dates(words[:_SAMPLE], chosen)
    if read is not None and len(words) > _SAMPLE and not np.isnat(read.values).any():
        read = read_dates(words, chosen)
    if read is None or np.isnat(read.values).any():
        return None
    column = pd.Series(read.values)
    notices = (said_order(name, words[0], read.order),) if read.doubtful and read.order else ()
    return Recognised(column, notices, read.order == "day")


def said_order(name: str, word: str, order: DateOrder) -> str:
    """Return the sentence that says how dates were read that can be read in two ways."""
    read = {"day": "day/month", "month": "month/day", "year": "year/month/day"}[order]
    return f"{name}: dates like {word} are read as {read}; if that is wrong, set the order of dates"


def dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    """Return text as dates (in UTC where a time zone is named), NaT where it is no date."""
    if is_date(column):
        return column.astype("datetime64[us]")
    present = column.notna().to_numpy()
    values = np.full(len(column), np.datetime64("NaT", "us"))
    words = [str(value) for value in column[present]]
    read = read_dates(words, "day" if day_first else "month") if words else None
    if words and (read is None or np.isnat(read.values).all()):
        read = read_dates(words)  # of two digits each, perhaps the year first
    if read is not None:
        values[present] = read.values
    return pd.Series(values, column.index, name=column.name)
