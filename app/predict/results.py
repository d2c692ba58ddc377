"""What a prediction shows: bars of probabilities, numbers, a table of all rows, and the CSV file."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.language.numbers import number, percent
from app.language.words import tr
from app.views.drawing import Bar, BarList, BarRow, Drawing, Nothing
from app.widgets.faults import Guarded
from app.widgets.tips import plain
from engine.data.description import LIKELY
from engine.inference.results import Predicted, in_full, once, table_of

_MOST_BARS = 12
Index = QModelIndex | QPersistentModelIndex
_WHOLE = QModelIndex()
SORT_ROLE = int(Qt.ItemDataRole.UserRole)
"""The role of what cells are sorted by: numbers as numbers."""
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_LOOKED_AT = 5
"""Rows that say whether a column of the file holds numbers."""
_MOST_GIVEN = 50
"""So many columns of the file stand beside the predictions at most; the saved file has all."""


def bars(found: Predicted | None, row: int, waiting: str = "") -> Drawing:
    """Return one row's prediction as bars, the most likely class or label first; or its numbers."""
    if found is None or row >= len(found.values):
        return Nothing(waiting)
    if why := found.why_not(row):
        return Nothing(tr("No prediction: {why}", why=why))
    values = found.values[row]
    if found.kind == "numbers":
        lines = [
            BarRow(number(float(value), 5), name, ()) for name, value in zip(found.names, values, strict=True)
        ]
        return BarList(tuple(lines))
    # stable: equal shares stay in the order of the classes
    order = np.argsort(-np.nan_to_num(values), kind="stable")[:_MOST_BARS].tolist()
    said = values >= LIKELY if found.kind == "labels" else np.arange(len(values)) == order[0]
    return BarList(
        tuple(
            BarRow(
                found.names[index],
                "",
                (_bar(float(values[index]), said=bool(said[index])),),
                tone="text" if said[index] else "text_muted",
                note=f"{found.names[index]}: {percent(float(values[index]), 2)}",
            )
            for index in order
        )
    )


def _bar(share: float, *, said: bool) -> Bar:
    """Return the bar of a share, toned as what is predicted or as the rest; none where it reads 0.0 %."""
    text = percent(share, 1)
    return Bar(share if text != percent(0.0, 1) else 0.0, text, "accent" if said else "border_strong")


def save_csv(found: Predicted, path: Path) -> None:
    """Write all predictions as CSV (UTF-8 with a mark, which spreadsheets need); raises OSError."""
    # csv ends the lines itself
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=found.separator).writerows(table_of(found))


