"""A run is packed, taken out again and proved, in the whole window with a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.runs.dialogs.pack_dialog import PackDialog
from app.runs.dialogs.proof_dialog import ProofDialog
from app.runs.page import RunsPage
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.widgets.notice import Notice
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.training.control import Control
from tests.app.live.conftest import Opened
from tests.app.live.samples import PATIENCE, iris


@pytest.fixture
def run(workbench: Workbench) -> RunFolder:
    folder = create(workbench.runs_folder, iris(epochs=4))
    assert execute(folder, Control(), lambda event: None).state == "finished"
    return folder


def page_of(window: MainWindow, run: RunFolder, qtbot: QtBot) -> RunsPage:
    window.show_page("runs")
    page = window.page_widget("runs")
    assert isinstance(page, RunsPage)
    qtbot.waitUntil(lambda: len(page.model.shown) == 1, timeout=PATIENCE)
    page.table.select_folders([str(run.path)])
    return page


def above(sort: type) -> list[object]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, sort)]


def test_that_a_run_is_packed_by_the_menu_and_a_dropped_file_is_among_the_runs(
    opened_window: Opened,
    workbench: Workbench,
    run: RunFolder,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, rooms = opened_window
    page = page_of(window, run, qtbot)
    told: list[Notice] = []
    rooms.run_files.noticed.connect(told.append)
    file = tmp_path / "mine.ravine"
    monkeypatch.setattr(workbench.dialogs, "place_to_pack", lambda folder, name: file)
    page.pack_asked.emit(str(run.path))
    (dialog,) = above(PackDialog)
    assert isinstance(dialog, PackDialog)
    # shipped data needs not be sent
    qtbot.waitUntil(lambda: not dialog.data.isEnabled(), timeout=PATIENCE)
    dialog.accept()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[0].mood == "good"
    assert file.is_file()
    # what a person drops on the window
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(page.model.rows) == 2, timeout=PATIENCE)
    shown = rooms.session.shown
    assert shown is not None
    assert shown.folder != str(run.path)
    assert RunFolder(Path(shown.folder)).model.read_bytes() == run.model.read_bytes()


def test_that_what_is_no_packed_run_is_told(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    _, rooms = opened_window
    told: list[Notice] = []
    rooms.run_files.noticed.connect(told.append)
    (tmp_path / "other.ravine").write_bytes(b"PK no archive")
    workbench.open_anything(tmp_path / "other.ravine")
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[0].mood == "danger"
    assert "no packed run" in told[0].text


def test_that_exact_resume_is_proved_by_the_menu(opened_window: Opened, run: RunFolder, qtbot: QtBot) -> None:
    window, _ = opened_window
    page_of(window, run, qtbot).prove_asked.emit(str(run.path))
    (dialog,) = above(ProofDialog)
    assert isinstance(dialog, ProofDialog)
    assert dialog.under_way
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    assert dialog.proof is not None
    assert dialog.proof.exact
    assert dialog.words.text() == dialog.proof.why
    # given up, it says so and can be begun anew
    dialog.turn.click()
    assert dialog.under_way
    dialog.turn.click()
    assert not dialog.under_way
    dialog.close()
