"""Editors of texts, switches, options, lists of numbers, and values that may be left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.forms.editor import Context, Editor, TextLine, guard
from app.forms.numbers import read_number, written
from app.language.words import tr
from app.look.style import set_role
from app.widgets.segments import Segments
from app.widgets.tips import plain
from app.widgets.two_lines import SECOND_LINE, show_two_lines
from engine.choices import Problem

Option = tuple[object, str, str]
"""Value, words and help of an option."""


class TextEditor(Editor):
    """A line of text; while it is empty, what was found out stands in it."""

    def __init__(self, context: Context, told: Callable[[Context], object] | None = None) -> None:
        super().__init__()
        self._told = told
        self._line = TextLine()
        self._line.textEdited.connect(lambda: self.edited.emit(""))
        row = _row(self)
        row.addWidget(self._line)
        self.setFocusProxy(self._line)
        self.set_context(context)

    @override
    def set_context(self, context: Context) -> None:
        found = None if self._told is None else self._told(context)
        known = isinstance(found, str) and found != ""
        self._line.setPlaceholderText(tr("Found out: {found}", found=found) if known else "")

    @override
    def value(self) -> object:
        return self._line.text()

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        text = "" if value is None else str(value)
        if text != self._line.text():
            self._line.setText(text)
            # a text longer than its field shows its beginning
            self._line.setCursorPosition(0)


class PathEditor(Editor):
    """A file, a folder or either: typed, or chosen in a dialog. Text or path, as the field has it."""

    def __init__(self, context: Context, *, file: bool, folder: bool, as_path: bool) -> None:
        super().__init__()
        self._as_path, self._context = as_path, context
        self._line = TextLine()
        self._line.textEdited.connect(lambda: self.edited.emit(""))
        self._row = _row(self)
        self._row.addWidget(self._line, 1)
        self._buttons: list[QToolButton] = []
        if file:
            self._add_button(tr("Choose a file…"), "file" if folder else "folder-open", self._choose_file)
        if folder:
            self._add_button(tr("Choose a folder…"), "folder-open", self._choose_folder)
        self._line.setPlaceholderText(
            # with a single button, its words say it
            tr("Choose a file or folder…") if file and folder else self._buttons[0].toolTip()
        )
        self.setFocusProxy(self._line)

    def _add_button(self, words: str, icon: str, choose: Callable[[str, str], str]) -> None:
        button = QToolButton()
        set_role(button, "icon")
        button.setToolTip(plain(words))
        button.setAccessibleName(words)
        self._context.theme.put_icon(button, icon, "text_muted")
        button.clicked.connect(lambda: self._take(choose(words, self._begin())))
        self._row.addWidget(button)
        self._buttons.append(button)

    @override
    def value(self) -> object:
        text = self._line.text().strip()
        return Path(text) if self._as_path and text else text

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        text = "" if value is None else str(value)
        if text != self._line.text():
            self._line.setText(text)
        self._line.setToolTip(plain(text))

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return (self._line, *self._buttons)

    @override
    def name_it(self, name: str, help_text: str) -> None:
        super().name_it(name, help_text)
        for button in self._buttons:
            button.setAccessibleName(f"{name}: {button.toolTip()}")

    @override
    def set_context(self, context: Context) -> None:
        self._context = context

    def _begin(self) -> str:
        """Return where a dialog begins; with "" it is where the last one ended, as Qt remembers."""
        return self._line.text() or str(self._context.folder or "")

    def _choose_file(self, words: str, start: str) -> str:
        return QFileDialog.getOpenFileName(self, words, start)[0]

    def _choose_folder(self, words: str, start: str) -> str:
        return QFileDialog.getExistingDirectory(self, words, start)

    def _take(self, chosen: str) -> None:
        if chosen:
            self._line.setText(chosen)
            self.edited.emit("")


class SwitchEditor(Editor):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QCheckBox()
        # clicked, not toggled: that comes too when the program sets it
        self._box.clicked.connect(lambda: self.edited.emit(""))
        row = _row(self)
        row.addWidget(self._box)
        row.addStretch(1)
        self.setFocusProxy(self._box)

    @override
    def value(self) -> object:
        return self._box.isChecked()

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        self._box.setChecked(bool(value))


_MOST_SEGMENT_LETTERS = 15


class OptionEditor(Editor):
    """One of a few named options: side by side where they are short, else in a list."""

    def __init__(
        self,
        options: Sequence[Option],
        name: str,
        context: Context,
        field: str = "",
        told: Callable[[Context], object] | None = None,
    ) -> None:
        super().__init__()
        self._options, self._field, self._told = list(options), field, told
        self._segments: Segments | None = None
        self._combo: QComboBox | None = None
        row = _row(self)
        # what is found out is written beside its option, for which side by side there is no room
        if (
            told is None
            and len(options) <= 3
            and sum(len(words) for _, words, _ in options) <= _MOST_SEGMENT_LETTERS
        ):
            self._segments = Segments(options, name)
            self._segments.picked.connect(lambda _: self.edited.emit(""))
            row.addWidget(self._segments)
            self.setFocusProxy(self._segments)
        else:
            self._combo = QComboBox()
            shrinkable(self._combo)
            for index, (_, words, tip) in enumerate(options):
                self._combo.addItem(words)
                # not capitalize(), which makes the rest small: names, abbreviations
                self._combo.setItemData(index, tip[:1].upper() + tip[1:], SECOND_LINE)
            show_two_lines(self._combo, context.theme)
            self._combo.activated.connect(self._taken)
            guard(self._combo)
            row.addWidget(self._combo)
            self.setFocusProxy(self._combo)
        self.set_context(context)

    @override
    def set_context(self, context: Context) -> None:
        """Grey what this computer lacks, with the reason."""
        for index, (value, _, tip) in enumerate(self._options):
            why = context.facts.unavailable.get((self._field, str(value)), "")
            if self._segments is not None:
                self._segments.refuse(value, why, tip)
            elif self._combo is not None:
                # the model that a combo box makes for itself
                item = cast("QStandardItemModel", self._combo.model()).item(index)
                item.setEnabled(not why)
                self._combo.setItemData(index, why or (tip[:1].upper() + tip[1:]), SECOND_LINE)
        if self._told is not None and self._combo is not None:
            self._tell_found(self._combo, self._told(context))

    def _tell_found(self, combo: QComboBox, found: object) -> None:
        """Write beside the option that finds out what it found."""
        words = {value: shown for value, shown, _ in self._options}
        for index, (value, shown, _) in enumerate(self._options):
            if value == "auto":
                what = words.get(found, "")
                combo.setItemText(index, tr("{auto}: {found}", auto=shown, found=what) if what else shown)

    @override
    def value(self) -> object:
        if self._segments is not None:
            return self._segments.value()
        assert self._combo is not None
        index = self._combo.currentIndex()
        return self._options[index][0] if index >= 0 else ""

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        values = [option for option, _, _ in self._options]
        if self._segments is not None:
            self._segments.set_value(value)
        elif self._combo is not None:
            # -1: what is no option any more must not be shown as another one
            self._combo.setCurrentIndex(values.index(value) if value in values else -1)
            self._describe()

    @override
    def name_it(self, name: str, help_text: str) -> None:
        super().name_it(name, help_text)
        if self._combo is not None:
            self._combo.setAccessibleName(name)

    def _taken(self) -> None:
        self._describe()
        self.edited.emit("")

    def _describe(self) -> None:
        assert self._combo is not None
        index = self._combo.currentIndex()
        self._combo.setToolTip(plain(self._options[index][2] if index >= 0 else ""))


class ListEditor(Editor):
    """A list of numbers or words, typed with commas: `64, 32`; numbers also as `64 x 32`."""

    def __init__(self, read_item: Callable[[str], object], placeholder: str) -> None:
        super().__init__()
        self._read_item = read_item
        self._line = TextLine()
        self._line.setPlaceholderText(placeholder)
        self._line.textEdited.connect(lambda: self.edited.emit(""))
        row = _row(self)
        row.addWidget(self._line)
        self.setFocusProxy(self._line)

    @override
    def value(self) -> object:
        # words may hold spaces and the letter x
        parts = re.split(
            r"[,;\s×x*]+" if self._read_item is not str else r"[,;]+", self._line.text().strip(" ,;[]")
        )
        return tuple(self._read_item(part.strip()) for part in parts if part.strip())

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        items = tuple(value) if isinstance(value, tuple | list) else ()
        if anew or self.value() != items:
            self._line.setText(", ".join(written(item) for item in items))
            self._line.setCursorPosition(0)


def whole_list() -> ListEditor:
    return ListEditor(lambda text: read_number(text, whole=True), tr("for example 64, 32"))


def real_list() -> ListEditor:
    return ListEditor(lambda text: read_number(text, whole=False), tr("for example 0.5, 0.25"))


def word_list() -> ListEditor:
    return ListEditor(str, tr("separated by commas"))


class AlternativeEditor(Editor):
    """A value that may also be something special: nothing at all (None), or one word ("all").

    A switch says which; while the special value is taken, the inner editor waits with what it held. A value
    that is found out ("auto") waits unseen: the switch says instead what was found.
    """

    def __init__(
        self, inner: Editor, special: object, words: str, usual: object, told: Callable[[Context], str] | None
    ) -> None:
        super().__init__()
        self._inner, self._special, self._usual = inner, special, usual
        self._words, self._told = words, told
        self._box = QCheckBox(words)
        self._box.clicked.connect(self._switched)
        inner.edited.connect(self.edited)
        row: QBoxLayout = _row(self)
        if told is not None:  # what was found stands alone; a number of one's own has the switch below it
            row.setDirection(QBoxLayout.Direction.TopToBottom)
            row.setSpacing(4)
        row.addWidget(inner, 1)
        row.addWidget(self._box)
        self.setFocusProxy(self._box if told is not None else inner)

    @override
    def value(self) -> object:
        return self._special if self._is_special else self._inner.value()

    @property
    def _is_special(self) -> bool:
        # where None is special the switch says "set"; elsewhere it has the name of the special value
        return self._box.isChecked() == (self._special is not None)

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        special = value == self._special
        self._box.setChecked(special == (self._special is not None))
        if not special:
            self._inner.show_value(value, anew=anew)
        # what was typed before the switch was set comes back when it is taken off
        elif anew or self._inner.value() in ("", ()):
            self._inner.show_value(self._usual)
        self._settle()

    def _settle(self) -> None:
        """Show the inner editor, or let it wait."""
        self._inner.setEnabled(not self._is_special)
        self._inner.setVisible(not self._is_special or self._told is None)

    @override
    def name_it(self, name: str, help_text: str) -> None:
        self._inner.name_it(name, help_text)
        self._box.setAccessibleName(f"{name}: {self._box.text()}")
        self._box.setAccessibleDescription(help_text)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return (*self._inner.parts(), self._box)

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        self._inner.tell_problems(problems)

    @override
    def set_context(self, context: Context) -> None:
        self._inner.set_context(context)
        self._tell(context)

    def _tell(self, context: Context) -> None:
        """Say beside the switch what was found out."""
        if self._told is not None:
            found = self._told(context)
            self._box.setText(tr("{auto}: {found}", auto=self._words, found=found) if found else self._words)

    def _switched(self) -> None:
        self._settle()
        self.edited.emit("")


class WordsOrValueEditor(Editor):
    """One of several words ("auto", "last"), or a value typed beside them."""

    def __init__(self, words: OptionEditor, own: object, inner: Editor, usual: object) -> None:
        """Offer the words, of which `own` stands for a value of one's own: it is typed into `inner`."""
        super().__init__()
        self._words, self._own, self._inner, self._usual = words, own, inner, usual
        words.edited.connect(self._switched)
        inner.edited.connect(self.edited)
        row = _row(self)
        row.addWidget(words, 1)
        row.addWidget(inner, 1)
        self.setFocusProxy(words)

    @override
    def value(self) -> object:
        word = self._words.value()
        return self._inner.value() if word == self._own else word

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        is_word = isinstance(value, str)
        self._words.show_value(value if is_word else self._own, anew=anew)
        self._inner.show_value(self._usual if is_word else value, anew=anew)
        self._inner.setVisible(not is_word)

    @override
    def name_it(self, name: str, help_text: str) -> None:
        self._words.name_it(name, help_text)
        self._inner.name_it(name, help_text)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return (*self._words.parts(), *self._inner.parts())

    @override
    def set_context(self, context: Context) -> None:
        self._words.set_context(context)
        self._inner.set_context(context)

    def _switched(self) -> None:
        self._inner.setVisible(self._words.value() == self._own)
        self.edited.emit("")


def shrinkable(combo: QComboBox) -> None:
    """Let a combo box be narrower than its longest entry, and its list be as wide as that."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def _row(editor: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(editor)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    return row
