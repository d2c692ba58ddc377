"""What can be done with the selected runs: a row of buttons, and the same as a menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton

from app.language.words import tr
from app.look.theme import Theme
from app.runs.rows import ENDED, RESUMABLE, RunRow
from app.widgets.refusals import WHY, refuse
from app.widgets.tips import plain

_FIRST_TO_GO = ("reveal", "finetune", "copy", "later", "resume", "delete", "predict", "open")
"""The buttons in the order in which they give up their words where the page is narrow."""
MOST_NARROW = len(_FIRST_TO_GO)
_IN_MENU = frozenset({"reveal"})
"""The buttons that a narrow page leaves to the menu of the table."""
_MENU_ALONE = frozenset({"pack", "prove"})
"""What is done so seldom that it has no button: the menu of the table has it."""


@dataclass(frozen=True)
class _Deed:
    """What can be done with runs: its name here, what it is called, its icon, and what it does."""

    key: str
    words: str
    icon: str
    tip: str


_DEEDS = (
    _Deed("open", "Open", "eye", "Show the curves and predictions of this run"),
    _Deed("predict", "Test & Predict", "target",
          "See the scores on the test part, or predict with the kept weights of this run"),
    _Deed("resume", "Resume", "rotate-ccw", "Go on from the last checkpoint"),
    _Deed("later", "Queue", "clock",
          "Let the selected runs wait in the queue, to be gone on with when their turn comes"),
    _Deed("copy", "Use this experiment", "copy", "Edit a copy of what this run was trained with"),
    _Deed("finetune", "Fine-tune", "brain",
          "A new experiment that begins with the weights of this run: for other data or classes"),
    _Deed("reveal", "Show folder", "folder-open", "Open the folder that holds all of this run"),
    _Deed("pack", "Pack into a file…", "upload", "Write this run into one file, to be sent or kept"),
    _Deed("prove", "Prove exact resume…", "circle-check",
          "Take the steps of this run again, with interruptions, and compare all to the last bit"),
    _Deed("delete", "Delete", "trash-2", "Put this run into the waste basket"),
)  # fmt: skip


class RunButtons(QObject):
    """The buttons in the head of the table of runs; each says why it cannot be pressed."""

    asked = Signal(str)
    """What is to be done with the selected runs, by its name."""

    def __init__(self, theme: Theme, row: QHBoxLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        for deed in _DEEDS:
            words = tr(deed.words)
            # Qt takes a single & for the mark of a key
            button = QPushButton(words.replace("&", "&&"))
            button.setAccessibleName(words)
            theme.put_icon(button, deed.icon)
            button.clicked.connect(lambda _=False, key=deed.key: self.asked.emit(key))
            if deed.key not in _MENU_ALONE:
                row.addWidget(button)
            self._buttons[deed.key] = button
        self.renew(())

    def __getitem__(self, key: str) -> QPushButton:
        return self._buttons[key]

    def renew(self, rows: Sequence[RunRow]) -> None:
        """Let those be pressed that can be done with the selected runs."""
        for deed in _DEEDS:
            refuse(self._buttons[deed.key], refusal(deed.key, rows), tr(deed.tip))

    def dress(self, narrow: int) -> None:
        """Give up the words of so many buttons, and the first of those, where the page is narrow."""
        gone = _FIRST_TO_GO[:narrow]
        for key, button in self._buttons.items():
            words = button.accessibleName().replace("&", "&&")
            button.setText("" if key in gone else words)
            # the menu of the table has all of them
            button.setVisible(key not in _MENU_ALONE and (not narrow or key not in _IN_MENU))

    def add_to(self, menu: QMenu) -> None:
        """Add all of them to a menu."""
        menu.setToolTipsVisible(True)
        for deed in _DEEDS:
            button = self._buttons[deed.key]
            action = menu.addAction(button.icon(), button.accessibleName().replace("&", "&&"))
            refuse(action, str(button.property(WHY)), plain(tr(deed.tip)))
            action.triggered.connect(lambda _=False, key=deed.key: self.asked.emit(key))


def refusal(key: str, rows: Sequence[RunRow]) -> str:
    """Return why something cannot be done with the selected runs, "" where it can."""
    if not rows:
        return tr("Select a run first")
    if len(rows) > 1 and key not in ("later", "delete"):
        return tr("Select one run alone")
    if key == "open":
        return rows[0].entry.trouble
    if key in ("predict", "finetune"):
        return rows[0].entry.trouble or _unweighted(rows[0])
    if key in ("resume", "later"):
        return next(filter(None, map(_ended_for_good, rows)), "")
    if key in ("pack", "prove"):
        return rows[0].entry.trouble or _unbegun(rows[0]) or (_at_work(rows[0]) if key == "pack" else "")
    if key == "copy":
        return _unread(rows[0])
    if key == "delete" and any(_trains(row) for row in rows):
        return tr("This run is in training")
    return ""


def _trains(row: RunRow) -> bool:
    return row.entry.state in ("running", "paused")


def _unbegun(row: RunRow) -> str:
    return "" if row.entry.step else tr("This run has not taken a step yet")


def _at_work(row: RunRow) -> str:
    return tr("This run is in training") if _trains(row) else ""


def _unweighted(row: RunRow) -> str:
    if row.entry.state in ENDED:
        return ""
    return tr("Weights are kept when a run finishes, or is stopped and kept; this one is {state}",
              state=tr(row.entry.state))  # fmt: skip


def _ended_for_good(row: RunRow) -> str:
    """Return why a run cannot be gone on with."""
    if _trains(row):
        return tr("This run is in training")
    if row.entry.state not in RESUMABLE:
        return tr("This run is {state}: nothing is left to go on with", state=tr(row.entry.state))
    return tr("The folder of this run is a link to another place") if Path(row.folder).is_symlink() else ""


def _unread(row: RunRow) -> str:
    if row.details is None:
        return tr("This run is still being read")
    return "" if row.details.experiment else tr("The experiment of this run cannot be read")
