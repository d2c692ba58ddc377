"""What follows the cursor: the crosshair with its values, notes, the focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter

from app.painters.ink import LEFT, RIGHT, Ink, write
from app.views.drawing import Readout

_PAD = 8.0


def paint_crosshair(
    painter: QPainter, inside: QRectF, at: QPointF, readings: Sequence[Readout], ink: Ink
) -> None:
    """Paint a line through the cursor and the values there."""
    painter.setPen(ink.pen("text_faint", 1, opacity=0.6))
    painter.drawLine(QPointF(at.x(), inside.top()), QPointF(at.x(), inside.bottom()))
    line = ink.small_size.height() + 3
    names = max(ink.small_size.horizontalAdvance(reading.name) for reading in readings)
    values = max(ink.small_size.horizontalAdvance(reading.value) for reading in readings)
    box = _box(inside, at, names + values + 34 + 2 * _PAD, line * len(readings) + 2 * _PAD - 4, ink, painter)
    for row, reading in enumerate(readings):
        top = box.top() + _PAD - 2 + row * line
        middle = top + line / 2
        # a step or a time has no line that it would be the colour of
        if reading.tone.startswith("series."):
            painter.setPen(ink.pen(reading.tone, 2, reading.dash))
            painter.drawLine(QPointF(box.left() + _PAD, middle), QPointF(box.left() + _PAD + 14, middle))
        place = QRectF(box.left() + _PAD + 20, top, box.width() - 2 * _PAD - 20, line)
        write(painter, place, reading.name, ink.small, ink.color("text_muted"), LEFT)
        write(painter, place, reading.value, ink.small, ink.color("text"), RIGHT)


def paint_note(painter: QPainter, inside: QRectF, at: QPointF, note: str, ink: Ink) -> None:
    """Paint a few lines of text beside the cursor."""
    lines = note.split("\n")
    line = ink.small_size.height() + 2
    width = max(ink.small_size.horizontalAdvance(text) for text in lines) + 2 * _PAD + 1
    box = _box(inside, at, width, line * len(lines) + 2 * _PAD - 4, ink, painter)
    for row, text in enumerate(lines):
        place = QRectF(box.left() + _PAD, box.top() + _PAD - 2 + row * line, box.width() - 2 * _PAD, line)
        write(painter, place, text, ink.small, ink.color("text"), LEFT)


def paint_focus(painter: QPainter, area: QRectF, ink: Ink) -> None:
    """Paint the outline that says that the keyboard is here."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(ink.pen("focus", 2))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)


def came_by_keyboard(event: QFocusEvent) -> bool:
    """Return whether the focus came by a key: who uses the mouse needs no outline."""
    return event.reason() in (
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    )


def _box(inside: QRectF, at: QPointF, width: float, height: float, ink: Ink, painter: QPainter) -> QRectF:
    """Paint the ground of a box beside the cursor, on the side where there is room."""
    width = min(width, inside.width())
    left = at.x() + 12 if at.x() + 12 + width <= inside.right() else at.x() - 12 - width
    # in a narrow panel neither side has room: it covers the cursor rather than be cut off
    left = min(max(left, inside.left()), inside.right() - width)
    top = min(max(at.y() - height - 8, inside.top()), max(inside.bottom() - height, inside.top()))
    box = QRectF(left, top, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(ink.pen("border_strong", 1))
    painter.setBrush(ink.color("card", 0.96))
    painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return box
