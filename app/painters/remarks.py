"""Paints remarks: a dot, a sentence, and how we know."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.painters.ink import Ink
from app.painters.painter import Painter
from app.views.drawing import Remark, Remarks


class RemarksPainter(Painter[Remarks], of=Remarks):
    """Paints the remarks there is room for, the most important first."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Remarks, ink: Ink) -> None:
        top = area.top()
        for remark in drawing.remarks:
            height = self._paint_remark(
                painter, QRectF(area.left(), top, area.width(), area.bottom() - top), remark, ink
            )
            if not height:
                return
            top += height

    @override
    def words(self, drawing: Remarks) -> str:
        return " ".join(f"{remark.title} {remark.detail}" for remark in drawing.remarks)

    def _paint_remark(self, painter: QPainter, area: QRectF, remark: Remark, ink: Ink) -> float:
        flags = int(Qt.TextFlag.TextWordWrap)
        room = QRectF(0, 0, area.width() - 22, 1000)
        title = ink.strong_size.boundingRect(room, flags, remark.title).height() + 2
        detail = ink.plain_size.boundingRect(room, flags, remark.detail).height()
        if title + detail > area.height():
            return 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(remark.tone))
        painter.drawEllipse(QPointF(area.left() + 6, area.top() + ink.strong_size.height() / 2), 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(ink.strong)
        painter.setPen(ink.color("text"))
        painter.drawText(QRectF(area.left() + 22, area.top(), room.width(), title), flags, remark.title)
        painter.setFont(ink.plain)
        painter.setPen(ink.color("text_muted"))
        painter.drawText(
            QRectF(area.left() + 22, area.top() + title, room.width(), detail + 2), flags, remark.detail
        )
        return title + detail + 14
