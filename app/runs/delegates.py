"""What paints a run's swatch and curve in a table of runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.look.theme import Theme
from app.runs.model import ROW_ROLE, TONE_ROLE
from app.runs.rows import RunRow
from app.widgets.faults import Guarded

Index = QModelIndex | QPersistentModelIndex
_SWATCH = 28
"""Pixels at the left of the first column that belong to the tick."""
_STAR = 14


class SwatchDelegate(Guarded, QStyledItemDelegate):
    """Paints the tick of a run as the swatch of the colour in which it is drawn.

    `range_asked`: a swatch was clicked with Shift, so all rows up to it are to be ticked.
    """

    range_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # a copy, for Qt goes on with its option
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        has_tick = bool(shown.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator)
        shown.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        text, shown.text = shown.text, ""
        style = shown.widget.style()
        # ground and selection alone: tick and words were taken out, and are painted below
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        tone = index.data(TONE_ROLE)
        box = QRectF(option.rect.left() + 8, option.rect.center().y() - 6, 13, 13)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if tone is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.series(tone))
        else:
            painter.setPen(QPen(self._theme.color("border_strong"), 1))
        painter.drawRoundedRect(box, 3, 3)
        if tone is not None and has_tick:
            painter.drawPixmap(box.toRect(), self._theme.pixmap("check", "card", 13, 2))
        painter.setPen(self._theme.color("text"))
        words = option.rect.adjusted(30, 0, -4, 0)
        row = index.data(ROW_ROLE)
        if isinstance(row, RunRow) and row.entry.starred:
            star = self._theme.pixmap("star", "warning", _STAR)
            painter.drawPixmap(words.right() - _STAR, option.rect.center().y() - _STAR // 2, star)
            words.adjust(0, 0, -_STAR - 6, 0)
        # in the middle: the numbers that tell runs of one name apart stand at the end
        fitting = shown.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, words.width())
        painter.setFont(shown.font)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), fitting)
        if isinstance(row, RunRow) and row.entry.tags:
            # only what the name leaves free: names are the last thing that is cut
            words.adjust(shown.fontMetrics.horizontalAdvance(fitting) + 10, 0, 0, 0)
            tags = " ".join(f"#{tag}" for tag in row.entry.tags)
            painter.setPen(self._theme.color("text_muted"))
            cut = shown.fontMetrics.elidedText(tags, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), cut if words.width() > _STAR else "")
        painter.restore()

    @override
    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tick, or take the tick away, where the swatch is clicked."""
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        ticked = index.data(Qt.ItemDataRole.CheckStateRole)
        if ticked is None or event.position().x() - option.rect.left() > _SWATCH:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.range_asked.emit()
            return True
        wanted = Qt.CheckState.Unchecked if ticked == Qt.CheckState.Checked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)


class CurveDelegate(Guarded, QStyledItemDelegate):
    """Paints the curve of a run, as tall as the row."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if not isinstance(row, RunRow) or row.details is None:
            return
        tone = index.data(TONE_ROLE)
        shade = self._theme.color("text_faint") if tone is None else self._theme.series(tone)
        paint_curve(painter, QRectF(option.rect).adjusted(8, 5, -8, -5), row.details.curve, shade)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, 28)


def paint_curve(painter: QPainter, area: QRectF, values: Sequence[float], shade: QColor) -> None:
    """Paint a small curve that fills the area; nothing where there are fewer than two values."""
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    # a curve that stands still has no height to be divided by
    size = (high - low) or 1.0
    across = area.width() / (len(values) - 1)
    points = [
        QPointF(area.left() + place * across, area.bottom() - (value - low) / size * area.height())
        for place, value in enumerate(values)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade, 1.6))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()
