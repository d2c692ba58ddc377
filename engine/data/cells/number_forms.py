"""Forms of numbers that hold more than one: a change with its share, a mean with its error, a duration, marks
out of a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message

_SECOND = re.compile(
    r"(?P<first>[^(\[±↑↓]*\d[^(\[±↑↓]*?)\s*"
    r"(?P<second>[(\[]\s*[+-]?\d[\d.,]*\s*%?\s*[)\]]|(?:±|\+/-)\s*\d[\d.,]*|[↑↓]+)"
)
"""-1.72 (+1.77%), 5.3 (0.4), 5.3 ± 0.4, 12.3↑: what stands behind the first number."""
_ISO = re.compile(
    r"(?P<sign>-)?P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
_DAYS = re.compile(
    r"(?P<sign>-)?(?P<d>\d+) days?,? (?:\+)?(?P<h>\d{1,2}):(?P<m>\d{2}):(?P<s>\d{2}(?:\.\d+)?)"
)
_HOURS = re.compile(
    # every piece may be missing, so that this fits the empty word, too: `value` gives NaN for it
    r"(?:(?P<d>\d+)\s?天)?\s?(?:(?P<h>\d+(?:\.\d+)?)\s?个?小时)?\s?"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s?分钟?)?\s?(?:(?P<s>\d+(?:\.\d+)?)\s?秒钟?)?"
)
_CLOCK = re.compile(
    # 18.00.00, as the air quality data of UCI has hours; a time without seconds would be a decimal number
    r"(?:[01]\d|2[0-4])\.[0-5]\d\.[0-5]\d|\d+:[0-5]\d(?::[0-5]\d)?(?:[.,]\d+)?(?:\s?/?\s?[a-z]{1,5})?"
    r"|\d+\s?(?:h|hrs?|hours?|std\.?)\s?(?:[0-5]?\d\s?(?:m|mins?|minutes?|min\.)?)?",
    re.IGNORECASE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
_POWER = re.compile(
    r"(?:(?<=\d)\s?[x×*·⋅✕]\s?|(?<![\w.,]))10"
    r"(?:\s?(?:\^|\*\*)\s?\(?(?P<flat>[+\-−]?\d{1,3})\)?|(?P<high>[⁻⁺]?[⁰¹²³⁴-⁹]{1,3}))"
)
"""5 x 10^-4, 1.2×10⁵, and 10^6 alone."""
# on longer cells, which are texts, patterns with two open runs of digits go back and forth for long
_LONGEST, _GLANCE = 64, 20
_DEGREES = re.compile(
    r"(?P<d>\d{1,3})\s?°\s?(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s?['′’]\s?)?"
    r"(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s?(?:\"|″|”|''))?\s?(?P<sign>[NSEWO])"
)
_FEET = re.compile(r"(?P<f>\d{1,2})\s?['′’]\s?(?P<i>\d{1,2}(?:\.\d+)?)\s?(?:\"|″|”|'')")
_AGES = re.compile(
    r"(?P<y>\d{1,3})\s?(?:years?|yrs?|y),?\s?(?:and\s)?(?P<m>\d{1,2})\s?(?:months?|mos?|m)", re.IGNORECASE
)
_AGES_WITH_MONTHS = re.compile(
    r"(?:(?P<y>\d{1,3})\s?岁)?\s?(?:(?P<m>\d{1,2})\s?个?月(?:龄|大)?)?(?:(?P<d>\d{1,3})\s?天)?"
)
_OUT_OF = re.compile(r"(?P<part>\d+(?:\.\d+)?)\s?/\s?(?P<whole>\d+)")
# 10.1109/5.771073 is the DOI of a publication
_PAIR = re.compile(r"(?!10\.\d{4,5}/)\d+(?:\.\d+)?\s?/\s?\d+(?:\.\d+)?")
_WHOLES, _LEAST_WHOLE, _MOST_WHOLE = (5, 10), 40, 1000
"""Marks are out of these; 3/24 and 3/2024 are rather months of a year."""
_STARS = re.compile(r"(?=.)(?P<full>(?:[★⭐🌟✮]\ufe0f?)*)(?P<half>[½⯨])?[☆✩]*")
_LISTED = re.compile(r"[\[(]?\s*[-+]?\d[\d.eE+-]*(?:(?:\s*[,;]\s*|\s+)[-+]?\d[\d.eE+-]*){2,}\s*[\])]?")


def first_number(word: str) -> tuple[str, str]:
    """Return the first number of a word with what belongs to it, and what stands behind it in brackets."""
    if len(word) > _LONGEST or not (word[-1:] in (")", "]", "↑", "↓") or "±" in word or "+/-" in word):
        return word, ""
    found = _SECOND.fullmatch(word)
    return (found["first"], found["second"]) if found else (word, "")


def with_powers(word: str) -> str:
    """Return a word with powers of ten as programs write them: 1.2×10⁵ is 1.2e5, and 10^6 is 1e6."""
    if "10" not in word or len(word) > _LONGEST:
        return word

    def written(match: re.Match[str]) -> str:
        one = "" if match.start() and word[match.start() - 1].isdigit() else "1"
        return f"{one}e{(match['flat'] or match['high']).translate(_SUPERSCRIPTS)}"

    return _POWER.sub(written, word)


def read_compound(
    words: Sequence[str], *, durations: bool = True
) -> tuple[NDArray[np.float64], str, str] | None:
    """Return words of several numbers with their units as one, NaN for others, what was decided, and in what.

    Such are durations as PT1H2M, 2小时30分 or 0 days 01:02:00, degrees with minutes and seconds, feet and
    inches, ages in years and months, and marks out of as many everywhere. None where no word is such. Without
    `durations`, those in Chinese are none, as earlier versions had it.
    """
    for form in _COMPOUNDS:
        if form.pattern is _HOURS and not durations:
            continue
        # a column may have a million different words: the first tell whether all need be tried
        glance = words[:_GLANCE]
        if any(form.pattern.fullmatch(word) for word in glance) and any(form.sign in word for word in glance):
            meant = _meant_by_o(words) if form.pattern is _DEGREES else ""
            told = [word.replace("O", meant) for word in words] if meant else words
            return np.array([form.value(word) for word in told], np.float64), form.said, form.unit
    marks = _out_of(words) or _stars(words)
    return marks and (*marks, "")


def _meant_by_o(words: Sequence[str]) -> str:
    """Return what O is in degrees: E beside W (Ost), W beside E (oeste, ouest); "" where nothing says it."""
    found = [_DEGREES.fullmatch(word) for word in words if len(word) <= _LONGEST]
    beside = {match["sign"] for match in found if match} & {"E", "W"}
    return {"E": "W", "W": "E"}[beside.pop()] if len(beside) == 1 else ""


def looks_like_o(word: str) -> bool:
    """Return whether a word is degrees to the O, which is east in German and west in Spanish and French."""
    found = _DEGREES.fullmatch(word) if len(word) <= _LONGEST else None
    return found is not None and found["sign"] == "O"


def _out_of(words: Sequence[str]) -> tuple[NDArray[np.float64], str] | None:
    """Return 57/100 as 0.57, where most words are parts of one whole; None elsewhere, as for 120/80."""
    # by far the most columns are no marks, and are told by their first words; one of these may be NEW
    if not any(_OUT_OF.fullmatch(word) for word in words[:_GLANCE]):
        return None
    found = [_OUT_OF.fullmatch(word) for word in words]
    known = [match for match in found if match]
    whole = int(known[0]["whole"])
    marks = 2 * len(known) > len(words) and (whole in _WHOLES or _LEAST_WHOLE <= whole <= _MOST_WHOLE)
    if not marks or any(int(match["whole"]) != whole or float(match["part"]) > whole for match in known):
        return None
    values = [float(match["part"]) / whole if match else float("nan") for match in found]
    first = next(place for place, match in enumerate(found) if match)
    return np.array(values, np.float64), Message(
        "marks as {words} are read as shares, {values:g}", words=words[first], values=values[first]
    )


def looks_like_stars(word: str) -> bool:
    """Return whether a word is so many stars, as ★★★☆☆ or ★★★½."""
    return len(word) <= _LONGEST and _STARS.fullmatch(word) is not None


def _stars(words: Sequence[str]) -> tuple[NDArray[np.float64], str] | None:
    """Return ★★★☆☆ as 3, where most words are so many stars; None elsewhere."""
    # of ☆☆☆ alone nobody knows whether these are three or none
    if not any(looks_like_stars(word) and word[0] != "☆" for word in words[:_GLANCE]):
        return None
    found = [_STARS.fullmatch(word) if len(word) <= _LONGEST else None for word in words]
    if 2 * sum(map(bool, found)) <= len(words):
        return None
    values = [
        len(match["full"].replace("\ufe0f", "")) + 0.5 * bool(match["half"]) if match else float("nan")
        for match in found
    ]
    first = next(word for word, match in zip(words, found, strict=True) if match)
    said = Message("stars are counted: {word} is {value:g}", word=first, value=values[words.index(first)])
    return np.array(values, np.float64), said


@dataclass(frozen=True)
class _Compound:
    """A form of several numbers: each named group counts so many of the unit that is said.

    `sign` stands in some word at least: 30分 are minutes beside 2小时, else marks.
    """

    pattern: re.Pattern[str]
    sizes: Mapping[str, float]
    said: str
    sign: str = ""
    unit: str = ""
    """What the numbers count, where new ones may come in another unit: "s" of durations."""

    def value(self, word: str) -> float:
        found = self.pattern.fullmatch(word) if len(word) <= _LONGEST else None
        parts = {name: value for name, value in found.groupdict().items() if value} if found else {}
        sign = parts.pop("sign", "")
        # east or west: to take the wrong one would put a place on the other side of the Atlantic
        if not parts or sign == "O":
            return float("nan")
        # minutes and seconds of an angle have a decimal comma in much of Europe: 48° 12,5′ N
        total = sum(float(value.replace(",", ".")) * self.sizes[name] for name, value in parts.items())
        return -total if sign in ("-", "S", "W") else total


SECONDS = "s"
"""The unit of durations, as readers call it."""
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_AS_SECONDS = "durations are read as numbers of seconds"
_COMPOUNDS = (
    _Compound(_ISO, _SECONDS, _AS_SECONDS, unit=SECONDS),
    _Compound(_DAYS, _SECONDS, _AS_SECONDS, unit=SECONDS),
    _Compound(
        _DEGREES, {"d": 1, "m": 1 / 60, "s": 1 / 3_600}, "degrees, minutes and seconds are read as degrees"
    ),
    _Compound(_FEET, {"f": 12, "i": 1}, "feet and inches are read as inches"),
    _Compound(_AGES, {"y": 12, "m": 1}, "years and months are read as months"),
    _Compound(_HOURS, _SECONDS, _AS_SECONDS, "小时", SECONDS),
    _Compound(_HOURS, _SECONDS, _AS_SECONDS, "分钟", SECONDS),
    _Compound(
        _AGES_WITH_MONTHS, {"y": 1, "m": 1 / 12, "d": 1 / 365.25}, "ages are read as numbers of years", "岁"
    ),
)


def looks_like_clock(word: str) -> bool:
    """Return whether a word is a time of day or a duration, as 1:53:57 or 4:05/km."""
    return _CLOCK.fullmatch(word) is not None


def looks_like_pair(word: str) -> bool:
    """Return whether a word is two numbers, as a blood pressure: 120/80."""
    return _PAIR.fullmatch(word) is not None


def looks_like_list(word: str) -> bool:
    """Return whether a word is a list of numbers, as [0.1, 0.2, 0.3]."""
    return word[:1] in ("[", "(") and _LISTED.fullmatch(word) is not None
