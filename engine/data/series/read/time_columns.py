"""Which columns of a table say when each row was: one of dates, or several that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.moments.date_words import MONTHS
from engine.data.cells.moments.dates import (
    ORDERS,
    Stamps,
    date_of,
    looks_like_date,
    ordinal_of,
    read_clock,
    read_dates,
    week_of,
)
from engine.data.cells.moments.number_dates import read_numbers
from engine.data.cells.values import as_text, is_date, is_number, listed, numbers
from engine.data.refusal import refused
from engine.data.series.read.elapsed import names_axis, tells_elapsed

Part = Literal["year", "month", "day", "hour", "minute", "second", "day of year", "week", "quarter"]
_PARTS: dict[Part, str] = {
    "year": "year yr yyyy yy jahr année annee año ano 年 年份",
    "month": "month mon mm mo monat mois mes 月 月份",
    "day": "day dd dy tag jour día dia 日 dayofmonth mday",
    "hour": "hour hr hh stunde heure hora 时 小时 std hourofday hours he hrend hourend hrending hourending",
    "minute": "minute min mi minuten minutes 分",
    "second": "second sec ss sekunde seconde seconds 秒",
    "day of year": "doy dayofyear yday yearday juliday julianday",
    "week": "week kw woche semaine semana isoweek weekofyear 周 周次 第几周 週",
    "quarter": "quarter qtr quartal trimestre 季 季度",
}
NAMES: dict[str, Part] = {name: part for part, names in _PARTS.items() for name in names.split()}
_CALLED = """
time t date datetime timestamp ds year hour day month week quarter period step index row when ts utc
unix unixtime epoch datum zeit zeitpunkt zeitstempel datumzeit messdatum uhrzeit tag monat jahr heure
horodatage année fecha hora día mes año data 日期 时间 年份 月份
"""
TIMES = frozenset(_CALLED.split())
"""What columns of times are called."""
_UNIT = re.compile(r"\s*[(\[].*?[)\]]|_(?:s|ms|us|ns|sec|seconds|utc|gmt|local|unix)$")
_PASSED = re.compile(r"\d+(:[0-5]?\d){1,2}([.,]\d+)?")
"""What a stopwatch shows."""
_NUMBERED = re.compile(
    r"(?:第|KW|W|Week|Sem(?:aine)?|Semana|Wk|Q|T|Quarter)?\W{0,2}(\d{1,2})\.?\s?(?:周|週|季度?|주|KW|Q)?",
    re.I,
)
"""A week or a quarter beside its year: 第1周, KW 01, W1, Q3."""
_WEEK = re.compile(r"(\d{4})[年\W_]*(?:第|KW|W|Week)\W?(\d{1,2})[周週]?", re.IGNORECASE)
"""A week with its year, as one word: 2024年第1周, 2024 KW 01."""
_NEARLY = 0.9
"""A column of words is one of times from this share of dates on; rows without one are left out and told."""
_FIRST_YEAR = 1600
_DAY, _HOUR = 86_400e6, 3_600e6
"""Microseconds."""


@dataclass(frozen=True)
class When:
    """What was read: `values` (rows,) microseconds since 1970 or numbers, NaN where there is none."""

    values: NDArray[np.float64]
    dated: bool
    columns: tuple[str, ...]
    notices: tuple[str, ...] = ()


def find_when(frame: pd.DataFrame, chosen: Sequence[str], order: str = "auto") -> When | None:
    """Return when each row was, as the chosen columns say, or those that seem to; None where none does.

    The index of the frame numbers its rows as the file does.

    Raises Invalid when the chosen columns hold no times.
    """
    if len(chosen) == 1:
        return _chosen(frame, chosen[0], order)
    if chosen:
        found = _joined(frame, chosen, order)
        if found is None:
            raise refused(
                "data.time",
                Message(
                    "{listed} cannot be read together as times: name a column of dates and one of times "
                    "of day, or columns called year, month, day, hour",
                    listed=listed(chosen),
                ),
            )
        return found
    return _guessed(frame, order)


def _chosen(frame: pd.DataFrame, name: str, order: str) -> When:
    found = _single(frame[name], name, order) or _by_number(frame[name], name) or _elapsed(frame[name], name)
    if found is not None:
        return found
    values, wrong = numbers(frame[name])
    if wrong.any() or not is_number(frame[name]):
        word = as_text(frame[name].iloc[int(np.argmax(wrong))])[:60]
        # a column of times of day alone needs another cure than one of words
        clock = not np.isnan(read_clock([word]))[0]
        raise refused(
            "data.time",
            Message(
                "{name} holds times of day without a date, as {word!r}: name the column of dates too",
                name=name,
                word=word,
            )
            if clock
            else Message(
                "{name} holds {word!r}, which is neither a date (as 2024-12-31 18:00) nor a number",
                name=name,
                word=word,
            ),
        )
    return When(values, False, (name,))


def _guessed(frame: pd.DataFrame, order: str) -> When | None:
    """Return the first column of dates, with the time of day beside it; else what other columns say."""
    dated = [found for name in frame.columns if (found := _single(frame[name], str(name), order)) is not None]
    if dated:
        # a date that is another in nearly every row, and not a birthday or a day of delivery
        best = next((one for one in dated if _different(one.values) > _NEARLY), dated[0])
        return _with_clock(frame, best) or best
    joined = _joined(frame, _named_parts(frame), order) or _month_after_month(frame, [*frame.columns])
    if joined is not None:
        return joined
    # names that speak for times first; of the others only numbers that can be nothing else
    called = [str(name) for name in frame.columns if is_number(frame[name]) and _plain(name) in TIMES]
    others = [str(name) for name in frame.columns if is_number(frame[name]) and name not in called]
    for name in (*called, *others):
        found = _by_number(frame[name], name, sure=name in others)
        if found is not None and (name in called or _different(found.values) > _NEARLY):
            return _with_clock(frame, found) or found
    for name in called:
        values = numbers(frame[name])[0]
        # counters, as step or index, go one way
        if len(values) > 1 and ((np.diff(values) > 0).all() or (np.diff(values) < 0).all()):
            return When(values, False, (name,))
    passed = (_growing(frame[name], str(name)) or _elapsed(frame[name], str(name)) for name in frame.columns)
    return next((found for found in passed if found is not None), None)


def _growing(column: pd.Series[Any], name: str) -> When | None:
    """Return the times of a column of numbers that tells how much has passed, or is an axis."""
    if not is_number(column) or not (tells_elapsed(name) or names_axis(name)):
        return None
    values = numbers(column)[0]
    if tells_elapsed(name):
        told = Message("{name} tells how much time has passed, and orders the rows", name=name)
        return (
            When(values, False, (name,), (told,)) if len(values) > 1 and (np.diff(values) > 0).all() else None
        )
    said = Message("{name} rises evenly, as the axis of a recording, and orders the rows", name=name)
    return When(values, False, (name,), (said,)) if rises_evenly(values) else None


def rises_evenly(values: NDArray[np.float64]) -> bool:
    """Return whether numbers are as far apart as each other; those with a fraction never are exactly."""
    steps = np.diff(values)
    # rounded to six digits, as the axis is mostly written
    usual = float(np.median(steps)) if len(steps) else 0.0
    return usual > 0 and bool((np.abs(steps - usual) <= max(1e-3 * usual, 1e-6)).all())


def _elapsed(column: pd.Series[Any], name: str) -> When | None:
    """Return the times of a column that says how much has passed, as 12:05, in seconds.

    They only grow, and are no times of day, which follow a date.
    """
    if is_number(column) or is_date(column) or not len(column) or column.isna().any():
        return None
    found = [_PASSED.fullmatch(str(word).strip()) for word in column]
    if not all(found):
        return None
    parts = [
        [float(part.replace(",", ".")) for part in word[0].strip().split(":")]
        for word in found
        if word is not None
    ]
    if len({len(part) for part in parts}) == 2:  # 59:55, 1:00:00
        parts = [part if len(part) == 3 else [0.0, *part] for part in parts]
    # the last part is seconds in both forms, so they are counted from behind
    seconds = np.array([sum(60**place * part for place, part in enumerate(reversed(one))) for one in parts])
    if (np.diff(seconds) <= 0).any():
        return None
    units = "hours:minutes:seconds" if len(parts[0]) == 3 else "minutes:seconds"
    return When(
        seconds,
        False,
        (name,),
        (Message("{name} is read as the time that has passed, as {units}", name=name, units=units),),
    )


def _different(values: NDArray[np.float64]) -> float:
    return len(np.unique(values)) / max(len(values), 1)


def _single(column: pd.Series[Any], name: str, order: str) -> When | None:
    """Return the times of a column of dates, or of words that are nearly all dates."""
    if is_date(column):
        return When(_microseconds(column.to_numpy()), True, (name,))
    if is_number(column):
        return None
    known = column.notna().to_numpy()
    words = [str(word) for word in column[known]]
    # a glance first: reading all words of a long column as dates is slow
    start = words[:50]
    if not start or sum(map(looks_like_date, start)) < _NEARLY * len(start):
        return _of_weeks(words, known, name)
    read = read_dates(words, next((one for one in ORDERS if one == order), None))
    if read is None or np.isnat(read.values).mean() > 1 - _NEARLY:
        return None
    stamps = np.full(len(column), np.datetime64("NaT", "us"))
    stamps[known] = read.values
    odd = np.flatnonzero(np.isnat(stamps) & known)
    told = (
        Message(
            "{name}: {iloc!r} in row {row} is no date{more}",
            name=name,
            iloc=str(column.iloc[row]),
            row=column.index[row],
            more=_more(odd),
        )
        for row in odd[:1].tolist()
    )
    return When(_microseconds(stamps), True, (name,), tuple(told))


def _of_weeks(words: Sequence[str], known: NDArray[np.bool_], name: str) -> When | None:
    """Return the Mondays of the weeks that words name with their year; None where they do not."""
    if not words or _WEEK.fullmatch(words[0].strip()) is None:
        return None
    found = [_WEEK.fullmatch(word.strip()) for word in words]
    pairs = [(float(one[1]), float(one[2])) if one else (np.nan, np.nan) for one in found]
    year, week = np.array(pairs).T
    stamps = np.full(len(known), np.datetime64("NaT", "us"))
    stamps[known] = week_of(year, week, np.ones_like(week))
    return None if np.isnat(stamps).mean() > 1 - _NEARLY else When(_microseconds(stamps), True, (name,))


def _more(odd: NDArray[np.int64]) -> str:
    return Message(", and {count} more are none", count=len(odd) - 1) if len(odd) > 1 else ""


def _by_number(column: pd.Series[Any], name: str, sure: bool = False) -> When | None:
    """Return the times of a column of numbers that write dates, as 20240305 or seconds since 1970.

    `sure`: the name of the column does not speak for times, so that only what can be nothing else is taken.
    """
    if not is_number(column):
        return None
    found = read_numbers(numbers(column)[0], sure)
    if found is None:
        return None
    stamps, what = found
    return When(
        _microseconds(stamps),
        True,
        (name,),
        (Message("{name}: numbers are read as {what}", name=name, what=what),),
    )


def _microseconds(stamps: NDArray[Any]) -> NDArray[np.float64]:
    stamps = stamps.astype("datetime64[us]")
    # NaT becomes the least int64; float64 holds microseconds exactly for 285 years around 1970
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(np.float64))


def names_elapsed(name: str) -> bool:
    """Return whether a name says that time has passed, and not only that a column is about time."""
    return names_axis(name) or (tells_elapsed(name) and _plain(name) not in TIMES)


# ---------------------------------------------------------------------------- columns that belong together


def _plain(name: object) -> str:
    """Return what a column is called without its unit, as in "Time (s)" and "timestamp_ms"."""
    bare = _UNIT.sub("", str(name).casefold())
    return bare.strip("#_ .:()").replace(" ", "").replace("_", "")


def _named_parts(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns called year, month, day and so on, where there are a year and one more."""
    found = _parts(map(str, frame.columns))
    return tuple(found.values()) if "year" in found and len(found) > 1 else ()


