"""Columns of words that would nearly be numbers: what keeps them from it, so that a person can decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.number_forms import looks_like_clock, looks_like_list, looks_like_o, looks_like_pair
from engine.data.cells.number_or_word import are_streets
from engine.data.cells.shape_of_numerals import looks_like_number, units_of
from engine.data.decisions import decided

RARE = 0.1
"""Share of the cells up to which those that are no numbers (or no dates) are called odd."""
_FEW, _LOOKED_AT = 20, 200
_DITTO = frozenset(('"', "''", "\u3003", "\u2033", "\u201d", "ditto", "do.", "idem", "dto.", "同上", "〃"))
"""Marks below a word that say it again."""
_GRADE, _FEWEST_GRADES = re.compile(r"[A-F][+\-\u2212]?"), 3
"""Marks of schools and of banks, A+ to F, and how many different ones show that they are such."""
_LETTERED = re.compile(r"\d+\.\d+\s?[a-hA-H]{1,4}")
"""Means with the letters of a test of significance: 523.4a, 487.2bc; 5a is rather the number of a house."""


def east_or_west(name: str, texts: Sequence[str]) -> list[str]:
    """Return that degrees stay words, where it cannot be told on which side of Greenwich they lie."""
    # a column may have a million different words
    unclear = next((text for text in texts[:_FEW] if looks_like_o(text)), "")
    if not unclear:
        return []
    said = Message(
        "{name}: O in {unclear} may be east (Ost) or west (oeste, ouest), so the column stays words; to have "
        "it read as degrees, write E or W in its place",
        name=name,
        unclear=unclear,
    )
    return [decided(said, "data.types", column=name, cells=(unclear,), doubtful=True)]


def as_above(name: str, texts: Sequence[str]) -> list[str]:
    """Return that a word seems to mean what stands in the row above, which each row must say by itself."""
    ditto = next((text for text in texts if text.casefold() in _DITTO), "")
    if not ditto:
        return []
    said = Message(
        "{name}: {ditto!r} seems to mean the same as in the row above, but is a word like all others; if it "
        "does, set the type of the column to as_above, or write the value into each row",
        name=name,
        ditto=ditto,
    )
    place = texts.index(ditto)
    # with a word above it, so that it is seen what it repeats
    cells = (*texts[max(place - 1, 0) : place], ditto)
    return [decided(said, "data.types", "as_above", "leave_out", column=name, cells=cells, doubtful=True)]


def grades(name: str, texts: Sequence[str]) -> list[str]:
    """Return that marks as A- and B+ are words without their order, which a person can say in numbers."""
    if len(texts) < _FEWEST_GRADES or not all(map(_GRADE.fullmatch, texts)):
        return []
    signed = next((text for text in texts if len(text) > 1), "")
    if not signed:
        return []
    said = Message(
        "{name}: marks as {first} and {second} are words, each a value of its own, without their order; to "
        "learn from the order, write numbers in their place",
        name=name,
        first=signed,
        second=next(text for text in texts if text != signed),
    )
    return [decided(said, "data.types", column=name, cells=texts[:2])]


def repeated_below(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of words in which each mark that repeats the row above is the word of that row.

    A mark in the first row repeats nothing, and is missing.
    """
    marks = column.map(lambda cell: isinstance(cell, str) and cell.casefold() in _DITTO).to_numpy(np.bool_)
    # an empty cell above is repeated as well: only rows of marks look up
    rows = np.maximum.accumulate(np.where(marks, -1, np.arange(len(column))))
    words = column.to_numpy(object)
    found = [words[row] if row >= 0 else None for row in rows.tolist()]
    return pd.Series(found, column.index, dtype=object, name=column.name)


def why_no_numbers(texts: Sequence[str]) -> str:
    """Return what keeps words from being numbers, though nearly all look like some."""
    sample = (
        # from all over the column, as sorted files begin with one kind; fewer words give places twice
        [texts[place] for place in np.unique(np.linspace(0, len(texts) - 1, _LOOKED_AT).astype(int))]
        if texts
        else []
    )
    # a cell may hold a whole text
    digits = sum(any(sign.isdigit() for sign in text[:60]) for text in sample[:_FEW])
    if len(sample) < _FEW or digits < (1 - RARE) * _FEW:
        return ""
    if sum(map(looks_like_clock, sample)) > (1 - RARE) * len(sample):
        return Message(
            "it holds times or durations, as {sample}; to predict from them, write them as numbers",
            # the first of all may be DNS, of whoever did not start
            sample=next(filter(looks_like_clock, sample)),
        )
    if sum(map(looks_like_pair, sample)) > (1 - RARE) * len(sample):
        return Message(
            "its cells hold two numbers each, as {sample}; give each number a column of its own",
            sample=next(filter(looks_like_pair, sample)),
        )
    if sum(map(looks_like_list, sample)) > (1 - RARE) * len(sample):
        return "its cells are lists of numbers; give each number a column of its own"
    if sum(_LETTERED.fullmatch(text) is not None for text in sample) > (1 - RARE) * len(sample):
        return Message(
            "letters stand behind its numbers, as {sample}; write them into a column of their own",
            sample=sample[0],
        )
    units = units_of(sample)
    if (
        len(units) > 1
        and 2 * sum(are_streets(sample)) < len(sample)
        and sum(map(looks_like_number, sample)) > (1 - RARE) * len(sample)
    ):
        first, second = list(units.values())[:2]
        return Message(
            "its numbers have different units, as {first} and {second}; write them in one unit",
            first=first,
            second=second,
        )
    return ""
