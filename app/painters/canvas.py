"""Canvas: the widget that shows any drawing, answers the cursor, and lets a plot be zoomed and moved.

The drawing is painted once into a picture; what follows the cursor is painted over it, so that moving the
mouse costs nothing of the drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

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
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.theme import Theme
from app.painters.graph_hand import GraphHand
from app.painters.ink import Ink
from app.painters.overlay import paint_crosshair, paint_focus, paint_note, paint_rectangle
from app.painters.painter import painter_of
from app.painters.plot import Frame, frame_of
from app.views.drawing import Drawing, Listing, Nothing, Plot, Readout
from app.views.graph import Graph

Range = tuple[float, float] | None
_MOST_READINGS = 8
"""Curves whose values are told at the cursor: those nearest to it."""
_LEAST_DRAG = 5.0
_ZOOM = 1.2


class Canvas(QWidget):
    """Shows a drawing. `zoomed` asks for another part of it: x range and y range, None for "as the data"."""

    zoomed = Signal(object, object)
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing: Drawing = Nothing("")
        self._picture: QPixmap | None = None
        self._read: Callable[[float], tuple[Readout, ...]] = lambda x: ()
        self._zoomable = False
        self._home: tuple[Range, Range] = (None, None)
        self._at: QPointF | None = None
        self._pressed: QPointF | None = None
        self._panned: tuple[QPointF, Frame] | None = None
        self._by_keyboard = False
        self._first = 0
        """The row of a list that stands at the top."""
        self._hand = GraphHand(self._look)
        self._given: Drawing = self._drawing
        """The drawing as it was given: the one shown may be looked at otherwise."""
        self.cost = 0.0
        """Milliseconds that painting has taken since somebody set this to 0."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        theme.changed.connect(self.forget)

    @property
    def drawing(self) -> Drawing:
        return self._drawing

    def show_drawing(
        self, drawing: Drawing, read: Callable[[float], tuple[Readout, ...]], zoomable: bool, whole: bool
    ) -> None:
        """Show a drawing; `read` gives the values at an x, `whole` says that nothing of it is cut off."""
        self._read, self._zoomable = read, zoomable
        if isinstance(drawing, Graph) and drawing is self._given:
            return  # a run goes on, but its network stays as it is
        self._given = drawing
        self._drawing = self._hand.seen(drawing) if isinstance(drawing, Graph) else drawing
        self._first = self._first if isinstance(drawing, Listing) else 0
        if whole and isinstance(drawing, Plot):
            self._home = ((drawing.x.low, drawing.x.high), (drawing.y.low, drawing.y.high))
        words = painter_of(drawing).words(drawing)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.forget()

    def _look(self, graph: Graph) -> None:
        """Show a graph as the person wants to look at it."""
        self._drawing = graph
        self.forget()

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
        if self._pressed is not None and self._at is not None:
            paint_rectangle(painter, self._selected(self._pressed, self._at), ink)
        elif self._at is not None:
            self._paint_hover(painter, self._at, ink)
        if self.hasFocus() and self._by_keyboard:
            paint_focus(painter, QRectF(self.rect()), ink)
        painter.end()

    def _painted(self, ink: Ink) -> QPixmap:
        clock = QElapsedTimer()
        clock.start()
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(ink.color("card"))
        painter = QPainter(picture)
        self._stand_at_first(ink)
        painter_of(self._drawing).paint(painter, self._area(), self._drawing, ink)
        painter.end()
        self.cost += clock.nsecsElapsed() / 1e6
        return picture

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(4, 2, -4, -4)

    def scroll_rows(self, rows: int) -> bool:
        """Move a list by so many rows; return whether it is one that does not fit."""
        if not isinstance(self._drawing, Listing):
            return False
        last = painter_of(self._drawing).last_first(self._area(), self._drawing, Ink(self._theme))
        if not last:
            return False
        self._first = min(max(self._first + rows, 0), last)
        self.forget()
        return True

    def _stand_at_first(self, ink: Ink) -> None:
        """Let a list that is drawn anew stand where it had been scrolled to, as far as it still reaches."""
        if isinstance(self._drawing, Listing):
            last = painter_of(self._drawing).last_first(self._area(), self._drawing, ink)
            self._first = min(self._first, last)
            self._drawing = replace(self._drawing, first=self._first)

    def _paint_hover(self, painter: QPainter, at: QPointF, ink: Ink) -> None:
        if isinstance(self._drawing, Plot):
            frame = frame_of(self._area(), self._drawing, ink)
            if frame.inside.contains(at):
                readings = nearest(self._read(frame.x.value(at.x())), frame, at.y())
                if readings:
                    paint_crosshair(painter, frame.inside, at, readings, ink)
                    return
        note = painter_of(self._drawing).note(self._area(), self._drawing, ink, at)
        if note:
            paint_note(painter, QRectF(self.rect()), at, note, ink)

    # --- the hand -----------------------------------------------------------------------------------------

    def _frame(self) -> Frame | None:
        if self._zoomable and isinstance(self._drawing, Plot):
            return frame_of(self._area(), self._drawing, Ink(self._theme))
        return None

    def _selected(self, start: QPointF, end: QPointF) -> QRectF:
        frame = self._frame()
        chosen = QRectF(start, end).normalized()
        return chosen.intersected(frame.inside) if frame else chosen

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if isinstance(self._drawing, Graph) and event.button() == Qt.MouseButton.LeftButton:
            self._hand.press(event.position())
            return
        frame = self._frame()
        if frame is None or not frame.inside.contains(event.position()):
            super().mousePressEvent(event)
            return
        by_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and by_shift
        ):
            self._panned = (event.position(), frame)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        if isinstance(self._drawing, Graph) and self._hand.drag(self._drawing, self._area(), self._at):
            self._at = None  # no note while it moves
        elif self._panned is not None:
            start, frame = self._panned
            self._move(frame, start.x() - self._at.x(), start.y() - self._at.y())
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if isinstance(self._drawing, Graph):
            self._hand.release(self._drawing, self._area(), event.position())
        if self._panned is not None:
            self._panned = None
            self.unsetCursor()
        elif self._pressed is not None:
            chosen, self._pressed = self._selected(self._pressed, event.position()), None
            frame = self._frame()
            if frame and chosen.width() > _LEAST_DRAG and chosen.height() > _LEAST_DRAG:
                self.zoomed.emit(
                    (frame.x.value(chosen.left()), frame.x.value(chosen.right())),
                    (frame.y.value(chosen.bottom()), frame.y.value(chosen.top())),
                )
        if not self.rect().contains(event.position().toPoint()):
            self._at = None  # it had been held outside
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if isinstance(self._drawing, Graph):
            self._hand.double_click(self._drawing, self._area(), event.position())
        self.reset_zoom()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        frame = self._frame()
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn and isinstance(self._drawing, Graph):
            self._hand.zoom(self._drawing, self._area(), turn / 120, event.position())
            event.accept()
            return
        if turn and self.scroll_rows(-1 if turn > 0 else 1):
            event.accept()
            return
        if frame is None or not turn:
            event.ignore()
            return
        both = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self.zoom(_ZOOM ** (turn / 120), event.position(), both)
        event.accept()

    def zoom(self, factor: float, at: QPointF | None = None, both: bool = False) -> None:
        """Show 1/factor of what is seen, around `at` (else the middle); the height too with `both`."""
        frame = self._frame()
        if frame is None or not isinstance(self._drawing, Plot):
            return
        at = at or frame.inside.center()
        inside = frame.inside
        left, right = (at.x() + (edge - at.x()) / factor for edge in (inside.left(), inside.right()))
        bottom, top = (at.y() + (edge - at.y()) / factor for edge in (inside.bottom(), inside.top()))
        high = (frame.y.value(bottom), frame.y.value(top)) if both or self._drawing.square else None
        self._ask((frame.x.value(left), frame.x.value(right)), high)

    def reset_zoom(self) -> None:
        """Show everything again."""
        if self._frame() is not None:
            self.zoomed.emit(None, None)

    def _move(self, frame: Frame, right: float, down: float) -> None:
        inside = frame.inside.translated(right, down)
        self._ask(
            (frame.x.value(inside.left()), frame.x.value(inside.right())),
            (frame.y.value(inside.bottom()), frame.y.value(inside.top())),
            keep_size=True,
        )

    def _ask(self, x: tuple[float, float], y: Range, keep_size: bool = False) -> None:
        """Ask for a part, never wider than the whole; the whole itself is asked for as None."""
        home = self._home[0]
        if home is not None:
            if keep_size:
                shift = max(home[0] - x[0], 0.0) + min(home[1] - x[1], 0.0)
                x = (x[0] + shift, x[1] + shift)
            x = (max(x[0], home[0]), min(x[1], home[1]))
            if x[1] - x[0] >= 0.999 * (home[1] - home[0]) and not keep_size:
                self.zoomed.emit(None, None)
                return
            if x[1] - x[0] < 1e-7 * (home[1] - home[0]):
                return
        self.zoomed.emit(x, y)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        frame = self._frame()
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if isinstance(self._drawing, Graph) and self._hand.key(
            self._drawing, self._area(), Qt.Key(key), shift=shift
        ):
            return
        rows = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if key in rows and self.scroll_rows(rows[Qt.Key(key)]):
            return
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._arrow(Qt.Key(key), shift, frame)
        elif frame is not None and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM, self._at)
        elif frame is not None and key == Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM, self._at)
        elif frame is not None and key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.reset_zoom()
        elif key == Qt.Key.Key_Escape and self._at is not None:
            self._at = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _arrow(self, key: Qt.Key, pan: bool, frame: Frame | None) -> None:
        """Move the crosshair by eight pixels, or with Shift what is seen."""
        right = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if pan and frame is not None:
            self._move(frame, 40.0 * right, 40.0 * down)
            return
        area = frame.inside if frame else self._area()
        at = self._at or area.center()
        self._at = QPointF(
            min(max(at.x() + 8 * right, area.left()), area.right()),
            min(max(at.y() + 8 * down, area.top()), area.bottom()),
        )
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._at = self._pressed = None

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._at = self._pressed = None
            self.update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._at = event.position()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._at = self._pressed = None
        super().focusOutEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.forget()
        self.resized.emit()


def nearest(readings: Sequence[Readout], frame: Frame, pixel: float) -> Sequence[Readout]:
    """Return the readings of the curves nearest to a height, in their order, and how many more there are."""
    drawn = [reading for reading in readings if reading.y is not None]
    if len(drawn) <= _MOST_READINGS:
        return readings
    drawn.sort(key=lambda reading: abs(frame.y.pixel(reading.y or 0.0) - pixel))
    near = {id(reading) for reading in drawn[:_MOST_READINGS]}
    kept = [reading for reading in readings if reading.y is None or id(reading) in near]
    more = tr("and {count} more, farther away", count=len(readings) - len(kept))
    return [*kept, Readout(more, "", "text_muted")]
