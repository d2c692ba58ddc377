"""The dialog in which a person chooses which columns the table of runs shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.language.words import tr
from app.runs.columns import RunsColumn
from app.widgets.labels import label
from app.widgets.tips import plain

_NAME = int(Qt.ItemDataRole.UserRole)
_SIZE = 420, 520


class ColumnDialog(QDialog):
    """Offers columns, the shown ones first and ticked; `chosen` are the names of those that are ticked."""

    def __init__(
        self, offered: Sequence[RunsColumn], shown: Sequence[str], usual: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Columns of the table"))
        self.resize(*_SIZE)
        self._offered = {column.name: column for column in offered}
        self._usual = tuple(usual)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a setting or a score"))
        self.search.setAccessibleName(tr("Find a column"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Columns"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._fill(shown)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(standard.RestoreDefaults).setText(tr("Usual columns"))
        buttons.button(standard.RestoreDefaults).clicked.connect(lambda: self._fill(self._usual))
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        words = tr(
            "Offered are the settings in which these runs differ, and their scores. Drag to order them."
        )
        column.addWidget(label(words, "small", wrap=True))
        column.addWidget(buttons)

    @property
    def chosen(self) -> tuple[str, ...]:
        items = (self.list.item(place) for place in range(self.list.count()))
        return tuple(item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _fill(self, shown: Sequence[str]) -> None:
        self.list.clear()
        for name in (*shown, *(name for name in self._offered if name not in shown)):
            item = QListWidgetItem(self._title(name))
            item.setData(_NAME, name)
            item.setToolTip(plain(self._offered[name].meaning))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._find(self.search.text())

    def _title(self, name: str) -> str:
        column = self._offered[name]
        # of a setting also the section: "Kind" alone would say nothing
        return column.meaning if column.is_setting else column.title

    def _find(self, text: str) -> None:
        wanted = text.casefold().split()
        for place in range(self.list.count()):
            item = self.list.item(place)
            words = f"{item.text()} {item.data(_NAME)}".casefold()
            item.setHidden(not all(word in words for word in wanted))
