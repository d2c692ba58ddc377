"""PlotCanvas: shows drawings with two axes on pyqtgraph: moved, zoomed and read by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.theme import Theme
from app.painters.axes import Range, between, ends
from app.painters.canvases.painted import ARROWS, LEAST, drawn_area, moved
from app.painters.frame import AxesFrame, axes_painter_of
from app.painters.ink import Ink
from app.painters.overlay import came_by_keyboard, paint_crosshair, paint_focus, paint_note
from app.painters.plots.box import ZOOM
from app.painters.plots.menu import PlotMenu
from app.painters.plots.scene import AxesScene
from app.views.drawing import Axis, Drawing, Matrix, Plot, Readout

_MOST_READINGS = 8
"""Curves whose values are told at the cursor: those nearest to it."""
_BESIDE_LINE = 6
"""Pixels from an upright line within which what it means is told whole."""
_PAN = 40
"""Pixels that an arrow key with Shift moves what is seen."""
_SMALLEST_PART = 1e-7
"""The least part of the whole that can be seen: single precision tells no more values apart."""


class PlotCanvas(pg.GraphicsView):
    """Shows a plot or a matrix. `zoomed` asks for another part: ranges of x and y, None as far as the data.

    The range that pyqtgraph's box holds is what is seen. Whatever changes it (drag, wheel, keys, menu) asks
    the view for a drawing of that part, which then says where both axes end.
    """

    zoomed = Signal(object, object)
    resized = Signal()
    menu_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._ink = theme, Ink(theme)
        self._drawing: Plot | Matrix | None = None
        self._read: Callable[[float], tuple[Readout, ...]] = lambda _: ()
        self._frame: AxesFrame | None = None
        self._home: tuple[Axis, Axis] | None = None
        self._chosen: tuple[Range, Range] = (None, None)
        self._ours = False
        """Whether the range is being changed by the program, not by a hand."""
        self._at: QPointF | None = None
        self._by_keyboard = self._fresh = False
        self.cost = 0.0
        """Milliseconds that painting has taken since somebody set this to 0."""
        self._axes = AxesScene(self)
        # what follows the cursor is painted over this picture of the curves and costs nothing of them
        self._axes.sheet.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._axes.box.sigRangeChanged.connect(lambda _box, _range, changed: self._follow_hand(changed))
        self._axes.box.menu_wanted.connect(self._open_menu)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)  # all of it changes at once
        # pyqtgraph would stretch an item of its own over the view at every change
        self.setCentralItem(None)
        self.setScene(self._axes)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST)
        self._dress()
        theme.changed.connect(self._dress)

    @property
    def drawing(self) -> Drawing:
        assert self._drawing is not None  # it is made to show the first one
        return self._drawing

    def show_plot(
        self,
        drawing: Drawing,
        read: Callable[[float], tuple[Readout, ...]],
        *,
        zoomable: bool,
        whole: bool,
    ) -> None:
        """Show a drawing; `read` gives the values at an x, `whole` says that nothing of it is cut off."""
        assert isinstance(drawing, Plot | Matrix)
        self._drawing, self._read = drawing, read
        box, axes = self._axes.box, axes_painter_of(drawing).axes(drawing)
        with self._by_program():
            box.setMouseEnabled(zoomable, zoomable)
            matrix = isinstance(drawing, Matrix)  # always drawn whole: which part is seen the box alone knows
            if whole or matrix or self._home is None:
                self._home = axes
                self._set_limits()
            if whole:
                self._chosen = (None, None)
            box.y_taken = self._alike or self._chosen[1] is not None
            if whole or not matrix:
                box.setRange(xRange=ends(axes[0]), yRange=ends(axes[1]), padding=0)
        self._lay_out()

    def leave(self) -> None:
        """Forget what the hand has left here: something of another kind is shown from now on."""
        self._at = None

    @property
    def _alike(self) -> bool:
        """Whether both axes are of one kind, so that neither is moved or zoomed without the other."""
        return isinstance(self._drawing, Matrix) or (self._drawing is not None and self._drawing.square)

    # --- what is seen -------------------------------------------------------------------------------------

    def seen(self) -> tuple[Axis, Axis]:
        """Return the axes between the ends that are seen now."""
        axes = axes_painter_of(self.drawing).axes(self.drawing)
        x, y = (between(axis, *part) for axis, part in zip(axes, self._axes.box.viewRange(), strict=True))
        return x, y

    @property
    def frame(self) -> AxesFrame:
        """Return where the drawing stands."""
        assert self._frame is not None
        return self._frame

    def reset_zoom(self) -> None:
        """Show everything again."""
        self._choose(None, None)

    def zoom(self, factor: float, *, both: bool = False) -> None:
        """Show 1/factor of what is seen, around the mark (else the middle); of the height too with `both`."""
        box = self._axes.box
        at = self._at or self.frame.inside.center()
        both = both or box.y_taken
        box.scaleBy(x=1 / factor, y=1 / factor if both else None, center=box.mapSceneToView(at))

    def _move(self, right: float, down: float) -> None:
        width, height = self._axes.box.viewPixelSize()
        upwards = 1 if self._axes.box.yInverted() else -1
        # None, unlike 0, leaves an axis to itself
        self._axes.box.translateBy(x=right * width or None, y=upwards * down * height or None)

    def _set_limits(self) -> None:
        """Let a hand see no more than there is: all of x; of y as well where both axes are alike."""
        assert self._home is not None
        (left, right), (low, high) = ends(self._home[0]), ends(self._home[1])
        both = self._alike
        self._axes.box.setLimits(
            xMin=left,
            xMax=right,
            minXRange=_SMALLEST_PART * (right - left),
            yMin=low if both else None,
            yMax=high if both else None,
        )

    def _follow_hand(self, changed: Sequence[bool]) -> None:
        """Ask for what the hand has chosen; an axis that it left alone goes as far as the data."""
        if self._ours or self._home is None:
            return
        x, y = ((axis.low, axis.high) for axis in self.seen())
        whole = ends(self._home[0])
        left, right = self._axes.box.viewRange()[0]
        # zoomed out against its limits, rounding leaves a little less than all
        everything = right - left >= 0.999 * (whole[1] - whole[0])
        if changed[0] and everything:
            self._choose(None, None)
        else:
            self._choose(None if everything else x, y if changed[1] else self._chosen[1])

    def _choose(self, x: Range, y: Range) -> None:
        """See this part, and ask for what lies there. Where y follows the data, the answer says how far."""
        self._chosen = (x, y)
        self._axes.box.y_taken = self._alike or y is not None
        across, up = (
            axis if part is None else replace(axis, low=part[0], high=part[1])
            for axis, part in zip(self._home or self.seen(), (x, y), strict=True)
        )
        follows = y is None and isinstance(self._drawing, Plot)
        with self._by_program():
            self._axes.box.setRange(xRange=ends(across), yRange=None if follows else ends(up), padding=0)
        before = self._drawing
        self.zoomed.emit(x, y)
        if self._drawing is before:  # the answer comes later, or there is none: what is there moves meanwhile
            self._lay_out()

    @contextmanager
    def _by_program(self) -> Iterator[None]:
        self._ours = True
        try:
            yield
        finally:
            self._ours = False

    def _lay_out(self) -> None:
        if self._drawing is None:
            return
        clock = QElapsedTimer()
        clock.start()
        by, seen = axes_painter_of(self._drawing), self.seen()
        with self._by_program():
            self._frame = self._axes.show(by, drawn_area(self), self._drawing, *seen, self._ink)
        self._fresh = True
        self.viewport().update()
        self.cost += clock.nsecsElapsed() / 1e6

    def _open_menu(self, at: QPoint) -> None:
        menu = PlotMenu(self._axes.box, *self.seen(), self._chosen, self)
        menu.range_chosen.connect(self._choose)
        self.menu_asked.emit(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # --- painting -----------------------------------------------------------------------------------------

    def _dress(self) -> None:
        self._ink = Ink(self._theme)
        self.setBackground(self._ink.color("card"))
        self._axes.box.dress(self._ink)
        self._lay_out()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        clock = QElapsedTimer()
        clock.start()
        super().paintEvent(event)
        if self._fresh:  # what only follows the cursor is the person's doing
            self.cost += clock.nsecsElapsed() / 1e6
            self._fresh = False

    @override
    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        if self._at is not None:
            self._paint_reading(painter, self._at)
        if self.hasFocus() and self._by_keyboard:
            paint_focus(painter, QRectF(self.rect()), self._ink)

    def _paint_reading(self, painter: QPainter, at: QPointF) -> None:
        by, inside = axes_painter_of(self.drawing), self.frame.inside.contains(at)
        readings = nearest(self._read(self.frame.x.value(at.x())), self.frame, at.y()) if inside else ()
        if readings:
            # beside its line a long text is cut
            readings = (*self.events_at(at), *readings)
            paint_crosshair(painter, self.frame.inside, at, readings, self._ink)
            return
        note = (by.note_in if inside else by.note_beside)(self.frame, self.drawing, at)
        if note:
            paint_note(painter, QRectF(self.rect()), at, note, self._ink)

    def events_at(self, at: QPointF) -> tuple[Readout, ...]:
        """Return what the upright lines under a point mean."""
        lines = self.drawing.uprights if isinstance(self.drawing, Plot) else ()
        near = (line for line in lines if abs(self.frame.x.pixel(line.x) - at.x()) <= _BESIDE_LINE)
        return tuple(Readout(line.text, "", line.tone) for line in near)

    # --- the hand -----------------------------------------------------------------------------------------

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        over = self._axes.itemAt(event.position(), self.transform()) is not None
        if not any(self._axes.box.mouseEnabled()) or not over:
            event.ignore()  # the page around it scrolls
            return
        super().wheelEvent(event)
        event.accept()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(None if event.buttons() else event.position())  # no values while it is dragged
        super().mouseMoveEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.rect().contains(event.position().toPoint()):
            self._point_at(None)  # it had been held outside

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if any(self._axes.box.mouseEnabled()):
            self.reset_zoom()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, zoomable = Qt.Key(event.key()), any(self._axes.box.mouseEnabled())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in ARROWS and shift and zoomable:
            right, down = ARROWS[key]
            self._move(_PAN * right, _PAN * down)
        elif key in ARROWS:
            self._point_at(moved(self._at, key, self.frame.inside))
        elif zoomable and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM, both=control)
        elif zoomable and key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM, both=control)
        elif zoomable and key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.reset_zoom()
        elif zoomable and key == Qt.Key.Key_Menu:
            self._open_menu(self.mapToGlobal(self.frame.inside.center().toPoint()))
        elif key == Qt.Key.Key_Escape and self._at is not None:
            self._point_at(None)
        else:
            event.ignore()

    def _point_at(self, at: QPointF | None) -> None:
        self._at = at
        self.viewport().update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._at = event.position()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._at = None

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._point_at(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = came_by_keyboard(event)
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    @override
    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_axes"):  # pyqtgraph calls it while it is made
            self._lay_out()
            self.resized.emit()


def nearest(readings: Sequence[Readout], frame: AxesFrame, pixel: float) -> Sequence[Readout]:
    """Return the readings of the curves nearest to a height, in their order, and how many more there are."""
    drawn = [reading for reading in readings if reading.y is not None]
    if len(drawn) <= _MOST_READINGS:
        return readings
    drawn.sort(key=lambda reading: abs(frame.y.pixel(reading.y or 0.0) - pixel))
    # by identity: two curves may read the same
    near = {id(reading) for reading in drawn[:_MOST_READINGS]}
    kept = [reading for reading in readings if reading.y is None or id(reading) in near]
    more = tr("and {count} more, farther away", count=len(readings) - len(kept))
    return [*kept, Readout(more, "", "text_muted")]
