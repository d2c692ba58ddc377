"""Garbage is collected by the main thread alone, between two events.

By itself Python collects wherever an allocation is one too many, also in a thread that reads files. What of
Qt is among the garbage, a closed dialog for instance, would be deleted in that thread: perhaps a crash.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK = 1_000
"""Milliseconds between two looks at what has gathered."""


class MainThreadCollection(QObject):
    """Collects in place of Python, by the thresholds of Python, while it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._clock = QTimer(self, interval=_LOOK)
        self._clock.timeout.connect(collect)
        self._clock.start()


def collect() -> None:
    """Collect the generations in which more has gathered than Python would let gather."""
    gathered = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, most) in enumerate(gathered) if count > most]
    if due:
        gc.collect(max(due))
