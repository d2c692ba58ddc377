"""A course over time, to be forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import field_serializer
from typing_extensions import override

from engine.choices import Setting
from engine.data.files import settings as file_settings
from engine.data.files.endings import TABLES
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw
    from engine.data.series.read.course_format import CourseFormat
    from engine.data.tables.raw import Table


class TimeSeries(Source, kind="time_series", title="Time series", rank=5):
    """Measurements in the order of time from a CSV, TSV, Excel or Parquet file, a row for each moment.

    Windows slide over the rows: the network looks at the history and forecasts the horizon. The parts follow
    each other in time, the test last, and no forecast reaches over a border.
    """

    endings = TABLES
    came_later: ClassVar[Mapping[str, Any]] = {"borders": "each"}

    path: Annotated[
        str, Setting("File", "CSV, TSV, Excel (.xlsx) or Parquet file, told by its extension.", role="file")
    ] = ""
    target: Annotated[
        file_settings.Columns,
        Setting(
            "Target",
            "The columns to forecast; empty: the only column of numbers.",
            role="columns",
            fixed=True,
        ),
        file_settings.one_or_several,
    ] = ()
    history: Annotated[
        int,
        Setting(
            "History",
            "Rows the network looks back on.",
            unit="rows",
            least=1,
            most=100_000,
            log=True,
            fixed=True,
        ),
    ] = 48
    horizon: Annotated[
        int,
        Setting(
            "Horizon",
            "Rows that are forecast at once.",
            unit="rows",
            least=1,
            most=10_000,
            log=True,
            fixed=True,
        ),
    ] = 24
    time: Annotated[
        file_settings.Columns,
        Setting(
            "Time",
            "When each row was: the column of dates or numbers, or several, as a date and a time of day, or "
            "year, month, day and hour. Empty: found out.",
            role="columns",
        ),
        file_settings.one_or_several,
    ] = ()
    course: Annotated[
        file_settings.Columns,
        Setting(
            "Course column",
            "Where a table holds several courses, one below the other: the column that tells them apart, or "
            "several, as shop and product. One network learns all of them; no window reaches from one into "
            "the next, and each is split in time. Empty: found out where rows share their times.",
            role="columns",
        ),
        file_settings.one_or_several,
    ] = ()
    only: Annotated[
        str,
        Setting("Course", "The one course that is learnt, as the column writes it; empty: all of them."),
    ] = ""
    borders: Annotated[
        Literal["auto", "common", "each"],
        Setting(
            "Borders of the parts",
            "When validation and test begin, where there are several courses.",
            options={
                "auto": "at one moment, where courses go on side by side",
                "common": "at one moment for all courses",
                "each": "in each course by its own length",
            },
        ),
    ] = "auto"
    known: Annotated[
        file_settings.Columns,
        Setting(
            "Known ahead",
            "Inputs whose future is known when a forecast is made, such as holidays or a plan; the network "
            "also sees what they will be at the horizon.",
            role="columns",
            fixed=True,
        ),
        file_settings.one_or_several,
    ] = ()
    ignore: Annotated[
        file_settings.Columns,
        Setting("Ignore", "Columns that are no inputs.", role="columns", fixed=True),
        file_settings.one_or_several,
    ] = ()
    calendar: Annotated[
        Literal["auto", "none", "day", "week", "year"],
        Setting(
            "Calendar",
            "Adds how far day, week and year have got, as sine and cosine; needs dates.",
            options={
                "auto": "what comes round three times",
                "none": "nothing",
                "day": "time of day",
                "week": "time of day, weekday",
                "year": "time of day, weekday, season of the year",
            },
            fixed=True,
        ),
    ] = "auto"
    changes: Annotated[
        bool,
        Setting(
            "Changes",
            "The network also sees how far each target is from where it was one season before.",
            fixed=True,
        ),
    ] = True
    season: Annotated[
        int,
        Setting(
            "Season",
            "Rows after which things repeat; the naive forecast to beat says what was then. 0: found out.",
            unit="rows",
            least=0,
            most=100_000,
            fixed=True,
        ),
    ] = 0
    stride: Annotated[
        int,
        Setting(
            "Step between windows",
            "A window begins every so many rows.",
            unit="rows",
            least=1,
            most=100_000,
            fixed=True,
        ),
    ] = 1
    longest_gap: Annotated[
        int,
        Setting(
            "Longest gap",
            "Missing values are filled with the last one before, over at most so many rows.",
            unit="rows",
            least=0,
            most=100_000,
        ),
    ] = 24
    separator: file_settings.Separator = "auto"
    encoding: file_settings.Encoding = "auto"
    decimal: file_settings.Decimal = "auto"
    thousands: file_settings.Thousands = "auto"
    header: file_settings.Header = "auto"
    skip_above: file_settings.SkipAbove = "auto"
    skip_below: file_settings.SkipBelow = "auto"
    sheet: file_settings.Sheet = ""
    date_order: file_settings.DateOrder = "auto"
    missing: file_settings.Missing = ()
    odd_cells: file_settings.OddCells = "words"
    other_rows: file_settings.OtherRows = "leave_out"
    types: file_settings.Types = ()

    @field_serializer("target", "time", "known", "ignore", "course")
    def _short(self, names: tuple[str, ...]) -> str | list[str]:
        return file_settings.shortly(names)

    @classmethod
    @override
    def suited_to(cls, rows: int) -> dict[str, Any]:
        """Return windows that leave each part of a short course some forecasts."""
        from engine.data.series.windows import windows_for

        history, horizon = windows_for(rows)
        return {"history": history, "horizon": horizon}

    @property
    def suits(self) -> str:
        """Return forecasting."""
        return "forecasting"

    @property
    def holds(self) -> type[Raw]:
        """Return a course over time."""
        from engine.data.series.raw import Timeline

        return Timeline

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when it is no table or its rows make no course over time."""
        from engine.data.series.read.courses import from_rows

        before = self._before
        how = replace(self.format(), kept=before.columns, timeless=before.timeless)
        return from_rows(self._table(report), how)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read a course of which the network needs what it needed in training, and nothing else."""
        from engine.data.series.encode import TimelineEncoder
        from engine.data.series.new import course_end

        assert isinstance(trained.encoder, TimelineEncoder)
        return course_end(self._table(report), self.format(), trained.encoder)

    def read_labelled(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read a course with the calendar of training, also where it is too short to show a year or a day."""
        from engine.data.series.encode import TimelineEncoder
        from engine.data.series.read.calendar import parts_among
        from engine.data.series.read.courses import from_rows

        assert isinstance(trained.encoder, TimelineEncoder)
        parts = parts_among(trained.encoder.columns)
        return from_rows(
            self._table(report), replace(self.format(), calendar=parts, kept=trained.encoder.columns)
        )

    def _table(self, report: Report) -> Table:
        from engine.data.memory import free_memory
        from engine.data.tables.read.files import read_table
        from engine.data.tables.read.format import TableFormat

        named = (*self.target, *self.time, *self.known, *self.course)
        text = TableFormat.of(self, *named, codes=False)  # 0300 is a time of day
        if self.course:
            text = text.kept_as_written(*self.course)  # a share is called 000001, and not 1
        return read_table(Path(self.path), text, self.target, report, free_memory())

    def format(self) -> CourseFormat:
        """Return which columns mean what, and what windows are cut."""
        from engine.data.series.read.course_format import CourseFormat

        return CourseFormat(
            self.target,
            self.time,
            self.known,
            self.history,
            self.horizon,
            self.season,
            self.stride,
            self.calendar,
            self.longest_gap,
            self.changes,
            self.course,
            self.only,
            self.date_order,
            borders=self.borders,
        )
