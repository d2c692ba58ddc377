"""Courses over time from tables: rows brought into order, gaps filled from the past, the calendar added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem, did_you_mean
from engine.data.cells.recognition import dates
from engine.data.cells.values import as_text, counted, is_date, is_number, listed, numbers
from engine.data.refusal import refused
from engine.data.series.raw import Timeline
from engine.data.series.read.calendar import Calendar, CalendarPart, calendar_columns, calendar_parts
from engine.data.series.read.counters import counts_samples, tells_growing_time
from engine.data.series.read.gaps import content, held
from engine.data.series.read.moments import Moments, find_moments
from engine.data.series.read.time_columns import names_elapsed
from engine.data.tables.across import refuse_across
from engine.data.tables.fit_columns import refuse_absurd
from engine.data.tables.raw import Table

_RARE = 0.1
"""Up to this share, cells that are no numbers are odd ones in a column of numbers."""
Setting = Literal["target", "time", "known", "ignore", "course"]


@dataclass(frozen=True)
class CourseFormat:
    """Which columns mean what, and what windows are cut, as the person said; "" and 0 are found out.

    `kept` are columns that a network knows, which so are never left out; `timeless`: whether the rows are in
    order by themselves, whatever columns say.
    """

    targets: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    history: int = 48
    horizon: int = 24
    season: int = 0
    stride: int = 1
    calendar: Calendar | tuple[CalendarPart, ...] = "auto"
    longest_gap: int = 24
    changes: bool = False
    course: str = ""
    only: str = ""
    date_order: str = "auto"
    kept: tuple[str, ...] = ()
    timeless: bool = False


def from_rows(table: Table, how: CourseFormat) -> Timeline:
    """Return the course over time in a table. Raises Invalid, naming every column and row that is wrong.

    Columns of words are left out; rows are sorted by time; gaps are filled with the last value known, so that
    nothing of the future gets into the past.
    """
    notices = [*table.notices]
    frame = table.numbered
    _refuse_unknown(table, frame, how)
    refuse_absurd(frame)
    frame = one_course(frame, how.course, how.only) if how.course else frame
    notices += _mixed(frame, how)
    # before the columns of numbers are chosen: those that say the time are no inputs
    moments, frame = find_moments(
        frame, how.time, how.date_order, notices, timeless=how.timeless and not how.time
    )
    columns = _columns(frame, moments.columns, how, notices)
    # with several columns a guess would often be wrong, so the person is asked
    targets = how.targets or (columns[:1] if len(columns) == 1 else ())
    refuse_across(columns, targets)
    values = content(frame[[*columns]])
    columns, values = _without_empty(columns, values, targets, table, notices)
    # rows below the last target are no examples, but may say what is known ahead
    last = _last_known(values[:, [columns.index(name) for name in targets]])
    # before they are cut off: the rows below hold the future of the known columns
    values, columns = _with_known(values, columns, how, last, notices)
    values, moments = _completed(values[:last], columns, moments.part(0, last), how.longest_gap, notices)
    added = calendar_columns(moments, _parts(how, moments))
    # a file that was prepared elsewhere may hold such a column, and a name may occur only once
    added = {name: column for name, column in added.items() if name not in columns}
    whole = np.column_stack([values, *added.values()]) if added else values
    return Timeline(
        whole.astype(np.float32),
        (*columns, *added),
        targets,
        moments.texts(),
        how.history,
        how.horizon,
        how.season,
        tuple(notices),
        how.stride,
        ", ".join(moments.columns),
        how.changes,
        {**table.found, **({"time": list(moments.columns)} if moments.columns else {})},
    )


_CALLED = """
type kind sensor sensor_id device device_id variable metric parameter indicator measure station site series
symbol ticker store item channel signal unique_id
"""
_TELLS_APART = frozenset(_CALLED.split())
"""What columns of words are called that say which of several courses a row is of."""


def _mixed(frame: pd.DataFrame, how: CourseFormat) -> list[str]:
    """Return the question whether rows that follow each other are of several courses."""
    if how.course:
        return []
    told: list[str] = []
    for name in frame.columns:
        if str(name).casefold() in _TELLS_APART and not is_number(frame[name]):
            words = frame[name].dropna().unique()
            # a course has ten rows on average, or the words are remarks
            if 1 < len(words) <= len(frame) / 10:
                told.append(
                    Message(
                        "{name} holds {listed}: if these are courses of their own, they are mixed now; "
                        "choose {name} under Course, and one of them",
                        name=name,
                        listed=listed(as_text(word) for word in words),
                    )
                )
    return told


def one_course(frame: pd.DataFrame, column: str, only: str) -> pd.DataFrame:
    """Return the rows of one of the courses that a column tells apart. Raises Invalid when there is none."""
    words = frame[column].map(as_text, na_action="ignore")
    there = [str(word) for word in words.dropna().unique()]
    if not only:
        raise refused(
            "data.only",
            Message(
                "is missing: {column} tells {count} courses apart ({listed}); name one",
                column=column,
                count=len(there),
                listed=listed(there),
            ),
        )
    # 1 means 000001 as well: an earlier version called it so
    meant = only if only in there else next((word for word in there if _same_number(word, only)), None)
    if meant is None:
        raise refused(
            "data.only",
            Message(
                "no course {only!r} in {column}{guess}",
                only=only,
                column=column,
                guess=did_you_mean(only, there),
            ),
        )
    return frame[words == meant].drop(columns=column)


def _same_number(one: str, other: str) -> bool:
    return one.isdecimal() and other.isdecimal() and int(one) == int(other)


def ahead(name: str, horizon: int) -> str:
    """Return what the column is called that says what `name` will be when the forecast ends."""
    return f"{name} (in {horizon})"


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


def _refuse_unknown(table: Table, frame: pd.DataFrame, how: CourseFormat) -> None:
    named: list[tuple[Setting, str]] = [("time", name) for name in how.time]
    named += [("course", how.course)] if how.course else []
    named += [("target", name) for name in how.targets] + [("known", name) for name in how.known]
    there = [str(name) for name in frame.columns]
    problems = [
        Problem(
            f"data.{setting}",
            Message("no column {name!r}{guess}", name=name, guess=did_you_mean(name, there)),
        )
        for setting, name in named
        if name not in there
    ]
    problems += [
        Problem(
            "data.ignore",
            Message("no column {name!r}{guess}", name=name, guess=did_you_mean(name, table.names)),
        )
        for name in table.ignored
        if name not in table.names
    ]
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


def _rare(column: pd.Series[Any]) -> str:
    """Return what keeps a column from being one of numbers or times, where it is at most one row in ten."""
    # the index of the rest still numbers the rows as the file does
    known = column.dropna().astype(str)
    for wrong in (numbers(known)[1], dates(known, day_first=False).isna().to_numpy()):
        rows = wrong.nonzero()[0]
        if 0 < len(rows) <= _RARE * len(known):
            return Message("{iloc!r} in row {index}", iloc=known.iloc[rows[0]], index=known.index[rows[0]])
    return ""


def _columns(
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
        raise refused(
            "data.path", "holds no column of numbers beside the times; there is nothing to forecast"
        )
    both = [name for name in how.targets if name in time]
    if both:
        raise refused("data.target", Message("{both!r} holds the times: choose another column", both=both[0]))
    return found


def _without_empty(
    columns: tuple[str, ...],
    values: NDArray[np.float64],
    targets: Sequence[str],
    table: Table,
    notices: list[str],
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    empty = np.asarray(np.isnan(values).all(axis=0))
    lost = [name for name, gone in zip(columns, empty, strict=True) if gone]
    if gone := set(lost) & set(targets):
        why = table.doubt_about(sorted(gone)) or Message(
            "{listed}: every value is missing", listed=listed(gone)
        )
        raise refused("data.target", why)
    if lost:
        notices.append(Message("columns without any value left out: {listed}", listed=listed(lost)))
    return tuple(name for name in columns if name not in lost), values[:, ~empty]


def _last_known(targets: NDArray[np.float64]) -> int:
    """Return how many rows there are up to the last in which every target is known."""
    if not targets.shape[1]:
        return len(targets)
    there = np.flatnonzero(~np.isnan(targets).any(axis=1))
    return int(there[-1]) + 1 if len(there) else 0


def _with_known(
    values: NDArray[np.float64], columns: tuple[str, ...], how: CourseFormat, last: int, notices: list[str]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the columns with those added that say what the known ones will be `horizon` rows later."""
    if not how.known:
        if last < len(values):
            notices.append(
                Message(
                    "{counted} at the end without a value to forecast left out",
                    counted=counted(len(values) - last, "row"),
                )
            )
        return values, columns
    if len(values) - last < how.horizon and len(values) - last > 0:
        notices.append(
            Message(
                "of {horizon} rows to forecast, only {count} say what is known ahead",
                horizon=how.horizon,
                count=len(values) - last,
            )
        )
    shifted = np.full((len(values), len(how.known)), np.nan)
    source = values[:, [columns.index(name) for name in how.known]]
    # a course shorter than the horizon gives a negative end, which would count from behind
    shifted[: max(len(values) - how.horizon, 0)] = source[how.horizon :]
    return np.column_stack([values, _held_end(shifted, source)]), (
        *columns,
        *(ahead(name, how.horizon) for name in how.known),
    )


