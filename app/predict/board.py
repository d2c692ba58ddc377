"""The board to draw a digit on with the mouse, and the making of the picture that the network gets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import Theme
from app.words import tr

SIDE = 280
"""Pixels of the board in which is drawn, whatever its size on the screen."""
_MOST_UNDO = 50
_PAUSE = 120
_FILL = 0.72
"""Share of the picture's side that the drawing takes, as in the collections of digits."""

Pixels = NDArray[np.uint8]


class DrawingBoard(QWidget):
    """White strokes on black. `drawn` comes while drawing and after each change, at most every 120 ms."""

    drawn = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self._before: list[QImage] = []
        self._last: QPointF | None = None
        self.brush, self.erasing = 22, False
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.drawn.emit)
        self.setAccessibleName(tr("Board to draw on"))
        self.setAccessibleDescription(
            tr("Draw with the left button; the right one erases. Delete clears the board.")
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(SIDE + 4, SIDE + 4))

    @property
    def empty(self) -> bool:
        return not self.pixels().any()

    def pixels(self) -> Pixels:
        """Return what is drawn: uint8 (SIDE, SIDE), 0 where nothing is."""
        return pixels_of(self._image)

    def clear(self) -> None:
        self._keep()
        self._image.fill(0)
        self._changed()

    def undo(self) -> None:
        if self._before:
            self._image = self._before.pop()
            self._changed()

    def _keep(self) -> None:
        self._before = [*self._before, self._image.copy()][-_MOST_UNDO:]

    def _changed(self) -> None:
        self.update()
        if not self._soon.isActive():
            self._soon.start()

    def _stroke(self, end: QPointF, erase: bool) -> None:
        start = self._last or end
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(0, 0, 0) if erase else QColor(255, 255, 255)
        width = self.brush * (1.6 if erase else 1.0)
        pen = QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawLine(start, end + QPointF(0.01, 0))
        painter.end()
        self._last = end
        self._changed()

    @staticmethod
    def _at(event: QMouseEvent) -> QPointF:
        return event.position() - QPointF(2, 2)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._keep()
        self._last = None
        self._stroke(self._at(event), self.erasing or event.button() == Qt.MouseButton.RightButton)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() != Qt.MouseButton.NoButton:
            self._stroke(self._at(event), self.erasing or bool(event.buttons() & Qt.MouseButton.RightButton))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        elif event.key() == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.undo()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(QPointF(2, 2), self._image)
        painter.setPen(QPen(self._theme.color("focus" if self.hasFocus() else "border"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        if self.empty:
            painter.setPen(QColor(150, 150, 150))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), tr("Draw here"))
        painter.end()


def pixels_of(image: QImage) -> Pixels:
    """Return a grey picture's pixels, uint8 (height, width)."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def centred(drawn: Pixels, height: int, width: int) -> Pixels:
    """Return a drawing as collections of digits hold it, uint8 (height, width).

    It fills most of the picture, its centre of gravity stands in the middle, and every pixel is the mean of
    the area it stands for. Nothing stays nothing.
    """
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return np.zeros((height, width), np.uint8)
    cut = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
    side = max(cut.shape) / _FILL
    if height == width and height <= 10:
        side = max(cut.shape) * 1.02  # tiny pictures are filled to the edge
    weight = cut.sum()
    middle = [float((cut.sum(axis=1 - axis) * np.arange(cut.shape[axis])).sum() / weight) for axis in (0, 1)]
    square = _placed(cut, middle, int(np.ceil(side)))
    return np.clip(np.round(shrunk(square, height, width)), 0, 255).astype(np.uint8)


def _placed(cut: NDArray[np.float64], middle: list[float], side: int) -> NDArray[np.float64]:
    """Return a square of zeros with `cut` in it, its `middle` in the middle as far as it fits."""
    square = np.zeros((side, side))
    start = [int(min(max(round(side / 2 - middle[axis]), 0), side - cut.shape[axis])) for axis in (0, 1)]
    square[start[0] : start[0] + cut.shape[0], start[1] : start[1] + cut.shape[1]] = cut
    return square


def shrunk(picture: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Return a picture of another size, each pixel the mean over its area of the old one."""
    return _weights(picture.shape[0], height) @ picture @ _weights(picture.shape[1], width).T


def _weights(old: int, new: int) -> NDArray[np.float64]:
    """Return (new, old): how much of each old pixel lies in each new one; rows add up to 1."""
    edges = np.linspace(0, old, new + 1)
    low = np.maximum(edges[:-1, None], np.arange(old)[None])
    high = np.minimum(edges[1:, None], np.arange(1, old + 1)[None])
    overlap = np.clip(high - low, 0, None)
    return np.asarray(overlap / overlap.sum(axis=1, keepdims=True))
