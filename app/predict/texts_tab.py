"""The tab to type texts: one or several, how the network is to write, and the buttons for that."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.forms.editor import Context
from app.forms.record import RecordForm
from app.forms.table import editor_for
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.modalities.wanted import Wanted
from app.widgets.labels import label
from app.widgets.refusals import refuse
from app.widgets.tips import plain
from engine.choices import fields
from engine.data.description import MASK, SPECIAL_TOKENS
from engine.inference.writing import Continuing, Writing

MOST_TEXTS = 100
"""Longer lists belong into a file."""
_PAUSE = 250
_GAP = SPECIAL_TOKENS[MASK]
_LOWEST = 90
"""Pixels that the box has at least."""


class TextsTab(QWidget):
    """Holds what is typed. `edited` comes shortly after a change, `moved` when another text is meant."""

    edited = Signal()
    moved = Signal()
    write_asked = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.draw = 0
        """Which of the many possible texts is drawn."""
        self._form: RecordForm | None = None
        self._hint = label("", "muted", wrap=True)
        self.box = QPlainTextEdit()
        # else Tab is written into the text
        self.box.setTabChangesFocus(True)
        self.box.setMinimumHeight(_LOWEST)
        self.lines = QCheckBox(tr("Every line is a text of its own"))
        self.lines.setChecked(True)
        self.gap = QPushButton(tr("Insert a gap"))
        self.gap.setToolTip(plain(tr("Writes {gap}: the network guesses what stands there", gap=_GAP)))
        self.write, self.again = QPushButton(tr("Write")), QPushButton(tr("Draw again"))
        self.stop = QPushButton(tr("Stop"))
        set_role(self.write, "primary")
        theme.put_icon(self.again, "dices")
        theme.put_icon(self.stop, "square")
        self._room = QScrollArea()
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QScrollArea.Shape.NoFrame)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.edited.emit)
        self.box.textChanged.connect(self._soon.start)
        self.box.cursorPositionChanged.connect(self.moved.emit)
        self.lines.toggled.connect(lambda _: self.edited.emit())
        self.gap.clicked.connect(self._insert_gap)
        self.write.clicked.connect(lambda: self._write())
        self.again.clicked.connect(self._draw_again)
        self.stop.clicked.connect(lambda: self.stop_asked.emit())
        self._lay_out()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.addWidget(self.lines)
        tools.addWidget(self.gap)
        tools.addStretch(1)
        buttons = QHBoxLayout()
        for button in (self.write, self.again, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._hint)
        column.addWidget(self.box, 1)
        column.addLayout(tools)
        column.addWidget(self._room, 1)
        column.addLayout(buttons)

    # --- what is asked for --------------------------------------------------------------------------------

    def ask_for(self, wanted: Wanted) -> None:
        """Offer what suits the task. What is typed stays, so that runs can be compared."""
        self.draw = 0
        writes = wanted.writing is Continuing
        hint, example = _words_for(wanted.task)
        self._hint.setText(hint)
        self.box.setAccessibleName(hint)
        self.box.setPlaceholderText(example)
        self.lines.setVisible(not writes)
        self.gap.setVisible(wanted.task == "masked_language_modelling")
        for button in (self.write, self.again, self.stop):
            button.setVisible(writes)
        self._show_form(wanted.writing)
        self.set_writing(False)

    def _show_form(self, kind: type[Writing]) -> None:
        shown = any(field.setting.role != "hidden" for field in fields(kind))
        self._room.setVisible(shown)
        # what was set stays for the next run that writes alike
        if self._form is not None and self._form.record is kind:
            return
        self._form = RecordForm(kind, Context(self._theme, editor_for))
        self._form.show_value(kind())
        self._form.edited.connect(lambda _: self._soon.start())
        inside = QWidget()
        inside.setStyleSheet("background: transparent;")
        holder = QVBoxLayout(inside)
        holder.setContentsMargins(0, 0, 8, 0)
        holder.addWidget(self._form)
        holder.addStretch(1)
        self._room.setWidget(inside)

    # --- what is typed ------------------------------------------------------------------------------------

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the texts that are typed, at most `MOST_TEXTS`; none where there is nothing."""
        text = self.box.toPlainText()
        if not self._by_line:
            # a network that goes on with texts can begin with nothing
            return (text,) if text.strip() or not self.write.isHidden() else ()
        # not splitlines, which also cuts at marks that the box shows within a line
        return tuple(line for line in text.split("\n") if line.strip())[:MOST_TEXTS]

    @property
    def current(self) -> int:
        """Return which of the texts the cursor stands in."""
        if not self._by_line:
            return 0
        before = self.box.toPlainText()[: self.box.textCursor().position()].split("\n")[:-1]
        # the cursor may stand on empty lines behind the last text
        return min(sum(1 for line in before if line.strip()), max(len(self.texts) - 1, 0))

    @property
    def writing(self) -> dict[str, object]:
        """Return how the network is to write."""
        value = self._form.value() if self._form is not None else None
        settings = value.model_dump() if value is not None else {}
        return settings | {"draw": self.draw} if "draw" in settings else settings

    @property
    def _by_line(self) -> bool:
        return not self.lines.isHidden() and self.lines.isChecked()

    def set_writing(self, goes_on: bool) -> None:
        """Offer to stop while texts are written, and only then."""
        refuse(
            self.stop, "" if goes_on else tr("Nothing is being written"), tr("Keep what is written so far")
        )
        why = tr("A text is being written: stop it first") if goes_on else ""
        refuse(self.write, why, tr("Go on with the text"))
        refuse(self.again, why, tr("Go on with the text once more, by another draw"))

    def _draw_again(self) -> None:
        self.draw += 1
        self._write()

    def _write(self) -> None:
        """Ask for a text. An edit that is still to be told is part of it, and must not end it afterwards."""
        self._soon.stop()
        self.write_asked.emit()

    def _insert_gap(self) -> None:
        self.box.insertPlainText(_GAP)
        self.box.setFocus()


def _words_for(task: str) -> tuple[str, str]:
    """Return what to type, and an example."""
    return {
        "tagging": (tr("Type a sentence: its words are tagged."), tr("Anna flew from Oslo to Lima.")),
        "language_modelling": (
            tr("Type a beginning, or nothing: the network goes on writing."),
            tr("It was a dark night, and"),
        ),
        "masked_language_modelling": (
            tr("Type a text and write {gap} where a word is missing: the network guesses it.", gap=_GAP),
            tr("She was a {gap} woman.", gap=_GAP),
        ),
        "translation": (tr("Type a text in the language of the sources: it is translated."), ""),
    }.get(task, (tr("Type or paste a text to see what the network makes of it."), ""))
