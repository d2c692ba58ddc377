"""Joins the queue with what trains: the session of this window, and processes beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.record import RunRecord
from app.language.words import tr
from app.link.queue_workers import QueueWorkers
from app.runs.library import Library
from app.runs.queue import RunQueue
from app.runs.queue_card import AFTER_FAILURE, QueueCard, at_once
from app.shell.workbench import Workbench
from app.train.session import TrainingSession
from app.widgets.notice import Notice

_QUEUE = "queue"
"""What notices are about that are settled by the next of theirs."""
_SHUT_DOWN_MILLISECONDS = 5_000


class Queueing(QObject):
    """Adds runs to the queue, and has them trained while it is active."""

    noticed = Signal(object)
    """A Notice."""

    def __init__(
        self, workbench: Workbench, library: Library, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workbench, self._library, self._session = workbench, library, session
        self.queue = RunQueue(library, lambda: not workbench.transport.standing.under_way, self)
        self._workers = QueueWorkers(self)
        self.queue.turn.connect(session.resume)
        self.queue.changed.connect(self._man)
        self.queue.changed.connect(self._tell_edited)
        self.queue.failed.connect(lambda why: self.noticed.emit(Notice(why, "danger", about=_QUEUE)))
        self.queue.emptied.connect(self._tell_emptied)
        self._untold = True
        """Whether nobody has been told that runs wait from the last time."""
        library.listed.connect(self._tell_left)
        library.listed.connect(self._tell_others)
        self._workers.ended.connect(library.refresh)
        self._workers.ended.connect(self._man)
        session.run_ended.connect(self._end)
        session.refused.connect(self.queue.refuse)
        session.discarded.connect(lambda folder: self.queue.end(folder, kept=False))
        workbench.queue_asked.connect(self.add)
        workbench.trained_beside = lambda: min(self._workers.count, self.queue.trained_elsewhere())
        workbench.document.replaced.connect(self._leave)

    def card(self) -> QueueCard:
        cores = max(1, os.cpu_count() or 1)
        return QueueCard(self._workbench.theme, self.queue, self._library, self._workbench.settings, cores)

    def add(self) -> None:
        """Let a run of the experiment in the form wait; or keep there what was edited of a waiting one."""
        document = self._workbench.document
        if not self._session.sound():
            return
        experiment = document.located(document.experiment)
        if self.queue.editing:
            name = self._name_of(self.queue.editing) or experiment.name
            kept = self.queue.keep_edited(experiment)
            self._tell_edited()
            if kept:
                words = tr("{name} is changed in the queue.", name=name)
                self.noticed.emit(Notice(words, "good", about=_QUEUE))
                return
            words = tr("The run that was edited waits no more, so a new one was added.")
            self.noticed.emit(Notice(words, about=_QUEUE))
        folder = self.queue.add(experiment)
        if not folder:
            return
        if self._workbench.transport.standing.under_way:
            self.queue.set_active(True)
            words = tr("{name} waits in the queue; it is trained when the runs before it have ended.",
                       name=experiment.name)  # fmt: skip
            self.noticed.emit(Notice(words, "good", tr("Show the queue"), self._show, _QUEUE))
        else:
            words = tr("{name} waits in the queue.", name=experiment.name)
            self.noticed.emit(Notice(words, "good", tr("Train the queue"), self._train, _QUEUE))

    def put(self, folders: Sequence[str]) -> None:
        """Let runs that can be gone on with wait in the queue."""
        self.queue.put(*folders)
        if self._workbench.transport.standing.under_way:
            self.queue.set_active(True)

    def edit(self, folder: str) -> None:
        """Hold a waiting run whose experiment is now edited in the form, until it is kept."""
        self.queue.hold(Path(folder).name, True)
        self.queue.editing = folder
        self._tell_edited()
        words = tr("Edit it, then press F9 (Add to the queue): it keeps its place. It is held meanwhile.")
        self.noticed.emit(Notice(words, about=_QUEUE))

    def shut_down(self) -> None:
        self.queue.active = False
        self._workers.shut_down(_SHUT_DOWN_MILLISECONDS)

    def _tell_left(self) -> None:
        """Say once, after the start, that runs wait from the last time."""
        waiting, untold = self.queue.waiting, self._untold
        self._untold = False
        if untold and waiting and not self.queue.active:
            words = tr("{count} runs wait in the queue from the last time.", count=len(waiting))
            if len(waiting) == 1:
                words = tr("1 run waits in the queue from the last time.")
            self.noticed.emit(Notice(words, "plain", tr("Train the queue"), self._train, _QUEUE))

    def _tell_others(self) -> None:
        # a run that this window has just asked for is in the list before anybody says that it is its own
        if self._workbench.transport.standing.run != "starting":
            self._session.set_others(self._library.others)

    def _train(self) -> None:
        self._workbench.page_asked.emit("train")
        self.queue.set_active(True)

    def _show(self) -> None:
        self._workbench.page_asked.emit("runs")

    def _leave(self) -> None:
        """Another experiment stands in the form: what was edited stays held in the queue."""
        self.queue.editing = ""
        self._tell_edited()

    def _tell_edited(self) -> None:
        """Say which waiting run the form is of, so that no edit of it reaches the run in training."""
        folder = self.queue.edited
        self._session.edits.set_waiting(self._name_of(folder) if folder else "")

    def _name_of(self, folder: str) -> str:
        return self._library.name_of(folder) or Path(folder).name

    def _end(self, record: RunRecord) -> None:
        stops = self._workbench.settings.value.queue_after_failure == AFTER_FAILURE[1]
        if record.state == "failed" and stops and self.queue.active:
            self.queue.set_active(False)
        self.queue.end(record.folder)

    def _man(self) -> None:
        """Let as many processes train runs of the queue as are wanted beside this window."""
        wanted = at_once(self._workbench.settings)
        free = [entry for entry in self.queue.waiting if not entry.held and not entry.taken]
        # one of the free runs is the window's own, as soon as it has none
        spare = len(free) - int(not self._workbench.transport.standing.under_way)
        if self.queue.active:
            for _ in range(min(wanted - 1 - self._workers.count, spare)):
                self._workers.start(self._library.folder, wanted)

    def _tell_emptied(self) -> None:
        held = sum(entry.held for entry in self.queue.waiting)
        words = tr("Nothing waits in the queue any more.")
        if held:
            words = tr("The queue has no more to train; {count} are held.", count=held)
        self.noticed.emit(Notice(words, "good", about=_QUEUE))
