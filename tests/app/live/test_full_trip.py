"""The whole window with its processes: from a preset to a trained network, a prediction and the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.predict.page import PredictPage
from app.runs.page import RunsPage
from app.shell.rooms import Rooms, TrainPage
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.start.page import PresetCard
from app.views.drawing import Plot
from app.widgets.notice import Notice
from engine.data.tables.sources.table_file import TableFile
from engine.runs import status
from engine.runs.folder import opened
from tests.app.live.samples import PATIENCE

Opened = tuple[MainWindow, Callable[[], Rooms]]


@pytest.fixture
def opened_window(workbench: Workbench, qtbot: QtBot) -> Iterator[Opened]:
    window, rooms = make_window(workbench)
    qtbot.addWidget(window, before_close_func=lambda _: setattr(workbench, "may_leave", lambda: True))
    with qtbot.waitSignal(window.painted, timeout=PATIENCE):
        window.show()
    yield window, rooms
    rooms().shut_down()


def start_from(window: MainWindow, name: str, qtbot: QtBot) -> None:
    cards = window.findChildren(PresetCard)
    card = next(card for card in cards if name in card.accessibleName())
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)


def press(window: MainWindow, name: str, qtbot: QtBot) -> None:
    button = next(
        one for one in window.findChildren(QPushButton) if one.accessibleName() == name and one.isVisible()
    )
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_a_preset_is_trained_listed_and_asked_by_clicks_alone(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    start_from(window, "Iris", qtbot)
    assert window.page == "train"
    experiment = workbench.document.experiment
    workbench.document.edit(experiment.replaced(training=experiment.training.replaced(epochs=3)))
    with qtbot.waitSignal(rooms().session.run_ended, timeout=PATIENCE) as ended:
        press(window, "Train", qtbot)
    assert ended.args[0].state == "finished"
    page = window.page_widget("train")
    assert isinstance(page, TrainPage)
    page.run.refresh()
    assert isinstance(page.run.panels["main"].drawing, Plot)
    window.show_page("runs")
    runs = window.page_widget("runs")
    assert isinstance(runs, RunsPage)
    qtbot.waitUntil(lambda: runs.model.rowCount() == 1, timeout=PATIENCE)
    window.show_page("predict")
    predict = window.page_widget("predict")
    assert isinstance(predict, PredictPage)
    qtbot.waitUntil(lambda: predict._found is not None, timeout=PATIENCE)


def test_that_train_before_the_target_is_chosen_leads_to_where_it_is_chosen(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot, tmp_path: Path
) -> None:
    window, rooms = opened_window
    said: list[Notice] = []
    rooms().session.noticed.connect(said.append)
    (tmp_path / "own.csv").write_text("a,b\n" + "1,yes\n2,no\n" * 20)
    workbench.document.edit(
        workbench.document.experiment.replaced(data=TableFile(path=str(tmp_path / "own.csv")))
    )
    qtbot.waitUntil(lambda: workbench.transport.standing.engine == "ready", timeout=PATIENCE)
    workbench.document.set_found_problems(())  # as pressed before the data was looked at
    workbench.train()
    qtbot.waitUntil(lambda: window.page == "data", timeout=PATIENCE)
    assert said[-1].text.startswith("Not ready to train. Target: ")


def test_that_leaving_while_training_keeps_the_run_and_leaves_no_process(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    start_from(window, "Iris", qtbot)
    experiment = workbench.document.experiment
    workbench.document.edit(experiment.replaced(training=experiment.training.replaced(epochs=100_000)))
    press(window, "Train", qtbot)
    session = rooms().session
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 0, timeout=PATIENCE)
    assert session.live is not None
    folder = session.live.folder
    children = {child.pid for child in psutil.Process().children()}
    assert rooms().engine.process in children
    workbench.dialogs.close_while_training = lambda *_: True  # type: ignore[method-assign]
    workbench.may_leave = lambda: True  # type: ignore[method-assign]
    assert window.close()
    number = rooms().engine.process
    rooms().shut_down()
    assert not psutil.pid_exists(number)
    assert status.read(opened(folder)).state == "interrupted"
