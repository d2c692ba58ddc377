"""Drawing a curve costs the same however long it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.document.record import RunRecord
from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.painters.export import picture
from app.painters.ink import Ink
from app.views.course.curves import CurvesView
from app.views.drawing import Viewport
from engine.events import Block, Facts, RunStarted
from tests.benchmarks.harness import Benchmark, Way, seconds_of

_SIZE = QSize(640, 360)
_STEPS_PER_EPOCH = 100


@cache
def _theme() -> Theme:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return Theme(RESOURCES, "light", QApplication.instance() or QApplication([]))


@cache
def _record(points: int) -> RunRecord:
    """A run with so many values of the loss: a noisy decline with a few spikes."""
    random = np.random.default_rng(0)
    falling = np.exp(-np.linspace(0, 4, points)) + 0.05 * random.standard_normal(points)
    falling[:: points // 7] += 1
    started = RunStarted(
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
    return RunRecord.from_history(started, [Block("loss", 1, 1, falling.astype(np.float32))])


def _draw(points: int) -> Callable[[], float]:
    viewport = Viewport(None, None, _SIZE.width(), _SIZE.height())

    def draw() -> object:
        return picture(CurvesView().draw([_record(points)], viewport), _SIZE, "Loss", Ink(_theme()))

    def measured() -> float:
        draw()  # the smoothed curve is worked out once and then only continued
        return seconds_of(draw, repeats=10)()

    return measured


BENCHMARKS = (
    Benchmark(
        name="drawing",
        title="Deriving and painting the loss panel, by the number of points",
        unit="s",
        ways=tuple(
            Way(name=f"{points:,} points", measure=_draw(points)) for points in (1_000, 100_000, 10_000_000)
        ),
        rounds=7,
        quick_rounds=3,
    ),
)
