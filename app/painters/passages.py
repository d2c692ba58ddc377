"""Paints texts whose words carry colours and labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from app.language.words import tr
from app.painters.ink import LEFT, Ink, write
from app.painters.painter import Painter
from app.views.drawing import PassageDrawing, Passages, Word

_GAP = 12.0
"""Room between two passages."""
_SPACING = 5.0
"""Height between two lines, in which the colours of words may end."""
_AIR = 2.0
"""How far the colour of a word reaches beyond its letters."""


@dataclass(frozen=True)
class _Placed:
    """A word, where its letters stand, and where its label does (empty: none)."""

    word: Word
    text: str
    box: QRectF
    label: QRectF


class PassagesPainter(Painter[Passages], of=Passages):
    """Paints as many passages as there is room for, from `first` on, and says how many more."""

    @override
    def paint(self, painter: QPainter, area: QRectF, drawing: Passages, ink: Ink) -> None:
        places = _places(area, drawing, ink)
        for place, passage in zip(places, drawing.passages[drawing.first :], strict=False):
            painter.save()
            painter.setClipRect(place.adjusted(-_AIR, -_AIR, _AIR, _AIR))
            _paint_passage(painter, place, passage, ink)
            painter.restore()
        below = len(drawing.passages) + drawing.more - drawing.first - len(places)
        if drawing.first or below:
            line = ink.small_size.height()
            foot = QRectF(area.left(), area.bottom() - line, area.width(), line)
            write(painter, foot, _hidden(drawing.first, below), ink.small, ink.color("text_faint"), LEFT)

    @override
    def words(self, drawing: Passages) -> str:
        return " ".join(
            f"{passage.title}: {_plain(passage)}. {passage.detail}" for passage in drawing.passages[:6]
        )

    @override
    def note(self, area: QRectF, drawing: Passages, ink: Ink, at: QPointF) -> str:
        for place, passage in zip(
            _places(area, drawing, ink), drawing.passages[drawing.first :], strict=False
        ):
            if place.contains(at):
                found = (one.word.note for one in _laid(place, passage, ink) if one.box.contains(at))
                return next(found, "") or passage.note
        return ""

    @override
    def last_first(self, area: QRectF, drawing: Passages, ink: Ink) -> int:
        heights = [_height(passage, area.width(), ink) for passage in drawing.passages]
        if sum(heights) <= area.height() + _GAP:
            return 0
        room = area.height() - ink.small_size.height()
        count = len(heights)
        while count and room >= heights[count - 1] - _GAP:
            count -= 1
            room -= heights[count]
        return min(count, max(len(heights) - 1, 0))


def _plain(passage: PassageDrawing) -> str:
    return "".join(("" if word.glued else " ") + word.text for word in passage.words).strip()


def _hidden(above: int, below: int) -> str:
    if above and below:
        return tr("{above} above · {below} below", above=above, below=below)
    return tr("{above} above", above=above) if above else tr("and {count} more", count=below)


def _places(area: QRectF, drawing: Passages, ink: Ink) -> list[QRectF]:
    foot = ink.small_size.height() + 2
    places: list[QRectF] = []
    top = area.top()
    shown = drawing.passages[drawing.first :]
    for index, passage in enumerate(shown):
        height = _height(passage, area.width(), ink)
        # nothing is left out below the last one, so that it may stand where the foot would
        last = index == len(shown) - 1 and not drawing.first and not drawing.more
        if places and top + height - _GAP > area.bottom() - (0 if last else foot):
            break
        places.append(QRectF(area.left(), top, area.width(), height - _GAP))
        top += height
    return places


def _height(passage: PassageDrawing, width: float, ink: Ink) -> float:
    head = ink.small_size.height() + 3 if passage.title else 0.0
    laid = _laid(QRectF(0, 0, width, 0), passage, ink)
    last = max((one.box.bottom() for one in laid), default=head)
    return last + _detail_height(passage, width, ink) + _GAP


def _detail_height(passage: PassageDrawing, width: float, ink: Ink) -> float:
    if not passage.detail:
        return 0.0
    # higher than any text: the width alone bounds it
    room = QRectF(0, 0, width, 1000)
    return ink.plain_size.boundingRect(room, int(Qt.TextFlag.TextWordWrap), passage.detail).height() + 3


def _laid(place: QRectF, passage: PassageDrawing, ink: Ink) -> Iterator[_Placed]:
    """Give each word its place, line by line. A word longer than a line is shortened."""
    line, space = ink.plain_size.height(), ink.plain_size.horizontalAdvance(" ")
    top = place.top() + (ink.small_size.height() + 3 if passage.title else 0.0)
    x = place.left()
    after = 0.0  # room behind the colour of the word before, which a word glued to it does not leave
    for word in passage.words:
        text = ink.plain_size.elidedText(word.text, Qt.TextElideMode.ElideRight, place.width() - 2 * _AIR)
        wide = ink.plain_size.horizontalAdvance(text)
        label = ink.small_size.horizontalAdvance(word.label) + 4 if word.label else 0.0
        x += 0.0 if word.glued or x == place.left() else space + after + (_AIR if word.tone else 0.0)
        # at the start of a line it stays: the next one is no wider
        if x + wide + label > place.right() and x > place.left():
            x, top = place.left(), top + line + _SPACING
        box = QRectF(x, top, wide, line)
        yield _Placed(word, text, box, QRectF(box.right() + 3, top, label, line) if label else QRectF())
        x = box.right() + label
        after = _AIR if word.tone else 0.0


def _paint_passage(painter: QPainter, place: QRectF, passage: PassageDrawing, ink: Ink) -> None:
    if passage.title:
        head = QRectF(place.left(), place.top(), place.width(), ink.small_size.height())
        write(painter, head, passage.title, ink.small, ink.words(passage.tone), LEFT)
    bottom = place.top()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    laid = list(_laid(place, passage, ink))
    for one, following in zip_longest(laid, laid[1:]):
        # the colour ends with its line, also where the word goes on in the next
        on = following is not None and following.word.glued and following.box.top() == one.box.top()
        _paint_word(painter, one, ink, goes_on=on)
        bottom = one.box.bottom()
    if passage.detail:
        painter.setFont(ink.plain)
        painter.setPen(ink.color("text_muted"))
        box = QRectF(place.left(), bottom + 3, place.width(), place.bottom() - bottom)
        painter.drawText(box, int(Qt.TextFlag.TextWordWrap), passage.detail)


def _paint_word(painter: QPainter, one: _Placed, ink: Ink, *, goes_on: bool) -> None:
    word = one.word
    if word.tone and word.strength > 0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(word.tone, 0.55 * min(word.strength, 1.0)))
        reach = one.box.united(one.label) if word.label else one.box
        left, right = 0.0 if word.glued else -_AIR, 0.0 if goes_on else _AIR
        painter.drawRoundedRect(reach.adjusted(left, -1, right, 1), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(ink.plain)
    painter.setPen(ink.color("text"))
    painter.drawText(one.box, LEFT, one.text)
    if word.label:
        write(painter, one.label, word.label, ink.small, ink.words(word.tone or "text_muted"), LEFT)
