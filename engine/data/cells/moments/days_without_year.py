"""Days without a year: 3月5日, 5-Mar, 05-12 08:00. They have an order; nobody knows of which year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.choices import Message
from engine.data.cells.moments.date_words import MONTHS
from engine.data.decisions import decided

_NAME = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_CLOCK = r"(?:\s?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?))?"
_IN_WORDS = re.compile(
    rf"(?:(?P<east>\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]?)|"
    rf"(?P<west>\d{{1,2}}(?:st|nd|rd|th|\.)?[\s-]?{_NAME}|{_NAME}[\s-]?\d{{1,2}}(?:st|nd|rd|th)?)){_CLOCK}",
    re.IGNORECASE,
)
_IN_DIGITS = re.compile(rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})\.?{_CLOCK}")
LEAP_YEAR = 2000
"""The year of days without one: it has a 29 February."""
_LONGEST, _LOOKED_AT, _FEWEST = 40, 200, 3
"""Letters of a cell, different cells that are looked at, and how many have to differ."""
_NEARLY_ALL = 0.9
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_day_without_year(word: str) -> bool:
    """Return whether a word is a day of some month of no year, as 3月5日, 5-Mar or March 5th."""
    return len(word) <= _LONGEST and _IN_WORDS.fullmatch(word) is not None


def is_pair_of_digits(word: str) -> bool:
    """Return whether a word has the form of a day without a year in digits, as 5-11 and 7-0 have it."""
    return _in_digits(word) is not None


def with_a_year(words: Sequence[str]) -> list[str]:
    """Return days without a year as those of one and the same year; other words as they are.

    Digits alone are such days where most words are: 5/3 beside 5/3/2024 lacks its year.
    """
    numbers = [_in_digits(word) for word in words]
    digits = 2 * sum(map(bool, numbers)) > len(words)
    if not digits and not any(map(is_day_without_year, words)):
        return list(words)

    def written(word: str, number: re.Match[str] | None) -> str:
        match = _IN_WORDS.fullmatch(word) if len(word) <= _LONGEST else None
        if match:
            day = f"{LEAP_YEAR}年{match['east']}" if match["east"] else f"{match['west']} {LEAP_YEAR}"
            return f"{day} {match['clock'] or ''}".rstrip()
        if number and digits:
            day = number["mark"].join((number["first"], number["second"], str(LEAP_YEAR)))
            return f"{day} {number['clock'] or ''}".rstrip()
        return word

    return [written(word, number) for word, number in zip(words, numbers, strict=True)]


def asked_of_days_without_year(name: str, words: Sequence[str], *, called_time: bool) -> list[str]:
    """Return that words are days without a year, if they are, and what reads them.

    `called_time`: whether the column is called as times are. Digits alone are days where it is, where a time
    of day follows, or where a zero stands before some and a month comes again with another day: 01-05 and
    06-10 are rather ranges.
    """
    sample = words[:_LOOKED_AT]
    if not _are_days(sample, called_time=called_time):
        return []
    said = Message(
        "{name}: {first} is a day without a year, and each is a word of its own, without an order; to learn "
        "from the day of the year and the hour, set the type of the column to date: all are then days of "
        "{year}, so write the year into the cells where it or the weekday matters",
        name=name,
        first=sample[0],
        year=str(LEAP_YEAR),
    )
    return [decided(said, "data.types", "date", "leave_out", column=name, cells=sample[:2], doubtful=True)]


def _in_digits(word: str) -> re.Match[str] | None:
    return _IN_DIGITS.fullmatch(word) if len(word) <= _LONGEST else None


def _are_days(words: Sequence[str], *, called_time: bool) -> bool:
    if len(words) < (1 if called_time else _FEWEST):
        return False
    found = [match for word in words if (match := _in_digits(word))]
    if len(found) < _NEARLY_ALL * len(words) or len({match["mark"] for match in found}) > 1:
        return False
    pairs = [(int(match["first"]), int(match["second"])) for match in found]
    swapped = [(month, day) for day, month in pairs]
    month_first = all(map(_is_day, pairs))
    if not (month_first or all(map(_is_day, swapped))):
        return False
    if called_time or 2 * sum(bool(match["clock"]) for match in found) > len(found):
        return True
    padded = any(match[one].startswith("0") for match in found for one in ("first", "second"))
    whole = all(len(match[one]) == 2 for match in found for one in ("first", "second"))
    months = {month for month, _ in (pairs if month_first else swapped)}
    return padded and whole and len(months) < len(set(pairs))


def _is_day(pair: tuple[int, int]) -> bool:
    month, day = pair
    return 1 <= month <= len(_DAYS_OF_MONTH) and 1 <= day <= _DAYS_OF_MONTH[month - 1]
