"""Paints plots: axes with round ticks, curves, points, planes of classes or heights, lines to compare with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPolygonF
from shiboken6 import VoidPtr
from typing_extensions import override

from app.painters.axes import Scale, Tick, sound, ticks
from app.painters.ink import CENTER, LEFT, RIGHT, Ink, write
from app.painters.markers import paint_markers
from app.painters.painter import Painter
from app.views.drawing import Curve, Heights, Plot, Points, Regions, Threshold
from app.views.numbers import number
from app.words import tr

_GAP = 6.0
_REACH = 12.0
"""How near the cursor must come to a point, in pixels."""


@dataclass(frozen=True)
class Frame:
    """Where a plot stands in its area, and the way between values and pixels."""

    inside: QRectF
    x: Scale
    y: Scale
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


class PlotPainter(Painter[Plot], of=Plot):
    """Paints everything with two axes."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Plot, ink: Ink) -> None:
        frame = frame_of(area, drawing, ink)
        painter.save()
        painter.setClipRect(frame.inside.adjusted(-1, -1, 1, 1))
        if drawing.ground is not None:
            _paint_ground(painter, frame, drawing.ground, ink)
        _paint_grid(painter, frame, ink, drawing.ground is None)
        _paint_lines_to_compare(painter, frame, drawing, ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in sorted(drawing.curves, key=lambda curve: curve.weight):
            _paint_curve(painter, frame, curve, ink)
        for points in drawing.points:
            paint_markers(painter, points, frame.x.pixels(points.x), frame.y.pixels(points.y), ink)
        _paint_uprights(painter, frame, drawing, ink)
        painter.restore()
        _paint_axes(painter, area, frame, drawing, ink)
        _paint_legend(painter, frame, drawing, ink)

    @override
    def words(self, drawing: Plot) -> str:
        legends = [curve.legend for curve in drawing.curves if curve.legend]
        shown = [f"{points.name}: {len(points.x)}" for points in drawing.points]
        return "; ".join([*legends, *shown]) or tr("A plot")

    @override
    def note(self, area: QRectF, drawing: Plot, ink: Ink, at: QPointF) -> str:
        frame = frame_of(area, drawing, ink)
        if not frame.inside.contains(at):
            return ""
        x, y = frame.x.value(at.x()), frame.y.value(at.y())
        lines = [_nearest_point(frame, drawing, at)]
        if drawing.ground is not None:
            lines.append(f"{drawing.x.label} {number(x)} · {drawing.y.label} {number(y)}")
            lines.append(_ground_note(drawing.ground, x, y))
        return "\n".join(line for line in lines if line)


def frame_of(area: QRectF, drawing: Plot, ink: Ink) -> Frame:
    """Work out the margins that the labels need, and from them the frame."""
    x, y = sound(drawing.x), sound(drawing.y)
    size = ink.small_size
    y_ticks = ticks(y, max(int(area.height() / 56), 2))
    left = max((size.horizontalAdvance(tick.text) for tick in y_ticks), default=0.0) + _GAP + 2
    left += size.height() if drawing.y.label else 0.0
    bottom = size.height() + _GAP + (size.height() if drawing.x.label else 0.0)
    inside = area.adjusted(left, size.height() / 2, -_GAP - 4, -bottom)
    inside.setWidth(max(inside.width(), 8.0))
    inside.setHeight(max(inside.height(), 8.0))
    if drawing.square:
        inside = _same_scale(inside, (x.high - x.low) / (y.high - y.low))
    x_ticks = ticks(x, max(int(inside.width() / 76), 2))
    return Frame(
        inside,
        Scale(x, inside.left(), inside.right()),
        Scale(y, inside.bottom(), inside.top()),
        x_ticks,
        y_ticks,
    )


def _same_scale(inside: QRectF, ratio: float) -> QRectF:
    width = min(inside.width(), inside.height() * ratio)
    height = min(inside.height(), width / ratio)
    width, height = max(width, 8.0), max(height, 8.0)
    return QRectF(inside.left() + (inside.width() - width) / 2, inside.top(), width, height)


# --- what lies behind ------------------------------------------------------------------------------------


def _paint_grid(painter: QPainter, frame: Frame, ink: Ink, lines: bool) -> None:
    if lines:
        painter.setPen(ink.pen("plot_grid"))
        for tick in frame.y_ticks:
            if tick.text:
                height = round(frame.y.pixel(tick.value)) + 0.5
                painter.drawLine(QPointF(frame.inside.left(), height), QPointF(frame.inside.right(), height))


def _paint_ground(painter: QPainter, frame: Frame, ground: Regions | Heights, ink: Ink) -> None:
    pixels = _region_pixels(ground, ink) if isinstance(ground, Regions) else _height_pixels(ground, ink)
    height, width = pixels.shape[:2]
    if not height or not width:
        return
    pixels = np.ascontiguousarray(pixels[::-1])
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    left, right = frame.x.pixel(ground.x[0]), frame.x.pixel(ground.x[1])
    bottom, top = frame.y.pixel(ground.y[0]), frame.y.pixel(ground.y[1])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, isinstance(ground, Heights))
    painter.drawImage(QRectF(left, top, right - left, bottom - top), image)


