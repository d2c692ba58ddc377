"""AxesScene: the parts of a drawing with two axes, laid out in a scene of pyqtgraph.

The box holds the range that is seen and the ground as an image. Rulers are pyqtgraph's axes, so that the
mouse moves and zooms one axis over them; their ticks are ours. Curves, points and texts lie on one sheet over
the box, painted in pixels: the view has asked the pyramid for no more than there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from app.painters.axes import ends
from app.painters.ink import Ink
from app.painters.plots.box import PlotBox
from app.views.drawing import Axis, Drawing

if TYPE_CHECKING:
    from app.painters.frame import AxesFrame, AxesPainter, Ground

Paint = Callable[[QPainter], None]


class AxesScene(pg.GraphicsScene):
    """Shows one drawing with two axes; a view may look at it, and it is painted as well without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        # few items, which all move at once: a tree to find them by is built in vain
        self.setItemIndexMethod(self.ItemIndexMethod.NoIndex)
        self.box = PlotBox()
        self.sheet = _Sheet()
        self._ground = _GroundItem()
        self._rulers = {side: _Ruler(side) for side in ("bottom", "left")}
        for item in (self.box, *self._rulers.values(), self.sheet):
            self.addItem(item)
        # pyqtgraph is not to take the ground's extent into ranges of its own
        self.box.addItem(self._ground, ignoreBounds=True)
        for ruler in self._rulers.values():
            ruler.linkToView(self.box)
        self._grounded: tuple[Drawing, Ink] | None = None

    def show(
        self, by: AxesPainter[Any, Any], area: QRectF, drawing: Drawing, x: Axis, y: Axis, ink: Ink
    ) -> AxesFrame:
        """Lay a drawing out as it is seen between the ends of these axes; return where it stands."""
        frame: AxesFrame = by.frame(area, drawing, x, y, ink)
        self.box.setGeometry(frame.inside)
        # rows of a matrix count downwards
        self.box.invertY(frame.y.start < frame.y.end)
        self.box.setRange(xRange=ends(x), yRange=ends(y), padding=0)
        self._lay_ground(by, drawing, ink)
        inside = frame.inside
        below = QRectF(inside.left(), inside.bottom(), inside.width(), area.bottom() - inside.bottom())
        beside = QRectF(area.left(), inside.top(), inside.left() - area.left(), inside.height())
        self._rulers["bottom"].put(
            below, area, lambda canvas: by.paint_bottom(canvas, area, frame, drawing, ink)
        )
        self._rulers["left"].put(
            beside, area, lambda canvas: by.paint_left(canvas, area, frame, drawing, ink)
        )

        def paint_sheet(canvas: QPainter) -> None:
            canvas.save()
            canvas.setClipRect(inside.adjusted(-1, -1, 1, 1))
            by.paint_inside(canvas, frame, drawing, ink)
            canvas.restore()
            by.paint_legend(canvas, frame, drawing, ink)

        self.sheet.put(area, paint_sheet)
        return frame

    def paint(
        self, painter: QPainter, by: AxesPainter[Any, Any], area: QRectF, drawing: Drawing, ink: Ink
    ) -> None:
        """Paint the whole drawing into an area of any paint device."""
        self.show(by, area, drawing, *by.axes(drawing), ink)
        self.setSceneRect(area)
        # pyqtgraph brings its transforms up to date when a view is about to paint; here there is none
        self.prepareForPaint()
        painter.save()
        self.render(painter, area, area)
        painter.restore()

    def _lay_ground(self, by: AxesPainter[Any, Any], drawing: Drawing, ink: Ink) -> None:
        """Put the ground down; its colours are worked out once for each drawing and shade."""
        if self._grounded != (drawing, ink):
            self._grounded = (drawing, ink)
            self._ground.put(by.ground(drawing, ink))


class _GroundItem(pg.ImageItem):
    """The ground as an image in the coordinates of the box."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._smooth = False

    def put(self, ground: Ground | None) -> None:
        self.setVisible(ground is not None and ground.pixels.size > 0)
        if ground is not None and ground.pixels.size:
            self._smooth = ground.smooth
            # no levels: they are colours already, which pyqtgraph would stretch
            self.setImage(np.ascontiguousarray(ground.pixels), autoLevels=False, levels=None)
            (left, right), (low, high) = ground.x, ground.y
            self.setRect(QRectF(left, low, right - left, high - low))

    @override
    def paint(self, painter: QPainter, *given: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        super().paint(painter, *given)


class _Ruler(pg.AxisItem):
    """An axis of pyqtgraph whose ticks and texts are painted by the painter of the drawing."""

    _bounds = QRectF()  # on the class: it is asked for while pyqtgraph's own __init__ is at work

    def __init__(self, side: Literal["bottom", "left"]) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)  # it sets the text of a label, which we do not show, at every change
        self._paint: Paint | None = None

    def put(self, area: QRectF, reach: QRectF, paint: Paint) -> None:
        """Stand in an area; what is painted there may reach farther."""
        bounds = reach.translated(-area.topLeft())
        if area != self.geometry() or bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
            # pyqtgraph fixes this side of an axis by its texts
            if self.orientation == "bottom":
                self.setHeight(max(area.height(), 1.0))
            else:
                self.setWidth(max(area.width(), 1.0))
            self.setGeometry(area)
        self._paint = paint
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return self._bounds

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if self._paint is not None:
            painter.translate(-self.pos())
            self._paint(painter)


class _Sheet(pg.GraphicsObject):
    """What lies over the box: it moves with the range because its painter maps values to pixels anew."""

    def __init__(self) -> None:
        super().__init__()
        self._area = QRectF()
        self._paint: Paint | None = None
        self.setZValue(1)

    def put(self, area: QRectF, paint: Paint) -> None:
        if area != self._area:
            self.prepareGeometryChange()
            self._area = QRectF(area)
        self._paint = paint
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(self._area)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        if self._paint is not None:
            self._paint(painter)
