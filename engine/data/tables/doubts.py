"""What makes the scores of a table look better than they are, or its classes other than they are meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise
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
_FEWEST_SUMS, _MOST_SUMS = 10, 5_000
"""Different values of a target that may be a sum, and the sums that are tried."""
_MOST_PARTED, _FEWEST_OF_CLASS = 5, 5
"""Classes that one number may part, and rows of each: fewer are parted by chance."""
_LOOKED_AT, _MOST_OFFERED = 500, 8
_FEWEST_NAMED, _MOSTLY_ONCE = 20, 0.95
"""Different names that make groups, and the share of the rows up to which names come again."""


def adding_up(raw: Table) -> list[str]:
    """Return which inputs give the target: another of the same numbers, or two or three whose sum it is."""
    if len(raw.targets) != 1 or not is_number(raw.frame[raw.targets[0]]):
        return []
    target = raw.frame[raw.targets[0]].to_numpy(np.float64, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(target))
    # from all over the table, as its beginning may be zeros
    rows = known[np.linspace(0, len(known) - 1, min(len(known), _LOOKED_AT)).astype(np.int64)]
    if len(np.unique(target[rows])) < _FEWEST_SUMS:
        return []
    values = {
        str(name): raw.frame[name].to_numpy(np.float64, na_value=np.nan)[rows]
        for name in raw.frame.columns
        if name not in raw.targets and is_number(raw.frame[name])
    }
    values = {name: column for name, column in values.items() if len(np.unique(column)) > 1}
    for count in (1, 2, 3):
        if math.comb(len(values), count) > _MOST_SUMS:
            break
        for names in combinations(values, count):
            # a missing cell makes its sum NaN, which is close to nothing: only inputs without gaps are told
            if np.allclose(sum(values[name] for name in names), target[rows], rtol=1e-6, atol=1e-9):
                return [_told_of_parts(raw.targets[0], names)]
    return []


def _told_of_parts(target: str, names: tuple[str, ...]) -> str:
    """Return that inputs give the target; the way out leaves out all of them.

    What is left of a sum still nearly gives it: of lent bicycles, registered riders take four of five.
    """
    words = (
        "{what} is {target} in every row: who has it need predict nothing. If it is not known before, leave "
        "it out"
        if len(names) == 1
        else "{what} is {target} in every row: who has them need predict nothing. If they are not known "
        "before, leave out all of them, as what is left of a sum still nearly gives it"
    )
    said = Message(words, what=" + ".join(names), target=target)
    others = (OtherReading("leave_out"),)
    return Decided(said, Decision("", TYPES, names[0], None, (), others, doubtful=True, also=names[1:]))


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


def deciding(raw: Table) -> list[str]:
    """Return which number parts the classes without a single exception, as a mark parts pass and fail."""
    if len(raw.targets) != 1:
        return []
    codes, different = pd.factorize(raw.frame[raw.targets[0]], use_na_sentinel=True)
    known = codes >= 0
    if not 2 <= len(different) <= _MOST_PARTED or min(np.bincount(codes[known])) < _FEWEST_OF_CLASS:
        return []
    for name in raw.frame.columns:
        if name in raw.targets or not is_number(raw.frame[name]):
            continue
        values = raw.frame[name].to_numpy(np.float64, na_value=np.nan)[known]
        # one that is given in a single class alone, as pages of books, parts nothing
        if min(np.bincount(codes[known][~np.isnan(values)], minlength=len(different))) < _FEWEST_OF_CLASS:
            continue
        low = [np.nanmin(values[codes[known] == code], initial=np.inf) for code in range(len(different))]
        high = [np.nanmax(values[codes[known] == code], initial=-np.inf) for code in range(len(different))]
        order = np.argsort(low)
        parted = all(high[one] < low[other] for one, other in pairwise(order))
        # of few numbers, 0 and 1 say, it is rather the class written otherwise: that is told elsewhere
        if not parted or len(np.unique(values)) < _FEWEST_SUMS:
            continue
        said = Message(
            "{name} alone parts the classes of {target} in every row: who has it need predict nothing. If it "
            "is not known before, leave it out",
            name=name,
            target=raw.targets[0],
        )
        return [decided(said, TYPES, "leave_out", column=str(name), doubtful=True)]
    return []


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
