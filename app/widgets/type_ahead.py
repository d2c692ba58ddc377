"""A list in which typing finds an entry, also typed slowly and by a word in its middle."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QListView, QWidget
from typing_extensions import override

_PAUSE = 1500
"""Milliseconds after which a letter begins a new word. Qt waits 400, too short for who looks for the keys."""


class TypeAheadList(QListView):
    """Finds what is typed at the beginning of an entry, else of one of its words, else anywhere in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._since = QElapsedTimer()

    # a combo box that is closed asks its list, too
    @override
    def keyboardSearch(self, search: str) -> None:
        going_on = self._since.isValid() and self._since.elapsed() < _PAUSE
        self._typed = (self._typed if going_on else "") + search.casefold()
        self._since.start()
        model = self.model()
        rows = [model.index(row, self.modelColumn(), self.rootIndex()) for row in range(model.rowCount())]
        # what does not fit the data is greyed, and cannot be chosen by the mouse either
        titles = [
            str(row.data() or "").casefold() if row.flags() & Qt.ItemFlag.ItemIsEnabled else ""
            for row in rows
        ]
        place = found(titles, self._typed, self.currentIndex().row())
        if place is not None:
            self.setCurrentIndex(rows[place])


def found(titles: Sequence[str], typed: str, current: int) -> int | None:
    """Return which title is meant by what was typed; the same letter again goes on to the next one."""
    repeated = len(set(typed)) == 1
    wanted = typed[0] if repeated else typed
    # whoever goes on typing may mean what is chosen already; one letter alone leads on from it
    first = current + 1 if repeated else max(current, 0)
    order = [(first + step) % len(titles) for step in range(len(titles))]
    ranks = (
        lambda title: title.startswith(wanted),
        lambda title: f" {wanted}" in title,
        lambda title: wanted in title and not repeated,
    )
    return next((place for fits in ranks for place in order if fits(titles[place])), None)
