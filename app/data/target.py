"""The chooser of target columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.words import tr
from app.widgets.faults import Guarded
from app.widgets.labels import label
from engine.data.inspection.records import Inspection

# more names than these are not taken in at a glance: a filter stands above them
_MANY = 12
_SEEN = 6
"""So many columns are seen at once where there is room."""
Index = QModelIndex | QPersistentModelIndex
_WHOLE = QModelIndex()


def targets_of(found: Inspection) -> tuple[str, ...]:
    """Return the columns that are predicted, be they chosen or found."""
    return tuple(column.name for column in found.columns if column.role == "target")


class CandidatesModel(Guarded, QAbstractListModel):
    """Names of columns, of which some are ticked and some are sifted out: a table may have 20,000."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[str, ...] = ()
        self._shown: tuple[str, ...] = ()
        self._wanted = ""
        self.ticked: frozenset[str] = frozenset()

    @property
    def candidates(self) -> tuple[str, ...]:
        """Return all columns that may be chosen."""
        return self._all

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns that are shown."""
        return self._shown

    def show_columns(self, candidates: Sequence[str], chosen: Sequence[str]) -> None:
        if self._all != tuple(candidates):
            self._all = tuple(candidates)
            self.sift(self._wanted)
        self._tick(frozenset(chosen))

    def sift(self, text: str) -> None:
        """Show the columns alone in whose names the text occurs, in capitals or not."""
        self.beginResetModel()
        self._wanted = text.casefold()
        self._shown = tuple(name for name in self._all if self._wanted in name.casefold())
        self.endResetModel()

    def turn(self, name: str) -> tuple[str, ...]:
        """Tick a column, or take its tick away; return those ticked then, in their order."""
        self._tick(self.ticked ^ {name})
        return tuple(one for one in self._all if one in self.ticked)

    def _tick(self, names: frozenset[str]) -> None:
        if names != self.ticked:
            self.ticked = names
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        name = self._shown[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if name in self.ticked else Qt.CheckState.Unchecked
        return name if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        # Not "user checkable": a click on its box would count twice.
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class TargetChooser(QWidget):
    """Asks which column, or columns, are to be predicted."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = CandidatesModel(self)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Filter the columns"))
        self._filter.setAccessibleName(tr("Filter the columns"))
        self._filter.textChanged.connect(self.columns.sift)
        self.list = QListView()
        self.list.setAccessibleName(tr("Target columns"))
        self.list.setModel(self.columns)
        # else Qt measures all of 20,000 columns
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(3)
        self.list.clicked.connect(self._turn)
        for keys in ("Space", "Return"):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self._turn(self.list.currentIndex()))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(label(tr("Tick a column; of numbers, several may be ticked."), "muted", wrap=True))
        whole.addWidget(self._filter)
        whole.addWidget(self.list, 1)

    @property
    def height_needed(self) -> int:
        """Return the height in pixels at which the first columns are seen, and what stands above them."""
        rows = min(self.columns.rowCount(), _SEEN)
        row = self.list.sizeHintForRow(0) + 2 * self.list.spacing()
        above = self.sizeHint().height() - self.list.sizeHint().height()
        return above + rows * row + 2 * self.list.frameWidth() + 2 * self.list.spacing()

    def show_columns(self, candidates: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these columns, with those ticked that are the target now."""
        before = (self.columns.candidates, self.columns.ticked)
        self.columns.show_columns(candidates, chosen)
        self._filter.setVisible(len(candidates) > _MANY)
        if before != (self.columns.candidates, self.columns.ticked):
            self.list.scrollToTop()
            self._show_ticked()

    def _show_ticked(self) -> None:
        """Bring the first column that is ticked into sight; the list is lower once there is a target."""
        places = (at for at, name in enumerate(self.columns.names) if name in self.columns.ticked)
        first = next(places, None)
        if first is not None:
            self.list.scrollTo(self.columns.index(first))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._show_ticked)  # the list has its new height only then

    def _turn(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(self.columns.turn(self.columns.names[index.row()]))