class PredictionsModel(Guarded, QAbstractTableModel):
    """All predictions of a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header: tuple[str, ...] = ()
        self._found: Predicted | None = None
        self._key: int | None = None
        self._beside: tuple[int, ...] = ()

    def show_predictions(self, found: Predicted | None) -> None:
        self.beginResetModel()
        self._found = found
        # Once for all cells: what names the rows is found out from all of them.
        self._key = None if found is None else _key(found)
        self._beside = () if found is None else _beside(found, self._key)
        self._header = () if found is None else _titles(found, self._key, self._beside)
        self.endResetModel()

    @property
    def answers(self) -> int:
        """Return how many of the first columns name a row and say what is predicted for it."""
        return len(self._header) - len(self._beside)

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() or self._found is None else len(self._found.rows)

    @override
    def columnCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._header)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._header[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._header[section])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return None

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        if self._found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._found, index.row(), index.column())
        if role == SORT_ROLE:
            return self._order(self._found, index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(self._found, index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        return None

    def _tip(self, found: Predicted, row: int, column: int) -> str | None:
        """Return what a cell has no room for: why there is no prediction, a number in full, a long text."""
        if why := found.why_not(row):
            return plain(why)
        if found.kind != "numbers":
            return plain(self._text(found, row, column)) if column < 2 else None
        place = column - 1
        # five figures, as the cell shows, tell nothing of seconds since 1970
        known = 0 <= place < found.values.shape[1]
        return in_full(float(found.values[row, place]), found.decimal) if known else None

    def _side(self, column: int) -> int:
        """Return where a cell stands: numbers at the right, by the first rows."""
        found = self._found
        words = column == 0 or (found is not None and found.kind != "numbers" and column == 1)
        if found is not None and column >= self.answers:
            first = (self._text(found, row, column) for row in range(min(len(found.rows), _LOOKED_AT)))
            words = not all(_NUMBER.fullmatch(cell) for cell in first if cell)
        side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _text(self, found: Predicted, row: int, column: int) -> str:
        if column == 0:
            return _name(found, row, self._key)
        given = column - self.answers
        if given >= 0:
            return found.cells[row][self._beside[given]]
        if found.why_not(row):
            return tr("no prediction") if column == 1 else ""
        values = found.values[row]
        if found.kind == "numbers":
            return number(float(values[column - 1]), 5)
        if found.kind not in ("classes", "labels"):
            return found.texts[row].replace("\n", "↵")
        if column == 1:
            return found.names[int(values.argmax())] if found.kind == "classes" else found.texts[row]
        return percent(float(values[column - 2]), 1)

    def _order(self, found: Predicted, row: int, column: int) -> Any:
        """Return what a cell is sorted by; rows without a prediction come first or last."""
        place = column - (1 if found.kind == "numbers" else 2)
        if 0 <= place < found.values.shape[1]:
            value = float(found.values[row, place])
            # NaN is neither less nor more than anything, and would leave the order to chance
            return value if np.isfinite(value) else float("-inf")
        if column == 0 and self._key is None:
            return row
        text = self._text(found, row, column)
        try:
            # the cells of a file may have decimal commas
            return float(text.replace(",", "."))
        except ValueError:
            return text


def _key(found: Predicted) -> int | None:
    """Return which given column names the rows: the first in which each cell is another word or number."""
    for place in range(len(found.columns)):
        cells = [row[place] for row in found.cells]
        # numbers with a fraction are measured, and name nothing
        plain = not any("." in cell or "," in cell for cell in cells)
        if plain and len(cells) > 1 and len(set(cells)) == len(cells):
            return place
    return None


def _name(found: Predicted, row: int, key: int | None) -> str:
    if len(found.columns) == 1:
        return found.cells[row][0]
    return found.rows[row] if key is None else found.cells[row][key]


def _beside(found: Predicted, key: int | None) -> tuple[int, ...]:
    """Return the places of the given columns that stand beside the predictions."""
    if len(found.columns) < 2:
        return ()
    return tuple(place for place in range(len(found.columns)) if place != key)[:_MOST_GIVEN]


def _titles(found: Predicted, key: int | None, beside: tuple[int, ...]) -> tuple[str, ...]:
    """Return the heads of all columns, no two of them the same: a file may hold the answers, too."""
    given = [found.columns[place] for place in beside]
    return tuple(once([_first_column(found, key), *_answers(found), *given]))


def _answers(found: Predicted) -> tuple[str, ...]:
    match found.kind:
        case "numbers":
            return tuple(tr("Prediction of {name}", name=name) for name in found.names)
        case "classes" | "labels":
            # a probability is told by its percent, and short heads leave room
            shares = (
                tr("Probability of {name}", name=name) if name in found.columns else name
                for name in found.names
            )
            return (tr("Prediction"), *shares)
        case "tags":
            return (tr("Words and tags"),)
        case "tokens":
            return (tr("Written"),)
    return (tr("Translation"),)


def _first_column(found: Predicted, key: int | None) -> str:
    """Return what names the inputs: their only column, or which row, picture or series it is."""
    if len(found.columns) == 1:
        return tr("Text") if found.columns == ("text",) else found.columns[0]
    if key is not None:
        return found.columns[key]
    if found.behind:
        return tr("Series")
    return tr("Row") if found.pixels is None else tr("Picture")
