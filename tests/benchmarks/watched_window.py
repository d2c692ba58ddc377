"""A real window that trains one experiment, watches its own event loop and says how it went, as JSON.

    python -m tests.benchmarks.watched_window PLACE [EXPERIMENT.toml]

A process of its own, so that it holds nothing but the window. PLACE is an empty folder for runs and settings.
Without an experiment it ends after the first picture.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.__main__ import make_window
from app.document.document import Document
from app.document.run_controls import RunControls, RunStatus
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.shell.dialogs import Dialogs
from app.shell.window import MainWindow
from app.shell.workbench import Workbench

if TYPE_CHECKING:  # what follows comes after the first picture
    from app.document.record import RunRecord
    from app.shell.rooms import Rooms

_BEAT = 5
"""Milliseconds between two beats of the timer that watches the event loop."""


class Pulse(QObject):
    """Notes how far apart the beats of a timer are: what lies between two is what a click would wait."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._cpu = 0.0
        self.gaps: list[float] = []

    def start(self) -> None:
        self._last, self._cpu = time.perf_counter(), time.process_time()
        self._timer.start(_BEAT)

    def stop(self) -> dict[str, float]:
        """Return the longest and the median gap and the processor time used in a second, in milliseconds."""
        self._timer.stop()
        elapsed = sum(self.gaps)
        return {
            "longest": 1000 * max(self.gaps),
            "median": 1000 * median(self.gaps),
            "used": 1000 * (time.process_time() - self._cpu) / elapsed,
        }

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


class FirstPaint(QObject):
    """Notes the processor's seconds at the first picture, before anything else follows from it."""

    def __init__(self, window: MainWindow, told: dict[str, object]) -> None:
        super().__init__(window)
        self._told = told
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and "first_paint" not in self._told:
            self._told["first_paint"] = 0.0
            QTimer.singleShot(0, self._note)  # asked for before the window asks for its own
        return False

    def _note(self) -> None:
        self._told["first_paint"] = processor()


def processor() -> float:
    """Return the processor's seconds of this process: other programs do not slow them as they do a clock."""
    return sum(os.times()[:2])


class Watched(QObject):
    """Starts the training when everything is ready, and ends the program after it."""

    def __init__(self, workbench: Workbench, rooms: Callable[[], Rooms], told: dict[str, object]) -> None:
        super().__init__()
        self.pulse = Pulse()
        self._workbench, self._rooms, self._told = workbench, rooms, told
        self._asked = False
        workbench.transport.changed.connect(self._follow)

    def _follow(self, standing: RunStatus) -> None:
        if standing.engine == "ready" and not self._asked:
            self._asked = True
            self._rooms().session.run_ended.connect(self._end)
            self._workbench.transport.train_asked.emit(False)
        elif standing.run == "running" and not self.pulse.gaps:
            self.pulse.start()

    def _end(self, record: RunRecord) -> None:
        self._told |= self.pulse.stop()
        self._told["speed"] = record.step / record.seconds
        QApplication.exit(0 if record.state == "finished" else 1)


def window_at(place: Path) -> tuple[Workbench, MainWindow, Callable[[], Rooms]]:
    """Make a window that keeps its runs and settings in this folder; there has to be an application."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(RESOURCES, "light", application)
    theme.apply()
    settings = SettingsFile(place / "settings.json")
    workbench = Workbench(Document(), RunControls(), settings, theme, Dialogs(), place / "runs")
    return workbench, *make_window(workbench)


def main(place: Path, experiment: Path | None = None) -> int:
    application = QApplication(sys.argv[:1])
    workbench, window, rooms = window_at(place)
    told: dict[str, object] = {}
    watched = Watched(workbench, rooms, told)  # noqa: F841 - it lives as long as the event loop

    FirstPaint(window, told)

    def furnished() -> None:
        told["furnished"] = processor()
        if experiment is None:
            application.quit()
        else:
            workbench.open_experiment(experiment)

    window.painted.connect(furnished)
    window.show()
    code = application.exec()
    rooms().shut_down()
    sys.stdout.write(json.dumps(told))
    return code


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
