"""Dates and times as people write them.

A word is taken apart by the form that fits it. What the word leaves open is the order of day, month and year
(03/04/24); the whole column decides that, or a setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.moments.date_groups import regrouped
from engine.data.cells.moments.date_words import MONTHS, WEEKDAYS, ZONES
from engine.data.cells.moments.eras import western

DateOrder = Literal["day", "month", "year"]
"""What stands first in a date of three numbers."""
ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

Stamps = NDArray[np.datetime64]
"""Moments as datetime64[us], in UTC where a zone is named; NaT where there is none."""

# the longest first: of alternatives the first that fits is taken, and mar would be all of march
_MONTH = rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<y>\d{4})"
_SHORT = r"(?P<y>\d{4}|\d{2})"
_GAP = r"(?:\s?[-/.,]?\s?(?:(?:de|del|of)\s)?)"
_QUARTER = r"(?P<q>[1-4])"
_WEEK = r"(?P<w>\d{1,2})"
# `_style` knows the first two by their places
_FORMS = (
    r"(?P<y>\d{4})(?P<s>[-/.])\s?(?P<m>\d{1,2})(?P=s)\s?(?P<d>\d{1,2})",
    r"(?P<a>\d{1,2})(?P<s>[-/.])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<c>\d{4}|\d{2})",
    r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号]?)?",
    _DAY + _GAP + _MONTH + _GAP + _SHORT,
    _MONTH + r"\s?[-/]?\s?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,\s?|[-/\s])" + _YEAR,
    _YEAR + r"[-/\s]?" + _MONTH + r"[-/\s]?(?P<d>\d{1,2})",
    _MONTH + _GAP + _YEAR,
    _MONTH + r"\s?[-/'’]\s?(?P<y>\d{2})",
    _YEAR + r"[-/\s]?" + _MONTH,
    _YEAR + r"[-/](?P<m>\d{1,2})",
    # 2024M03, as Eurostat and the IMF write months
    _YEAR + r"-?M(?P<m>\d{1,2})",
    r"(?P<m>\d{1,2})[-/]" + _YEAR,
    # T: trimestre, trimestr; below, KW: Kalenderwoche, S: semaine, semana
    _YEAR + r"[-/\s]?(?:Q|T)" + _QUARTER,
    _YEAR + r"年第?" + _QUARTER + "季度?",
    r"(?:Q|T)" + _QUARTER + r"[-/\s']?" + _SHORT,
    _QUARTER + r"\.?\s?(?:Q|T|Quartal)[-/\s']?" + _SHORT,
    _YEAR + r"[-/\s]?(?:W|KW|S)\s?" + _WEEK + r"(?:-(?P<wd>[1-7]))?",
    r"(?:W|KW|S)\s?" + _WEEK + r"[-/\s]" + _YEAR,
    # of these centuries alone: other numbers of eight digits are rather numbers
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})",
    r"(?P<y>(?:19|20)\d{2})-(?P<j>\d{3})",
    # 05032024, which only whoever says that these are dates, or writes other dates beside, means so
    r"(?P<a>[0-3]\d)(?P<b>[0-3]\d)(?P<c>(?:19|20)\d{2})",
)
# 12:30a, as weather stations write it; 7a alone is a class of a school
_CLOCK = (
    r"(?P<H>\d{1,2})(?:\s?[:.h时点時]\s?(?P<M>\d{2})(?:[:.分](?P<S>\d{2})秒?"
    # controllers of machines write milliseconds behind a colon, too
    r"(?:(?:[.,]|:(?=\d{3}(?!\d)))(?P<f>\d{1,9}))?)?分?)?"
    r"[时時点h]?(?:\s?(?P<half>[ap])(?:\.?\s?m\.?|(?<=:\d\d[ap])))?(?:\sUhr)?"
)
_TIGHT = r"(?P<tH>\d{2})(?P<tM>\d{2})(?P<tS>\d{2})?(?:\.(?P<tf>\d{1,9}))?"
_ZONE = (
    r"\s?(?P<z>(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}(?::?\d{2})?|(?:"
    + "|".join(sorted(ZONES, key=len, reverse=True))
    # Java's ZonedDateTime adds the place: 2024-03-05T10:00+01:00[Europe/Paris]
    + r")(?![a-z]))?(?:\[[\w/]+\])?"
)
_BETWEEN = r"(?:T|,?\s(?:um\s|at\s|à\s)?|[_:-]|(?<=[日号]))"
_PATTERNS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        *(rf"{form}(?:{_BETWEEN}(?:{_CLOCK}|{_TIGHT}))?{_ZONE}" for form in _FORMS),
        # as `date` of Unix and Date of Java write it: Mar 5 10:00:00 CET 2024
        rf"{_MONTH}\s(?P<d>\d{{1,2}})\s{_CLOCK}{_ZONE}\s{_YEAR}",
    )
)
_CLOCK_ALONE = re.compile(_CLOCK + _ZONE, re.IGNORECASE)
_DAYS_OF_WEEK = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_WEEKDAY = re.compile(
    rf"(?:{_DAYS_OF_WEEK})(?:\.,?|,)?\s(?=.*\d)|(?<=\d)[\s,]+\(?(?:{_DAYS_OF_WEEK})\.?\)?$", re.IGNORECASE
)
_EASTERN_WEEKDAY = re.compile(
    r"\s?[(\uff08]?(?:星期|周|週|礼拜)[一二三四五六日天][)\uff09]?|\s?[(\uff08][月火水木金土日월화수목금토일][)\uff09]"
)
_UNTIL = re.compile(r"\s[-–—]\s(?=.*\d:\d|.*\d{4})")
_HALVES = (("上午", "AM"), ("下午", "PM"))
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_OF_YEAR = re.compile(r"(?<=\d)\s(?:\u0433\.?|года|r\.|roku)(?=\s|$)")
"""What stands behind a year in Russian and Polish."""
_PIVOT = 69
"""Short years from here on are of the last century, as POSIX has it."""
_USUAL: tuple[DateOrder, ...] = ("month", "day", "year")
"""The order that is taken, and told, where nothing decides."""
_DOTTED = re.compile(r"\D*\d{1,2}\.\s?\d{1,2}\.")
_NARROW = 4
"""Short years that span so many times fewer than days of a month would: 15.05.24 beside 18.10.23."""
_REGULAR = 4.0
"""An order of day and month is believed that leaves so many times fewer uneven steps than the others."""


@dataclass(frozen=True)
class ReadDates:
    """Words read as dates: `values` (N,), NaT where a word is none.

    `order`: the one that was taken, None where any gives the same dates; `doubtful`: another reads as many
    words and nothing decides.
    """

    values: Stamps
    order: DateOrder | None
    doubtful: bool


def read_dates(words: Sequence[str], order: DateOrder | None = None) -> ReadDates | None:
    """Return words as dates; None where none is one.

    The order of day, month and year is the one given. Else it is the one that reads the most words; of those
    read as many, day before month where points stand between them, or the one by which the words follow each
    other in even steps; else month first, which is doubtful.
    """
    readings = _readings(words, ORDERS if order is None else (order,))
    known = {one: int((~np.isnat(values)).sum()) for one, values in readings.items()}
    most = max(known.values(), default=0)
    if not most:
        again = regrouped(words)
        return None if again is None else read_dates(again, order)
    best: list[DateOrder] = []
    for one in readings:
        # two orders that give the same dates throughout leave nothing to ask
        if known[one] == most and not any(_same(readings[one], readings[other]) for other in best):
            best.append(one)
    if "day" in best and _DOTTED.match(words[0]):
        best = [one for one in best if one != "month"]  # nobody writes month.day.year
    if len(best) == 1:
        agreed = order is None and len(readings) == len(ORDERS) and min(known.values()) == most
        agreed = agreed and _same(readings["day"], readings["month"])
        return ReadDates(readings[best[0]], None if agreed else best[0], False)
    spans = {one: _years(readings[one]) for one in best}
    first, second = sorted(best, key=spans.__getitem__)[:2]
    # of day and month first, years are the same: the span tells only where the year may stand first
    if len(best) == 2 and "year" in best and spans[second] >= _NARROW * spans[first]:
        return ReadDates(readings[first], first, False)
    uneven = {one: _uneven(readings[one]) for one in best}
    first, second = sorted(best, key=uneven.__getitem__)[:2]
    if uneven[second] > _REGULAR * uneven[first]:
        return ReadDates(readings[first], first, False)
    taken = next(one for one in _USUAL if one in best)
    return ReadDates(readings[taken], taken, True)


def looks_like_date(text: str) -> bool:
    """Return whether a cell is written like a date."""
    return _fields(text) is not None


def east_of_greenwich(text: str) -> int:
    """Return the minutes by which a cell says that its clock is ahead of UTC, 0 where it names no zone."""
    found = _fields(text)
    return 0 if found is None else _offset(found[0].groupdict().get("z"))


def read_clock(words: Iterable[str]) -> NDArray[np.float64]:
    """Return times of day without a date as microseconds since midnight, NaN where a word is none."""
    found = []
    for word in words:
        text = _cleaned(word)
        match = _CLOCK_ALONE.fullmatch(text)
        # the pattern takes 17 alone, too, which is a number unless something says that it is an hour
        plain = match is None or not (match["M"] or match["half"] or "h" in text.lower())
        found.append(np.nan if plain or match is None else _microseconds(match))
    return np.array(found, np.float64)


def date_of(year: NDArray[np.float64], month: NDArray[np.float64], day: NDArray[np.float64]) -> Stamps:
    """Return the dates of years, months and days as numbers; NaT where there is no such day."""
    whole = np.isfinite(year) & np.isfinite(month) & np.isfinite(day)
    whole &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    # NaN has no int64; what is made of these rows is thrown away below
    safe = [np.where(whole, part, 1).astype(np.int64) for part in (year, month, day)]
    months = (safe[0] - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (safe[1] - 1).astype(
        "timedelta64[M]"
    )
    days = months.astype("datetime64[D]") + (safe[2] - 1).astype("timedelta64[D]")
    # 31 April has run on into May
    whole &= days.astype("datetime64[M]") == months
    return np.where(whole, days.astype("datetime64[us]"), np.datetime64("NaT", "us"))


def ordinal_of(year: NDArray[np.float64], day: NDArray[np.float64]) -> Stamps:
    """Return the dates of years and days counted from 1 January on; NaT where the year has no such day."""
    one = np.ones_like(day)
    first = date_of(year, one, one)
    # NaN has no int64; what is made of these rows is thrown away below
    whole = np.isfinite(day) & (day >= 1) & (day <= 366)
    days = np.where(whole, day - 1, 0).astype(np.int64).astype("timedelta64[D]")
    found = first + days
    # day 366 of a common year has run on into the next
    whole &= found.astype("datetime64[Y]") == first.astype("datetime64[Y]")
    return np.where(whole, found, np.datetime64("NaT", "us"))


def week_of(year: NDArray[np.float64], week: NDArray[np.float64], day: NDArray[np.float64]) -> Stamps:
    """Return the days of ISO weeks, Monday being day 1; NaT where there is no such week."""
    whole = np.isfinite(year) & np.isfinite(week) & (week >= 1) & (week <= 53)
    safe = np.where(whole, year, 1970)
    fourth = date_of(safe, np.ones_like(safe), np.full_like(safe, 4.0))  # 4 January lies in week 1
    days = fourth.astype("datetime64[D]").astype(np.int64)
    # day 0, 1 January 1970, was a Thursday
    monday = days - (days + 3) % 7
    monday = monday + np.where(whole, (week - 1) * 7, 0).astype(np.int64)
    # a week is of the year that its Thursday lies in: most years have no week 53
    thursday = (monday + 3).astype("datetime64[D]")
    whole &= thursday.astype("datetime64[Y]").astype(np.int64) + 1970 == np.where(whole, year, 0)
    found = monday + np.where(whole, day - 1, 0).astype(np.int64)
    return np.where(whole, found.astype("datetime64[D]").astype("datetime64[us]"), np.datetime64("NaT", "us"))


def _readings(words: Sequence[str], orders: Sequence[DateOrder]) -> dict[DateOrder, Stamps]:
    """Return the words read in each order that reads some."""
    quick = {one: _quick(words, one) for one in orders}
    whole = {one: values for one, values in quick.items() if values is not None}
    if whole:
        return whole
    parts = _parts(words)
    return {} if parts is None else {one: _assembled(parts, one) for one in orders}


def _quick(words: Sequence[str], order: DateOrder) -> Stamps | None:
    """Return the dates where all are written as the first is, which pandas reads at once; else None."""
    style = _style(words[0], order) if len(words) else None
    if style is None:
        return None
    read = pd.to_datetime(pd.Series(words, dtype=object), format=style, errors="coerce")
    return None if read.isna().any() else read.to_numpy().astype("datetime64[us]")


def _style(word: str, order: DateOrder) -> str | None:
    """Return the strftime format of a date that is three numbers, perhaps with a clock, and names no zone."""
    found = _fields(word)
    # places in the match are those of the cleaned word, and must be those of the word itself
    if found is None or found[1] > 1 or found[0].string != word:
        return None
    has = found[0].groupdict()
    # strptime knows hours from 0 to 23
    if has["z"] or has["half"] or has["tH"] or (has["H"] and not has["M"]) or has["H"] == "24":
        return None
    # %y has the pivot of POSIX, as `_PIVOT`
    year = "%Y" if len(has.get("c") or "long") == 4 else "%y"
    if found[1] == 1 and order == "year" and year == "%Y":
        return None
    written = {"day": "%d %m " + year, "month": "%m %d " + year, "year": year + " %m %d"}[
        "year" if found[1] == 0 else order
    ]
    date = written.replace(" ", has["s"])
    rest = word[found[0].end("d" if found[1] == 0 else "c") :]
    clock = iter(("%H", "%M", "%S", "%f"))
    return date + re.sub(r"\d+", lambda _: next(clock), rest)


# ------------------------------------------------------------------------------------------------ words

_EMPTY = (np.nan,) * 8


def _cleaned(word: str) -> str:
    text = _SPACES.sub(" ", word.strip())
    if not text.isascii():
        text = _EASTERN_WEEKDAY.sub("", text)
    for mark, half in _HALVES:
        if mark in text:
            text = text.replace(mark, " ", 1) + half
            text = _SPACES.sub(" ", text)
    return western(text if text.isascii() else _OF_YEAR.sub("", text))


def _fields(word: str, first: int = 0) -> tuple[re.Match[str], int] | None:
    """Return how a form takes the word apart, and which; the form tried first is the one given."""
    text = _cleaned(word)
    # a column mostly keeps to the form of the word before, so that one pattern is tried instead of twenty
    found = _PATTERNS[first].fullmatch(text)
    if found is not None:
        return found, first
    # no form ends otherwise: most texts are spared the patterns
    if not text[-1:].isalnum() and text[-1:] not in ".])":
        return None
    bare = _UNTIL.split(text, maxsplit=1)[0]  # of an interval its beginning
    for written in dict.fromkeys((text, bare, _WEEKDAY.sub("", bare, count=1))):
        for place, pattern in enumerate(_PATTERNS):
            found = pattern.fullmatch(written)
            if found is not None:
                return found, place
    return None


def _parts(words: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the numbers of each word (N, 8), NaN where there is none; None where no word is a date.

    They are year, month, day, week, weekday, three that await their order (as first, second, third: year NaN
    says so), and microseconds that are to be added.
    """
    rows: list[tuple[float, ...]] = []
    form, any_found = 0, False
    for word in words:
        found = _fields(word, form) if word else None
        if found is None:
            rows.append(_EMPTY)
            continue
        any_found = True
        match, form = found
        rows.append(_numbers(match))
    return np.array(rows, np.float64) if any_found else None


