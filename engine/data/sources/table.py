"""A table in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import field_serializer

from engine.choices import Setting
from engine.data.endings import TABLES
from engine.data.file_settings import (
    Columns,
    DateOrder,
    Decimal,
    Encoding,
    Header,
    LabelSeparator,
    Missing,
    OddCells,
    OtherRows,
    Separator,
    Sheet,
    SkipAbove,
    SkipBelow,
    TestPath,
    Thousands,
    Types,
    one_or_several,
    shortly,
)
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
        Columns,
        Setting(
            "Target",
            "The column to predict; of numbers, or of yes and no, there may be several.",
            role="columns",
            fixed=True,
        ),
        one_or_several,
    ] = ()
    ignore: Annotated[
        Columns,
        Setting(
            "Ignore",
            "Columns that are neither inputs nor targets: names, numbers of rows.",
            role="columns",
            fixed=True,
        ),
        one_or_several,
    ] = ()
    separator: Separator = "auto"
    encoding: Encoding = "auto"
    decimal: Decimal = "auto"
    thousands: Thousands = "auto"
    header: Header = "auto"
    skip_above: SkipAbove = "auto"
    skip_below: SkipBelow = "auto"
    sheet: Sheet = ""
    date_order: DateOrder = "auto"
    missing: Missing = ()
    odd_cells: OddCells = "words"
    other_rows: OtherRows = "leave_out"
    types: Types = ()
    label_separator: LabelSeparator = "auto"
    test_path: TestPath = ""

    @field_serializer("target", "ignore")
    def _short(self, names: tuple[str, ...]) -> str | list[str]:
        return shortly(names)

    @property
    def holds(self) -> type[Raw]:
        """Return a table."""
        from engine.data.raw import Table

        return Table

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when it is not there, is no table, or does not fit into memory."""
        from engine.data.label_sets import with_separator
        from engine.data.memory import free_memory
        from engine.data.tables.files import read_table
        from engine.data.tables.format import TableFormat

        how = TableFormat.of(self, *self.target)
        found = read_table(Path(self.path), how, self.target, report, free_memory())
        return with_separator(found, self.label_separator)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read rows, of which the text is kept as it is but where training found numbers."""
        from engine.data.label_sets import with_separator
        from engine.data.memory import free_memory
        from engine.data.tables.files import read_table
        from engine.data.tables.format import TableFormat

        how = TableFormat.of(self, *trained.columns, typed=trained.measured, blanks=True)
        types = tuple((name, kind) for name, kind in how.types if kind != "leave_out")
        # What is no input comes back beside the predictions: a number of the row, a name.
        whole = replace(how, ignore=(), types=types)
        found = read_table(Path(self.path), whole, self.target, report, free_memory())
        return with_separator(replace(found, ignored=how.left_out), self.label_separator)

    def read_labelled(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read rows as new ones, whose answers are among their cells."""
        return self.read_new(trained, report)
