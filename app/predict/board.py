"""The board to draw a digit on with the mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.theme import Theme
from app.predict.normalized import Pixels

SIDE = 280
"""Pixels of the board in which is drawn, whatever its size on the screen."""
_MOST_UNDO = 50
_PAUSE = 120
BRUSH = 28
"""Width of the brush to begin with: strokes as thick, for a digit across the board, as scanned ones."""


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
        self.brush, self.erasing = BRUSH, False
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
        # a copy: strokes are drawn into the same image
        self._before = [*self._before, self._image.copy()][-_MOST_UNDO:]

    def _changed(self) -> None:
        self.update()
        # not started anew by every move: it would come only when the hand rests
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
        # a line without length leaves no dot
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
    # Qt fills each line up to a multiple of 4 bytes
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    # the memory goes with the image
    return rows[:, : grey.width()].copy()
