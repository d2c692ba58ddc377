"""The table of scores: this network beside the baselines, every name and number whole."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTableWidget, QTableWidgetItem
from typing_extensions import override

from app.language.words import explanation_of, readable, tr
from app.look.theme import Theme
from app.runs.scores import score_title, score_words
from app.widgets.tips import plain
from engine.learning.metrics import metric_of
from engine.runs.scoring.scores import Evaluated
from engine.training.baselines.every import BASELINES

_HEAD, _LINE, _ROW = 30, 16, 28
"""Height of a head of one line, of each line more, and of a score at least."""
_PADDING, _AIR = 9, 5
"""Pixels of a cell beside its words, and above them."""
_WIDE = 4
"""Beyond so many columns their titles take two lines."""


class ScoreTable(QTableWidget):
    """A line per score. Numbers are seen whole; names have the rest, and as many lines as they need.

    Qt leaves the padding of a cell out when it counts the lines of its words, and so cuts the last one.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 1)
        self._theme = theme
        self.setAccessibleName(tr("Test scores"))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.verticalHeader().setVisible(False)
        self.setSizeAdjustPolicy(QTableWidget.SizeAdjustPolicy.AdjustToContents)
        # the card says how wide it is, and not its longest name
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_scores(self, found: Evaluated) -> None:
        """Show this network beside the baselines on the same examples."""
        lines = [("loss", found.loss), *found.metrics.items()]
        beside = list(found.baselines.items())
        self.clear()
        self.setColumnCount(2 + len(beside))
        self.setRowCount(len(lines))
        titles = [baseline_title(name) for name, _ in beside]
        self._head([(tr("Score"), ""), (tr("This network"), tr("The kept weights of this run")), *titles])
        for row, (kind, value) in enumerate(lines):
            cells = [score_title(kind), score_words(kind, value)]
            cells += [score_words(kind, scores.get(kind, math.nan)) for _, scores in beside]
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_side(column))
                if column == 0:
                    item.setToolTip(plain(_meaning(kind)))
                if column == 1:
                    item.setFont(self._theme.font("text", "semibold"))
                self.setItem(row, column, item)
        self._fit()

    def _head(self, titles: list[tuple[str, str]]) -> None:
        for column, (text, tip) in enumerate(titles):
            head = QTableWidgetItem(text)
            head.setToolTip(plain(tip))
            # as a number: `setTextAlignment` knows no flag for breaking words
            how = int(_side(column)) | int(Qt.TextFlag.TextWordWrap)
            head.setData(Qt.ItemDataRole.TextAlignmentRole, how)
            self.setHorizontalHeaderItem(column, head)
        self.horizontalHeader().setFixedHeight(_HEAD if len(titles) <= _WIDE else _HEAD + _LINE)

    def _fit(self) -> None:
        for column in range(1, self.columnCount()):
            self.resizeColumnToContents(column)
        numbers = sum(self.columnWidth(column) for column in range(1, self.columnCount()))
        self.setColumnWidth(0, max(self.viewport().width() - numbers, 1))
        room, metrics = max(self.columnWidth(0) - 2 * _PADDING, 1), self.fontMetrics()
        for row in range(self.rowCount()):
            name = str(self.model().index(row, 0).data())
            words = metrics.boundingRect(QRect(0, 0, room, 0), Qt.TextFlag.TextWordWrap, name)
            self.setRowHeight(row, max(_ROW, words.height() + 2 * _AIR))
        self.updateGeometry()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # fitting changes the height, which would call for it again
        if event.size().width() != event.oldSize().width():
            self._fit()


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _meaning(kind: str) -> str:
    """Return what a score says."""
    if (metric := metric_of(kind)) is not None:
        return explanation_of(metric)
    if kind == "loss":
        return tr("What training makes small, averaged over the examples")
    return tr("BLEU of whole words and marks, however texts are cut into tokens; 1 is the same wording")


def baseline_title(name: str) -> tuple[str, str]:
    """Return what a baseline is called, and what it does; of one that is no more, its kind."""
    known = BASELINES.get(name)
    return (tr(readable(name)), "") if known is None else (tr(known.title), tr(known.summary()))
