"""What a prediction shows: bars of probabilities, numbers, a table of all rows, and the CSV file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.views.drawing import Bar, BarList, BarRow, Drawing, Nothing, series_tone
from app.views.numbers import number, percent
from app.words import tr
from engine.runs.results import Predicted

_MOST_BARS = 12
Index = QModelIndex | QPersistentModelIndex
_WHOLE = QModelIndex()


def bars(found: Predicted | None, row: int) -> Drawing:
    """Return one row's prediction as bars, the most likely class first; or its numbers."""
    if found is None or row >= len(found.values):
        return Nothing(tr("The prediction appears here."))
    values = found.values[row]
    if found.kind == "numbers":
        lines = [
            BarRow(number(float(value), 5), name, ()) for name, value in zip(found.names, values, strict=True)
        ]
        return BarList(tuple(lines))
    order = np.argsort(-np.nan_to_num(values), kind="stable")[:_MOST_BARS].tolist()
    return BarList(
        tuple(
            BarRow(
                found.names[index],
                "",
                (Bar(float(values[index]), percent(float(values[index]), 1), series_tone(index)),),
                tone="text" if place == 0 else "text_muted",
                note=f"{found.names[index]}: {percent(float(values[index]), 2)}",
            )
            for place, index in enumerate(order)
        )
    )


def table(found: Predicted) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and the rows of all predictions, numbers in full."""
    if found.kind == "numbers":
        header = (tr("row"), *found.names)
        return header, [
            (name, *(f"{float(value):.9g}" for value in values))
            for name, values in zip(found.rows, found.values, strict=True)
        ]
    header = (tr("row"), tr("prediction"), *(tr("probability of {name}", name=name) for name in found.names))
    best = found.values.argmax(axis=1) if len(found.values) else []
    return header, [
        (name, found.names[int(index)], *(f"{float(value):.6f}" for value in values))
        for name, index, values in zip(found.rows, best, found.values, strict=True)
    ]


def save_csv(found: Predicted, path: Path) -> None:
    """Write all predictions as CSV (UTF-8 with a mark, which spreadsheets need); raises OSError."""
    header, rows = table(found)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


class PredictionsModel(QAbstractTableModel):
    """All predictions of a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header: tuple[str, ...] = ()
        self._found: Predicted | None = None

    def show_predictions(self, found: Predicted | None) -> None:
        self.beginResetModel()
        self._found = found
        self._header = () if found is None else _columns(found)
        self.endResetModel()

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
        return None

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        if self._found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._found, index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            words = index.column() == 0 or (self._found.kind == "classes" and index.column() == 1)
            side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, found: Predicted, row: int, column: int) -> str:
        if column == 0:
            return found.rows[row]
        values = found.values[row]
        if found.kind == "numbers":
            return number(float(values[column - 1]), 5)
        if column == 1:
            return found.names[int(values.argmax())]
        return percent(float(values[column - 2]), 1)


def _columns(found: Predicted) -> tuple[str, ...]:
    if found.kind == "numbers":
        return (tr("Row"), *found.names)
    return (tr("Row"), tr("Prediction"), *found.names)
