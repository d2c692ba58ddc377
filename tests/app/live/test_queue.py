"""The queue in the whole window: added by a key, trained in turn, and exact whatever happens to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.runs.page import RunsPage
from app.runs.queue_card import QueueCard
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.folder import opened
from engine.runs.queue.order import enqueue, read_order
from tests.app.live.conftest import Opened
from tests.app.live.samples import PATIENCE, iris


def edited(workbench: Workbench, experiment: Experiment) -> None:
    workbench.document.open(experiment, None)


def states(runs: Path) -> dict[str, str]:
    return {path.name: status.read(opened(path)).state for path in runs.iterdir() if path.name[0] != "."}


def card_of(window: MainWindow) -> QueueCard:
    window.show_page("runs")
    page = window.page_widget("runs")
    assert isinstance(page, RunsPage)
    (card,) = page.findChildren(QueueCard)
    return card


def added(workbench: Workbench, *experiments: Experiment) -> None:
    for experiment in experiments:
        edited(workbench, experiment)
        workbench.queue()


def test_that_runs_wait_until_they_are_wanted_and_are_then_trained_in_turn(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    added(workbench, iris(), iris(), iris())
    runs = workbench.runs_folder
    assert list(states(runs).values()) == ["waiting"] * 3
    card = card_of(window)
    assert card.isVisible()
    first, second, third = read_order(runs).names()
    # by keyboard alone: the last becomes the first, the second is held
    rows = card.list
    # keys go to the window that is in front
    with qtbot.waitActive(window, timeout=PATIENCE):
        window.activateWindow()
    rows.setFocus()
    rows.setCurrentRow(2)
    for _ in range(2):
        qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert read_order(runs).names() == (third, first, second)
    rows.setCurrentRow(1)
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    with qtbot.waitSignal(rooms.queueing.queue.emptied, timeout=PATIENCE):
        qtbot.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    assert states(runs) == {third: "finished", first: "waiting", second: "finished"}
    assert (
        opened(runs / third).read_json(opened(runs / third).status)["started"]
        < opened(runs / second).read_json(opened(runs / second).status)["started"]
    )


def test_that_what_is_added_while_a_run_trains_is_trained_after_it(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    _, rooms = opened_window
    edited(workbench, iris(epochs=200_000))
    workbench.train()
    qtbot.waitUntil(lambda: workbench.transport.standing.run == "running", timeout=PATIENCE)
    workbench.queue()
    (waiting,) = read_order(workbench.runs_folder).names()
    with qtbot.waitSignal(rooms.session.run_ended, timeout=PATIENCE):
        workbench.stop()
    qtbot.waitUntil(
        lambda: rooms.session.live is not None and Path(rooms.session.live.folder).name == waiting,
        timeout=PATIENCE,
    )
    qtbot.waitUntil(lambda: workbench.transport.standing.run == "running", timeout=PATIENCE)
    # a run of the queue that is discarded leaves it, and is not taken again
    with qtbot.waitSignal(rooms.session.discarded, timeout=PATIENCE):
        workbench.discard()
    assert read_order(workbench.runs_folder).names() == ()


def test_that_a_run_whose_engine_was_killed_is_gone_on_with_by_the_queue(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    import psutil

    _, rooms = opened_window
    added(workbench, iris(epochs=400))
    (waiting,) = read_order(workbench.runs_folder).names()
    rooms.queueing.queue.set_active(True)
    qtbot.waitUntil(lambda: workbench.transport.standing.step > 0, timeout=PATIENCE)
    child = rooms.engine._child
    assert child is not None
    psutil.Process(child.number).kill()
    qtbot.waitUntil(lambda: states(workbench.runs_folder)[waiting] == "finished", timeout=PATIENCE)
    qtbot.waitUntil(lambda: read_order(workbench.runs_folder).names() == (), timeout=PATIENCE)


def test_that_a_waiting_run_is_edited_in_its_place(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "may_leave", lambda: True)
    window, rooms = opened_window
    added(workbench, iris(), iris(epochs=3))
    first, second = read_order(workbench.runs_folder).names()
    card = card_of(window)
    qtbot.waitUntil(lambda: rooms.library.row_of(str(workbench.runs_folder / first)) is not None,
                    timeout=PATIENCE)  # fmt: skip
    card.refresh()
    card.list.setCurrentRow(0)
    qtbot.mouseClick(card.edit, Qt.MouseButton.LeftButton)
    assert [entry.held for entry in read_order(workbench.runs_folder).waiting] == [True, False]
    experiment = workbench.document.experiment
    workbench.document.edit(experiment.replaced(training=experiment.training.replaced(epochs=7)))
    workbench.queue()
    assert read_order(workbench.runs_folder).names() == (first, second)
    assert not read_order(workbench.runs_folder).waiting[0].held
    assert opened(workbench.runs_folder / first).read_experiment().training.epochs == 7
    # the next one is a new run again
    workbench.queue()
    assert len(read_order(workbench.runs_folder).names()) == 3


def test_that_no_edit_of_a_waiting_run_reaches_the_run_in_training(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither while it is edited nor once it is kept; and the form says all the while whose it is."""
    monkeypatch.setattr(workbench, "may_leave", lambda: True)
    window, rooms = opened_window
    controls, document = workbench.transport, workbench.document
    edited(workbench, iris(epochs=200_000))
    workbench.train()
    qtbot.waitUntil(lambda: controls.standing.run == "running", timeout=PATIENCE)
    assert controls.standing.takes_edits is True
    workbench.queue()
    live = rooms.session.live
    assert live is not None
    (waiting,) = read_order(workbench.runs_folder).names()
    folder = str(workbench.runs_folder / waiting)
    qtbot.waitUntil(lambda: rooms.library.row_of(folder) is not None, timeout=PATIENCE)
    card = card_of(window)
    card.refresh()
    card.list.setCurrentRow(0)
    qtbot.mouseClick(card.edit, Qt.MouseButton.LeftButton)
    window.show_page("train")

    def edit_rate(rate: float) -> None:
        now = document.experiment
        document.edit(now.replaced(optimizer=now.optimizer.replaced(learning_rate=rate)))
        qtbot.wait(1200)  # longer than a hand rests before the run takes an edit up

    edit_rate(0.25)
    assert live.marks == []
    assert controls.standing.takes_edits is None
    assert controls.standing.meant.waiting == rooms.library.name_of(folder)
    assert window.column._waiting.isVisible()
    assert controls.standing.meant.waiting in window.column._waiting.text()
    workbench.queue()
    assert opened(folder).read_experiment().optimizer.learning_rate == 0.25
    edit_rate(0.125)
    document.undo()
    qtbot.wait(1200)
    assert live.marks == []
    assert not window.column._waiting.isVisible()
    assert controls.standing.takes_edits is False
    # the person says otherwise
    controls.follow_asked.emit(True)
    qtbot.waitUntil(lambda: bool(live.marks), timeout=PATIENCE)
    rooms.queueing.queue.set_active(False)
    with qtbot.waitSignal(rooms.session.run_ended, timeout=PATIENCE):
        workbench.stop()


