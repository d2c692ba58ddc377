"""Settings that sources of several kinds share: how a table is written, and lists of columns.

A source declares those that it obeys as fields of these names; readers take them from it by name
(`engine.data.tables.read.format.TableFormat.of`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from engine.choices import Setting
from engine.data.cells.column_types import ColumnType


def _as_list(value: Any) -> Any:
    """Let a single column be written without brackets."""
    if isinstance(value, (int, float)):  # a column named by a number, its quotes lost
        raise PydanticCustomError("text_wanted", "must be a text in quotes")
    # "" is no column, as forms leave it
    return (value,) * bool(value) if isinstance(value, str) else value


def _as_words(value: Any) -> Any:
    """Let a single word be written without brackets, and numbers without quotes."""
    # -9999 is written without quotes in TOML and at the prompt
    several = value if isinstance(value, (list, tuple)) else [value] * (value != "")
    return tuple(str(one) if isinstance(one, (int, float)) else one for one in several)


def _as_pairs(value: Any) -> Any:
    """Keep a mapping as pairs, which cannot be changed."""
    if isinstance(value, str):
        raise PydanticCustomError("section_wanted", "must name columns, as in data.types.zip=category")
    return tuple(value.items()) if isinstance(value, Mapping) else value


def shortly(names: tuple[str, ...]) -> str | list[str]:
    """Return a list of columns as it is written: a single one without brackets."""
    return names[0] if len(names) == 1 else list(names)


Columns = tuple[Annotated[str, Setting("Column", "Name of a column.")], ...]
one_or_several = BeforeValidator(_as_list)
"""Stands behind the setting of a list of columns."""

Parts = Annotated[
    Literal["names", "shares"],
    Setting(
        "Parts",
        "Whether files called train, valid (or dev) and test are the parts of the split.",
        options={"names": "as the names of files say", "shares": "by the shares of the split"},
        fixed=True,
    ),
]
Separator = Annotated[
    Literal["auto", ",", ";", "\t", "|", " ", "\uff0c", "\uff1b", "、"],
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
            "\uff0c": "Chinese comma",
            "\uff1b": "Chinese semicolon",
            "、": "Chinese enumeration comma",
        },
    ),
]
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "latin-1": "Latin-1, Western",
    "windows-1252": "Windows-1252, Western",
    "windows-1250": "Windows-1250, Central European",
    "windows-1251": "Windows-1251, Cyrillic",
    "windows-1253": "Windows-1253, Greek",
    "windows-1254": "Windows-1254, Turkish",
    "windows-1255": "Windows-1255, Hebrew",
    "windows-1256": "Windows-1256, Arabic",
    "windows-874": "Windows-874, Thai",
    "iso-8859-2": "ISO 8859-2, Central European",
    "koi8-r": "KOI8-R, Russian",
    "mac-roman": "Mac Roman, Western",
    "cp850": "Code page 850, DOS",
    "gb18030": "GB18030, Chinese",
    "big5": "Big5, Chinese",
    "shift_jis": "Shift JIS, Japanese",
    "euc-jp": "EUC-JP, Japanese",
    "euc-kr": "EUC-KR, Korean",
}
"""Encodings by the name a setting has for them, and what they are called."""

Encoding = Annotated[
    Literal[
        "auto",
        "utf-8",
        "utf-16",
        "latin-1",
        "windows-1252",
        "windows-1250",
        "windows-1251",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-874",
        "iso-8859-2",
        "koi8-r",
        "mac-roman",
        "cp850",
        "gb18030",
        "big5",
        "shift_jis",
        "euc-jp",
        "euc-kr",
    ],
    Setting(
        "Encoding", "How letters are stored; for text files.", options={"auto": "found out", **ENCODINGS}
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
Thousands = Annotated[
    Literal["auto", ".", ",", " ", "'", "none"],
    Setting(
        "Thousands mark",
        "What stands between groups of three digits: 1,000 or 1.000; for text.",
        options={
            "auto": "found out",
            ".": "point",
            ",": "comma",
            " ": "blank",
            "'": "apostrophe",
            "none": "nothing",
        },
    ),
]
Header = Annotated[
    Literal["auto", "yes", "two", "no"],
    Setting(
        "First row",
        "Whether the first row holds the names of the columns.",
        options={"auto": "found out", "yes": "names", "two": "names in two rows", "no": "data"},
    ),
]
SkipAbove = Annotated[
    Annotated[int, Setting("", "", least=0, most=10_000)] | Literal["auto"],
    Setting(
        "Rows above",
        "Rows above the names that are left out, as titles and notes; auto: found out.",
        unit="rows",
    ),
]
SkipBelow = Annotated[
    Annotated[int, Setting("", "", least=0, most=10_000)] | Literal["auto"],
    Setting(
        "Rows below",
        "Rows between the names and the data that are left out, as units; auto: found out.",
        unit="rows",
    ),
]
Sheet = Annotated[
    str,
    Setting(
        "Sheet",
        "Which table of a file that holds several: the sheet of an Excel workbook, the key of a list in a "
        "JSON file. Empty: the sheet that a spreadsheet shows, if it holds a table, and the longest list.",
        role="sheet",
    ),
]
Missing = Annotated[
    tuple[Annotated[str, Setting("Word", "A word or number that means missing.")], ...],
    Setting(
        "Missing",
        "Words and numbers that mean missing in any column, as NA, -200, -9999. Empty cells always do; "
        "so do NA, null, - and their like among numbers and dates.",
    ),
    BeforeValidator(_as_words),
]
OddCells = Annotated[
    Literal["words", "missing"],
    Setting(
        "Odd cells",
        "What a few cells that are no numbers make of a column of numbers.",
        options={"words": "a column of words", "missing": "they count as missing"},
    ),
]
OtherRows = Annotated[
    Literal["leave_out", "leave_out_likely", "keep"],
    Setting(
        "Other rows",
        "What becomes of totals, notes, comments and repeated names among the rows, and of a second table "
        "below them.",
        options={
            "leave_out": "found out and left out",
            "leave_out_likely": "left out, those in doubt, too",
            "keep": "kept as rows like all others",
        },
    ),
]
Types = Annotated[
    tuple[
        Annotated[tuple[str, ColumnType], Setting("Column and type", "A column and what its cells are.")], ...
    ],
    BeforeValidator(_as_pairs),
    PlainSerializer(dict),
    Setting(
        "Column types",
        "What the cells of a column are, where that is found out wrongly: a number, a positive number (where "
        "0 is missing), numbers of several units in one (800 m beside 1.2 km), the first of several in a "
        "cell, a share (8/10 is 0.8), a duration (3:45 is 225 seconds), the middle of a range (15-25 is "
        "20), a box that is ticked (empty: no), words of which marks as 同上 repeat the row above, a "
        "category (each word an input), several choices a cell (each choice an input), words as they are "
        "written, a date, or left out.",
        role="types",
        options={
            "number": "number",
            "positive": "positive number",
            "measure": "number with unit",
            "first_number": "first number",
            "share": "share",
            "duration": "duration",
            "range": "middle of a range",
            "ticked": "ticked box",
            "as_above": "words, as above",
            "category": "category",
            "choices": "several choices",
            "words": "words",
            "date": "date",
            "leave_out": "leave out",
        },
    ),
]
"""Written as a section: plz = "category"."""

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

LabelSeparator = Annotated[
    Literal["auto", ";", "|", ",", "/", "+", "&", " ", "┋", "、", "\uff1b", "\uff0c", "list", "none"],
    Setting(
        "Between labels",
        "What stands between the labels of a cell that holds several: action;comedy. For multi-label "
        "classification.",
        options={
            "auto": "found out",
            ";": "semicolon",
            "|": "vertical bar",
            ",": "comma",
            "/": "slash",
            "+": "plus",
            "&": "and sign",
            " ": "blank",
            "┋": "dotted bar, as survey services write it",
            "、": "Chinese enumeration comma",
            "\uff1b": "Chinese semicolon",
            "\uff0c": "Chinese comma",
            "list": "as a list: ['action', 'comedy']",
            "none": "nothing: a cell holds one label",
        },
    ),
]

ValidationPath = Annotated[
    str,
    Setting(
        "Validation file",
        "A file or folder of its own, of the same form, that is the validation part; empty: the split makes "
        "one.",
        role="file_or_folder",
    ),
]

TestPath = Annotated[
    str,
    Setting(
        "Test file",
        "A file or folder of its own, of the same form, that is the test part; empty: the split makes one.",
        role="file_or_folder",
    ),
]


def codec(encoding: str) -> str:
    """Return what Python calls an encoding of ours; "auto" stays."""
    wider = {
        "euc-kr": "cp949",
        "shift_jis": "cp932",
        "big5": "cp950",
        "windows-874": "cp874",
    }  # what Windows writes by these names
    # utf-8-sig reads both, with a byte order mark and without
    return {"utf-8": "utf-8-sig", "windows-1252": "cp1252", **wider}.get(encoding, encoding)
