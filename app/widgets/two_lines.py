"""Entries of a list in two lines: what it is, and smaller below it, what that means."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.look.theme import Theme
from app.widgets.faults import Guarded
from app.widgets.type_ahead import TypeAheadList

SECOND_LINE = Qt.ItemDataRole.UserRole + 1
WIDTH = 440
_PLAIN_HEIGHT, _SIDE = 28, 10
_LINES = 3
"""Lines below the title at most; what is longer ends in "…"."""


def show_two_lines(combo: QComboBox, theme: Theme) -> None:
    """Let the list of a combo box show the data of `SECOND_LINE` under each entry that has it."""
    # before the delegate, which a combo box gives to the list that it has then
    combo.setView(TypeAheadList(combo))
    combo.setItemDelegate(_TwoLines(theme, combo))
    # the list may be wider than the box, which is no wider than its column
    combo.view().setMinimumWidth(WIDTH)
    combo.setMaxVisibleItems(14)


class _TwoLines(Guarded, QStyledItemDelegate):
    """Draws the title and, smaller below it, the summary."""

    def __init__(self, theme: Theme, parent: QComboBox) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        below = str(index.data(SECOND_LINE) or "")
        if not below:
            return QSize(WIDTH, _PLAIN_HEIGHT)
        small = QFontMetrics(self._theme.font("small"))
        lines = len(wrapped(below, small, self._room()))
        return QSize(WIDTH, _PLAIN_HEIGHT + lines * small.height())

    def _room(self) -> int:
        """Return how wide the list is, without its bar and its edges."""
        return WIDTH - 2 * _SIDE - 16

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
        inside = area.adjusted(_SIDE, 4, -_SIDE, -4)
        painter.setFont(self._theme.font("text", "medium"))
        painter.setPen(self._theme.color("text" if enabled else "text_disabled"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(index.data(Qt.ItemDataRole.DisplayRole)))
        small = self._theme.font("small")
        painter.setFont(small)
        painter.setPen(self._theme.color("text_muted" if enabled else "text_disabled"))
        below = str(index.data(SECOND_LINE) or "")
        text = "\n".join(wrapped(below, QFontMetrics(small), self._room()))
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()


def wrapped(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a text in at most `_LINES` lines of a width, broken between words; the last may end in "…"."""
    lines, words = [""], text.split()
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        # a word wider than the line has no line that fits: it begins one all the same
        if metrics.horizontalAdvance(longer) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < _LINES:
            lines.append(word)
        else:
            rest = " ".join((lines[-1], *words[place:]))
            lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
            break
    return lines
