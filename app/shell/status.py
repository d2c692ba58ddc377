"""The status bar: how the engine is, when the experiment was saved, and the look."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton

from app.document.document import Document
from app.document.run_controls import RunStatus
from app.language.words import tr
from app.look.settings import SCHEMES
from app.look.style import set_role
from app.shell.workbench import Workbench
from app.widgets.labels import ElidedLabel

HEIGHT = 28


class StatusBar(QFrame):
    """One quiet line at the bottom."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        set_role(self, "status")
        self.setFixedHeight(HEIGHT)
        self._workbench = workbench
        self._words = ElidedLabel("", "small")
        self._look = QPushButton()
        set_role(self._look, "quiet")
        self._look.setProperty("menu", True)
        self._look.setAccessibleName(tr("Theme"))
        self._look.setMenu(scheme_menu(workbench, self._look))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self._look)
        ticking = QTimer(self)
        ticking.timeout.connect(self.refresh)
        # "saved 3 min ago" grows old by itself
        ticking.start(5000)
        workbench.theme.changed.connect(self.refresh)
        workbench.transport.changed.connect(self.refresh)
        workbench.document.standing_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        parts = [engine_words(self._workbench.transport.standing), saved_words(self._workbench.document)]
        self._words.setText(" · ".join(part for part in parts if part))
        self._look.setText(tr("Theme: {scheme}", scheme=scheme_words(self._workbench.theme.scheme).lower()))


def scheme_menu(workbench: Workbench, parent: QPushButton | QMenu) -> QMenu:
    """Return a menu of light, dark and as the system has it, the one in use ticked."""
    menu = QMenu(tr("Theme"), parent)
    group = QActionGroup(menu)
    for scheme in SCHEMES:
        action = QAction(scheme_words(scheme), menu)
        action.setCheckable(True)
        action.triggered.connect(lambda _, scheme=scheme: workbench.set_scheme(scheme))
        group.addAction(action)
        menu.addAction(action)

    def tick() -> None:
        group.actions()[SCHEMES.index(workbench.theme.scheme)].setChecked(True)

    # there are two such menus, and the other one may have changed the scheme
    menu.aboutToShow.connect(tick)
    return menu


def scheme_words(scheme: str) -> str:
    return {"light": tr("Light"), "dark": tr("Dark"), "system": tr("As the system")}[scheme]


def engine_words(standing: RunStatus) -> str:
    if standing.engine == "absent":
        return ""
    words = {
        "starting": tr("engine starting…"),
        "ready": tr("engine ready"),
        "lost": tr("engine stopped; it is being started anew"),
    }[standing.engine]
    return " · ".join(part for part in (words, standing.words) if part)


def saved_words(document: Document) -> str:
    seconds = document.seconds_since_saved()
    if document.begun and document.edited:
        return tr("changes not saved")
    if seconds is None:
        return ""
    if seconds < 60:
        return tr("saved just now")
    if seconds < 3600:
        return tr("saved {minutes} min ago", minutes=round(seconds / 60))
    return tr("saved {hours} h ago", hours=round(seconds / 3600))
