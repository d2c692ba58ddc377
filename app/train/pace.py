"""The pace of a run: where it is and how fast it goes, told a few times a second, and that no word comes."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer

from app.document.record import RunRecord
from app.document.run_controls import ENDING, RunControls
from app.language.words import tr

_SILENT = 5.0
"""Seconds without a word of the engine in training after which that is said."""
_LOOK_MILLISECONDS = 1_000
_EVERY = 0.2
"""Seconds between two tellings of step and speed at least: nobody reads numbers faster."""


class Pace(QObject):
    """Tells the transport, as long as the engine trains."""

    def __init__(self, transport: RunControls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transport = transport
        self._told = 0.0
        self._heard = monotonic()
        self._clock = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._clock.timeout.connect(self._tell_silence)
        self._clock.start()

    def hear(self) -> None:
        """Note that the engine said something, whatever it was."""
        if monotonic() - self._heard > _SILENT and self._transport.standing.run != "none":
            # takes back what was said of its silence
            self._transport.tell(words="")
        self._heard = monotonic()

    def tell(self, record: RunRecord) -> None:
        """Tell where the run is, how fast it goes and when it is done; too soon after the last, nothing."""
        now = monotonic()
        if now - self._told < _EVERY:
            return
        self._told = now
        pace = record.steps_per_second
        left = (record.total_steps - record.step) / pace if pace > 0 else None
        self._transport.tell(
            step=record.step,
            steps=record.total_steps,
            epoch=record.epoch,
            steps_per_second=pace,
            seconds_left=left,
        )

    def _tell_silence(self) -> None:
        """Say that the engine says nothing: a speed that was true long ago is none."""
        standing, seconds = self._transport.standing, monotonic() - self._heard
        # paused, or before its first step, a run has nothing to say
        if standing.run in ("running", *ENDING) and seconds > _SILENT:
            words = tr("no word for {seconds} s", seconds=int(seconds))
            self._transport.tell(words=words, steps_per_second=0.0, seconds_left=None)
