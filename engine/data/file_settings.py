"""Settings that sources of several kinds share: how a text file is written, and lists of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from engine.choices import Setting

if TYPE_CHECKING:
    from engine.data.tables.text_tables import TextFormat


def _as_list(value: Any) -> Any:
    """Let a single column be written without brackets."""
    return (value,) * bool(value) if isinstance(value, str) else value


def shortly(names: tuple[str, ...]) -> str | list[str]:
    """Return a list of columns as it is written: a single one without brackets."""
    return names[0] if len(names) == 1 else list(names)


Columns = tuple[Annotated[str, Setting("Column", "Name of a column.")], ...]
one_or_several = BeforeValidator(_as_list)
"""Stands behind the setting of a list of columns."""

Separator = Annotated[
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
]
Encoding = Annotated[
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
]
Decimal = Annotated[
    Literal["auto", ".", ","],
    Setting(
        "Decimal mark",
        "1.5 or 1,5; for text files.",
        options={"auto": "found out", ".": "point", ",": "comma"},
    ),
]
Header = Annotated[
    Literal["auto", "yes", "no"],
    Setting(
        "First row",
        "Whether the first row holds the names of the columns.",
        options={"auto": "found out", "yes": "names", "no": "data"},
    ),
]
Sheet = Annotated[str, Setting("Sheet", "Name of the sheet in an Excel workbook; empty: the first.")]

DateOrder = Annotated[
    Literal["auto", "day", "month", "year"],
    Setting(
        "Order of dates",
        "What 03/04/05 means, for dates of three numbers.",
        options={
            "auto": "found out",
            "day": "day first: 3 April 2005",
            "month": "month first: March 4, 2005",
            "year": "year first: 2003, April 5",
        },
    ),
]


def codec(encoding: str) -> str:
    """Return what Python calls an encoding of ours; "auto" stays."""
    return {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}.get(encoding, encoding)


def text_format(
    encoding: str,
    separator: str,
    decimal: str,
    header: str,
    ignore: tuple[str, ...] = (),
    date_order: str = "auto",
) -> TextFormat:
    """Return how a text file is to be read, from the settings above."""
    from engine.data.tables.text_tables import TextFormat

    named = {"auto": None, "yes": True, "no": False}[header]
    return TextFormat(codec(encoding), separator, decimal, named, ignore, date_order=date_order)