def _parts(names: Iterable[str]) -> Mapping[Part, str]:
    """Return which column says which part of a time, by its name."""
    found: dict[Part, str] = {}
    for name in names:
        part = NAMES.get(_plain(name))
        if part == "month" and "month" in found and name.strip("#") == "mm":  # MM and mm, as buoys write it
            part = "minute"
        if part is not None and part not in found:
            found[part] = name
    return found


def _joined(frame: pd.DataFrame, names: Sequence[str], order: str) -> When | None:
    """Return the times of a date and a time of day, or of a year, a month, a day and so on, each a column."""
    if not names:
        return None
    for name in names:
        date = _single(frame[name], name, order)
        if date is None and NAMES.get(_plain(name)) is None:
            date = _by_number(frame[name], name)
        if date is not None:
            return _with_clock(frame, date, [other for other in names if other != name])
    parts = _parts(names)
    # a column that was chosen must not be passed over in silence
    if "year" not in parts or len(parts) != len(names):
        return _month_after_month(frame, names)
    return _from_parts(frame, parts)


def _month_after_month(frame: pd.DataFrame, names: Sequence[str]) -> When | None:
    """Return the times of a year and a month beside each other, whatever they are called.

    Nothing else goes from 1 to 12 while the number before it stays, and then begins anew beside the next.
    """
    for first, second in pairwise(str(name) for name in names):
        if _counts(frame[first]) and _counts(frame[second]):
            year, month = numbers(frame[first])[0], numbers(frame[second])[0]
            # months counted through: one more each row, over the turn of the year, too
            steps = np.diff(12 * year + month)
            whole = len(steps) >= 12 and month.min() == 1 and month.max() == 12 and (year % 1 == 0).all()
            if whole and year.min() >= _FIRST_YEAR and (np.abs(steps) == 1).mean() >= _NEARLY:
                return _from_parts(frame, {"year": first, "month": second})
    return None


