"""Frames: where a drawing with two axes stands, and what its painter paints part by part."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.painters.axes import AxisScale
from app.painters.ink import Ink
from app.painters.painter import Painter
from app.views.drawing import Axis, Drawing

D = TypeVar("D", bound=Drawing)


@dataclass(frozen=True)
class AxesFrame:
    """Where a drawing with two axes stands in its area, and the way between values and pixels."""

    inside: QRectF
    x: AxisScale
    y: AxisScale


# eq=False: arrays give no single answer to ==
@dataclass(frozen=True, eq=False)
class Ground:
    """What lies behind everything else: pixels (H, W, 3), whose first row stands at `y[0]`."""

    pixels: NDArray[np.uint8]
    x: tuple[float, float]
    y: tuple[float, float]
    smooth: bool = False


F = TypeVar("F", bound=AxesFrame)


class AxesPainter(Painter[D], Generic[D, F]):
    """Paints drawings with two axes. The parts lie in a scene of pyqtgraph, which moves and zooms them."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: D, ink: Ink) -> None:
        from app.painters.plots.scene import AxesScene  # imports pyqtgraph, which takes its time

        AxesScene().paint(painter, self, area, drawing, ink)

    @override
    def note(self, area: QRectF, drawing: D, ink: Ink, at: QPointF) -> str:
        frame = self.frame(area, drawing, *self.axes(drawing), ink)
        inside = frame.inside.contains(at)
        return self.note_in(frame, drawing, at) if inside else self.note_beside(frame, drawing, at)

    @abstractmethod
    def axes(self, drawing: D) -> tuple[Axis, Axis]:
        """Return the axes along the bottom and up the left side, with ends that can be drawn."""

    @abstractmethod
    def frame(self, area: QRectF, drawing: D, x: Axis, y: Axis, ink: Ink) -> F:
        """Work out where the drawing stands when it is seen between the ends of these axes."""

    @abstractmethod
    def ground(self, drawing: D, ink: Ink) -> Ground | None:
        """Return what lies behind, or None."""

    @abstractmethod
    def paint_inside(self, painter: QPainter, frame: F, drawing: D, ink: Ink) -> None:
        """Paint what lies between the axes; it is cut off there."""

    @abstractmethod
    def paint_bottom(self, painter: QPainter, area: QRectF, frame: F, drawing: D, ink: Ink) -> None:
        """Paint the axis along the bottom."""

    @abstractmethod
    def paint_left(self, painter: QPainter, area: QRectF, frame: F, drawing: D, ink: Ink) -> None:
        """Paint the axis up the left side."""

    @abstractmethod
    def paint_legend(self, painter: QPainter, frame: F, drawing: D, ink: Ink) -> None:
        """Paint what stands beside or above, outside of the axes."""

    @abstractmethod
    def note_in(self, frame: F, drawing: D, at: QPointF) -> str:
        """Return what is to be said of the thing at a point between the axes, or ""."""

    def note_beside(self, frame: F, drawing: D, at: QPointF) -> str:
        """Return what is to be said of the thing at a point outside of the axes, or ""."""
        return ""


def title_room(low: float, high: float, least: float, most: float, wanted: float) -> tuple[float, float]:
    """Return between which pixels the title of an axis is written, which stands between `low` and `high`.

    A title that is longer than its axis reaches over it, as far as the drawing does: from `least` to `most`.
    """
    wide = min(max(high - low, wanted), most - least)
    start = min(max((low + high - wide) / 2, least), most - wide)
    return start, start + wide


def axes_painter_of(drawing: D) -> AxesPainter[D, Any]:
    """Return the painter for a drawing with axes."""
    found = Painter.by_drawing[type(drawing)]
    if not isinstance(found, AxesPainter):
        raise TypeError(f"{type(drawing).__name__} has no axes")
    return found
