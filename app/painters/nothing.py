"""Paints the empty state: one calm sentence in the middle."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.painters.ink import Ink
from app.painters.painter import Painter
from app.views.drawing import Nothing


class NothingPainter(Painter[Nothing], of=Nothing):
    """Paints what to do so that there is something to see."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Nothing, ink: Ink) -> None:
        painter.setFont(ink.plain)
        painter.setPen(ink.color("text_faint"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(16, 0, -16, 0), flags, drawing.text)

    @override
    def words(self, drawing: Nothing) -> str:
        return drawing.text
