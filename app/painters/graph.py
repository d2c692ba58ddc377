"""Paints graphs: blocks that follow each other like words in a text, with arrows between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from typing_extensions import override

from app.language.numbers import percent, whole
from app.language.words import tr
from app.painters.ink import LEFT, RIGHT, Ink, write
from app.painters.painter import Painter
from app.views.graph import Graph, LayerBlock

WIDTH, HEIGHT = 168.0, 66.0
_GAP, _LINE_GAP, _HEAD = 26.0, 14.0, 18.0
_EDGE = 13.0
"""Room at the left and right, where arrows go to the next line."""
_PITCH = WIDTH + _GAP
_LINE = HEIGHT + _LINE_GAP + _HEAD
_INSIDE = " · "
"""What stands between the name of a group and that of one inside it."""
_FOOT = 32.0
"""Pixels at the foot that are kept for a line of words: laid over blocks it would hide what it explains."""
_LEAST_READABLE, _MOST = 0.62, 1.15
"""Scales at which a graph is shown by itself: the smallest that can be read, the largest that looks right."""


@dataclass(frozen=True)
class Band:
    """The part in one line of what open groups hold; `group` is the innermost of them."""

    group: LayerBlock
    title: str
    area: QRectF


@dataclass(frozen=True)
class Layout:
    """Where everything stands, in units of the unzoomed graph; `scale` brings units to pixels."""

    shown: tuple[tuple[LayerBlock, tuple[LayerBlock, ...]], ...]
    columns: int
    usual: float
    """The scale at zoom 1."""
    fitting: float
    """The scale at which the whole graph is seen."""
    scale: float
    corner: QPointF
    """What stands at the top left of the area."""

    @property
    def lines(self) -> int:
        return -(-len(self.shown) // self.columns)

    @property
    def size(self) -> tuple[float, float]:
        columns = min(self.columns, len(self.shown))
        return columns * _PITCH - _GAP + 2 * _EDGE, self.lines * _LINE + 6

    def place(self, index: int) -> QRectF:
        """Return where a block stands."""
        line, column = divmod(index, self.columns)
        return QRectF(_EDGE + column * _PITCH, 4 + line * _LINE + _HEAD, WIDTH, HEIGHT)

    def seen(self, area: QRectF) -> range:
        """Return the blocks in the lines that are seen: what is hidden costs nothing."""
        top = self.corner.y()
        first = max(int((top - 4) // _LINE) - 1, 0)
        last = int((top + area.height() / self.scale) // _LINE) + 1
        return range(first * self.columns, min(last * self.columns, len(self.shown)))

    def unit(self, area: QRectF, at: QPointF) -> QPointF:
        """Return the point of the graph under a pixel."""
        return (at - area.topLeft()) / self.scale + self.corner

    def index_at(self, point: QPointF) -> int | None:
        """Return the block at a point of the graph."""
        line, column = int((point.y() - 4) // _LINE), int((point.x() - _EDGE) // _PITCH)
        index = line * self.columns + column
        inside = 0 <= column < self.columns and 0 <= index < len(self.shown)
        return index if inside and self.place(index).contains(point) else None

    def bands(self, indices: range) -> list[Band]:
        """Return what open groups hold among these blocks, line by line."""
        found: list[Band] = []
        for _, members in groupby(indices, key=lambda index: index // self.columns):
            for around, part in groupby(members, key=lambda index: self.shown[index][1]):
                if not around:
                    continue
                places = [self.place(index) for index in part]
                area = places[0].united(places[-1]).adjusted(-6, -_HEAD, 6, 6)
                found.append(Band(around[-1], _INSIDE.join(group.title for group in around), area))
        return found


def layout_of(area: QRectF, drawing: Graph) -> Layout:
    """Return the layout of a graph in an area, at its zoom."""
    shown, sight = drawing.shown(), drawing.sight
    fitting = next(
        # tried downwards: the lines break elsewhere at each scale, so that no formula gives it
        (scale / 100 for scale in range(int(_MOST * 100), 10, -1) if _fits(area, len(shown), scale / 100)),
        0.1,
    )
    usual = max(fitting, _LEAST_READABLE)
    scale = usual * sight.zoom
    # zoomed in, the lines break as before: blocks would jump away from under the hand
    columns = _columns(area, min(scale, usual))
    found = Layout(shown, columns, usual, min(fitting, usual), scale, QPointF(0, 0))
    width, height = found.size
    right, low = width - area.width() / scale, height - (area.height() - _FOOT) / scale
    corner = QPointF(
        min(max(sight.x, 0.0), right) if right > 0 else right / 2,
        min(max(sight.y, 0.0), low) if low > 0 else 0.0,
    )
    # with the corner, which follows from the size of the same layout without it
    return Layout(shown, columns, usual, found.fitting, scale, corner)


def _columns(area: QRectF, scale: float) -> int:
    return max(int((area.width() / scale - 2 * _EDGE + _GAP) // _PITCH), 1)


def _fits(area: QRectF, count: int, scale: float) -> bool:
    columns = _columns(area, scale)
    wide = (min(columns, count) * _PITCH - _GAP + 2 * _EDGE) * scale <= area.width()
    return wide and (-(-count // columns) * _LINE + 6) * scale <= area.height() - _FOOT


class GraphPainter(Painter[Graph], of=Graph):
    """Paints the blocks that are seen, and the details of the one that is chosen."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Graph, ink: Ink) -> None:
        layout = layout_of(area, drawing)
        total = max(sum(block.parameters for block in drawing.blocks), 1)
        words = _foot_words(layout, drawing, total)
        painter.save()
        painter.setClipRect(area.adjusted(0, 0, 0, -_FOOT if words else 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(area.topLeft())
        painter.scale(layout.scale, layout.scale)
        painter.translate(-layout.corner)
        seen = layout.seen(area)
        for band in layout.bands(seen):
            _paint_band(painter, band, ink)
        for index in seen:
            if index + 1 < len(layout.shown):
                paint_link = _paint_beside if layout.shown[index + 1][0].beside else _paint_arrow
                paint_link(painter, layout.place(index), layout.place(index + 1), ink)
        for index in seen:
            block = layout.shown[index][0]
            chosen = block.key == drawing.sight.chosen
            _paint_block(painter, layout.place(index), block, block.parameters / total, chosen, ink)
        painter.restore()
        if words:
            _paint_foot(painter, area, words, ink)

    @override
    def words(self, drawing: Graph) -> str:
        shown = [block for block, _ in drawing.shown()]
        parts = [f"{block.title} {block.what} {shape_words(block.shape)}" for block in shown[:20]]
        count = sum(block.layers for block in drawing.blocks)
        return tr("A network of {count} layers", count=count) + ": " + "; ".join(parts)

    @override
    def note(self, area: QRectF, drawing: Graph, ink: Ink, at: QPointF) -> str:
        layout = layout_of(area, drawing)
        index = layout.index_at(layout.unit(area, at))
        if index is None:
            return ""
        block, around = layout.shown[index]
        total = max(sum(other.parameters for other in drawing.blocks), 1)
        place = _INSIDE.join((*(group.title for group in around), block.title))
        return "\n".join((place, *details(block, total)[1:]))


def _foot_words(layout: Layout, drawing: Graph, total: int) -> str:
    """Return what is said along the foot: of the block that is chosen, else how to see what is not seen."""
    chosen = next((block for block, _ in layout.shown if block.key == drawing.sight.chosen), None)
    if chosen is not None:
        return " · ".join(details(chosen, total))
    # 1.01: rounding alone is no zoom
    if layout.scale > 1.01 * layout.fitting:
        return tr("drag to move, wheel to zoom; 0, or a double-click beside the blocks, shows all")
    return ""


def details(block: LayerBlock, total: int) -> tuple[str, ...]:
    """Return what is told about a block, given all parameters of the network."""
    lines = [block.title, block.what, tr("puts out {shape}", shape=shape_words(block.shape))]
    if block.parameters:
        count, share = whole(block.parameters), percent(block.parameters / total, 1)
        lines.append(tr("{count} parameters, {share} of all", count=count, share=share))
    if block.multiply_adds:
        lines.append(tr("{count} multiply-adds an example", count=whole(block.multiply_adds)))
    if block.inner:
        lines.append(tr("double-click or Enter opens it"))
    return tuple(line for line in lines if line)


def shape_words(shape: tuple[int, ...]) -> str:
    """Return a shape as it is written: 32×24×24."""
    return "×".join(str(size) for size in shape)


def _paint_band(painter: QPainter, band: Band, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color("hover"))
    painter.drawRoundedRect(band.area, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    title = QRectF(band.area.left() + 7, band.area.top(), band.area.width() - 12, _HEAD)
    write(painter, title, f"− {band.title}", ink.small, ink.color("text_muted"), LEFT)


def _paint_arrow(painter: QPainter, start: QRectF, end: QRectF, ink: Ink) -> None:
    painter.setPen(ink.pen("border_strong", 1.2))
    tip = QPointF(end.left() - 1, end.center().y())
    begin = QPointF(start.right(), start.center().y())
    if end.left() > start.left():
        painter.drawLine(begin, tip)
    else:  # the next line
        middle = start.bottom() + _LINE_GAP / 2
        out, back = start.right() + 9, end.left() - 4
        corners = [begin, QPointF(out, begin.y()), QPointF(out, middle), QPointF(back, middle),
                   QPointF(back, tip.y()), tip]  # fmt: skip
        painter.drawPolyline(QPolygonF(corners))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color("border_strong"))
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-6, -3.5), tip + QPointF(-6, 3.5)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_beside(painter: QPainter, start: QRectF, end: QRectF, ink: Ink) -> None:
    """Paint two lines: the blocks run side by side, on the same inputs."""
    painter.setPen(ink.pen("border_strong", 1.2))
    if end.left() > start.left():
        middle = QPointF((start.right() + end.left()) / 2, start.center().y())
    else:  # the next line
        middle = QPointF(end.left() - 8, end.center().y())
    for shift in (-2.0, 2.0):
        painter.drawLine(middle + QPointF(shift, -8), middle + QPointF(shift, 8))


def _paint_block(
    painter: QPainter, place: QRectF, block: LayerBlock, share: float, chosen: bool, ink: Ink
) -> None:
    edge = ink.pen("accent", 2) if chosen else ink.pen("border_strong", 1)
    painter.setPen(edge)
    painter.setBrush(ink.color("card"))
    if block.inner:
        # a second card behind the first: there is more in it than one layer
        painter.drawRoundedRect(place.translated(3, 3), 6, 6)
    painter.drawRoundedRect(place, 6, 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color(block.tone))
    painter.drawRoundedRect(QRectF(place.left() + 3, place.top() + 6, 4, place.height() - 12), 2, 2)
    if share > 0:
        room = place.width() - 24
        painter.drawRoundedRect(
            QRectF(place.left() + 13, place.bottom() - 6, max(room * share, 2), 3), 1.5, 1.5
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _write_block(painter, place.adjusted(13, 5, -9, -8), block, ink)


def _write_block(painter: QPainter, inside: QRectF, block: LayerBlock, ink: Ink) -> None:
    line, small = ink.strong_size.height(), ink.small_size.height()
    title = QRectF(inside.left(), inside.top(), inside.width() - (14 if block.inner else 0), line)
    write(painter, title, block.title, ink.strong, ink.color("text"), LEFT)
    if block.inner:
        plus = QRectF(inside.right() - 14, inside.top(), 14, line)
        write(painter, plus, "+", ink.strong, ink.color("accent"), RIGHT)
    below = QRectF(inside.left(), inside.top() + line, inside.width(), small)
    same = block.what == block.title
    write(painter, below, "" if same else block.what, ink.small, ink.color("text_muted"), LEFT)
    foot = below.translated(0, small + 2)
    shape = shape_words(block.shape)
    write(painter, foot, shape, ink.small, ink.color("text"), LEFT)
    room = foot.width() - ink.small_size.horizontalAdvance(shape + "  ")
    count = whole(block.parameters)
    if block.parameters and ink.small_size.horizontalAdvance(count) <= room:
        write(painter, foot, count, ink.small, ink.color("text_muted"), RIGHT)


def _paint_foot(painter: QPainter, area: QRectF, text: str, ink: Ink) -> None:
    """Paint a line along the foot of the area."""
    height = ink.small_size.height() + 12
    strip = QRectF(area.left(), area.bottom() - height, area.width(), height)
    painter.setPen(ink.pen("border"))
    painter.setBrush(ink.color("raised", 0.96))
    painter.drawRoundedRect(strip, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    words = strip.adjusted(8, 0, -8, 0)
    write(painter, words, text, ink.small, ink.color("text"), LEFT)
