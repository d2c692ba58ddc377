"""Tables in which a row is a day, a week or a year, and its columns are the moments of it, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.moments.date_words import MONTHS
from engine.data.cells.moments.dates import read_dates
from engine.data.cells.moments.number_dates import read_numbers
from engine.data.cells.values import is_date, is_number, numbers

_CLOCK = re.compile(r"(?:t|time)?_?([01]?\d|2[0-4])[:.h时点]?([0-5]\d)分?(?::00)?", re.IGNORECASE)
"""A time of day: T0015, 00:15, 0时15分."""
_HOUR = re.compile(r"(?:h|hr|hour|时段)?[ _]?([01]?\d|2[0-4])(?:h|时|点)?", re.IGNORECASE)
_MINUTES = 24 * 60
_FEWEST_OF_DAY = 12
_MONTH, _QUARTER = re.compile(r"(\d{1,2})月"), re.compile(r"Q([1-4])|第?([1-4一二三四])季度?", re.IGNORECASE)
_WEEKDAYS = (
    "monday mon montag mo lundi 周一 星期一",
    "tuesday tue tues dienstag di mardi 周二 星期二",
    "wednesday wed mittwoch mi mercredi 周三 星期三",
    "thursday thu thur thurs donnerstag do jeudi 周四 星期四",
    "friday fri freitag fr vendredi 周五 星期五",
    "saturday sat samstag sa samedi 周六 星期六",
    "sunday sun sonntag so dimanche 周日 星期日 周天",
)
_DAY_OF_WEEK = {name: place for place, names in enumerate(_WEEKDAYS) for name in names.split()}
_YEARS = range(1600, 2200)
_MOST_ASKED = 12
"""Columns of which it is asked whether they say the day of a row."""


@dataclass(frozen=True)
class Within:
    """Columns in the order of time, and what says when the period of each row begins.

    `period`: day, week or year; `offsets`: minutes of a day, days of a week or months of a year, by column;
    `base`: the column that says which period a row is; `starts` (rows,) when it begins.
    """

    period: str
    columns: tuple[str, ...]
    offsets: tuple[int, ...]
    base: str
    starts: NDArray[np.datetime64]

    @property
    def moments(self) -> NDArray[np.datetime64]:
        """Return (rows, columns): when each value of the table was."""
        unit = {"day": "m", "week": "D", "year": "M"}[self.period]
        starts = self.starts.astype(f"datetime64[{unit}]")[:, None]
        found: NDArray[np.datetime64] = starts + np.array(self.offsets).astype(f"timedelta64[{unit}]")
        return found.astype("datetime64[us]")


def find_within(frame: pd.DataFrame) -> Within | None:
    """Return the columns that are the moments of the period that each row is; None where there are none, or
    nothing says which period that is.
    """
    names = [str(name) for name in frame.columns]
    for period, offsets in _offsets(names):
        if not all(is_number(frame[name]) for name in offsets):
            continue
        columns = sorted(offsets, key=offsets.__getitem__)
        for base in [name for name in names if name not in offsets][:_MOST_ASKED]:
            starts = _years(frame[base]) if period == "year" else _days(frame[base])
            if starts is not None and (period != "week" or _by_weeks(starts)):
                return Within(period, tuple(columns), tuple(offsets[one] for one in columns), base, starts)
    return None


def _offsets(names: Sequence[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Give each period whose moments columns are called after, and how far into it each is."""
    for found in (_matched(names, _CLOCK), _matched(names, _HOUR)):
        minutes = sorted(found.values())
        steps = {after - before for before, after in pairwise(minutes)}
        # a whole day, evenly: other numbers may be times of day by chance
        if len(minutes) >= _FEWEST_OF_DAY and len(steps) == 1 and len(minutes) * steps.pop() == _MINUTES:
            yield "day", found
    months = {name: place - 1 for name in names if (place := _month_of(name))}
    if sorted(months.values()) == [*range(12)]:
        yield "year", months
    quarters = {name: 3 * (place - 1) for name in names if (place := _quarter_of(name))}
    if sorted(quarters.values()) == [0, 3, 6, 9]:
        yield "year", quarters
    days = {
        name: _DAY_OF_WEEK[bare]
        for name in names
        if (bare := name.strip().rstrip(".").casefold()) in _DAY_OF_WEEK
    }
    if sorted(days.values()) == [*range(7)]:
        yield "week", days


def _matched(names: Sequence[str], called: re.Pattern[str]) -> dict[str, int]:
    """Return the minutes of the day that columns are called after."""
    found = ((name, called.fullmatch(name.strip())) for name in names)
    return {name: _minutes(match) for name, match in found if match is not None and _says_day(name, called)}


def _minutes(match: re.Match[str]) -> int:
    hour, *rest = match.groups()
    return 60 * int(hour) + (int(rest[0]) if rest else 0)


def _says_day(name: str, called: re.Pattern[str]) -> bool:
    # bare numbers from 0 to 23 may be anything
    return called is _CLOCK or not name.strip().isdecimal()


def _month_of(name: str) -> int:
    bare = name.strip().rstrip(".").casefold()
    numbered = _MONTH.fullmatch(bare)
    return int(numbered[1]) if numbered else MONTHS.get(bare, 0)


def _quarter_of(name: str) -> int:
    found = _QUARTER.fullmatch(name.strip())
    word = (found[1] or found[2]) if found else ""
    return int(word) if word.isdecimal() else "一二三四".find(word) + 1 if word else 0


def _days(column: pd.Series[Any]) -> NDArray[np.datetime64] | None:
    """Return the days that all cells of a column say; None where they do not."""
    if is_date(column):
        days = column.to_numpy().astype("datetime64[us]")
    elif is_number(column):
        found = read_numbers(numbers(column)[0], True)
        if found is None:
            return None
        days = found[0].astype("datetime64[us]")
    else:
        words = [str(word) for word in column]
        # a glance first: reading all words of a long column as dates is slow
        if not words or read_dates(words[:20]) is None or (read := read_dates(words)) is None:
            return None
        days = read.values.astype("datetime64[us]")
    whole = not np.isnat(days).any() and bool((days == days.astype("datetime64[D]")).all())
    return days if whole else None


def _years(column: pd.Series[Any]) -> NDArray[np.datetime64] | None:
    """Return the beginnings of the years that all cells of a column say; None where they do not."""
    if not is_number(column) or not len(column):
        return None
    values = numbers(column)[0]
    years = bool(np.isfinite(values).all()) and bool((values % 1 == 0).all()) and int(values.min()) in _YEARS
    if not years or int(values.max()) not in _YEARS:
        return None
    return (values.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[us]")


def _by_weeks(starts: NDArray[np.datetime64]) -> bool:
    days = np.unique(starts).astype("datetime64[D]").astype(np.int64)
    # 1 January 1970 was a Thursday
    return bool(((days + 3) % 7 == 0).all())
