"""PaintedCanvas: shows what a painter paints, and says what lies under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.look.theme import Theme
from app.painters.ink import Ink
from app.painters.overlay import came_by_keyboard, paint_focus, paint_note
from app.painters.painter import painter_of
from app.views.drawing import Drawing, Nothing

LEAST = QSize(120, 90)
_STEP = 8
"""Pixels that the mark moves by an arrow key."""


class PaintedCanvas(QWidget):
    """Shows a drawing that only its painter changes.

    The drawing is painted once into a picture; what follows the cursor is painted over it, so that moving
    the mouse costs nothing of the drawing.
    """

    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing: Drawing = Nothing("")
        self._picture: QPixmap | None = None
        self._at: QPointF | None = None
        self._by_keyboard = False
        self.cost = 0.0
        """Milliseconds that painting has taken since somebody set this to 0."""
        # else Qt tells of moves only while a button is held
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST)
        theme.changed.connect(self.forget)

    @property
    def drawing(self) -> Drawing:
        return self._drawing

    def show_drawing(self, drawing: Drawing) -> None:
        """Show this instead of what was there."""
        self._drawing = drawing
        self.forget()

    def leave(self) -> None:
        """Forget what the hand has left here: something of another kind is shown from now on."""
        self._at = None

    def forget(self) -> None:
        """Paint the drawing anew at the next occasion."""
        self._picture = None
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    # --- painting -----------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ink = Ink(self._theme)
        if self._picture is None:
            self._picture = self._painted(ink)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        if self._at is not None:
            note = painter_of(self._drawing).note(self.area(), self._drawing, ink, self._at)
            if note:
                paint_note(painter, QRectF(self.rect()), self._at, note, ink)
        if self.hasFocus() and self._by_keyboard:
            paint_focus(painter, QRectF(self.rect()), ink)
        painter.end()

    def _painted(self, ink: Ink) -> QPixmap:
        clock = QElapsedTimer()
        clock.start()
        ratio = self.devicePixelRatioF()
        # in pixels of the screen: else it is blurred where the display is scaled
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(ink.color("card"))
        painter = QPainter(picture)
        painter_of(self._drawing).paint(painter, self.area(), self._drawing, ink)
        painter.end()
        self.cost += clock.nsecsElapsed() / 1e6
        return picture

    def area(self) -> QRectF:
        """Return where the drawing stands."""
        return drawn_area(self)

    # --- the cursor, moved by the mouse or by keys --------------------------------------------------------

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self._at = moved(self._at, key, self.area())
        elif key == Qt.Key.Key_Escape and self._at is not None:
            self._at = None
        else:
            super().keyPressEvent(event)
            return
        self.update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._at = event.position()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()

    @override
    # no leave event comes when the page is switched by a key, nor when another window comes to the front
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._at = None

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._at = None
            self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = came_by_keyboard(event)
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._at = None
        super().focusOutEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.forget()
        self.resized.emit()


ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Which way right and down each key leads."""


def moved(at: QPointF | None, key: Qt.Key, area: QRectF) -> QPointF:
    """Return where the mark stands after an arrow key; it begins in the middle."""
    right, down = ARROWS[key]
    at = at or area.center()
    return QPointF(
        min(max(at.x() + _STEP * right, area.left()), area.right()),
        min(max(at.y() + _STEP * down, area.top()), area.bottom()),
    )


def drawn_area(canvas: QWidget) -> QRectF:
    """Return the part of a canvas in which its drawing stands."""
    return QRectF(canvas.rect()).adjusted(4, 2, -4, -4)
