"""Numbers in cells that a person has said to hold some: by the type that was chosen for the column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.amounts.for_nothing import is_amount, is_for_nothing
from engine.data.cells.amounts.periods import in_one_period
from engine.data.cells.amounts.rounded_counts import read_counts
from engine.data.cells.amounts.sizes import with_thousands
from engine.data.cells.column_types import ColumnType
from engine.data.cells.number_forms import SECONDS
from engine.data.cells.numerals import NumberStyle, Numerals, read_numerals
from engine.data.cells.open_words import limit_itself
from engine.data.cells.shape_of_numerals import looks_like_number
from engine.data.decisions import decided

Read: TypeAlias = "tuple[NDArray[np.float64], str] | None"
"""Words as numbers, NaN where one is none, and what was decided; None where no word is such."""

# on longer cells, which are texts, patterns with two open runs of digits go back and forth for long
_LONGEST = 64
# 16:9 and 1:1.2 are ratios: minutes and seconds have two digits
_COLONS = re.compile(r"(?:\d+:)?\d+:[0-5]\d(?:[.,]\d+)?(?=\D|$)|(?:[01]\d|2[0-4])\.[0-5]\d\.[0-5]\d$")
_RATIO = re.compile(r"\d+:\d(?:[.,]\d+)?")
_HALF_OF_DAY = re.compile(r"\s?(?P<half>[ap])\.?\s?m\b", re.IGNORECASE)
_YEAR_IN_BRACKETS = re.compile(r"\(\s?(?:1[89]|20)\d\d\s?\)")
_GRADE = re.compile(r"\d[+\-]")
_DIGITS = r"\d+(?:[.,'’]\d+)*"
"""Digits with marks of whatever meaning, which `_as_in_a_column` finds out."""
_ONE_NUMBER = re.compile(rf"(?P<before>\D*?)(?P<number>[+-]?{_DIGITS})(?P<behind>\D*)")
# a sign behind a letter or a digit parts, as in A-12 and 18-24
_FIRST_NUMBER = re.compile(rf"(?:(?<!\w)[+\-\u2212])?(?:{_DIGITS}|(?<!\d)[.,]\d+)")
_UP, _DOWN = "▲△↑⬆⇧", "▼▽↓⬇⇩"
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d{1,2}")
_SHARE = re.compile(
    rf"\D*?(?P<part>{_DIGITS})\s?(?:/|\uff0f|(?:out )?of|von|sur|de|su|из|z)\s?(?P<whole>{_DIGITS})\D*"
)
_SHARE_ALONE = re.compile(r"0?[.,]\d+|[01](?:[.,]0+)?")
"""A number from 0 to 1, as shares are."""
_PER_CENT = re.compile(rf"(?P<part>{_DIGITS})\s?[%\uff05]")
_CLOCK = re.compile(
    r"(?:(?P<h>\d{1,3})\s?(?::|\uff1a|h(?:ours?|rs?)?|个?小时|时))?\s?(?P<m>\d{1,3})"
    r"\s?(?::|\uff1a|['′’]|m(?:in(?:utes?|s)?)?\.?|分钟?)"
    r"\s?(?:(?P<s>[0-5]?\d(?:[.,]\d+)?)\s?(?:\"|″|”|''|′′|s(?:ec(?:onds?|s)?)?\.?|秒)?)?(?:\s?/\s?\w+)?",
    re.IGNORECASE,
)
_SECONDS = {"h": 3_600, "m": 60, "s": 1}
_HOURS_ALONE = re.compile(r"(?P<h>\d+(?:[.,]\d+)?)\s?(?:h(?:ours?|rs?)?|个?小时)", re.IGNORECASE)
_SECONDS_ALONE = re.compile(r"(?P<s>\d+(?:[.,]\d+)?)\s?(?:\"|″|”|''|s(?:ec)?|秒)?", re.IGNORECASE)
FRACTION = r"(?:(?P<ones>\d{1,4})[\s-])?(?P<part>\d{1,2})/(?P<of>2|3|4|5|8|16|32|64)"
"""Sizes as inches and cups have them: 3/4, 1 1/2, 2-5/8."""
_WITH_FRACTION = re.compile(FRACTION)
_TO = r"\s?(?:-|\u2013|\u2014|~|\uff5e|\.\.|to|bis|\u81f3|\u5230)\s?"
_UNIT = r"\s?(?:[^\W\d_]{1,8}|%)"
_RANGE = re.compile(
    rf"(?P<before>[^\w\s]?\s?)(?P<low>{_DIGITS})(?P<its>{_UNIT})?{_TO}"
    rf"[^\w\s]?\s?(?P<high>{_DIGITS})(?P<unit>{_UNIT})?(?:[\s\u00b7/(\uff08\u2022].*)?",
    re.IGNORECASE,
)
"""From a low number to a high one, with what stands behind both or the second: 15k-25k, 18 to 24 years."""
_INTERVAL = re.compile(
    rf"[\[(\]]\s?(?P<from>{_DIGITS})\s?(?:,|;|-|\.\.)\s?(?P<to>{_DIGITS})\s?[\])\[]"
    rf"|(?P<least>{_DIGITS})\s?[<≤]=?\s?[^\W\d_]+\s?[<≤]=?\s?(?P<most>{_DIGITS})"
)
"""Intervals as mathematics writes them: (20, 30], [10-20), 0<=X<200."""
_OPEN_END = re.compile(
    r"\s?(?:\+|and (?:over|up|above|older|more)|or (?:more|over|older|above)|及?以上|以下)(?=$|\s)",
    re.IGNORECASE,
)
"""What stands behind the last of some ranges: 65 or older, 10年以上."""
_FEET = re.compile(r"(?P<f>\d{1,2})\s?['′’]\s?(?P<i>\d{1,2}(?:\.\d+)?)?\s?(?:\"|″|”|'')?")


_FEET_BY_DASH = re.compile(r"(?P<f>[4-7])-(?P<i>\d|1[01])")
_MANY_INCHES = 8
"""So many are no goals or games that somebody won."""


def read_by_type(
    name: str, words: Sequence[str], counts: NDArray[np.int64], how: NumberStyle, kind: ColumnType | None
) -> Numerals:
    """Return the different words of a column as numbers: by its type, where it has one.

    What a number means by the type alone is asked only of words of which no other form reads any. See
    `engine.data.cells.numerals.read_numerals` for the rest.
    """
    read = _read_by_type(name, words, counts, how, kind)
    if kind is None or np.isnan(read.values).all():
        return read
    values, told, per = in_one_period(name, words, counts, read.values, turned=how.peoples_marks)
    return replace(read, values=values, notices=(*read.notices, *told), unit=read.unit or per)


def _read_by_type(
    name: str, words: Sequence[str], counts: NDArray[np.int64], how: NumberStyle, kind: ColumnType | None
) -> Numerals:
    # who chose the type has said that limits are numbers, too; earlier versions asked how many they are
    how = replace(how, settled=how.settled or (kind is not None and how.open_words))
    if kind == "measure":
        counts_read = read_counts(words, lambda digits: _as_in_a_column(digits, how))
        if counts_read is not None and _reads_as_many(counts_read[0], words, counts, how):
            return _told_of_counts(name, words, *counts_read)
        return read_numerals(name, words, counts, replace(how, codes=False), one_unit=True)
    chosen = None if kind is None or kind == "number" else _read(kind, words, how)
    # also where new cells are plain: who learnt from 3:45 may well be given 225
    if chosen is None:
        if kind == "range" and how.open_words:
            # no cell is a range, but of 65+ alone its number is read all the same
            words = [with_thousands(limit_itself(word)) for word in words]
        read = read_numerals(name, words, counts, replace(how, codes=how.codes and kind is None))
        if kind != "number" or not np.isnan(read.values).all():
            return read
        chosen = _read("number", words, how)
        if chosen is None:
            return read
    said = decided(f"{name}: {chosen[1]}", "data.types", "category", column=name)
    return Numerals(chosen[0], (said,), unit=SECONDS if kind == "duration" else "")


def _reads_as_many(
    values: NDArray[np.float64], words: Sequence[str], counts: NDArray[np.int64], how: NumberStyle
) -> bool:
    """Return whether as many words are rounded counts as are measures of several units."""
    measures = read_numerals("", words, counts, replace(how, codes=False), one_unit=True).values
    return int((~np.isnan(values)).sum()) >= int((~np.isnan(measures)).sum())


def _told_of_counts(
    name: str, words: Sequence[str], values: NDArray[np.float64], first: str, counted: str
) -> Numerals:
    said = Message(
        "{name}: counts as {first} are read as the number, {value:,.10g}, at which they begin",
        name=name,
        first=first,
        value=values[list(words).index(first)],
    )
    told = decided(said, "data.types", "category", column=name, cells=(first,))
    return Numerals(values, (told,), unit=counted)


def _read(kind: ColumnType, words: Sequence[str], how: NumberStyle) -> Read:
    if kind == "duration":
        return _durations(words)  # whose parts are whole, but for the last
    return _READERS[kind](words, how)


def are_without_sign(words: Sequence[str]) -> bool:
    """Return whether what looks like the sign of negative numbers is none.

    Such are years in brackets, as (2015), and marks of a school, where 2- stands beside 3+.
    """
    years = bool(words) and all(_YEAR_IN_BRACKETS.fullmatch(word) for word in words)
    ends = {word[-1] for word in words if _GRADE.fullmatch(word)}
    return years or ends == {"+", "-"}


def point_up_and_down(words: Sequence[str]) -> bool:
    """Return whether numbers stand behind marks that point up or down, ▲1.2 % beside ▼0.5 %.

    Where ▲ stands alone it is minus in accounts of Japan, and no number falls.
    """
    pointed = [word for word in words if word[:1] in (*_UP, *_DOWN)]
    if {word[0] in _DOWN for word in pointed} != {True, False}:
        return False
    return all(looks_like_number(word.lstrip(_UP + _DOWN).lstrip()) for word in words)


def _numbers(words: Sequence[str], how: NumberStyle) -> Read:
    """Return times in their smallest unit, as hours and minutes are minutes, where most words are such; feet
    as inches; of words that are alike but for one number, that.
    """
    clocks = [_COLONS.match(word) for word in words]
    if 2 * sum(map(bool, clocks)) > len(words):
        values = [
            _smallest_units(match[0], word[match.end() :]) if match else float("nan")
            for match, word in zip(clocks, words, strict=True)
        ]
        shown, first = _first_of(words, values)
        said = Message("times as {shown} are read as numbers, {first:g}", shown=shown, first=first)
        return np.array(values, np.float64), said
    form = _FEET_BY_DASH if how.peoples_marks and _are_heights(words) else _FEET
    feet = [form.fullmatch(word) if len(word) <= _LONGEST else None for word in words]
    if 2 * sum(map(bool, feet)) > len(words):
        values = [
            12 * float(match["f"]) + float(match["i"] or 0) if match else float("nan") for match in feet
        ]
        shown, first = _first_of(words, values)
        said = Message("feet and inches as {shown} are read as inches, {first:g}", shown=shown, first=first)
        return np.array(values, np.float64), said
    fractions = [_WITH_FRACTION.fullmatch(word) for word in words]
    # of 5/2 alone nobody knows whether it is a fraction: odds are written so, too
    if any(match and match["ones"] for match in fractions) and 2 * sum(map(bool, fractions)) > len(words):
        values = [
            float(match["ones"] or 0) + int(match["part"]) / int(match["of"]) if match else _or_nan(word)
            for match, word in zip(fractions, words, strict=True)
        ]
        shown, first = _first_of(words, values)
        said = Message("fractions as {shown} are read as numbers, {first:g}", shown=shown, first=first)
        return np.array(values, np.float64), said
    bare = [limit_itself(word) if how.framed_limits else word for word in words]
    found = [_ONE_NUMBER.fullmatch(word) if len(word) <= _LONGEST else None for word in bare]
    around = Counter((match["before"], match["behind"]) for match in found if match)
    usual, often = next(iter(around.most_common(1)), (("", ""), 0))
    amounts = how.framed_limits and any(map(is_amount, words))
    nothing = [amounts and is_for_nothing(word) for word in words]
    rest = len(words) - sum(nothing)
    # of a single word nothing says that it is alike others; a new row is one, and training has read others
    alone = rest == 1 and how.framed_limits
    if 2 * often <= rest or (often < 2 and not alone):
        return None
    alike = [match if match and (match["before"], match["behind"]) == usual else None for match in found]
    read = np.full(len(words), np.nan)
    read[[match is not None for match in alike]] = _as_in_a_column(
        [match["number"] for match in alike if match], how
    )
    if np.isnan(read).all():
        return None
    read[nothing] = 0.0
    said = Message(
        "{before}…{behind} is left out around numbers, and {free} is 0"
        if any(nothing)
        else "{before}…{behind} is left out around numbers",
        before=usual[0],
        behind=usual[1],
        free=next((word for word, free in zip(words, nothing, strict=True) if free), ""),
    )
    return read, said


def _are_heights(words: Sequence[str]) -> bool:
    """Return whether words as 6-11 are feet and inches of persons: twelve inches are a foot."""
    found = [_FEET_BY_DASH.fullmatch(word) for word in words if len(word) <= _LONGEST]
    return all(found) and any(match is not None and int(match["i"]) >= _MANY_INCHES for match in found)


def _smallest_units(clock: str, behind: str) -> float:
    # 18.00.00 has two points, and none of them is a decimal mark
    pieces = clock.split(".") if clock.count(".") > 1 else clock.replace(",", ".").split(":")
    parts = [float(part) for part in pieces]
    half = _HALF_OF_DAY.match(behind)
    if half:
        # 12:53 AM is at night, and 12:53 PM behind noon
        parts[0] = parts[0] % 12 + 12 * (half["half"] in "pP")
    total = 0.0
    for part in parts:
        total = 60 * total + part
    return total


def _or_nan(word: str) -> float:
    return _float(word) if re.fullmatch(r"\d+(?:[.,]\d+)?", word) else float("nan")


def _float(digits: str) -> float:
    return float(digits.replace(",", "."))


def _first_numbers(words: Sequence[str], how: NumberStyle) -> Read:
    found = [_FIRST_NUMBER.search(word[:_LONGEST]) for word in words]
    firsts = [match[0] for match in found if match]
    if not firsts:
        return None
    values = np.full(len(words), np.nan)
    values[[match is not None for match in found]] = _as_in_a_column(firsts, how)
    if np.isnan(values).all():
        return None
    falls = [how.peoples_marks and word.startswith(tuple(_DOWN)) for word in words]
    if any(falls):
        values = np.where(falls, -np.abs(values), values)
        down = [value if fall else np.nan for value, fall in zip(values.tolist(), falls, strict=True)]
        shown, first = _first_of(words, down if any(down) else values.tolist())
        return values, Message(
            "of cells as {shown} the first number is read, {first:g}, as the mark before it points down",
            shown=shown,
            first=first,
        )
    shown, first = _first_of(words, values.tolist())
    return values, Message(
        "of cells as {shown} the first number is read, {first:g}", shown=shown, first=first
    )


def _as_in_a_column(numbers: Sequence[str], how: NumberStyle) -> NDArray[np.float64]:
    """Return numbers out of cells as a column of them alone is read, so 1,234 is what it is elsewhere."""
    plain = [number.replace("’", "'") for number in numbers]
    values = read_numerals("", plain, np.ones(len(plain), np.int64), replace(how, codes=False)).values.copy()
    # 12,4 beside 12.6: two persons wrote, each with the mark of a keyboard
    for place in np.flatnonzero(np.isnan(values)).tolist():
        if _DECIMAL.fullmatch(plain[place]):
            values[place] = _float(plain[place])
    return values


def _shares(words: Sequence[str], how: NumberStyle) -> Read:
    found = [
        _PER_CENT.fullmatch(word) or _SHARE.fullmatch(word) if len(word) <= _LONGEST else None
        for word in words
    ]
    # 0.45 beside 45 % is the same: a sheet shows a number as the person who typed it chose
    bare = how.peoples_marks and any(match and "whole" not in match.groupdict() for match in found)
    shares = [word if bare and _SHARE_ALONE.fullmatch(word) else "" for word in words]
    parts = [match["part"] if match else share or "nan" for match, share in zip(found, shares, strict=True)]
    wholes = [
        match.groupdict().get("whole", "100") if match else "1" if share else "nan"
        for match, share in zip(found, shares, strict=True)
    ]
    read = _as_in_a_column([*parts, *wholes], how)
    part, whole = read[: len(words)], read[len(words) :]
    values = np.divide(part, whole, out=np.full(len(words), np.nan), where=whole != 0)
    if np.isnan(values).all():
        return None
    shown, first = _first_of(words, values.tolist())
    said = Message("parts of a whole as {shown} are read as shares, {first:g}", shown=shown, first=first)
    return values, said


def _ranges(words: Sequence[str], how: NumberStyle) -> Read:
    """Return the middle of each range, and of a cell that is one number, that; a range goes upwards.

    Where a range has no end, as 65+, it is the number at which it begins; with `open_words`, where it has no
    beginning, as under 18, that at which it ends.
    """
    written = [_INTERVAL.sub(_as_range, word) if len(word) <= _LONGEST else word for word in words]
    found = [_RANGE.fullmatch(word) if len(word) <= _LONGEST else None for word in written]
    if not any(found):
        return None
    # 15-25k: what stands behind the second number alone is of both
    single = [_OPEN_END.sub("", limit_itself(word) if how.open_words else word) for word in written]
    ends = [
        [
            match["before"] + match[end] + (match[first] or match[second] or "") if match else bare
            for match, bare in zip(found, single, strict=True)
        ]
        for end, first, second in (("low", "its", "unit"), ("high", "unit", "its"))
    ]
    # as one column, so that both ends are of one unit
    cells = [with_thousands(end) for end in (*ends[0], *ends[1])]
    read = read_numerals("", cells, np.ones(len(cells), np.int64), replace(how, codes=False)).values
    low, high = read[: len(words)], read[len(words) :]
    values = np.where(low <= high, (low + high) / 2, np.nan)
    # a column of plain numbers has no range
    ranges = np.where([match is not None for match in found], values, np.nan)
    if np.isnan(ranges).all():
        return None
    shown, first = _first_of(words, ranges.tolist())
    values_and_words = zip(values.tolist(), written, single, strict=True)
    limit = next(
        ((word, value) for value, word, bare in values_and_words if value == value and bare != word), None
    )
    said = (
        Message("ranges as {shown} are read as their middle, {first:g}", shown=shown, first=first)
        if limit is None
        else Message(
            "ranges as {shown} are read as their middle, {first:g}, and those of one end, as {open}, as "
            "that, {end:g}",
            shown=shown,
            first=first,
            open=limit[0],
            end=limit[1],
        )
    )
    return values, said


def _as_range(match: re.Match[str]) -> str:
    """Return an interval as other ranges are written, from a number to another."""
    return f"{match['from'] or match['least']}-{match['to'] or match['most']}"


def _durations(words: Sequence[str]) -> Read:
    def seconds(word: str) -> float:
        # 58.3 beside 1:02.3 is below a minute
        read = len(word) <= _LONGEST and not _RATIO.fullmatch(word)
        forms = (_CLOCK, _HOURS_ALONE, _SECONDS_ALONE) if read else ()
        found = next(filter(None, (form.fullmatch(word) for form in forms)), None)
        if found is None:
            return float("nan")
        return sum(_float(value) * _SECONDS[unit] for unit, value in found.groupdict().items() if value)

    # bare numbers alone say nothing of minutes
    if not any(form.fullmatch(word[:_LONGEST]) for form in (_CLOCK, _HOURS_ALONE) for word in words):
        return None
    values = [seconds(word) for word in words]
    if np.isnan(values).all():
        return None
    shown, first = _first_of(words, values)
    said = Message("durations as {shown} are read as seconds, {first:g}", shown=shown, first=first)
    return np.array(values, np.float64), said


def _first_of(words: Sequence[str], values: Sequence[float]) -> tuple[str, float]:
    """Return the first word that was read, with its number."""
    return next((word, value) for word, value in zip(words, values, strict=True) if value == value)


_READERS: Mapping[ColumnType, Callable[[Sequence[str], NumberStyle], Read]] = {
    "number": _numbers,
    "first_number": _first_numbers,
    "share": _shares,
    "range": _ranges,
}
