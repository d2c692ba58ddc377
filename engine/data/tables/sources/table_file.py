"""A table in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import field_serializer

from engine.choices import Setting
from engine.data.files import settings as file_settings
from engine.data.files.endings import DOCUMENTS, OTHER_PROGRAMS, TABLES
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw


class TableFile(Source, kind="table", title="Table file", rank=2):
    """Rows and columns from a CSV, TSV, Excel or Parquet file.

    Each row is an example; one or several columns are to be predicted, the others are the inputs. How a text
    file is written is found out, and can be said where the guess is wrong.
    """

    endings = TABLES

    path: Annotated[
        str, Setting("File", "CSV, TSV, Excel (.xlsx) or Parquet file, told by its extension.", role="file")
    ] = ""
    target: Annotated[
        file_settings.Columns,
        Setting(
            "Target",
            "The column to predict; of numbers, or of yes and no, there may be several.",
            role="columns",
            fixed=True,
        ),
        file_settings.one_or_several,
    ] = ()
    ignore: Annotated[
        file_settings.Columns,
        Setting(
            "Ignore",
            "Columns that are neither inputs nor targets: names, numbers of rows.",
            role="columns",
            fixed=True,
        ),
        file_settings.one_or_several,
    ] = ()
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
    label_separator: file_settings.LabelSeparator = "auto"
    validation_path: file_settings.ValidationPath = ""
    test_path: file_settings.TestPath = ""

    @field_serializer("target", "ignore")
    def _short(self, names: tuple[str, ...]) -> str | list[str]:
        return file_settings.shortly(names)

    @property
    def holds(self) -> type[Raw]:
        """Return a table."""
        # at the call, as all below: the window builds its forms from this class, and must load no pandas
        from engine.data.tables.raw import Table

        return Table

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file is a table by its ending alone, or a folder one in folders name=value."""
        from engine.data.files.table_parts import partitions

        return cls.alone_reads(path) if path.is_file() else bool(partitions(path))

    @classmethod
    def may_read(cls, path: Path) -> bool:
        """Return whether a file is a table by its ending or its beginning, or a folder holds such.

        Files of other programs are among them: the reader refuses them, and says what to do instead.
        """
        from engine.data.files.layouts import ends_in, holds_mostly, sort_of_file
        from engine.data.files.table_folders import main_table
        from engine.data.files.table_parts import files_alike

        if path.is_file():
            return ends_in(path, *TABLES, *OTHER_PROGRAMS, *DOCUMENTS) or sort_of_file(path) == "tables"
        return holds_mostly(path, "tables") and (main_table(path) is not None or bool(files_alike(path)))

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when it is not there, is no table, or does not fit into memory."""
        from engine.data.cells.label_sets import with_separator
        from engine.data.memory import free_memory
        from engine.data.tables.read.files import read_table
        from engine.data.tables.read.format import TableFormat

        how = TableFormat.of(self, *self.target)
        found = read_table(Path(self.path), how, self.target, report, free_memory())
        return with_separator(found, self.label_separator)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read rows, of which the text is kept as it is but where training found numbers."""
        from engine.data.cells.label_sets import with_separator
        from engine.data.memory import free_memory
        from engine.data.tables.read.files import read_table
        from engine.data.tables.read.format import TableFormat

        how = TableFormat.of(self, *trained.columns, typed=trained.measured, blanks=True)
        types = tuple((name, kind) for name, kind in how.types if kind != "leave_out")
        # What is no input comes back beside the predictions: a number of the row, a name.
        whole = replace(how, ignore=(), types=types)
        found = read_table(Path(self.path), whole, self.target, report, free_memory())
        # read, but named as left out, lest they be told as columns that the network does not know
        return with_separator(replace(found, ignored=how.left_out), self.label_separator)

    def read_labelled(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read rows as new ones, whose answers are among their cells."""
        return self.read_new(trained, report)
