"""Paints remarks: a dot, a sentence, and how we know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.ink import LEFT, Ink, write
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
        shown = shown_of(drawing.remarks, area, ink)
        for index, remark in enumerate(drawing.remarks[:shown]):
            rest = drawing.remarks[index + 1 :]
            later = sum(_height(other, area.width(), ink)[0] + _GAP for other in rest)
            title, detail = _height(remark, area.width(), ink)
            # the reason goes before a later sentence does
            if top + title + detail + later > area.bottom() + _GAP:
                detail = 0.0
            self._paint_remark(painter, QRectF(area.left(), top, area.width(), title), detail, remark, ink)
            top += title + detail + _GAP
        if left_out := len(drawing.remarks) - shown:
            words = tr("and {count} more", count=left_out)
            place = QRectF(area.left() + _LEFT, top, area.width() - _LEFT, _line(ink))
            write(painter, place, words, ink.small, ink.color("text_muted"), LEFT)

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


def shown_of(remarks: Sequence[Remark], area: QRectF, ink: Ink) -> int:
    """Return how many remarks have room, at least with their sentences, and below them how many have not."""
    heights = [_height(remark, area.width(), ink)[0] for remark in remarks]
    whole = sum(heights) + _GAP * (len(heights) - 1)
    if whole <= area.height() + 2:
        return len(remarks)
    room = area.height() + 2 - _line(ink)
    taken = list(accumulate(height + _GAP for height in heights))
    # the first is painted however little room there is: a panel that says nothing is broken
    return max(sum(height <= room for height in taken), 1)


def _line(ink: Ink) -> float:
    return ink.small_size.height() + 2


def _height(remark: Remark, width: float, ink: Ink) -> tuple[float, float]:
    """Return the heights of a remark's sentence and of its reason."""
    # higher than any remark: the width alone bounds it
    room = QRectF(0, 0, width - _LEFT, 1000)
    title = ink.strong_size.boundingRect(room, _FLAGS, remark.title).height() + 2
    detail = ink.plain_size.boundingRect(room, _FLAGS, remark.detail).height() if remark.detail else 0.0
    return title, detail
