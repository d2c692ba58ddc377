"""What the window costs the training, and what the training costs the window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil

from tests.benchmarks.harness import Benchmark, Way

EXPERIMENT = """
format = 1
name = "Four layers of 512"
[data]
kind = "sample"
name = "fashion_mnist"
[task]
kind = "classification"
[architecture]
kind = "mlp"
hidden = [512, 512, 512, 512]
[loss]
kind = "cross_entropy"
[optimizer]
kind = "adam"
learning_rate = 0.0003
[training]
batch_size = 32
epochs = {epochs}
device = "cpu"
"""

EPOCHS, QUICK_EPOCHS = 80, 6
"""About a minute and about five seconds on two cores."""
ROOT = Path(__file__).resolve().parents[2]
_PRIORITY = int(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 5))


class Watches:
    """Windows that train, opened where one is asked for; each gives every one of its figures once."""

    def __init__(self) -> None:
        self._found: dict[str, float] = {}

    def way(self, name: str, figure: str) -> Way:
        """Return the way that measures this figure of a window."""

        def measure(epochs: int) -> float:
            if figure not in self._found:
                self._found = watched(epochs)
            return self._found.pop(figure)

        return Way(name=name, measure=partial(measure, EPOCHS), quick=partial(measure, QUICK_EPOCHS))


def watched(epochs: int = 0) -> dict[str, float]:
    """Open the window, train so many epochs in it, and return what it noted."""
    with _place() as place, _screen() as screen:
        command = [sys.executable, "-m", "tests.benchmarks.watched_window", str(place)]
        command += [_written(place, epochs)] if epochs else []
        said = subprocess.run(
            command, cwd=ROOT, env=os.environ | screen, check=True, stdout=subprocess.PIPE, text=True
        )
        found: dict[str, float] = json.loads(said.stdout)
        return found


def alone(epochs: int) -> float:
    """Return the steps per second of `engine train` without a window.

    It runs at the lower priority that the window gives its engine, so that what else the machine does slows
    both ways alike.
    """
    with _place() as place:
        command = [
            sys.executable,
            "-m",
            "engine",
            "train",
            _written(place, epochs),
            "--runs",
            str(place / "runs"),
        ]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as engine:
            psutil.Process(engine.pid).nice(_PRIORITY)
        if engine.returncode:
            raise subprocess.CalledProcessError(engine.returncode, command)
        (status,) = place.glob("runs/*/status.json")
        found = json.loads(status.read_text())
        return float(found["step"] / found["seconds"])


def _bare_paint() -> float:
    """Return the processor's seconds of a process up to the first picture of an empty window of Qt."""
    code = (
        "import os\nfrom PySide6.QtWidgets import QApplication, QMainWindow\n"
        "from PySide6.QtCore import QTimer\n"
        "a = QApplication([]); w = QMainWindow(); w.show(); QTimer.singleShot(0, a.quit); a.exec()\n"
        "print(sum(os.times()[:2]))"
    )
    with _screen() as screen:
        said = subprocess.run(
            [sys.executable, "-c", code], env=os.environ | screen, check=True, capture_output=True
        )
    return float(said.stdout)


def _written(place: Path, epochs: int) -> str:
    path = place / "experiment.toml"
    path.write_text(EXPERIMENT.replace("{epochs}", str(epochs)), encoding="utf-8")
    return str(path)


@contextmanager
def _place() -> Iterator[Path]:
    folder = tempfile.mkdtemp(prefix="ravine-benchmark-")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """Give the environment in which a window opens: a virtual screen where Xvfb is there, else none."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        try:
            yield {"QT_QPA_PLATFORM": "xcb;offscreen", "DISPLAY": f":{display}"}
        finally:
            process.terminate()


_WATCHES = Watches()

BENCHMARKS = (
    Benchmark(
        name="window speed",
        title="Training four layers of 512 alone, and in a window that draws it",
        unit="steps/s",
        ways=(
            Way(name="engine alone", measure=partial(alone, EPOCHS), quick=partial(alone, QUICK_EPOCHS)),
            _WATCHES.way("with the window", "speed"),
        ),
        rounds=5,
        quick_rounds=1,
    ),
    Benchmark(
        name="window loop",
        title="How long the window's event loop was away while it drew a training, and what it used",
        unit="ms",
        ways=(
            _WATCHES.way("median gap", "median"),
            _WATCHES.way("longest gap", "longest"),
            _WATCHES.way("processor, of a second", "used"),
        ),
        rounds=3,
        quick_rounds=1,
    ),
    Benchmark(
        name="first paint",
        title="The processor's seconds up to the first picture, and until the start page can be used",
        unit="s",
        ways=(
            Way(name="empty window of Qt", measure=_bare_paint),
            Way(name="Ravine", measure=lambda: watched()["first_paint"]),
            Way(name="Ravine with its start page", measure=lambda: watched()["furnished"]),
        ),
        rounds=7,
        quick_rounds=1,
    ),
)
