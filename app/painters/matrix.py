"""Paints matrices: a shade for each cell, its text where there is room, names along two sides."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.ink import CENTER, RIGHT, Ink, rgb, write
from app.painters.painter import Painter
from app.views.drawing import Matrix

_LARGEST_CELL = 64.0
_LONGEST_NAME = 72.0
"""Pixels that a name standing upright may take."""
_LEAST_NAME = 28
"""Pixels under a column in which the beginning of its name still tells it from the others."""
_SMALLEST_TEXT = 8
"""Pixels."""


@dataclass(frozen=True)
class _Grid:
    """Where the cells stand."""

    left: float
    top: float
    width: float
    height: float
    rows: int
    columns: int
    names: float
    """Room for the names under the columns; more than a line: they stand upright."""

    def cell(self, row: int, column: int) -> QRectF:
        return QRectF(self.left + column * self.width, self.top + row * self.height, self.width, self.height)


class MatrixPainter(Painter[Matrix], of=Matrix):
    """Paints a table of shades."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Matrix, ink: Ink) -> None:
        grid = _grid(area, drawing, ink)
        font = _font(drawing, grid, ink)
        gap = 1.0 if min(grid.width, grid.height) >= 8 else 0.0
        for row in range(grid.rows):
            for column in range(grid.columns):
                shade = _shade(drawing, row, column, ink)
                cell = grid.cell(row, column)
                painter.fillRect(cell.adjusted(0, 0, -gap, -gap), shade)
                text = drawing.texts[row][column]
                if text and font is not None:
                    write(painter, cell.adjusted(0, 0, -gap, -gap), text, font, _readable_on(shade), CENTER)
        _paint_names(painter, grid, drawing, ink)

    @override
    def words(self, drawing: Matrix) -> str:
        return tr(
            "A table of {rows} rows and {columns} columns",
            rows=len(drawing.row_names),
            columns=len(drawing.column_names),
        )

    @override
    def note(self, area: QRectF, drawing: Matrix, ink: Ink, at: QPointF) -> str:
        grid = _grid(area, drawing, ink)
        column, row = int((at.x() - grid.left) // grid.width), int((at.y() - grid.top) // grid.height)
        return drawing.notes[row][column] if 0 <= row < grid.rows and 0 <= column < grid.columns else ""


def _grid(area: QRectF, drawing: Matrix, ink: Ink) -> _Grid:
    rows, columns = drawing.shade.shape
    line = ink.small_size.height()
    names = max((ink.small_size.horizontalAdvance(name) for name in drawing.row_names), default=0.0)
    left = line + 4 + min(names, area.width() * 0.28) + 8
    width = min(max(area.width() - left - 4, 1.0) / max(columns, 1), 2 * _LARGEST_CELL)
    tall = line
    for _ in range(2):  # narrow columns may need names that stand upright, for which rows become lower
        height = min(max(area.height() - tall - line - 6, 1.0) / max(rows, 1), _LARGEST_CELL)
        width = min(width, max((1.6 if _told(drawing) else 6.0) * height, 1.0))
        tall = _names_height(drawing, width, ink)
    height = min(max(area.height() - tall - line - 6, 1.0) / max(rows, 1), _LARGEST_CELL)
    spare = area.width() - left - 4 - width * columns
    return _Grid(area.left() + left + max(spare / 2, 0), area.top(), width, height, rows, columns, tall)


def _told(drawing: Matrix) -> bool:
    """Return whether cells have texts: others need no room but for their shade."""
    return any(text for row in drawing.texts for text in row)


def _names_height(drawing: Matrix, width: float, ink: Ink) -> float:
    """Return the room under the columns: a line, or more where names that are too wide stand upright."""
    line = ink.small_size.height()
    widest = max((ink.small_size.horizontalAdvance(name) for name in drawing.column_names), default=0.0)
    upright = not _told(drawing) and width >= line and widest + 4 > width
    return min(widest + 4, _LONGEST_NAME) if upright else line


def _font(drawing: Matrix, grid: _Grid, ink: Ink) -> QFont | None:
    """Return the font in which all texts fit, or None: the largest must not be those left out."""
    widest = max(
        (ink.small_size.horizontalAdvance(text) for row in drawing.texts for text in row), default=0.0
    )
    share = min(1.0, (grid.width - 3) / max(widest, 1.0))
    size = int(ink.small.pixelSize() * share)
    if size < _SMALLEST_TEXT or grid.height < size + 3:
        return None
    font = QFont(ink.small)
    font.setPixelSize(size)
    return font


def _shade(drawing: Matrix, row: int, column: int, ink: Ink) -> QColor:
    share = float(min(max(drawing.shade[row, column], 0.0), 1.0))
    if share == 0:
        return ink.color("raised")
    if drawing.off_diagonal and row != column:
        return _mixed(ink.color("card"), ink.color("series.3"), 0.10 + 0.9 * share)
    return _mixed(ink.color("card"), ink.color("series.0"), 0.10 + 0.9 * share)


def _mixed(ground: QColor, shade: QColor, share: float) -> QColor:
    low, high = rgb(ground), rgb(shade)
    return QColor(*(round(a + share * (b - a)) for a, b in zip(low, high, strict=True)))


def _readable_on(shade: QColor) -> QColor:
    """Return black or white, whichever stands out more (relative luminance, WCAG)."""
    channels = [
        ((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 3295 for value in rgb(shade)
    ]
    luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    return QColor("#ffffff") if luminance < 0.27 else QColor("#111827")


def _paint_names(painter: QPainter, grid: _Grid, drawing: Matrix, ink: Ink) -> None:
    line, shade = ink.small_size.height(), ink.color("plot_axis")
    bottom = grid.top + grid.rows * grid.height
    font, tall = ink.small, line
    if _SMALLEST_TEXT + 2 <= grid.height < line:  # smaller names for all classes rather than every second one
        font = QFont(ink.small)
        font.setPixelSize(int(grid.height) - 2)
        tall = grid.height
    every = max(int(-(-tall // max(grid.height, 1e-9))), 1)
    names = min(
        max((ink.small_size.horizontalAdvance(name) for name in drawing.row_names), default=0.0), grid.left
    )
    for row in range(0, grid.rows, every):
        cell = grid.cell(row, 0)
        box = QRectF(cell.left() - names - 6, cell.center().y() - tall / 2, names, tall)
        write(painter, box, drawing.row_names[row], font, shade, RIGHT)
    _paint_column_names(painter, grid, drawing, ink)
    width = grid.columns * grid.width
    write(
        painter,
        QRectF(grid.left, bottom + 4 + grid.names, width, line),
        drawing.column_label,
        ink.small,
        shade,
        CENTER,
    )
    painter.save()
    painter.translate(grid.left - names - 10 - line, bottom)
    painter.rotate(-90)
    write(painter, QRectF(0, 0, grid.rows * grid.height, line), drawing.row_label, ink.small, shade, CENTER)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_column_names(painter: QPainter, grid: _Grid, drawing: Matrix, ink: Ink) -> None:
    """Write each name under its column, upright where they are too wide; or some of them, where many."""
    line, shade = ink.small_size.height(), ink.color("plot_axis")
    bottom = grid.top + grid.rows * grid.height
    if grid.names > line:
        for column in range(grid.columns):
            painter.save()
            painter.translate(grid.cell(0, column).center().x() - line / 2, bottom + 3 + grid.names)
            painter.rotate(-90)
            box = QRectF(0, 0, grid.names, line)
            write(painter, box, drawing.column_names[column], ink.small, shade, RIGHT)
            painter.restore()
        return
    widest = max((ink.small_size.horizontalAdvance(name) for name in drawing.column_names), default=0.0)
    every = max(int(-(-min(widest + 4, _LEAST_NAME) // max(grid.width, 1e-9))), 1)
    edge = grid.left + grid.columns * grid.width + 4
    for column in range(0, grid.columns, every):
        cell = grid.cell(0, column)
        box = QRectF(cell.center().x() - every * grid.width / 2, bottom + 3, every * grid.width, line)
        name = drawing.column_names[column]
        over = cell.center().x() + ink.small_size.horizontalAdvance(name) / 2 - edge
        write(painter, box.translated(-max(over, 0.0), 0), name, ink.small, shade, CENTER)
