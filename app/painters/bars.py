"""Paints lists of rows with bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.ink import LEFT, RIGHT, Ink, write
from app.painters.painter import Painter
from app.painters.short_names import alike, shortened
from app.views.drawing import BarList, BarRow

_BAR = 6.0
_AIR, _LEAST_AIR = 8.0, 3.0
"""Height between two rows, and where one more of them has room by it."""
_LEAST_BAR, _SURE = 4.0, 90.0
"""Width that is left for bars before names are cut, and of titles that are not cut for longer bars."""
_BETWEEN = 26.0
"""Width between titles, names, bars and numbers together."""


@dataclass(frozen=True)
class _Columns:
    """Widths of titles, of the names of bars and of numbers, and how many letters titles and names share."""

    titles: float
    names: float
    numbers: float
    title_beginning: int
    name_beginning: int


class BarListPainter(Painter[BarList], of=BarList):
    """Paints as many rows as there is room for, from `first` on, and says how many more."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: BarList, ink: Ink) -> None:
        places = _places(area, drawing, ink)
        columns = _columns(area, drawing, ink)
        for place, row in zip(places, drawing.rows[drawing.first :], strict=False):
            _paint_row(painter, place, row, columns, ink)
        line = ink.small_size.height()
        foot = QRectF(area.left(), area.bottom() - line, area.width(), line)
        words = _hidden_words(drawing, len(places))
        if words:
            write(painter, foot, words, ink.small, ink.color("text_faint"), LEFT)
        room = area.width() - ink.small_size.horizontalAdvance(f"{words}  ")
        if drawing.scale and ink.small_size.horizontalAdvance(drawing.scale) <= room:
            write(painter, foot, drawing.scale, ink.small, ink.color("text_faint"), RIGHT)

    @override
    def words(self, drawing: BarList) -> str:
        return "; ".join(
            f"{_lead(row)}{row.title} {row.detail}: "
            + ", ".join(f"{bar.name} {bar.text}" for bar in row.bars)
            for row in drawing.rows[:12]
        )

    @override
    def note(self, area: QRectF, drawing: BarList, ink: Ink, at: QPointF) -> str:
        for place, row in zip(_places(area, drawing, ink), drawing.rows[drawing.first :], strict=False):
            if place.contains(at):
                return row.note
        return ""

    @override
    def last_first(self, area: QRectF, drawing: BarList, ink: Ink) -> int:
        heights = [_height(row, ink) for row in drawing.rows]
        room = area.height() - _foot(ink)
        if sum(heights) <= (room if drawing.scale or drawing.more else area.height()):
            return 0
        # counted from the end: rows differ in height, so that the last page holds another number of them
        return min(len(heights) - _fitting(heights[::-1], room), max(len(heights) - 1, 0))


def _hidden_words(drawing: BarList, shown: int) -> str:
    """Return how many rows are not seen, and where they are."""
    below = len(drawing.rows) + drawing.more - drawing.first - shown
    if drawing.first and below:
        return tr("{above} above · {below} below", above=drawing.first, below=below)
    if drawing.first:
        return tr("{above} above", above=drawing.first)
    return tr("and {count} more", count=below) if below else ""


def _height(row: BarRow, ink: Ink) -> float:
    """Return the height of a row with the least air around it."""
    words = ink.plain_size.height() + (ink.small_size.height() if row.detail else 0.0)
    return max(words, len(row.bars) * (ink.small_size.height() + 1)) + _LEAST_AIR


def _foot(ink: Ink) -> float:
    return ink.small_size.height() + 4


def _fitting(heights: Sequence[float], room: float) -> int:
    """Return how many of the first rows there is room for."""
    return sum(height <= room for height in accumulate(heights))


def _places(area: QRectF, drawing: BarList, ink: Ink) -> list[QRectF]:
    """Return where rows are: as many as have room, with the usual air where that costs none of them."""
    heights = [_height(row, ink) for row in drawing.rows[drawing.first :]]
    foot = drawing.scale or drawing.first or drawing.more or sum(heights) > area.height()
    room = area.height() - (_foot(ink) if foot else 0.0)
    # one row at least, even cut off: an empty panel would say that there is nothing
    shown = heights[: max(_fitting(heights, room), 1)]
    air = min(max(room - sum(shown), 0.0) / max(len(shown), 1), _AIR - _LEAST_AIR)
    tops = accumulate((height + air for height in shown), initial=area.top())
    return [
        QRectF(area.left(), top, area.width(), height + air) for top, height in zip(tops, shown, strict=False)
    ]


def _columns(area: QRectF, drawing: BarList, ink: Ink) -> _Columns:
    """Return the widths of titles, names of bars and numbers; the bars get the rest."""
    plain, small = ink.plain_size, ink.small_size
    titles = max(
        (
            max(plain.horizontalAdvance(_lead(row) + row.title), small.horizontalAdvance(row.detail))
            for row in drawing.rows
        ),
        default=0.0,
    )
    bars = [bar for row in drawing.rows for bar in row.bars]
    names = max((ink.small_size.horizontalAdvance(bar.name) for bar in bars), default=0.0)
    numbers = max((ink.small_size.horizontalAdvance(bar.text) for bar in bars), default=0.0)
    names = min(names + 2, 0.25 * area.width())
    numbers = min(numbers, 0.5 * area.width())
    left = area.width() - names - numbers - _BETWEEN - _LEAST_BAR
    titles = min(titles + 2, max(left, 0.3 * area.width()), max(0.45 * area.width(), _SURE))
    return _Columns(
        titles, names, numbers, alike(row.title for row in drawing.rows), alike(bar.name for bar in bars)
    )


def _lead(row: BarRow) -> str:
    return f"{row.lead} " if row.lead else ""


def _paint_row(painter: QPainter, place: QRectF, row: BarRow, columns: _Columns, ink: Ink) -> None:
    titles, names, numbers = columns.titles, columns.names, columns.numbers
    line, small = ink.plain_size.height(), ink.small_size.height()
    top = place.top() + 3
    room = titles + 1 - ink.plain_size.horizontalAdvance(_lead(row))
    title = _lead(row) + shortened(row.title, columns.title_beginning, room, ink.plain_size)
    write(painter, QRectF(place.left(), top, titles, line), title, ink.plain, ink.words(row.tone), LEFT)
    if row.detail:
        box = QRectF(place.left(), top + line, titles, small)
        write(painter, box, row.detail, ink.small, ink.color("text_muted"), LEFT)
    left = place.left() + titles + 12
    right = place.right() - numbers - 6
    middle = place.center().y() - (len(row.bars) - 1) * (small + 1) / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, bar in enumerate(row.bars):
        height = middle + index * (small + 1)
        box = QRectF(left, height - small / 2, names, small)
        name = shortened(bar.name, columns.name_beginning, names + 1, ink.small_size)
        write(painter, box, name, ink.small, ink.color("text_muted"), LEFT)
        start = left + (names + 6 if names > 2 else 0)
        track = QRectF(start, height - _BAR / 2, max(right - start - 2, 2), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color("plot_grid"))
        painter.drawRoundedRect(track, 3, 3)
        # NaN, which alone differs from itself, where a value is not known
        share = min(max(bar.share, 0.0), 1.0) if bar.share == bar.share else 0.0
        if share > 0:
            painter.setBrush(ink.color(bar.tone))
            # narrower than its round ends a bar could not be seen
            painter.drawRoundedRect(
                QRectF(track.left(), track.top(), max(track.width() * share, 3), _BAR), 3, 3
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(right + 2, height - small / 2, numbers + 4, small)
        write(painter, box, bar.text, ink.small, ink.words("text"), RIGHT)
