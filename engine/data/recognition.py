"""Recognition: what the text of a column means: numbers with thousands separators, dates, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.values import is_date, is_number

BOOLEANS = tuple(
    (zero, one)
    for zero, one in (
        pair.split()
        for pair in ("false true", "no yes", "n y", "f t", "off on", "否 是", "nein ja", "non oui")
    )
)
"""Pairs of words (for 0, for 1) that make a column a yes-or-no column."""

_DATE = re.compile(
    r"(?:(?P<y>\d{4})(?P<s1>[-/.年])(?P<m>\d{1,2})(?P<s2>[-/.月])(?P<d>\d{1,2})(?P<end>日?)"
    r"|(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y2>\d{4}))"
    r"(?:(?P<gap>[T ])(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,9}))?)?)?"
    r"(?P<z>Z|[+-]\d{2}:?\d{2})?",
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
        found = _dates(name, words)
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


def _dates(name: str, words: list[str]) -> Recognised | None:
    """Return the different words as dates; None when one of them is no date."""
    matches = [_DATE.fullmatch(word) for word in words[:_SAMPLE]]
    if not all(matches):
        return None
    column = pd.Series(words, dtype=object)
    readings = {day_first: dates(column, day_first) for day_first in (False, True)}
    whole = [day_first for day_first, read in readings.items() if read.notna().all()]
    if not whole:
        return None
    dotted = any(found and found["s"] == "." for found in matches)
    day_first = whole[0] if len(whole) == 1 else dotted
    unsure = len(whole) == 2 and not dotted and not readings[False].equals(readings[True])
    notices = (f"{name}: dates like {words[0]} read as month/day; if it is day/month, write 2024-12-31",)
    return Recognised(readings[day_first], notices if unsure else (), day_first)


def dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    """Return text as dates (in UTC where a time zone is named), NaT where it is no date."""
    present = column.dropna()
    style = _style(str(present.iloc[0]), day_first) if len(present) else None
    if style is not None:  # nearly always all are written alike, and one parse of all is quick
        read = pd.to_datetime(column, format=style, errors="coerce")
        if read.notna().sum() == len(present):
            return read.astype("datetime64[us]")
    values = np.array([_date(value, day_first) for value in column], "datetime64[us]")
    return pd.Series(values, column.index, name=column.name)


def _style(text: str, day_first: bool) -> str | None:
    """Return the strftime format of a date that names no zone."""
    found = _DATE.fullmatch(text.strip())
    if found is None or found["z"] or found["end"]:
        return None
    if found["y"]:
        style = f"%Y{found['s1']}%m{found['s2']}%d"
    else:
        style = found["s"].join(["%d", "%m", "%Y"] if day_first else ["%m", "%d", "%Y"])
    clock = (
        [f"{found['gap']}%H:%M"] * bool(found["H"]) + [":%S"] * bool(found["S"]) + [".%f"] * bool(found["f"])
    )
    return style + "".join(clock)


def _date(value: object, day_first: bool) -> np.datetime64:
    if isinstance(value, pd.Timestamp):
        return value.to_datetime64()
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return np.datetime64("NaT")
    day, month = (found["a"], found["b"]) if day_first else (found["b"], found["a"])
    year, month, day = found["y"] or found["y2"], found["m"] or month, found["d"] or day
    clock = f"{int(found['H'] or 0):02}:{found['M'] or '00'}:{found['S'] or '00'}.{(found['f'] or '0')[:6]}"
    try:
        stamp = np.datetime64(f"{year}-{int(month):02}-{int(day):02}T{clock}", "us")
    except ValueError:
        return np.datetime64("NaT")
    return stamp - _zone(found["z"])


def _zone(text: str | None) -> np.timedelta64:
    if text is None or text == "Z":
        return np.timedelta64(0, "m")
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return np.timedelta64(minutes if text[0] == "+" else -minutes, "m")


def looks_like_date(text: str) -> bool:
    """Return whether a cell is written like a date."""
    return _DATE.fullmatch(text.strip()) is not None
