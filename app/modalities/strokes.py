"""Small drawings of presets: what several kinds of data share."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.look.theme import Theme


def draw_line(painter: QPainter, area: QRectF, points: list[tuple[float, float]], pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        [QPointF(area.x() + x * area.width(), area.bottom() - y * area.height()) for x, y in points]
    )


def draw_word(painter: QPainter, theme: Theme, box: QRectF, marked: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent") if marked else theme.color("border_strong"))
    painter.drawRoundedRect(box, 2, 2)


def steps(count: int) -> list[tuple[int, float]]:
    return [(i, i / (count - 1)) for i in range(count)]


def shake(index: int, salt: float = 12.9898) -> float:
    """Return a number in [-1, 1] that looks drawn at random and is the same each time."""
    # the noise known from shaders: of a sine made large, what stands behind the point
    value = math.sin((index + 1) * salt) * 43758.5453
    return 2 * (value - math.floor(value)) - 1
