"""Rows in doubt: those among the data that may sum up others or be a note, and are no examples then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.moments.dates import looks_like_date
from engine.data.cells.shape_of_numerals import looks_like_number
from engine.data.cells.values import is_date, is_number
from engine.data.decisions import LEFT_OUT, ROW, Decided, Decision, OtherReading, Specimen, line_of
from engine.data.judgement import Evidence, Judgement
from engine.data.tables.read.summaries import STATISTIC, TOTAL, is_statistic, sums_up

_FIRST, _LONGEST = 3, 80
"""Columns in which a row says that it sums up others, and letters of a cell that may say so."""
_SAYS = re.compile(
    rf"(?:^|[\s:(\-–])(?:{TOTAL.pattern})(?:$|[\s:)\-–])|^(?:{STATISTIC.pattern})\s?:?$", re.IGNORECASE
)
_USUAL, _RARE, _HALF = 0.9, 0.34, 0.5
"""Share of the rows that fill a usual column, and of the rows that are in doubt at most."""
_FEWEST, _MOST, _MOST_CELLS, _SHOWN = 6, 200, 5_000_000, 3
"""Rows of a table that is looked at, rows that are judged, cells of a table, rows that are shown."""
_SUMMED = 3
"""Rows above a sum: fewer numbers are a sum by chance."""


@dataclass(frozen=True)
class UnlikeOthers:
    """What a row says of itself that most others do not; numbers are those in columns of numbers.

    `says`: whether a word of it speaks of a sum; `sums`: whether most of its numbers are sums or means of the
    rows above it, down from the last such row; `lacks`: the share of the columns of words that others fill
    and it does not; `lone`: whether a single cell is filled, with a word; `worded`: whether words stand where
    others have numbers.
    """

    says: bool
    sums: bool
    lacks: float
    lone: bool
    worded: bool


_TABLE: tuple[Evidence[UnlikeOthers], ...] = (
    Evidence(
        "sums up", "other", 5, lambda one: one.sums,
        "that most numbers of a row are sums of those above is no chance",
    ),
    Evidence(
        "says that it sums up", "other", 3, lambda one: one.says,
        "Week total, Store average; but there are firms called Total, and media",
    ),
    Evidence(
        "a lone cell", "other", 3, lambda one: one.lone,
        "a title of the rows below, or a note, fills one cell; so does an example of which little is known",
    ),
    Evidence(
        "words among numbers", "other", 4, lambda one: one.worded,
        "units, or names written again, stand where all others have numbers",
    ),
    Evidence(
        "lacks what others have", "other", 1, lambda one: one.lacks >= _HALF,
        "sums have no words of their own; but questionnaires are given up half-way, too",
    ),
    Evidence(
        "filled as others", "example", 3, lambda one: not (one.lacks or one.worded or one.sums),
        "what has everything that examples have is one",
    ),
)  # fmt: skip

EXAMPLE_OR_OTHER = Judgement((("example", 5.0), ("other", 0.0)), _TABLE, costly=frozenset({"other"}))
"""A row is an example unless five bits say otherwise; to leave one out that is one would lose it."""


def rows_in_doubt(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows may be no examples, so that a person should look."""
    found = np.zeros(len(frame), np.bool_)
    if len(frame.columns) < 2 or len(frame) < _FEWEST or frame.size > _MOST_CELLS:
        return found
    empty = frame.isna().to_numpy()
    # twice, as the sums themselves keep a column from being filled in nearly all rows
    naming = [place for place, name in enumerate(frame.columns) if not is_number(frame[name])]
    words = empty[:, naming] if naming else empty
    lacks = _lacking(words, 1 - _RARE, np.ones(len(frame), np.bool_))
    lacks = _lacking(words, _USUAL, lacks < _HALF)
    filled = (~empty).sum(axis=1)
    says, worded = _says(frame), _worded(frame, empty)
    unlike = says | worded | (lacks >= _HALF)
    if not 0 < unlike.sum() <= min(_MOST, _RARE * len(frame)):
        return found
    for place, above in _with_rows_above(unlike):
        facts = UnlikeOthers(
            bool(says[place]),
            _sums(frame, place, above, says=bool(says[place])),
            float(lacks[place]),
            bool(lacks[place] >= _HALF) and filled[place] == 1 and _is_note(frame.iloc[place]),
            bool(worded[place]),
        )
        found[place] = EXAMPLE_OR_OTHER.verdict(facts).asked
    return found


