"""Canvas: shows any drawing, each on the canvas of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget
from typing_extensions import override

from app.look.theme import Theme
from app.painters.canvases.graph import GraphCanvas
from app.painters.canvases.listing import ListCanvas
from app.painters.canvases.painted import PaintedCanvas
from app.painters.painter import painter_of
from app.views.drawing import Drawing, Listing, Matrix, Nothing, Plot, Readout
from app.views.graph import Graph

if TYPE_CHECKING:
    from app.painters.canvases.plot import PlotCanvas

    AnyCanvas = PaintedCanvas | PlotCanvas


def nothing_to_read(_: float) -> tuple[Readout, ...]:
    """Return what the cursor is told over drawings without values along an axis."""
    return ()


class Canvas(QWidget):
    """Shows a drawing. `zoomed` asks for another part of it: x range and y range, None for "as the data"."""

    zoomed = Signal(object, object)
    resized = Signal()
    menu_asked = Signal(object)
    """A menu of the drawing is about to be shown; whoever holds the canvas adds what it has to offer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kinds: dict[type[AnyCanvas], AnyCanvas] = {}
        self._layers = QStackedLayout(self)
        self.shown: AnyCanvas = self._canvas_for(Nothing(""))
        """The canvas that is seen: it takes mouse and keys."""

    @property
    def drawing(self) -> Drawing:
        return self.shown.drawing

    def show_drawing(
        self,
        drawing: Drawing,
        read: Callable[[float], tuple[Readout, ...]] = nothing_to_read,
        *,
        zoomable: bool = False,
        whole: bool = True,
    ) -> None:
        """Show a drawing; `read` gives the values at an x, `whole` says that nothing of it is cut off."""
        canvas = self._canvas_for(drawing)
        if isinstance(canvas, PaintedCanvas):
            canvas.show_drawing(drawing)
        else:
            canvas.show_plot(drawing, read, zoomable=zoomable, whole=whole)
        if canvas is not self.shown:
            # asked before it is hidden: Qt then gives the focus to whatever comes next in the window
            focused = self.shown.hasFocus()
            self.shown.leave()
            self.shown = canvas
            self._layers.setCurrentWidget(canvas)
            self.setFocusProxy(canvas)
            if focused:
                canvas.setFocus()
        words = painter_of(drawing).words(drawing)
        # Qt tells the platform at every setting, and a run is drawn many times a second
        if words != canvas.accessibleDescription():
            canvas.setAccessibleDescription(words)

    def _canvas_for(self, drawing: Drawing) -> AnyCanvas:
        kind = _kind_for(drawing)
        if kind not in self._kinds:
            canvas = self._kinds[kind] = kind(self._theme, self)
            canvas.resize(self.size())  # the layout would tell it later, and it draws at once
            canvas.setAccessibleName(self.accessibleName())
            canvas.resized.connect(self.resized)
            if not isinstance(canvas, PaintedCanvas):
                canvas.zoomed.connect(self.zoomed)
                canvas.menu_asked.connect(self.menu_asked)
            self._layers.addWidget(canvas)
        return self._kinds[kind]

    def take_cost(self) -> float:
        """Return the milliseconds that painting has taken since this was asked last."""
        cost = sum(canvas.cost for canvas in self._kinds.values())
        for canvas in self._kinds.values():
            canvas.cost = 0.0
        return cost

    @override
    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for canvas in self._kinds.values():  # they have the focus, so a screen reader asks them
            canvas.setAccessibleName(name)


def _kind_for(drawing: Drawing) -> type[AnyCanvas]:
    if isinstance(drawing, Plot | Matrix):
        # pyqtgraph takes 0.3 s to import: neither the first paint nor a page without plots waits for it
        from app.painters.canvases.plot import PlotCanvas

        return PlotCanvas
    if isinstance(drawing, Graph):
        return GraphCanvas
    return ListCanvas if isinstance(drawing, Listing) else PaintedCanvas
