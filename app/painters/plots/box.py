"""PlotBox: the part of a drawing that is seen, and what the mouse does to it."""

from __future__ import annotations

import math

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGraphicsSceneWheelEvent
from typing_extensions import override

from app.painters.ink import Ink

ZOOM = 1.2
"""By how much a turn of the wheel, or a key, zooms."""
_TURN = 120
"""What Qt calls a turn of the wheel by one notch."""


class PlotBox(pg.ViewBox):
    """pyqtgraph's box, in which y stays with the data until a hand has taken it.

    Until then wheel and drag go along x alone; Ctrl and the wheel, a rectangle, or the y axis itself take y
    as well. A drag pans and with Shift draws a rectangle, or the other way round, as the menu says.
    """

    menu_wanted = Signal(object)
    """The right button was clicked, at this point of the screen."""

    def __init__(self) -> None:
        # pyqtgraph's own menu costs 15 ms a box and speaks of logarithms; ours is made when it is asked for
        super().__init__(enableMenu=False, defaultPadding=0)
        # pyqtgraph zooms by 1.02 ** (delta * factor); negative, for a wheel turned forwards shows less
        self.state["wheelScaleFactor"] = -math.log(ZOOM) / math.log(1.02) / _TURN
        self.y_taken = False
        """Whether wheel and drag go along y, too."""
        self._usual = self.state["mouseMode"]

    def dress(self, ink: Ink) -> None:
        """Take the theme's colours for the rectangle that is being chosen."""
        pen = ink.pen("accent")
        pen.setCosmetic(True)  # the rectangle is scaled from a unit square, and its pen would be with it
        self.rbScaleBox.setPen(pen)
        self.rbScaleBox.setBrush(ink.color("accent", 0.12))

    @override
    def updateAutoRange(self) -> None:
        """Leave the range as it is: the view of the house knows which range holds the data."""
        self._autoRangeNeedsUpdate = False

    @override
    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        along_x = axis is None and not control and not self.y_taken
        super().wheelEvent(event, pg.ViewBox.XAxis if along_x else axis)

    @override
    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        if not any(self.state["mouseEnabled"]):
            event.ignore()
            return
        if event.isStart():
            self._usual = self.state["mouseMode"]
            # asked at the start alone: Shift may be let go while the hand still drags
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.setMouseMode(self.PanMode if self._usual == self.RectMode else self.RectMode)
            if self.state["mouseMode"] == self.PanMode:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
        panning = self.state["mouseMode"] == self.PanMode
        along_x = axis is None and panning and not self.y_taken
        super().mouseDragEvent(event, pg.ViewBox.XAxis if along_x else axis)
        if event.isFinish():
            self.setMouseMode(self._usual)
            self.unsetCursor()

    @override
    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton and any(self.state["mouseEnabled"]):
            event.accept()
            self.menu_wanted.emit(event.screenPos().toPoint())
