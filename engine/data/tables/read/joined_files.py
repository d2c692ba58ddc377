"""Tables in many files: a folder with one file a day, a machine or a person, read as one table."""

from __future__ import annotations

import codecs
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.files.layouts import is_litter
from engine.data.files.table_folders import LONGEST_LINE, files_alike, tables_in, words_apart
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.text_tables import read_text_table

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.tables.read.format import TableFormat

_COLUMN = ("file", "file name", "name of the file", "which file")
"""What the column is called that says of which file a row is: the first that no column is called."""
_PIECE = 1 << 20
"""Bytes that are copied at once."""


def read_joined(
    folder: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return the tables of a folder below each other. Raises Invalid where they have not the same names.

    They are put into one file, so that what is found out holds for all: marks of numbers, dates, types.
    """
    files = files_alike(folder)
    if not files:
        held = listed([str(table.relative_to(folder)) for table in tables_in(folder)], 5)
        raise refused(
            "data.path",
            Message(
                "{folder} is a folder; choose a file{within}, or for a folder of pictures the kind Picture "
                "folder. Text tables whose first lines hold the same names, as one a day, are read as one",
                folder=folder,
                within=Message(" in it ({names})", names=held) if held else "",
            ),
        )
    made = tempfile.mkdtemp(prefix="ravine-")
    try:
        path = Path(made) / f"{folder.name}{files[0].suffix}"
        words = words_apart(files)
        column = _join(files, path, words)
        table = read_text_table(path, how, targets, report, memory)
        if column and (known := _known_by(table.frame, column)):
            column = known
            _join(files, path, [])
            table = read_text_table(path, how, targets, report, memory)
    # cancelling, too, must not leave a copy of all the data behind
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    told = Message(
        "the {count} tables of the folder are read as one, in the order of their names, from "
        "{name} to {other}; {apart}",
        count=len(files),
        name=files[0].name,
        other=files[-1].name,
        apart=Message("the column {column} says which a row is of", column=column)
        if column
        else Message(
            "where each is of another thing (a share, a station, a person), open one of them, or add a "
            "column that says which"
        ),
    )
    notices = (*[told] * (len(files) > 1), *_others(folder, files), *table.notices)
    return replace(table, notices=notices, written=_kept(table.written, made))


def _join(files: Sequence[Path], path: Path, words: Sequence[str]) -> str:
    """Write the rows of all files below each other, the line of names once; return the name of a column that
    is put before the others, with the word of each file in its rows; "" without `words`.
    """
    with files[0].open("rb") as first:
        head = first.readline(LONGEST_LINE)
    mark = max((b",", b";", b"\t", b"|"), key=head.count)
    # a table of one column has nothing that parts cells
    column = next(name for name in _COLUMN if name.encode() not in head) if words and mark in head else ""
    with path.open("wb") as whole:
        for place, file in enumerate(files):
            before = words[place].encode() + mark if column else b""
            with file.open("rb") as part:
                # bounded: what is no text may have no line break in gigabytes
                names = part.readline(LONGEST_LINE)
                if place == 0:
                    whole.write(_headed(names, column.encode() + mark) if column else names)
                end = _copy(part, whole, before) or names
            # else the last row of this file and the first of the next became one
            if not end.endswith(b"\n"):
                whole.write(b"\n")
    return column


def _headed(names: bytes, before: bytes) -> bytes:
    """Return the line of names with another before them; a mark of the encoding stays first."""
    bare = names.removeprefix(codecs.BOM_UTF8)
    return names[: len(names) - len(bare)] + before + bare


def _copy(part: BinaryIO, whole: BinaryIO, before: bytes) -> bytes:
    """Copy the rows of a file, with something before each; return the end of what was written."""
    end, quoted = b"", False
    if not before:
        while piece := part.read(_PIECE):
            whole.write(piece)
            end = piece
        return end
    while line := part.readline(LONGEST_LINE):
        # a line within quotation marks goes on with a cell, and blank lines stay so
        whole.write(line if quoted or not line.strip() else before + line)
        quoted ^= line.count(b'"') % 2 == 1
        end = line
    return end


def _known_by(frame: pd.DataFrame, column: str) -> str:
    """Return another column that says of each row which file it is of, as the name of a station; else ""."""
    if column not in frame:
        return ""
    count = frame[column].nunique()
    others = [name for name in frame.columns if name != column and frame[name].nunique() == count]
    alike = (name for name in others if frame.groupby([column, name], observed=True).ngroups == count)
    return next(map(str, alike), "")


def _others(folder: Path, files: Sequence[Path]) -> list[str]:
    rest = sorted(path.name for path in folder.iterdir() if path not in files and not is_litter(path.name))
    return [Message("what lies beside them is left out: {listed}", listed=listed(rest))] if rest else []


def _kept(written: Callable[[str], pd.Series[Any]] | None, made: str) -> Callable[[str], pd.Series[Any]]:
    """Return what reads the cells as written, perhaps much later; with it goes the folder that was `made`."""

    def reading(name: str) -> pd.Series[Any]:
        assert written is not None  # text tables have it
        return written(name)

    weakref.finalize(reading, shutil.rmtree, made, ignore_errors=True)
    return reading
