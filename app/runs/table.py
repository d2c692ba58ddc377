"""The table of runs: ticks as swatches, curves, and a selection that lasts through filter and sorting."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from app.language.words import tr
from app.look.theme import Theme
from app.runs.delegates import CurveDelegate, SwatchDelegate
from app.runs.model import RunsModel
from app.runs.rows import RunRow

ROW_HEIGHT = 30


class RunsTable(QTableView):
    """Shows a model of runs, the newest first."""

    def __init__(self, theme: Theme, model: RunsModel) -> None:
        super().__init__()
        self._model = model
        self._kept: tuple[str, ...] = ()
        self._current = ""
        self.setModel(model)
        self.setAccessibleName(tr("Runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        for place, column in enumerate(model.columns):
            self.setColumnWidth(place, column.width)
        names = [column.name for column in model.columns]
        self.swatches = SwatchDelegate(theme, parent=self)
        self.setItemDelegateForColumn(names.index("name"), self.swatches)
        self.setItemDelegateForColumn(names.index("curve"), CurveDelegate(theme, parent=self))
        self.sortByColumn(names.index("started"), Qt.SortOrder.DescendingOrder)
        # After setModel: Qt's own listeners come first and clear the selection, which is then given back.
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._give_back)

    @property
    def selected(self) -> tuple[RunRow, ...]:
        """Return the runs that are selected, from above."""
        rows = (self._model.row_of(folder) for folder in self._selected_folders())
        return tuple(row for row in rows if row is not None)

    def select_folders(self, folders: Collection[str]) -> None:
        """Select these runs, as far as they are shown, and no other."""
        wanted = set(folders)
        lines = [line for line, folder in enumerate(self._model.shown) if folder in wanted]
        selection = QItemSelection()
        # Lines that follow each other are one range: Qt compares every range with every other.
        for _, stretch in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
            together = [line for _, line in stretch]
            first, last = (self._model.index(line, 0) for line in (together[0], together[-1]))
            selection.select(first, last)
        mode = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, mode.ClearAndSelect | mode.Rows)

    def _selected_folders(self) -> tuple[str, ...]:
        selection = self.selectionModel().selection()
        # Range by range: the list of all selected cells is eleven objects a run.
        ranges = [selection.at(place) for place in range(selection.count())]
        lines = {line for found in ranges for line in range(found.top(), found.bottom() + 1)}
        return tuple(self._model.shown[line] for line in sorted(lines))

    def _keep(self) -> None:
        self._kept = self._selected_folders()
        current = self.currentIndex()
        self._current = self._model.shown[current.row()] if current.isValid() else ""

    def _give_back(self) -> None:
        if self._kept:
            self.select_folders(self._kept)
        if self._current in self._model.shown:
            current = self._model.index(self._model.shown.index(self._current), 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
