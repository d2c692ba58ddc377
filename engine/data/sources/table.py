"""A table in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, field_serializer

from engine.choices import Setting
from engine.data.source import Report, Source, silent

if TYPE_CHECKING:
    from engine.data.raw import Raw
    from engine.data.text_tables import TextFormat


def _as_list(value: Any) -> Any:
    """Let a single column be written without brackets."""
    return (value,) * bool(value) if isinstance(value, str) else value


class TableFile(Source, kind="table", title="Table file", rank=2):
    """Rows and columns from a CSV, TSV, Excel or Parquet file.

    Each row is an example; one or several columns are to be predicted, the others are the inputs. How a text
    file is written is found out, and can be said where the guess is wrong.
    """

    path: Annotated[
        str, Setting("File", "CSV, TSV, Excel (.xlsx) or Parquet file, told by its extension.", role="file")
    ] = ""
    target: Annotated[
        tuple[Annotated[str, Setting("Column", "Name of a column.")], ...],
        Setting("Target", "The column to predict; for numbers there may be several.", role="columns"),
        BeforeValidator(_as_list),
    ] = ()
    ignore: Annotated[
        tuple[Annotated[str, Setting("Column", "Name of a column.")], ...],
        Setting(
            "Ignore", "Columns that are neither inputs nor targets: names, numbers of rows.", role="columns"
        ),
        BeforeValidator(_as_list),
    ] = ()
    separator: Annotated[
        Literal["auto", ",", ";", "\t", "|", " "],
        Setting(
            "Separator",
            "What stands between cells; for text files.",
            options={
                "auto": "found out",
                ",": "comma",
                ";": "semicolon",
                "\t": "tabulator",
                "|": "vertical bar",
                " ": "blanks",
            },
        ),
    ] = "auto"
    encoding: Annotated[
        Literal[
            "auto",
            "utf-8",
            "utf-16",
            "latin-1",
            "windows-1252",
            "gb18030",
            "big5",
            "shift_jis",
            "windows-1251",
        ],
        Setting(
            "Encoding",
            "How letters are stored; for text files.",
            options={
                "auto": "found out",
                "utf-8": "UTF-8",
                "utf-16": "UTF-16",
                "latin-1": "Latin-1, Western",
                "windows-1252": "Windows-1252, Western",
                "gb18030": "GB18030, Chinese",
                "big5": "Big5, Chinese",
                "shift_jis": "Shift JIS, Japanese",
                "windows-1251": "Windows-1251, Cyrillic",
            },
        ),
    ] = "auto"
    decimal: Annotated[
        Literal["auto", ".", ","],
        Setting(
            "Decimal mark",
            "1.5 or 1,5; for text files.",
            options={"auto": "found out", ".": "point", ",": "comma"},
        ),
    ] = "auto"
    header: Annotated[
        Literal["auto", "yes", "no"],
        Setting(
            "First row",
            "Whether the first row holds the names of the columns.",
            options={"auto": "found out", "yes": "names", "no": "data"},
        ),
    ] = "auto"
    sheet: Annotated[str, Setting("Sheet", "Name of the sheet in an Excel workbook; empty: the first.")] = ""

    @field_serializer("target", "ignore")
    def _short(self, names: tuple[str, ...]) -> str | list[str]:
        return names[0] if len(names) == 1 else list(names)

    @property
    def holds(self) -> type[Raw]:
        """Return a table."""
        from engine.data.raw import Table

        return Table

    def located(self, folder: Path) -> Self:
        """Return the same table with its path absolute."""
        return self.replaced(path=str(folder / Path(self.path).expanduser())) if self.path else self

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when it is not there, is no table, or does not fit into memory."""
        from engine.data.memory import free_memory
        from engine.data.tables import read_table

        return read_table(Path(self.path), self.format(), self.sheet, self.target, report, free_memory())

    def format(self) -> TextFormat:
        """Return how a text file is to be read."""
        from engine.data.text_tables import TextFormat

        header = {"auto": None, "yes": True, "no": False}[self.header]
        encoding = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}.get(self.encoding, self.encoding)
        return TextFormat(encoding, self.separator, self.decimal, header, self.ignore)
