"""Labels: texts that shorten themselves, and the red line under a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.look.style import set_role
from app.widgets.tips import plain


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text, dressed by its role."""
    made = QLabel(text)
    # Qt guesses: a name from a file that looks like HTML would be shown as such
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        set_role(made, role)
    return made


class ElidedLabel(QLabel):
    """One line of text with an "…" where the room is short; the whole text is its tool tip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._mode = Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            set_role(self, role)

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell()

    @override
    def minimumSizeHint(self) -> QSize:
        # however long the text, it widens nothing
        return QSize(24, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        flags = self.alignment() | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), flags, self.shown_text())

    def shown_text(self) -> str:
        """Return the text as it is seen."""
        return self.cut(self._mode, self.contentsRect().width())

    def cut(self, mode: Qt.TextElideMode, room: int) -> str:
        """Return the text as it would be seen, cut there, in so many pixels."""
        return self.fontMetrics().elidedText(self.text(), mode, room)

    def set_mode(self, mode: Qt.TextElideMode) -> None:
        """Cut the text there from now on."""
        self._mode = mode
        self.update()

    def _tell(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(plain(self.text() if cut else ""))


_LEAST_NAME = 40
"""Pixels below which nothing is recognised of a name."""


class PartsLabel(ElidedLabel):
    """One line of parts. Where the room is short, the last by rank are left out, then the first is cut."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", role, parent)
        self._parts: tuple[tuple[str, int], ...] = ()

    def set_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Show these parts, each with its rank: 0 is never left out, the highest first."""
        self._parts = tuple(parts)
        self.setText(_joined(self._parts))

    @override
    def cut(self, mode: Qt.TextElideMode, room: int) -> str:
        parts = self._parts
        for rank in sorted({rank for _, rank in parts if rank > 0}, reverse=True):
            if self.fontMetrics().horizontalAdvance(_joined(parts)) <= room:
                break
            parts = tuple(part for part in parts if part[1] != rank)
        return self._elided(parts, mode, room)

    def _elided(self, parts: Sequence[tuple[str, int]], mode: Qt.TextElideMode, room: int) -> str:
        """Return the parts in so many pixels: of a name and numbers, the name is cut and the numbers stay."""
        metrics = self.fontMetrics()
        rest = _joined([("", 0), *parts[1:]])
        left = room - metrics.horizontalAdvance(rest)
        if len(parts) < 2 or left < _LEAST_NAME:
            return metrics.elidedText(_joined(parts), mode, room)
        return metrics.elidedText(parts[0][0], mode, left) + rest


def _joined(parts: Sequence[tuple[str, int]]) -> str:
    return " · ".join(text for text, _ in parts)


def keep_apart(lines: Sequence[ElidedLabel], room: int) -> None:
    """Cut each of these texts where what is left of it tells it from the others, in so many pixels."""
    ways = Qt.TextElideMode
    modes = (ways.ElideRight, ways.ElideMiddle, ways.ElideLeft)
    shown = {mode: Counter(line.cut(mode, room) for line in lines) for mode in modes}
    for line in lines:
        line.set_mode(next((mode for mode in modes if shown[mode][line.cut(mode, room)] == 1), modes[0]))


class ProblemLabel(QLabel):
    """What is wrong with the field above, in red; takes no room while nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "problem")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setVisible(False)

    def tell(self, messages: tuple[str, ...]) -> None:
        text = "\n".join(message[:1].upper() + message[1:] for message in messages)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        self.setVisible(bool(text))
