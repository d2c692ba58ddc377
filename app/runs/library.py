"""The library: every run of the runs folder, read in another thread and kept up to date."""

from __future__ import annotations

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QFile, QFileSystemWatcher, QObject, QTimer, Signal

from app.document.record import RunRecord
from app.document.runs_meant import TrainedBeside
from app.language.words import tr
from app.link.background import Background
from app.runs.colours import Colours, colours_of
from app.runs.rows import RESUMABLE, Details, RunRow, key_of, read_details
from engine.events import AT_REST
from engine.runs.folder import RunFolder
from engine.runs.lists.listing import RunEntry, list_runs
from engine.runs.status import is_worked_on

_CHUNK = 24
"""Runs whose details are read at a time."""
_MOST_WATCHED = 64
"""So many of the newest runs are seen to go on by another process: each takes a watch of the system."""
_LIVE_MILLISECONDS = 2_000
_TOLD_MILLISECONDS = 500
_SETTLING_MILLISECONDS = 150

Found = list[tuple[RunEntry, Details]]
Listing = tuple[Path, tuple[RunEntry, ...], Colours]


def numbered(entries: Sequence[RunEntry], colours: Colours) -> tuple[RunEntry, ...]:
    """Return the entries with those of one name told apart: "Digits #3", the third run of this folder.

    The number is that of the run's colour and stays its own, whatever becomes of the others of its name.
    """
    alone = {name for name, count in Counter(entry.name for entry in entries).items() if count == 1}
    return tuple(
        entry
        if entry.name in alone
        else replace(entry, name=f"{entry.name} #{colours.get(os.path.basename(entry.folder), 0) + 1}")
        for entry in entries
    )


def thrown_away(path: Path) -> bool:
    """Put a folder into the waste basket; return whether there is one that took it."""
    return QFile(str(path)).moveToTrash()


class NoWasteBasket(OSError):
    """There is no waste basket that could take a run, on a USB stick or a network disk for instance."""


