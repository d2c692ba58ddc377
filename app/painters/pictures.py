"""Paints grids of pictures, each with a line under it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from typing_extensions import override

from app.painters.ink import CENTER, Ink, write
from app.painters.painter import Painter
from app.views.drawing import Picture, Pictures
from app.words import tr

_GAP = 10.0
_LEAST, _MOST = 44.0, 112.0
"""Bounds of a picture's side in pixels."""


class PicturesPainter(Painter[Pictures], of=Pictures):
    """Paints as many pictures as there is room for, as large as that many can be."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Pictures, ink: Ink) -> None:
        for place, picture in zip(_places(area, drawing, ink), drawing.pictures, strict=False):
            _paint_picture(painter, place, picture, ink)

    @override
    def words(self, drawing: Pictures) -> str:
        return (
            tr("{count} pictures", count=len(drawing.pictures))
            + ": "
            + "; ".join(picture.note or picture.caption for picture in drawing.pictures[:6])
        )

    @override
    def note(self, area: QRectF, drawing: Pictures, ink: Ink, at: QPointF) -> str:
        for place, picture in zip(_places(area, drawing, ink), drawing.pictures, strict=False):
            if place.contains(at):
                return picture.note
        return ""


def _places(area: QRectF, drawing: Pictures, ink: Ink) -> list[QRectF]:
    """Return the squares of the pictures that have room: as large as all can be, or the least size."""
    count = len(drawing.pictures)
    if not count:
        return []
    line = ink.small_size.height() + 3
    captions = max(ink.small_size.horizontalAdvance(picture.caption) for picture in drawing.pictures)
    side = _LEAST
    for wanted in np.arange(_MOST, _LEAST - 1, -2):
        columns, rows = _room(area, float(wanted), captions, line)
        if columns * rows >= count:
            side = float(wanted)
            break
    columns, rows = (max(found, 1) for found in _room(area, side, captions, line))
    shown = min(count, columns * rows)
    rows = -(-shown // columns)
    pitch = area.width() / columns
    side = min(max(min(pitch, area.height() / rows - line) - _GAP, side), _MOST)
    return [
        QRectF(
            area.left() + (index % columns) * pitch + (pitch - side) / 2,
            area.top() + (index // columns) * (side + line + _GAP),
            side,
            side,
        )
        for index in range(shown)
    ]


def _room(area: QRectF, side: float, captions: float, line: float) -> tuple[int, int]:
    pitch = max(side, min(captions, 1.6 * side)) + _GAP
    return int((area.width() + _GAP / 2) // pitch), int((area.height() + _GAP) // (side + line + _GAP))


def _paint_picture(painter: QPainter, place: QRectF, picture: Picture, ink: Ink) -> None:
    image = picture_image(picture.pixels)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > place.width())
    painter.drawImage(_fitted(place, image), image)
    painter.setPen(ink.pen("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_fitted(place, image).adjusted(-0.5, -0.5, 0.5, 0.5))
    wide = place.adjusted(-place.width() * 0.3, 0, place.width() * 0.3, 0)
    line = ink.small_size.height()
    write(
        painter, QRectF(wide.left(), place.bottom() + 3, wide.width(), line), picture.caption, ink.small,
        ink.words(picture.tone), CENTER,
    )  # fmt: skip


def _fitted(place: QRectF, image: QImage) -> QRectF:
    """Return the part of `place` with the proportions of the picture."""
    longest = max(image.width(), image.height(), 1)
    width, height = place.width() * image.width() / longest, place.height() * image.height() / longest
    return QRectF(place.center().x() - width / 2, place.center().y() - height / 2, width, height)


def picture_image(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> QImage:
    """Return Qt's image of uint8 pixels (H, W), (H, W, 1) or (H, W, 3); it owns its memory."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    layout = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, width * (1 if grey else 3), layout).copy()
