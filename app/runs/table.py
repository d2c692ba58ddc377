"""The table of runs: ticks as swatches, curves, and a selection that lasts through filter and sorting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView
from typing_extensions import override

from app.language.words import tr
from app.look.theme import Theme
from app.runs.columns import RunsColumn, column_of, columns, offered
from app.runs.delegates import CurveDelegate, SwatchDelegate
from app.runs.dialogs.column_dialog import ColumnDialog
from app.runs.model import RunsModel
from app.runs.rows import RunRow

ROW_HEIGHT = 30
_NAME_WIDTH = 230
"""Pixels that names have at least: they are the last thing that is cut."""
_AIR = 10
"""Pixels between what a column holds and the next one."""
_USUAL = tuple(column.name for column in columns())
_PARTED = ","
"""Between the names of columns in an arrangement; no setting has it in its name."""


class RunsTable(QTableView):
    """Shows a model of runs, the newest first. Columns are moved by dragging their heads."""

    arranged = Signal()
    """The columns are others, or in another order."""
    fitted = Signal()
    """Other columns than before have no room."""

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
        # what is seen alone: with 10,000 runs Qt would measure the first thousand of each column
        header.setResizeContentsPrecision(0)
        self._fitting = False
        self._by_hand: dict[str, int] = {}
        """The columns whose width a hand has given."""
        self.gave_way: tuple[str, ...] = ()
        """The titles of the columns that have no room."""
        header.sectionResized.connect(self._note_hand)
        header.setMinimumSectionSize(48)
        header.setSectionsMovable(True)
        # it is the one that is ticked
        header.setFirstSectionMovable(False)
        header.sectionMoved.connect(lambda: self.arranged.emit())
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda: self.choose_columns())
        self.swatches = SwatchDelegate(theme, parent=self)
        self._curves = CurveDelegate(theme, parent=self)
        self.setItemDelegateForColumn(0, self.swatches)
        self._set_widths()
        self.sortByColumn(self.column_names.index("started"), Qt.SortOrder.DescendingOrder)
        # After setModel: Qt's own listeners come first and clear the selection, which is then given back.
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._give_back)

    @property
    def gave_way_words(self) -> tuple[str, ...]:
        """Return a sentence that names the columns that have no room; none where all have."""
        words = tr("A wider window also shows: {columns}.", columns=", ".join(self.gave_way))
        return (words,) if self.gave_way else ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of the columns as they stand, from the left."""
        header, columns = self.horizontalHeader(), self._model.columns
        return tuple(columns[header.logicalIndex(place)].name for place in range(len(columns)))

    def arrange(self, arrangement: str) -> None:
        """Show the columns that `arrangement` returned; the usual ones where it is empty."""
        names = tuple(filter(None, arrangement.split(_PARTED)))
        self._show_columns([column_of(name) for name in names or _USUAL])

    def arrangement(self) -> str:
        """Return which columns are shown in which order; "" for the usual ones."""
        return "" if self.column_names == _USUAL else _PARTED.join(self.column_names)

    def choose_columns(self) -> None:
        """Let the person choose which columns are shown."""
        shown = self.column_names
        names = dict.fromkeys((*shown, *offered(self._model.rows)))
        # the first is the one that is ticked, and always there
        columns = [column_of(name) for name in names if name != _USUAL[0]]
        asked = ColumnDialog(columns, shown[1:], _USUAL[1:], self)
        asked.accepted.connect(lambda: self._choose((_USUAL[0], *asked.chosen)))
        asked.open()

    def _choose(self, names: Sequence[str]) -> None:
        self.arrange(_PARTED.join(names))
        self.arranged.emit()

    def _show_columns(self, columns: Sequence[RunsColumn]) -> None:
        """Show these columns from the left, sorted as before where that column is among them."""
        header = self.horizontalHeader()
        before = header.sortIndicatorSection()
        # none where runs stand as the library lists them, the newest first
        sorted_by = self._model.columns[before].name if before >= 0 else ""
        header.blockSignals(True)  # what moves here is no person's wish
        for place in range(header.count()):
            header.moveSection(header.visualIndex(place), place)
        header.blockSignals(False)
        self._model.set_columns(columns)
        self._set_widths()
        names = [column.name for column in columns]
        place = names.index(sorted_by) if sorted_by in names else -1
        self.sortByColumn(place, header.sortIndicatorOrder())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give each column what its cells need, the names the rest; where there is no room, those that are
        least needed give way, unless a person has chosen which are shown.
        """
        columns, room = self._model.columns, self.viewport().width() - _NAME_WIDTH
        self._fitting = True
        for place in range(len(columns)):
            if self.isColumnHidden(place):
                # Qt takes the head of a hidden column for 0 wide, and it would come back cut off
                self.setColumnHidden(place, False)
        widths = {place: self._width_of(place) for place in range(1, len(columns))}
        # whoever sorts by a column looks at it
        kept = self.horizontalHeader().sortIndicatorSection()
        chosen = tuple(column.name for column in columns) != _USUAL
        spare = [place for place in widths if columns[place].spare and place != kept and not chosen]
        for place in sorted(spare, key=lambda place: columns[place].spare):
            if sum(widths.values()) > room:
                del widths[place]
        rest = max(room - sum(widths.values()), 0) + _NAME_WIDTH
        widths[0] = self._by_hand.get(columns[0].name, rest)
        for place, column in enumerate(columns):
            self.setColumnHidden(place, place > 0 and place not in widths)
            self.setColumnWidth(place, widths.get(place, column.width))
        self._fitting = False
        gone = tuple(column.title for place, column in enumerate(columns) if self.isColumnHidden(place))
        if gone != self.gave_way:
            self.gave_way = gone
            self.fitted.emit()

    def _width_of(self, place: int) -> int:
        column = self._model.columns[place]
        if column.name in self._by_hand:
            return self._by_hand[column.name]
        # a head has air already: Qt keeps room for the arrow of sorting in each
        needed = max(self.sizeHintForColumn(place) + _AIR, self.horizontalHeader().sectionSizeHint(place))
        # a curve has no words by which to measure it
        return column.width if column.name == "curve" else min(needed, column.width)

    def _note_hand(self, place: int, _before: int, width: int) -> None:
        if not self._fitting and width and place < len(self._model.columns):
            self._by_hand[self._model.columns[place].name] = width

    def _set_widths(self) -> None:
        for place, column in enumerate(self._model.columns):
            if place:
                self.setItemDelegateForColumn(
                    place, self._curves if column.name == "curve" else self.itemDelegate()
                )
        self.fit()

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
        self.fit()
        if self._kept:
            self.select_folders(self._kept)
        if self._current in self._model.shown:
            current = self._model.index(self._model.shown.index(self._current), 0)
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
