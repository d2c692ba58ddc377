"""History: every number a run produced, at full resolution, in one SQLite file.

Values lie in chunks (first step, stride, count, float32 values). While a run goes on, the file is in WAL mode
and every block is committed before anybody hears of it; at the end it is compacted and taken out of WAL, so
that it opens read-only. What is read is checked like a stranger's: the tables must be exactly ours, and
sizes must match.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Problem
from engine.events import Block, Pictured, Warned
from engine.runs.packing import Malformed, pack_arrays, unpack_arrays

FORMAT = 1
_SCHEMA = {
    "chunks": "CREATE TABLE chunks (series TEXT NOT NULL, first INTEGER NOT NULL, stride INTEGER NOT NULL,"
    " count INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (series, first)) WITHOUT ROWID",
    "pictures": "CREATE TABLE pictures (probe TEXT PRIMARY KEY NOT NULL, step INTEGER NOT NULL,"
    " data BLOB NOT NULL) WITHOUT ROWID",
    "warnings": "CREATE TABLE warnings (number INTEGER PRIMARY KEY, step INTEGER NOT NULL,"
    " text TEXT NOT NULL)",
}
_FULL_CHUNK = 1 << 16
"""Values in a chunk of a compacted history."""
_MANY_CHUNKS = 64
"""So many small chunks of one series are merged while the run goes on."""
_MOST_BYTES = 1 << 28
"""Largest value SQLite may hand over from a file that may be a stranger's."""

