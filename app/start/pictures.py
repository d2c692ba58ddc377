"""Small pictures of a preset's data: points, a trend, pixels, curves or words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.look.theme import Theme
from app.modalities.strokes import shake, steps
from app.start.presets import Preset, sketch_of

Point = tuple[float, float, int]
"""x and y in [0, 1], and the class."""


def draw_picture(preset: Preset, theme: Theme, size: int, ratio: float) -> QPixmap:
    """Return a picture of the data, in the colours of the theme."""
    # in pixels of the screen: else it is blurred where the display is scaled
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(QRectF(0, 0, size, size), 6, 6)
    inside = QRectF(8, 8, size - 16, size - 16)
    kind = str(preset.data.get("kind", "sample"))
    sketch = sketch_of(preset.group)
    if kind in _POINTS:
        _draw_points(painter, theme, inside, _POINTS[kind](preset.data))
    elif kind == "sample" and preset.data.get("name") in _GRIDS:
        _draw_grid(painter, theme, inside, _GRIDS[preset.data["name"]])
    elif sketch is not None:
        sketch(painter, theme, inside, preset.task)
    elif preset.task == "regression":
        _draw_trend(painter, theme, inside)
    else:
        _draw_points(painter, theme, inside, _clusters(_CLASSES.get(str(preset.data.get("name")), 3)))
    painter.end()
    return pixmap


def _draw_points(painter: QPainter, theme: Theme, area: QRectF, points: list[Point]) -> None:
    for x, y, group in points:
        painter.setBrush(theme.series(group))
        # y goes up in data, and down in pixels
        painter.drawEllipse(QPointF(area.x() + x * area.width(), area.bottom() - y * area.height()), 1.9, 1.9)


def _draw_grid(painter: QPainter, theme: Theme, area: QRectF, rows: str) -> None:
    """Draw a picture of pixels from 0 (ground) to 9 (ink)."""
    lines = rows.split()
    side = area.width() / len(lines)
    ground, ink = theme.color("card"), theme.color("text")
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            painter.setBrush(_between(ground, ink, int(letter) / 9))
            painter.drawRect(QRectF(QPointF(area.x() + x * side, area.y() + y * side), QSizeF(side, side)))


def _draw_trend(painter: QPainter, theme: Theme, area: QRectF) -> None:
    _draw_points(painter, theme, area, [(x, 0.15 + 0.65 * x + 0.16 * shake(i), 0) for i, x in steps(26)])
    painter.setPen(QPen(theme.series(1), 2))
    painter.drawLine(QPointF(area.left(), area.bottom() - 8), QPointF(area.right(), area.top() + 10))


def _between(ground: QColor, ink: QColor, share: float) -> QColor:
    def mixed(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(
        mixed(ground.red(), ink.red()), mixed(ground.green(), ink.green()), mixed(ground.blue(), ink.blue())
    )


def _spirals(data: Mapping[str, Any]) -> list[Point]:
    turns = float(data.get("turns", 1.75))
    points = []
    for _, along in steps(42):
        for group in (0, 1):
            angle = 2 * math.pi * turns * along + math.pi * group
            radius = 0.05 + 0.43 * along
            points.append((0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle), group))
    return points


def _moons(_: Mapping[str, Any]) -> list[Point]:
    upper = [(0.32 + 0.3 * math.cos(math.pi * t) + 0.03 * shake(i), 0.45 + 0.4 * math.sin(math.pi * t), 0)
             for i, t in steps(24)]  # fmt: skip
    lower = [(0.66 - 0.3 * math.cos(math.pi * t) + 0.03 * shake(i), 0.55 - 0.4 * math.sin(math.pi * t), 1)
             for i, t in steps(24)]  # fmt: skip
    return upper + lower


def _circles(_: Mapping[str, Any]) -> list[Point]:
    return [
        (0.5 + r * math.cos(2 * math.pi * t) + 0.02 * shake(i), 0.5 + r * math.sin(2 * math.pi * t), group)
        for r, group in ((0.45, 0), (0.2, 1))
        for i, t in steps(28)
    ]


def _xor(_: Mapping[str, Any]) -> list[Point]:
    drawn = [((1 + shake(i)) / 2, (1 + shake(i, 78.233)) / 2) for i in range(60)]
    # a gap along both borders: so small, nobody would see them otherwise
    return [
        (x, y, int((x > 0.5) != (y > 0.5))) for x, y in drawn if abs(x - 0.5) > 0.05 and abs(y - 0.5) > 0.05
    ]


def _blobs(data: Mapping[str, Any]) -> list[Point]:
    return _clusters(int(data.get("classes", 3)))


def _clusters(count: int) -> list[Point]:
    return [
        (
            0.5 + 0.3 * math.cos(2 * math.pi * group / count + 0.5) + 0.13 * shake(i + 31 * group),
            0.5 + 0.3 * math.sin(2 * math.pi * group / count + 0.5) + 0.13 * shake(i + 31 * group, 78.233),
            group,
        )
        for group in range(count)
        # as many points in all, however many classes
        for i in range(54 // count)
    ]


def _function(_: Mapping[str, Any]) -> list[Point]:
    return [(x, 0.5 + 0.38 * math.sin(2 * math.pi * x) + 0.06 * shake(i), 0) for i, x in steps(36)]


def _bumps(_: Mapping[str, Any]) -> list[Point]:
    """Draw contours: a hill and a hollow."""
    return [
        (x + r * math.cos(2 * math.pi * t), y + r * math.sin(2 * math.pi * t), group)
        for x, y, group in ((0.3, 0.66, 1), (0.7, 0.33, 0))
        for r in (0.05, 0.14, 0.24)
        for _, t in steps(5 + round(100 * r))
    ]


def _random(_: Mapping[str, Any]) -> list[Point]:
    return [((1 + shake(i)) / 2, (1 + shake(i, 78.233)) / 2, 0) for i in range(40)]


_POINTS: dict[str, Callable[[Mapping[str, Any]], list[Point]]] = {
    "spirals": _spirals,
    "moons": _moons,
    "circles": _circles,
    "xor": _xor,
    "blobs": _blobs,
    "function": _function,
    "gaussian_bumps": _bumps,
    "random_vectors": _random,
}
_CLASSES = {"breast_cancer": 2}
_GRIDS = {
    "digits": "00289200 02950860 06700280 08400080 08400090 06700380 02860930 00389300",
    "fashion_mnist": "0027007200 0688998860 8989999898 8768998678 0058998500 "
    "0058998500 0058998500 0058998500 0058998500 0036776300",
}
