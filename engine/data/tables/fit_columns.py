"""Fitting: what the training part says about each column, and which columns are left out and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.label_sets import labels_in, separator_of_choices
from engine.data.cells.recognition import BOOLEANS
from engine.data.cells.values import (
    LARGEST,
    LONGEST_NAME,
    as_text,
    is_date,
    is_number,
    natural,
    numbers,
    unsorted_codes,
)
from engine.data.decisions import TYPES, decided
from engine.data.encoder import Say
from engine.data.preprocessing import Preprocessing
from engine.data.tables.fitted_choices import Choices
from engine.data.tables.fitted_columns import Boolean, Category, Column, Date, Number, date_parts

MOST_WORDS = 100
"""A column of text with more different words than this is left out."""
MOST_CHOICES = 1_000
"""The most frequent choices of a column have an input each; those beyond share one."""
WORTH_TELLING = 0.05
"""From this share of missing numbers on, an input of its own tells that the number is missing."""


class LeftOut(Exception):
    """A column cannot be an input; the text says why."""


def fit_column(
    name: str,
    column: pd.Series[Any],
    choices: Preprocessing,
    day_first: bool,
    say: Say,
    *,
    several: bool = False,
    typed: bool = False,
) -> Column:
    """Return what the training rows in `column` say about it. Raises LeftOut when it cannot be an input.

    With `several`, its cells hold several words each; of a column that a person has given a type (`typed`)
    nothing is asked.
    """
    if column.notna().sum() == 0:
        raise LeftOut("every value in the training part is missing")
    if several:
        return _fit_choices(name, column, say)
    if is_date(column):
        return _fit_date(name, column, choices, day_first)
    if is_number(column):
        return _fit_number(name, column, choices, say, typed=typed)
    return _fit_words(name, column, say)


def _fit_number(
    name: str, column: pd.Series[Any], choices: Preprocessing, say: Say, *, typed: bool
) -> Number:
    values, _ = numbers(column)
    present = values[~np.isnan(values)]
    if present.size == 0:
        raise LeftOut("every value in the training part is missing")
    offset, scale = _scaling(present, choices)
    if not typed and _counts_rows(present):
        said = Message(
            "{name}: counts the rows and looks like an identifier; if it is one, leave the column out",
            name=name,
        )
        say(decided(said, TYPES, "leave_out", column=name, doubtful=True))
    fill = float(np.mean(present) if choices.missing == "mean" else np.median(present))
    share = 1 - present.size / len(values)
    indicator = choices.missing != "drop" and share >= WORTH_TELLING
    return Number(name=name, offset=offset, scale=scale, fill=fill, indicator=indicator)


def _scaling(present: NDArray[np.float64], choices: Preprocessing) -> tuple[float, float]:
    low, high = float(present.min()), float(present.max())
    if low == high:
        raise LeftOut(Message("it is {first} in every row of the training part", first=as_text(low)))
    if choices.scaling == "none":
        return 0.0, 1.0
    if choices.scaling == "unit_range":
        return low, high - low
    mean, scale = float(present.mean()), float(present.std())
    if not scale > 0:  # values so small that their squares are zero
        raise LeftOut("its values do not differ in any digit that counts")
    return mean, scale


def _counts_rows(present: NDArray[np.float64]) -> bool:
    """Return whether whole numbers occur once each, almost without gaps, as row numbers do."""
    whole = bool(
        (present == np.round(present)).all()
    )  # 20230101.0 is how programs write a number beside gaps
    if not whole or present.size < 20:
        return False
    span = present.max() - present.min() + 1
    return bool(span <= 2 * present.size and np.unique(present).size == present.size)


def _fit_date(name: str, column: pd.Series[Any], choices: Preprocessing, day_first: bool) -> Date:
    parts = []
    for part, values in date_parts(column).items():
        present = values[values.notna()].to_numpy(np.float64)
        if present.min() == present.max():
            continue
        offset, scale = _scaling(present, choices)
        fill = float(np.mean(present) if choices.missing == "mean" else np.median(present))
        parts.append(Number(name=part, offset=offset, scale=scale, fill=fill))
    if not parts:
        raise LeftOut("it is the same date in every row of the training part")
    return Date(name=name, day_first=day_first, parts=tuple(parts))


def _fit_words(name: str, column: pd.Series[Any], say: Say) -> Boolean | Category:
    codes, words = unsorted_codes(column)
    if max(map(len, words)) > LONGEST_NAME:
        raise LeftOut(
            Message(
                "it holds texts of more than {most:,} letters, which are no categories",
                most=LONGEST_NAME,
            )
        )
    counts = np.bincount(codes[codes >= 0], minlength=len(words))
    missing = int((codes < 0).sum())
    if len(words) == 1 and not missing:
        raise LeftOut(Message("it is {words} in every row of the training part", words=words[0]))
    # three, so that a third word keeps them from being a pair
    folded = tuple(word.casefold() for word in words[:3])
    # words stand in the order in which they occur: either may be the one for yes
    for index, pair in ((1, folded), (0, folded[::-1])):
        if pair in BOOLEANS:
            share = float(counts[index] / counts.sum())
            return Boolean(name=name, zero=words[1 - index], one=words[index], fill=share)
    # one more than allowed is enough to know that there are too many
    frequent = sorted((words[index] for index in np.flatnonzero(counts > 1)[: MOST_WORDS + 1]), key=natural)
    rare = int((counts == 1).sum())
    held = len(column) - missing
    if len(frequent) == 0 and missing > held:
        raise LeftOut(
            Message(
                "only {held} of its {count} cells are filled; where one holds for the rows below it, "
                "as merged cells do, write it into each",
                held=held,
                count=len(column),
            )
        )
    if len(frequent) == 0 or (rare > 20 and rare > len(column) / 2):
        raise LeftOut(
            Message(
                "almost every row has a word of its own ({count} in {total} rows)",
                count=len(words),
                total=len(column),
            )
        )
    if len(frequent) > MOST_WORDS:
        raise LeftOut(
            Message(
                "it has {count} different words, more than {most}",
                count=len(words),
                most=MOST_WORDS,
            )
        )
    # a lone rare word gains nothing by an input that it would share with no other
    if rare < 2:
        return Category(name=name, words=tuple(sorted(words, key=natural)), missing=missing > 0)
    say(
        Message(
            "{name}: {rare} words that occur once in the training part share one input", name=name, rare=rare
        )
    )
    return Category(name=name, words=tuple(frequent), other=True, missing=missing > 0)


def _fit_choices(name: str, column: pd.Series[Any], say: Say) -> Choices:
    cells = [as_text(cell) for cell in column.dropna()]
    mark = separator_of_choices(cells)
    often = Counter(word for cell in cells for word in labels_in(cell, mark))
    if not often:
        raise LeftOut("no cell of the training part holds a choice")
    if max(map(len, often)) > LONGEST_NAME:
        raise LeftOut(
            Message("it holds texts of more than {most:,} letters, which are no choices", most=LONGEST_NAME)
        )
    # most_common keeps the order of the file among those that are as frequent
    frequent = [word for word, count in often.most_common(MOST_CHOICES) if count > 1]
    rare = len(often) - len(frequent)
    # a lone rare choice gains nothing by an input that it would share with no other
    words = frequent if rare > 1 and frequent else [word for word, _ in often.most_common(MOST_CHOICES)]
    other = len(words) < len(often)
    if other:
        said = "{name}: {rare} choices that are rare in the training part share one input"
        say(Message(said, name=name, rare=len(often) - len(words)))
    missing = bool(column.isna().any())
    return Choices(
        name=name, mark=mark, words=tuple(sorted(words, key=natural)), other=other, missing=missing
    )


def refuse_absurd(frame: pd.DataFrame) -> None:
    """Raise Invalid, naming every column and row, when numbers or names are too large to be meant."""
    problems = []
    for name in frame.columns:
        if len(name) > LONGEST_NAME:
            problems.append(
                Problem(
                    "data.path",
                    Message(
                        "column {name!r}... has a name of {count:,} letters; shorten it",
                        name=name[:40],
                        count=len(name),
                    ),
                )
            )
        if not is_number(frame[name]):
            continue
        # NaN is not larger than anything, so that missing numbers pass
        values, _ = numbers(frame[name])
        large = np.abs(values) > LARGEST
        if large.any():
            row = int(np.argmax(large))
            problems.append(
                Problem(
                    "data.path",
                    Message(
                        "column {name!r} holds {values:g} in row {row}; numbers must lie within "
                        "±{most:g}: mend the value or put the column under ignore",
                        name=name,
                        values=values[row],
                        row=frame.index[row],
                        most=LARGEST,
                    ),
                )
            )
    if problems:
        raise Invalid(problems)
