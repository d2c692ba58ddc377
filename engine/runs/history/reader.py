"""History: every number a run produced, at full resolution, in one SQLite file.

Values lie in chunks (first step, stride, count, float32 values). While a run goes on, the file is in WAL mode
and every block is committed before anybody hears of it; at the end it is compacted into a new file, out of
WAL, which takes the place of the old and opens read-only (`history_writer`).
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from engine.choices import Invalid, Problem
from engine.events import Block, Reading, Warned
from engine.runs.history.file import (
    BUSY,
    StoredSeries,
    blocks_in,
    check_schema,
    code_of,
    distrust,
    joined,
    joined_column,
    refuse_companions,
    unreadable,
)
from engine.runs.history.packing import Malformed, Unfitting
from engine.runs.history.readings import unpack_found
from engine.runs.temporary import temporary_folder


class HistoryReader:
    """Reads a run's history, also one in the making and a stranger's. Every method may raise Invalid."""

    def __init__(self, path: Path) -> None:
        """Open the history read-only; raises Invalid when it is missing or not one of ours."""
        if path.is_symlink() or not path.is_file():
            raise Invalid([Problem(path.name, "is missing from the run folder, or a link")])
        self._path = path
        try:
            refuse_companions(path)
            self._base, self._copy = _open(path)
        except (sqlite3.Error, OSError) as error:
            raise unreadable(path, error) from None

    def names(self) -> tuple[str, ...]:
        """Return the names of the series, sorted."""
        return tuple(str(row[0]) for row in self._rows("SELECT DISTINCT series FROM chunks ORDER BY series"))

    def blocks(self, after: int = 0) -> tuple[Block, ...]:
        """Return all values at steps greater than `after`, series by series, joined to long blocks."""
        rows = self._rows(
            "SELECT * FROM chunks WHERE first + stride * (count - 1) > ? ORDER BY series, first", (after,)
        )
        return tuple(cut for block in joined(blocks_in(rows)) if len((cut := _after(block, after)).values))

    def column(self, series: str) -> StoredSeries:
        """Return one series as steps and values; empty where there is none."""
        return joined_column(
            blocks_in(self._rows("SELECT * FROM chunks WHERE series = ? ORDER BY first", (series,)))
        )

    def last_step(self, series: str) -> int:
        """Return the step of the newest value of a series, 0 where there is none."""
        question = "SELECT MAX(first + stride * (count - 1)) FROM chunks WHERE series = ?"
        ((last,),) = self._rows(question, (series,))
        return int(last or 0)

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest reading of every probe, but those that this version does not understand."""
        rows = self._rows("SELECT probe, step, data FROM pictures ORDER BY probe")
        found = []
        for probe, step, data in rows:
            try:
                with suppress(Unfitting):  # of a probe of another version: its panel says that there is none
                    found.append(Reading(str(probe), int(step), unpack_found(str(probe), data)))
            except (Malformed, ValueError, TypeError) as error:
                raise unreadable(self._path, error) from None
        return tuple(found)

    def warnings(self) -> tuple[Warned, ...]:
        """Return the warnings in the order in which they were said."""
        rows = self._rows("SELECT step, text FROM warnings ORDER BY number")
        if not all(isinstance(step, int) and isinstance(text, str) for step, text in rows):
            raise unreadable(self._path, "a warning is no text")
        return tuple(Warned(step, text) for step, text in rows)

    def copy_to(self, path: Path) -> None:
        """Write all that is in the history into one new file, which needs no journal. Raises Invalid."""
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._base.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise unreadable(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        self._base.close()
        if self._copy is not None:
            self._copy.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, question: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self._base.execute(question, values).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            # OverflowError: SQLite has no number for a step beyond 64 bits
            raise unreadable(self._path, error) from None


def _after(block: Block, step: int) -> Block:
    skipped = max(0, (step - block.first) // block.stride + 1)
    if not skipped:
        return block
    return Block(block.series, block.first + skipped * block.stride, block.stride, block.values[skipped:])


def _open(path: Path) -> tuple[sqlite3.Connection, TemporaryDirectory[str] | None]:
    """Open a database that may be a stranger's: nothing in it is run, nothing is written.

    A run that was killed may have left a journal without which its file means nothing. Where that cannot be
    applied, for instance on a disk that cannot be written, it is applied to a copy, whose folder is returned.
    """
    try:
        return _connect(path, "mode=ro"), None
    except sqlite3.OperationalError as error:
        if code_of(error) in BUSY:
            raise  # copied while another program writes, the file would be torn
    journals = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
    left = [journal for journal in journals if journal.exists() and journal.stat().st_size]
    if not left:  # all is in the file itself, which only stands in WAL mode
        return _connect(path, "mode=ro&immutable=1"), None
    folder = temporary_folder()
    try:
        for file in (path, *left):
            # copy keeps the mode, and a read-only copy could not be repaired
            Path(shutil.copy(file, folder.name)).chmod(0o600)
        # writable: only then SQLite rolls a journal back
        return _connect(Path(folder.name) / path.name, "mode=rw"), folder
    except BaseException:
        folder.cleanup()
        raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # as_uri escapes ? and #, which would end the path
    base = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
    try:
        distrust(base)
        check_schema(base, path)
    except (sqlite3.Error, Invalid):
        base.close()
        raise
    return base
