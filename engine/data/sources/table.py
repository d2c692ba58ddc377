"""A table in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import field_serializer

from engine.choices import Setting
from engine.data.file_settings import (
    Columns,
    DateOrder,
    Decimal,
    Encoding,
    Header,
    Separator,
    Sheet,
    one_or_several,
    shortly,
    text_format,
)
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.raw import Raw
    from engine.data.tables.text_tables import TextFormat


class TableFile(Source, kind="table", title="Table file", rank=2):
    """Rows and columns from a CSV, TSV, Excel or Parquet file.

    Each row is an example; one or several columns are to be predicted, the others are the inputs. How a text
    file is written is found out, and can be said where the guess is wrong.
    """

    path: Annotated[
        str, Setting("File", "CSV, TSV, Excel (.xlsx) or Parquet file, told by its extension.", role="file")
    ] = ""
    target: Annotated[
        Columns,
        Setting("Target", "The column to predict; for numbers there may be several.", role="columns"),
        one_or_several,
    ] = ()
    ignore: Annotated[
        Columns,
        Setting(
            "Ignore", "Columns that are neither inputs nor targets: names, numbers of rows.", role="columns"
        ),
        one_or_several,
    ] = ()
    separator: Separator = "auto"
    encoding: Encoding = "auto"
    decimal: Decimal = "auto"
    header: Header = "auto"
    sheet: Sheet = ""
    date_order: DateOrder = "auto"

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
        from engine.data.memory import free_memory
        from engine.data.tables.files import read_table

        return read_table(Path(self.path), self.format(), self.sheet, self.target, report, free_memory())

    def format(self) -> TextFormat:
        """Return how a text file is to be read."""
        return text_format(
            self.encoding, self.separator, self.decimal, self.header, self.ignore, self.date_order
        )
