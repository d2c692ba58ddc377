"""Paints the legend of a plot, and the texts of its upright lines, out of each other's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.language.words import tr
from app.painters.curves import curve_pen
from app.painters.ink import LEFT, Ink, write
from app.painters.markers import paint_markers
from app.painters.short_names import alike, kept_apart
from app.views.drawing import Curve, Plot, PointMarks, Upright

_LINE, _MARK = 26.0, 10.0
"""Widths of the sample of a line and of a marker."""
_PAD = 6.0
_NARROWEST = 112.0
"""Width to which an entry is cut before one is left out: some ten letters beside the sample of its line."""
_MOST_TOLD = 16
"""Names of runs left out that a note lists."""


@dataclass(frozen=True)
class LegendEntry:
    """A name of the legend, what it is of (None: the words that say how many have no room) and its place.

    `note` is what has no room in it: the whole name where it is cut, the names that are left out.
    """

    text: str
    what: Curve | PointMarks | None
    box: QRectF
    note: str = ""


@dataclass(frozen=True)
class Legend:
    """The entries of a plot's legend, placed from (0, 0) on, and the size that they take."""

    entries: tuple[LegendEntry, ...] = ()
    width: float = 0.0
    height: float = 0.0

    def note(self, at: QPointF) -> str:
        """Return what has no room in the entry at a point, from (0, 0) on; "" where nothing is cut."""
        return next((entry.note for entry in self.entries if entry.box.contains(at)), "")


Named = tuple[tuple[str, Curve | PointMarks], ...]


def named_parts(drawing: Plot) -> Named:
    """Return what the legend names: the curves that have a legend, or else the named points."""
    curves = tuple((curve.legend, curve) for curve in drawing.curves if curve.legend)
    return curves or tuple((points.name, points) for points in drawing.points if points.name)


def column_legend(named: Named, ink: Ink) -> Legend:
    """Return a legend with an entry a line, to stand beside a plot."""
    line, width = _line(ink), max((_width(text, what, ink) for text, what in named), default=0.0)
    boxes = [QRectF(0, _PAD / 2 + row * line, width, line) for row in range(len(named))]
    entries = tuple(LegendEntry(*one, box) for one, box in zip(named, boxes, strict=True))
    return Legend(entries, width, line * len(named) + _PAD if named else 0.0)


def row_legend(named: Named, width: float, most: int, ink: Ink) -> Legend:
    """Return a legend in rows as wide as a plot, to stand above it: it never covers a curve.

    Where `most` rows are too few, values go, then what all names begin with; then long names are cut, each to
    as little as it must. Only where that is not enough the last words say how many more there are, and a note
    which.
    """
    if not named:
        return Legend()
    for form in _forms(named):
        if len(_rows(form, len(form), width, width, ink)) <= most:
            return _placed(named, form, len(form), width, width, ink)
    short = _forms(named)[-1]
    caps = [cap for count in range(1, len(named) + 1) if (cap := width / count) >= _NARROWEST] or [width]
    cap = next((cap for cap in caps if len(_rows(short, len(named), width, cap, ink)) <= most), caps[-1])
    # from all of them down: the words that count the rest need room, too
    counts = range(len(named), 0, -1)
    shown = next((count for count in counts if len(_rows(short, count, width, cap, ink)) <= most), 0)
    return _placed(named, short, shown, width, cap, ink)


def _forms(named: Named) -> list[Named]:
    """Return the entries as they are, with names alone, and without what all names begin with."""
    names = [_name(text, what) for text, what in named]
    beginning = alike(names)
    bare = [f"…{name[beginning:]}" if beginning else name for name in names]
    kinds = [what for _, what in named]
    return [named, *(tuple(zip(texts, kinds, strict=True)) for texts in (names, bare))]


def _name(text: str, what: Curve | PointMarks) -> str:
    """Return what a legend calls a curve without its newest value, which the cursor tells as well."""
    named = isinstance(what, Curve) and what.name and text.startswith(what.name)
    return what.name if named else text


