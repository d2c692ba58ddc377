"""Numbers of units: which unit a column has, numbers of others told in it, sizes by thousands, and limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.amounts.sizes import ALONE, COUNTED, EASTERN, MAGNITUDES, OF_MONEY, size_in_words
from engine.data.cells.number_forms import read_compound
from engine.data.cells.shape_of_numerals import (
    FLAG,
    SPELLED,
    singular,
    unit_behind,
    units_of,
)
from engine.data.cells.units import are_of_one_kind, converted
from engine.data.cells.values import counted, listed
from engine.data.decisions import decided

_LOOKED_AT, _FEW_CELLS = 200, 3
_BARE = 0.8
_SEVERAL_SIGNS = re.compile(r"(?:千万|百万|十万|千)(?=元|$)")
"""Sizes of Chinese beside 万 and 亿: 8千 is 8,000, while 3千克 and 5千米 are units."""


def of_one_unit(
    name: str, values: NDArray[np.float64], parts: Sequence[re.Match[str] | None], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values, NaN for those of another unit than most have, what was decided, and the unit."""
    values, units, scaled = _with_eastern(values, parts)
    units = _of_one_spelling(units, counts)
    money = any(match and match["money"] for match in parts)
    often: Counter[str] = Counter()
    for unit, count, value in zip(units, counts.tolist(), values.tolist(), strict=True):
        # false for NaN: words that were not read have no say in the unit, nor have zeros without one
        if value == value and (unit or value):
            often[unit] += count
    if set(often) <= {""}:
        return values, [f"{name}: {scaled}"] if scaled else [], ""
    flagged = {unit for unit in often if unit} and all(FLAG.fullmatch(unit) for unit in often if unit)
    if flagged and often[""] > sum(often.values()) / 2:
        shown = listed(sorted(unit for unit in often if unit))
        return (
            values,
            [Message("{name}: letters behind numbers ({shown}) are left out", name=name, shown=shown)],
            "",
        )
    if often[""] > _BARE * sum(often.values()):  # a few cells with a unit are odd among bare numbers
        return np.where([unit == "" for unit in units], values, np.nan), [], ""
    # 1.2M is a size; with a blank, 1.2 M is rather a unit
    close = not any(match["gap"] for match, unit in zip(parts, units, strict=True) if match and unit)
    behind = [unit_behind(match) if match else "" for match in parts]
    sizes = set(behind) & set(MAGNITUDES)
    # in every file alike, lest 1.2M alone be 1.2 in M
    if close and sizes - (set() if money else ALONE) and set(often) <= {"", *MAGNITUDES, *_moneys(parts)}:
        scale = np.array([MAGNITUDES.get(unit, 1.0) for unit in behind])
        return values * scale, [f"{name}: {_said_sizes(sizes)}"], ""
    usual = max((unit for unit in often if unit), key=often.__getitem__)
    bare = usual not in ("%", "‰")  # 0.5 beside 50 % is another scale
    fits = np.array([unit == usual or (unit == "" and bare) for unit in units])
    # zero is zero in every unit, in per cent, too
    zero = np.array([unit == "" for unit in units]) & (values == 0)
    told = [f"{name}: {scaled}"] if scaled else []
    said = Message("{name}: numbers in {usual}", name=name, usual=usual)
    with_unit = np.array([unit == usual for unit in units]) & fits
    without = fits & ~with_unit & ~zero & ~np.isnan(values)
    if without.any() and _apart(values[with_unit], values[without]):
        said = Message(
            "{name}: numbers without a unit are taken to be in {usual}, too, but none is of the size of "
            "those that have it; if they are of another unit, write all in one",
            name=name,
            usual=usual,
        )
        said = decided(said, "data.types", "category", column=name, doubtful=True)
    return np.where(fits | zero, values, np.nan), [*told, said], usual


