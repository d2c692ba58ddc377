"""Lines of measurements with their names, as boards print them: 10:23:45.123 -> Temp: 23.4 C, Hum: 45.1 %"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_WHEN = re.compile(
    r"\s*\[?(?P<when>(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[T ,]+)?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"|\d+(?:\.\d+)?(?= ?m?s\b))"
    r"(?: ?m?s\b)?\]?\s*(?:->|[-|,;>:]+\s)?\s*"
)
"""The time before the measurements of a line: a day and a clock, or seconds since the start."""
# behind a value the unit, unless it is the name of the next value; possessive, so that no line takes long
_VALUE = re.compile(
    r"(?P<name>[^\W\d_]\w*+(?:[ _.]\w++){0,2}?) ?[:=] ?(?P<value>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"(?![\w.:/-]*[:/-]?\d)"
    r"(?: ?(?P<unit>(?!\w+ ?[:=])[^\s\w,;|]{0,2}[^\W\d_]{0,4}(?:/[^\W\d_]{1,3})?[%²³]?))?"
)
_BETWEEN = " \t,;|/()[]{}"
_LONGEST = 500
"""Letters of a line."""
_FEWEST, _MOSTLY = 8, 0.8
"""Lines of measurements that make a file one, and their share: boards say, too, where a sensor has failed."""


class NamedValues(NamedTuple):
    """What stands in a line: when, "" where that is not said, and the values with their names and units."""

    when: str
    values: dict[str, str]
    units: dict[str, str]


def named_values(line: str) -> NamedValues | None:
    """Return the measurements of a line; None where anything else stands in it."""
    if len(line) > _LONGEST:
        return None
    begun = _WHEN.match(line)
    rest = line[begun.end() :] if begun else line
    found = [*_VALUE.finditer(rest)]
    # words between the values belong to no measurement: it is a sentence with numbers
    if not found or _VALUE.sub("", rest).strip(_BETWEEN):
        return None
    values = {one["name"]: one["value"] for one in found}
    units = {one["name"]: one["unit"] or "" for one in found}
    return NamedValues(begun["when"] if begun else "", values, units) if len(values) == len(found) else None


def usual_names(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the values that most lines have; none where the lines are no measurements.

    A single value counts where its time stands before it: "Score: 5" is no measurement.
    """
    filled = [line for line in lines if line.strip()]
    found = [one for line in filled if (one := named_values(line)) is not None]
    names = Counter(tuple(one.values) for one in found)
    usual, often = names.most_common(1)[0] if names else ((), 0)
    timed = sum(bool(one.when) for one in found)
    enough = often >= max(_FEWEST, _MOSTLY * len(filled)) and (
        len(usual) > 1 or timed >= _MOSTLY * len(found)
    )
    return usual if enough else ()
