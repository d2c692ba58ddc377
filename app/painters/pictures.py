"""Paints grids of pictures, each with a line or two under it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.ink import CENTER, Ink, write
from app.painters.painter import Painter
from app.views.drawing import Picture, Pictures

_GAP = 10.0
_LEAST, _MOST = 44.0, 112.0
"""Bounds of a picture's side in pixels."""


class PicturesPainter(Painter[Pictures], of=Pictures):
    """Paints as many pictures as there is room for, as large as that many can be."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Pictures, ink: Ink) -> None:
        places = _places(area, drawing, ink)
        lefts = sorted({place.left() for place in places})
        pitch = lefts[1] - lefts[0] if len(lefts) > 1 else area.width()
        for place, picture in zip(places, drawing.pictures, strict=False):
            _paint_picture(painter, place, pitch, picture, ink)

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
    line = _caption_height(drawing, ink)
    captions = max(
        ink.small_size.horizontalAdvance(text)
        for picture in drawing.pictures
        for text in picture.caption.split("\n")
    )
    asked = drawing.columns
    side = _LEAST
    # downwards: the first that fits is the largest
    for wanted in np.arange(_MOST, _LEAST - 1, -2):
        columns, rows = _room(area, float(wanted), captions, line)
        if columns >= asked and (asked or columns) * rows >= count:
            side = float(wanted)
            break
    columns, rows = (max(found, 1) for found in _room(area, side, captions, line))
    columns = min(columns, asked or columns)
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
    # words may push the pictures apart only so far; longer ones are cut
    pitch = max(side, min(captions, 1.6 * side)) + _GAP
    return int((area.width() + _GAP / 2) // pitch), int((area.height() + _GAP) // (side + line + _GAP))


def _paint_picture(painter: QPainter, place: QRectF, pitch: float, picture: Picture, ink: Ink) -> None:
    image = picture_image(picture.pixels)
    # enlarged, pixels stay squares, as the network gets them; made smaller, they are averaged
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > place.width())
    painter.drawImage(_fitted(place, image), image)
    painter.setPen(ink.pen("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_fitted(place, image).adjusted(-0.5, -0.5, 0.5, 0.5))
    line = ink.small_size.height()
    for row, text in enumerate(picture.caption.split("\n")):
        box = QRectF(place.center().x() - pitch / 2 + 2, place.bottom() + 3 + row * line, pitch - 4, line)
        write(painter, box, text, ink.small, ink.words(picture.tone), CENTER)


def _caption_height(drawing: Pictures, ink: Ink) -> float:
    lines = max(picture.caption.count("\n") + 1 for picture in drawing.pictures)
    return lines * ink.small_size.height() + 3


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
    # the bytes of a line are told: else QImage takes lines to end at multiples of 4
    return QImage(pixels.data, width, height, width * (1 if grey else 3), layout).copy()