def has_units_of_one_kind(words: Sequence[str], *, durations: bool) -> bool:
    """Return whether words are numbers of several units that measure the same, and none is bare.

    Those that have a form of their own, as 2小时 beside 45分钟, are no such.
    """
    # most columns have numbers without any: they end here
    if not words or not any(sign.isalpha() or sign in "°℃℉" for sign in words[0]):
        return False
    units = units_of([words[place] for place in range(0, len(words), max(len(words) // _LOOKED_AT, 1))])
    several = len(units) > 1 and "" not in units and are_of_one_kind(units)
    return several and read_compound(words, durations=durations) is None


def in_one_unit(
    name: str,
    values: NDArray[np.float64],
    units: Sequence[str],
    words: Sequence[str],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values in the unit that most of them have, what was decided, and the unit."""
    often: Counter[str] = Counter()
    for unit, count in zip(units, counts.tolist(), strict=True):
        often[unit] += count
    usual = max(filter(None, often), key=often.__getitem__)
    pairs = zip(values.tolist(), units, strict=True)
    # a number without a unit has the usual one, as everywhere
    read = np.array([converted(value, unit or usual, usual) for value, unit in pairs], np.float64)
    other = next((place for place, unit in enumerate(units) if unit not in ("", usual)), 0)
    said = Message(
        "{name}: numbers of different units are read in {usual}: {word} is {value:g}",
        name=name,
        usual=usual,
        word=words[other],
        value=read[other],
    )
    told = decided(said, "data.types", "category", "first_number", column=name, cells=(words[other],))
    return read, [told], usual


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Return whether all numbers of one are larger than all of the other; few are so by chance."""
    if min(len(one), len(other)) < _FEW_CELLS:
        return False
    return bool(np.nanmin(one) > np.nanmax(other) or np.nanmax(one) < np.nanmin(other))


def _of_one_spelling(units: Sequence[str], counts: NDArray[np.int64]) -> list[str]:
    """Return the units, those that mean the same as it is written most often: $ for USD, baths for bath."""
    often: Counter[str] = Counter()
    for unit, count in zip(units, counts.tolist(), strict=True):
        often[unit] += count
    usual: dict[str, str] = {}
    for unit, _ in often.most_common():
        usual.setdefault(SPELLED.get(unit, singular(unit)), unit)
    return [usual[SPELLED.get(unit, singular(unit))] for unit in units]


def _with_eastern(
    values: NDArray[np.float64], parts: Sequence[re.Match[str] | None]
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values by what 万 and 亿 behind them say, the units without these, and what was decided."""
    units = [match["money"] or unit_behind(match) if match else "" for match in parts]
    sizes = [size_in_words(unit_behind(match)) if match and match["money"] else "" for match in parts]
    several = [match[0] if (match := _SEVERAL_SIGNS.match(unit)) else "" for unit in units]
    signs = [size or more or unit[:1] for size, more, unit in zip(sizes, several, units, strict=True)]
    known = {**EASTERN, **OF_MONEY, **{more: COUNTED[more] for more in several if more}}
    seen = sorted({sign for sign in signs if sign in known})
    if not seen:
        return values, units, ""
    scale = np.array([known.get(sign, 1.0) for sign in signs])
    # 5万+ is 50,000 and more
    rest = [
        unit.removeprefix(sign).strip().removeprefix("+") if sign in known and sign not in OF_MONEY else unit
        for sign, unit in zip(signs, units, strict=True)
    ]
    said = ", ".join(f"{sign} as {known[sign]:,.0f}" for sign in seen)
    return values * scale, rest, Message("numbers are read with {said}", said=said)


def _moneys(parts: Sequence[re.Match[str] | None]) -> set[str]:
    """Return the money of numbers, where it is all of one kind."""
    found = {match["money"] for match in parts if match and match["money"]}
    return found if len(found) == 1 else set()


def _said_sizes(sizes: set[str]) -> str:
    words = {1e3: "thousands", 1e6: "millions", 1e9: "billions", 1e12: "trillions"}
    by_size = sorted(sizes | {"K", "M"}, key=MAGNITUDES.__getitem__)
    signs = list(dict.fromkeys("K" if sign == "k" else sign for sign in by_size))
    meant = dict.fromkeys(words[MAGNITUDES[sign]] for sign in signs)
    return Message(
        "{joined} behind numbers are read as {meant}", joined=_joined(signs), meant=_joined(list(meant))
    )


def _joined(words: Sequence[str]) -> str:
    """Return two or more words as one says them: K, M and B."""
    return f"{', '.join(words[:-1])} and {words[-1]}"


def with_limits(
    name: str,
    values: NDArray[np.float64],
    words: Sequence[str],
    parts: Sequence[re.Match[str] | None],
    counts: NDArray[np.int64],
    *,
    settled: bool,
) -> tuple[NDArray[np.float64], list[str]]:
    """Return limits as <0.01 as the number behind the sign where few are such, else as no numbers.

    Where it is `settled` that they are numbers, few or many: a new file may hold nothing else.
    """
    limited = np.array([bool(match and (match["limit"] or match["beyond"])) for match in parts]) & ~np.isnan(
        values
    )
    if not limited.any():
        return values, []
    rows, known = int(counts[limited].sum()), int(counts[~np.isnan(values)].sum())
    if 2 * rows > known and not settled:
        return np.where(limited, np.nan, values), []
    first = words[int(np.argmax(limited))]
    number = values[int(np.argmax(limited))]
    text = Message(
        "{name}: limits as {first} in {counted} are read as the number, {number:g}; to count "
        "them as missing, list {first} under Missing",
        name=name,
        first=first,
        counted=counted(rows, "row"),
        number=number,
    )
    shown = [word for word, limit in zip(words, limited.tolist(), strict=True) if limit][:_FEW_CELLS]
    return values, [decided(text, "data.missing", first, column=name, cells=shown)]
