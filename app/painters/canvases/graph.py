"""GraphCanvas: shows a graph, which the hand moves, zooms, opens and closes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.look.theme import Theme
from app.painters.canvases.graph_hand import GraphHand
from app.painters.canvases.painted import PaintedCanvas
from app.views.drawing import Drawing
from app.views.graph import Graph


class GraphCanvas(PaintedCanvas):
    """Shows a graph as the person looks at it, also where it is drawn anew."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._hand = GraphHand(self._look)
        self._graph = Graph(())
        self._given: Drawing | None = None

    @override
    def show_drawing(self, drawing: Drawing) -> None:
        if isinstance(drawing, Graph) and drawing is not self._given:  # a run goes on, its network stays
            self._given = drawing
            self._look(self._hand.seen(drawing))

    def _look(self, graph: Graph) -> None:
        self._graph = graph
        super().show_drawing(graph)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hand.press(event.position())
        else:
            super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._hand.drag(self._graph, self.area(), event.position()):
            self._at = None  # no note while it moves

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(self._graph, self.area(), event.position())
        if not self.rect().contains(event.position().toPoint()):
            self._at = None  # it had been held outside
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._hand.double_click(self._graph, self.area(), event.position())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn:
            self._hand.zoom(self._graph, self.area(), turn / 120, event.position())
        event.setAccepted(bool(turn))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not self._hand.key(self._graph, self.area(), Qt.Key(event.key()), shift=shift):
            super().keyPressEvent(event)
