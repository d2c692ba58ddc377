"""Data of a run that was moved: it is said where it was, and the run goes on from its new place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.document.moved_data import ask_for_place, lost_data
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.predict.page import PredictPage
from app.runs.library import Library
from app.train.notice import Notice
from app.train.session import TrainingSession
from engine.experiment import Experiment
from tests.app.live.samples import PATIENCE

_LONG = 100_000
"""Epochs that no test waits for."""


def stopped(session: TrainingSession, folder: Path, qtbot: QtBot) -> tuple[str, Path]:
    """Train on a table for a moment; return the folder of the run, and the table."""
    file = folder / "data.csv"
    file.write_text("\n".join(["x,y", *(f"{place},{2 * place + 1}" for place in range(60))]))
    chosen = {
        "data": {"kind": "table", "path": str(file), "target": "y"},
        "task": {"kind": "regression"},
        "loss": {"kind": "mean_squared"},
        "training": {"epochs": _LONG, "device": "cpu"},
    }
    session._document.open(Experiment.model_validate(chosen), None)
    session.train()
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 0, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session._transport.stop_asked.emit()
    return ended.args[0].folder, file


def test_that_a_run_whose_data_was_moved_is_tested_and_goes_on_from_its_new_place(
    session: TrainingSession,
    engine: EngineLink,
    theme: Theme,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, file = stopped(session, tmp_path, qtbot)
    assert lost_data(run) == ""
    place = tmp_path / "archive" / "old.csv"
    place.parent.mkdir()
    file.rename(place)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(place), ""))
    assert lost_data(run) == str(file)

    page = PredictPage(theme, engine, Library(tmp_path / "runs"))
    qtbot.addWidget(page)
    page.show()
    page.choose(run)
    qtbot.waitUntil(page.test.button.isEnabled, timeout=PATIENCE)
    page.test.asked.emit()
    qtbot.waitUntil(page.test.place.isVisible, timeout=PATIENCE)
    assert str(file) in page.test._state.text()
    page.test.place.click()
    qtbot.waitUntil(page.test.scores.isVisible, timeout=PATIENCE)
    assert not page.test.place.isVisible()

    notices: list[Notice] = []
    session.noticed.connect(notices.append)
    session.resume(run)
    qtbot.waitUntil(lambda: bool(notices), timeout=PATIENCE)
    assert str(file) in notices[-1].text
    assert notices[-1].act is not None
    with qtbot.waitSignal(session.place_asked) as asked:
        notices[-1].act()
    session.resume(asked.args[0], ask_for_place(asked.args[0], None))
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 0, timeout=PATIENCE)
    assert lost_data(run) == ""
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()
