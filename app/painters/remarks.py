"""Paints remarks: a dot, a sentence, and how we know."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.painters.ink import Ink
from app.painters.painter import Painter
from app.views.drawing import Remark, Remarks

_FLAGS = int(Qt.TextFlag.TextWordWrap)
_LEFT, _GAP = 22.0, 9.0
"""Room at the left for the dot, and between two remarks."""


class RemarksPainter(Painter[Remarks], of=Remarks):
    """Paints the remarks there is room for: all with their reasons, or the later ones as bare sentences."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Remarks, ink: Ink) -> None:
        top = area.top()
        for index, remark in enumerate(drawing.remarks):
            later = sum(_height(other, area.width(), ink)[0] + _GAP for other in drawing.remarks[index + 1 :])
            title, detail = _height(remark, area.width(), ink)
            # the reason goes before a later sentence does
            if top + title + detail + later > area.bottom() + _GAP:
                detail = 0.0
            if top + title > area.bottom() + 2:
                return
            self._paint_remark(painter, QRectF(area.left(), top, area.width(), title), detail, remark, ink)
            top += title + detail + _GAP

    @override
    def words(self, drawing: Remarks) -> str:
        return " ".join(f"{remark.title} {remark.detail}" for remark in drawing.remarks)

    @override
    def note(self, area: QRectF, drawing: Remarks, ink: Ink, at: QPointF) -> str:
        heights = [sum(_height(remark, area.width(), ink)) + _GAP for remark in drawing.remarks]
        if sum(heights) <= area.height() + _GAP:
            return ""
        return "\n".join(f"{remark.title} {remark.detail}".strip() for remark in drawing.remarks)

    def _paint_remark(self, painter: QPainter, area: QRectF, detail: float, remark: Remark, ink: Ink) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(remark.tone))
        painter.drawEllipse(QPointF(area.left() + 6, area.top() + ink.strong_size.height() / 2), 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(ink.strong)
        painter.setPen(ink.color("text"))
        words = QRectF(area.left() + _LEFT, area.top(), area.width() - _LEFT, area.height())
        painter.drawText(words, _FLAGS, remark.title)
        if detail:
            painter.setFont(ink.plain)
            painter.setPen(ink.color("text_muted"))
            painter.drawText(
                QRectF(words.left(), words.bottom(), words.width(), detail + 2), _FLAGS, remark.detail
            )


def _height(remark: Remark, width: float, ink: Ink) -> tuple[float, float]:
    """Return the heights of a remark's sentence and of its reason."""
    # higher than any remark: the width alone bounds it
    room = QRectF(0, 0, width - _LEFT, 1000)
    title = ink.strong_size.boundingRect(room, _FLAGS, remark.title).height() + 2
    detail = ink.plain_size.boundingRect(room, _FLAGS, remark.detail).height() if remark.detail else 0.0
    return title, detail
