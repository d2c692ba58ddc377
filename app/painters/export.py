"""Export: a drawing as SVG, PNG or a picture for the clipboard, its numbers as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from app.painters.ink import LEFT, Ink, write
from app.painters.painter import painter_of
from app.views.drawing import Drawing

_MARGIN = 16


def picture(drawing: Drawing, size: QSize, title: str, ink: Ink, scale: float = 2.0) -> QImage:
    """Return the drawing under its title as an image of `size` times `scale` pixels."""
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(ink.color("card"))
    painter = QPainter(image)
    _paint(painter, drawing, size, title, ink)
    painter.end()
    return image


def save_png(path: Path, image: QImage) -> None:
    """Write the image; raises OSError where that is not possible."""
    # into memory first: Qt says of a file only that it failed, Path says why
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    path.write_bytes(buffer.data().data())


def save_svg(path: Path, drawing: Drawing, size: QSize, title: str, ink: Ink) -> None:
    """Write the drawing as SVG; raises OSError where that is not possible."""
    # as above: the generator says nothing of a full disk
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), ink.color("card"))
    _paint(painter, drawing, size, title, ink)
    painter.end()
    path.write_bytes(buffer.data().data())


def save_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV in UTF-8, float32 values in the shortest form that reads back the same.

    Raises OSError where the file cannot be written.
    """
    # newline="": the csv module ends rows itself, and Windows would get \r\r\n
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_cell(cell) for cell in row] for row in rows)


def _cell(value: object) -> object:
    return str(value) if isinstance(value, np.generic) else value


def _paint(painter: QPainter, drawing: Drawing, size: QSize, title: str, ink: Ink) -> None:
    line = ink.strong_size.height()
    area = QRectF(_MARGIN, _MARGIN, size.width() - 2 * _MARGIN, size.height() - 2 * _MARGIN)
    write(
        painter,
        QRectF(area.left(), area.top(), area.width(), line),
        title,
        ink.strong,
        ink.color("text"),
        LEFT,
    )
    painter_of(drawing).paint(painter, area.adjusted(0, line + 8, 0, 0), drawing, ink)
