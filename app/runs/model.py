"""The table of runs: a model over rows, and what paints a run's swatch and curve in it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.look.theme import Theme
from app.runs.rows import Details, Row
from app.runs.scores import score_title, score_words
from app.views.headline import more_is_better
from app.widgets.faults import Guarded
from app.widgets.tips import plain
from engine.choices import Family

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = int(Qt.ItemDataRole.UserRole)
ROW_ROLE = SORT_ROLE + 1
TONE_ROLE = SORT_ROLE + 2
"""Number of the colour in which a run is drawn; None while it is not ticked where runs can be ticked."""
_WHOLE = QModelIndex()

STATE_ICONS = {
    "queued": ("hourglass", "text_muted"),
    "running": ("play", "accent"),
    "paused": ("pause", "warning"),
    "finished": ("circle-check", "success"),
    "stopped": ("square", "text_muted"),
    "interrupted": ("rotate-ccw", "warning"),
    "failed": ("circle-x", "danger"),
}


@dataclass(frozen=True)
class Column:
    """A column: what it is called and means, what a cell says, and by what it is sorted."""

    name: str
    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any]
    width: int
    right: bool = False
    meaning: str = ""


def _lacking_last(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _architecture(row: Row) -> str:
    return row.architecture


def _optimizer(row: Row) -> str:
    return row.optimizer


def _best(row: Row) -> float:
    return _lacking_last(row.best)


def _seconds(row: Row) -> float:
    return row.entry.seconds


def _started(row: Row) -> float:
    return row.entry.started


def _validation(row: Row) -> str:
    """Return the score with its name, of a run under way with the epoch that it is of."""
    kind, value = row.score("validation")
    if not kind or not math.isfinite(value):
        return score_words(kind, value)
    words = f"{score_title(kind)} {score_words(kind, value)}"
    if row.entry.state in ("running", "paused"):
        return tr("{score} so far", score=words)
    return words


def _test(row: Row) -> str:
    kind, value = row.score("test")
    if math.isfinite(value):
        return f"{score_title(kind)} {score_words(kind, value)}"
    return tr("not looked at") if row.entry.metrics.get("test") else score_words(kind, value)


def columns() -> tuple[Column, ...]:
    """Return the columns in the language of now."""
    return (
        Column("name", tr("Name"), lambda row: row.entry.name, lambda row: row.entry.name.casefold(), 190),
        Column("state", tr("Status"), _state, lambda row: row.entry.state, 140),
        Column("architecture", tr("Architecture"), _architecture, _architecture, 150),
        Column("optimizer", tr("Optimizer"), _optimizer, _optimizer, 110),
        Column(
            "best",
            tr("Best loss"),
            lambda row: number(row.best),
            _best,
            86,
            True,
            tr("The lowest loss on the validation part over all epochs; its weights are kept"),
        ),
        Column(
            "validation",
            tr("Validation score"),
            _validation,
            _sorted_score("validation"),
            188,
            meaning=tr(
                "The score that says most of such a run, on the validation part: of the kept weights where "
                "it has ended, of the newest epoch while it goes on"
            ),
        ),
        Column(
            "test",
            tr("Test score"),
            _test,
            _sorted_score("test"),
            150,
            meaning=tr(
                "The same score on the test part, shown once you have looked at it under Test & Predict"
            ),
        ),
        Column("seed", tr("Seed"), _seed, lambda row: -1 if row.seed is None else row.seed, 56, True),
        Column("time", tr("Time"), lambda row: duration(row.entry.seconds), _seconds, 64, True),
        Column("started", tr("Started"), lambda row: moment(row.entry.started), _started, 146),
        Column("curve", tr("Curve"), lambda row: "", _best, 90),
    )


def _state(row: Row) -> str:
    if row.entry.state in ("running", "paused") and row.entry.epochs:
        return tr(
            "{state} {epoch}/{epochs}",
            state=tr(row.entry.state),
            epoch=row.entry.epoch,
            epochs=row.entry.epochs,
        )
    return tr(row.entry.state)


def _seed(row: Row) -> str:
    return "" if row.seed is None else str(row.seed)


def _sorted_score(part: str) -> Callable[[Row], float]:
    return lambda row: score_place(*row.score(part))


def score_place(kind: str, value: float) -> float:
    """Return what scores are sorted by: those of one kind stand together, the best first, lacking ones last.

    Qt compares numbers only: every kind has a range of 1, into which its scores are pressed.
    """
    if not math.isfinite(value):
        return math.inf
    kinds = sorted(Family.every["metrics"])
    place = kinds.index(kind) if kind in kinds else len(kinds)
    return place + 0.5 + math.atan(-value if more_is_better(kind) else value) / 4


def duration(seconds: float) -> str:
    """Return a time as people read it: 00:16, 1:02:03, < 1 s."""
    if not math.isfinite(seconds):
        return "–"
    if 0 < seconds < 1:
        return tr("< 1 s")
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock


def moment(stamp: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(stamp)) if stamp > 0 else "–"


class RunsModel(Guarded, QAbstractTableModel):
    """Runs as rows. The first column can be ticked; ticked runs are compared."""

    ticked_changed = Signal()

    def __init__(self, theme: Theme, tickable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._tickable = theme, tickable
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._ticked: list[str] = []
        self._icons: dict[str, QIcon] = {}
        self.columns = columns()
        theme.changed.connect(self._icons.clear)

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the folders of the ticked runs, in the order of ticking."""
        return tuple(self._ticked)

    def row_of(self, folder: str) -> Row | None:
        place = self._places.get(folder)
        return None if place is None else self._rows[place]

    def set_rows(self, given: Sequence[Row]) -> None:
        """Show these runs."""
        rows = list(given)
        if [row.folder for row in rows] == [row.folder for row in self._rows]:
            self._renew(rows)
            return
        self.beginResetModel()
        self._take(rows)
        kept = [folder for folder in self._ticked if folder in self._places]
        changed, self._ticked = kept != self._ticked, kept
        self.endResetModel()
        if changed:
            self.ticked_changed.emit()

    def renew_row(self, row: Row) -> None:
        """Take over what is new of one run."""
        place = self._places.get(row.folder)
        if place is not None and self._rows[place] != row:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def add_details(self, found: Sequence[tuple[str, Details]]) -> None:
        """Take over what was read of some runs."""
        for folder, details in found:
            place = self._places.get(folder)
            if place is not None:
                self.renew_row(replace(self._rows[place], details=details))

    def set_ticked(self, folders: Sequence[str]) -> None:
        known = [folder for folder in folders if folder in self._places]
        if known != self._ticked:
            self._ticked = known
            if self._rows:
                self.dataChanged.emit(
                    self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1)
                )
            self.ticked_changed.emit()

    def _renew(self, rows: list[Row]) -> None:
        """Change only the rows that are different, so that selection and scrolling stay."""
        before = self._rows
        self._take(rows)
        for place, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def _take(self, rows: list[Row]) -> None:
        self._rows = rows
        self._places = {row.folder: place for place, row in enumerate(rows)}

    # --- Qt -------------------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._rows)

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
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 and self._tickable else flags

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == SORT_ROLE:
            return column.sort(row)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._tip(row, column))
        if role == Qt.ItemDataRole.DecorationRole and column.name == "state":
            return self._icon(row.entry.state)
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
        folder = self._rows[index.row()].folder
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.set_ticked([*self._ticked, folder])
        else:
            self.set_ticked([other for other in self._ticked if other != folder])
        return True

    def _tip(self, row: Row, column: Column) -> str:
        if column.name == "state":
            return row.entry.why or row.entry.trouble
        if column.name == "name":
            return "\n".join(filter(None, (row.entry.name, row.entry.note, row.entry.folder)))
        if column.name in ("validation", "test"):
            scores = row.scores(column.name)
            lines = [f"{score_title(kind)}: {score_words(kind, value)}" for kind, value in scores.items()]
            return "\n".join([*lines, column.meaning])
        return ""

    def _icon(self, state: str) -> QIcon:
        if state not in self._icons:
            self._icons[state] = self._theme.icon(*STATE_ICONS[state])
        return self._icons[state]


def _side(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class RunsOrder(Guarded, QSortFilterProxyModel):
    """The same runs, filtered by words and sorted by a column."""

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self._model = model
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

    def set_filter(self, text: str) -> None:
        """Show the runs that hold every word of `text`."""
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def folders(self) -> list[str]:
        """Return the folders of the runs that the filter shows, in their order."""
        return [self.index(place, 0).data(ROW_ROLE).folder for place in range(self.rowCount())]

    def ticked(self) -> list[Row]:
        """Return the ticked runs in their order; those that the filter hides are the last."""
        ticked = dict.fromkeys(self._model.ticked)
        shown = [folder for folder in self.folders() if folder in ticked] if ticked else []
        every = dict.fromkeys((*shown, *ticked))
        return [row for folder in every if (row := self._model.row_of(folder)) is not None]

    @override
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if not self._words:
            return True
        said = self._model.rows[source_row].words
        return all(word in said for word in self._words)
