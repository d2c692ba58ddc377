"""The table of a layer list: input, layers and output, with what each puts out and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.forms.input_words import input_words
from app.forms.summary import short_settings
from app.language.numbers import whole
from app.language.words import title_of, tr
from app.look.theme import Theme
from app.widgets.faults import Guarded
from app.widgets.tips import plain
from engine.architectures.layer_kinds.layer import Effect, ListedLayer
from engine.architectures.layer_kinds.lines import (
    LayerLine,
    end_problems,
    output_effect,
    output_of,
    worked_out,
)
from engine.choices import Problem
from engine.data.description import Inputs, OutputForm

Index = QModelIndex | QPersistentModelIndex
_WHOLE = QModelIndex()
_ROW_MIME = "application/x-ravine-layer"
LAYER, SETTINGS, SHAPE, PARAMETERS, WORK = range(5)
BELOW = int(Qt.ItemDataRole.UserRole)
"""What stands smaller under a cell where the table is narrow."""
WRONG = BELOW + 1
"""Whether the row cannot fit."""


@dataclass(frozen=True)
class LayerRow:
    """A row as it is shown."""

    title: str
    settings: str = ""
    effect: Effect | None = None
    problem: str = ""


class LayerModel(Guarded, QAbstractTableModel):
    """Row 0 is the input, the last one the output; the layers stand between them."""

    dropped = Signal(int, int)
    """A layer is to go from one place of the list to another."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[LayerRow, ...] = ()
        self.lines: tuple[LayerLine, ...] = ()
        self.ending: tuple[Problem, ...] = ()
        """What stands against the end of the list."""
        theme.changed.connect(self._recolour)

    def show_layers(
        self, layers: Sequence[ListedLayer], inputs: Inputs | None, outputs: int, form: OutputForm = "example"
    ) -> None:
        """Show a list over such inputs and so many outputs; None and 0 where they are not known."""
        # a reset takes selection and scroll position away: only where rows come or go
        same = len(layers) + 2 == len(self._rows)
        if not same:
            self.beginResetModel()
        if inputs is None:
            self.lines, self.ending = tuple(LayerLine(layer, None, None) for layer in layers), ()
        else:
            self.lines = worked_out(layers, inputs)
            self.ending = end_problems(self.lines, inputs, form)
        self._rows = _rows(self.lines, self.ending, inputs, outputs)
        if same:
            self._recolour()
        else:
            self.endResetModel()

    @property
    def problems(self) -> tuple[str, ...]:
        """What cannot fit, in sentences."""
        return tuple(problem.message for line in self.lines for problem in line.problems) + tuple(
            problem.message for problem in self.ending
        )

    def totals(self) -> tuple[int, int] | None:
        """Return all parameters and multiply-adds, None where a layer does not fit."""
        effects = [row.effect for row in self._rows]
        if not effects or any(effect is None for effect in effects):
            return None
        known = [effect for effect in effects if effect is not None]
        return sum(one.parameters for one in known), sum(one.multiply_adds for one in known)

    def place(self, row: int) -> int | None:
        """Return which layer of the list stands in a row, None for input and output."""
        return row - 1 if 0 < row < len(self._rows) - 1 else None

    def _recolour(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, WORK))

    # --- Qt -----------------------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _WHOLE) -> int:
        return 0 if parent.isValid() else 5

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            titles = (tr("Layer"), tr("Settings"), tr("Puts out"), tr("Parameters"), tr("Multiply-adds"))
            return titles[section]
        if role == Qt.ItemDataRole.ToolTipRole and section == SHAPE:
            return tr("Channels × height × width of a picture, places × channels of a series")
        return _side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def data(self, index: Index, role: int = 0) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == BELOW:
            return self._below(row, index.column())
        if role == WRONG:
            return bool(row.problem)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._tint(index)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return plain(row.problem or self._tip(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = (self._text(index.row(), LAYER), row.settings, row.problem)
            return ", ".join(part for part in words if part)
        return _side(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            # on the ground alone: so a layer can be let go between rows, not onto one
            return Qt.ItemFlag.ItemIsDropEnabled
        # the output is added by itself: nothing can be done to it
        if index.row() == len(self._rows) - 1:
            return Qt.ItemFlag.ItemIsEnabled
        able = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return able if index.row() == 0 else able | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        # a type of its own: text dragged in from elsewhere is no layer
        return [_ROW_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        # a whole row is dragged: any of its cells tells which
        data.setData(_ROW_MIME, QByteArray(str(indexes[0].row() - 1).encode()))
        return data

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the move; False, so that the view takes no row away itself."""
        if data.hasFormat(_ROW_MIME) and row >= 0:
            start = int(data.data(_ROW_MIME).data())
            # row 0 is the input; and what is taken out first makes those behind it move up
            end = min(max(row - 1, 0), len(self.lines))
            self.dropped.emit(start, end - 1 if end > start else end)
        return False

    # --- cells --------------------------------------------------------------------------------------------

    def _text(self, number: int, column: int) -> str:
        row = self._rows[number]
        if column == LAYER:
            place = self.place(number)
            return row.title if place is None else f"{place + 1}  {row.title}"
        if column == SETTINGS:
            return row.settings
        if row.effect is None:
            return "–" if column == SHAPE else ""
        if column == SHAPE:
            return shape_words(row.effect.outputs.shape)
        value = row.effect.parameters if column == PARAMETERS else row.effect.multiply_adds
        return whole(value) if value else ""

    @staticmethod
    def _below(row: LayerRow, column: int) -> str:
        if column == LAYER:
            return row.settings
        if row.effect is None or not row.effect.parameters:
            return ""
        return tr("{count} parameters", count=whole(row.effect.parameters))

    @staticmethod
    def _tip(row: LayerRow) -> str:
        if row.effect is None:
            return row.settings
        words = tr(
            "{parameters} parameters, {work} multiply-adds an example",
            parameters=whole(row.effect.parameters),
            work=whole(row.effect.multiply_adds),
        )
        return f"{row.settings}\n{words}".strip()

    def _tint(self, index: Index) -> Any:
        if self._rows[index.row()].problem:
            return self._theme.color("danger")
        if self.place(index.row()) is None or index.column() == SETTINGS:
            return self._theme.color("text_muted")
        return None


def shape_words(shape: Sequence[int]) -> str:
    """Return a shape as it is written: 32 × 24 × 24."""
    return " × ".join(str(size) for size in shape)


def _rows(
    lines: Sequence[LayerLine], ending: Sequence[Problem], inputs: Inputs | None, outputs: int
) -> tuple[LayerRow, ...]:
    layers = [
        LayerRow(
            title_of(type(line.layer)),
            short_settings(line.layer),
            line.effect,
            "\n".join(problem.message for problem in line.problems),
        )
        for line in lines
    ]
    end = output_of(lines, inputs) if inputs is not None else None
    fits = end is not None and not ending and outputs > 0
    last = LayerRow(
        tr("Output"),
        tr("dense, added by itself"),
        output_effect(end, outputs) if fits and end is not None else None,
        "\n".join(problem.message for problem in ending),
    )
    first = LayerRow(tr("Input"), _kind_words(inputs), None if inputs is None else Effect(inputs))
    return (first, *layers, last)


def _kind_words(inputs: Inputs | None) -> str:
    if inputs is None:
        return tr("known once the data is read")
    return input_words()[inputs.kind].shape


def _side(column: int) -> int:
    side = Qt.AlignmentFlag.AlignLeft if column in (LAYER, SETTINGS) else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)
