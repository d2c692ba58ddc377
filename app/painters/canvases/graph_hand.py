"""The hand on a graph: zooms, moves, chooses blocks, opens and closes groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt

from app.painters.graph import Layout, layout_of
from app.views.graph import Graph, LayerBlock, Sight

_MOST_ZOOM = 4.0
_STEP = 1.2
_DRAG = 4.0
"""Pixels from which a press becomes a drag."""


class GraphHand:
    """What the mouse and the keys do to a graph; `sight` is kept where the graph is renewed."""

    def __init__(self, changed: Callable[[Graph], None]) -> None:
        self._changed = changed
        self.sight = Sight()
        self._from: tuple[QPointF, Sight] | None = None
        self._dragging = False

    def seen(self, graph: Graph) -> Graph:
        """Return a graph as it was looked at before."""
        return replace(graph, sight=self.sight)

    def press(self, at: QPointF) -> None:
        self._from, self._dragging = (at, self.sight), False

    def drag(self, graph: Graph, area: QRectF, at: QPointF) -> bool:
        """Move the graph along; return whether it is held."""
        if self._from is None:
            return False
        start, sight = self._from
        way = at - start
        self._dragging = self._dragging or way.manhattanLength() > _DRAG
        if self._dragging:
            layout = layout_of(area, replace(graph, sight=sight))
            # from where it stood when it was pressed: what is cut off at an edge does not add up
            corner = layout.corner - way / layout.scale
            self._look(graph, replace(sight, x=corner.x(), y=corner.y()))
        return True

    def release(self, graph: Graph, area: QRectF, at: QPointF) -> None:
        """Choose what was clicked; a click on the name of an open group closes it."""
        held, self._from = self._from is not None and not self._dragging, None
        if not held:
            return
        layout = layout_of(area, graph)
        point = layout.unit(area, at)
        index = layout.index_at(point)
        if index is not None:
            key = layout.shown[index][0].key
            self._look(graph, replace(self.sight, chosen="" if key == self.sight.chosen else key))
            return
        band = next((band for band in layout.bands(layout.seen(area)) if band.area.contains(point)), None)
        if band is not None:
            self._turn(graph, band.group)

    def double_click(self, graph: Graph, area: QRectF, at: QPointF) -> None:
        """Open the group there; on the ground, show the whole graph, or the usual size again."""
        self._from = None
        layout = layout_of(area, graph)
        index = layout.index_at(layout.unit(area, at))
        if index is None:
            self.fit(graph, area)
        elif layout.shown[index][0].inner:
            self._turn(graph, layout.shown[index][0])

    def fit(self, graph: Graph, area: QRectF) -> None:
        """Show the whole graph, or where it is seen whole the usual size."""
        layout = layout_of(area, graph)
        whole = layout.fitting / layout.usual
        # equal exactly, for the same division gave it
        self._look(graph, replace(self.sight, zoom=1.0 if self.sight.zoom == whole else whole, x=0.0, y=0.0))

    def zoom(self, graph: Graph, area: QRectF, turns: float, at: QPointF) -> None:
        """Make it larger or smaller around a pixel."""
        layout = layout_of(area, graph)
        least = layout.fitting / layout.usual
        zoom = min(max(self.sight.zoom * _STEP**turns, least), _MOST_ZOOM)
        point = layout.unit(area, at)
        # the point under the mouse stays where it is
        corner = point - (at - area.topLeft()) / (layout.usual * zoom)
        self._look(graph, replace(self.sight, zoom=zoom, x=corner.x(), y=corner.y()))

    def key(self, graph: Graph, area: QRectF, key: Qt.Key, *, shift: bool) -> bool:
        """Do what a key asks for; return whether it is one of a graph's."""
        layout = layout_of(area, graph)
        # Equal is Plus without Shift on many keyboards
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(graph, area, -1 if key == Qt.Key.Key_Minus else 1, area.center())
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.fit(graph, area)
        elif key in _WAYS and shift:
            right, down = _WAYS[key]
            corner = layout.corner + QPointF(right, down) * 60 / layout.scale
            self._look(graph, replace(self.sight, x=corner.x(), y=corner.y()))
        elif key in _WAYS:
            self._step(graph, area, layout, _WAYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._enter(graph, layout)
        elif key == Qt.Key.Key_Backspace:
            self._leave(graph, layout)
        elif key == Qt.Key.Key_Escape and self.sight.chosen:
            self._look(graph, replace(self.sight, chosen=""))
        else:
            return False
        return True

    # --- steps --------------------------------------------------------------------------------------------

    def _chosen(self, layout: Layout) -> int | None:
        keys = [block.key for block, _ in layout.shown]
        return keys.index(self.sight.chosen) if self.sight.chosen in keys else None

    def _step(self, graph: Graph, area: QRectF, layout: Layout, way: tuple[int, int]) -> None:
        """Choose the block beside, above or below, and bring it into sight."""
        now = self._chosen(layout)
        index = 0 if now is None else now + way[0] + way[1] * layout.columns
        if not 0 <= index < len(layout.shown):
            return
        place = layout.place(index)
        width, height = area.width() / layout.scale, area.height() / layout.scale
        x = min(max(layout.corner.x(), place.right() + 8 - width), place.left() - 8)
        y = min(max(layout.corner.y(), place.bottom() + 40 - height), place.top() - 24)
        self._look(graph, replace(self.sight, chosen=layout.shown[index][0].key, x=x, y=y))

    def _enter(self, graph: Graph, layout: Layout) -> None:
        index = self._chosen(layout)
        if index is not None and layout.shown[index][0].inner:
            self._turn(graph, layout.shown[index][0])

    def _leave(self, graph: Graph, layout: Layout) -> None:
        index = self._chosen(layout)
        if index is not None and layout.shown[index][1]:
            self._turn(graph, layout.shown[index][1][-1])

    def _turn(self, graph: Graph, group: LayerBlock) -> None:
        """Open or close a group, and choose it or the first block in it."""
        opening = not graph.is_open(group)
        chosen = group.inner[0].key if opening else group.key
        self._look(graph, replace(self.sight, turned=self.sight.turned ^ {group.key}, chosen=chosen))

    def _look(self, graph: Graph, sight: Sight) -> None:
        self.sight = sight
        self._changed(replace(graph, sight=sight))


_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
