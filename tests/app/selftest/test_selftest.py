"""Help > Self-test: the engine's checks in a process of its own, the figure in the window, the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.selftest import trial as trial_module
from app.selftest.dialog import SelfTestDialog
from app.selftest.figures import figure_checks
from app.selftest.trial import Trial
from tests.app.live.samples import DIES, PATIENCE, child

QUICK = child(
    """
import sys
sys.argv = ["engine", "serve"]
from engine.selftest import checks
def die(place):
    import os
    os._exit(9)
def fail(place):
    (place / "file").write_text("x")
    raise RuntimeError(f"nothing in {place}")
well = lambda place: None
checks._all = lambda: iter([("fine", well), ("fatal", die), ("wrong", fail), ("last", well)])
from engine.serving.host import serve
sys.exit(serve())
"""
)
"""An engine whose self-test has four checks: the second kills the process, the third fails."""


@pytest.fixture
def dialog(theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[SelfTestDialog]:
    monkeypatch.setattr(trial_module, "_COMMAND", QUICK)
    made = SelfTestDialog(theme)
    qtbot.addWidget(made)
    yield made
    made.close()


def _ended(dialog: SelfTestDialog, qtbot: QtBot) -> Trial:
    qtbot.waitUntil(lambda: dialog.trial is not None and dialog.trial.over, timeout=PATIENCE)
    assert dialog.trial is not None
    return dialog.trial


def test_that_a_figure_is_exported_and_read_again(theme: Theme, tmp_path: Path) -> None:
    for name, attempt in figure_checks(theme).items():
        attempt(tmp_path)
        assert name.startswith("export")
    assert {file.suffix for file in tmp_path.iterdir()} == {".png", ".svg", ".csv"}


def test_that_every_check_is_listed_also_after_one_that_kills_the_engine(
    dialog: SelfTestDialog, qtbot: QtBot
) -> None:
    dialog.show()
    trial = _ended(dialog, qtbot)
    outcomes = dict(trial.outcomes)
    assert [name for name, trouble in outcomes.items() if trouble] == ["fatal", "wrong"]
    assert "ended with code 9" in outcomes["fatal"]
    assert list(outcomes)[-4:] == ["fine", "fatal", "wrong", "last"]
    rows = dialog.findChild(QListWidget)
    assert rows.count() == trial.count == len(trial.outcomes)


def test_that_the_report_can_be_copied_and_nothing_is_left(dialog: SelfTestDialog, qtbot: QtBot) -> None:
    dialog.show()
    trial = _ended(dialog, qtbot)
    copy = next(one for one in dialog.findChildren(QPushButton) if "opy" in one.text())
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "FAILED  wrong" in text
    assert "torch: " in text
    assert "qt: " in text
    assert str(Path.home()) not in text
    assert not Path(trial._folder.name).exists()
    assert not [one for one in psutil.Process().children() if trial._engine.process == one.pid]


def test_that_closing_stops_it_and_showing_begins_anew(
    theme: Theme, dialog: SelfTestDialog, qtbot: QtBot
) -> None:
    dialog.show()
    first = dialog.trial
    assert first is not None
    assert not first.over
    process = first._engine.process
    dialog.close()
    assert first.over
    assert not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    assert "stopped before its end" in first.report()
    dialog.show()
    assert dialog.trial is not first
    assert not _ended(dialog, qtbot).trying


def test_that_an_engine_that_cannot_start_is_a_failed_check(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_module, "_COMMAND", DIES)
    trial = Trial(theme)
    with qtbot.waitSignal(trial.ended, timeout=PATIENCE):
        trial.start()
    name, trouble = trial.outcomes[0]
    assert name == "start the engine"
    assert "no library for this" in trouble
    assert [trouble for _, trouble in trial.outcomes[1:]] == ["", "", ""]
