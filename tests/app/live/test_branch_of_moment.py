"""A branch begins with the run that is shown, at the moment that is shown, whatever is in training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.language.numbers import whole
from app.shell.rooms import TrainPage
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.train.session import TrainingSession
from engine.experiment import Experiment
from engine.runs.folder import opened
from engine.runs.queue.order import read_order
from engine.runs.recipe import read_edits
from tests.app.live.conftest import Opened
from tests.app.live.samples import PATIENCE, iris

_LONG = 100_000
"""Epochs that no test waits for."""


@pytest.fixture(autouse=True)
def _leaves(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No dialog asks about unsaved changes."""
    monkeypatch.setattr(workbench, "may_leave", lambda: True)


def finished(session: TrainingSession, qtbot: QtBot, experiment: Experiment) -> str:
    """Train to the end; return the folder of the run."""
    session._document.open(experiment, None)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    return str(ended.args[0].folder)


def begun(session: TrainingSession, qtbot: QtBot) -> None:
    """Wait until a run takes steps."""
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 10, timeout=PATIENCE)


def look_back(window: MainWindow, qtbot: QtBot, step: int) -> None:
    page = window.page_widget("train")
    assert isinstance(page, TrainPage)
    qtbot.waitUntil(lambda: not page.back.moment.isHidden(), timeout=PATIENCE)
    page.back.moment.earlier.click()
    page.back.moment.slider.setValue(step)
    qtbot.waitUntil(lambda: window.situation().meant.moment == step, timeout=PATIENCE)


def start_of(folder: str) -> tuple[str, int | None]:
    start = opened(folder).read_experiment().start
    return start.weights, start.step


def child_of(session: TrainingSession, parent: str, qtbot: QtBot, ask: Callable[[], object]) -> str:
    """Ask for a branch; return the folder of the run that began with it."""
    ask()
    qtbot.waitUntil(
        lambda: session.live is not None and session.live.folder not in ("", parent), timeout=PATIENCE
    )
    assert session.live is not None
    return session.live.folder


def stop(session: TrainingSession, qtbot: QtBot) -> None:
    if session.live is not None:
        with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
            session._transport.stop_asked.emit()


