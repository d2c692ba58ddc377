"""The chooser of target columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.widgets.labels import label
from app.words import tr

_MANY = 12
ROW = 26


class TargetChooser(QWidget):
    """Asks which column, or columns, are to be predicted."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Filter the columns"))
        self._filter.setAccessibleName(tr("Filter the columns"))
        self._filter.textChanged.connect(self._sift)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Target columns"))
        self.list.itemChanged.connect(self._tell)
        self.list.itemActivated.connect(self._turn)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(
            label(tr("Tick the column to be predicted; for numbers, several may be ticked."), "muted", wrap=True)
        )
        whole.addWidget(self._filter)
        whole.addWidget(self.list, 1)

    def show_columns(self, candidates: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these columns, with those ticked that are the target now."""
        self._filling = True
        known = [self.list.item(place).text() for place in range(self.list.count())]
        if known != list(candidates):
            self.list.clear()
            for name in candidates:
                item = QListWidgetItem(name)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                self.list.addItem(item)
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setCheckState(Qt.CheckState.Checked if item.text() in chosen else Qt.CheckState.Unchecked)
        self._filter.setVisible(len(candidates) > _MANY)
        self._filling = False

    def _tell(self) -> None:
        if not self._filling:
            items = [self.list.item(place) for place in range(self.list.count())]
            self.chosen.emit(tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked))

    def _turn(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _sift(self, text: str) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setHidden(text.casefold() not in item.text().casefold())
