"""Tables in many files: a folder with one file a day, a machine or a person, read as one table."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.files.table_folders import tables_in, words_apart
from engine.data.files.table_parts import Part, kept_aside, table_parts
from engine.data.refusal import refused
from engine.data.tables.raw import Table
from engine.data.tables.read.one_file import is_name_in, takes_columns, write_joined

if TYPE_CHECKING:
    import pandas as pd

_COLUMN = ("file", "file name", "name of the file", "which file")
"""What the column is called that says of which file a row is: the first that no column is called."""
_WRITTEN_BY_PROGRAMS = re.compile(r"part[-_.]?r?-?\d+")
"""Names of files that say nothing of their rows: part-00000-4e13e29e.snappy.parquet."""


def read_joined(folder: Path, read: Callable[[Path], Table]) -> Table:
    """Return the tables of a folder below each other, as `read` reads a file. Raises Invalid where they have
    not the same names.

    They are put into one file, so that what is found out holds for all: marks of numbers, dates, types.
    """
    parts = table_parts(folder)
    if not parts:
        held = listed([str(table.relative_to(folder)) for table in tables_in(folder)], 5)
        raise refused(
            "data.path",
            Message(
                "{folder} is a folder; choose a file{within}, or for a folder of pictures the kind Picture "
                "folder. Tables whose first lines hold the same names, as one a day, are read as one",
                folder=folder,
                within=Message(" in it ({names})", names=held) if held else "",
            ),
        )
    made = tempfile.mkdtemp(prefix="ravine-")
    files = [part.path for part in parts]
    try:
        path = Path(made) / f"{folder.name}{files[0].suffix}"
        parts, column = _with_words(parts)
        write_joined(parts, path)
        table = read(path)
        if column and (known := _known_by(table.frame, column)):
            column = known
            write_joined([Part(one, {}) for one in files], path)
            table = read(path)
    # cancelling, too, must not leave a copy of all the data behind
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    columns = [*parts[0].values] if not column else [column]
    told = Message(
        "the {count} tables of the folder are read as one, in the order of their names, from "
        "{name} to {other}; {apart}",
        count=len(files),
        name=files[0].relative_to(folder),
        other=files[-1].relative_to(folder),
        apart=_told_columns(columns),
    )
    notices = (*[told] * (len(files) > 1), *_others(folder, files), *table.notices)
    return replace(table, notices=notices, written=_kept(table.written, made))


def _told_columns(columns: Sequence[str]) -> Message:
    if not columns:
        return Message(
            "where each is of another thing (a share, a station, a person), open one of them, or add a "
            "column that says which"
        )
    if len(columns) == 1:
        return Message("the column {column} says which a row is of", column=columns[0])
    return Message("the columns {columns} say which a row is of", columns=", ".join(columns))


def _with_words(parts: Sequence[Part]) -> tuple[list[Part], str]:
    """Return the parts with the words by which their names differ, and the column that holds these; "" where
    there are none, or folders say more.
    """
    words = words_apart([part.path for part in parts])
    first = parts[0]
    by_programs = all(_WRITTEN_BY_PROGRAMS.match(part.path.name) for part in parts)
    if not words or first.values or by_programs or not takes_columns(first.path):
        return [*parts], ""
    column = next(name for name in _COLUMN if not is_name_in(name, first.path))
    return [Part(part.path, {column: word}) for part, word in zip(parts, words, strict=True)], column


def _known_by(frame: pd.DataFrame, column: str) -> str:
    """Return another column that says of each row which file it is of, as the name of a station; else ""."""
    if column not in frame:
        return ""
    count = frame[column].nunique()
    others = [name for name in frame.columns if name != column and frame[name].nunique() == count]
    alike = (name for name in others if frame.groupby([column, name], observed=True).ngroups == count)
    return next(map(str, alike), "")


def _others(folder: Path, files: Sequence[Path]) -> list[str]:
    own = {*files, *(above for path in files for above in path.parents)}
    rest = sorted(path.name for path in folder.iterdir() if path not in own and not kept_aside(path.name))
    return [Message("what lies beside them is left out: {listed}", listed=listed(rest))] if rest else []


def _kept(written: Callable[[str], pd.Series[Any]] | None, made: str) -> Callable[[str], pd.Series[Any]]:
    """Return what reads the cells as written, perhaps much later; with it goes the folder that was `made`."""

    def reading(name: str) -> pd.Series[Any]:
        assert written is not None  # text tables have it
        return written(name)

    weakref.finalize(reading, shutil.rmtree, made, ignore_errors=True)
    return reading