def _from_parts(frame: pd.DataFrame, parts: Mapping[Part, str]) -> When | None:
    values = {part: _part(frame[name], part) for part, name in parts.items()}
    year = values["year"]
    # two digits as POSIX reads %y: 69 to 99 are 1969 to 1999
    year = np.where(year < 100, year + np.where(year >= 69, 1900, 2000), year)
    one = np.ones(len(frame))
    if "day of year" in values:
        stamps = ordinal_of(year, values["day of year"])
    # beside a month, a week or quarter says nothing more
    elif "week" in values and "month" not in values:
        stamps = week_of(year, values["week"], one)
    elif "quarter" in values and "month" not in values:
        stamps = date_of(year, 3 * values["quarter"] - 2, one)
    else:
        stamps = date_of(year, values.get("month", one), values.get("day", one))
    if np.isnat(stamps).mean() > 1 - _NEARLY:
        return None
    clock, told = _clock(frame, parts)
    told = (*_no_dates(frame, parts, stamps), *told)
    return When(_microseconds(stamps) + clock, True, tuple(parts.values()), told)


def _no_dates(frame: pd.DataFrame, parts: Mapping[Part, str], stamps: Stamps) -> Iterator[str]:
    """Give the first row that has a year and a day, month or week which that year does not have."""
    names = list(parts.values())
    odd = np.flatnonzero(np.isnat(stamps) & frame[names].notna().all(axis=1).to_numpy())
    for row in odd[:1].tolist():
        yield Message(
            "{columns}: {cells} in row {row} is no date{more}",
            columns=listed(names),
            cells=listed(as_text(cell) for cell in frame[names].iloc[row]),
            row=frame.index[row],
            more=_more(odd),
        )