_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""What ends a rollback journal of SQLite that names a super-journal."""


@dataclass(frozen=True)
class Column:
    """A whole series: the steps, ascending, and the value at each."""

    steps: NDArray[np.int64]
    values: NDArray[np.float32]


class HistoryWriter:
    """Writes a run's history; one process at a time, which holds the run's lock."""

    def __init__(self, path: Path) -> None:
        """Open the history, making it where there is none. Raises OSError when the disk refuses."""
        _refuse_companions(path)
        self._path = path
        with _disk_errors(path):
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA trusted_schema = OFF")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            if not self._base.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
                self._create()
        _check_schema(self._base, path)
        rows = self._base.execute(
            "SELECT series, COUNT(*) FROM chunks WHERE count < ? GROUP BY series", (_FULL_CHUNK,)
        )
        self._small: dict[str, int] = dict(rows)

    def _create(self) -> None:
        self._base.execute("BEGIN")
        for statement in _SCHEMA.values():
            self._base.execute(statement)
        self._base.execute(f"PRAGMA user_version = {FORMAT}")
        self._base.execute("COMMIT")

    def add(self, blocks: Iterable[Block]) -> None:
        """Commit new values. Raises OSError when the disk is full; what was there before stays."""
        with self._transaction():
            for block in blocks:
                if len(block.values):
                    self._insert(block)
                    self._small[block.series] = self._small.get(block.series, 0) + 1
            for series in [name for name, count in self._small.items() if count >= _MANY_CHUNKS]:
                self._merge(series)

    def picture(self, picture: Pictured) -> None:
        """Commit the newest measurement of a probe in place of the one before. Raises OSError."""
        row = (picture.probe, picture.step, pack_arrays(picture.arrays))
        with self._transaction():
            self._base.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)", row)

    def warn(self, warning: Warned) -> None:
        """Commit a warning. Raises OSError."""
        with self._transaction():
            self._base.execute(
                "INSERT INTO warnings (step, text) VALUES (?, ?)", (warning.step, warning.text)
            )

    def truncate(self, step: int) -> None:
        """Forget everything after `step`, from where the run will go on. Raises OSError."""
        with self._transaction():
            rows = self._base.execute("SELECT * FROM chunks WHERE first + stride * (count - 1) > ?", (step,))
            for block in _blocks(rows.fetchall()):
                self._base.execute(
                    "DELETE FROM chunks WHERE series = ? AND first = ?", (block.series, block.first)
                )
                if left := max(0, (step - block.first) // block.stride + 1):
                    self._insert(Block(block.series, block.first, block.stride, block.values[:left]))
            self._base.execute("DELETE FROM pictures WHERE step > ?", (step,))
            self._base.execute("DELETE FROM warnings WHERE step > ?", (step,))

    def flush(self) -> None:
        """Bring what is committed to the disk, so that it outlives the machine. Raises OSError."""
        with _disk_errors(self._path):
            self._base.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def finish(self) -> None:
        """Merge all chunks and leave WAL: the file then stands alone and opens read-only. Raises OSError."""
        with self._transaction():
            for (series,) in self._base.execute("SELECT DISTINCT series FROM chunks").fetchall():
                self._merge(series)
        with _disk_errors(self._path):
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._base.execute("PRAGMA journal_mode = DELETE").fetchall()
            self._base.execute("VACUUM")

    def series(self, prefix: str = "") -> dict[str, list[float]]:
        """Return the values of every series whose name holds a dot, those of epochs; for resuming."""
        names = [
            row[0] for row in self._base.execute("SELECT DISTINCT series FROM chunks WHERE series LIKE '%.%'")
        ]
        return {name: _column(self._base, name).values.tolist() for name in names if name.startswith(prefix)}

    def last_step(self, series: str) -> int:
        """Return the step of the newest value of a series, 0 where there is none."""
        row = self._base.execute(
            "SELECT MAX(first + stride * (count - 1)) FROM chunks WHERE series = ?", (series,)
        ).fetchone()
        return row[0] or 0

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _insert(self, block: Block) -> None:
        values = np.ascontiguousarray(block.values, "<f4")
        row = (block.series, int(block.first), int(block.stride), len(values), values.tobytes())
        self._base.execute("INSERT INTO chunks VALUES (?, ?, ?, ?, ?)", row)

    def _merge(self, series: str) -> None:
        """Merge neighbouring chunks of a series that are not full into chunks as full as they can be."""
        rows = self._base.execute("SELECT * FROM chunks WHERE series = ? ORDER BY first", (series,))
        small = [block for block in _blocks(rows) if len(block.values) < _FULL_CHUNK]
        for block in small:
            self._base.execute("DELETE FROM chunks WHERE series = ? AND first = ?", (series, block.first))
        left = 0
        for block in joined(small):
            for start in range(0, len(block.values), _FULL_CHUNK):
                values = block.values[start : start + _FULL_CHUNK]
                self._insert(Block(series, block.first + start * block.stride, block.stride, values))
                left += len(values) < _FULL_CHUNK
        self._small[series] = left

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _disk_errors(self._path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise


class HistoryReader:
    """Reads a run's history, also one in the making and a stranger's. Every method may raise Invalid."""

    def __init__(self, path: Path) -> None:
        """Open the history read-only; raises Invalid when it is missing or not one of ours."""
        if path.is_symlink() or not path.is_file():
            raise Invalid([Problem(path.name, "is missing from the run folder, or a link")])
        self._path = path
        try:
            _refuse_companions(path)
            self._base = _read_only(path)
        except (sqlite3.Error, OSError) as error:
            raise _unreadable(path, error) from None

    def names(self) -> tuple[str, ...]:
        """Return the names of the series, sorted."""
        return tuple(str(row[0]) for row in self._rows("SELECT DISTINCT series FROM chunks ORDER BY series"))

    def blocks(self, after: int = 0) -> tuple[Block, ...]:
        """Return all values at steps greater than `after`, series by series, joined to long blocks."""
        rows = self._rows(
            "SELECT * FROM chunks WHERE first + stride * (count - 1) > ? ORDER BY series, first", (after,)
        )
        return tuple(cut for block in joined(_blocks(rows)) if len((cut := _after(block, after)).values))

    def column(self, series: str) -> Column:
        """Return one series as steps and values; empty where there is none."""
        return _joined_column(
            _blocks(self._rows("SELECT * FROM chunks WHERE series = ? ORDER BY first", (series,)))
        )

    def pictures(self) -> tuple[Pictured, ...]:
        """Return the newest measurement of every probe."""
        rows = self._rows("SELECT probe, step, data FROM pictures ORDER BY probe")
        try:
            return tuple(Pictured(str(probe), int(step), unpack_arrays(data)) for probe, step, data in rows)
        except (Malformed, ValueError, TypeError) as error:
            raise _unreadable(self._path, error) from None

    def warnings(self) -> tuple[Warned, ...]:
        """Return the warnings in the order in which they were said."""
        rows = self._rows("SELECT step, text FROM warnings ORDER BY number")
        if not all(isinstance(step, int) and isinstance(text, str) for step, text in rows):
            raise _unreadable(self._path, "a warning is no text")
        return tuple(Warned(step, text) for step, text in rows)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, question: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self._base.execute(question, values).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            raise _unreadable(self._path, error) from None


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


def _after(block: Block, step: int) -> Block:
    skipped = max(0, (step - block.first) // block.stride + 1)
    if not skipped:
        return block
    return Block(block.series, block.first + skipped * block.stride, block.stride, block.values[skipped:])


def _blocks(rows: Iterable[Any]) -> Iterator[Block]:
    """Yield the chunks in rows of the table; raises Invalid where sizes do not match."""
    for series, first, stride, count, data in rows:
        whole = all(type(number) is int and 0 < number < 2**53 for number in (first, stride, count))
        if not whole or not isinstance(series, str) or not isinstance(data, bytes) or len(data) != 4 * count:
            raise Invalid(
                [Problem("history.sqlite", f"is damaged: the sizes of a chunk of {series!r} do not match")]
            )
        yield Block(series, first, stride, np.frombuffer(data, "<f4").astype(np.float32, copy=False))


def _column(base: sqlite3.Connection, series: str) -> Column:
    return _joined_column(
        _blocks(base.execute("SELECT * FROM chunks WHERE series = ? ORDER BY first", (series,)))
    )


def _joined_column(blocks: Iterable[Block]) -> Column:
    kept = list(blocks)
    steps = [block.first + block.stride * np.arange(len(block.values), dtype=np.int64) for block in kept]
    return Column(
        np.concatenate([np.empty(0, np.int64), *steps]),
        np.concatenate([np.empty(0, np.float32), *(block.values for block in kept)]),
    )


def _read_only(path: Path) -> sqlite3.Connection:
    """Open a database that may be a stranger's: nothing in it is run, nothing is written."""
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError:
        # A killed run stays in WAL mode, which a read-only disk cannot serve: read what is compacted.
        return _connect(path, "immutable=1")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
    try:
        _distrust(base)
        _check_schema(base, path)
    except (sqlite3.Error, Invalid):
        base.close()
        raise
    return base