def _held_end(shifted: NDArray[np.float64], source: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `shifted` with its end, of which nobody knows what will be, held at the last value there is."""
    filled, _ = held(source)
    # only rows without any known value: single gaps are filled later with the others
    end = np.flatnonzero(np.isnan(shifted).all(axis=1))
    shifted[end] = filled[-1]
    return shifted


def _completed(
    values: NDArray[np.float64],
    columns: tuple[str, ...],
    moments: Moments,
    longest_gap: int,
    notices: list[str],
) -> tuple[NDArray[np.float64], Moments]:
    """Return the rows from the first on at which every column has had a value, gaps filled.

    Raises Invalid with every column that has a longer gap.
    """
    missing = int(np.isnan(values).sum())
    if not missing:
        return values, moments
    filled, gaps = held(values)
    # the longest gap counts only with rows: of none, `held` says 0
    if len(values):
        worst = [
            Problem(
                "data.longest_gap",
                Message(
                    "{name} lacks values in {gap} rows on end, more than the {longest_gap} that are "
                    "filled with the last value: fill them in the file, ignore the column, or allow "
                    "longer gaps",
                    name=name,
                    gap=gap,
                    longest_gap=longest_gap,
                ),
            )
            for name, gap in zip(columns, gaps.tolist(), strict=True)
            if gap > longest_gap
        ]
        if worst:
            raise Invalid(worst)
    whole = np.flatnonzero(~np.isnan(filled).any(axis=1))
    # the first rows cannot be filled from the past, and the future must not get in
    start = int(whole[0]) if len(whole) else len(filled)
    if start:
        rows = "first row" if start == 1 else Message("first {start} rows", start=start)
        notices.append(Message("the {rows} left out: not every column has a value there", rows=rows))
    rest = int(np.isnan(values[start:]).sum())
    if rest:
        notices.append(
            Message("{counted} filled with the last one before", counted=counted(rest, "missing value"))
        )
    return filled[start:], moments.part(start, len(filled))


def _parts(how: CourseFormat, moments: Moments) -> tuple[CalendarPart, ...]:
    return how.calendar if isinstance(how.calendar, tuple) else calendar_parts(moments, how.calendar)
