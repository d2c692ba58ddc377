"""Paints matrices: a shade for each cell, its text where there is room, names along two sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.axes import AxisScale
from app.painters.frame import AxesFrame, AxesPainter, Ground, title_room
from app.painters.ink import CENTER, RIGHT, Ink, rgb, write, write_upright
from app.painters.short_names import alike, shortened
from app.views.drawing import Axis, Matrix

_LARGEST_CELL = 64.0
_ENOUGH_CELL = 44.0
"""Pixels of a cell, beyond which the names of the rows get what there is before cells grow."""
_LONGEST_NAME = 72.0
"""Pixels that a name standing upright may take."""
_LEAST_NAME = 36
"""Pixels under a column in which the beginning of its name still tells it from the others."""
_OVER = 4
"""Pixels from the last column to the edge of the panel."""
_BETWEEN = 8
"""Pixels between two names: less than a blank, and they are read as one."""
_SMALLEST_TEXT = 8
"""Pixels."""
_LEAST_WITH_GAPS = 8
"""Pixels from which on cells are parted by a line."""


@dataclass(frozen=True)
class ColumnNames:
    """How the names stand under the columns, and the room they take: upright, or whole in one line or two.

    Where not even two do, `lines` is 0: names are shortened, or some are left out.
    """

    height: float
    upright: bool = False
    lines: int = 0


@dataclass(frozen=True)
class MatrixFrame(AxesFrame):
    """Where the cells stand; what is seen of them may be a part."""

    names: ColumnNames
    """How the names stand under the columns."""

    @property
    def width(self) -> float:
        """The width of a cell."""
        return self.inside.width() / (self.x.axis.high - self.x.axis.low)

    @property
    def height(self) -> float:
        return self.inside.height() / (self.y.axis.high - self.y.axis.low)

    def rows(self) -> range:
        """Return the rows that are seen."""
        # rounding must not bring in a row that only touches the edge
        return range(math.floor(self.y.axis.low + 1e-6), math.ceil(self.y.axis.high - 1e-6))

    def columns(self) -> range:
        return range(math.floor(self.x.axis.low + 1e-6), math.ceil(self.x.axis.high - 1e-6))

    def cell(self, row: int, column: int) -> QRectF:
        return QRectF(self.x.pixel(column), self.y.pixel(row), self.width, self.height)


class MatrixPainter(AxesPainter[Matrix, MatrixFrame], of=Matrix):
    """Paints a table of shades."""

    @override
    def words(self, drawing: Matrix) -> str:
        return tr(
            "A table of {rows} rows and {columns} columns",
            rows=len(drawing.row_names),
            columns=len(drawing.column_names),
        )

    @override
    def axes(self, drawing: Matrix) -> tuple[Axis, Axis]:
        rows, columns = drawing.shade.shape
        return Axis(drawing.column_label, 0, max(columns, 1)), Axis(drawing.row_label, 0, max(rows, 1))

    @override
    def frame(self, area: QRectF, drawing: Matrix, x: Axis, y: Axis, ink: Ink) -> MatrixFrame:
        """Give all cells together the room they have when they are all seen: a part of them gets as much."""
        rows, columns = (max(count, 1) for count in drawing.shade.shape)
        line = ink.small_size.height()
        names = max((ink.small_size.horizontalAdvance(name) for name in drawing.row_names), default=0.0)
        # of few columns the names get what their cells can spare
        spared = min(area.width() * 0.42, area.width() - line - 16 - columns * _ENOUGH_CELL)
        left = line + 4 + min(names, max(area.width() * 0.28, spared)) + 8
        width = min(max(area.width() - left - 4, 1.0) / columns, 2 * _LARGEST_CELL)
        # cells with texts are not much wider than high, unless their names want it
        widest = max((ink.small_size.horizontalAdvance(name) for name in drawing.column_names), default=0.0)
        least = widest + _BETWEEN if _told(drawing) else 1.0
        under = ColumnNames(line)
        for _ in range(2):  # narrow columns may need more room for their names, for which rows become lower
            height = _row_height(area, rows, under.height, line)
            width = min(width, max((1.6 if _told(drawing) else 6.0) * height, least))
            under = _column_names(drawing, width, ink)
        height = _row_height(area, rows, under.height, line)
        spare = area.width() - left - 4 - width * columns
        start = area.left() + left + max(spare / 2, 0)
        inside = QRectF(start, area.top(), width * columns, height * rows)
        return MatrixFrame(
            inside,
            AxisScale(x, inside.left(), inside.right()),
            AxisScale(y, inside.top(), inside.bottom()),
            under,
        )

    @override
    def ground(self, drawing: Matrix, ink: Ink) -> Ground | None:
        rows, columns = drawing.shade.shape
        return Ground(_pixels(drawing, ink), (0, columns), (0, rows))

    @override
    def paint_inside(self, painter: QPainter, frame: MatrixFrame, drawing: Matrix, ink: Ink) -> None:
        _paint_gaps(painter, frame, ink)
        font = _font(drawing, frame, ink)
        if font is None:
            return
        rows, columns = drawing.shade.shape
        pixels = _pixels(drawing, ink)
        for row in frame.rows():
            for column in frame.columns():
                if row < rows and column < columns and drawing.texts[row][column]:
                    shade = QColor(*pixels[row, column].tolist())
                    box = frame.cell(row, column).adjusted(0, 0, -1, -1)
                    write(painter, box, drawing.texts[row][column], font, readable_on(shade), CENTER)

    @override
    def paint_bottom(
        self, painter: QPainter, area: QRectF, frame: MatrixFrame, drawing: Matrix, ink: Ink
    ) -> None:
        _paint_column_names(painter, frame, drawing, ink)
        inside, line = frame.inside, ink.small_size.height()
        wanted = ink.small_size.horizontalAdvance(drawing.column_label) + 2
        left, right = title_room(inside.left(), inside.right(), area.left(), area.right(), wanted)
        box = QRectF(left, inside.bottom() + 4 + frame.names.height, right - left, line)
        write(painter, box, drawing.column_label, ink.small, ink.color("plot_axis"), CENTER)

    @override
    def paint_left(
        self, painter: QPainter, area: QRectF, frame: MatrixFrame, drawing: Matrix, ink: Ink
    ) -> None:
        inside, line, shade = frame.inside, ink.small_size.height(), ink.color("plot_axis")
        font, tall = ink.small, line
        if _SMALLEST_TEXT + 2 <= frame.height < line:  # smaller names rather than every second one
            font = QFont(ink.small)
            font.setPixelSize(int(frame.height) - 2)
            tall = frame.height
        every = max(int(-(-tall // max(frame.height, 1e-9))), 1)
        longest = max((ink.small_size.horizontalAdvance(name) for name in drawing.row_names), default=0.0)
        # beside the title of the rows, which stands upright at the edge
        names = min(longest, max(inside.left() - area.left() - line - 12, 0.0))
        beginning, size = alike(drawing.row_names), QFontMetricsF(font)
        for row in range(0, len(drawing.row_names), every):
            middle = frame.cell(row, 0).center().y()
            if inside.top() <= middle <= inside.bottom():
                box = QRectF(inside.left() - names - 6, middle - tall / 2, names, tall)
                name = shortened(drawing.row_names[row], beginning, names + 1, size)
                write(painter, box, name, font, shade, RIGHT)
        wanted = ink.small_size.horizontalAdvance(drawing.row_label) + 2
        # beside the names of the columns, not beside the title below them, which may reach as far to the left
        most = inside.bottom() + frame.names.height
        top, foot = title_room(inside.top(), inside.bottom(), area.top(), most, wanted)
        corner = QPointF(inside.left() - names - 10 - line, foot)
        box = QRectF(0, 0, foot - top, line)
        write_upright(painter, corner, box, drawing.row_label, ink.small, shade, CENTER)

    @override
    def paint_legend(self, painter: QPainter, frame: MatrixFrame, drawing: Matrix, ink: Ink) -> None:
        """Paint nothing: the texts of the cells say what the shades mean."""

    @override
    def note_beside(self, frame: MatrixFrame, drawing: Matrix, at: QPointF) -> str:
        """Return the whole name of the row or column beside the cursor."""
        inside, names, place = frame.inside, drawing.column_names, frame.x.value(at.x())
        if at.x() < inside.left():
            names, place = drawing.row_names, frame.y.value(at.y())
        elif at.y() < inside.bottom() or at.y() > inside.bottom() + 3 + frame.names.height:
            return ""
        return names[math.floor(place)] if 0 <= place < len(names) else ""

    @override
    def note_in(self, frame: MatrixFrame, drawing: Matrix, at: QPointF) -> str:
        row, column = math.floor(frame.y.value(at.y())), math.floor(frame.x.value(at.x()))
        rows, columns = drawing.shade.shape
        return drawing.notes[row][column] if 0 <= row < rows and 0 <= column < columns else ""


def _row_height(area: QRectF, rows: int, tall: float, line: float) -> float:
    return min(max(area.height() - tall - line - 6, 1.0) / rows, _LARGEST_CELL)


def _told(drawing: Matrix) -> bool:
    """Return whether cells have texts: others need no room but for their shade."""
    return any(text for row in drawing.texts for text in row)


def _column_names(drawing: Matrix, width: float, ink: Ink) -> ColumnNames:
    """Return how names stand under columns of that width; of a few classes none is to be left out."""
    line = ink.small_size.height()
    wide = [ink.small_size.horizontalAdvance(name) for name in drawing.column_names]
    if _fit(wide, width, 1):
        return ColumnNames(line, lines=1)
    if not _told(drawing) and width >= line:
        return ColumnNames(min(max(wide) + 4, _LONGEST_NAME), upright=True)
    return ColumnNames(2 * line, lines=2) if _fit(wide, width, 2) else ColumnNames(line)


def _fit(wide: Sequence[float], width: float, lines: int) -> bool:
    """Return whether names so wide keep apart under columns, one after the other on each of some lines."""
    # the last one is moved to the left by what would stand over the edge of the panel
    moved = max((wide[-1] - width) / 2 - _OVER, 0.0) if wide else 0.0
    rooms = [lines * width] * (len(wide) - lines - 1) + [lines * width - moved]
    pairs = zip(wide, wide[lines:], rooms, strict=False)
    # two long names would meet nobody on their lines, and stand out of the panel
    return max(wide, default=0.0) <= 2 * width and all(
        (one + other) / 2 + _BETWEEN <= room for one, other, room in pairs
    )


def _font(drawing: Matrix, frame: MatrixFrame, ink: Ink) -> QFont | None:
    """Return the font in which all texts fit, or None: the largest must not be those left out."""
    texts = {text for row in drawing.texts for text in row}
    widest = max((ink.small_size.horizontalAdvance(text) for text in texts), default=0.0)
    share = min(1.0, (frame.width - 3) / max(widest, 1.0))
    size = min(int(ink.small.pixelSize() * share), int(frame.height) - 3)
    if size < _SMALLEST_TEXT:
        return None
    font = QFont(ink.small)
    font.setPixelSize(size)
    return font


def _pixels(drawing: Matrix, ink: Ink) -> NDArray[np.uint8]:
    """Return the colour of every cell, shape (R, C, 3): from the ground's to that of its sort."""
    share = np.clip(np.nan_to_num(drawing.shade), 0, 1)[..., None]
    strong = np.broadcast_to(rgb(ink.color("series.0")), (*drawing.shade.shape, 3)).copy()
    if drawing.off_diagonal:
        strong[np.eye(*drawing.shade.shape) == 0] = rgb(ink.color("series.3"))
    card = np.array(rgb(ink.color("card")))
    # a tenth at least: a single example in a cell must differ from none
    mixed = card + (0.10 + 0.9 * share) * (strong - card)
    return np.round(np.where(share == 0, rgb(ink.color("raised")), mixed)).astype(np.uint8)


