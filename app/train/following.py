"""Following: the record of a run that is shown while another process trains it, kept as its folder has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.record import RunRecord
from app.document.run_reading import read_run
from app.document.runs_meant import TrainedBeside, same_folder
from app.link.background import Background
from engine.events import Event, RunStarted, Warned
from engine.runs.folder import opened
from engine.runs.reading import replay


class Following(QObject):
    """Reads what a run has measured since it was read last, whenever it is said to have gone on."""

    renewed = Signal(object)
    """The run began anew or went on from an earlier step: this record is to be shown in the place of its."""

    def __init__(self, shown: Callable[[], RunRecord | None], parent: QObject | None = None) -> None:
        """`shown` returns the record that is shown and that this window does not train; None for none."""
        super().__init__(parent)
        self._shown = shown
        self._whole: Background[RunRecord] = Background(self)
        self._whole.done.connect(self._renew)
        self._newest: Background[tuple[RunRecord, tuple[Event, ...]]] = Background(self)
        self._newest.done.connect(self._go_on)

    def hear(self, trained: TrainedBeside | None) -> None:
        """Say how the run that is shown stands, None where no other process trains it."""
        record = self._shown()
        if record is None or not record.folder or self._whole.busy or self._newest.busy:
            return
        path = Path(record.folder)
        if trained is not None and not record.running:
            # what it says of its end holds no more, and it may go on from an earlier step
            self._whole.run(lambda: read_run(path))
        elif record.running and (trained is None or _gone_on(record, trained)):
            # from an epoch before: not every series ends at the same step
            begun = record.timetable.end(max(record.epoch - 1, 0))
            after = max(0, min(begun, record.step))
            self._newest.run(lambda: (record, tuple(replay(opened(path), after))))

    def _renew(self, record: RunRecord) -> None:
        shown = self._shown()
        if shown is not None and same_folder(shown.folder, record.folder) and record.running != shown.running:
            self.renewed.emit(record)

    def _go_on(self, found: tuple[RunRecord, tuple[Event, ...]]) -> None:
        record, events = found
        # this window may train it now
        if record is not self._shown():
            return
        known = record.step
        for event in events:
            if isinstance(event, RunStarted) or (isinstance(event, Warned) and event.step <= known):
                continue
            record.apply(event)


def _gone_on(record: RunRecord, trained: TrainedBeside) -> bool:
    return (trained.step, trained.state) != (record.step, record.state)
