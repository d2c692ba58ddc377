"""Paints plots: axes with round ticks, curves, points, planes of classes or heights, lines to compare."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.language.numbers import number, whole
from app.language.words import tr
from app.painters.axes import AxisScale, Tick, sound, ticks
from app.painters.curves import paint_band, paint_curve
from app.painters.frame import AxesFrame, AxesPainter, Ground, title_room
from app.painters.ink import CENTER, LEFT, RIGHT, Ink, rgb, write, write_upright
from app.painters.legend import (
    Legend,
    column_legend,
    named_parts,
    paint_legend,
    paint_upright_texts,
    row_legend,
)
from app.painters.markers import paint_markers
from app.views.drawing import Axis, Heights, Plot, Regions, Threshold

_GAP = 6.0
_LEGEND_SHARE = 0.25
"""The part of a plot's height that its legend may take."""
_LEGEND_FROM = 5
"""Lines of text as high as which a plot has room for two rows of its legend: most have two curves."""
_REACH = 12.0
"""How near the cursor must come to a point, in pixels."""


@dataclass(frozen=True)
class PlotFrame(AxesFrame):
    """Where a plot stands, with its ticks and its legend."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    legend_box: QRectF
    legend: Legend


class PlotPainter(AxesPainter[Plot, PlotFrame], of=Plot):
    """Paints everything with two axes of numbers."""

    @override
    def words(self, drawing: Plot) -> str:
        legends = [curve.legend for curve in drawing.curves if curve.legend]
        shown = [f"{points.name}: {len(points.x)}" for points in drawing.points]
        return "; ".join([*legends, *shown]) or tr("A plot")

    @override
    def axes(self, drawing: Plot) -> tuple[Axis, Axis]:
        return sound(drawing.x), sound(drawing.y)

    @override
    def frame(self, area: QRectF, drawing: Plot, x: Axis, y: Axis, ink: Ink) -> PlotFrame:
        return frame_of(area, replace(drawing, x=x, y=y), ink)

    @override
    def ground(self, drawing: Plot, ink: Ink) -> Ground | None:
        ground = drawing.ground
        if isinstance(ground, Regions):
            return Ground(_region_pixels(ground, ink), ground.x, ground.y)
        if isinstance(ground, Heights):
            return Ground(_height_pixels(ground, ink), ground.x, ground.y, smooth=True)
        return None

    @override
    def paint_inside(self, painter: QPainter, frame: PlotFrame, drawing: Plot, ink: Ink) -> None:
        if drawing.ground is None:
            _paint_grid(painter, frame, ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for band in drawing.bands:
            paint_band(painter, frame.x, frame.y, band, ink)
        # the faint raw lines first, under the strong ones
        for curve in sorted(drawing.curves, key=lambda curve: curve.weight):
            paint_curve(painter, frame.x, frame.y, curve, ink)
        for points in drawing.points:
            paint_markers(painter, points, frame.x.pixels(points.x), frame.y.pixels(points.y), ink)
        _paint_lines_to_compare(painter, frame, drawing, ink)
        _paint_uprights(painter, frame, drawing, ink)

    @override
    def paint_bottom(
        self, painter: QPainter, area: QRectF, frame: PlotFrame, drawing: Plot, ink: Ink
    ) -> None:
        inside, size, shade = frame.inside, ink.small_size, ink.color("plot_axis")
        painter.setPen(ink.pen("border"))
        # on the middle of a pixel: between two, a line of one pixel is blurred over both
        bottom = round(inside.bottom()) + 0.5
        painter.drawLine(QPointF(inside.left(), bottom), QPointF(inside.right(), bottom))
        taken = -math.inf
        for tick in frame.x_ticks:
            width = size.horizontalAdvance(tick.text)
            # the last number would be cut off at the edge of the panel
            left = min(frame.x.pixel(tick.value) - width / 2, area.right() - width)
            if tick.text and left > taken:
                taken = left + width + _GAP
                box = QRectF(left, bottom + 3, width, size.height())
                write(painter, box, tick.text, ink.small, shade, LEFT)
        if drawing.x.label:
            wanted = size.horizontalAdvance(drawing.x.label) + 2
            left, right = title_room(inside.left(), inside.right(), area.left(), area.right(), wanted)
            box = QRectF(left, bottom + 2 + size.height(), right - left, size.height())
            write(painter, box, drawing.x.label, ink.small, shade, CENTER)

    @override
    def paint_left(self, painter: QPainter, area: QRectF, frame: PlotFrame, drawing: Plot, ink: Ink) -> None:
        inside, size, shade = frame.inside, ink.small_size, ink.color("plot_axis")
        for tick in frame.y_ticks:
            top = frame.y.pixel(tick.value) - size.height() / 2
            # written to its right end: wider than any number
            box = QRectF(inside.left() - 200 - _GAP, top, 200, size.height())
            write(painter, box, tick.text, ink.small, shade, RIGHT)
        if drawing.y.label:
            wanted = size.horizontalAdvance(drawing.y.label) + 2
            # not below the axis, where the title of the other one may reach to
            top, foot = title_room(inside.top(), inside.bottom(), area.top(), inside.bottom(), wanted)
            corner = QPointF(max(area.left(), inside.left() - 90), foot)
            box = QRectF(0, 0, foot - top, size.height())
            write_upright(painter, corner, box, drawing.y.label, ink.small, shade, CENTER)

    @override
    def paint_legend(self, painter: QPainter, frame: PlotFrame, drawing: Plot, ink: Ink) -> None:
        paint_legend(painter, frame.legend, frame.legend_box, ink)

    @override
    def note_beside(self, frame: PlotFrame, drawing: Plot, at: QPointF) -> str:
        return frame.legend.note(at - frame.legend_box.topLeft())

    @override
    def note_in(self, frame: PlotFrame, drawing: Plot, at: QPointF) -> str:
        x, y = frame.x.value(at.x()), frame.y.value(at.y())
        lines = [_nearest_point(frame, drawing, at)]
        if drawing.ground is not None and not lines[0]:
            lines.append(f"{drawing.x.label} {number(x)} · {drawing.y.label} {number(y)}")
        if drawing.ground is not None:
            lines.append(_ground_note(drawing.ground, x, y))
        return "\n".join(line for line in lines if line)


def frame_of(area: QRectF, drawing: Plot, ink: Ink) -> PlotFrame:
    """Work out the margins that the labels need, and from them the frame."""
    x, y = sound(drawing.x), sound(drawing.y)
    size = ink.small_size
    y_ticks = ticks(y, max(int(area.height() / 50), 2))
    left = max((size.horizontalAdvance(tick.text) for tick in y_ticks), default=0.0) + _GAP + 2
    left += size.height() if drawing.y.label else 0.0
    bottom = size.height() + _GAP + (size.height() if drawing.x.label else 0.0)
    inside = area.adjusted(left, size.height() / 2, -_GAP - 4, -bottom)
    # a panel can be dragged smaller than its labels are
    inside.setWidth(max(inside.width(), 8.0))
    inside.setHeight(max(inside.height(), 8.0))
    named = named_parts(drawing)
    legend = column_legend(named, ink)
    beside = drawing.square and inside.width() - inside.height() * _ratio(x, y) >= legend.width > 0
    if not beside:
        low = inside.height() < _LEGEND_FROM * size.height()
        most = max(int(_LEGEND_SHARE * inside.height() / size.height()), 1 if low else 2)
        legend = row_legend(named, inside.width(), most, ink)
    box = QRectF(inside.left(), inside.top() - size.height() / 2, legend.width, legend.height)
    inside.setTop(inside.top() + (0.0 if beside else max(legend.height - size.height() / 2, 0.0)))
    inside.setHeight(max(inside.height(), 8.0))
    if drawing.square:
        inside = _same_scale(inside, _ratio(x, y), legend.width if beside else 0.0)
    if beside:
        box.moveTo(inside.right() + 4, inside.top() + 2)
    x_ticks = ticks(x, max(int(inside.width() / 60), 4 if drawing.square else 2))
    return PlotFrame(
        inside,
        AxisScale(x, inside.left(), inside.right()),
        # pixels count downwards
        AxisScale(y, inside.bottom(), inside.top()),
        x_ticks,
        y_ticks,
        box,
        legend,
    )


def _ratio(x: Axis, y: Axis) -> float:
    return (x.high - x.low) / (y.high - y.low)


def _same_scale(inside: QRectF, ratio: float, legend: float) -> QRectF:
    """Return the largest part with the same scale on both axes, in the middle with its legend."""
    width = max(min(inside.width(), inside.height() * ratio), 8.0)
    height = max(min(inside.height(), width / ratio), 8.0)
    spare = inside.width() - width
    left = inside.left() + max((spare - legend) / 2 if spare >= legend else spare / 2, 0.0)
    return QRectF(left, inside.top(), width, height)


# --- what lies behind ------------------------------------------------------------------------------------


def _paint_grid(painter: QPainter, frame: PlotFrame, ink: Ink) -> None:
    painter.setPen(ink.pen("plot_grid"))
    for tick in frame.y_ticks:
        if tick.text:
            height = round(frame.y.pixel(tick.value)) + 0.5
            painter.drawLine(QPointF(frame.inside.left(), height), QPointF(frame.inside.right(), height))


def _region_pixels(ground: Regions, ink: Ink) -> NDArray[np.uint8]:
    """Colour each cell with its class, the paler the less sure."""
    card = np.array(rgb(ink.color("card")))
    colors = ink.series_rgb()[ground.winner % 8]
    share = 0.08 + 0.47 * np.clip(np.nan_to_num(ground.strength), 0, 1)[..., None]
    return np.asarray(np.round(card + share * (colors - card)), np.uint8)


def _height_pixels(ground: Heights, ink: Ink) -> NDArray[np.uint8]:
    span = ground.high - ground.low or 1.0
    share = np.clip(np.nan_to_num((ground.values - ground.low) / span, nan=0.5), 0, 1)
    return np.asarray(ink.shades("diverging")[(share * 255).astype(np.int64)], np.uint8)


def _paint_lines_to_compare(painter: QPainter, frame: PlotFrame, drawing: Plot, ink: Ink) -> None:
    inside = frame.inside
    if drawing.diagonal:
        low, high = max(frame.x.axis.low, frame.y.axis.low), min(frame.x.axis.high, frame.y.axis.high)
        painter.setPen(ink.pen("text_faint", 1, "dash"))
        painter.drawLine(
            QPointF(frame.x.pixel(low), frame.y.pixel(low)), QPointF(frame.x.pixel(high), frame.y.pixel(high))
        )
    taken = [frame.legend_box]
    for line in drawing.thresholds:
        height = frame.y.pixel(line.y)
        painter.setPen(ink.pen(line.tone, 1, "dash"))
        painter.drawLine(QPointF(inside.left(), height), QPointF(inside.right(), height))
        box = threshold_box(inside, height, line, taken, ink)
        if box is None:
            continue
        taken.append(box)
        painter.fillRect(box, ink.color("card", 0.85))
        write(painter, box, line.text, ink.small, ink.words(line.tone), RIGHT)


def threshold_box(
    inside: QRectF, height: float, line: Threshold, taken: Sequence[QRectF], ink: Ink
) -> QRectF | None:
    """Return where the text of a line to compare with stands: on the line itself, at the right if it can.

    Where two lines are near, a text beside its line could be of either. Only where no place on the line is
    free of what is `taken` it stands above or below. None where none is free: a text over another one makes
    both unreadable.
    """
    size = ink.small_size.height()
    width = min(ink.small_size.horizontalAdvance(line.text) + 2, inside.width() - 2 * _GAP)
    right, left = inside.right() - _GAP - width, inside.left() + _GAP
    places = [
        QRectF(start, top, width, size)
        for tops in ((height - size / 2,), (height - size - 1, height + 2))
        for start in (right, left, (right + left) / 2)
        for top in tops
        if inside.top() - 2 <= top <= inside.bottom() - size + 2
    ]
    places = places or [QRectF(inside.left(), inside.top(), width, size)]
    return next((box for box in places if not any(box.intersects(other) for other in taken)), None)


def _paint_uprights(painter: QPainter, frame: PlotFrame, drawing: Plot, ink: Ink) -> None:
    inside = frame.inside
    seen = [(frame.x.pixel(line.x), line) for line in drawing.uprights]
    seen = [(at, line) for at, line in seen if inside.left() - 1 <= at <= inside.right() + 1]
    for at, line in seen:
        painter.setPen(ink.pen(line.tone, 1.2, "dash"))
        painter.drawLine(QPointF(at, inside.top()), QPointF(at, inside.bottom()))
    paint_upright_texts(painter, inside, seen, frame.legend_box, ink)


# --- under the cursor ------------------------------------------------------------------------------------


def _nearest_point(frame: PlotFrame, drawing: Plot, at: QPointF) -> str:
    best, found = _REACH, ""
    for points in drawing.points:
        if not len(points.x):
            continue
        distance = np.hypot(frame.x.pixels(points.x) - at.x(), frame.y.pixels(points.y) - at.y())
        # nanargmin raises ValueError where all are NaN
        nearest = int(np.nanargmin(distance)) if np.isfinite(distance).any() else -1
        if nearest >= 0 and distance[nearest] < best:
            best = float(distance[nearest])
            lines = (
                points.name,
                "" if points.rows is None else tr("row {row}", row=whole(float(points.rows[nearest]))),
                f"{drawing.x.label or 'x'} {number(float(points.x[nearest]))}",
                f"{drawing.y.label or 'y'} {number(float(points.y[nearest]))}",
            )
            found = "\n".join(line for line in lines if line)
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
