"""Paints the legend of a plot, and the texts of its upright lines, out of each other's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.painters.ink import LEFT, Ink, write
from app.painters.markers import paint_markers
from app.views.drawing import Curve, Plot, Points, Upright

_LINE, _MARK = 26.0, 10.0
"""Widths of the sample of a line and of a marker."""
_PAD = 6.0


@dataclass(frozen=True)
class Legend:
    """The entries of a plot's legend and the size they take."""

    entries: tuple[tuple[str, Curve | Points], ...]
    sample: float
    width: float
    height: float


def legend_of(drawing: Plot, ink: Ink) -> Legend:
    """Return the legend: the curves that have one, or else the named points."""
    entries: list[tuple[str, Curve | Points]] = [
        (curve.legend, curve) for curve in drawing.curves if curve.legend
    ]
    entries = entries or [(points.name, points) for points in drawing.points if points.name]
    line = _line(ink)
    width = max((ink.small_size.horizontalAdvance(text) for text, _ in entries), default=0.0)
    sample = _LINE if any(isinstance(what, Curve) for _, what in entries) else _MARK
    return Legend(
        tuple(entries), sample, width + sample + 3 * _PAD if entries else 0.0, line * len(entries) + _PAD
    )


def paint_legend(painter: QPainter, legend: Legend, box: QRectF, ink: Ink) -> None:
    """Paint as many entries as the box has room for."""
    if not legend.entries:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color("card", 0.85))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = _line(ink)
    for row, (text, what) in enumerate(legend.entries[: max(int((box.height() + 1) / line), 1)]):
        middle = box.top() + _PAD / 2 + (row + 0.5) * line
        if isinstance(what, Curve):
            painter.setPen(ink.pen(what.tone, 2, what.dash))
            painter.drawLine(
                QPointF(box.left() + _PAD, middle), QPointF(box.left() + _PAD + legend.sample, middle)
            )
        else:
            paint_markers(
                painter, what, np.array([box.left() + _PAD + legend.sample / 2]), np.array([middle]), ink
            )
        left = box.left() + legend.sample + 2 * _PAD
        place = QRectF(left, middle - line / 2, box.right() - left, line)
        write(painter, place, text, ink.small, ink.words(what.tone), LEFT)


def paint_upright_texts(
    painter: QPainter, inside: QRectF, lines: list[tuple[float, Upright]], taken: QRectF, ink: Ink
) -> None:
    """Write beside each upright line (pixel, line) what it means, unless that would cover another text."""
    height = _line(ink)
    boxes = [taken]
    for at, line in sorted(lines, key=lambda pair: pair[0]):
        width = min(ink.small_size.horizontalAdvance(line.text) + 6, 0.5 * inside.width())
        left = at + 4 if at + 4 + width <= inside.right() else at - 4 - width
        for row in range(4):
            box = QRectF(left, inside.top() + 2 + row * height, width, height)
            if not any(box.intersects(other) for other in boxes):
                boxes.append(box)
                painter.fillRect(box, ink.color("card", 0.85))
                write(painter, box.adjusted(3, 0, 0, 0), line.text, ink.small, ink.words(line.tone), LEFT)
                break


def _line(ink: Ink) -> float:
    return ink.small_size.height() + 3
