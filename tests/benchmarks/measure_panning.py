"""What a frame of a pan costs in the real panel, however long the curve is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.record import RunRecord
from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.panels.panel import ViewPanel
from app.views.course.curves import CurvesView
from engine.events import Block, Facts, Measured, RunStarted
from tests.benchmarks.harness import Benchmark, Way

_STEPS_PER_EPOCH = 100
_CHUNK = 10_000_000
_FRAMES = 40
_PAUSE = 25
"""Milliseconds after each key: longer than the panel waits before it draws: every key is one frame."""


@cache
def _panel(points: int) -> ViewPanel:
    """A panel that shows the middle part of a curve of so many points."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    theme = Theme(RESOURCES, "light", QApplication.instance() or QApplication([]))
    panel = ViewPanel(CurvesView(), theme)
    panel.resize(760, 420)
    panel.set_records([_record(points)])
    panel.show()
    QTest.qWait(300)
    for _ in range(4):
        QTest.keyClick(panel.canvas.shown, Qt.Key.Key_Plus)
        QTest.qWait(_PAUSE)
    return panel


def _record(points: int) -> RunRecord:
    """A run with so many values of the loss, as they come while it trains: piece by piece."""
    record = RunRecord()
    record.apply(
        RunStarted(
            folder="",
            name="",
            step=0,
            epochs=points // _STEPS_PER_EPOCH,
            steps_per_epoch=_STEPS_PER_EPOCH,
            device="CPU",
            parameters=0,
            layers=(),
            facts=Facts(),
        )
    )
    random = np.random.default_rng(0)
    for start in range(0, points, _CHUNK):
        count = min(_CHUNK, points - start)
        falling = np.exp(-np.linspace(start, start + count, count, dtype=np.float32) * (4 / points))
        falling += 0.05 * random.standard_normal(count, np.float32)
        falling[:: max(points // 7, 1)] += 1
        record.apply(Measured((Block("loss", 1 + start, 1, falling),), start + count, 1, 1.0, 1.0))
    return record


def _pan(points: int) -> Callable[[], float]:
    def measured() -> float:
        """Processor time of this process: other programs on the machine do not count."""
        panel = _panel(points)
        start = time.process_time()
        for frame in range(_FRAMES):
            drawing = panel.drawing
            key = Qt.Key.Key_Right if frame % 20 < 10 else Qt.Key.Key_Left
            QTest.keyClick(panel.canvas.shown, key, Qt.KeyboardModifier.ShiftModifier)
            while panel.drawing is drawing:  # on a busy machine two keys would else become one frame
                QTest.qWait(1)
            QTest.qWait(_PAUSE)
        return 1000 * (time.process_time() - start) / _FRAMES

    return measured


BENCHMARKS = (
    Benchmark(
        name="panning",
        title="A frame of a pan in the loss panel: key, derivation and painting, by the number of points",
        unit="ms",
        ways=tuple(
            Way(name=f"{points:,} points", measure=_pan(points)) for points in (1_000, 1_000_000, 100_000_000)
        ),
        rounds=7,
        quick_rounds=1,
    ),
)
