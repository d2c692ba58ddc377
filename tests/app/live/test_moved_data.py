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
from app.train.session import TrainingSession
from app.widgets.notice import Notice
from engine.experiment import Experiment
from tests.app.live.conftest import Opened
from tests.app.live.samples import PATIENCE

_LONG = 100_000
"""Epochs that no test waits for."""


def chosen(file: Path, epochs: int) -> dict[str, object]:
    """Return an experiment on a table, as a file has it."""
    return {
        "data": {"kind": "table", "path": str(file), "target": "y"},
        "task": {"kind": "regression"},
        "loss": {"kind": "mean_squared"},
        "training": {"epochs": epochs, "device": "cpu"},
    }


def stopped(session: TrainingSession, folder: Path, qtbot: QtBot) -> tuple[str, Path]:
    """Train on a table for a moment; return the folder of the run, and the table."""
    file = folder / "data.csv"
    file.write_text("\n".join(["x,y", *(f"{place},{2 * place + 1}" for place in range(60))]))
    session._document.open(Experiment.model_validate(chosen(file, _LONG)), None)
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


def test_that_a_wish_for_more_epochs_is_kept_while_the_place_of_the_data_is_asked(
    opened_window: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place was taken, but not how far to go: a finished run was refused with the same words again."""
    _, rooms = opened_window
    session, notices = rooms.session, list[Notice]()
    file, place, other = (tmp_path / name for name in ("data.csv", "archive.csv", "other.csv"))
    file.write_text("\n".join(["x,y", *(f"{count},{2 * count + 1}" for count in range(60))]))
    other.write_text(file.read_text().replace("7", "8"))
    session._document.open(Experiment.model_validate(chosen(file, epochs=2)), None)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    assert ended.args[0].state == "finished"
    run = ended.args[0].folder
    file.rename(place)
    session.noticed.connect(notices.append)
    session.resume(run, epochs=4)
    qtbot.waitUntil(lambda: bool(notices), timeout=PATIENCE)
    assert notices[-1].act is not None

    # other data is no excuse to say the same again
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    notices[-1].act()
    qtbot.waitUntil(lambda: len(notices) == 2, timeout=PATIENCE)
    assert "not what this run was begun with" in notices[-1].text
    assert notices[-1].act is not None

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(place), ""))
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        notices[-1].act()
    assert (ended.args[0].state, ended.args[0].epoch) == ("finished", 4)
    assert lost_data(run) == ""
