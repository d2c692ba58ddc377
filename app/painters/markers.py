"""Paints separate points."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPainterPath, QPixmap

from app.painters.ink import Ink
from app.views.drawing import Marker, PointMarks

_MANY = 24
_CORNERS: dict[Marker, tuple[tuple[float, float], ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    # thirds of a turn
    "triangle": tuple((1.25 * math.sin(turn), -1.25 * math.cos(turn)) for turn in (0, 2.094, 4.189)),
}


def paint_markers(
    painter: QPainter, points: PointMarks, x: NDArray[np.float64], y: NDArray[np.float64], ink: Ink
) -> None:
    """Paint the marker of `points` at every pixel (x, y) that is known."""
    known = np.isfinite(x) & np.isfinite(y)
    places = [QPointF(*place) for place in np.stack((x[known], y[known]), axis=1).tolist()]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # an SVG gets shapes: pictures in it would be blurred when it is enlarged
    if len(places) > _MANY and painter.paintEngine().type() == QPaintEngine.Type.Raster:
        _stamp(painter, points, places, ink)
    else:
        _dress(painter, points, ink)
        shape = _shape(points.marker, points.size / 2)
        for place in places:
            painter.drawPath(shape.translated(place))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _stamp(painter: QPainter, points: PointMarks, places: list[QPointF], ink: Ink) -> None:
    """Paint the marker once and put its picture everywhere: many times faster for thousands of points."""
    ratio = painter.device().devicePixelRatioF()
    # corners reach 1.25 radii, and the pen beyond them
    side = math.ceil(points.size * 1.25) + 4
    stamp = QPixmap(round(side * ratio), round(side * ratio))
    stamp.setDevicePixelRatio(ratio)
    stamp.fill(Qt.GlobalColor.transparent)
    own = QPainter(stamp)
    own.setRenderHint(QPainter.RenderHint.Antialiasing)
    _dress(own, points, ink)
    own.drawPath(_shape(points.marker, points.size / 2).translated(side / 2, side / 2))
    own.end()
    middle = QPointF(side / 2, side / 2)
    for place in places:
        painter.drawPixmap(place - middle, stamp)


def _dress(painter: QPainter, points: PointMarks, ink: Ink) -> None:
    """Take the pen and the brush of the marker."""
    open_inside = points.hollow or points.marker == "ring"
    if points.marker == "cross":
        painter.setPen(ink.pen(points.tone, 1.6))
    elif open_inside:
        painter.setPen(ink.pen(points.tone, 1.4))
    else:
        painter.setPen(ink.pen(points.edge or "card", 0.8))
    painter.setBrush(ink.color("card" if open_inside else points.tone))


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
