"""Durations of one number and a unit, as new data has them: 75 min where training had 75分钟."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
SECONDS_OF: Mapping[str, float] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "秒", "秒钟", "秒鐘", "сек"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten", "分", "分钟", "分鐘", "мин"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "小时", "小時", "个小时", "时", "時"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "天", "日"), _DAY),
}
"""Seconds in each unit, by its name in small letters without a point behind; without m, also metres."""
_ONE = re.compile(r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>[^\W\d_]+)\.?")


def seconds_in(text: str) -> float | None:
    """Return a duration of one number with its unit in seconds; None where it is none."""
    found = _ONE.fullmatch(text.strip())
    size = SECONDS_OF.get(found["unit"].casefold()) if found else None
    return None if found is None or size is None else float(found["number"].replace(",", ".")) * size


def in_seconds(unit: str) -> float | None:
    """Return how many seconds numbers of a unit stand for, one each where they have none; None if unknown."""
    return SECONDS_OF.get(unit.casefold().rstrip(".")) if unit else 1.0
