"""The table of a layer list as a widget: narrow in two lines a layer, wide with a column for everything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from app.forms.layer_model import (
    BELOW,
    LAYER,
    PARAMETERS,
    SETTINGS,
    SHAPE,
    WORK,
    WRONG,
    LayerModel,
)
from app.language.words import tr
from app.look.theme import Theme
from app.widgets.faults import Guarded

_NARROW_ROW, _WIDE_ROW = 38, 30
_SHOWN_ROWS = 9
_WIDTHS = {SHAPE: 142, PARAMETERS: 100, WORK: 116}


class LayerTable(QTableView):
    """Chooses a layer; keys move, remove and add layers, and the mouse drags them."""

    move_asked = Signal(int)
    remove_asked = Signal()
    add_asked = Signal()

    def __init__(self, model: LayerModel, theme: Theme, *, narrow: bool) -> None:
        super().__init__()
        self._narrow = narrow
        self.setModel(model)
        self.setAccessibleName(tr("Layers"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the table, as it leaves every other field
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        # a table's usual mode drops onto cells and empties those it took from
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setDefaultSectionSize(_NARROW_ROW if narrow else _WIDE_ROW)
        self.horizontalHeader().setHighlightSections(False)
        self._delegate = _RowDelegate(theme, two_lines=narrow, parent=self)
        self.setItemDelegate(self._delegate)
        self._fit_columns()
        if narrow:
            model.modelReset.connect(self._fit_height)
            self._fit_height()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(40)
        for column in (SETTINGS, PARAMETERS, WORK):
            self.setColumnHidden(column, self._narrow)
        header.setSectionResizeMode(SETTINGS, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(
            LAYER, QHeaderView.ResizeMode.Stretch if self._narrow else QHeaderView.ResizeMode.Interactive
        )
        self.setColumnWidth(LAYER, 180)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)

    def _fit_height(self) -> None:
        # the column around it scrolls: a short list is seen whole
        rows = min(self.model().rowCount(), _SHOWN_ROWS)
        self.setFixedHeight(rows * _NARROW_ROW + self.horizontalHeader().sizeHint().height() + 2)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if key == Qt.Key.Key_Up else 1)
        # the key that says Delete on a Mac is Qt's Backspace
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.add_asked.emit()
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        """Keep Ctrl with the arrows, which scroll areas above would otherwise take."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                event.accept()
                return True
        return super().event(event)


class _RowDelegate(Guarded, QStyledItemDelegate):
    """Paints a cell in one or two lines, and a red edge before a row that does not fit."""

    def __init__(self, theme: Theme, *, two_lines: bool, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme, self._two_lines, self._table = theme, two_lines, parent

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, _NARROW_ROW if self._two_lines else _WIDE_ROW)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area: QRect = option.rect
        self._ground(painter, area, bool(option.state & QStyle.StateFlag.State_Selected), index)
        side = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
        side &= Qt.AlignmentFlag.AlignHorizontal_Mask
        inside = area.adjusted(10, 3, -6, -3)
        below = str(index.data(BELOW) or "") if self._two_lines else ""
        painter.setFont(self._theme.font("text", "medium" if index.column() == LAYER else "regular"))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole) or self._theme.color("text"))
        upright = Qt.AlignmentFlag.AlignTop if below else Qt.AlignmentFlag.AlignVCenter
        _write(painter, inside, str(index.data() or ""), side | upright)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text_muted"))
        _write(painter, inside, below, side | Qt.AlignmentFlag.AlignBottom)
        painter.restore()

    def _ground(
        self, painter: QPainter, area: QRect, selected: bool, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        wrong = bool(index.data(WRONG))
        if selected:
            painter.fillRect(area, self._theme.color("selection"))
        elif wrong:
            painter.fillRect(area, self._theme.color("danger_soft"))
        if wrong and index.column() == LAYER:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), self._theme.color("danger"))
        painter.setPen(self._theme.color("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if selected and self._table.hasFocus() and index.column() == LAYER:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), self._theme.color("focus"))


def _write(painter: QPainter, area: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, side | Qt.TextFlag.TextSingleLine, shown)
