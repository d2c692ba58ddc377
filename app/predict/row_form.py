"""The form for one row: a field per column of the training data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_role
from app.modalities.wanted import WantedColumn
from app.widgets.labels import ElidedLabel, keep_apart, label
from app.widgets.tips import plain

_PAUSE = 150
_GAP, _LEAST_FIELD, _MOST_FIELD = 12, 112, 180
"""Pixels between name, field and hint, and the width that a field has at least, and for its words at most."""
_STRETCHES = (0, 2, 3)
"""What name, field and hint get of the room that is left."""
MOST_FIELDS = 200
"""Tables of genes have 20,000 columns, which nobody types, and as many fields would stop the window."""


class RowForm(QScrollArea):
    """Fields to type a row into. `edited` comes shortly after the last change."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self.names: list[ElidedLabel] = []
        self._hints: list[ElidedLabel] = []
        self._usual: dict[str, str] = {}
        """What columns without a field are taken to hold: the network wants a value of each."""
        self._grid = QGridLayout()
        self._beside: bool | None = None
        """Whether the hints stand beside the fields; None before they were placed."""
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.edited.emit)

    def show_columns(self, columns: Sequence[WantedColumn]) -> None:
        """Ask for these columns, each beginning with a value typical for training.

        Beyond the first so many there are no fields; the rest keep their value, which is said.
        """
        self.fields, self.names, self._hints = {}, [], []
        self._usual = {column.name: column.start for column in columns[MOST_FIELDS:]}
        inside = QWidget()
        set_role(inside, "ground")
        inside.setStyleSheet("background: transparent;")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(3)
        for place, share in enumerate(_STRETCHES):
            self._grid.setColumnStretch(place, share)
        for line, asked in enumerate(columns[:MOST_FIELDS]):
            field = self._field(asked)
            name = ElidedLabel(asked.name)
            name.setBuddy(field)
            self._grid.addWidget(name, 2 * line, 0)
            self.fields[asked.name] = field
            self.names.append(name)
            self._hints.append(ElidedLabel(asked.hint, "small"))
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 8, 8, 0)
        if self._usual:
            said = tr(
                "{count} more columns have no field here and keep the value that is usual in training; "
                "to give all of them, predict from a file.",
                count=len(self._usual),
            )
            whole.addWidget(label(said, "small", wrap=True))
        whole.addLayout(self._grid)
        whole.addStretch(1)
        self.setWidget(inside)
        # the fields are new: they are placed whatever the room is
        self._beside = None
        self._arrange()

    def _arrange(self) -> None:
        """Give the names their room first, at most half of it and what hints below the fields leave; these
        stand there where they have no room beside them.
        """
        room = self.viewport().width()
        widest = max((name.sizeHint().width() for name in self.names), default=0)
        hints = max((hint.sizeHint().width() for hint in self._hints), default=0)
        for field in self.fields.values():
            field.setMinimumWidth(_least(field))  # only now is it dressed
        fields = max((field.minimumWidth() for field in self.fields.values()), default=0)
        beside = widest + fields + hints + 3 * _GAP <= room
        most = room // 2 if beside else min(room // 2, room - max(fields, hints) - 2 * _GAP)
        most = max(most, room // 3)
        for name in self.names:
            name.setMinimumWidth(min(name.sizeHint().width(), most))
        keep_apart(self.names, most)
        for hint in self._hints:
            # else the layout shares what is short among names and hints, and cuts both
            hint.setMinimumWidth(min(hint.sizeHint().width(), room - most - _GAP))
        if beside == self._beside:
            return
        self._beside = beside
        for line, (field, hint) in enumerate(zip(self.fields.values(), self._hints, strict=True)):
            if beside:
                self._grid.addWidget(field, 2 * line, 1)
                self._grid.addWidget(hint, 2 * line, 2)
            else:
                self._grid.addWidget(field, 2 * line, 1, 1, 2)
                self._grid.addWidget(hint, 2 * line + 1, 1, 1, 2)
            hint.setVisible(bool(hint.text()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def row(self) -> dict[str, str]:
        """Return what is typed, column by column; an empty field is a missing value."""
        typed = {
            name: field.currentText() if isinstance(field, QComboBox) else field.text()
            for name, field in self.fields.items()
        }
        return typed | self._usual

    def _field(self, column: WantedColumn) -> QLineEdit | QComboBox:
        if column.kind == "words":
            combo = QComboBox()
            combo.setEditable(True)
            # Return would add what is typed to the words
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            combo.addItems(list(column.words))
            combo.setCurrentText(column.start)
            combo.setAccessibleName(column.name)
            # also what is typed: a word that training never saw may be tried
            combo.currentTextChanged.connect(lambda _: self._soon.start())
            return combo
        line = QLineEdit(column.start)
        line.setAccessibleName(column.name)
        line.setPlaceholderText(tr("missing"))
        line.setToolTip(plain(column.hint))
        line.textChanged.connect(lambda _: self._soon.start())
        return line


def _least(field: QLineEdit | QComboBox) -> int:
    """Return the width at which a value is seen whole: a date, or the longest of the words within reason."""
    words = field.sizeHint().width() if isinstance(field, QComboBox) else 0
    return min(max(words, _LEAST_FIELD), _MOST_FIELD)
