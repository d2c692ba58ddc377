"""Whatever cannot be used now says why, on every page and however things stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QSpinBox, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.runs.buttons import refusal
from app.runs.page import RunsPage
from app.shell.actions import ACTIONS, Situation
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.widgets.refusals import WHY, refuse
from tests.app.runs.folders import run
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE

PAGES = ("start", "data", "train", "runs", "predict")
STANDINGS: tuple[dict[str, Any], ...] = (
    {"engine": "absent", "run": "none"},
    {"engine": "starting", "run": "none"},
    {"engine": "ready", "run": "none"},
    {"engine": "ready", "run": "starting"},
    {"engine": "ready", "run": "running"},
    {"engine": "ready", "run": "paused"},
    {"engine": "ready", "run": "stopping"},
    {"engine": "ready", "run": "discarding"},
    {"engine": "lost", "run": "none"},
)


def mute(window: QWidget) -> list[str]:
    """Return the buttons and entries that cannot be used and say nothing of why."""
    return [
        named(one)
        for one in chain(window.findChildren(QAbstractButton), window.findChildren(QAction))
        if refused_itself(one) and not (one.property(WHY) and str(one.property(WHY)) in one.toolTip())
    ]


def named(one: QAbstractButton | QAction) -> str:
    return (one.accessibleName() if isinstance(one, QAbstractButton) else "") or one.text() or repr(one)


def refused_itself(one: QAbstractButton | QAction) -> bool:
    """Return whether it is refused for its own sake, and not as a part of something that is."""
    if isinstance(one, QAction):
        # what a menu says above its entries is none, nor are those that Qt makes for its own widgets
        return not one.isEnabled() and not one.isSeparator() and one.objectName() == "" and bool(one.text())
    above = one.parentWidget()
    # the arrows of a field for numbers, and those beside tabs, are Qt's
    return (
        not one.isEnabled()
        and above is not None
        and above.isEnabled()
        and not isinstance(above, QSpinBox | QTabBar)
    )


@pytest.fixture
def window(workbench: Workbench, qtbot: QtBot) -> Iterator[MainWindow]:
    run(workbench.runs_folder, "Whole")
    run(workbench.runs_folder, "Broken off", state="interrupted")
    damaged = run(workbench.runs_folder, "Damaged")
    damaged.status.write_bytes(b"\x00\xff")
    damaged.experiment.write_bytes(b"\xff")
    made, rooms = make_window(workbench)
    qtbot.addWidget(made, before_close_func=lambda _: workbench.transport.tell(run="none"))
    workbench.document.mark_saved(Path("saved.toml"))
    for page in PAGES:
        made.show_page(page)
    rooms().library.refresh()
    qtbot.waitUntil(lambda: len(rooms().library.rows) == 3, timeout=PATIENCE)
    yield made
    rooms().shut_down()


@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_that_every_button_and_entry_that_cannot_be_used_says_why(
    window: MainWindow, workbench: Workbench, standing: dict[str, Any]
) -> None:
    workbench.transport.tell(**standing)
    assert mute(window) == []


def test_that_the_buttons_of_runs_say_why_whatever_is_selected(window: MainWindow) -> None:
    page = window.page_widget("runs")
    assert isinstance(page, RunsPage)
    table = page.table
    for rows in ((), (0,), (1,), (2,), (0, 1), (0, 1, 2)):
        table.clearSelection()
        table.setSelectionMode(table.SelectionMode.MultiSelection)
        for row in rows:
            table.selectRow(row)
        assert len(page.selected) == len(rows)
        assert mute(page) == []
    whole = next(row for row in page.model.rows if row.entry.name == "Whole")
    broken = next(row for row in page.model.rows if row.entry.name == "Broken off")
    assert "finished" in refusal("resume", [whole])
    assert refusal("resume", [broken]) == ""
    assert "interrupted" in refusal("predict", [broken])


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.key)
def test_that_a_command_without_a_run_says_what_it_wants(action: Any) -> None:
    """A reason is a sentence for a person, not merely that it is so."""
    why = action.refused(Situation(engine="ready"))
    assert why == "" or len(why.split()) >= 3


def test_that_what_can_be_used_again_says_what_it_does(qtbot: QtBot) -> None:
    button = QPushButton("Take")
    qtbot.addWidget(button)
    refuse(button, "Nothing is <found> yet", "Take it")
    assert not button.isEnabled()
    assert "found" in button.toolTip()
    refuse(button, "", "Take it")
    assert button.isEnabled()
    assert button.toolTip() == "Take it"


def test_that_menus_show_why(window: MainWindow) -> None:
    """Qt shows no tool tips of entries unless a menu is told to."""
    bar = [action.menu() for action in window.menuBar().actions()]
    assert all(isinstance(menu, QMenu) and menu.toolTipsVisible() for menu in bar)
