"""A window that trains for a long time: what its two processes hold of memory, handles and threads.

python -m tests.app.soak PLACE SMALL.toml    opens such a window, with PLACE for runs and settings
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.runs import status
from engine.runs.folder import opened
from tests.force.killed_runs import SMALL
from tests.force.tries import Try, wait_until

if TYPE_CHECKING:
    from app.document.run_controls import RunStatus

_MEGABYTE = 1 << 20
_GROWTH = 48 * _MEGABYTE
"""What a process may hold more at the end than after a third of the time: curves grow with the steps."""
_LOOKS = 6


@dataclass(frozen=True)
class Held:
    """What one process holds: bytes of memory, open files and pipes, threads."""

    memory: int
    handles: int
    threads: int

    @classmethod
    def by(cls, process: psutil.Process) -> Held:
        """Look at a process."""
        with process.oneshot():
            return cls(process.memory_info().rss, process.num_fds(), process.num_threads())

    def __str__(self) -> str:
        return f"{self.memory / _MEGABYTE:.0f} MB, {self.handles} handles, {self.threads} threads"


def soak(home: Path, seconds: int) -> str:
    """Train in a real window for so long, and look at its processes while it does."""
    (home / "e.toml").write_text(SMALL.replace("epochs = 150", "epochs = 1000000"), "utf-8")
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "CACHE")}
    surroundings = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | places
    command = [sys.executable, "-m", "tests.app.soak", str(home), str(home / "e.toml")]
    with subprocess.Popen(command, env=surroundings) as child:
        window = psutil.Process(child.pid)
        try:
            wait_until(lambda: _steps(home) > 0, 180, pause=0.5)
            (engine,) = [one for one in window.children(recursive=True) if "serve" in one.cmdline()]
            looks = []
            began, first = time.monotonic(), _steps(home)
            for number in range(1, _LOOKS + 1):
                wait_until(
                    lambda number=number: time.monotonic() - began > seconds * number / _LOOKS,
                    seconds + 60,
                    pause=0.5,
                )
                looks.append((time.monotonic() - began, Held.by(window), Held.by(engine)))
            steps = _steps(home) - first
        finally:
            child.terminate()
        assert child.wait(60) == 0, "a window that is asked to end does so by itself"
        assert not psutil.pid_exists(engine.pid) or engine.status() == psutil.STATUS_ZOMBIE
    assert steps > 0
    for middle, last in zip(looks[_LOOKS // 3 - 1][1:], looks[-1][1:], strict=True):
        assert last.memory < middle.memory + _GROWTH, looks
        assert last.handles <= middle.handles + 2, looks
        assert last.threads <= middle.threads + 2, looks
    told = "; ".join(f"{at / 60:.1f} min: window {one}, engine {other}" for at, one, other in looks)
    return f"{steps} steps; {told}"


def _steps(home: Path) -> int:
    """Return how many steps the one run has made; 0 while there is none."""
    folders = [path for path in (home / "runs").glob("[!.]*") if path.is_dir()]
    return status.read(opened(folders[0])).step if folders else 0


def show(place: Path, experiment: Path) -> int:
    """Open a window of its own, which trains as soon as the engine is ready; return how it ended."""
    import signal

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.watched_window import window_at

    application = QApplication(sys.argv[:1])
    workbench, window, rooms = window_at(place)
    asked = False

    def follow(standing: RunStatus) -> None:
        nonlocal asked
        if standing.engine == "ready" and not asked:
            asked = True
            rooms()
            workbench.transport.train_asked.emit(False)

    workbench.transport.changed.connect(follow)
    window.painted.connect(lambda: workbench.open_experiment(experiment))
    signal.signal(signal.SIGTERM, lambda *_: QApplication.exit(0))
    heed = QTimer(application, interval=200)  # Python looks at its signals when it runs again
    heed.timeout.connect(lambda: None)
    heed.start()
    window.show()
    code = application.exec()
    rooms().shut_down()
    return code


TRIES = (Try("soak", "Seconds of training in a window", soak, 12, 1800),)


if __name__ == "__main__":
    sys.exit(show(*map(Path, sys.argv[1:])))
