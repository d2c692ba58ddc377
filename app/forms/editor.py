"""What every editor is: it shows a value, tells when the person changed it, and says what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from typing_extensions import override

from app.document.document import DataFacts
from app.look.style import set_mark
from app.look.theme import Theme
from engine.choices import Field, Problem, Record
from engine.tasks.classification import Classification
from engine.tasks.task import Task

EditorTable = Callable[[type[Record], Field, "Context"], "Editor"]
"""What makes the editor of a field: `app.forms.table.editor_for`."""


@dataclass(frozen=True)
class Context:
    """What forms know besides the value: the look, the table of editors, the data's facts, the task,
    and the folder that paths are relative to.
    """

    theme: Theme
    editor_for: EditorTable
    facts: DataFacts = field(default_factory=DataFacts)
    task: type[Task] = Classification
    folder: Path | None = None
    measured: tuple[str, ...] = ()
    """The series that a run of the experiment has one value an epoch of."""
    outputs: int = 0
    """How many numbers the network puts out for an example; 0: not known."""
    find: Callable[[str], None] | None = None
    """Asks for a value that is found by trying, by the name of its finder; None: there is nobody to ask."""


class Editor(QWidget):
    """Edits one value. `edited` tells which part, as a path relative to this editor ("" is the whole)."""

    edited = Signal(str)
    wide = False
    """Whether it wants the whole width of a form and a head of its own."""

    def value(self) -> object:
        """Return what is set: a value of the field's type, or the bare text where it cannot be read so."""
        raise NotImplementedError

    def show_value(self, value: object, *, anew: bool = False) -> None:
        """Show a value without telling `edited`. `anew`: forget also what is half typed."""
        raise NotImplementedError

    def name_it(self, name: str, help_text: str) -> None:
        """Give the parts that take the focus a name and a description for screen readers."""
        for part in self.parts():
            part.setAccessibleName(name)
            part.setAccessibleDescription(help_text)

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that take the focus."""
        proxy = self.focusProxy()
        return (proxy,) if proxy is not None else ()

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with what is typed inside, paths relative to this editor."""
        return ()

    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        """Mark what others found wrong, paths relative to this editor; the form writes the message."""
        for part in self.parts():
            set_mark(part, "wrong", bool(problems))

    def tell_fixed(self, fixed: tuple[Problem, ...]) -> None:
        """Mark what cannot change in the run in training, each with the reason; paths as of problems.

        The form marks the row of a field; an editor only what lies inside of it.
        """

    def set_context(self, context: Context) -> None:
        """Take new facts."""


class TextLine(QLineEdit):
    """A line of text that leaves undo and redo to the document while that has something to undo."""

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoing = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in undoing):
                # ignored, this event leaves the key to the menu's own shortcut
                event.ignore()
                return False
        return super().event(event)


class _Guard(QObject):
    """Leaves the wheel to the column unless the person is in the field, and letters to open lists."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        if isinstance(watched, QComboBox) and isinstance(event, QKeyEvent):
            return _opened(watched, event)
        return super().eventFilter(watched, event)


def _opened(combo: QComboBox, event: QKeyEvent) -> bool:
    """Open a list in which a letter is typed, at the entry that is meant; return whether it was one."""
    letters = event.text()
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    if event.type() != QEvent.Type.KeyPress or combo.isEditable() or not plain:
        return False
    if not letters.strip() or not letters.isprintable():
        return False
    combo.showPopup()
    combo.view().keyboardSearch(letters)
    return True


def guard(widget: QWidget) -> None:
    """Keep a combo box or slider from changing by what was meant for something else.

    That is the wheel that scrolls the column under the pointer, and a letter typed in a closed list, which
    Qt takes for a choice.
    """
    # Qt's own policy here, WheelFocus, lets the wheel itself take the focus
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_Guard(widget))