def _part(column: pd.Series[Any], part: Part) -> NDArray[np.float64]:
    if part in ("week", "quarter") and not _counts(column):
        found = [_NUMBERED.fullmatch(str(word).strip()) for word in column]
        return np.array([float(one[1]) if one else np.nan for one in found], np.float64)
    if part == "month" and not _counts(column):
        return np.array([MONTHS.get(str(word).casefold().rstrip("."), np.nan) for word in column], np.float64)
    return numbers(column)[0]


def _with_clock(frame: pd.DataFrame, date: When, names: Sequence[str] = ()) -> When | None:
    """Return a date with the time of day that stands in other columns; None where none has it.

    Without `names` they are found: only where the dates have no time of day themselves.
    """
    known = date.values[~np.isnan(date.values)]
    if not names:
        # dates that come once each have no rows within a day to be told apart
        if (known % _DAY != 0).any() or _different(known) == 1.0:
            return None
        names = _clock_columns(frame, date.columns)
        if not names:
            return None
    words = [name for name in names if not _counts(frame[name])]
    if len(words) == 1 == len(names):
        column = frame[words[0]]
        clock = read_clock(
            [str(word) if known else "" for word, known in zip(column, column.notna(), strict=True)]
        )
        if np.isnan(clock).mean() > 1 - _NEARLY:
            return None
        return When(date.values + clock, True, (*date.columns, *names), date.notices)
    parts = _parts(names)
    if len(names) == 1 and not parts:
        parts = {"hour": names[0]}
    if "hour" not in parts:
        return None
    clock, told = _clock(frame, parts)
    return When(date.values + clock, True, (*date.columns, *names), (*date.notices, *told))


