"""The model of the table of runs: all of them, and which are shown in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.theme import Theme
from app.runs.branches import RunFamily
from app.runs.columns import RunsColumn, columns
from app.runs.rows import Details, RunRow
from app.runs.scores import score_title, score_words
from app.widgets.faults import Guarded
from app.widgets.tips import plain
from engine.choices import Invalid
from engine.runs.lists.query import query_of, unknown_names

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
TONE_ROLE = ROW_ROLE + 1
"""Number of the colour in which a run is drawn; None while it is not ticked where runs can be ticked."""
_WHOLE = QModelIndex()
_PLAIN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
_TICKABLE = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
"""Made once: selecting all asks for the flags of every cell, and joining enums takes 10 times as long."""

STATE_ICONS = {
    "waiting": ("clock", "text_muted"),
    "held": ("pause", "text_muted"),
    "not begun": ("circle", "text_muted"),
    "queued": ("hourglass", "text_muted"),
    "running": ("play", "accent"),
    "paused": ("pause", "warning"),
    "finished": ("circle-check", "success"),
    "stopped": ("square", "text_muted"),
    "interrupted": ("rotate-ccw", "warning"),
    "failed": ("circle-x", "danger"),
}


class RunsModel(Guarded, QAbstractTableModel):
    """Runs as rows, filtered by a query and sorted by a column. The first column can be ticked.

    Filtering and sorting happen here on Python's lists. A QSortFilterProxyModel asks `data` through Qt for
    both sides of each comparison, and removes rows one stretch after the other: with 10,000 runs a letter in
    the filter took 0.9 s and sorting by a score 6 s.
    """

    ticked_changed = Signal()

    def __init__(self, theme: Theme, tickable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._tickable = theme, tickable
        self._rows: dict[str, RunRow] = {}
        self._family: RunFamily | None = None
        self._shown: list[str] = []
        self._lines: dict[str, int] = {}
        # a dict keeps the order of ticking, which a set does not
        self._ticked: dict[str, None] = {}
        self._query = query_of("")
        self._sorted_by: RunsColumn | None = None
        self._descending = False
        self._icons: dict[str, QIcon] = {}
        self.columns = columns()
        # they have the colours of the theme that was
        theme.changed.connect(self._icons.clear)

    @property
    def rows(self) -> Sequence[RunRow]:
        """Return every run, those included that the filter hides."""
        return tuple(self._rows.values())

    @property
    def family(self) -> RunFamily:
        """Return which run is a branch of which, worked out anew where rows are new."""
        if self._family is None:
            self._family = RunFamily(self._rows.values())
        return self._family

    @property
    def shown(self) -> Sequence[str]:
        """Return the folders of the runs that are shown, from above."""
        return self._shown

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the folders of the ticked runs, in the order of ticking."""
        return tuple(self._ticked)

    @property
    def ticked_rows(self) -> list[RunRow]:
        """Return the ticked runs in the order of the table; those that the filter hides are the last."""
        hidden = len(self._shown)
        order = sorted(self._ticked, key=lambda folder: self._lines.get(folder, hidden))
        return [self._rows[folder] for folder in order]

    def row_of(self, folder: str) -> RunRow | None:
        return self._rows.get(folder)

    def set_rows(self, given: Iterable[RunRow]) -> None:
        """Take over these runs."""
        rows = {row.folder: row for row in given}
        # as lists: dicts are equal in any order
        if list(rows) == list(self._rows):
            # The same runs, as at most readings of the folder: only what is new of one is told.
            self._renew([row for folder, row in rows.items() if row != self._rows[folder]])
            return
        self._rows, self._family = rows, None
        self._arrange()
        kept = [folder for folder in self._ticked if folder in rows]
        if len(kept) < len(self._ticked):
            self.set_ticked(kept)

    def renew_row(self, row: RunRow) -> None:
        """Take over what is new of one run."""
        if row.folder in self._rows:
            self._renew([row])

    def add_details(self, found: Sequence[tuple[str, Details]]) -> None:
        """Take over what was read of some runs."""
        known = [(folder, details) for folder, details in found if folder in self._rows]
        self._renew([replace(self._rows[folder], details=details) for folder, details in known])

    def set_ticked(self, folders: Iterable[str]) -> None:
        known = {folder: None for folder in folders if folder in self._rows}
        if list(known) != list(self._ticked):
            self._ticked = known
            if self._shown:
                self._tell(0, len(self._shown) - 1)
            self.ticked_changed.emit()

    def set_filter(self, text: str) -> str:
        """Show the runs that a query asks for; return what is missing in it, when all stays as it was."""
        try:
            self._query = query_of(text)
        except Invalid as error:
            return str(error.problems[0].message)
        self._arrange()
        # only of an empty list: to ask every run for every name costs time, and a name that one has is right
        unknown = () if self._shown else unknown_names(self._query, self.rows)
        return tr("no run has a value called {names}", names=", ".join(unknown)) if unknown else ""

    def set_columns(self, wanted: Sequence[RunsColumn]) -> None:
        """Show these columns; the first is the one that can be ticked."""
        self.beginResetModel()
        self.columns = tuple(wanted)
        self.endResetModel()

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        wanted = self.columns[column] if 0 <= column < len(self.columns) else None
        descending = order == Qt.SortOrder.DescendingOrder
        if (wanted, descending) != (self._sorted_by, self._descending):  # Qt asks twice for each click
            self._sorted_by, self._descending = wanted, descending
            self._arrange()

    # --- which are shown, in which order --------------------------------------------------------------

    def _arrange(self) -> None:
        """Filter and sort all rows anew. The view keeps what was selected."""
        shown = [folder for folder, row in self._rows.items() if self._passes(row)]
        if self._sorted_by is not None:
            key = self._sorted_by.sort
            shown.sort(key=lambda folder: key(self._rows[folder]), reverse=self._descending)
        self.beginResetModel()
        self._shown = shown
        self._lines = {folder: line for line, folder in enumerate(shown)}
        self.endResetModel()

    def _renew(self, rows: Sequence[RunRow]) -> None:
        """Take over rows of runs that are known; nothing moves unless one now stands elsewhere."""
        places = [(self._place(self._rows[row.folder]), self._place(row)) for row in rows]
        self._rows.update((row.folder, row) for row in rows)
        self._family = None
        if any(before != after for before, after in places):
            self._arrange()
            return
        for row in rows:
            if (line := self._lines.get(row.folder)) is not None:
                self._tell(line, line)

    def _place(self, row: RunRow) -> object:
        """Return what says where a row stands: whether it is shown, and by what it is sorted."""
        return self._passes(row), None if self._sorted_by is None else self._sorted_by.sort(row)

    def _passes(self, row: RunRow) -> bool:
        return self._query.matches(row)

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # --- Qt -------------------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return plain(self.columns[section].meaning)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[section])
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _TICKABLE if index.column() == 0 and self._tickable else _PLAIN

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[self._shown[index.row()]], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._tip(row, column))
        if role == Qt.ItemDataRole.DecorationRole and column.name == "state":
            return self._icon(row.state)
        if role == TONE_ROLE:
            return row.colour if row.folder in self._ticked or not self._tickable else None
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0 and self._tickable:
            ticked = row.folder in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != 0:
            return False
        folder = self._shown[index.row()]
        # a view gives a number here
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.set_ticked([*self._ticked, folder])
        else:
            self.set_ticked([other for other in self._ticked if other != folder])
        return True

    def _tip(self, row: RunRow, column: RunsColumn) -> str:
        if column.name == "state":
            return row.entry.why or row.entry.trouble
        if column.name == "name":
            tags = " ".join(f"#{tag}" for tag in row.entry.tags)
            begun = tr("Begun from {parent}", parent=row.parent) if row.parent else ""
            return "\n".join(filter(None, (row.entry.name, tags, begun, row.entry.note, row.entry.folder)))
        if column.name in ("validation", "test"):
            scores = row.scores(column.name)
            lines = [f"{score_title(kind)}: {score_words(kind, value)}" for kind, value in scores.items()]
            return "\n".join([*lines, column.meaning])
        return ""

    def _icon(self, state: str) -> QIcon:
        if state not in self._icons:
            self._icons[state] = self._theme.icon(*STATE_ICONS[state])
        return self._icons[state]


def _side(column: RunsColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
