"""New series and the end of a course, read for a network that was trained on such."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.data.raw import SeriesSet, Table, Timeline
from engine.data.series.calendar import parts_among
from engine.data.series.courses import CourseFormat, ahead, from_rows
from engine.data.series.encoders import SeriesEncoder, TimelineEncoder
from engine.data.series.gaps import content
from engine.data.series.gathering import Recording, gathered
from engine.data.series.reading import FILES, SeriesFormat, read_series
from engine.data.series.series_tables import SeriesColumns, from_table, is_long
from engine.data.source import Report
from engine.data.tables.files import read_table
from engine.data.tables.format import TableFormat
from engine.data.values import is_number


def new_series(
    given: Path | Table, encoder: SeriesEncoder, target: str, report: Report, memory: int
) -> SeriesSet:
    """Return the series in a file, a folder or the rows of one. Raises Invalid when there are none.

    A table with a column for every channel and none that names the series is one series. `target` names the
    labels of training, which may be there or not.
    """
    if isinstance(given, Path):
        if given.is_dir() or given.suffix.lower() not in FILES:
            return read_series(given, SeriesFormat(), report, memory)
        given = read_table(given, TableFormat(), (), report, memory)
    frame = given.frame
    label = target if target in frame.columns else ""
    chosen = SeriesColumns(label=label, labelled=False)
    whole = all(name in frame.columns and is_number(frame[name]) for name in encoder.channels)
    if whole and not is_long(frame, chosen):
        values = content(frame[[*encoder.channels]])
        recording = Recording("the rows given", "", values)
        return gathered([recording], encoder.channels, target, 0, memory, given.notices)
    return from_table(given, chosen, 0, memory)


def course_end(given: Path | Table, encoder: TimelineEncoder, report: Report, memory: int) -> Timeline:
    """Return the course in a table, whose end is to be continued.

    Rows behind the last value of a target may say what is known ahead. Raises Invalid when columns are
    missing.
    """
    if isinstance(given, Path):
        given = read_table(given, TableFormat(), (), report, memory)
    known = tuple(name for name in encoder.columns if ahead(name, encoder.horizon) in encoder.columns)
    how = CourseFormat(
        encoder.targets,
        (encoder.time,) if encoder.time in given.frame.columns else (),
        known,
        encoder.history,
        encoder.horizon,
        encoder.season,
        calendar=parts_among(encoder.columns),
    )
    wanted = {*encoder.columns, encoder.time}
    extra = [name for name in given.frame.columns if name not in wanted and is_number(given.frame[name])]
    if not set(encoder.targets) <= set(given.frame.columns):
        extra = []  # what is missing is told beside all there is
    return from_rows(replace(given, frame=given.frame.drop(columns=extra)), how)
