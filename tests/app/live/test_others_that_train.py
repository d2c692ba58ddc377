"""The head tells the truth about all that trains: the window's own run, the shown one, and the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.shell.workbench import Workbench
from app.widgets.refusals import WHY
from engine.experiment_file import write
from engine.runs.queue.order import read_order
from tests.app.live.conftest import Opened
from tests.app.live.samples import PATIENCE, iris

_LONG = 100_000
"""Epochs that no test waits for."""
_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _closes(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No dialog asks before the window closes, where a test ends early."""
    monkeypatch.setattr(workbench.dialogs, "close_while_training", lambda *_: True)


@pytest.fixture
def beside(workbench: Workbench, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Train a run by the command line, in the folder of runs of the window."""
    file = tmp_path / "beside.toml"
    write(iris(epochs=_LONG).replaced(name="Beside"), file)
    words = ("-m", "engine", "train", str(file), "--runs", str(workbench.runs_folder))
    process = subprocess.Popen([sys.executable, *words], cwd=_ROOT, stdout=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(timeout=PATIENCE / 1000)


def test_that_a_run_of_another_process_is_counted_led_to_followed_and_not_steered(
    opened_window: Opened, workbench: Workbench, beside: subprocess.Popen[bytes], qtbot: QtBot
) -> None:
    window, rooms = opened_window
    session, header = rooms.session, window._header
    window.show_page("train")
    others = header._others
    qtbot.waitUntil(lambda: others.isVisible() and others.text() == "1 trains", timeout=PATIENCE)
    # a run of this window is told first, and the commands say that they act upon it
    session._document.open(iris(epochs=_LONG), None)
    session.train()
    qtbot.waitUntil(lambda: others.text() == "+1 trains", timeout=PATIENCE)
    qtbot.waitUntil(lambda: header._words.text().startswith("Iris · epoch"), timeout=PATIENCE)
    own = session.live
    assert own is not None
    assert "It acts upon Iris" in header._pause.toolTip()
    assert "It acts upon" not in header._queue.toolTip()
    # the click leads to the other one, which is followed
    others.click()
    qtbot.waitUntil(lambda: session.shown is not None and session.shown.name == "Beside", timeout=PATIENCE)

    def shown() -> RunRecord:
        # another one takes its place where the run went on from an earlier step
        assert session.shown is not None
        return session.shown

    before = shown().step
    qtbot.waitUntil(lambda: shown().step > before, timeout=PATIENCE)
    assert header._words.text().startswith("Iris · epoch")
    # without a run of its own the window tells of the one that is shown, which it cannot steer
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        workbench.stop()
    qtbot.waitUntil(lambda: header._words.text().startswith("Beside · epoch"), timeout=PATIENCE)
    assert not others.isVisible()
    assert header._bar.isVisible()
    assert "Another process" in str(window._actions["run.stop"].property(WHY))
    # the record ends when the run does
    beside.terminate()
    qtbot.waitUntil(lambda: shown().state == "interrupted", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not header._bar.isVisible(), timeout=PATIENCE)


def test_that_a_run_gone_on_with_by_another_process_is_no_failed_one_any_more(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    session = rooms.session
    window.show_page("train")
    session._document.open(iris(epochs=_LONG), None)
    session.train()
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 10, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        workbench.stop()
    record = session.shown
    assert record is not None
    assert record.state == "stopped"
    qtbot.waitUntil(lambda: not rooms.library.others, timeout=PATIENCE)
    command = [sys.executable, "-m", "engine", "resume", record.folder]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL)
    try:
        qtbot.waitUntil(lambda: session.shown is not None and session.shown.running, timeout=PATIENCE)
        assert session.shown is not None
        assert session.shown.folder == record.folder
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE / 1000)


def test_that_two_places_of_the_queue_are_two_runs_in_the_head(
    opened_window: Opened, workbench: Workbench, qtbot: QtBot
) -> None:
    window, rooms = opened_window
    queue = rooms.queueing.queue
    workbench.settings.change(queue_at_once="2")
    for _ in range(2):
        workbench.document.open(iris(epochs=_LONG), None)
        workbench.queue()
    queue.set_active(True)
    window.show_page("train")
    header = window._header
    qtbot.waitUntil(lambda: header._others.text() == "+1 trains", timeout=2 * PATIENCE)
    assert all(entry.taken for entry in read_order(workbench.runs_folder).waiting)
    queue.set_active(False)
    # which of two of one name this is stands beside the buttons
    qtbot.waitUntil(lambda: header._words.text().startswith("#"), timeout=PATIENCE)
    with qtbot.waitSignal(rooms.session.run_ended, timeout=PATIENCE):
        workbench.stop()
