"""Texts in a column of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engine.choices import Setting
from engine.data.files import settings as file_settings
from engine.data.files.endings import TABLES
from engine.data.files.layouts import looks_marked
from engine.data.files.table_folders import main_table
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor
    from engine.data.raw import Raw


class TextTable(Source, kind="text_table", title="Texts in a table", rank=10):
    """Texts with labels: a CSV, TSV, Excel or Parquet file with a column of texts and one to predict.

    The labels are classes, several of them in a cell, or numbers for regression. A table of texts without
    labels is good for language modelling.
    """

    endings = TABLES

    path: Annotated[
        str, Setting("File", "CSV, TSV, Excel (.xlsx) or Parquet file, told by its extension.", role="file")
    ] = ""
    texts: Annotated[
        str, Setting("Text column", "The column of texts; empty: the one of the longest.", role="column")
    ] = ""
    label: Annotated[
        str, Setting("Label column", "The column to predict; empty: found out.", role="column")
    ] = ""
    separator: file_settings.Separator = "auto"
    encoding: file_settings.Encoding = "auto"
    decimal: file_settings.Decimal = "auto"
    thousands: file_settings.Thousands = "auto"
    header: file_settings.Header = "auto"
    skip_above: file_settings.SkipAbove = "auto"
    skip_below: file_settings.SkipBelow = "auto"
    sheet: file_settings.Sheet = ""
    missing: file_settings.Missing = ()
    odd_cells: file_settings.OddCells = "words"
    other_rows: file_settings.OtherRows = "leave_out"
    types: file_settings.Types = ()
    label_separator: file_settings.LabelSeparator = "auto"
    validation_path: file_settings.ValidationPath = ""
    test_path: file_settings.TestPath = ""

    @property
    def holds(self) -> type[Raw]:
        """Return texts."""
        from engine.data.texts.raw import Texts

        return Texts

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether the lines of a file begin or end with their labels, or those of the main file of a
        folder.
        """
        main = main_table(path) if path.is_dir() else path
        return main is not None and main.is_file() and looks_marked(main)

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when it is no table, or has no such columns."""
        from engine.data.cells.label_sets import with_separator
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.read.tables import TextColumns, read_text_column

        how = TableFormat.of(self, self.texts, self.label)
        which = TextColumns(self.path, self.texts, self.label)
        return with_separator(read_text_column(which, how, report, free_memory()), self.label_separator)

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Read the column of texts, or of other files the lines; labels may be missing."""
        from engine.data.memory import free_memory
        from engine.data.tables.read.format import TableFormat
        from engine.data.texts.new import NewFormat, read_new_texts

        how = NewFormat(self.texts, label=self.label, text=TableFormat.of(self, self.texts))
        return read_new_texts(Path(self.path), how, report, free_memory())