def test_that_another_experiment_in_the_form_is_no_edit_of_the_run_in_training(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    """Be it of the same name, as an earlier run or a file of before."""
    _, rooms = opened_window
    controls = workbench.transport
    begun = iris(epochs=200_000)
    edited(workbench, begun)
    workbench.train()
    qtbot.waitUntil(lambda: controls.standing.run == "running", timeout=PATIENCE)
    live = rooms.session.live
    assert live is not None
    edited(workbench, begun.replaced(optimizer=begun.optimizer.replaced(learning_rate=0.25)))
    qtbot.wait(1200)
    assert live.marks == []
    assert controls.standing.takes_edits is False
    with qtbot.waitSignal(rooms.session.run_ended, timeout=PATIENCE):
        workbench.stop()
    # nothing was chosen by the person: the next run takes up what is edited, as any
    workbench.train()
    qtbot.waitUntil(lambda: controls.standing.run == "running", timeout=PATIENCE)
    assert controls.standing.takes_edits is True
    with qtbot.waitSignal(rooms.session.run_ended, timeout=PATIENCE):
        workbench.stop()


def test_that_two_runs_are_trained_at_once_where_that_is_wanted(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    workbench.settings.change(queue_at_once="2")
    added(workbench, *(iris(epochs=200 + more) for more in range(4)))
    rooms.queueing.queue.set_active(True)
    qtbot.waitUntil(lambda: set(states(workbench.runs_folder).values()) == {"finished"}, timeout=2 * PATIENCE)
    folders = [opened(path) for path in workbench.runs_folder.iterdir() if path.name[0] != "."]
    processes = {status.read(folder).process for folder in folders}
    assert len(processes) > 1
    assert isinstance(card_of(window).list, QListWidget)


def test_that_what_waits_from_the_last_time_is_told_once_at_the_start(
    workbench: Workbench, qtbot: QtBot
) -> None:
    for seed in range(2):
        enqueue(workbench.runs_folder, iris().replaced(seed=seed))
    window, rooms = make_window(workbench)
    qtbot.addWidget(window, before_close_func=lambda _: setattr(workbench, "may_leave", lambda: True))
    with qtbot.waitSignal(window.painted, timeout=PATIENCE):
        window.show()
    qtbot.waitUntil(lambda: any("2 runs wait" in text for text in window.toasts.texts), timeout=PATIENCE)
    # nothing is trained because the program was opened
    assert set(states(workbench.runs_folder).values()) == {"waiting"}
    rooms().shut_down()
