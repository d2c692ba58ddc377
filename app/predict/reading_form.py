"""How a file is read, where it is not to be as in training: the settings of the run's source, folded away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document.document import DataFacts
from app.forms.editor import Context
from app.forms.record import RecordForm
from app.forms.table import editor_for
from app.language.words import tr
from app.look.tab_order import stops_of
from app.look.theme import Theme
from app.widgets.labels import ElidedLabel
from engine.choices import Setting, fields
from engine.choices.settings import PATHS
from engine.data.source import Source
from engine.data.tables.read.workbooks.sheet_names import sheet_names

_PAUSE = 400
_ABOVE = 40
"""Pixels above the field that is entered."""
_LEAST_HEIGHT = 240
"""Pixels of the unfolded settings: eight are seen at once."""


class ReadingForm(QWidget):
    """Shows the settings as they were in training, chosen or found; `edited` comes shortly after a change."""

    edited = Signal()
    stands = Signal(str)
    """How files are read, in a few words; "" where nothing can be told of it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trained: Source | None = None
        self._found: Mapping[str, object] = {}
        self.form: RecordForm | None = None
        self.unfold = QToolButton()
        self.unfold.setText(tr("How files are read"))
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setCheckable(True)
        self.unfold.toggled.connect(self._fold)
        self.reset = QPushButton(tr("As in training"))
        self.reset.clicked.connect(self._reset)
        self._state = ElidedLabel("", "muted")
        self._room = QScrollArea()
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QScrollArea.Shape.NoFrame)
        self._room.setMinimumHeight(_LEAST_HEIGHT)
        # to read a file anew takes a while: not at every letter that is typed
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.edited.emit)
        row = QHBoxLayout()
        row.addWidget(self.unfold)
        row.addWidget(self._state, 1)
        row.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._room, 1)
        self.ask_for(None)

    def ask_for(self, trained: Source | None, found: Mapping[str, object] = MappingProxyType({})) -> None:
        """Offer the settings of the source that read the data of training, with what it `found` out; None:
        there are none.
        """
        # an edit that was still to be told was about the run before
        self._soon.stop()
        self._trained = trained
        self.setVisible(trained is not None)
        self.unfold.setChecked(False)
        self.form = None
        if trained is not None:
            self.form = self._made(trained, found)
        # `toggled` says nothing where it was folded already
        self._fold(False)
        self._tell()

    def offer_sheets_of(self, path: Path) -> None:
        """Offer the sheets of a new workbook, should another be meant than in training."""
        if self.form is not None:
            self.form.set_context(self._context(sheet_names(path)))

    def enter(self) -> None:
        """Unfold the settings and go to what was chosen for training, as a sheet was; else to the first."""
        self.unfold.setChecked(True)
        if self.form is None or self._trained is None:
            return
        chosen = (
            self.form.rows[field.name]
            for field in fields(type(self._trained))
            if field.name in self.form.rows and getattr(self._trained, field.name) != field.default
        )
        row = next(chosen, None) or next(iter(self.form.rows.values()))
        if stops := stops_of(row):
            stops[0].setFocus(Qt.FocusReason.TabFocusReason)
            # it is laid out only then
            QTimer.singleShot(0, self, lambda: self._scroll_to(row))

    def _scroll_to(self, row: QWidget) -> None:
        inside = self._room.widget()
        if inside is not None:
            self._room.verticalScrollBar().setValue(row.mapTo(inside, QPoint(0, 0)).y() - _ABOVE)

    def open_at(self, place: str) -> bool:
        """Unfold the form where it has the setting that a problem names; return whether it has."""
        section, _, name = place.partition(".")
        has = section == "data" and self.form is not None and name in self.form.editors
        if has:
            self.unfold.setChecked(True)
        return has

    @property
    def told(self) -> dict[str, object]:
        """Return the settings that are otherwise than in training, as plain values."""
        value = self.form.value() if self.form is not None else None
        if value is None or self._trained is None:
            return {}
        # as JSON, which is how the engine gets them
        before = self._trained.model_dump(mode="json")
        return {name: one for name, one in value.model_dump(mode="json").items() if one != before[name]}

    def _made(self, trained: Source, found: Mapping[str, object]) -> RecordForm:
        self._found = found
        form = RecordForm(type(trained), self._context(), offered=_is_of_reading)
        form.show_value(trained)
        form.edited.connect(lambda _: self._edit())
        inside = QWidget()
        # else the inside of a scroll area has the ground of a window, and not of the card
        inside.setStyleSheet("background: transparent;")
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, 8, 0)
        holder.addWidget(form)
        holder.addStretch(1)
        self._room.setWidget(inside)
        return form

    def _context(self, sheets: tuple[str, ...] = ()) -> Context:
        return Context(self._theme, editor_for, DataFacts(found=self._found, sheets=sheets))

    def _edit(self) -> None:
        self._tell()
        self._soon.start()

    def _reset(self) -> None:
        if self.form is not None and self._trained is not None:
            self.form.show_value(self._trained, anew=True)
            self._edit()

    def _tell(self) -> None:
        count = len(self.told)
        words = (tr("as in training, if it fits"), tr("1 setting otherwise"))
        said = words[count] if count < 2 else tr("{count} settings otherwise", count=count)
        self._state.setText(said)
        self.stands.emit("" if self._trained is None else said)
        self.reset.setVisible(count > 0)

    def _fold(self, unfolded: bool) -> None:
        self._room.setVisible(unfolded)
        height = QSizePolicy.Policy.Expanding if unfolded else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, height)
        self._theme.put_icon(self.unfold, "chevron-down" if unfolded else "chevron-right")


def _is_of_reading(setting: Setting) -> bool:
    """Return whether a setting may be otherwise for new files: where they lie is chosen, and what training
    decided for good stays.
    """
    return setting.role != "hidden" and setting.role not in PATHS and not setting.fixed