def _lacking(empty: NDArray[np.bool_], share: float, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return which share of those columns each row lacks that so many of `rows` fill."""
    if not rows.any():
        return np.zeros(len(empty))
    usual = np.flatnonzero(1 - empty[rows].mean(axis=0) >= share)
    return empty[:, usual].mean(axis=1) if len(usual) else np.zeros(len(empty))


def _with_rows_above(unlike: NDArray[np.bool_]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Give the rows that are unlike others, each with those above it, down from the last such row."""
    alike = np.flatnonzero(~unlike)
    last = 0
    for place in np.flatnonzero(unlike).tolist():
        yield place, alike[(alike >= last) & (alike < place)]
        last = place


def _is_note(row: pd.Series[Any]) -> bool:
    """Return whether the one cell of a row is a word: a day without measurements is a gap, and no note."""
    cell = row.dropna().iloc[0]
    return isinstance(cell, str) and not (
        looks_like_number(cell[:_LONGEST]) or looks_like_date(cell[:_LONGEST])
    )


def _says(frame: pd.DataFrame) -> NDArray[np.bool_]:
    found = np.zeros(len(frame), np.bool_)
    for name in frame.columns[:_FIRST]:
        column = frame[name]
        if is_number(column) or is_date(column):
            continue
        words = [word for word in column.dropna().unique() if isinstance(word, str) and len(word) <= _LONGEST]
        found |= column.isin([word for word in words if _SAYS.search(word.strip())]).to_numpy(np.bool_)
    return found


def _worded(frame: pd.DataFrame, empty: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows have words in two columns of numbers at least, and in most of them."""
    counts, columns = np.zeros(len(frame), np.int64), 0
    for place, name in enumerate(frame.columns):
        column = frame[name]
        if is_date(column) or not (~empty[:, place]).any():
            continue
        columns += is_number(column)
        if is_number(column):
            continue
        words = column.dropna().unique()
        odd = [word for word in words[:_MOST] if not looks_like_number(str(word).strip()[:_LONGEST])]
        there = column.isin(odd).to_numpy(np.bool_)
        # one word in every fourth row is a class beside numbers, as 5more beside 4 doors
        if len(words) <= 2 * len(odd) or len(odd) > _RARE * len(words) or there.mean() > 1 - _USUAL:
            continue
        columns += 1
        counts += there
    return (counts > 1) & (2 * counts > columns)


def _sums(frame: pd.DataFrame, place: int, above: NDArray[np.int64], *, says: bool) -> bool:
    """Return whether most numbers of a row are sums or means of those in the rows above.

    Of a row that `says` what it is, they may be any statistic.
    """
    if len(above) < _SUMMED:
        return False
    held = [name for name in frame.columns if is_number(frame[name]) and not pd.isna(frame[name].iloc[place])]
    # every value of a constant column is the mean of the others
    varied = [name for name in held if frame[name].iloc[above].nunique() > 1]
    # the largest of the rows above is a statistic where the row says so, and elsewhere the largest of all
    test = is_statistic if says else sums_up
    right = sum(test(frame[name].iloc[place], frame[name].iloc[above]) for name in varied)
    return 2 * right > len(held)


def asked_about(frame: pd.DataFrame, rows: NDArray[np.int64], doubtful: NDArray[np.bool_]) -> Decided:
    """Return the question whether rows are examples, with how they would be left out."""
    places = np.flatnonzero(doubtful)
    numbers, more = rows[places[:_SHOWN]].tolist(), len(places) - _SHOWN
    shown = ", ".join(map(str, numbers))
    said = Message(
        "row {shown} and {more} more may sum up others, or be notes, and are examples like all others; to "
        "leave them out, set other rows to leave_out_likely"
        if more > 0
        else "row {shown} may sum up others, or be a note, and is an example like all others; to leave it "
        "out, set other rows to leave_out_likely",
        shown=shown,
        more=more,
    )
    first = frame.iloc[places[:_SHOWN]].itertuples(index=False)
    specimens = tuple(Specimen(line_of(cells), ROW, row) for cells, row in zip(first, numbers, strict=True))
    without = OtherReading("leave_out_likely", (LEFT_OUT,) * len(specimens))
    return Decided(said, Decision("", "data.other_rows", "", "leave_out", specimens, (without,), True))
