"""Tables in many files: a folder with one file a day, a machine or a person, read as one table."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.files.layouts import is_litter
from engine.data.files.table_folders import LONGEST_LINE, files_alike, tables_in
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.text_tables import read_text_table

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.tables.read.format import TableFormat

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
                "folder. Text tables of the same columns, called alike but for numbers, "
                "as one a day, are read as one",
                folder=folder,
                within=Message(" in it ({names})", names=held) if held else "",
            ),
        )
    made = tempfile.mkdtemp(prefix="ravine-")
    try:
        path = Path(made) / f"{folder.name}{files[0].suffix}"
        _join(files, path)
        table = read_text_table(path, how, targets, report, memory)
    # cancelling, too, must not leave a copy of all the data behind
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    told = Message(
        "the {count} tables of the folder are read as one, in the order of their names, from "
        "{name} to {other}; where each is of another thing (a share, a station, a person), open one of them, "
        "or add a column that says which",
        count=len(files),
        name=files[0].name,
        other=files[-1].name,
    )
    notices = (*[told] * (len(files) > 1), *_others(folder, files), *table.notices)
    return replace(table, notices=notices, written=_kept(table.written, made))


def _join(files: Sequence[Path], path: Path) -> None:
    with path.open("wb") as whole:
        for place, file in enumerate(files):
            with file.open("rb") as part:
                # bounded: what is no text may have no line break in gigabytes
                end = part.readline(LONGEST_LINE)
                if place == 0:
                    whole.write(end)
                while piece := part.read(_PIECE):
                    whole.write(piece)
                    end = piece
            # else the last row of this file and the first of the next became one
            if not end.endswith(b"\n"):
                whole.write(b"\n")


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
