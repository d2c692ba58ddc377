"""Feet or minutes: whether cells as 3'45" are feet and inches, or minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.judgement import Evidence, Judgement

_MARKED = re.compile(r"(?P<first>\d{1,2})\s?['′’]\s?(?P<second>\d{1,2}(?:\.\d+)?)\s?(?:\"|″|”|'')")
_GLANCE, _LONGEST = 200, 64
"""Different cells that are looked at, and letters of one."""
_INCHES = 12
"""Inches of a foot."""
_TIME = re.compile(
    r"time|duration|\b(run|race|lap|split|swim|pace|mile|min(utes?)?)\b|\d ?(m|km)\b|用时|时间|时长|跑|"
    r"泳|耗时|配速|成绩|\d米",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"height|length|\b(size|ft|feet|tall|depth|width|wingspan|reach|jump)\b|身高|长度", re.IGNORECASE
)
_PERSONS, _MANY = (4, 7), 10
"""Whole feet of persons, and different cells of which none has a second number above eleven by chance."""


@dataclass(frozen=True)
class MarkedPairs:
    """What cells of two numbers with ' and " say: the `name` of the column, how many are `different`, the
    least and the largest first number, the largest second one.
    """

    name: str
    different: int
    first: tuple[float, float]
    second: float

    @classmethod
    def of(cls, name: str, words: Sequence[str]) -> MarkedPairs | None:
        """Return those of different words; None where hardly any is such a pair."""
        known = [word for word in words[:_GLANCE] if len(word) <= _LONGEST]
        found = [match for word in known if (match := _MARKED.fullmatch(word))]
        if not found or 2 * len(found) < len(known):
            return None
        firsts = [float(match["first"]) for match in found]
        seconds = max(float(match["second"]) for match in found)
        return cls(name, len(found), (min(firsts), max(firsts)), seconds)


_TABLE: tuple[Evidence[MarkedPairs], ...] = (
    Evidence(
        "twelve and more", "minutes", 8, lambda one: one.second >= _INCHES,
        "a foot has twelve inches, so that none is written as 3'45\"",
    ),
    Evidence(
        "none above eleven", "feet", 8, lambda one: one.second < _INCHES and one.different >= _MANY,
        "of ten times by chance, one in ten million has no second number from twelve on",
    ),
    Evidence(
        "called as a time", "minutes", 3, lambda one: bool(_TIME.search(one.name)),
        "who runs is timed; but times may also be the name of a jump's trials",
    ),
    Evidence(
        "called as a length", "feet", 9, lambda one: bool(_LENGTH.search(one.name)),
        "a height has no minutes, and 5'12\" is rather written carelessly",
    ),
    Evidence(
        "as tall as persons", "feet", 2,
        lambda one: _PERSONS[0] <= one.first[0] and one.first[1] <= _PERSONS[1],
        "the heights of grown persons are what is written so most often",
    ),
)  # fmt: skip

FEET_OR_MINUTES = Judgement((("feet", 1.0), ("minutes", 0.0)), _TABLE)
"""Feet are a little more usual, as minutes mostly have a colon."""
