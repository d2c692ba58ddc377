"""The queue as a window keeps it: what waits, what a person does to it, and whose turn it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.language.words import tr
from app.runs.library import Library
from engine.choices import Invalid
from engine.experiment import Experiment
from engine.runs.queue import order
from engine.runs.queue.order import Order, Waiting


class RunQueue(QObject):
    """The runs that wait below the folder of the library, in order; other windows and commands share them.

    While it is `active`, `turn` says which run is to be trained in this window as soon as none is. It is not
    active at the start: nobody wants a program that begins to train because it was opened.
    """

    changed = Signal()
    """The order, or whether it is worked through, is another."""
    turn = Signal(str)
    """The folder of the run that is to be trained now."""
    failed = Signal(str)
    emptied = Signal()
    """All runs that could be trained have been."""

    def __init__(self, library: Library, idle: Callable[[], bool], parent: QObject | None = None) -> None:
        """`idle` tells whether this window could train a run now."""
        super().__init__(parent)
        self._library, self._idle = library, idle
        self._order = Order()
        self._taken = ""
        """The folder of the run that this window took and trains."""
        self.active = False
        self.editing = ""
        """The folder of the run that waited when its experiment was put into the form; "" for none."""
        library.listed.connect(self.read)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Return the runs of the queue, the next one first; one in training stands in it, too."""
        return self._order.waiting

    @property
    def edited(self) -> str:
        """Return the folder of the waiting run that is edited in the form; "" where none is any more."""
        name = Path(self.editing).name
        waits = any(entry.run == name and not entry.taken for entry in self.waiting)
        return self.editing if waits else ""

    def trained_elsewhere(self) -> int:
        """Return how many runs of the queue other processes train now."""
        try:
            now = order.read_order(self._library.folder)
        except (Invalid, OSError):
            return 0
        return sum(entry.taken and entry.process != os.getpid() for entry in now.waiting)

    def folder_of(self, entry: Waiting) -> str:
        return str(self._library.folder / entry.run)

    def read(self) -> None:
        """Read the order again: other windows and commands change it, too."""
        self._take_over(lambda: order.read_order(self._library.folder))
        self._next()

    # --- what a person does ---------------------------------------------------------------------------

    def add(self, experiment: Experiment) -> str:
        """Let a new run of `experiment` wait behind all others; return its folder, "" where that failed."""
        made: list[str] = []

        def enqueued() -> Order:
            folder = order.enqueue(self._library.folder, experiment)
            made.append(str(folder.path))
            return order.read_order(self._library.folder)

        self._act(enqueued)
        return made[0] if made else ""

    def keep_edited(self, experiment: Experiment) -> bool:
        """Let the run that was edited train `experiment`; return whether it still waited."""
        name, self.editing = Path(self.editing).name, ""
        kept: list[bool] = []

        def rewritten() -> Order:
            kept.append(order.rewrite(self._library.folder, name, experiment))
            return order.read_order(self._library.folder)

        self._act(rewritten)
        self._library.forget(str(self._library.folder / name))
        return any(kept)

    def put(self, *folders: str) -> None:
        """Let runs that have ended early wait to be gone on with."""
        names = [Path(folder).name for folder in folders]
        self._change(lambda now: now.with_last(*names))

    def move(self, run: str, by: int) -> None:
        self._change(lambda now: now.moved(run, by))

    def arrange(self, names: Sequence[str]) -> None:
        """Let the runs have this order; those that are not named keep theirs behind them."""
        self._change(lambda now: now.arranged(names))

    def hold(self, run: str, held: bool) -> None:
        self._change(lambda now: now.held(run, held))

    def remove(self, *runs: str) -> None:
        """Take runs out of the queue; one that had not begun stays in the list of runs."""

        def withdrawn() -> Order:
            for run in runs:
                order.withdraw(self._library.folder, run)
            return order.read_order(self._library.folder)

        self._act(withdrawn)

    def set_active(self, active: bool) -> None:
        """Let this window work through the queue, or leave it alone; a run in training goes on."""
        if active != self.active:
            self.active = active
            self.changed.emit()
        self._next()

    # --- whose turn it is -----------------------------------------------------------------------------

    def end(self, folder: str, *, kept: bool = True) -> None:
        """Say that the run in training has ended; one that is not `kept` was discarded."""
        if folder and Path(folder) == Path(self._taken or "."):
            self._taken = ""
            self._act(lambda: self._settled(Path(folder), kept=kept))
        self._next()

    def refuse(self, folder: str) -> None:
        """Say that a run whose turn it was cannot be trained: it is held, and the next one has its turn."""
        if folder and Path(folder) == Path(self._taken or "."):
            self._taken = ""
            self._act(lambda: self._held(Path(folder)))
        self._next()

    def _held(self, folder: Path) -> Order:
        # in the folder that it was taken from: another may have been chosen meanwhile
        order.put_back(folder.parent, folder.name)
        order.hold(folder.parent, folder.name)
        return order.read_order(self._library.folder)

    def _settled(self, folder: Path, *, kept: bool) -> Order:
        if kept:
            order.settle(folder.parent, folder.name)
        else:
            order.leave(folder.parent, folder.name)
        return order.read_order(self._library.folder)

    def _next(self) -> None:
        if not self.active or self._taken or not self._idle():
            return
        taken: list[str] = []

        def take() -> Order:
            folder = order.take(self._library.folder)
            if folder is not None:
                taken.append(str(folder.path))
            return order.read_order(self._library.folder)

        self._act(take)
        if taken:
            self._taken = taken[0]
            self.turn.emit(taken[0])
        else:
            self.active = False
            self.changed.emit()
            self.emptied.emit()

    # --- the file -------------------------------------------------------------------------------------

    def _change(self, changed: Callable[[Order], Order]) -> None:
        self._act(lambda: order.change(self._library.folder, changed))

    def _act(self, act: Callable[[], Order]) -> None:
        """Do something to the queue, show what it is then, and let lists show the runs."""
        self._take_over(act)
        self._library.refresh()

    def _take_over(self, act: Callable[[], Order]) -> None:
        try:
            found = act()
        except Invalid as error:
            self.active = False
            self.failed.emit(tr("The queue: {why}", why=str(error)))
            return
        except OSError as error:
            self.failed.emit(tr("The queue cannot be kept: {why}", why=error.strerror or str(error)))
            return
        found = found.without(*self._finished(found))
        if found != self._order:
            self._order = found
            self.changed.emit()
        self._library.set_queued({entry.run: entry.held for entry in found.waiting})

    def _finished(self, found: Order) -> tuple[str, ...]:
        """Return the runs of an order that have finished: who trained them went away before saying so."""
        named = set(found.names())
        entries = self._library.entries if named else ()
        names = ((os.path.basename(entry.folder), entry.state) for entry in entries)
        return tuple(name for name, state in names if state == "finished" and name in named)
