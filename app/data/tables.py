"""The tables of the data page: the first rows, and the columns with what became of each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from app.data.column_types import chosen_types, columns_of, found_type, types_of
from app.data.target import targets_of
from app.language.numbers import number, percent, whole
from app.language.words import tr
from app.widgets.faults import Guarded
from app.widgets.tips import plain
from engine.data.inspection.records import ColumnFacts, Inspection
from engine.data.source import Source

_MOST_LETTERS, _MOST_FREQUENT = 24, 3
"""Letters of a value, and values, that stand among the statistics; all are in the tip."""
Index = QModelIndex | QPersistentModelIndex
_WHOLE = QModelIndex()
COUNTS_ROLE = int(Qt.ItemDataRole.UserRole)
TYPE, MISSING, DIFFERENT, DISTRIBUTION, STATISTICS, BECAME = range(2, 8)
# One point at most: 09.09.2024, 192.168.0.1 and 10.2.1 are dates, addresses and versions, and no float.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class RowsModel(Guarded, QAbstractTableModel):
    """The first rows, as they stand in the data or as the network receives them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header: Sequence[str] = ()
        self._found: Inspection | None = None
        self._received = False
        self._targets: frozenset[str] = frozenset()
        self._sides: dict[int, int] = {}

    def show_inspection(self, found: Inspection | None, received: bool) -> None:
        self.beginResetModel()
        self._found, self._received = found, received
        self._header = ()
        self._targets = frozenset()
        self._sides = {}
        if found is not None:
            names = found.description.inputs.names if received and found.description else found.header
            self._header = names
            self._targets = frozenset(targets_of(found))
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        # Qt asks for the rows below a cell as well, as of a tree
        if parent.isValid() or self._found is None:
            return 0
        received = self._found.received
        if self._received:
            return 0 if received is None else len(received)
        return len(self._found.rows)

    @override
    def columnCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._header)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return str(section + 1)
            name = self._header[section]
            return f"◎ {name}" if name in self._targets and not self._received else name
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return plain(self._header[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return self._side(section)
        return None

    def _side(self, column: int) -> int:
        """Numbers stand at the right, words at the left, by the first rows; found once for all cells."""
        if column not in self._sides:
            self._sides[column] = self._find_side(column)
        return self._sides[column]

    def _find_side(self, column: int) -> int:
        found = self._found
        words = (
            [] if self._received or found is None else [row[column] for row in found.rows[:5] if row[column]]
        )
        # what the network receives is numbers throughout: `all` of nothing is true
        numeric = all(_NUMBER.fullmatch(word) for word in words)
        side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        if self._found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if self._received and self._found.received is not None:
                return number(float(self._found.received[index.row(), index.column()]))
            return shortened(self._found.rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.ToolTipRole and not self._received:
            return plain(self._found.rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        return None


def shortened(text: str) -> str:
    """Return a number with a long tail of digits to seven figures; everything else as it is.

    >>> shortened("-1.3377156830117143"), shortened("31.12.2024"), shortened("5.1")
    ('-1.337716', '31.12.2024', '5.1')
    """
    return f"{float(text):.7g}" if len(text) > 9 and "." in text and _NUMBER.fullmatch(text) else text


class ColumnsModel(Guarded, QAbstractTableModel):
    """One row per column of the data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: Sequence[ColumnFacts] = ()
        self._count = 0
        self._found: Inspection | None = None
        self._types: Mapping[str, str] = {}
        self._chosen: Mapping[str, str] = {}
        self._titles = (
            tr("Column"),
            tr("Role"),
            tr("Type"),
            tr("Missing"),
            tr("Different"),
            tr("Distribution"),
            tr("Statistics"),
            tr("What the network receives"),
        )
        self._meanings = (
            "",
            tr("Input: the network sees it. Target: it is to be predicted. Left out: it cannot help."),
            tr("What the cells are, as it was found out or chosen by you"),
            tr("How many cells are empty"),
            tr("How many different values occur"),
            tr("How often which values occur: numbers from small to large, words from frequent to rare"),
            tr("Mean ± standard deviation [least … most] of numbers, the most frequent words of the rest"),
            tr("The numbers that the column becomes. What they need, such as mean and standard deviation, "
               "is found in the training part alone."),
        )  # fmt: skip

    def show_inspection(self, found: Inspection | None, source: Source | None = None) -> None:
        """Show the columns of the data, with the types that can be chosen for the columns of `source`."""
        self.beginResetModel()
        self._found = found
        self._types = types_of(source) if source is not None else {}
        self._chosen = chosen_types(source) if source is not None else {}
        self._columns = () if found is None else columns_of(found, source) if source else found.columns
        self._count = found.count if found else 0
        self.endResetModel()

    @property
    def types(self) -> Mapping[str, str]:
        """Return the types that may be chosen, with what they are called; empty: none."""
        return self._types

    def column_at(self, row: int) -> ColumnFacts:
        return self._columns[row]

    def says(self, column: int) -> bool:
        """Return whether a column of this table tells anything of any column of the data."""
        told: dict[int, Callable[[ColumnFacts], object]] = {
            MISSING: lambda facts: facts.kind,
            DIFFERENT: lambda facts: facts.kind,
            DISTRIBUTION: lambda facts: facts.counts,
            STATISTICS: lambda facts: facts.statistics or facts.words,
            BECAME: lambda facts: facts.became,
        }
        return column not in told or any(map(told[column], self._columns))

    def chosen_type(self, row: int) -> str:
        """Return the type that was chosen by hand of a column, "" where it was found out."""
        return self._chosen.get(self._columns[row].name, "")

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def columnCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._meanings[section])
        return _side_of(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        facts = self._columns[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side_of(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(facts, index.column())
        if role == COUNTS_ROLE and index.column() == DISTRIBUTION:
            return facts.counts
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._tip(facts, index.column()))
        return None

    def _type_words(self, facts: ColumnFacts) -> str:
        kind = self._chosen.get(facts.name, "")
        if not kind and not facts.kind and self._found is not None:
            kind = found_type(facts.name, self._found)
        return self._types.get(kind or facts.kind) or tr(facts.kind)

    def _text(self, facts: ColumnFacts, column: int) -> str:
        # what was not read was not counted either: "0" would be untrue
        if column == MISSING:
            return missing_words(facts.missing, self._count) if facts.kind else ""
        texts = (
            facts.name,
            tr(facts.role),
            self._type_words(facts),
            "",
            whole(facts.different) if facts.kind else "",
            "",
            statistics_words(facts),
            facts.became,
        )
        return texts[column]

    def _tip(self, facts: ColumnFacts, column: int) -> str:
        if column == DISTRIBUTION and facts.words:
            pairs = zip(facts.words, facts.counts, strict=False)
            return "\n".join(f"{word}: {whole(count)}" for word, count in pairs)
        if column == TYPE and self._types:
            how = tr("chosen by you") if facts.name in self._chosen else tr("as found")
            way = tr("A click, or Return, offers the types that this column can have.")
            return tr("{type}, {how}\n{way}", type=self._type_words(facts), how=how, way=way)
        if column in (DISTRIBUTION, STATISTICS) and facts.statistics:
            return "\n".join(f"{tr(name)}: {number(value, 4)}" for name, value in facts.statistics)
        return self._text(facts, column)


def _day(days: float) -> str:
    """Return a number of days since 1970 as a date, in the range that Python's dates have."""
    try:
        # floor: before 1970 cutting off would lead to the next day
        return str(date(1970, 1, 1) + timedelta(days=math.floor(days)))
    except OverflowError:
        return number(days)


def _side_of(column: int) -> int:
    """Counts stand at the right, everything else at the left."""
    side = Qt.AlignmentFlag.AlignRight if column in (MISSING, DIFFERENT) else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def missing_words(missing: int, count: int) -> str:
    """Return "0" or "12 (3 %)"."""
    return "0" if not missing else f"{whole(missing)} ({percent(missing / max(count, 1))})"


def _cut(word: str) -> str:
    """Return a value as it fits among others: of a text its beginning."""
    return word if len(word) <= _MOST_LETTERS else word[: _MOST_LETTERS - 1].rstrip() + "…"


def statistics_words(facts: ColumnFacts) -> str:
    """Return the most telling numbers of a column, or its most frequent words."""
    known = dict(facts.statistics)
    if known and facts.kind != "date":
        spread = tr("{mean} ± {deviation}", mean=number(known["mean"]), deviation=number(known["deviation"]))
        return f"{spread}\n[{number(known['least'])} … {number(known['most'])}]"
    if known:
        return f"{_day(known['least'])} …\n{_day(known['most'])}"
    return ", ".join(_cut(word) for word in facts.words[:_MOST_FREQUENT]) + (
        ", …" if len(facts.words) > _MOST_FREQUENT else ""
    )


def quiet_table(name: str) -> QTableView:
    """Return a table that only shows."""
    table = QTableView()
    make_quiet(table, name)
    return table


def make_quiet(table: QTableView, name: str) -> None:
    """Dress a table that only shows."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    # Tab leaves the table, as it leaves every other field
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    # Qt cuts a head off at its left where the column stands at the right, and tells nothing of it
    table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    # by pixels: a row of sentences can be taller than what is seen of the table
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().setDefaultSectionSize(26)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
