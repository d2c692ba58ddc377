"""The columns of a course over time: which are measured, which only count rows, what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.recognition import dates
from engine.data.cells.values import is_date, is_number, listed, numbers
from engine.data.refusal import refused, unknown_columns
from engine.data.series.read.counters import counts_samples, tells_growing_time
from engine.data.series.read.course_format import CourseFormat
from engine.data.series.read.time_columns import names_elapsed
from engine.data.tables.raw import Table

_RARE = 0.1
"""Up to this share, cells that are no numbers are odd ones in a column of numbers."""
Setting = Literal["target", "time", "known", "ignore", "course"]


def refuse_unknown(table: Table, frame: pd.DataFrame, how: CourseFormat) -> None:
    """Raise Invalid with every column that was named and is not there, or cannot be what it is named for."""
    there = [str(name) for name in frame.columns]
    named = {"time": how.time, "course": how.course, "target": how.targets, "known": how.known}
    problems = [
        one for setting, names in named.items() for one in unknown_columns(f"data.{setting}", names, there)
    ]
    problems += unknown_columns("data.ignore", table.ignored, table.names)
    problems += [
        Problem(
            "data.target",
            Message("{name!r} holds {words_in}", name=name, words_in=_words_in(frame[name])),
        )
        for name in how.targets
        if name in there and not is_number(frame[name])
    ]
    problems += [
        Problem(
            "data.known",
            Message("{name!r} is a target, whose future is what is asked for: take it out here", name=name),
        )
        for name in how.known
        if name in how.targets
    ]
    if problems:
        raise Invalid(problems)


def _words_in(column: pd.Series[Any]) -> str:
    """Return what a column holds that is no number, with the first row of it."""
    wrong = numbers(column)[1]
    rows = wrong.nonzero()[0]
    if is_date(column) or len(rows) == 0:
        return "dates; what is forecast are numbers"
    cure = "; let odd cells count as missing, or mend them" if wrong.mean() <= _RARE else ""
    word = Message(
        "words, as {iloc!r} in row {rows}", iloc=str(column.iloc[rows[0]]), rows=column.index[rows[0]]
    )
    return Message("{word}; what is forecast are numbers{cure}", word=word, cure=cure)


def _rare(column: pd.Series[Any]) -> str:
    """Return what keeps a column from being one of numbers or times, where it is at most one row in ten."""
    # the index of the rest still numbers the rows as the file does
    known = column.dropna().astype(str)
    for wrong in (numbers(known)[1], dates(known, day_first=False).isna().to_numpy()):
        rows = wrong.nonzero()[0]
        if 0 < len(rows) <= _RARE * len(known):
            return Message("{iloc!r} in row {index}", iloc=known.iloc[rows[0]], index=known.index[rows[0]])
    return ""


def measured_columns(
    frame: pd.DataFrame, time: tuple[str, ...], how: CourseFormat, notices: list[str]
) -> tuple[str, ...]:
    """Return the columns of numbers, without those that only count the rows."""
    rest = [str(name) for name in frame.columns if name not in time]
    found = tuple(name for name in rest if is_number(frame[name]))
    words = [name for name in rest if not is_number(frame[name])]
    if words:
        notices.append(Message("columns of words or dates left out: {listed}", listed=listed(words)))
    notices.extend(
        Message(
            "{name} would be a column of numbers or times but for {rare}: mend it, or let odd "
            "cells count as missing",
            name=name,
            rare=rare,
        )
        for name in words
        if (rare := _rare(frame[name]))
    )
    # a person who names a counter as target means it
    wanted = {*how.targets, *how.known, *how.kept}
    counting = [name for name in found if name not in wanted and counts_samples(name, frame[name])]
    if counting:
        notices.append(
            Message("columns that only count the rows left out: {listed}", listed=listed(counting))
        )
        found = tuple(name for name in found if name not in counting)
    # boards write the time twice, for programs and for people; without one it is the only one there is
    clocks = [name for name in found if name not in wanted and time and tells_growing_time(name, frame[name])]
    if clocks:
        notices.append(
            Message("columns that tell the time once more left out: {listed}", listed=listed(clocks))
        )
        found = tuple(name for name in found if name not in clocks)
    # of several samples in a millisecond, or of a logger that began anew
    still = [name for name in found if name not in wanted and names_elapsed(name)]
    if still:
        notices.append(
            Message(
                "{listed} is called as time that passes, but does not grow from row to row, and is taken for "
                "what is measured; to leave it out, name it under Ignore",
                listed=listed(still),
            )
        )
    if not found:
        odd = [(name, rare) for name in words if (rare := _rare(frame[name]))]
        if odd:
            said = Message(
                "holds no column of numbers beside the times: {columns} would be but for odd cells, as "
                "{rare}; let odd cells count as missing, or mend them",
                columns=listed(name for name, _ in odd),
                rare=odd[0][1],
            )
            raise refused("data.odd_cells", said)
        raise refused(
            "data.path", "holds no column of numbers beside the times; there is nothing to forecast"
        )
    both = [name for name in how.targets if name in time]
    if both:
        raise refused("data.target", Message("{both!r} holds the times: choose another column", both=both[0]))
    return found


def without_empty(
    columns: tuple[str, ...],
    values: NDArray[np.float64],
    targets: Sequence[str],
    table: Table,
    notices: list[str],
) -> tuple[str, ...]:
    """Return the columns that hold any value. Raises Invalid where a target holds none."""
    empty = np.asarray(np.isnan(values).all(axis=0))
    lost = [name for name, gone in zip(columns, empty, strict=True) if gone]
    if gone := set(lost) & set(targets):
        why = table.doubt_about(sorted(gone)) or Message(
            "{listed}: every value is missing", listed=listed(gone)
        )
        raise refused("data.target", why)
    if lost:
        notices.append(Message("columns without any value left out: {listed}", listed=listed(lost)))
    return tuple(name for name in columns if name not in lost)
