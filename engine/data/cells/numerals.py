"""Numerals: numbers as people write them, with thousands marks, per cent, money, units, minus signs of every
kind and limits of measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.number_forms import first_number, read_compound
from engine.data.cells.number_marks import Marks, marks_of, value_of
from engine.data.cells.numbers_of_units import in_one_unit, of_one_unit, with_limits
from engine.data.cells.open_words import with_signs
from engine.data.cells.rules import NEWEST, Rules
from engine.data.cells.shape_of_numerals import NUMERAL, fits, is_code, own_unit, parted, plain, unit_behind
from engine.data.cells.units import are_of_one_kind
from engine.data.decisions import decided

_INFINITE = {"inf": np.inf, "Inf": np.inf, "-inf": -np.inf, "-Inf": -np.inf}


@dataclass(frozen=True)
class Numerals:
    """Words as numbers, NaN where one is none; what a person should know; whether all are codes as 007; the
    unit that is written behind them, or the money before.
    """

    values: NDArray[np.float64]
    notices: tuple[str, ...] = ()
    codes: bool = False
    unit: str = ""


@dataclass(frozen=True)
class NumberStyle:
    """How words are to be read as numbers.

    With `codes`, words as 007 make a column of codes, which is none of numbers; without `durations`, 45分钟
    is a number of a unit, as 45 kg is. Limits as <0.5 are numbers where they are few, or where it is
    `settled` that the column is one of numbers; `rules` are the newest by which it is read.
    """

    marks: Marks
    codes: bool = True
    durations: bool = True
    settled: bool = False
    rules: Rules = NEWEST

    @property
    def open_words(self) -> bool:
        """Return whether less than 1 year is a limit, too."""
        return self.rules >= Rules.OPEN_WORDS

    @property
    def peoples_marks(self) -> bool:
        """Return whether what people write in two ways is one."""
        return self.rules >= Rules.PEOPLES_MARKS

    @property
    def framed_limits(self) -> bool:
        """Return whether limits behind a word are numbers, and words for nothing beside amounts 0."""
        return self.rules >= Rules.FRAMED_LIMITS


def read_numerals(
    name: str, words: Sequence[str], counts: NDArray[np.int64], how: NumberStyle, *, one_unit: bool = False
) -> Numerals:
    """Return the different words of a column as numbers; `counts` says how often each occurs.

    Words of another unit than most have are no numbers there, unless they are to be told in `one_unit` and
    both measure the same.
    """
    marks, codes = how.marks, how.codes
    if marks.flags:
        pairs = zip(words, map(parted, words), strict=True)
        words = [number if flag in marks.flags else word for word, (number, flag) in pairs]
    compound = None if one_unit else read_compound(words, durations=how.durations)
    if compound is not None:
        return Numerals(compound[0], (f"{name}: {compound[1]}",), unit=compound[2])
    pieces = [first_number(plain(with_signs(word) if how.open_words else word)) for word in words]
    behind = next((second for _, second in pieces if second), "")
    found = [NUMERAL.fullmatch(first) for first, _ in pieces]
    own = own_unit(found, counts)
    parts = [match if match and fits(match, own) else None for match in found]
    known = [match for match in parts if match]
    if not known:
        return Numerals(np.full(len(words), np.nan))
    if codes and any(map(is_code, known)):
        return Numerals(np.full(len(words), np.nan), codes=all(parts))
    decimal, grouping, notices = marks_of(name, known, marks, both=how.peoples_marks)
    values = np.array([value_of(match, decimal, grouping) if match else np.nan for match in parts])
    values = np.array([_INFINITE.get(word, value) for word, value in zip(words, values, strict=True)])
    units = [unit_behind(match) if match else "" for match in parts]
    if one_unit and are_of_one_kind(unit for unit in units if unit):
        values, told, unit = in_one_unit(name, values, units, words, counts)
    else:
        values, told, unit = of_one_unit(name, values, parts, counts)
    values, limits = with_limits(name, values, words, parts, counts, settled=how.settled)
    if codes and all(match["open"] for match in known):
        said = Message(
            "{name}: numbers in brackets as {word} are read as negative, as accountants write them",
            name=name,
            word=words[0],
        )
        notices.append(
            decided(
                said, "data.types", "first_number", "category", column=name, cells=words[:1], doubtful=True
            )
        )
    marked = next((word for word, match in zip(words, parts, strict=True) if match and word[0] in "▲△"), "")
    if marked:
        said = Message(
            "{name}: {word} is read as negative, as accounts of Japan write it; if the mark says that it "
            "rose, set the type of the column to first_number",
            name=name,
            word=marked,
        )
        notices.append(
            decided(said, "data.types", "first_number", column=name, cells=(marked,), doubtful=True)
        )
    if behind:
        notices.append(
            Message(
                "{name}: what stands behind the first number of a cell, as {behind}, is left out",
                name=name,
                behind=behind,
            )
        )
    return Numerals(values, (*notices, *told, *limits), unit=unit)
