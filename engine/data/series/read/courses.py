"""Courses over time from tables: rows brought into order, gaps filled from the past, the calendar added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.values import as_text, counted, is_number, listed
from engine.data.decisions import decided, read_of
from engine.data.refusal import refused
from engine.data.series.raw import Timeline
from engine.data.series.read.calendar import (
    CalendarPart,
    calendar_columns,
    calendar_names,
    calendar_parts,
)
from engine.data.series.read.course_columns import measured_columns, refuse_unknown, without_empty
from engine.data.series.read.course_format import CourseFormat
from engine.data.series.read.gaps import content, held
from engine.data.series.read.moments import Moments, find_moments
from engine.data.series.read.several import (
    PANEL,
    courses_in,
    share_again,
    told_apart,
    told_empty,
    told_nameless,
    told_refused,
    told_several,
)
from engine.data.series.read.time_columns import find_when
from engine.data.tables.across import TIME, VALUE, refuse_across, told_within, turned
from engine.data.tables.fit_columns import refuse_absurd
from engine.data.tables.raw import Table


def from_rows(table: Table, how: CourseFormat) -> Timeline:
    """Return the course over time in a table. Raises Invalid, naming every column and row that is wrong.

    Columns of words are left out; rows are sorted by time; gaps are filled with the last value known, so that
    nothing of the future gets into the past.
    """
    table, how = _turned(table, how)
    notices = [*table.notices]
    frame = table.numbered
    refuse_unknown(table, frame, how)
    refuse_absurd(frame)
    apart = how.course or _found_apart(frame, how)
    notices += [] if apart else _mixed(frame)
    frame, each, nameless = courses_in(table, frame, apart, how.only) if apart else (frame, {"": frame}, 0)
    notices += told_nameless(nameless, apart)
    pieces = [_Course.of(name, rows, how) for name, rows in each.items()]
    if not pieces:
        raise refused("data.course", Message("{columns}: no row names a course", columns=listed(apart)))
    # without courses, the rows in the order of time, so that what counts them is seen
    frame = pieces[0].frame if len(pieces) == 1 else frame
    times = pieces[0].moments.columns
    # what else the cells of the times could be says nothing once they are read as times
    notices = [one for one in notices if not (read_of(one) and read_of(one) in times)]
    columns = measured_columns(frame, times, how, notices)
    # with several columns a guess would often be wrong, so the person is asked
    targets = how.targets or (columns[:1] if len(columns) == 1 else ())
    refuse_across(columns, targets)
    columns = without_empty(columns, content(frame[[*columns]]), targets, table, notices)
    whole, left = [], []
    for piece in pieces:
        try:
            whole.append(piece.completed(columns, targets, how))
        except Invalid as error:
            if len(pieces) == 1:
                raise
            left.append((piece.name, error))
    if not whole:
        raise left[0][1]
    kept = [piece for piece in whole if len(piece.values)] or whole[:1]
    empty = [piece for piece in whole if not len(piece.values)] if len(pieces) > 1 else []
    lacking = {piece.name: piece.lacks(columns) for piece in empty}
    notices += _together(kept) + told_empty(lacking, targets) + told_refused(left)
    # of one that was seen longest: the shortest may not show a year
    longest = max(kept, key=lambda piece: piece.moments.span)
    parts = how.calendar if isinstance(how.calendar, tuple) else calendar_parts(longest.moments, how.calendar)
    wide, every = _with_calendar(kept, parts)
    several = len(pieces) > 1
    names = tuple(piece.name for piece in kept) if several else ()
    if several:
        notices.append(told_several(apart, names))
    found = {"time": [*pieces[0].moments.columns]} if pieces[0].moments.columns else {}
    return Timeline(
        wide.astype(np.float32),
        every,
        targets,
        np.concatenate([piece.moments.texts() for piece in kept]),
        how.history,
        how.horizon,
        how.season,
        tuple(notices),
        how.stride,
        ", ".join(pieces[0].moments.columns),
        how.changes,
        {**table.found, **found, **({"course": [*apart]} if apart else {})},
        names,
        tuple(len(piece.values) for piece in kept) if several else (),
        ", ".join(apart) if several else "",
        how.borders,
    )


def _turned(table: Table, how: CourseFormat) -> tuple[Table, CourseFormat]:
    """Return a table in which time goes on across the row with a row for each time, told; others as they are.

    Who names a column to forecast that is there, and is no time, means the rows as they are.
    """
    found = turned(table.frame, how.targets)
    if found is None:
        return table, how
    frame, apart = found
    first, last = (str(frame[TIME].iloc[place])[:10] for place in (0, -1))
    said = Message(
        "time goes on across the row, from {first} to {last}: each row is a course, called by {apart}, and "
        "what stands in it is {value}, at {time}; the other columns are left out",
        first=first,
        last=last,
        apart=listed(apart) or Message("its number"),
        value=VALUE,
        time=TIME,
    )
    if within := told_within(table.frame) if not how.targets or how.targets == (VALUE,) else "":
        said = Message(
            "{within}; they are one course{each}, in which what stands is {value}, at {time}; the other "
            "columns are left out",
            within=within,
            each=Message(" for each {apart}", apart=listed(apart)) if apart else "",
            value=VALUE,
            time=TIME,
        )
    names = tuple(map(str, frame.columns))
    notices = (*table.notices, said)
    made = replace(table, frame=frame, names=names, notices=notices, rows=None, written=None, ignored=())
    return made, replace(how, targets=(VALUE,), time=(TIME,), course=how.course or apart)


def _found_apart(frame: pd.DataFrame, how: CourseFormat) -> tuple[str, ...]:
    """Return the columns that tell courses apart, where many rows have the time of another."""
    when = None if how.timeless and not how.time else find_when(frame, how.time, how.date_order)
    if when is None or share_again(when) < PANEL:
        return ()
    return told_apart(frame, when, (*how.targets, *how.known))


@dataclass(frozen=True)
class _Course:
    """The rows of one course: `frame` in the order of `moments`; `values` once its gaps are filled."""

    name: str
    frame: pd.DataFrame
    moments: Moments
    notices: tuple[str, ...]
    columns: tuple[str, ...] = ()
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))

    @classmethod
    def of(cls, name: str, rows: pd.DataFrame, how: CourseFormat) -> _Course:
        """Return the rows of a course in the order of time."""
        told: list[str] = []
        timeless = how.timeless and not how.time
        moments, frame = find_moments(rows, how.time, how.date_order, told, timeless=timeless)
        return cls(name, frame, moments, tuple(told))

    def lacks(self, columns: Sequence[str]) -> list[str]:
        """Return the columns in which the course has no value at all."""
        values = content(self.frame[[*columns]])
        return [name for place, name in enumerate(columns) if np.isnan(values[:, place]).all()]

    def completed(self, columns: tuple[str, ...], targets: Sequence[str], how: CourseFormat) -> _Course:
        """Return the course with its gaps filled. Raises Invalid where one is too long."""
        told = [*self.notices]
        values = content(self.frame[[*columns]])
        # rows below the last target are no examples, but may say what is known ahead
        last = _last_known(values[:, [columns.index(name) for name in targets]])
        # before they are cut off: the rows below hold the future of the known columns
        values, columns = _with_known(values, columns, how, last, told)
        moments = self.moments.part(0, last)
        values, moments = _completed(values[:last], columns, moments, how.longest_gap, told)
        return replace(self, values=values, columns=columns, moments=moments, notices=tuple(told))


def _with_calendar(
    pieces: Sequence[_Course], parts: tuple[CalendarPart, ...]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the values of all courses, one below another, with the calendar, and what the columns are."""
    columns = pieces[0].columns
    # a file that was prepared elsewhere may hold such a column, and a name may occur only once
    added = [name for name in calendar_names(parts) if name not in columns]
    wide = []
    for piece in pieces:
        calendar = calendar_columns(piece.moments, parts)
        wide.append(np.column_stack([piece.values, *(calendar[name] for name in added if name in calendar)]))
    there = [name for name in added if name in calendar_columns(pieces[0].moments, parts)]
    return np.concatenate(wide), (*columns, *there)