def _clock_columns(frame: pd.DataFrame, but: Sequence[str]) -> list[str]:
    rest = [str(name) for name in frame.columns if name not in but]
    for name in rest:
        if is_number(frame[name]) or is_date(frame[name]):
            continue
        words = [str(word) for word in frame[name].dropna().head(50)]
        if words and not np.isnan(read_clock(words)).any():
            return [name]
    parts = _parts(rest)
    clocks: tuple[Part, ...] = ("hour", "minute", "second")
    if "hour" in parts and _counts(frame[parts["hour"]]):
        return [parts[part] for part in clocks if part in parts]
    called = [name for name in rest if _plain(name) in ("time", "zeit", "uhrzeit", "hhmm", "heure", "hora")]
    return [name for name in called if is_number(frame[name]) and _is_clock(numbers(frame[name])[0])][:1]


def _counts(column: pd.Series[Any]) -> bool:
    """Return whether a column holds numbers, also those with a leading zero, which are words elsewhere."""
    return is_number(column) or not (is_date(column) or numbers(column)[1].any())


def _is_clock(values: NDArray[np.float64]) -> bool:
    """Return whether numbers may be hours, hours and minutes as 1530, or shares of a day."""
    known = values[~np.isnan(values)]
    return bool(len(known) and (known >= 0).all() and (known <= 2400).all())


def _clock(frame: pd.DataFrame, parts: Mapping[Part, str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the time of day in microseconds that hours, minutes and seconds say, and what was decided."""
    if "hour" not in parts:
        return np.zeros(len(frame)), ()
    name = parts["hour"]
    hours = numbers(frame[name])[0]
    known = hours[~np.isnan(hours)]
    told: tuple[str, ...] = ()
    if len(known) and known.max() > 24:  # 1530
        hours = hours // 100 + hours % 100 / 60
    elif len(known) and known.max() < 1 and (known % 1 != 0).any():  # a share of the day, as Excel has it
        hours = hours * 24
    elif len(known) and known.min() == 1 and known.max() == 24:
        hours = hours - 1
        told = (
            Message("{name} counts hours from 1 to 24; the first is taken to begin at midnight", name=name),
        )
    more = {part: numbers(frame[parts[part]])[0] if part in parts else 0.0 for part in ("minute", "second")}
    # rounded, as shares of an hour or a day are not exact in binary
    return np.round(hours * _HOUR + more["minute"] * 60e6 + more["second"] * 1e6), told
