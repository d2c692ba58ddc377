"""Paints separate points: one pre-made picture of the marker is stamped at every place."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from app.painters.ink import Ink
from app.views.drawing import Marker, Points

_CORNERS: dict[Marker, tuple[tuple[float, float], ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "triangle": tuple((1.25 * math.sin(turn), -1.25 * math.cos(turn)) for turn in (0, 2.094, 4.189)),
}


def paint_markers(
    painter: QPainter, points: Points, x: NDArray[np.float64], y: NDArray[np.float64], ink: Ink
) -> None:
    """Paint the marker of `points` at every pixel (x, y) that is known."""
    shape = _shape(points.marker, points.size / 2)
    edge = "card" if not points.hollow else points.tone
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if points.marker == "cross":
        painter.setPen(ink.pen(points.tone, 1.6))
    else:
        painter.setPen(ink.pen(edge, 1.4 if points.hollow else 0.8))
    painter.setBrush(ink.color("card" if points.hollow or points.marker == "ring" else points.tone))
    if points.marker == "ring":
        painter.setPen(ink.pen(points.tone, 1.4))
    known = np.isfinite(x) & np.isfinite(y)
    for left, top in zip(x[known].tolist(), y[known].tolist(), strict=True):
        painter.translate(left, top)
        painter.drawPath(shape)
        painter.translate(-left, -top)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _shape(marker: Marker, radius: float) -> QPainterPath:
    path = QPainterPath()
    if marker in ("disc", "ring"):
        path.addEllipse(QRectF(-radius, -radius, 2 * radius, 2 * radius))
    elif marker == "cross":
        for sign in (-1, 1):
            path.moveTo(-radius, -radius * sign)
            path.lineTo(radius, radius * sign)
    else:
        corners = [QPointF(radius * x, radius * y) for x, y in _CORNERS[marker]]
        path.moveTo(corners[0])
        for corner in corners[1:]:
            path.lineTo(corner)
        path.closeSubpath()
    return path