def _region_pixels(ground: Regions, ink: Ink) -> NDArray[np.uint8]:
    """Colour each cell with its class, the paler the less sure."""
    card = np.array(ink.color("card").getRgb()[:3], np.float64)
    colors = ink.series_rgb()[ground.winner % 8]
    share = 0.08 + 0.47 * np.clip(np.nan_to_num(ground.strength), 0, 1)[..., None]
    return np.asarray(np.round(card + share * (colors - card)), np.uint8)


def _height_pixels(ground: Heights, ink: Ink) -> NDArray[np.uint8]:
    span = ground.high - ground.low or 1.0
    share = np.clip(np.nan_to_num((ground.values - ground.low) / span, nan=0.5), 0, 1)
    return ink.shades("diverging")[(share * 255).astype(np.int64)]


def _paint_lines_to_compare(painter: QPainter, frame: Frame, drawing: Plot, ink: Ink) -> None:
    inside = frame.inside
    if drawing.diagonal:
        low, high = max(frame.x.axis.low, frame.y.axis.low), min(frame.x.axis.high, frame.y.axis.high)
        painter.setPen(ink.pen("text_faint", 1, "dash"))
        painter.drawLine(
            QPointF(frame.x.pixel(low), frame.y.pixel(low)), QPointF(frame.x.pixel(high), frame.y.pixel(high))
        )
    for line in drawing.thresholds:
        _paint_threshold(painter, frame, line, ink, inside)


def _paint_threshold(painter: QPainter, frame: Frame, line: Threshold, ink: Ink, inside: QRectF) -> None:
    height = frame.y.pixel(line.y)
    painter.setPen(ink.pen(line.tone, 1, "dash"))
    painter.drawLine(QPointF(inside.left(), height), QPointF(inside.right(), height))
    size = ink.small_size.height()
    box = QRectF(inside.left() + _GAP, height - size, inside.width() - 2 * _GAP, size)
    if box.top() < inside.top():
        box.translate(0, size)
    write(painter, box, line.text, ink.small, ink.words(line.tone), LEFT)


def _paint_uprights(painter: QPainter, frame: Frame, drawing: Plot, ink: Ink) -> None:
    inside, size = frame.inside, ink.small_size.height()
    free = [-math.inf, -math.inf, -math.inf]
    for line in sorted(drawing.uprights, key=lambda line: line.x):
        at = frame.x.pixel(line.x)
        if not inside.left() - 1 <= at <= inside.right() + 1:
            continue
        painter.setPen(ink.pen(line.tone, 1.2, "dash"))
        painter.drawLine(QPointF(at, inside.top()), QPointF(at, inside.bottom()))
        width = min(ink.small_size.horizontalAdvance(line.text), 0.45 * inside.width())
        left = at + _GAP if at + _GAP + width <= inside.right() else at - _GAP - width
        row = next((row for row, end in enumerate(free) if end <= left), None)
        if row is not None:
            free[row] = left + width + 2 * _GAP
            box = QRectF(left, inside.bottom() - (row + 1.3) * size, width, size)
            write(painter, box, line.text, ink.small, ink.words(line.tone), LEFT)


# --- curves ----------------------------------------------------------------------------------------------


def _paint_curve(painter: QPainter, frame: Frame, curve: Curve, ink: Ink) -> None:
    x, y = frame.x.pixels(curve.x), frame.y.pixels(curve.y)
    stroke = ink.tokens.stroke
    if curve.weight == 0:
        painter.setPen(ink.pen(curve.tone, stroke["curve_raw"], opacity=stroke["raw_opacity"]))
    else:
        painter.setPen(ink.pen(curve.tone, stroke["curve"] + 0.4 * (curve.weight - 1), curve.dash))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(x) < 4000)
    for part in _unbroken(x, y):
        painter.drawPolyline(part)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lonely = len(x) == 1 or _lonely(y)
    if curve.marked or lonely:
        points = Points(curve.name, curve.x, curve.y, curve.tone, size=5.0)
        paint_markers(painter, points, x, y, ink)


def _lonely(y: NDArray[np.float64]) -> bool:
    return bool(np.count_nonzero(np.isfinite(y)) == 1)