class Library(QObject):
    """The runs of a folder. Lists read it; nothing else opens the folder for them."""

    listed = Signal()
    """`entries` is new."""
    detailed = Signal(list)
    """The details of some runs were read: (folder, details) of each."""
    renewed = Signal(object)
    """The row of the run in training is new."""
    failed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._rows: dict[str, RunRow] = {}
        self._known: dict[str, tuple[object, Details]] = {}
        self._waiting: Iterator[Sequence[RunEntry]] = iter(())
        self._colours: Colours = {}
        self._live: RunRecord | None = None
        self._own: set[str] = set()
        """The folders of the runs that this window trains or has trained, until a list says of an end."""
        self._queued: Mapping[str, bool] | None = None
        """The runs of the queue by the names of their folders, and which are held; None: nobody has said."""
        self._lister: Background[Listing] = Background(self)
        self._late = False
        self._reader: Background[Found] = Background(self)
        self._lister.done.connect(self._take)
        self._lister.failed.connect(self._fail)
        self._reader.done.connect(self._detail)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLING_MILLISECONDS)
        self._soon.timeout.connect(self._read)
        self._clock = QTimer(self, interval=_LIVE_MILLISECONDS)
        self._clock.timeout.connect(self._tick)
        self._teller = QTimer(self, interval=_TOLD_MILLISECONDS)
        self._teller.timeout.connect(self._tell_live)
        self._watcher = QFileSystemWatcher(self)  # runs also begin and end without this window
        self._watcher.directoryChanged.connect(self.refresh)
        self.entries: tuple[RunEntry, ...] = ()
        self.read_once = False
        """Whether the folder has been read at all."""

    @property
    def folder(self) -> Path:
        return self._folder

    def set_folder(self, folder: Path) -> None:
        self._folder, self.entries, self._rows, self.read_once = folder, (), {}, False
        self.listed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Read the list again, soon."""
        self._soon.start()

    def set_live(self, record: RunRecord | None) -> None:
        """Say which run is in training in this window: its row then says what its curve says."""
        self._live = record
        if record is not None:
            self._own.add(str(Path(record.folder)))
        if record is None:
            self._teller.stop()
        else:
            self._teller.start()

    def set_queued(self, queued: Mapping[str, bool]) -> None:
        """Say which runs wait in the queue, by the names of their folders, and which of them are held."""
        if queued != self._queued:
            self._queued = queued
            self._rows = {folder: self._row(row.entry) for folder, row in self._rows.items()}
            self.listed.emit()

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """Return every run as lists show it, the newest first."""
        return tuple(self._rows.values())

    def _row(self, entry: RunEntry) -> RunRow:
        # Paths are compared and parted as text: the folder is read every two seconds while something trains,
        # and a Path for each of 10,000 runs kept the window waiting for 0.2 s.
        colour = self._colours.get(os.path.basename(entry.folder), 0)
        name = os.path.basename(entry.folder)
        known = self._known.get(entry.folder, (None, None))[1]
        return RunRow(entry, known, colour, self._place_of(name) if entry.state == "waiting" else "")

    def _place_of(self, name: str) -> Literal["", "waits", "held", "not"]:
        """Return how a run that has not begun stands in the queue."""
        if self._queued is None:
            return ""
        return "not" if name not in self._queued else "held" if self._queued[name] else "waits"

    @property
    def others(self) -> tuple[TrainedBeside, ...]:
        """Return what other processes train in this folder, the newest first."""
        trained = (row.entry for row in self._rows.values() if row.entry.state not in AT_REST)
        return tuple(
            TrainedBeside(entry.folder, entry.name, entry.state, entry.step, entry.epoch, entry.epochs)
            for entry in trained
            if entry.folder not in self._own
        )

    def _live_row(self) -> RunRow | None:
        """Return the row of the run in training as its curve says that it stands; None where it has none."""
        live = self._live
        row = None if live is None or live.started is None else self._rows.get(str(Path(live.folder)))
        if live is None or row is None:
            return None
        return replace(row, entry=replace(row.entry, state=live.state, step=live.step, epoch=live.epoch))

    def _tell_live(self) -> None:
        if (row := self._live_row()) is not None:
            self._rows[row.folder] = row
            self.renewed.emit(row)

    def row_of(self, folder: str) -> RunRow | None:
        """Return what lists show of a run; None for one not yet listed."""
        return self._rows.get(folder)

    def name_of(self, folder: str) -> str:
        """Return what lists call a run, "Digits #3" beside others of its name; "" for one not yet listed."""
        row = self._rows.get(str(Path(folder)))
        return "" if row is None else row.entry.name

    def forget(self, folder: str) -> None:
        """Read the details of a run again: something in its folder has changed."""
        self._known = {known: found for known, found in self._known.items() if Path(known) != Path(folder)}
        self.refresh()

    def discard(self, folder: str, *, for_good: bool = False) -> str:
        """Put a run into the waste basket, or delete it for good; return what went wrong, or "".

        Raises NoWasteBasket where there is none: then somebody must say that it may be gone for good.
        """
        path = Path(folder)
        # nothing outside of the folder of runs is ever deleted from here
        if path.parent.absolute() != self._folder.absolute():
            return tr("{folder} does not lie in the folder of runs", folder=folder)
        if not path.is_symlink() and is_worked_on(RunFolder(path)):
            return tr("a process is training {folder}, here or in another window; stop it first",
                      folder=path.name)  # fmt: skip
        try:
            if path.is_symlink():
                # the link alone: the run itself lies elsewhere, and others may use it
                path.unlink(missing_ok=True)
            elif for_good:
                shutil.rmtree(path)
            elif path.exists() and not thrown_away(path):
                raise NoWasteBasket(folder)
        # it is an OSError, too, and whoever asked has to hear of it
        except NoWasteBasket:
            raise
        except OSError as error:
            return str(error)
        self.refresh()
        return ""

    def _read(self) -> None:
        # what is being read may have begun before the change that is to be seen
        self._late = self._lister.busy
        if self._late:
            return
        folder = self._folder
        self._lister.run(lambda: _listed(folder))

    def _tick(self) -> None:
        # not by `_read`: a folder that takes longer than the clock would be read without end
        if not self._lister.busy:
            self._read()

    def _read_again(self) -> None:
        if self._late:
            self.refresh()

    def _fail(self, why: str) -> None:
        self._read_again()
        self.failed.emit(why)

    def _take(self, found: Listing) -> None:
        self._read_again()
        folder, entries, colours = found
        # another folder was chosen meanwhile, whose own list is on its way
        if folder != self._folder:
            return
        self._colours = colours
        self.entries, self.read_once = numbered(entries, self._colours), True
        rows = {entry.folder: self._row(entry) for entry in self.entries}
        # A row that says the same stays the same object, with what it worked out for filter and sorting.
        self._rows = {folder: self._rows[folder] if self._rows.get(folder) == row else row
                      for folder, row in rows.items()}  # fmt: skip
        if (live := self._live_row()) is not None:
            self._rows[live.folder] = live
        # what was read while a run ended still calls it running
        live_folder = "" if self._live is None else str(Path(self._live.folder))
        self._own = {
            own for own in self._own
            if own == live_folder or (own in rows and rows[own].entry.state not in AT_REST)
        }  # fmt: skip
        self._watch_folders()
        # Whatever trains, here or elsewhere, is looked at again; a folder at rest is only watched.
        if any(entry.state not in AT_REST for entry in entries):
            self._clock.start()
        else:
            self._clock.stop()
        self.listed.emit()
        unknown = [entry for entry in entries if self._known.get(entry.folder, (None,))[0] != key_of(entry)]
        self._waiting = (unknown[start : start + _CHUNK] for start in range(0, len(unknown), _CHUNK))
        if not self._reader.busy:
            self._next()

    def _watch_folders(self) -> None:
        """Watch what says that runs begin, or go on, without this window."""
        folder = self._folder
        # it is made with its first run, which another process may train: till then its place is watched
        whole = next((str(one) for one in (folder, *folder.parents) if one.is_dir()), "")
        resumable = (entry.folder for entry in self.entries if entry.state in RESUMABLE)
        wanted = {whole, *itertools.islice(resumable, _MOST_WATCHED)} - {""}
        watched = set(self._watcher.directories())
        if gone := watched - wanted:
            self._watcher.removePaths(list(gone))
        if new := wanted - watched:
            self._watcher.addPaths(list(new))

    def _next(self) -> None:
        chunk = next(self._waiting, None)
        if chunk is not None:
            self._reader.run(lambda: [(entry, read_details(entry)) for entry in chunk])

    def _detail(self, found: Found) -> None:
        self._known.update((entry.folder, (key_of(entry), details)) for entry, details in found)
        for entry, details in found:
            if entry.folder in self._rows:
                row = self._rows[entry.folder] = replace(self._rows[entry.folder], details=details)
                row.words  # noqa: B018 - worked out a few at a time, so that the first letter need not wait
        self.detailed.emit([(entry.folder, details) for entry, details in found])
        self._next()


def _listed(folder: Path) -> Listing:
    entries = list_runs(folder)
    return folder, entries, colours_of(folder, entries) if entries else {}
