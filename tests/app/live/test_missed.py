"""Numbers and readings that were dropped on the way are read from the history."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.run_controls import RunControls
from app.document.run_reading import read_run
from app.link.engine_link import EngineLink
from app.train.session import TrainingSession
from engine.events import Block, Measured, Reading, RunEnded
from engine.probes.gradients import GradientNorms, Norms
from engine.runs.history.writer import HistoryWriter
from tests.app.live.samples import PATIENCE, SILENT
from tests.app.runs.folders import run


def test_that_a_gap_is_filled_from_the_history_without_losing_what_came_after(
    qtbot: QtBot, tmp_path: Path
) -> None:
    folder = run(tmp_path, state="running")
    whole = read_run(folder.path)
    link = EngineLink(SILENT)
    session = TrainingSession(Document(), RunControls(), link, tmp_path)
    record = read_run(folder.path)
    for name in list(record.series):
        record.series[name].cut(20)
    record.step = 20
    session.live = record
    link.missed.emit(str(folder.path))
    late = Block("loss", 41, 1, whole.series["loss"].values[40:].copy())
    link.happened.emit(str(folder.path), Measured((late,), 50, 10, 1.0, 50.0))
    qtbot.waitUntil(lambda: not session._gaps.busy, timeout=PATIENCE)
    for name, series in whole.series.items():
        np.testing.assert_array_equal(record.series[name].values, series.values)
    assert record.step == 50


def test_that_a_run_that_has_ended_gets_the_readings_that_a_slow_window_did_not_take(
    qtbot: QtBot, tmp_path: Path
) -> None:
    folder = run(tmp_path, state="running")
    with HistoryWriter(folder.history) as history:
        ones = np.ones(1, np.float32)
        history.read(Reading(GradientNorms().key, 50, Norms(("a",), ones, ones)))
    link = EngineLink(SILENT)
    session = TrainingSession(Document(), RunControls(), link, tmp_path)
    record = read_run(folder.path)
    record.readings.clear()
    session.live = session.shown = record
    link.missed.emit(str(folder.path))
    link.happened.emit(str(folder.path), RunEnded("finished", 50, 10, "", {}))
    qtbot.waitUntil(lambda: record.reading(GradientNorms()) is not None, timeout=PATIENCE)
    assert record.ended is not None