def _paint_gaps(painter: QPainter, frame: MatrixFrame, ink: Ink) -> None:
    """Part large cells by a line of the ground's colour."""
    if min(frame.width, frame.height) < _LEAST_WITH_GAPS:
        return
    inside, card = frame.inside, ink.color("card")
    for column in frame.columns():
        painter.fillRect(QRectF(frame.x.pixel(column + 1) - 1, inside.top(), 1, inside.height()), card)
    for row in frame.rows():
        painter.fillRect(QRectF(inside.left(), frame.y.pixel(row + 1) - 1, inside.width(), 1), card)


def readable_on(shade: QColor) -> QColor:
    """Return black or white, whichever stands out more."""
    return max(QColor("#ffffff"), QColor("#111827"), key=lambda ink: contrast(ink, shade))


def contrast(one: QColor, other: QColor) -> float:
    """Return how far two colours stand apart, 1 to 21 (contrast ratio, WCAG 2).

    Formula: (L₁ + 0.05) / (L₂ + 0.05), L₁ ≥ L₂ the relative luminances
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(shade: QColor) -> float:
    # sRGB is a straight line up to 0.039 (10 of 255); 3295 is 255 * 12.92
    channels = [
        ((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 3295 for value in rgb(shade)
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _paint_column_names(painter: QPainter, frame: MatrixFrame, drawing: Matrix, ink: Ink) -> None:
    """Write each name under its column, upright where they are too wide; or some of them, where many."""
    line, shade, inside = ink.small_size.height(), ink.color("plot_axis"), frame.inside
    middles = {
        column: middle
        for column, middle in enumerate(
            frame.x.pixels(np.arange(len(drawing.column_names), dtype=np.float64) + 0.5).tolist()
        )
        if inside.left() <= middle <= inside.right()
    }
    beginning = alike(drawing.column_names)
    if frame.names.upright:
        for column, middle in middles.items():
            corner = QPointF(middle - line / 2, inside.bottom() + 3 + frame.names.height)
            box = QRectF(0, 0, frame.names.height, line)
            name = shortened(drawing.column_names[column], beginning, box.width() + 1, ink.small_size)
            write_upright(painter, corner, box, name, ink.small, shade, RIGHT)
        return
    wide = [ink.small_size.horizontalAdvance(name) + 1 for name in drawing.column_names]
    every, room = 1, math.inf
    if not frame.names.lines:
        every = max(int(-(-min(max(wide, default=0.0) + _BETWEEN, _LEAST_NAME) // max(frame.width, 1e-9))), 1)
        room = every * frame.width - _BETWEEN
        # the last of that width is moved by half of what stands over its column, towards the one before
        room = min(room, (room + frame.width / 2 + _OVER) / 1.5)
    for column, middle in middles.items():
        if column % every == 0:
            # a shortened one is as wide as its room
            width = min(wide[column], room)
            # the last name would be cut off at the edge of the panel
            over = max(middle + width / 2 - inside.right() - _OVER, 0.0)
            top = inside.bottom() + 3 + column % max(frame.names.lines, 1) * line
            box = QRectF(middle - width / 2 - over, top, width, line)
            name = shortened(drawing.column_names[column], beginning, width + 1, ink.small_size)
            write(painter, box, name, ink.small, shade, CENTER)
