"""Series with a label each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import field_serializer

from engine.choices import Setting
from engine.data.files import settings as file_settings
from engine.data.files.endings import SERIES, TABLES
from engine.data.files.layouts import (
    begins_as_record,
    below,
    files_in,
    folders_in,
    holds_mostly,
    mostly_sound,
    only_folder_in,
)
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw
    from engine.data.series.read.reading import SeriesFormat


class SeriesTable(Source, kind="series_table", title="Labelled series", rank=4):
    """Series of measurements, each with a label: a table, a .ts file, or a folder with a file per series.

    A table is wide (a row per series, as in the UCR archive) or long (a row per moment, with a column that
    names the series). In a folder, the folder a file lies in is its label. Series may differ in length.
    """

    endings = (*TABLES, *SERIES)

    path: Annotated[
        str,
        Setting(
            "File or folder",
            "A table (CSV, TSV, Excel, Parquet), a .ts file, or a folder that holds one folder per class.",
            role="file_or_folder",
        ),
    ] = ""
    label: Annotated[
        str, Setting("Label column", "The column to predict; empty: found out.", role="column")
    ] = ""
    layout: Annotated[
        Literal["auto", "wide", "long"],
        Setting(
            "Layout",
            "What a row of the table is.",
            options={"auto": "found out", "wide": "a row is a series", "long": "a row is a moment"},
        ),
    ] = "auto"
    id: Annotated[
        str,
        Setting(
            "Series column",
            "For the long layout: the column that says which series a row belongs to; empty: found out.",
            role="column",
            applies=("layout", ("auto", "long")),
        ),
    ] = ""
    time: Annotated[
        str,
        Setting(
            "Time column",
            "For the long layout and folders: the column that orders the rows; empty: found out.",
            role="column",
            applies=("layout", ("auto", "long")),
        ),
    ] = ""
    ignore: Annotated[
        file_settings.Columns,
        Setting("Ignore", "Columns that are no values.", role="columns", fixed=True),
        file_settings.one_or_several,
    ] = ()
    longest: Annotated[
        int,
        Setting(
            "Longest series",
            "Longer ones are cut at their end; 0: as long as they are.",
            unit="places",
            least=0,
            most=1_000_000,
            fixed=True,
        ),
    ] = 0
    window: Annotated[
        Annotated[int, Setting("", "", least=0, most=1_000_000)] | Literal["auto"],
        Setting(
            "Window",
            "For the long layout: where the label changes along a recording, so many rows of one label make "
            "an example; 0: a series is an example, whole.",
            unit="rows",
            options={"auto": "found out"},
            applies=("layout", ("auto", "long")),
            fixed=True,
        ),
    ] = "auto"
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
    validation_path: file_settings.ValidationPath = ""
    test_path: file_settings.TestPath = ""

    @field_serializer("ignore")
    def _short(self, names: tuple[str, ...]) -> str | list[str]:
        return file_settings.shortly(names)

    @property
    def holds(self) -> type[Raw]:
        """Return series."""
        from engine.data.series.raw import SeriesSet

        return SeriesSet

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file is of the .ts form, or a folder holds such, or tables in folders of classes,
        or tables whose names begin with their class.
        """
        from engine.data.files.placement import names_tell

        if path.is_file():
            return cls.alone_reads(path)
        own = {file.name for file in files_in(path)}  # what lies within once more is no series
        inner = (file for one in folders_in(path) for file in below(one) if file.name not in own)
        # one folder alone is how archives unpack, and no class
        first = next(inner, None)
        inside = only_folder_in(path) is None and first is not None
        # pages and the like, cut into files and folders by their number alone
        records = first is not None and not first.suffix and begins_as_record(first)
        named = names_tell([(name,) for name in own])
        if inside and mostly_sound([*below(path)]):
            return True  # to be refused with what to do instead
        tables = (inside or named) and not records and holds_mostly(path, "tables")
        return tables or holds_mostly(path, "series")

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read all series. Raises Invalid when there are none, or too many for the memory."""
        from engine.data.memory import free_memory
        from engine.data.series.read.reading import read_series

        return read_series(Path(self.path), self.format(), report, free_memory())

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read series as those of training; where nothing tells several apart, a table is one of them."""
        from engine.data.memory import free_memory
        from engine.data.series.new import new_series

        return new_series(Path(self.path), self.format(labelled=False), trained, report, free_memory())

    def format(self, *, labelled: bool = True) -> SeriesFormat:
        """Return how the series are written; without `labelled` they need no labels."""
        from engine.data.series.read.reading import SeriesFormat
        from engine.data.series.read.series_tables import SeriesColumns
        from engine.data.tables.read.format import TableFormat

        columns = SeriesColumns(self.layout, self.label, self.id, self.time, labelled, self.window)
        text = TableFormat.of(self, self.label, self.id, self.time)
        return SeriesFormat(columns, text, self.longest, kept=self._before.columns)
