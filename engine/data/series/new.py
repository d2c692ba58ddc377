"""New series and the end of a course, read for a network that was trained on such."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.choices import Message
from engine.data.cells.values import is_number, listed
from engine.data.new.inputs import NewInputs, plain_inputs
from engine.data.preprocessor import Preprocessor
from engine.data.refusal import refused
from engine.data.series.encode import SeriesEncoder, TimelineEncoder
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.read.calendar import parts_among
from engine.data.series.read.course_format import CourseFormat
from engine.data.series.read.courses import ahead, from_rows
from engine.data.series.read.gaps import content
from engine.data.series.read.gathering import Recording, gathered
from engine.data.series.read.reading import FILES, SeriesFormat, read_series
from engine.data.series.read.series_tables import from_table, is_long
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.files import read_table


def new_series(
    given: Path | Table, how: SeriesFormat, trained: Preprocessor, report: Report, memory: int
) -> SeriesSet:
    """Return the series in a file, a folder or the rows of one. Raises Invalid when there are none.

    A table with a column for every channel and none that names the series is one series. The labels of
    training may be there or not.
    """
    channels = trained.encoder.channels if isinstance(trained.encoder, SeriesEncoder) else ()
    if isinstance(given, Path):
        # a folder, or a .ts file: what a series is stands there, no table has to be asked
        if given.is_dir() or given.suffix.lower() not in FILES:
            return read_series(given, replace(how, channels=channels), report, memory)
        given = read_table(given, how.text, (), report, memory)
    frame, target = given.frame, trained.predicted.names[0]
    chosen = how.columns
    # new data often still has the column of labels, which must not become a channel
    if not chosen.label and target in frame.columns:
        chosen = replace(chosen, label=target)
    # a single new series needs no column that names it, though training had one
    if chosen.identifier not in frame.columns:
        chosen = replace(chosen, identifier="", layout="auto")
    whole = all(name in frame.columns and is_number(frame[name]) for name in channels)
    if whole and not is_long(frame, chosen):
        recording = Recording("the rows given", "", content(frame[[*channels]]))
        return gathered([recording], channels, target, how.longest, memory, given.notices)
    return from_table(given, chosen, how.longest, memory)


def course_end(table: Table, how: CourseFormat, encoder: TimelineEncoder) -> Timeline:
    """Return the course in a table, whose end is to be continued.

    Rows behind the last value of a target may say what is known ahead. What training did not know is left
    aside. Raises Invalid when columns are missing.
    """
    _refuse_times_to_come(table, encoder)
    # which columns were known ahead is written nowhere else: their shifted twin tells
    known = tuple(name for name in encoder.columns if ahead(name, encoder.horizon) in encoder.columns)
    chosen = replace(
        how,
        targets=encoder.targets,
        time=how.time or ((encoder.time,) if encoder.time in table.frame.columns else ()),
        known=known,
        history=encoder.history,
        horizon=encoder.horizon,
        season=encoder.season,
        stride=encoder.stride,
        calendar=parts_among(encoder.columns),
        kept=encoder.columns,
        # new rows of one course need not say of which
        course=tuple(name for name in how.course if name in table.frame.columns),
    )
    # a new column of numbers would be one more input, so it goes before the course is read
    wanted = {*encoder.columns, encoder.time, *how.time, *how.course}
    extra = [name for name in table.frame.columns if name not in wanted and is_number(table.frame[name])]
    if not set(encoder.targets) <= set(table.frame.columns):
        extra = []  # what is missing is told beside all there is
    # a column ignored in training may be lacking in new data, which is no mistake
    ignored = tuple(name for name in table.ignored if name in table.names)
    return from_rows(replace(table, frame=table.frame.drop(columns=extra), ignored=ignored), chosen)


def _refuse_times_to_come(table: Table, encoder: TimelineEncoder) -> None:
    """Raise Invalid where a file holds the times of a training without what was measured, as contests list
    what they want to know.
    """
    lacking = [name for name in encoder.targets if name not in table.names]
    times = [name for name in encoder.time.split(", ") if name]
    if not lacking or not times or not set(times) <= set(table.names):
        return
    raise refused(
        "data.target",
        Message(
            "no column {lacking}: these are times to come, of which a forecast knows nothing yet. It goes on "
            "from the last {history} rows in which {lacking} is known, in each course: give these rows with "
            "their values; or give no file, and the data of the training is gone on with, {horizon} rows at "
            "once. There are: {there}",
            lacking=listed(lacking),
            history=encoder.history,
            horizon=encoder.horizon,
            there=listed(table.names),
        ),
    )


def latest_rows(raw: Timeline, preprocessor: Preprocessor) -> NewInputs:
    """Return the last rows of a course as one input, whose future nobody knows yet."""
    encoder = preprocessor.encoder
    if not isinstance(encoder, TimelineEncoder):
        return plain_inputs(raw, preprocessor, ())  # which is refused
    inputs = encoder.latest(raw)
    ends = [
        (place, end) for place, (start, end) in enumerate(raw.stretches) if end - start >= encoder.history
    ]
    short = [name for place, name in enumerate(raw.names) if place not in dict(ends)]
    told = Message(
        "{count} courses have fewer than the {history} rows that a forecast needs, and get none: {names}",
        count=len(short),
        history=encoder.history,
        names=listed(short),
    )
    return NewInputs(
        inputs,
        np.array([end for _, end in ends], np.int64),
        tuple(_after(raw, place, end) for place, end in ends),
        raw,
        (*raw.notices, told) if short else tuple(raw.notices),
    )


def _after(raw: Timeline, place: int, end: int) -> str:
    after = Message("after {times}", times=raw.times[end - 1])
    return Message("{name}, {after}", name=raw.names[place], after=after) if raw.names else after
