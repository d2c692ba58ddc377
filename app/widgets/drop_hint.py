"""The frame over the window while a file is dragged over it: this is the place, and this is what happens."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.look.theme import Theme

_EDGE = 8


class DropHint(QWidget):
    """Covers its parent with a frame and a sentence; the pointer goes through it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._over = theme, parent
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_words(self, words: str) -> None:
        """Cover the parent and say what dropping will do."""
        self.words = words
        self.setAccessibleName(words)
        self.setGeometry(self._over.rect())
        # pages made after it lie above it
        self.raise_()
        self.show()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        shade = self._theme.color("accent")
        painter.setPen(QPen(shade, 3))
        veil = self._theme.color("card")
        veil.setAlphaF(0.7)
        painter.setBrush(veil)
        painter.drawRoundedRect(area, 12, 12)
        painter.setPen(shade)
        painter.setFont(self._theme.font("large", "semibold"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        painter.end()
