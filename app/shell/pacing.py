"""The menu in which a person chooses how fast a run may go."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.document.run_controls import PACES
from app.language.words import tr
from app.shell.workbench import Workbench


def pace_menu(workbench: Workbench, parent: QWidget) -> QMenu:
    """Return a menu of the paces, the one in use ticked."""
    menu = QMenu(tr("Pace"), parent)
    group = QActionGroup(menu)
    for pace in PACES:
        action = QAction(pace_words(pace), menu)
        action.setCheckable(True)
        action.triggered.connect(lambda _, pace=pace: workbench.set_pace(pace))
        group.addAction(action)
        menu.addAction(action)

    def tick() -> None:
        group.actions()[list(PACES).index(workbench.transport.standing.pace)].setChecked(True)

    # only as it opens: the pace is remembered from the last time, and may be set elsewhere
    menu.aboutToShow.connect(tick)
    return menu


def pace_words(pace: str) -> str:
    """Return a pace as it is called in menus."""
    steps = PACES[pace]
    if steps is None:
        return tr("As fast as it can")
    return tr("1 step a second") if steps == 1 else tr("{count:g} steps a second", count=steps)
