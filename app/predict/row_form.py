"""The form for one row: a field per column of the training data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.predict.inputs import Column
from app.style import set_role
from app.widgets.labels import ElidedLabel, label
from app.widgets.tips import plain
from app.words import tr

_PAUSE = 150


class RowForm(QScrollArea):
    """Fields to type a row into. `edited` comes shortly after the last change."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.edited.emit)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Ask for these columns, each beginning with a value typical for training."""
        self.fields = {}
        inside = QWidget()
        set_role(inside, "ground")
        inside.setStyleSheet("background: transparent;")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        for line, column in enumerate(columns):
            field = self._field(column)
            name = ElidedLabel(column.name)
            name.setBuddy(field)
            grid.addWidget(name, line, 0)
            grid.addWidget(field, line, 1)
            grid.addWidget(label(column.hint, "small"), line, 2)
            self.fields[column.name] = field
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 8, 8, 0)
        whole.addLayout(grid)
        whole.addStretch(1)
        self.setWidget(inside)

    def row(self) -> dict[str, str]:
        """Return what is typed, column by column; an empty field is a missing value."""
        return {
            name: field.currentText() if isinstance(field, QComboBox) else field.text()
            for name, field in self.fields.items()
        }

    def _field(self, column: Column) -> QLineEdit | QComboBox:
        if column.kind == "words":
            combo = QComboBox()
            combo.setEditable(True)
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            combo.addItems(list(column.words))
            combo.setCurrentText(column.start)
            combo.setAccessibleName(column.name)
            combo.currentTextChanged.connect(lambda _: self._soon.start())
            return combo
        line = QLineEdit(column.start)
        line.setAccessibleName(column.name)
        line.setPlaceholderText(tr("missing"))
        line.setToolTip(plain(column.hint))
        line.textChanged.connect(lambda _: self._soon.start())
        return line
