"""Forms of numbers that hold more than one: a change with its share, a mean with its error, a duration."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_LONGEST = 64
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


def first_number(word: str) -> tuple[str, str]:
    """Return the first number of a word with what belongs to it, and what stands behind it in brackets."""
    if len(word) > _LONGEST or not (word[-1:] in (")", "]") or "±" in word or "+/-" in word):
        return word, ""
    found = _SECOND.fullmatch(word)
    return (found["first"], found["second"]) if found else (word, "")


def read_durations(words: Sequence[str]) -> NDArray[np.float64] | None:
    """Return durations as PT1H2M or 0 days 01:02:00 in seconds, NaN for other words; None where all are."""
    if not any(word[:1] in ("P", "-") or " day" in word for word in words[:20]):
        return None
    values = np.array([_seconds(word) for word in words], np.float64)
    return None if np.isnan(values).all() else values


def _seconds(word: str) -> float:
    found = _ISO.fullmatch(word) or _DAYS.fullmatch(word)
    parts = {name: value for name, value in found.groupdict().items() if value} if found else {}
    signed = parts.pop("sign", "")
    if not parts:
        return float("nan")
    total = sum(float(value) * _SECONDS[name] for name, value in parts.items())
    return -total if signed else total


def looks_like_clock(word: str) -> bool:
    """Return whether a word is a time of day or a duration, as 1:53:57 or 4:05/km."""
    return _CLOCK.fullmatch(word) is not None