def _unbroken(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[QPolygonF]:
    """Cut a line at its gaps."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.all():
        return [polygon(x, y)] if len(x) > 1 else []
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [
        polygon(x[start:end], y[start:end])
        for start, end in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True)
        if end - start > 1
    ]


def polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Return Qt's polygon of the points, written through its memory: a thousand times cheaper than point by point."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        pointer = VoidPtr(made.data(), len(x) * 16, True)  # type: ignore[call-overload]
        memory = np.frombuffer(pointer, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
        memory[:, 0], memory[:, 1] = x, y
    return made


# --- axes and legend -------------------------------------------------------------------------------------


def _paint_axes(painter: QPainter, area: QRectF, frame: Frame, drawing: Plot, ink: Ink) -> None:
    inside, size, shade = frame.inside, ink.small_size, ink.color("plot_axis")
    painter.setPen(ink.pen("border"))
    bottom = round(inside.bottom()) + 0.5
    painter.drawLine(QPointF(inside.left(), bottom), QPointF(inside.right(), bottom))
    for tick in frame.y_ticks:
        box = QRectF(
            inside.left() - 200 - _GAP, frame.y.pixel(tick.value) - size.height() / 2, 200, size.height()
        )
        write(painter, box, tick.text, ink.small, shade, RIGHT)
    taken = -math.inf
    for tick in frame.x_ticks:
        width = size.horizontalAdvance(tick.text)
        left = min(frame.x.pixel(tick.value) - width / 2, area.right() - width)
        if tick.text and left > taken:
            taken = left + width + _GAP
            write(painter, QRectF(left, bottom + 3, width, size.height()), tick.text, ink.small, shade, LEFT)
    if drawing.x.label:
        box = QRectF(inside.left(), bottom + 2 + size.height(), inside.width(), size.height())
        write(painter, box, drawing.x.label, ink.small, shade, CENTER)
    if drawing.y.label:
        _write_upright(painter, inside, area, drawing.y.label, ink)


def _write_upright(painter: QPainter, inside: QRectF, area: QRectF, text: str, ink: Ink) -> None:
    painter.save()
    labels = max(area.left(), inside.left() - 90)
    painter.translate(labels, inside.bottom())
    painter.rotate(-90)
    box = QRectF(0, 0, inside.height(), ink.small_size.height())
    write(painter, box, text, ink.small, ink.color("plot_axis"), CENTER)
    painter.restore()


def _paint_legend(painter: QPainter, frame: Frame, drawing: Plot, ink: Ink) -> None:
    curves = [curve for curve in drawing.curves if curve.legend]
    marks = [points for points in drawing.points if points.name and not curves]
    if not curves and not marks:
        return
    line = ink.small_size.height() + 3
    room = max(int((frame.inside.height() - 8) / line), 1)
    texts = [curve.legend for curve in curves][:room] + [points.name for points in marks][
        : room - len(curves)
    ]
    width = min(max(_advance(ink.small_size, text) for text in texts) + 36, frame.inside.width() - 8)
    box = QRectF(frame.inside.right() - width - 2, frame.inside.top() + 2, width, line * len(texts) + 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color("card", 0.85))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for row, text in enumerate(texts):
        middle = box.top() + 3 + (row + 0.5) * line
        if row < len(curves):
            painter.setPen(ink.pen(curves[row].tone, 2, curves[row].dash))
            painter.drawLine(QPointF(box.left() + 6, middle), QPointF(box.left() + 24, middle))
            tone = curves[row].tone
        else:
            points = marks[row - len(curves)]
            paint_markers(painter, points, np.array([box.left() + 15]), np.array([middle]), ink)
            tone = points.tone
        place = QRectF(box.left() + 30, middle - line / 2, width - 34, line)
        write(painter, place, text, ink.small, ink.words(tone), LEFT)


def _advance(size: QFontMetricsF, text: str) -> float:
    return size.horizontalAdvance(text)


# --- under the cursor ------------------------------------------------------------------------------------


def _nearest_point(frame: Frame, drawing: Plot, at: QPointF) -> str:
    best, found = _REACH, ""
    for points in drawing.points:
        if not len(points.x):
            continue
        distance = np.hypot(frame.x.pixels(points.x) - at.x(), frame.y.pixels(points.y) - at.y())
        nearest = int(np.nanargmin(distance)) if np.isfinite(distance).any() else -1
        if nearest >= 0 and distance[nearest] < best:
            best = float(distance[nearest])
            place = f"{number(float(points.x[nearest]))}, {number(float(points.y[nearest]))}"
            found = points.notes[nearest] if points.notes else f"{points.name}: {place}"
    return found


def _ground_note(ground: Regions | Heights, x: float, y: float) -> str:
    cells = ground.winner if isinstance(ground, Regions) else ground.values
    height, width = cells.shape
    column = int((x - ground.x[0]) / (ground.x[1] - ground.x[0] or 1) * width)
    row = int((y - ground.y[0]) / (ground.y[1] - ground.y[0] or 1) * height)
    if not (0 <= column < width and 0 <= row < height):
        return ""
    if isinstance(ground, Heights):
        return tr("predicted {value}", value=number(float(ground.values[row, column])))
    winner = int(ground.winner[row, column])
    name = ground.names[winner] if winner < len(ground.names) else str(winner)
    return tr("predicted {name}", name=name)
