"""Small pictures of a preset's data: points, a trend, pixels, curves or words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.look.theme import Theme
from app.start.presets import Preset

Point = tuple[float, float, int]
"""x and y in [0, 1], and the class."""


def draw_picture(preset: Preset, theme: Theme, size: int, ratio: float) -> QPixmap:
    """Return a picture of the data, in the colours of the theme."""
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
    if kind in _POINTS:
        _draw_points(painter, theme, inside, _POINTS[kind](preset.data))
    elif kind == "sample" and preset.data.get("name") in _GRIDS:
        _draw_grid(painter, theme, inside, _GRIDS[preset.data["name"]])
    elif preset.group in _DRAWN:
        _DRAWN[preset.group](painter, theme, inside, preset.task)
    elif preset.task == "regression":
        _draw_trend(painter, theme, inside)
    else:
        _draw_points(painter, theme, inside, _clusters(_CLASSES.get(str(preset.data.get("name")), 3)))
    painter.end()
    return pixmap


def _draw_points(painter: QPainter, theme: Theme, area: QRectF, points: list[Point]) -> None:
    for x, y, group in points:
        painter.setBrush(theme.series(group))
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
    _draw_points(painter, theme, area, [(x, 0.15 + 0.65 * x + 0.16 * _shake(i), 0) for i, x in _steps(26)])
    painter.setPen(QPen(theme.series(1), 2))
    painter.drawLine(QPointF(area.left(), area.bottom() - 8), QPointF(area.right(), area.top() + 10))


def _draw_series(painter: QPainter, theme: Theme, area: QRectF, task: str) -> None:
    """Draw a course that goes on as a forecast, or three series of a class each."""
    if task == "forecasting":
        waves = [(x, 0.5 + 0.32 * math.sin(5 * math.pi * x) + 0.12 * x) for _, x in _steps(60)]
        _draw_line(painter, area, waves[:41], QPen(theme.series(0), 2))
        _draw_line(painter, area, waves[40:], QPen(theme.series(1), 2, Qt.PenStyle.DotLine))
        return
    for group in range(3):
        wave = [
            (x, 0.2 + 0.3 * group + (0.09 + 0.02 * group) * math.sin((3 + 2 * group) * math.pi * x + group))
            for _, x in _steps(60)
        ]
        _draw_line(painter, area, wave, QPen(theme.series(group), 2))


def _draw_line(painter: QPainter, area: QRectF, points: list[tuple[float, float]], pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        [QPointF(area.x() + x * area.width(), area.bottom() - y * area.height()) for x, y in points]
    )


def _draw_texts(painter: QPainter, theme: Theme, area: QRectF, task: str) -> None:
    """Draw lines of words: some of them matter, are hidden, or are still to be written."""
    written = task == "language_modelling"
    for line in range(6):
        x, word = area.x(), 0
        while True:
            wide = 7 + 4.5 * (1 + _shake(7 * line + word))
            if x + wide > area.right() or (written and line == 5 and word == 1):
                break
            marked = not written and (3 * line + word) % 7 == 2
            last = written and line >= 4
            _draw_word(painter, theme, QRectF(x, area.y() + 9.6 * line, wide, 5.5), marked or last)
            x, word = x + wide + 4, word + 1


def _draw_pairs(painter: QPainter, theme: Theme, area: QRectF, _task: str) -> None:
    """Draw words above, words below, and which come from which."""
    upper = [(0.0, 16.0), (20.0, 12.0), (36.0, 20.0)]
    lower = [(0.0, 12.0), (16.0, 22.0), (42.0, 14.0)]
    painter.setPen(QPen(theme.color("border_strong"), 1))
    for (x, wide), place in zip(upper, (0, 2, 1), strict=True):
        begin, length = lower[place]
        painter.drawLine(
            QPointF(area.x() + x + wide / 2, area.y() + 16),
            QPointF(area.x() + begin + length / 2, area.bottom() - 16),
        )
    for places, y, tone in ((upper, area.y() + 9, False), (lower, area.bottom() - 15, True)):
        for x, wide in places:
            _draw_word(painter, theme, QRectF(area.x() + x, y, wide, 6), tone)


def _draw_word(painter: QPainter, theme: Theme, box: QRectF, marked: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent") if marked else theme.color("border_strong"))
    painter.drawRoundedRect(box, 2, 2)


def _between(ground: QColor, ink: QColor, share: float) -> QColor:
    def mixed(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(
        mixed(ground.red(), ink.red()), mixed(ground.green(), ink.green()), mixed(ground.blue(), ink.blue())
    )


def _steps(count: int) -> list[tuple[int, float]]:
    return [(i, i / (count - 1)) for i in range(count)]


def _shake(index: int, salt: float = 12.9898) -> float:
    """Return a number in [-1, 1] that looks drawn at random and is the same each time."""
    value = math.sin((index + 1) * salt) * 43758.5453
    return 2 * (value - math.floor(value)) - 1


def _spirals(data: Mapping[str, Any]) -> list[Point]:
    turns = float(data.get("turns", 1.75))
    points = []
    for _, along in _steps(42):
        for group in (0, 1):
            angle = 2 * math.pi * turns * along + math.pi * group
            radius = 0.05 + 0.43 * along
            points.append((0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle), group))
    return points


def _moons(_: Mapping[str, Any]) -> list[Point]:
    upper = [(0.32 + 0.3 * math.cos(math.pi * t) + 0.03 * _shake(i), 0.45 + 0.4 * math.sin(math.pi * t), 0)
             for i, t in _steps(24)]  # fmt: skip
    lower = [(0.66 - 0.3 * math.cos(math.pi * t) + 0.03 * _shake(i), 0.55 - 0.4 * math.sin(math.pi * t), 1)
             for i, t in _steps(24)]  # fmt: skip
    return upper + lower


def _circles(_: Mapping[str, Any]) -> list[Point]:
    return [
        (0.5 + r * math.cos(2 * math.pi * t) + 0.02 * _shake(i), 0.5 + r * math.sin(2 * math.pi * t), group)
        for r, group in ((0.45, 0), (0.2, 1))
        for i, t in _steps(28)
    ]


def _xor(_: Mapping[str, Any]) -> list[Point]:
    drawn = [((1 + _shake(i)) / 2, (1 + _shake(i, 78.233)) / 2) for i in range(60)]
    return [
        (x, y, int((x > 0.5) != (y > 0.5))) for x, y in drawn if abs(x - 0.5) > 0.05 and abs(y - 0.5) > 0.05
    ]


def _blobs(data: Mapping[str, Any]) -> list[Point]:
    return _clusters(int(data.get("classes", 3)))


def _clusters(count: int) -> list[Point]:
    return [
        (
            0.5 + 0.3 * math.cos(2 * math.pi * group / count + 0.5) + 0.13 * _shake(i + 31 * group),
            0.5 + 0.3 * math.sin(2 * math.pi * group / count + 0.5) + 0.13 * _shake(i + 31 * group, 78.233),
            group,
        )
        for group in range(count)
        for i in range(54 // count)
    ]


def _function(_: Mapping[str, Any]) -> list[Point]:
    return [(x, 0.5 + 0.38 * math.sin(2 * math.pi * x) + 0.06 * _shake(i), 0) for i, x in _steps(36)]


def _bumps(_: Mapping[str, Any]) -> list[Point]:
    """Draw contours: a hill and a hollow."""
    return [
        (x + r * math.cos(2 * math.pi * t), y + r * math.sin(2 * math.pi * t), group)
        for x, y, group in ((0.3, 0.66, 1), (0.7, 0.33, 0))
        for r in (0.05, 0.14, 0.24)
        for _, t in _steps(5 + round(100 * r))
    ]


def _random(_: Mapping[str, Any]) -> list[Point]:
    return [((1 + _shake(i)) / 2, (1 + _shake(i, 78.233)) / 2, 0) for i in range(40)]


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
_DRAWN: dict[str, Callable[[QPainter, Theme, QRectF, str], None]] = {
    "series": _draw_series,
    "texts": _draw_texts,
    "translation": _draw_pairs,
}
_CLASSES = {"breast_cancer": 2}
_GRIDS = {
    "digits": "00289200 02950860 06700280 08400080 08400090 06700380 02860930 00389300",
    "fashion_mnist": "0027007200 0688998860 8989999898 8768998678 0058998500 "
    "0058998500 0058998500 0058998500 0058998500 0036776300",
}
