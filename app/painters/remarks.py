"""Paints remarks: a dot, a sentence, and how we know."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.painters.ink import LEFT, Ink, write
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
        line = ink.strong_size.height() + 2
        flags = int(Qt.TextFlag.TextWordWrap)
        wanted = ink.plain_size.boundingRect(QRectF(0, 0, area.width() - 22, 1000), flags, remark.detail)
        height = line + wanted.height() + 14
        if height - 14 > area.height():
            return 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(remark.tone))
        painter.drawEllipse(QPointF(area.left() + 6, area.top() + line / 2), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(area.left() + 22, area.top(), area.width() - 22, line)
        write(painter, box, remark.title, ink.strong, ink.color("text"), LEFT)
        painter.setFont(ink.plain)
        painter.setPen(ink.color("text_muted"))
        painter.drawText(
            QRectF(box.left(), box.bottom(), box.width(), wanted.height() + 2), flags, remark.detail
        )
        return height
