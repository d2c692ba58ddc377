"""What a person waits for in the table of 10,000 runs: a letter in the filter, a click on a head, a tick."""

from __future__ import annotations

import atexit
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.runs.library import Library
from app.runs.page import RunsPage
from engine.events import Block, Facts, RunStarted
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.folder import RunFolder
from engine.runs.history.writer import HistoryWriter
from engine.runs.reading import write_started
from tests.benchmarks.harness import Benchmark, Way

RUNS, QUICK_RUNS = 10_000, 300


def made_runs(place: Path, count: int) -> Path:
    """Fill a folder with this many whole runs of four names; files that are the same are links to one."""
    folder = create(place, Experiment.model_validate({"name": "Digits"}))
    facts = Facts("vector", (4,), ("a", "b", "c", "d"), "classes", ("kind",), ("x", "y"))
    write_started(folder, RunStarted(str(folder.path), "Digits", 0, 10, 5, "CPU", 1, (), facts))
    with HistoryWriter(folder.history) as history:
        history.add([Block("validation.loss", 5, 5, np.linspace(1, 0.1, 10, dtype=np.float32))])
        history.finish()
    status.write(folder, status.Status("finished", 50, 10, 10, 12.0, "", "Digits", started=1e9))
    stood = json.loads(folder.status.read_text("utf-8"))
    chance = random.Random(0)
    for number in range(count):
        other = RunFolder(place / f"20260101-{number:06}-made")
        other.path.mkdir()
        for file in folder.path.iterdir():
            if file.is_file() and file != folder.status:
                os.link(file, other.path / file.name)
        # Written as plain text: the engine waits for the disk each time, of 10,000 runs for 8 minutes.
        named = {"name": chance.choice(("Digits", "Iris", "Wine", "Two spirals")), "started": 1e9 + number}
        other.status.write_text(json.dumps(stood | named), "utf-8")
        scores = {"count": 20, "loss": chance.random(), "metrics": {"accuracy": chance.random()}}
        other.metrics.write_text(json.dumps({"validation": scores}), "utf-8")
    shutil.rmtree(folder.path)
    return place


@cache
def _page(count: int) -> RunsPage:
    """Return the page over such a folder, once everything of it is read."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    place = Path(tempfile.mkdtemp(prefix="ravine-benchmark-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.environ["XDG_CACHE_HOME"] = str(place / "cache")  # where the index of the runs is kept
    theme = Theme(RESOURCES, "light", application)
    theme.apply()
    page = RunsPage(theme, Library(made_runs(place / "runs", count)))
    page.resize(1300, 760)
    page.show()
    while len(page.model.rows) < count or any(row.details is None for row in page.model.rows):
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return page


def _waited(act: Callable[[RunsPage], object]) -> Callable[[int], float]:
    """Measure the milliseconds that the window's thread works for one act, painting included."""

    def measure(count: int) -> float:
        page = _page(count)
        before = time.thread_time()
        act(page)
        QCoreApplication.processEvents()
        QCoreApplication.processEvents()  # what was painted may have asked for another painting
        return 1000 * (time.thread_time() - before)

    return measure


def _letter(page: RunsPage) -> None:
    text = page.filter.text()
    page.filter.setText("" if text == "iris" else "iris"[: len(text) + 1])


def _sort(column: str) -> Callable[[RunsPage], None]:
    def sort(page: RunsPage) -> None:
        names = [one.name for one in page.model.columns]
        header = page.table.horizontalHeader()
        down = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        page.table.sortByColumn(
            names.index(column), Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        )

    return sort


def _tick(page: RunsPage) -> None:
    page.table.selectRow(len(page.model.ticked) % 20)
    page.tick((*page.model.ticked, page.table.selected[0].folder))


def _way(name: str, act: Callable[[RunsPage], object]) -> Way:
    measure = _waited(act)
    return Way(name=name, measure=lambda: measure(RUNS), quick=lambda: measure(QUICK_RUNS))


BENCHMARKS = (
    Benchmark(
        name="lists",
        title=f"The table of {RUNS:,} runs: what the window's thread works for one act",
        unit="ms",
        ways=(
            _way("painting", lambda page: page.table.viewport().repaint()),
            _way("a letter in the filter", _letter),
            _way("sorting by name", _sort("name")),
            _way("sorting by score", _sort("validation")),
            _way("ticking one", _tick),
            _way("ticking all or none", lambda page: page._tick_or_untick()),
        ),
        rounds=9,
        quick_rounds=2,
    ),
)