def _distrust(base: sqlite3.Connection) -> None:
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    base.execute("PRAGMA query_only = ON")


def _check_schema(base: sqlite3.Connection, path: Path) -> None:
    """Raise Invalid unless the file holds exactly our tables: no view, trigger or computed column."""
    version = base.execute("PRAGMA user_version").fetchone()[0]
    found = dict(base.execute("SELECT name, sql FROM sqlite_schema").fetchall())
    if version > FORMAT:
        raise Invalid(
            [Problem(path.name, f"was written by a newer version (format {version}); update to read it")]
        )
    if version != FORMAT or found != _SCHEMA:
        raise Invalid([Problem(path.name, "is not the history of a run")])


def _refuse_companions(path: Path) -> None:
    """Raise OSError where the files that SQLite would write through lead elsewhere, or name other files.

    A journal that was left behind may name a "super-journal" anywhere on the disk, which SQLite would remove.
    """
    for ending in ("", "-wal", "-shm", "-journal"):
        place = path.with_name(path.name + ending)
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise OSError(f"{place} is a link or no file; a run folder holds files of its own only")
    journal = path.with_name(path.name + "-journal")
    if journal.exists():
        with journal.open("rb") as file:
            file.seek(max(0, journal.stat().st_size - len(_JOURNAL_MAGIC)))
            names_another = file.read() == _JOURNAL_MAGIC
        if names_another:
            raise OSError(f"{journal} names another file and is not ours; remove it to go on")


def _unreadable(path: Path, why: object) -> Invalid:
    return Invalid([Problem(path.name, f"is damaged or no history of a run ({why})")])


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a full or failing disk into OSError, and of a damaged file into Invalid."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(f"{path}: {error}") from None
        raise _unreadable(path, error) from None