def _numbers(match: re.Match[str]) -> tuple[float, ...]:
    has = match.groupdict()
    added = _microseconds(match)
    if has.get("a") is not None:
        # which of the three is the year is open; 10,000 more says that this one is written in full
        third = float(has["c"]) + (10_000 if len(has["c"]) == 4 else 0)
        return (np.nan, float(has["a"]), float(has["b"]), third, np.nan, np.nan, np.nan, added)
    year = _whole_year(has["y"])
    if has.get("w") is not None:
        return (year, np.nan, np.nan, np.nan, float(has["w"]), float(has.get("wd") or 1), np.nan, added)
    if has.get("j") is not None:
        return (year, 1.0, 1.0, np.nan, np.nan, np.nan, float(has["j"]), added)
    month = 3 * float(has["q"]) - 2 if has.get("q") else float(has.get("m") or MONTHS[has["name"].lower()])
    return (year, month, float(has.get("d") or 1), np.nan, np.nan, np.nan, np.nan, added)


def _whole_year(text: str) -> float:
    return float(text) if len(text) == 4 else float(text) + (1900 if int(text) >= _PIVOT else 2000)


def _microseconds(match: re.Match[str]) -> float:
    """Return the time of day that a word names, less its zone; NaN where there is no such time."""
    has = match.groupdict()
    hour, minute, second, rest = (
        has.get(name) or has.get("t" + name) or "0" for name in ("H", "M", "S", "f")
    )
    hours, minutes, seconds = int(hour), int(minute), int(second)
    half = (has.get("half") or "").lower()
    if half:
        if not 1 <= hours <= 12:
            return np.nan
        hours = hours % 12 + 12 * (half == "p")
    # second 60 is a leap second, 24:00 the end of a day
    if minutes > 59 or seconds > 60 or hours > 24 or (hours == 24 and (minutes or seconds)):
        return np.nan
    # .5 is half a second; of nanoseconds, three digits are cut off
    moment = (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + int(rest[:6].ljust(6, "0"))
    return float(moment - _offset(has.get("z")) * 60_000_000)


def _offset(zone: str | None) -> int:
    """Return the minutes that a zone is east of Greenwich."""
    if not zone:
        return 0
    if zone.lower() in ZONES:
        return ZONES[zone.lower()]
    sign, digits = zone.lstrip("GMTUCgmtuc")[0], re.sub(r"\D", "", zone)
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    offset = int(hours) * 60 + int(minutes)
    return offset if sign == "+" else -offset


def _assembled(parts: NDArray[np.float64], order: DateOrder) -> Stamps:
    year, first, second, third, week, weekday, ordinal, added = parts.T
    ordered = np.isnan(year) & ~np.isnan(third)
    long = third >= 10_000
    last = np.where(long, third - 10_000, third + np.where(third >= _PIVOT, 1900, 2000))
    if order == "year":
        found = date_of(
            np.where(ordered, first + np.where(first >= _PIVOT, 1900, 2000), year),
            np.where(ordered, second, first),
            # a year in full is no day: the word is then no date of this order
            np.where(ordered, np.where(long, np.nan, third), second),
        )
    else:
        day, month = (first, second) if order == "day" else (second, first)
        found = date_of(
            np.where(ordered, last, year), np.where(ordered, month, first), np.where(ordered, day, second)
        )
    weeks = ~np.isnan(week)
    if weeks.any():
        found = np.where(weeks, week_of(year, week, weekday), found)
    ordinals = ~np.isnan(ordinal)
    if ordinals.any():
        found = np.where(ordinals, ordinal_of(year, ordinal), found)
    # NaN has no int64; it becomes NaT in the line below
    more = np.where(np.isnan(added), 0, added).astype(np.int64).astype("timedelta64[us]")
    return np.where(np.isnan(added), np.datetime64("NaT", "us"), found + more)


def _same(one: Stamps, other: Stamps) -> bool:
    return bool(((one == other) | (np.isnat(one) & np.isnat(other))).all())


def _years(values: Stamps) -> int:
    """Return how many years dates span, both ends counted."""
    known = values[~np.isnat(values)].astype("datetime64[Y]").astype(np.int64)
    return int(known.max() - known.min()) + 1


def _uneven(values: Stamps) -> int:
    """Return how many steps from word to word are not the commonest.

    They are counted in months where all are the first day of theirs, or all the last.
    """
    known = values[~np.isnat(values)]
    steps = np.diff(known).astype(np.int64)
    if not len(steps):
        return 0
    for day in (known, known + np.timedelta64(1, "D")):
        months = day.astype("datetime64[M]")
        if (months == day.astype("datetime64[D]")).all():
            steps = np.diff(months).astype(np.int64)
    return int(len(steps) - np.unique(steps, return_counts=True)[1].max())
