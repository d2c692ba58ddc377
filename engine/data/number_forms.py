"""Forms of numbers that hold more than one: a change with its share, a mean with its error, a duration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SECOND = re.compile(
    r"(?P<first>[^(\[±]*\d[^(\[±]*?)\s*(?P<second>[(\[]\s*[+-]?\d[\d.,]*\s*%?\s*[)\]]|(?:±|\+/-)\s*\d[\d.,]*)"
)
"""-1.72 (+1.77%), 5.3 (0.4), 5.3 ± 0.4: what stands behind the first number."""
_ISO = re.compile(
    r"(?P<sign>-)?P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
_DAYS = re.compile(
    r"(?P<sign>-)?(?P<d>\d+) days?,? (?:\+)?(?P<h>\d{1,2}):(?P<m>\d{2}):(?P<s>\d{2}(?:\.\d+)?)"
)
_CLOCK = re.compile(r"\d+:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:\s?/?\s?[a-z]{1,5})?", re.IGNORECASE)
_LONGEST, _GLANCE = 64, 20
_DEGREES = re.compile(
    r"(?P<d>\d{1,3})\s?°\s?(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s?['′’]\s?)?"
    r"(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s?(?:\"|″|”|''))?\s?(?P<sign>[NSEWO])"
)
_FEET = re.compile(r"(?P<f>\d{1,2})\s?['′’]\s?(?P<i>\d{1,2}(?:\.\d+)?)\s?(?:\"|″|”|'')")
_AGES = re.compile(
    r"(?P<y>\d{1,3})\s?(?:years?|yrs?|y),?\s?(?:and\s)?(?P<m>\d{1,2})\s?(?:months?|mos?|m)", re.IGNORECASE
)
_LISTED = re.compile(r"[\[(]?\s*[-+]?\d[\d.eE+-]*(?:(?:\s*[,;]\s*|\s+)[-+]?\d[\d.eE+-]*){2,}\s*[\])]?")


def first_number(word: str) -> tuple[str, str]:
    """Return the first number of a word with what belongs to it, and what stands behind it in brackets."""
    if len(word) > _LONGEST or not (word[-1:] in (")", "]") or "±" in word or "+/-" in word):
        return word, ""
    found = _SECOND.fullmatch(word)
    return (found["first"], found["second"]) if found else (word, "")


def read_compound(words: Sequence[str]) -> tuple[NDArray[np.float64], str] | None:
    """Return words of several numbers with their units as one, NaN for others, and what was decided.

    Such are durations as PT1H2M or 0 days 01:02:00, degrees with minutes and seconds, feet and inches, and
    ages in years and months. None where no word is such.
    """
    for form in _COMPOUNDS:
        if not any(form.pattern.fullmatch(word) for word in words[:_GLANCE]):
            continue
        return np.array([form.value(word) for word in words], np.float64), form.said
    return None


@dataclass(frozen=True)
class _Compound:
    """A form of several numbers: each named group counts so many of the unit that is said."""

    pattern: re.Pattern[str]
    sizes: Mapping[str, float]
    said: str

    def value(self, word: str) -> float:
        found = self.pattern.fullmatch(word) if len(word) <= _LONGEST else None
        parts = {name: value for name, value in found.groupdict().items() if value} if found else {}
        signed = parts.pop("sign", "") in ("-", "S", "W")
        if not parts:
            return float("nan")
        total = sum(float(value.replace(",", ".")) * self.sizes[name] for name, value in parts.items())
        return -total if signed else total


_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_AS_SECONDS = "durations are read as numbers of seconds"
_COMPOUNDS = (
    _Compound(_ISO, _SECONDS, _AS_SECONDS),
    _Compound(_DAYS, _SECONDS, _AS_SECONDS),
    _Compound(
        _DEGREES, {"d": 1, "m": 1 / 60, "s": 1 / 3_600}, "degrees, minutes and seconds are read as degrees"
    ),
    _Compound(_FEET, {"f": 12, "i": 1}, "feet and inches are read as inches"),
    _Compound(_AGES, {"y": 12, "m": 1}, "years and months are read as months"),
)


def looks_like_clock(word: str) -> bool:
    """Return whether a word is a time of day or a duration, as 1:53:57 or 4:05/km."""
    return _CLOCK.fullmatch(word) is not None


def looks_like_list(word: str) -> bool:
    """Return whether a word is a list of numbers, as [0.1, 0.2, 0.3]."""
    return word[:1] in ("[", "(") and _LISTED.fullmatch(word) is not None
