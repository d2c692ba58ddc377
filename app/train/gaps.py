"""Gaps: what was dropped on the way from the engine, and is read from the history of the run instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.document.record import RunRecord
from app.document.run_reading import Kept, kept_after
from app.document.runs_meant import same_folder
from app.link.background import Background


class Gaps(QObject):
    """Fills the records that are held of a run; `records` returns them, also those of other runs."""

    def __init__(self, records: Callable[[], tuple[RunRecord | None, ...]], parent: QObject) -> None:
        super().__init__(parent)
        self._records = records
        self._reader: Background[tuple[str, Kept]] = Background(self)
        self._reader.done.connect(self._fill)

    @property
    def busy(self) -> bool:
        return self._reader.busy

    def read(self, record: RunRecord) -> None:
        """Read the history from an epoch before the last step, for not every series ends at the same one."""
        begun = record.timetable.end(max(record.epoch - 1, 0)) if record.started else record.step
        folder, after = record.folder, max(0, min(begun, record.step))
        self._reader.run(lambda: (folder, kept_after(Path(folder), after)))

    def _fill(self, found: tuple[str, Kept]) -> None:
        folder, kept = found
        for record in self._records():
            if record is not None and same_folder(record.folder, folder):
                for block in kept.blocks:
                    record.write(block)
                # dropped with the numbers: of a run that has ended no others will come
                for reading in kept.readings:
                    known = record.readings.get(reading.probe)
                    if known is None or known.step < reading.step:  # newer ones came while this was read
                        record.apply(reading)
                return
