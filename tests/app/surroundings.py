"""The whole program in surroundings of its own: a fresh home, a script that drives it, what it said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

DRIVE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
import app.__main__ as program

def driven(drive):
    make = program.make_window
    def made(workbench):
        window, rooms = make(workbench)
        def quit():
            workbench.document.mark_saved(Path("saved.toml"))
            window.close()
        window.painted.connect(lambda: QTimer.singleShot(0, lambda: drive(window, rooms, workbench, quit)))
        return window, rooms
    program.make_window = made
    return program.main([])

def train_when_ready(workbench):
    begun = []
    def begin(standing):
        if standing.engine == "ready" and not begun:
            begun.append(True)
            QTimer.singleShot(500, workbench.train)
    workbench.transport.changed.connect(begin)
    begin(workbench.transport.standing)
"""
"""`driven(drive)` opens the window and, once it is painted, calls `drive(window, rooms, workbench, quit)`."""

TRAIN = """
def drive(window, rooms, workbench, quit):
    workbench.open_preset(program.RESOURCES / "presets" / "iris.toml")
    experiment = workbench.document.experiment
    workbench.document.edit(experiment.replaced(training=experiment.training.replaced(epochs=2)))
    session = rooms().session
    def ended(record):
        print("ended", record.state, flush=True)
        print("loaded", *sorted({name.partition(".")[0] for name in sys.modules}), flush=True)
        quit()
    session.run_ended.connect(ended)
    session.noticed.connect(lambda notice: print("noticed", notice.text, flush=True))
    train_when_ready(workbench)
sys.exit(driven(drive))
"""
"""Trains the flowers for two epochs and closes the window."""


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a person whose home is that folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "LC_", "LANG"))}
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home / "roaming"),
        "LOCALAPPDATA": str(home / "local"),
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
        **more,
    }


def started(script: str, environment: dict[str, str], *prefix: str) -> subprocess.Popen[str]:
    """Start a Python script in these surroundings, after the words of `prefix`."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", script],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    """Wait for the end; return what it printed. Fails where it did not end well."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, err
    return out
