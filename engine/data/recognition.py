"""Recognition: what the text of a column means: numbers with thousands separators, dates, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.data.values import is_date, is_number

BOOLEANS = (
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"), ("否", "是"), ("nein", "ja"),
    ("non", "oui"),
)  # fmt: skip
"""Pairs of words (for 0, for 1) that make a column a yes-or-no column."""

_DATE = re.compile(
    r"(?:(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"|(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y2>\d{4}))"
    r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?P<f>[.,]\d{1,9})?)?)?"
    r"(?:\s*(?P<z>Z|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)
_SAMPLE = 2_000


@dataclass(frozen=True)
class Recognised:
    """A column with the type its text was found to have, and what a person should know about it."""

    column: pd.Series[Any]
    notices: tuple[str, ...] = ()
    day_first: bool = False
    """Whether its dates name the day before the month."""


def recognise(name: str, column: pd.Series[Any], decimal: str = ".", certain: bool = False) -> Recognised:
    """Return the column as numbers or dates where its text is that, else as text without outer blanks.

    `decimal` is the decimal mark of the file, `certain` whether it was seen or chosen (then "1,234" with a
    decimal point can only mean 1234).
    """
    if is_date(column) or (is_number(column) and not pd.api.types.is_bool_dtype(column.dtype)):
        return Recognised(column)
    codes, different = pd.factorize(column, use_na_sentinel=True)
    words = [str(word).strip() for word in different]
    if not words:
        return Recognised(pd.Series(np.full(len(column), np.nan), index=column.index, name=column.name))
    if not any(character.isdigit() for word in words[:_SAMPLE] for character in word):
        return Recognised(_spread(column, codes, words))
    grouped = _grouped(words, decimal, certain)
    if grouped is not None:
        return Recognised(pd.Series(np.append(grouped, np.nan)[codes], index=column.index, name=column.name))
    found = _dates(name, words)
    if found is not None:
        values = np.append(found.column.to_numpy("datetime64[us]"), np.datetime64("NaT"))
        return Recognised(pd.Series(values[codes], index=column.index, name=column.name), found.notices, found.day_first)
    notices: tuple[str, ...] = ()
    if _all(words, _groups(decimal)):
        notices = (f"{name}: numbers like {words[0]} can be read in two ways; taken as words. Set the decimal mark",)
    return Recognised(_spread(column, codes, words), notices)


def _spread(column: pd.Series[Any], codes: Any, words: list[str]) -> pd.Series[Any]:
    values = np.array([*words, None], dtype=object)[codes]
    return pd.Series(values, index=column.index, name=column.name, dtype=object)


def _all(words: list[str], pattern: re.Pattern[str]) -> bool:
    return all(pattern.fullmatch(word) for word in words)


def _groups(decimal: str, marks: str = "") -> re.Pattern[str]:
    """Match numbers whose digits may stand in groups of three."""
    marks = marks or (",." if decimal == "," else ",").replace(decimal, "")
    inside = re.escape(marks)
    return re.compile(rf"[+-]?(\d{{1,3}}([{inside}]\d{{3}})+|\d+)({re.escape(decimal)}\d*)?", re.ASCII)


def _grouped(words: list[str], decimal: str, certain: bool) -> np.ndarray[Any, Any] | None:
    """Return the numbers of words like 1 234,5 or 1,234,567; None when they are no numbers or not surely so."""
    other = "." if decimal == "," else ","
    for marks in (" \u00a0\u202f", "'’", other):
        if not _all(words, _groups(decimal, marks)):
            continue
        sure = certain or marks != other
        sure = sure or any(word.count(other) > 1 or (other in word and decimal in word) for word in words)
        if sure or not any(other in word for word in words):
            return np.array([float(re.sub(f"[{marks}]", "", word).replace(decimal, ".")) for word in words])
    return None


def _dates(name: str, words: list[str]) -> Recognised | None:
    """Return the different words as dates; None when one of them is no date."""
    matches = [_DATE.fullmatch(word) for word in words[:_SAMPLE]]
    if not all(matches):
        return None
    matches = [_DATE.fullmatch(word) for word in words]
    firsts = [int(found["a"]) for found in matches if found and found["a"]]
    seconds = [int(found["b"]) for found in matches if found and found["b"]]
    dotted = any(found and found["s"] == "." for found in matches)
    day_first = max(firsts, default=0) > 12 or (dotted and max(seconds, default=0) <= 12)
    read = dates(pd.Series(words, dtype=object), day_first)
    if read.isna().any():
        return None
    unsure = firsts and not dotted and max(*firsts, *seconds, 0) <= 12
    notices = (f"{name}: dates like {words[0]} read as month/day; if it is day/month, write 2024-12-31",)
    return Recognised(read, notices if unsure else (), day_first)


def dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    """Return text as dates (times in UTC where they name a zone), NaT where it is no date."""
    values = [_date(str(value), day_first) if isinstance(value, str) else value for value in column]
    return pd.Series(pd.to_datetime(pd.Series(values, dtype=object), errors="coerce").to_numpy("datetime64[us]"),
                     index=column.index, name=column.name)  # fmt: skip


def _date(text: str, day_first: bool) -> np.datetime64 | None:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    first, second = found["a"], found["b"]
    day, month = (first, second) if day_first else (second, first)
    year, month, day = found["y"] or found["y2"], found["m"] or month, found["d"] or day
    clock = f"{int(found['H'] or 0):02}:{found['M'] or '00'}:{found['S'] or '00'}"
    fraction = (found["f"] or ".0").replace(",", ".")[:7]
    try:
        stamp = np.datetime64(f"{year}-{int(month):02}-{int(day):02}T{clock}{fraction}", "us")
    except ValueError:
        return None
    return stamp - _zone(found["z"])


def _zone(text: str | None) -> np.timedelta64:
    if text is None or text == "Z":
        return np.timedelta64(0, "m")
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return np.timedelta64(minutes if text[0] == "+" else -minutes, "m")


def looks_like_date(text: str) -> bool:
    """Return whether a cell is written like a date."""
    return _DATE.fullmatch(text.strip()) is not None
