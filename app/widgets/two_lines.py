"""Entries of a list in two lines: what it is, and smaller below it, what that means."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.theme import Theme

SECOND_LINE = Qt.ItemDataRole.UserRole + 1
WIDTH = 440
_PLAIN_HEIGHT, _FULL_HEIGHT = 28, 44


def show_two_lines(combo: QComboBox, theme: Theme) -> None:
    """Let the list of a combo box show the data of `SECOND_LINE` under each entry that has it."""
    combo.setItemDelegate(_TwoLines(theme, combo))
    combo.view().setMinimumWidth(WIDTH)
    combo.setMaxVisibleItems(14)


class _TwoLines(QStyledItemDelegate):
    """Draws the title and, smaller below it, the summary."""

    def __init__(self, theme: Theme, parent: QComboBox) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH, _FULL_HEIGHT if index.data(SECOND_LINE) else _PLAIN_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        state = option.state
        area = option.rect
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._theme.color("accent_soft"))
        inside = area.adjusted(10, 4, -10, -4)
        painter.setFont(self._theme.font("text", "medium"))
        painter.setPen(self._theme.color("text" if enabled else "text_disabled"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(index.data(Qt.ItemDataRole.DisplayRole)))
        small = self._theme.font("small")
        painter.setFont(small)
        painter.setPen(self._theme.color("text_muted" if enabled else "text_disabled"))
        below = str(index.data(SECOND_LINE) or "")
        text = QFontMetrics(small).elidedText(below, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()