def test_that_a_run_that_has_ended_is_branched_from_the_moment_that_is_shown(
    opened_window: Opened, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    session, action = rooms.session, window._actions["run.branch"]
    window.show_page("train")
    assert not action.isEnabled()
    parent = finished(session, qtbot, iris(epochs=6))
    newest = session.shown.step
    assert action.isEnabled()
    assert action.text() == f"Branch from step {whole(newest)}"
    look_back(window, qtbot, 7)
    assert action.text() == "Branch from step 7"
    # what is edited goes along: it is the experiment of this run
    document = session._document
    edited = document.experiment.replaced(
        training=document.experiment.training.replaced(epochs=_LONG, keep="last")
    )
    document.edit(edited)
    child = child_of(session, parent, qtbot, action.trigger)
    assert start_of(child) == (parent, 7)
    assert opened(child).read_experiment().training.keep == "last"
    assert action.text() == "Branch from here"
    stop(session, qtbot)
    # a run is shown whose experiment is not in the form: its own is what is branched
    session.open_run(parent)
    qtbot.waitUntil(lambda: session.shown is not None and session.shown.folder == parent, timeout=PATIENCE)
    look_back(window, qtbot, 5)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        action.trigger()
    assert start_of(ended.args[0].folder) == (parent, 5)
    assert opened(ended.args[0].folder).read_experiment().training.epochs == 6


@pytest.mark.parametrize("paused", [False, True])
def test_that_the_run_in_training_is_branched_from_the_moment_that_is_shown(
    opened_window: Opened, qtbot: QtBot, paused: bool
) -> None:
    window, rooms = opened_window
    session, action = rooms.session, window._actions["run.branch"]
    window.show_page("train")
    session._document.open(iris(epochs=_LONG), None)
    session.train()
    begun(session, qtbot)
    parent = session.live.folder
    if paused:
        session._transport.pause_asked.emit()
        qtbot.waitUntil(lambda: session._transport.standing.run == "paused", timeout=PATIENCE)
    assert action.text() == "Branch from here"
    look_back(window, qtbot, 9)
    assert action.text() == window.column._branch.text() == "Branch from step 9"
    child = child_of(session, parent, qtbot, action.trigger)
    assert start_of(child) == (parent, 9)
    stop(session, qtbot)


@pytest.mark.parametrize("in_form", [True, False])
def test_that_a_branch_has_the_settings_of_its_moment_and_what_was_edited_since(
    opened_window: Opened, qtbot: QtBot, in_form: bool
) -> None:
    """Who goes back to before a mistake had the mistake in the branch."""
    window, rooms = opened_window
    session, document = rooms.session, rooms.session._document
    window.show_page("train")
    document.open(iris(epochs=_LONG), None)
    session.train()
    begun(session, qtbot)
    parent, optimizer = session.live.folder, document.experiment.optimizer
    qtbot.waitUntil(lambda: session.live.step > 9, timeout=PATIENCE)
    document.edit(document.experiment.replaced(optimizer=optimizer.replaced(learning_rate=0.5)))
    qtbot.waitUntil(lambda: bool(read_edits(opened(parent))), timeout=PATIENCE)
    if in_form:
        look_back(window, qtbot, 6)
        # taken up by the run in training, and meant for the branch
        document.edit(
            document.experiment.replaced(training=document.experiment.training.replaced(epochs=_LONG + 1))
        )
        qtbot.waitUntil(lambda: len(read_edits(opened(parent))) > 1, timeout=PATIENCE)
    else:
        stop(session, qtbot)
        document.open(iris(epochs=3).replaced(name="another"), None)
        session.open_run(parent)
        qtbot.waitUntil(
            lambda: session.shown is not None and session.shown.folder == parent, timeout=PATIENCE
        )
        look_back(window, qtbot, 6)
    child = child_of(session, parent, qtbot, window._actions["run.branch"].trigger)
    assert start_of(child) == (parent, 6)
    experiment = opened(child).read_experiment()
    assert experiment.optimizer.learning_rate == optimizer.learning_rate != 0.5
    assert experiment.training.epochs == _LONG + in_form
    # said, and not taken away as the branch begins
    assert any("can be resumed" in text for text in window.toasts.texts) == in_form
    stop(session, qtbot)


def test_that_fine_tuning_takes_the_moment_that_is_shown_and_else_the_kept_weights(
    opened_window: Opened, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    session = rooms.session
    window.show_page("train")
    parent = finished(session, qtbot, iris(epochs=4))
    look_back(window, qtbot, 6)
    window._actions["run.finetune"].trigger()
    start = session._document.experiment.start
    assert (start.weights, start.step, start.body_rate) == (parent, 6, 0.3)
    session.open_run(parent)
    qtbot.waitUntil(lambda: session.shown is not None, timeout=PATIENCE)
    window._actions["run.finetune"].trigger()
    assert session._document.experiment.start.step is None


def test_that_a_branch_of_a_run_of_the_queue_begins_before_the_next_one_and_with_its_own_settings(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    """The next one of the queue had the turn, and the branch was nothing."""
    window, rooms = opened_window
    session, queue = rooms.session, rooms.queueing.queue
    window.show_page("train")
    for rate in (0.01, 0.02):
        experiment = iris(epochs=_LONG)
        experiment = experiment.replaced(optimizer=experiment.optimizer.replaced(learning_rate=rate))
        workbench.document.open(experiment, None)
        workbench.queue()
    first, second = (str(queue.folder_of(entry)) for entry in queue.waiting)
    queue.set_active(True)
    begun(session, qtbot)
    assert session.live.folder == first
    qtbot.waitUntil(lambda: session.shown is session.live, timeout=PATIENCE)
    # another entry of the same name is edited meanwhile
    rooms._edit_waiting(second)
    assert queue.editing == second
    child = child_of(session, first, qtbot, window._actions["run.branch"].trigger)
    assert child != second
    assert start_of(child)[0] == first
    assert opened(child).read_experiment().optimizer.learning_rate == 0.01
    # what is edited now is the branch, and no entry of the queue
    assert queue.editing == ""
    assert {Path(first).name, Path(second).name} == set(read_order(workbench.runs_folder).names())
    queue.set_active(False)
    stop(session, qtbot)


def test_that_another_run_that_is_shown_is_not_taken_for_the_one_in_training(
    opened_window: Opened, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    session, action = rooms.session, window._actions["run.branch"]
    window.show_page("train")
    other = finished(session, qtbot, iris(epochs=2))
    session._document.edit(iris(epochs=_LONG))
    session.train()
    begun(session, qtbot)
    column = window.column
    words = [button.text() for button in column._scope._group.buttons()]
    assert words == ["this run", "the next"]
    session._document.edit(iris(epochs=_LONG).replaced(seed=9))
    qtbot.waitUntil(column._branch_row.isVisible, timeout=PATIENCE)
    session.open_run(other)
    qtbot.waitUntil(lambda: session.shown is not session.live, timeout=PATIENCE)
    words = [button.text() for button in column._scope._group.buttons()]
    assert words == ["the run in training", "the next"]
    assert not column._branch_row.isVisible()
    assert not action.isEnabled()
    action.setEnabled(True)
    action.trigger()
    assert session._transport.standing.run == "running"
    session.open_run(session.live.folder)
    assert column._branch_row.isVisible()
    stop(session, qtbot)
