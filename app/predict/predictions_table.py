"""The table of all predictions: names give way before a number is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QSortFilterProxyModel
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from app.data.tables import make_quiet
from app.language.words import tr

_ARROW = 18
"""Pixels in the head of a column for the arrow of sorting, which Qt draws over the words."""
_WIDEST, _LEAST_WORDS, _LEAST_NUMBER = 220, 72, 52
"""Pixels of a column of words to begin with, and of one of words and one of numbers where room is short."""
_MOST_ASKED = 360
"""Pixels that the table asks for at most: beyond them it scrolls."""
_LOOKED_AT = 5
"""Rows that say whether a column is of numbers or moments."""
_MOST_FITTED = 60
"""So many columns have their cells measured."""


@dataclass(frozen=True)
class ColumnRoom:
    """Pixels of one column: the `least` at which nothing that matters is cut, and what it would `like`."""

    least: int
    like: int


def widths_in(room: int, columns: Sequence[ColumnRoom]) -> list[int]:
    """Return how wide each column is: as many as can be are seen whole, and none of them is cut by the edge.

    What is left above their least is shared by what each still lacks. Those beyond the edge have what they
    like.
    """
    ends = list(accumulate(one.least for one in columns))
    seen = max(sum(end <= room for end in ends), 1)
    within, beyond = columns[:seen], columns[seen:]
    spare = max(room - sum(one.least for one in within), 0)
    lacking = sum(one.like - one.least for one in within)
    share = min(spare / lacking, 1.0) if lacking else 0.0
    widths = [one.least + int(share * (one.like - one.least)) for one in within]
    if beyond:
        # the next one begins where the room ends: half a number reads as another number
        widths[0] += max(room - sum(widths), 0)
    return widths + [one.like for one in beyond]


class PredictionsTable(QTableView):
    """Shows what is predicted, row by row; its columns go by its room until a hand has drawn one."""

    def __init__(self, model: QSortFilterProxyModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_quiet(self, tr("Predictions"))
        self.setModel(model)
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        # whole columns: scrolled by pixels, the first number would be cut at its left
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerItem)
        self.verticalHeader().setVisible(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self._fitting = self._by_hand = False
        self._wanted: list[ColumnRoom] = []

    def fit(self, answers: int) -> None:
        """Measure the columns that are shown now; the first `answers` are what a person came for."""
        self._by_hand = False
        header = self.horizontalHeader()
        # two columns alone would leave the rest of the table empty
        header.setStretchLastSection(self.model().columnCount() == 2)
        self._wanted = [self._wanted_by(place) for place in range(self.model().columnCount())]
        ends = accumulate(one.least for one in self._wanted[:answers])
        asked = max((end for end in ends if end <= _MOST_ASKED), default=0)
        self.setMinimumWidth(asked + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth())
        self._place()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _wanted_by(self, place: int) -> ColumnRoom:
        head = self.horizontalHeader().sectionSizeHint(place) + _ARROW
        if place >= _MOST_FITTED:
            return ColumnRoom(min(head, _WIDEST), min(head, _WIDEST))
        cells = self.sizeHintForColumn(place)
        if self._of_figures(place):
            least = max(cells, min(head, _LEAST_NUMBER))
            return ColumnRoom(least, max(least, min(head, _WIDEST)))
        like = min(max(cells, head), _WIDEST)
        return ColumnRoom(min(like, _LEAST_WORDS), like)

    def _of_figures(self, place: int) -> bool:
        """Return whether cells are numbers or moments, of which a part reads as another one."""
        rows = range(min(self.model().rowCount(), _LOOKED_AT))
        cells = [str(self.model().index(row, place).data() or "") for row in rows]
        return any(cells) and not any(letter.isalpha() for cell in cells for letter in cell)

    def _place(self) -> None:
        if self._by_hand or not self._wanted:
            return
        self._fitting = True
        for place, width in enumerate(widths_in(self.viewport().width(), self._wanted)):
            self.setColumnWidth(place, width)
        self._fitting = False

    def _resized(self, place: int, _before: int, _now: int) -> None:
        last = place == self.model().columnCount() - 1
        stretched = last and self.horizontalHeader().stretchLastSection()
        self._by_hand = self._by_hand or not (self._fitting or stretched)
