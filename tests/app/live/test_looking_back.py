"""Looking back on the Train page, with a real engine: every panel of a moment, and the run as it is again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.document.run_reading import read_run
from app.link.engine_link import EngineLink
from app.train.looking_back import LookingBack
from engine.experiment import Experiment
from engine.probes.gradients import GradientNorms
from engine.probes.predictions import ClassConfusion
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.packed.packing import pack
from engine.runs.packed.unpacking import unpack
from engine.training.control import Control
from tests.app.live.samples import PATIENCE, iris

PROBES = (GradientNorms(), ClassConfusion())


@pytest.fixture
def record(tmp_path: Path) -> RunRecord:
    folder = create(tmp_path / "runs", iris(epochs=6))
    assert execute(folder, Control(), lambda event: None).state == "finished"
    return read_run(folder.path)


def test_that_a_slider_brings_a_moment_and_going_forward_the_run_as_it_is(
    engine: EngineLink, record: RunRecord, qtbot: QtBot
) -> None:
    back = LookingBack(engine, lambda: PROBES)
    qtbot.addWidget(back)
    told: list[RunRecord] = []
    back.shown.connect(told.append)
    back.set_record(record)
    assert not back.moment.isHidden()
    assert back.moment.step is None
    # nobody measured anything while it trained: looking back does
    assert not record.readings
    back.moment.earlier.click()
    back.moment.slider.setValue(7)
    qtbot.waitUntil(lambda: any(one.marks for one in told), timeout=PATIENCE)
    qtbot.waitUntil(lambda: {r.step for r in told[-1].readings.values()} == {7}, timeout=PATIENCE)
    shown = told[-1]
    assert all(shown.reading(probe) is not None for probe in PROBES)
    assert shown.series.keys() == record.series.keys()
    assert [mark.step for mark in shown.marks] == [7]
    assert not record.marks
    back.moment.earlier.click()
    assert told[-1] is record


def test_that_a_run_that_has_just_begun_offers_it_once_it_has_steps(
    engine: EngineLink, record: RunRecord, qtbot: QtBot
) -> None:
    back = LookingBack(engine, lambda: PROBES)
    qtbot.addWidget(back)
    steps, record.step = record.step, 0
    back.set_record(record)
    assert back.isHidden()
    record.step = steps
    qtbot.waitUntil(lambda: not back.isHidden(), timeout=PATIENCE)


def test_that_what_cannot_be_brought_back_is_told(
    engine: EngineLink, record: RunRecord, qtbot: QtBot
) -> None:
    back = LookingBack(engine, lambda: PROBES)
    qtbot.addWidget(back)
    back.set_record(record)
    for path in (Path(record.folder) / "history.sqlite", Path(record.folder) / "started.json"):
        path.unlink()
    back.moment.earlier.click()
    qtbot.waitUntil(lambda: "missing" in back.problem.text(), timeout=PATIENCE)


def test_that_the_arrow_keys_go_through_the_run_once_one_looks_back(
    engine: EngineLink, record: RunRecord, qtbot: QtBot
) -> None:
    back = LookingBack(engine, lambda: PROBES)
    qtbot.addWidget(back)
    back.set_record(record)
    back.show()
    with qtbot.waitActive(back, timeout=PATIENCE):
        back.activateWindow()
    back.moment.earlier.setFocus()
    qtbot.keyClick(back.moment.earlier, Qt.Key.Key_Space)
    assert back.moment.slider.hasFocus()
    before = back.moment.slider.value()
    qtbot.keyClick(back.moment.slider, Qt.Key.Key_Left)
    assert back.moment.step == before - back.moment.slider.singleStep()


def test_that_a_run_packed_without_its_data_says_so_and_takes_the_same_data_alone(
    engine: EngineLink, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told as a lost file in the folder of the run, where nobody had ever put one."""
    file, other = tmp_path / "flats.csv", tmp_path / "other.csv"
    file.write_text("\n".join(["x,y", *(f"{place},{2 * place + 1}" for place in range(60))]))
    other.write_text(file.read_text().replace("7", "8"))
    chosen = {
        "data": {"kind": "table", "path": str(file), "target": "y"},
        "task": {"kind": "regression"},
        "loss": {"kind": "mean_squared"},
        "training": {"epochs": 3, "device": "cpu"},
    }
    run = create(tmp_path / "runs", Experiment.model_validate(chosen))
    assert execute(run, Control(), lambda event: None).state == "finished"
    pack(run, tmp_path / "run.ravine", with_data=False)
    unpacked = unpack(tmp_path / "run.ravine", tmp_path / "other runs")

    back = LookingBack(engine, lambda: PROBES)
    qtbot.addWidget(back)
    told: list[RunRecord] = []
    back.shown.connect(told.append)
    back.set_record(read_run(unpacked.path))
    back.moment.earlier.click()
    qtbot.waitUntil(lambda: not back.place.isHidden(), timeout=PATIENCE)
    assert "came without its data, flats.csv" in back.problem.text()
    assert str(tmp_path) not in back.problem.text()

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    back.place.click()
    qtbot.waitUntil(lambda: "not what this run was begun with" in back.problem.text(), timeout=PATIENCE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    back.place.click()
    qtbot.waitUntil(lambda: bool(told) and bool(told[-1].readings), timeout=PATIENCE)
    assert back.problem.isHidden()
    assert back.place.isHidden()
