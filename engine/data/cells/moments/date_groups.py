"""Date groups: dates in marks that no form knows, by what their groups of digits can be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from engine.data.cells.moments.date_words import MONTHS

_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
_OF_CLOCK = re.compile(r"(?<=\d)\s?[THhms](?=\d|$|\s)|[年月日时時分秒]")
"""Letters that part or follow the numbers of a moment."""
_BEHIND = re.compile(r"\s?[(\uff08][^()\d]*[)\uff09]$")
_MONTH = re.compile(rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?\s(?P<y>\d{{2}})", re.I)
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_SOME = 0.2
"""Share of the words from which on years are another way to write dates: a few are rather odd cells."""
_DAYS = 31
_FEWEST, _MOST, _LONGEST = 3, 7, 40
"""Groups of a date alone and of one with a clock to fractions of a second; letters of a cell."""
_MOSTLY = 0.9
_YEARS = range(1900, 2100)


def regrouped(words: Sequence[str]) -> list[str] | None:
    """Return words as dates in their usual form, "" where one is none; None where they are no dates.

    Nearly all have to be the same groups of digits, with the year in full as the first or the third of them:
    `01 01 2018 00:00` is 01/01/2018 00:00, and 2018:01:05_1230 is 2018-01-05 12:30. What stands first in a
    date whose year is the third stays open.
    """
    if not words:
        return None
    months = _months(words)
    if months is not None:
        return months
    pieces = [_groups(word) for word in words]
    count, often = Counter(map(len, pieces)).most_common(1)[0]
    if not _FEWEST <= count <= _MOST or often < _MOSTLY * len(words):
        return None
    for year in (0, 2):
        made = [_written(groups, year) if len(groups) == count else "" for groups in pieces]
        if sum(map(bool, made)) >= _MOSTLY * len(words):
            return None if made == list(words) else made
    return None


def with_a_day(words: Sequence[str]) -> list[str]:
    """Return years in full as their first day, where they are many beside dates; other words as they are."""
    years = [_YEAR.fullmatch(word) is not None for word in words]
    if not _SOME * len(words) <= sum(years) < len(words):
        return list(words)
    return [f"{word}-01-01" if year else word for word, year in zip(words, years, strict=True)]


def _groups(word: str) -> list[str]:
    """Return the groups of digits of a word; none where it says something in letters besides."""
    # 2019-02-05(中国大陆): where a film was shown first
    word = _BEHIND.sub("", word)
    if len(word) > _LONGEST or _LETTER.search(_OF_CLOCK.sub(" ", word)):
        return []
    return _DIGITS.findall(word)


def _months(words: Sequence[str]) -> list[str] | None:
    """Return Jan 18, Feb 18 as months of a year; None where they may be days of a month."""
    found = [_MONTH.fullmatch(word) for word in words]
    known = [12 * int(match["y"]) + MONTHS[match["name"].lower()] for match in found if match]
    if len(known) < max(_MOSTLY * len(words), 2):
        return None
    follow = sum(abs(after - before) == 1 for before, after in pairwise(known))
    if follow < _MOSTLY * (len(known) - 1) and not any(int(match["y"]) > _DAYS for match in found if match):
        return None
    return [f"{match['name']}-{match['y']}" if match else "" for match in found]


def _written(groups: Sequence[str], year: int) -> str:
    """Return groups as a date in its usual form; "" where they cannot be one."""
    day, clock = groups[:3], [*groups[3:]]
    others = [one for place, one in enumerate(day) if place != year]
    if len(day[year]) != 4 or int(day[year]) not in _YEARS or any(len(one) > 2 for one in others):
        return ""
    # 1230 and 123045 are hours, minutes and seconds without a mark
    if len(clock) == 1 and len(clock[0]) in (4, 6):
        clock = [clock[0][start : start + 2] for start in range(0, len(clock[0]), 2)]
    if any(len(one) > 2 for one in clock[:3]):
        return ""
    date = "-".join(day) if year == 0 else "/".join(day)
    # an hour alone has no mark by which it would be known as one
    hours = ":".join(clock[:3]) if len(clock) != 1 else f"{clock[0]}:00"
    return f"{date} {hours}{''.join(f'.{one}' for one in clock[3:4])}" if clock else date
