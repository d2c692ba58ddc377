"""Paints the lines of plots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from shiboken6 import VoidPtr

from app.painters.axes import AxisScale
from app.painters.ink import Ink
from app.painters.markers import paint_markers
from app.views.drawing import Curve, PointMarks, SpreadBand


def paint_curve(painter: QPainter, across: AxisScale, up: AxisScale, curve: Curve, ink: Ink) -> None:
    x, y = across.pixels(curve.x), up.pixels(curve.y)
    stroke, faint = ink.tokens.stroke, curve.weight == 0
    painter.setPen(curve_pen(curve, ink))
    if curve.high is not None:
        top = up.pixels(curve.high)
        # where many columns are higher than the line is wide, the line would be a zigzag, and slow
        if np.count_nonzero(y - top > 2) > 0.2 * len(x):
            _paint_columns(painter, x, y, top, ink.color(curve.tone, stroke["raw_opacity"] if faint else 1.0))
            return
        x, y = np.repeat(x, 2), np.stack((y, top), axis=1).ravel()
    # points closer than three pixels: smoothing costs the most there and is not seen
    crowded = faint and len(x) > abs(across.end - across.start) / 3
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not crowded)
    for part in _unbroken(x, y):
        painter.drawPolyline(part)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # a line through a single value has no length
    if curve.marked or len(x) == 1 or _lonely(y):
        paint_markers(painter, PointMarks(curve.name, curve.x, curve.y, curve.tone, size=5.0), x, y, ink)


def curve_pen(curve: Curve, ink: Ink) -> QPen:
    """Return the pen of a line, with which the legend draws its sample, too."""
    stroke, faint = ink.tokens.stroke, curve.weight == 0
    width = stroke["curve_raw"] if faint else stroke["curve"] + 0.4 * (curve.weight - 1)
    return ink.pen(curve.tone, width, curve.dash, stroke["raw_opacity"] if faint else 1.0)


def paint_band(painter: QPainter, across: AxisScale, up: AxisScale, band: SpreadBand, ink: Ink) -> None:
    x, low, high = across.pixels(band.x), up.pixels(band.low), up.pixels(band.high)
    known = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    # there and back: along the upper line, and home along the lower one
    sides = np.concatenate((x[known], x[known][::-1])), np.concatenate((high[known], low[known][::-1]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color(band.tone, ink.tokens.stroke["raw_opacity"]))
    painter.drawPolygon(_polygon(*sides))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_columns(
    painter: QPainter,
    x: NDArray[np.float64],
    bottom: NDArray[np.float64],
    top: NDArray[np.float64],
    shade: QColor,
) -> None:
    """Paint from the least to the largest value of every column, each reaching the one before it."""
    known = np.isfinite(x) & np.isfinite(top) & np.isfinite(bottom)
    x, bottom, top = x[known], bottom[known], top[known]
    top[1:], bottom[1:] = np.minimum(top[1:], bottom[:-1]), np.maximum(bottom[1:], top[:-1])
    # a column of one value has no height
    bottom = np.maximum(bottom, top + 1)
    half = max(1.0, float(x[-1] - x[0]) / max(len(x) - 1, 1)) / 2 if len(x) > 1 else 0.5
    sides = np.stack((x - half, x + half), axis=1).ravel()
    up, down = np.repeat(top, 2), np.repeat(bottom, 2)
    # one polygon along all tops and back along all bottoms: a line for every column took three times as long
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawPolygon(_polygon(np.append(sides, sides[::-1]), np.append(up, down[::-1])))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _lonely(y: NDArray[np.float64]) -> bool:
    return bool(np.count_nonzero(np.isfinite(y)) == 1)


def _unbroken(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[QPolygonF]:
    """Cut a line at its gaps."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.all():
        return [_polygon(x, y)] if len(x) > 1 else []
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [
        _polygon(x[start:end], y[start:end])
        for start, end in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True)
        if end - start > 1
    ]


def _polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Return the polygon of the points, written through its memory: far cheaper than point by point."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        # a QPointF is two doubles, 16 bytes
        pointer = VoidPtr(made.data(), len(x) * 16, True)  # type: ignore[call-arg, arg-type]
        memory = np.frombuffer(pointer, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
        memory[:, 0], memory[:, 1] = x, y
    return made
