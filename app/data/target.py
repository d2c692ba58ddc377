"""The chooser of target columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.widgets.labels import label
from app.words import tr

_MANY = 12


class TargetChooser(QWidget):
    """Asks which column, or columns, are to be predicted."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Filter the columns"))
        self._filter.setAccessibleName(tr("Filter the columns"))
        self._filter.textChanged.connect(self._sift)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Target columns"))
        self.list.setSpacing(3)
        self.list.itemClicked.connect(self._turn)
        for keys in ("Space", "Return"):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._turn_current)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(
            label(
                tr("Tick the column to be predicted; for numbers, several may be ticked."), "muted", wrap=True
            )
        )
        whole.addWidget(self._filter)
        whole.addWidget(self.list, 1)

    def show_columns(self, candidates: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these columns, with those ticked that are the target now."""
        known = [self.list.item(place).text() for place in range(self.list.count())]
        if known != list(candidates):
            self.list.clear()
            for name in candidates:
                item = QListWidgetItem(name)  # not "user checkable": a click on its box would count twice
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.list.addItem(item)
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setCheckState(Qt.CheckState.Checked if item.text() in chosen else Qt.CheckState.Unchecked)
        self._filter.setVisible(len(candidates) > _MANY)

    def _turn_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._turn(item)

    def _turn(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
        items = [self.list.item(place) for place in range(self.list.count())]
        self.chosen.emit(tuple(one.text() for one in items if one.checkState() == Qt.CheckState.Checked))

    def _sift(self, text: str) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setHidden(text.casefold() not in item.text().casefold())