def _placed(named: Named, form: Named, shown: int, width: float, cap: float, ink: Ink) -> Legend:
    """Return the first `shown` entries in rows, in a form of their texts, none wider than `cap`."""
    rows, line = _rows(form, shown, width, cap, ink), _line(ink)
    cut = _cut(form[:shown], min(cap, width), ink)
    entries: list[LegendEntry] = []
    for row, inside in enumerate(rows):
        left = 0.0
        for text, what in inside:
            room = min(_width(text, what, ink), cap if what is not None else width)
            words = text if what is None else cut[len(entries)]
            whole = named[len(entries)][0] if what is not None else ""
            note = (whole if words != whole else "") if what is not None else _left_out(named[shown:])
            entries.append(LegendEntry(words, what, QRectF(left, row * line, room, line), note))
            left += room
    return Legend(tuple(entries), width, line * len(rows) + _PAD / 2)


def _cut(named: Named, most: float, ink: Ink) -> list[str]:
    """Return each text as long as an entry of at most that width has room for: what its name shares with the
    others goes first.
    """
    texts = [text for text, _ in named]
    if not any(_width(text, what, ink) > most for text, what in named):
        return texts
    rooms = [most - _sample(what) - 3 * _PAD for _, what in named]
    return kept_apart(texts, rooms, ink.small_size)


def _left_out(named: Named) -> str:
    more = len(named) - _MOST_TOLD
    told = [text for text, _ in named[:_MOST_TOLD]]
    return "\n".join([*told, *([tr("and {count} more", count=more)] if more > 0 else [])])


def _rows(
    named: Named, shown: int, width: float, cap: float, ink: Ink
) -> list[list[tuple[str, Curve | PointMarks | None]]]:
    """Break the first `shown` entries, none wider than `cap`, into rows, and with them the words that say how
    many are left out.
    """
    left_out = len(named) - shown
    words = tr("{count} lines: point at one to see its name", count=left_out)
    words = tr("and {count} more", count=left_out) if shown else words
    parts: list[tuple[str, Curve | PointMarks | None]] = [
        *named[:shown],
        *([(words, None)] if left_out else []),
    ]
    rows: list[list[tuple[str, Curve | PointMarks | None]]] = [[]]
    room = width
    for text, what in parts:
        taken = min(_width(text, what, ink), cap if what is not None else width)
        # widths that are shares of the whole may add up to a rounding more
        if rows[-1] and taken > room + 0.01:
            rows.append([])
            room = width
        rows[-1].append((text, what))
        room -= taken
    return rows


def _width(text: str, what: Curve | PointMarks | None, ink: Ink) -> float:
    return ink.small_size.horizontalAdvance(text) + _sample(what) + 3 * _PAD


def _sample(what: Curve | PointMarks | None) -> float:
    return 0.0 if what is None else _LINE if isinstance(what, Curve) else _MARK


def paint_legend(painter: QPainter, legend: Legend, box: QRectF, ink: Ink) -> None:
    """Paint a legend into its box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for entry in legend.entries:
        place = entry.box.translated(box.topLeft())
        sample, middle, what = _sample(entry.what), place.center().y(), entry.what
        if isinstance(what, Curve):
            painter.setPen(curve_pen(what, ink))
            painter.drawLine(
                QPointF(place.left() + _PAD, middle), QPointF(place.left() + _PAD + sample, middle)
            )
        elif what is not None:
            paint_markers(
                painter, what, np.array([place.left() + _PAD + sample / 2]), np.array([middle]), ink
            )
        words = place.adjusted(sample + (2 if sample else 0) * _PAD, 0, 0, 0)
        shade = ink.words(what.tone) if what is not None else ink.color("text_muted")
        write(painter, words, entry.text, ink.small, shade, LEFT)


def paint_upright_texts(
    painter: QPainter, inside: QRectF, lines: list[tuple[float, Upright]], taken: QRectF, ink: Ink
) -> None:
    """Write beside each upright line (pixel, line) what it means, unless that would cover another text."""
    height = _line(ink)
    boxes = [taken]
    for at, line in sorted(lines, key=lambda pair: pair[0]):
        width = min(ink.small_size.horizontalAdvance(line.text) + 6, 0.5 * inside.width())
        left = at + 4 if at + 4 + width <= inside.right() else at - 4 - width
        # lower down a text would stand among the curves
        for row in range(4):
            box = QRectF(left, inside.top() + 2 + row * height, width, height)
            if not any(box.intersects(other) for other in boxes):
                boxes.append(box)
                # it must be read over curves
                painter.fillRect(box, ink.color("card", 0.85))
                write(painter, box.adjusted(3, 0, 0, 0), line.text, ink.small, ink.words(line.tone), LEFT)
                break


def _line(ink: Ink) -> float:
    return ink.small_size.height() + 3
