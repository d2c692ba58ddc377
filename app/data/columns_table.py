"""The table of columns: as wide as its words, the last column in several lines where that is not enough."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget
from typing_extensions import override

from app.data.tables import COUNTS_ROLE, DISTRIBUTION, ColumnsModel, make_quiet
from app.theme import Theme
from app.words import tr

Index = QModelIndex | QPersistentModelIndex
_LEAST_LAST = 200
"""Width in pixels that the last column has at least; the table scrolls where there is less room."""
_MOST_WIDE = {6: 130}
"""Pixels that a column has at most; the statistics stand in two lines."""
_ELSE_MOST_WIDE = 160
_MOST_WRAPPED = 200
"""A table of more columns of data keeps one line for each: measuring them all takes too long."""


class ColumnsTable(QTableView):
    """Shows a `ColumnsModel`; nothing in it is cut off."""

    def __init__(self, theme: Theme, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_quiet(self, tr("Columns"))
        self.setModel(model)
        self.setWordWrap(True)
        self.verticalHeader().setVisible(False)
        self.setItemDelegateForColumn(DISTRIBUTION, HistogramDelegate(theme, self))

    @property
    def height_needed(self) -> int:
        """Return the height in pixels at which all rows are seen."""
        rows = sum(self.rowHeight(row) for row in range(min(self.model().rowCount(), _MOST_WRAPPED)))
        return self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + 2

    def fit(self) -> None:
        """Make the columns as wide as what they hold now, and the rows as tall."""
        last = self.model().columnCount() - 1
        for place in range(last):
            self.resizeColumnToContents(place)
            self.setColumnWidth(place, min(self.columnWidth(place), _MOST_WIDE.get(place, _ELSE_MOST_WIDE)))
        taken = sum(self.columnWidth(place) for place in range(last))
        wide = max(self.viewport().width() - taken, _LEAST_LAST)
        self.setColumnWidth(last, wide)
        if self.model().rowCount() <= _MOST_WRAPPED:
            self.resizeRowsToContents()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


class HistogramDelegate(QStyledItemDelegate):
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
            height = max(area.height() * count / max(counts), 1.0 if count else 0.0)
            painter.drawRect(
                QRectF(area.left() + place * pitch, area.bottom() - height, max(pitch - 1, 1), height)
            )
        painter.restore()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(108, 28)
