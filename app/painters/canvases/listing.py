"""ListCanvas: shows as many rows of a list as there is room for, and scrolls to the others."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QWheelEvent
from typing_extensions import override

from app.painters.canvases.painted import PaintedCanvas
from app.painters.ink import Ink
from app.painters.painter import painter_of
from app.views.drawing import Listing

_ROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class ListCanvas(PaintedCanvas):
    """Shows a list. One that is drawn anew stands where it had been scrolled to."""

    _first = 0
    """The row at the top."""

    @override
    def leave(self) -> None:
        super().leave()
        self._first = 0

    def scroll_rows(self, rows: int) -> bool:
        """Move the list by so many rows; return whether it is one that does not fit."""
        last = self._last_first(Ink(self._theme))
        if not last:
            return False
        self._first = min(max(self._first + rows, 0), last)
        self.forget()
        return True

    @override
    def _painted(self, ink: Ink) -> QPixmap:
        # the list may be shorter now, or the panel higher
        self._first = min(self._first, self._last_first(ink))
        if isinstance(self._drawing, Listing):
            self._drawing = replace(self._drawing, first=self._first)
        return super()._painted(ink)

    def _last_first(self, ink: Ink) -> int:
        return painter_of(self._drawing).last_first(self.area(), self._drawing, ink)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        # a list that fits leaves the wheel to the page around it
        event.setAccepted(bool(turn) and self.scroll_rows(-1 if turn > 0 else 1))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = _ROWS.get(Qt.Key(event.key()))
        if rows is None or not self.scroll_rows(rows):
            super().keyPressEvent(event)
