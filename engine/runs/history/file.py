"""The file of a history: its tables, what SQLite says of a disk, and chunks as blocks of values.

What is read is checked like a stranger's: the tables must be exactly ours, and sizes must match.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.events import Block

FORMAT = 1
SCHEMA = {
    "chunks": "CREATE TABLE chunks (series TEXT NOT NULL, first INTEGER NOT NULL, stride INTEGER NOT NULL,"
    " count INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (series, first)) WITHOUT ROWID",
    "pictures": "CREATE TABLE pictures (probe TEXT PRIMARY KEY NOT NULL, step INTEGER NOT NULL,"
    " data BLOB NOT NULL) WITHOUT ROWID",
    "warnings": "CREATE TABLE warnings (number INTEGER PRIMARY KEY, step INTEGER NOT NULL,"
    " text TEXT NOT NULL)",
}
FULL_CHUNK = 1 << 16
"""Values in a chunk of a compacted history."""
MANY_CHUNKS = 64
"""So many small chunks of one series are merged while the run goes on."""
_MOST_BYTES = 1 << 28
"""Largest value SQLite may hand over from a file that may be a stranger's."""

_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""What ends a rollback journal of SQLite that names a super-journal."""

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""What SQLite says when another program holds the file."""
_NUMBERS = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_READONLY: errno.EROFS}
"""What the system calls what SQLite says of a disk."""


class Busy(OSError):
    """Another program holds the file."""


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's number for an error; 0 where Python raised it: of bytes that are no text, say."""
    # extended codes have the plain one in their lowest byte (SQLite, "Result and Error Codes")
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@dataclass(frozen=True)
class StoredSeries:
    """A whole series: the steps, ascending, and the value at each."""

    steps: NDArray[np.int64]
    values: NDArray[np.float32]


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a full or failing disk into OSError, and of a damaged file into Invalid."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = code_of(error)
        if code in BUSY:
            raise Busy(errno.EBUSY, "another program holds the file", str(path)) from None
        # with a code this class speaks of disk and system; all else speaks of what is in the file
        if code and isinstance(error, sqlite3.OperationalError):
            raise OSError(_NUMBERS.get(code, errno.EIO), str(error), str(path)) from None
        raise unreadable(path, error) from None


def unreadable(path: Path, why: object) -> Invalid:
    """Return what is wrong with a history that cannot be read."""
    if isinstance(why, sqlite3.Error) and code_of(why) in BUSY:
        return Invalid([Problem(path.name, "is held by another program just now; close that and try again")])
    return Invalid([Problem(path.name, Message("is damaged or no history of a run ({why})", why=str(why)))])


def create_tables(base: sqlite3.Connection) -> None:
    """Make our tables, all or none, in a database that holds none."""
    base.execute("BEGIN")
    for statement in SCHEMA.values():
        base.execute(statement)
    base.execute(f"PRAGMA user_version = {FORMAT}")
    base.execute("COMMIT")


def empty_history() -> bytes:
    """Return the content of the file of a history without values."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        create_tables(base)
        return base.serialize()


def distrust(base: sqlite3.Connection) -> None:
    """Let a connection run nothing that stands in the file, and write nothing."""
    # A stranger's file may claim values of any size.
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    # Else functions in a view or an index of the file would run when it is read.
    base.execute("PRAGMA trusted_schema = OFF")
    # a damaged page is refused when it is read, and not followed first
    base.execute("PRAGMA cell_size_check = ON")
    base.execute("PRAGMA query_only = ON")


def check_schema(base: sqlite3.Connection, path: Path) -> None:
    """Raise Invalid unless the file holds exactly our tables: no view, trigger or computed column."""
    version = base.execute("PRAGMA user_version").fetchone()[0]
    try:
        # SQLite keeps the text of CREATE as it was given, so that a plain comparison finds every addition
        found = dict(base.execute("SELECT name, sql FROM sqlite_schema").fetchall())
    except UnicodeDecodeError:  # names that are no text are not ours
        found = {}
    if version > FORMAT:
        raise Invalid(
            [
                Problem(
                    path.name,
                    Message(
                        "was written by a newer version (format {version}); update to read it",
                        version=version,
                    ),
                )
            ]
        )
    if version != FORMAT or found != SCHEMA:
        raise Invalid([Problem(path.name, "is not the history of a run")])


def refuse_companions(path: Path) -> None:
    """Raise OSError where the files that SQLite would write through lead elsewhere, or name other files.

    A journal that was left behind may name a "super-journal" anywhere on the disk, which SQLite would remove.
    """
    for ending in ("", "-wal", "-shm", "-journal"):
        place = path.with_name(path.name + ending)
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise OSError(
                Message("{place} is a link or no file; a run folder holds files of its own only", place=place)
            )
    journal = path.with_name(path.name + "-journal")
    if journal.exists():
        with journal.open("rb") as file:
            file.seek(max(0, journal.stat().st_size - len(_JOURNAL_MAGIC)))
            names_another = file.read() == _JOURNAL_MAGIC
        if names_another:
            raise OSError(
                Message("{journal} names another file and is not ours; remove it to go on", journal=journal)
            )


def blocks_in(rows: Iterable[Any]) -> Iterator[Block]:
    """Yield the chunks in rows of the table; raises Invalid where sizes do not match."""
    for series, first, stride, count, data in rows:
        whole = all(type(number) is int and 0 < number < 2**53 for number in (first, stride, count))
        if not whole or not isinstance(series, str) or not isinstance(data, bytes) or len(data) != 4 * count:
            raise Invalid(
                [
                    Problem(
                        "history.sqlite",
                        Message("is damaged: the sizes of a chunk of {series!r} do not match", series=series),
                    )
                ]
            )
        # little-endian in the file, whatever the machine
        yield Block(series, first, stride, np.frombuffer(data, "<f4").astype(np.float32, copy=False))


def column_of(base: sqlite3.Connection, series: str) -> StoredSeries:
    """Return one series of a database as steps and values; empty where there is none."""
    return joined_column(
        blocks_in(base.execute("SELECT * FROM chunks WHERE series = ? ORDER BY first", (series,)))
    )


def joined_column(blocks: Iterable[Block]) -> StoredSeries:
    """Return blocks of one series, in order, as steps and values."""
    kept = list(blocks)
    steps = [block.first + block.stride * np.arange(len(block.values), dtype=np.int64) for block in kept]
    return StoredSeries(
        # concatenate refuses an empty list; the empty array also fixes the element type
        np.concatenate([np.empty(0, np.int64), *steps]),
        np.concatenate([np.empty(0, np.float32), *(block.values for block in kept)]),
    )


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the same values in as few blocks as possible; neighbours that continue each other are joined."""
    run: list[Block] = []
    for block in blocks:
        if run and not _continues(run[-1], block):
            yield _concatenated(run)
            run = []
        run.append(block)
    if run:
        yield _concatenated(run)


def _continues(one: Block, next_: Block) -> bool:
    return (
        one.series == next_.series
        and one.stride == next_.stride
        and one.first + one.stride * len(one.values) == next_.first
    )


def _concatenated(run: list[Block]) -> Block:
    if len(run) == 1:
        return run[0]
    return Block(run[0].series, run[0].first, run[0].stride, np.concatenate([block.values for block in run]))
