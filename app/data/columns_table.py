"""The table of columns: as wide as its words; in it a person says what the cells of a column are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget
from typing_extensions import override

from app.data.column_types import AS_FOUND, offered
from app.data.tables import COUNTS_ROLE, DISTRIBUTION, STATISTICS, TYPE, ColumnsModel, make_quiet
from app.language.words import tr
from app.look.theme import Theme
from app.widgets.faults import Guarded
from app.widgets.refusals import refuse

Index = QModelIndex | QPersistentModelIndex
_LEAST_LAST = 200
"""Width in pixels that the last column has at least; the table scrolls where there is less room."""
_LEAST_STATISTICS = 190
"""Width in pixels at which three frequent values stand in four lines at most."""
_MOST_WIDE = 160
"""Pixels that a column of names and counts has at most."""
_MARK = 12
"""Pixels of the mark beside a type."""
_MOST_MEASURED = 100
"""Rows by which the width of a column goes; what is longer further down is seen whole in its tip."""
_MOST_WRAPPED = 200
"""A table of more columns of data keeps one line for each: measuring them all takes too long."""


class ColumnsTable(QTableView):
    """Shows a `ColumnsModel`; nothing in it is cut off. Where types can be chosen, their cells ask."""

    type_chosen = Signal(str, str)
    """The name of a column, and the type that a person says it has, "" for the one that is found."""

    def __init__(self, theme: Theme, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_quiet(self, tr("Columns"))
        self._columns = model
        self.setModel(model)
        self.setWordWrap(True)
        self._fitted_for = -1
        model.modelReset.connect(self._forget_fit)
        self.horizontalHeader().setResizeContentsPrecision(_MOST_MEASURED)
        self.verticalHeader().setVisible(False)
        self.setItemDelegateForColumn(DISTRIBUTION, HistogramDelegate(theme, self))
        self.setItemDelegateForColumn(TYPE, TypeDelegate(theme, model, self))
        self.clicked.connect(lambda index: self._ask(index.row()) if index.column() == TYPE else None)
        # Enter is the key beside the numbers
        for keys in ("Return", "Enter", "Space"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self._ask(self.currentIndex().row()))

    @property
    def height_needed(self) -> int:
        """Return the height in pixels at which all rows are seen."""
        rows = sum(self.rowHeight(row) for row in range(min(self.model().rowCount(), _MOST_WRAPPED)))
        return self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + 2

    def fit(self) -> None:
        """Make the columns as wide as what they hold now, and the rows as tall; hide those that hold nothing.

        The two columns of sentences share what the others leave, each as far as it needs it. Nothing is
        measured anew where neither what is shown nor the width has changed.
        """
        if self._fitted_for == self.viewport().width():
            return
        self._fitted_for = self.viewport().width()
        last = self.model().columnCount() - 1
        for place in range(last + 1):
            self.setColumnHidden(place, not self._columns.says(place))
            self.resizeColumnToContents(place)
        for place in range(STATISTICS):
            self.setColumnWidth(place, min(self.columnWidth(place), _MOST_WIDE))
        room = self.viewport().width() - sum(self.columnWidth(place) for place in range(STATISTICS))
        wanted = max(min(self.columnWidth(last), room // 2), _LEAST_LAST)
        statistics = max(min(self.columnWidth(STATISTICS), room - wanted), _LEAST_STATISTICS)
        if self.isColumnHidden(last):
            statistics = max(room, _LEAST_STATISTICS)
        self.setColumnWidth(STATISTICS, statistics)
        self.setColumnWidth(last, max(room - statistics, _LEAST_LAST))
        if self.model().rowCount() <= _MOST_WRAPPED:
            self.resizeRowsToContents()

    def _forget_fit(self) -> None:
        self._fitted_for = -1

    def menu_of(self, row: int) -> QMenu | None:
        """Return the types that the column of a row can have, None where none can be chosen.

        The usual ones stand first, others in menus of their own: a list of all is as tall as the page.
        """
        types = self._columns.types
        if not types or not 0 <= row < self._columns.rowCount():
            return None
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAccessibleName(tr("Type of {column}", column=self._columns.column_at(row).name))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kinds = offered(types)
        self._offer(menu, row, (AS_FOUND,))
        menu.addSeparator()
        self._offer(menu, row, kinds.usual)
        for title, others in ((tr("Other numbers"), kinds.numbers), (tr("Other words"), kinds.words)):
            if others:
                self._offer(menu.addMenu(title), row, others)
        menu.addSeparator()
        self._offer(menu, row, kinds.last)
        return menu

    def _offer(self, menu: QMenu, row: int, kinds: Sequence[str]) -> None:
        facts, now = self._columns.column_at(row), self._columns.chosen_type(row)
        for kind in kinds:
            action = menu.addAction(self._columns.types.get(kind) or tr("As found"))
            action.setCheckable(True)
            action.setChecked(kind == now)
            needed = kind == "leave_out" and facts.role == "target"
            why = tr("A table without its target has nothing to learn: choose another target first")
            refuse(action, why if needed else "", action.text())
            action.triggered.connect(
                # Qt gives first whether it is ticked
                lambda _=False, name=facts.name, kind=kind: self.type_chosen.emit(name, kind)
            )

    def _ask(self, row: int, at: QPoint | None = None) -> None:
        menu = self.menu_of(row)
        if menu is not None:
            cell = self.visualRect(self._columns.index(row, TYPE))
            menu.popup(at if at is not None else self.viewport().mapToGlobal(cell.bottomLeft()))

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._ask(self.indexAt(self.viewport().mapFromGlobal(event.globalPos())).row(), event.globalPos())
        else:  # the menu key is about the row that has the focus, wherever the mouse is
            self._ask(self.currentIndex().row())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # columns were measured in the font before
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._forget_fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


class TypeDelegate(Guarded, QStyledItemDelegate):
    """Paints a type with the mark of what offers others, where others can be chosen."""

    def __init__(self, theme: Theme, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if self._model.types:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.icon = self._theme.icon("chevron-down", "text_muted", _MARK)
            option.decorationSize = QSize(_MARK, _MARK)
            option.decorationPosition = QStyleOptionViewItem.Position.Right
            option.decorationAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistogramDelegate(Guarded, QStyledItemDelegate):
    """Paints the counts of a column as a small histogram."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        counts = index.data(COUNTS_ROLE)
        if not counts or max(counts) <= 0:
            return
        area = QRectF(option.rect).adjusted(8, 4, -8, -4)
        middle = min(area.height(), 20.0)  # a tall row's histogram is no taller
        area = QRectF(area.left(), area.center().y() - middle / 2, area.width(), middle)
        pitch = min(area.width() / len(counts), 16.0)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.series(5))
        for place, count in enumerate(counts):
            # a rare value is seen, too
            height = max(area.height() * count / max(counts), 1.0 if count else 0.0)
            painter.drawRect(
                QRectF(area.left() + place * pitch, area.bottom() - height, max(pitch - 1, 1), height)
            )
        painter.restore()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(108, 28)
