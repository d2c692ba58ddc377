"""Writing a run's history while it goes on, and compacting it at the end."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Self

import numpy as np

from engine.atomic import replace, sync_folder, write_bytes
from engine.choices import kind_of
from engine.events import MOST_OF_A_KIND, Block, Reading, Warned
from engine.runs.history.file import (
    FULL_CHUNK,
    MANY_CHUNKS,
    Busy,
    blocks_in,
    check_schema,
    column_of,
    create_tables,
    disk_errors,
    empty_history,
    joined,
    refuse_companions,
)
from engine.runs.history.readings import pack_found

_HURRY = 0.05
"""Seconds for which the training waits when another program holds the file."""
_CHECKPOINT = 5.0
"""Seconds for which a checkpoint waits for it."""
_PATIENCE = 60.0
"""Seconds for which the beginning and the end of a run wait for it."""


class HistoryWriter:
    """Writes a run's history; one process at a time, which holds the run's lock.

    Nothing that was written is taken away by a run that is gone on with: steps that it takes again are
    written again in their place, and what lies beyond stays until they have come so far (`take_again`).
    """

    def __init__(self, path: Path) -> None:
        """Open the history, making it where there is none. Raises OSError when the disk refuses."""
        refuse_companions(path)
        self._path = path
        self._waiting: dict[object, Callable[[], object]] = {}
        """What could not be written yet, in order, by what replaces it when it comes again."""
        with disk_errors(path):
            if (
                not path.exists()
            ):  # whole or not there: SQLite itself would make the file first, then its tables
                write_bytes(path, empty_history())
            # Transactions are ours (isolation_level): Python's own begin at the first INSERT only.
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._wait_at_most(_PATIENCE)
            self._base.execute("PRAGMA trusted_schema = OFF")
            self._base.execute("PRAGMA journal_mode = WAL")
            # A process that is killed loses nothing so; only a machine that dies loses what was not flushed.
            self._base.execute("PRAGMA synchronous = NORMAL")
            if not self._base.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
                create_tables(self._base)  # an earlier version was killed while it made the file
            check_schema(self._base, path)
            rows = self._base.execute(
                "SELECT series, COUNT(*) FROM chunks WHERE count < ? GROUP BY series", (FULL_CHUNK,)
            )
            self._small: dict[str, int] = dict(rows)
            self._wait_at_most(_HURRY)
        self._said = self._shown = 0
        """Steps up to `_said` are written by this process; beyond, up to `_shown`, by one before."""

    def add(self, blocks: Iterable[Block]) -> None:
        """Commit new values. Raises OSError when the disk is full; what was there before stays."""
        kept = [block for block in blocks if len(block.values)]
        # a key that equals no other: values wait beside one another, only readings replace one another
        self._commit(object(), lambda: self._insert_all(kept))

    def read(self, reading: Reading) -> None:
        """Commit a reading in place of that of the same probe before. Raises OSError."""
        row = (reading.probe, reading.step, pack_found(reading.found))
        kind = kind_of(reading.probe)
        newer = "SELECT 1 FROM pictures WHERE probe = ? AND step > ?"

        def replaced() -> None:
            if self._base.execute(newer, row[:2]).fetchone():
                return  # of a step that is taken again
            self._base.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)", row)
            # whoever turns an option leaves a reading at each stop: the oldest of a kind go
            alike = "SELECT probe FROM pictures WHERE probe = ? OR probe GLOB ?"
            older = f"{alike} ORDER BY step DESC LIMIT -1 OFFSET {MOST_OF_A_KIND}"
            self._base.execute(f"DELETE FROM pictures WHERE probe IN ({older})", (kind, f"{kind}(*"))

        self._commit(reading.probe, replaced)

    def warn(self, warning: Warned) -> None:
        """Commit a warning. Raises OSError."""
        row = (warning.step, warning.text)
        # a step that is taken again warns of the same again
        new = "WHERE ? > ? OR NOT EXISTS (SELECT 1 FROM warnings WHERE step = ? AND text = ?)"
        statement = f"INSERT INTO warnings (step, text) SELECT ?, ? {new}"
        values = (*row, warning.step, self._shown, *row)
        self._commit(object(), lambda: self._base.execute(statement, values))

    def take_again(self, step: int) -> None:
        """Expect the steps after `step` again, by the same recipe, as the run is gone on with from there."""
        (last,) = self._base.execute("SELECT MAX(first + stride * (count - 1)) FROM chunks").fetchone()
        self._said, self._shown = step, last or 0

    def forget_beyond(self) -> None:
        """Forget what lies beyond the steps that were taken again: it will not come. Raises OSError."""
        if self._said < self._shown:
            self.truncate(self._said)

    def truncate(self, step: int) -> None:
        """Forget everything after `step`: the run goes back there, to take another way. Raises OSError."""
        self._said = self._shown = step
        with self._patient(_PATIENCE):
            # what waits may be of later steps
            self._write_waiting()
        with self._patient(_PATIENCE), self._transaction():
            rows = self._base.execute("SELECT * FROM chunks WHERE first + stride * (count - 1) > ?", (step,))
            for block in blocks_in(rows.fetchall()):
                self._base.execute(
                    "DELETE FROM chunks WHERE series = ? AND first = ?", (block.series, block.first)
                )
                # a chunk may straddle the step: its first values are still true
                if left := max(0, (step - block.first) // block.stride + 1):
                    self._insert(Block(block.series, block.first, block.stride, block.values[:left]))
            self._base.execute("DELETE FROM pictures WHERE step > ?", (step,))
            self._base.execute("DELETE FROM warnings WHERE step > ?", (step,))

    def flush(self) -> bool:
        """Bring what was added to the disk, so that it outlives the machine; return whether all is there.

        It is not where another program holds the file. Raises OSError where the disk refuses.
        """
        with suppress(Busy), self._patient(_CHECKPOINT):
            self._write_waiting()
        with suppress(Busy), disk_errors(self._path):
            # passive: it waits for no reader, and what it leaves behind is whole in the WAL
            self._base.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return not self._waiting

    def finish(self) -> None:
        """Merge all chunks into a new file, which stands alone and opens read-only, and close.

        Where another program is just reading, or the disk has no room for both, all stays in the old file.
        Raises OSError where not even that could be written.
        """
        with self._patient(_PATIENCE):
            self._write_waiting()
        alone = False
        # merging only saves room: where the disk refuses, every value is there without it
        with suppress(OSError), self._transaction():
            for (series,) in self._base.execute("SELECT DISTINCT series FROM chunks").fetchall():
                self._merge(series)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        draft.unlink(missing_ok=True)
        with suppress(sqlite3.Error, OSError):
            # Nothing may be left in the WAL: it would be taken for that of the new file.
            busy, _, _ = self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
                    self._base.backup(copy)
                    # In WAL mode it could not be opened where its folder is read-only.
                    copy.execute("PRAGMA journal_mode = DELETE")
                    # a backup carries along the free pages that merging left
                    copy.execute("VACUUM")
                alone = True
        self.close()
        try:
            if alone:
                self._take_place(draft)
        except OSError:
            return  # somebody opened the old file meanwhile, which only Windows minds: it has everything
        finally:
            draft.unlink(missing_ok=True)

    def _take_place(self, draft: Path) -> None:
        companions = [self._path.with_name(self._path.name + ending) for ending in ("-wal", "-shm")]
        if any(path.name.endswith("-wal") and path.exists() and path.stat().st_size for path in companions):
            return  # a reader came in between and something is in the WAL again
        # for writing: Windows flushes no other handle
        with draft.open("r+b") as file:
            os.fsync(file.fileno())
        replace(draft, self._path)
        for path in companions:
            path.unlink(missing_ok=True)
        sync_folder(self._path.parent)

    def series(self, prefix: str = "") -> dict[str, list[float]]:
        """Return the values of every series whose name holds a dot, those of epochs; for resuming."""
        names = [
            row[0] for row in self._base.execute("SELECT DISTINCT series FROM chunks WHERE series LIKE '%.%'")
        ]
        chosen = [name for name in names if name.startswith(prefix)]
        return {name: column_of(self._base, name).values.tolist() for name in chosen}

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
        small = [block for block in blocks_in(rows) if len(block.values) < FULL_CHUNK]
        for block in small:
            self._base.execute("DELETE FROM chunks WHERE series = ? AND first = ?", (series, block.first))
        left = 0
        for block in joined(small):
            for start in range(0, len(block.values), FULL_CHUNK):
                values = block.values[start : start + FULL_CHUNK]
                self._insert(Block(series, block.first + start * block.stride, block.stride, values))
                left += len(values) < FULL_CHUNK
        self._small[series] = left

    def _make_room(self, block: Block) -> None:
        """Take what was written before at the steps of a block out of the chunks there."""
        last = _last(block)
        rows = self._base.execute(
            "SELECT * FROM chunks WHERE series = ? AND first <= ? AND first + stride * (count - 1) >= ?",
            (block.series, last, block.first),
        )
        for old in blocks_in(rows.fetchall()):
            self._base.execute("DELETE FROM chunks WHERE series = ? AND first = ?", (old.series, old.first))
            before = max(0, -((old.first - block.first) // old.stride))
            upto = (last - old.first) // old.stride + 1
            for start, values in ((0, old.values[:before]), (upto, old.values[upto:])):
                if len(values):
                    self._insert(Block(old.series, old.first + start * old.stride, old.stride, values))
                    self._small[old.series] = self._small.get(old.series, 0) + 1

    def _insert_all(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block.first <= self._shown:
                self._make_room(block)
            self._insert(block)
            self._said = max(self._said, _last(block))
            self._small[block.series] = self._small.get(block.series, 0) + 1
        for series in [name for name, count in self._small.items() if count >= MANY_CHUNKS]:
            self._merge(series)

    def _commit(self, key: object, write: Callable[[], object]) -> None:
        """Write, or let it wait with what waits already where another program holds the file."""
        self._waiting[key] = write
        with suppress(Busy):
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._waiting:
            with self._transaction():
                for write in self._waiting.values():
                    write()
            self._waiting = {}

    @contextmanager
    def _patient(self, seconds: float) -> Iterator[None]:
        """Wait in here for so long for another program that holds the file."""
        self._wait_at_most(seconds)
        try:
            yield
        finally:
            self._wait_at_most(_HURRY)

    def _wait_at_most(self, seconds: float) -> None:
        # a PRAGMA takes no bound values
        self._base.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        small = dict(self._small)
        with disk_errors(self._path):
            # At once: SQLite lets nobody wait who reads already and then wants to write.
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                # what was merged is not merged after all
                self._small = small
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise


def _last(block: Block) -> int:
    """Return the step of the newest value of a block."""
    return block.first + block.stride * (len(block.values) - 1)