def _together(pieces: Sequence[_Course]) -> list[str]:
    """Return what is told of the courses: of several that which is told of many once, with the first."""
    if len(pieces) == 1:
        return [*pieces[0].notices]
    alike: dict[str, list[tuple[str, str]]] = {}
    for piece in pieces:
        for notice in piece.notices:
            alike.setdefault(getattr(notice, "template", notice), []).append((piece.name, notice))
    return [
        Message(
            "{name}{more}: {notice}",
            name=found[0][0],
            more=Message(" (and {count} more courses)", count=len(found) - 1) if len(found) > 1 else "",
            notice=found[0][1],
        )
        for found in alike.values()
    ]


_CALLED = """
type kind sensor device variable metric parameter indicator measure station site series symbol ticker store
shop item channel signal unique meter machine
"""
_TELLS_APART = frozenset(_CALLED.split())
"""What columns of words are called that say which of several courses a row is of."""


def _bare(name: str) -> str:
    """Return what a column is called without what says that it numbers or names: sensor of Sensor_ID."""
    return re.sub(r"[\s_-]?(id|nbr|no|number|name|code)$", "", name.strip().casefold())


def _mixed(frame: pd.DataFrame) -> list[str]:
    """Return the question whether rows that follow each other are of several courses."""
    told: list[str] = []
    for name in frame.columns:
        whole = not is_number(frame[name]) or bool((frame[name].dropna() % 1 == 0).all())
        if _bare(str(name)) in _TELLS_APART and whole:
            words = frame[name].dropna().unique()
            # a course has ten rows on average, or the words are remarks
            if 1 < len(words) <= len(frame) / 10:
                said = Message(
                    "{name} holds {listed}: if these are courses of their own, they are mixed now; "
                    "choose {name} under Course column",
                    name=name,
                    listed=listed(as_text(word) for word in words),
                )
                told.append(decided(said, "data.course", str(name), doubtful=True))
    return told


def ahead(name: str, horizon: int) -> str:
    """Return what the column is called that says what `name` will be when the forecast ends."""
    return f"{name} (in {horizon})"


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
