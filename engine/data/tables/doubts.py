"""What makes the scores of a table look better than they are, or its classes other than they are meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.label_sets import labels_in, separator_between_choices
from engine.data.cells.number_kind import names_somebody
from engine.data.cells.values import is_date, is_number, listed
from engine.data.decisions import (
    TYPES,
    Decided,
    Decision,
    OtherReading,
    Specimen,
    decided,
    decision_in,
    shortened,
)
from engine.data.preparation.doubts import shown
from engine.data.tables.raw import Table
from engine.data.tables.target_kind import name_something

_MANY_PER_VALUE = 2.0
_LOOKED_AT, _MOST_OFFERED = 500, 8
_ROWS_COMPARED, _ROWS_OF_EACH = 20_000, 3
"""Rows in which columns are compared, and how many each number has at the mean, lest it be by chance."""
_MOST_SPELT = 1_000
"""Different words whose spellings are compared."""
_FEWEST_NAMED, _MOSTLY_ONCE = 20, 0.95
"""Different names that make groups, and the share of the rows up to which names come again."""


def few_whole_numbers(raw: Table) -> list[str]:
    """Return which inputs are a few whole numbers, counted from 0 or 1, that may name something."""
    told = {decision_in(notice).column for notice in raw.notices}
    names = [
        str(name)
        for name in raw.frame.columns
        if name not in (*raw.targets, *raw.typed, *told) and name_something(str(name), raw.frame[name])
    ]
    if not names:
        return []
    said = Message(
        "{listed}: a few whole numbers each, from 0 or 1 on, are learnt as sizes; where they name something, "
        "as regions or sorts, set the type of the column to category",
        listed=listed(names),
    )
    others = (OtherReading("category"),)
    return [Decided(said, Decision("", TYPES, names[0], None, (), others, also=tuple(names[1:])))]


def numbers_of_words(raw: Table) -> list[str]:
    """Return which inputs are numbers of which each stands beside one word of another column, and no other.

    So are the numbers of brands beside their names. Numbers without a gap may be the order of the words, as
    of degrees, and are told; those with many gaps are asked about.
    """
    known = {decision_in(notice).column for notice in raw.notices} | {*raw.targets, *raw.typed}
    frame = raw.frame.head(_ROWS_COMPARED)
    words: dict[int, list[tuple[str, NDArray[np.int64]]]] = {}
    for name in frame.columns:
        column = frame[name]
        if name in raw.targets or is_number(column) or is_date(column):
            continue
        codes, different = pd.factorize(column)
        if not any(any(map(str.isdigit, str(word))) for word in different[:_LOOKED_AT]):
            words.setdefault(len(different), []).append((str(name), codes))
    told: list[str] = []
    for name in frame.columns:
        column = frame[name]
        if name in known or not words or not is_number(column) or not _is_whole(column):
            continue
        codes, different = pd.factorize(column)
        if not 2 < len(different) <= len(column) / _ROWS_OF_EACH or len(different) not in words:
            continue
        beside = next((other for other, places in words[len(different)] if _one_to_one(codes, places)), "")
        if beside:
            said = Message(
                "{name}: each of its numbers stands beside one word of {beside}, and no other: they may "
                "number these words, but are learnt as sizes; leave the column out, or set its type to "
                "category",
                name=str(name),
                beside=beside,
            )
            wide = different.max() - different.min() >= 2 * len(different)
            told.append(decided(said, TYPES, "leave_out", "category", column=str(name), doubtful=bool(wide)))
    return told


def _one_to_one(codes: NDArray[np.int64], others: NDArray[np.int64]) -> bool:
    """Return whether each code goes with one of as many others, missing ones with missing ones."""
    pairs = np.unique(np.stack([codes, others]), axis=1)
    return bool(((pairs < 0).all(axis=0) | (pairs >= 0).all(axis=0)).all()) and (
        int((pairs >= 0).all(axis=0).sum()) == int(codes.max()) + 1
    )


def alike_words(raw: Table, rows: NDArray[np.int64]) -> list[str]:
    """Return which inputs hold words that differ in nothing but small and capital letters, or in width."""
    found: dict[str, tuple[str, str]] = {}
    for name in raw.frame.columns:
        column = raw.frame[name]
        if name in raw.targets or name in raw.typed or is_number(column) or is_date(column):
            continue
        often = column.iloc[rows].value_counts()
        # what hardly comes again is no category, and its spelling says nothing
        if not 1 < len(often) <= _MOST_SPELT or len(often) * _MANY_PER_VALUE > often.sum():
            continue
        folded: dict[str, str] = {}
        for word in map(str, often.index):
            plain = unicodedata.normalize("NFKC", " ".join(word.split())).casefold()
            if folded.setdefault(plain, word) != word:
                found.setdefault(str(name), (folded[plain], word))
    if not found:
        return []
    usual, other = next(iter(found.values()))
    said = Message(
        "{listed}: words that differ in capital letters or the width of letters alone, as {usual} and "
        "{other}, are learnt as different ones; write them alike if they mean the same",
        listed=listed(found),
        usual=usual,
        other=other,
    )
    # no setting makes them alike
    return [said]


def several_choices(raw: Table, targets: Sequence[str]) -> list[str]:
    """Return which inputs seem to hold several choices in a cell, as surveys give them."""
    notices: list[str] = []
    for name in raw.frame.columns:
        column = raw.frame[name]
        # what has a type was asked before
        if name in targets or name in raw.typed or is_number(column) or is_date(column):
            continue
        words = [str(word) for word in column.head(_LOOKED_AT).dropna().unique()]
        mark, first = separator_between_choices(words)
        if mark:
            said = Message(
                "{name}: cells like {first!r} seem to hold several choices, apart by {shown}; each "
                "combination is a word of its own; to learn from each choice, set the type of the column to "
                "choices",
                name=name,
                first=first,
                shown=shown(mark),
            )
            other = OtherReading("choices", (joined_choices(first, mark),))
            row = int(raw.row_numbers[int((column == first).to_numpy().argmax())])
            cell = Specimen(shortened(first), f'"{shortened(first)}"', row)
            decision = Decision("", TYPES, str(name), None, (cell,), (other,), doubtful=True)
            notices.append(Decided(said, decision))
    return notices


def joined_choices(cell: str, mark: str) -> str:
    """Return the choices of a cell as they are shown that are read apart."""
    return shortened(" + ".join(f'"{word}"' for word in labels_in(cell, mark)))


def telling_groups(raw: Table, codes: NDArray[np.int64] | None, rows: NDArray[np.int64]) -> list[str]:
    """Return columns of which each value goes with one class alone, as the number of a patient does."""
    if codes is None or not len(rows):
        return []
    known = codes[rows]
    classes = len(np.unique(known))
    found = []
    for column in raw.frame.columns:
        cells = raw.frame[column]
        # what has fractions is measured, and numbers no persons
        if column in raw.targets or (is_number(cells) and not _is_whole(cells)):
            continue
        values, different = pd.factorize(cells.iloc[rows], use_na_sentinel=True)
        held = values >= 0
        if not (2 * classes < len(different) < held.sum() / _MANY_PER_VALUE):
            continue
        pairs = np.unique(np.stack([values[held], known[held]]), axis=1).shape[1]
        if pairs == len(different):
            found.append(str(column))
    said = Message(
        "{listed}: each value goes with one class only; if rows of one value belong "
        "together, as those of one person, name the column as the group column of the split, "
        "or scores look better than they are",
        listed=listed(found),
    )
    told = [decided(said, "split.group", *found[:_MOST_OFFERED], column=found[0])] if found else []
    return told + _naming_groups(raw, rows, found)


def _naming_groups(raw: Table, rows: NDArray[np.int64], told: Sequence[str]) -> list[str]:
    """Return columns of names, as the numbers of patients, that stand in several rows of training each."""
    found = []
    for column in raw.frame.columns:
        if column in raw.targets or column in told:
            continue
        cells = raw.frame[column].iloc[rows]
        if not names_somebody(str(column), cells):
            continue
        known, different = int(cells.notna().sum()), int(cells.nunique())
        if _FEWEST_NAMED <= different < _MOSTLY_ONCE * known:
            found.append(str(column))
    if not found:
        return []
    said = Message(
        "{listed}: the same value stands in several rows; if rows of one value belong together, as those of "
        "one person, name the column as the group column of the split, or scores look better than they are",
        listed=listed(found),
    )
    return [decided(said, "split.group", *found[:_MOST_OFFERED], column=found[0])]


def _is_whole(column: pd.Series[Any]) -> bool:
    values = column.to_numpy(np.float64, na_value=np.nan)
    known = values[~np.isnan(values)]
    return bool((known == np.round(known)).all())
