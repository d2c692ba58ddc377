"""Forms of records, editors of choices and of lists of choices: these contain each other, so they share a file.

A form takes a value and gives a new value; it edits nothing in place. What cannot be made into a value stays
in the fields, with the problem under them, while the form goes on giving its last good value.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.forms.columns import ColumnEditor, ColumnsEditor
from app.forms.editor import Context, Editor
from app.forms.formula import formula_html
from app.forms.kinds import KindChooser
from app.forms.numbers import NumberEditor
from app.forms.plain import (
    AlternativeEditor,
    OptionEditor,
    PathEditor,
    SwitchEditor,
    TextEditor,
    real_list,
    whole_list,
    word_list,
)
from app.forms.row import FieldRow
from app.forms.summary import summary
from app.style import set_role
from app.widgets.cards import FoldingCard
from app.widgets.labels import ElidedLabel, ProblemLabel, label
from app.words import (
    explanation_of,
    help_of,
    label_of,
    option_help_of,
    option_of,
    summary_of,
    title_of,
    tr,
    unit_of,
)
from engine.choices import Choice, Family, Field, Problem, Record, Setting, fields, problems_in

# --- the table from type to editor --------------------------------------------------------------------------


def editor_for(record: type[Record], field: Field, context: Context) -> Editor:
    """Return the editor of a field: by its role where it has one, else by its type."""
    return _editor(field.annotation, field.setting, record, field, context)


def _editor(
    annotation: Any, setting: Setting, record: type[Record], field: Field, context: Context
) -> Editor:
    if get_origin(annotation) is Annotated:
        annotation, *notes = get_args(annotation)
        setting = next((note for note in notes if isinstance(note, Setting)), setting)
    again = partial(_editor, setting=setting, record=record, field=field, context=context)
    role = field.setting.role
    if role in ("column", "columns"):
        several = _mentions_tuple(annotation)
        return ColumnsEditor(context, single=str in _bare(annotation)) if several else ColumnEditor(context)
    if get_origin(annotation) in (Union, types.UnionType):
        return _alternative(annotation, again, record, field)
    if role in ("file", "folder"):
        return PathEditor(context, folder=role == "folder", as_path=annotation is Path)
    if get_origin(annotation) is Literal:
        options = [
            (value, option_of(record, field, str(value)), option_help_of(record, field, str(value)))
            for value in get_args(annotation)
        ]
        return OptionEditor(options, label_of(record, field))
    if get_origin(annotation) is tuple:
        return _list_editor(_without_notes(get_args(annotation)[0]), label_of(record, field), context)
    if isinstance(annotation, type):
        return _plain_editor(annotation, setting, unit_of(record, field), context)
    raise TypeError(f"{record.__name__}.{field.name}: no editor for {annotation!r}")


def _plain_editor(kind: type, setting: Setting, unit: str, context: Context) -> Editor:
    if kind is bool:
        return SwitchEditor()
    if kind in (int, float):
        return NumberEditor(setting, context, whole=kind is int, unit=unit)
    if kind is str:
        return TextEditor()
    if kind is Path:
        return PathEditor(context, folder=False, as_path=True)
    if issubclass(kind, Choice) and "family" in kind.__dict__:
        return ChoiceEditor(kind.family, context)
    if issubclass(kind, Record):
        return RecordForm(kind, context)
    raise TypeError(f"no editor for {kind!r}")


def _list_editor(item: Any, name: str, context: Context) -> Editor:
    lists: dict[Any, Callable[[], Editor]] = {int: whole_list, float: real_list, str: word_list}
    if item in lists:
        return lists[item]()
    if isinstance(item, type) and issubclass(item, Choice):
        return ChoiceListEditor(item.family, name, context)
    raise TypeError(f"no editor for a list of {item!r}")


def _alternative(
    annotation: Any, again: Callable[[Any], Editor], record: type[Record], field: Field
) -> Editor:
    """Return the editor of "a number, or all", "a number, or nothing"."""
    kinds = list(get_args(annotation))
    if type(None) in kinds:
        kinds.remove(type(None))
        inner = again(kinds[0] if len(kinds) == 1 else Union[tuple(kinds)])
        return AlternativeEditor(inner, None, tr("set"), _usual(kinds[0], field))
    words = [kind for kind in kinds if get_origin(kind) is Literal]
    others = [kind for kind in kinds if get_origin(kind) is not Literal]
    if len(words) == 1 and len(others) == 1 and len(get_args(words[0])) == 1:
        word = get_args(words[0])[0]
        return AlternativeEditor(
            again(others[0]), word, option_of(record, field, word), _usual(others[0], field)
        )
    if {int, float} == set(_bare(annotation)):
        return again(float)
    raise TypeError(f"{record.__name__}.{field.name}: no editor for {annotation!r}")


def _usual(kind: Any, field: Field) -> object:
    """Return what the inner editor shows before a value was given: the default, or the least that is allowed."""
    if field.default is not None and not isinstance(field.default, str):
        return field.default
    notes = [note for note in get_args(kind)[1:] if isinstance(note, Setting)]
    setting = notes[0] if notes else field.setting
    bare = _without_notes(kind)
    if bare is int:
        return int(setting.least or 1)
    return setting.least if bare is float else None


def _without_notes(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _bare(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(_without_notes(kind) for kind in get_args(annotation))
    return (_without_notes(annotation),)


def _mentions_tuple(annotation: Any) -> bool:
    return any(get_origin(kind) is tuple for kind in _bare(annotation))


# --- the form of a record -----------------------------------------------------------------------------------


class RecordForm(Editor):
    """The fields of a record, each with label, unit, help, problem and a way back to its default.

    With `sections`, every field that is itself a record or a choice becomes a folding card: the whole
    experiment is shown so.
    """

    wide = True
    card_opened = Signal(str, bool)

    def __init__(self, record: type[Record], context: Context, *, sections: bool = False) -> None:
        super().__init__()
        self._record, self._context = record, context
        self._value: Record | None = None
        self._typed: tuple[Problem, ...] = ()
        self._outer: tuple[Problem, ...] = ()
        self.editors: dict[str, Editor] = {}
        self.rows: dict[str, FieldRow] = {}
        self.cards: dict[str, FoldingCard] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._general = ProblemLabel()
        whole.addWidget(self._general)
        for field in fields(record):
            if field.setting.role != "hidden":
                self._add(field, whole, sections=sections)
        if sections:
            whole.addStretch(1)

    def _add(self, field: Field, whole: QVBoxLayout, *, sections: bool) -> None:
        editor = editor_for(self._record, field, self._context)
        name = label_of(self._record, field)
        editor.edited.connect(partial(self._edited, field.name))
        self.editors[field.name] = editor
        if sections and editor.wide:
            card = FoldingCard(self._context.theme, name, editor)
            card.opened.connect(partial(self.card_opened.emit, field.name))
            self.cards[field.name] = card
            whole.addWidget(card)
            return
        words = (name, help_of(self._record, field))
        row = FieldRow(self._context.theme, field, words, editor)
        row.reset_asked.connect(partial(self._reset, field))
        self.rows[field.name] = row
        whole.addWidget(row)

    @property
    def record(self) -> type[Record]:
        return self._record

    # --- value ----------------------------------------------------------------------------------------------

    @override
    def value(self) -> Record | None:
        """Return the last good value, None before there was one."""
        return self._value

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        assert isinstance(value, self._record)
        if value == self._value and not anew:
            return
        self._value = value
        for name, editor in self.editors.items():
            editor.show_value(getattr(value, name), anew=anew)
        self._typed = ()
        self._refresh()

    def begin(self) -> None:
        """Show the defaults; fields that have none are empty, and told as a problem."""
        for field in fields(self._record):
            if field.name in self.editors:
                self.editors[field.name].show_value(field.default, anew=True)
        self._take()

    def _edited(self, name: str, inner: str) -> None:
        self._take()
        self.edited.emit(".".join(part for part in (name, inner) if part))

    def _reset(self, field: Field) -> None:
        self.editors[field.name].show_value(field.default, anew=True)
        self._edited(field.name, "")

    def _take(self) -> None:
        """Make a value of what is in the fields, or say what hinders."""
        given: dict[str, object] = {}
        for field in fields(self._record):
            if self._value is not None:
                given[field.name] = getattr(self._value, field.name)
            if field.name in self.editors and (self._value is None or self._matters(field)):
                given[field.name] = self.editors[field.name].value()
        missing = {
            field.name for field in fields(self._record) if field.required and given.get(field.name) == ""
        }
        try:
            self._value = self._record.model_validate({k: v for k, v in given.items() if k not in missing})
            self._typed = ()
        except ValidationError as error:
            self._typed = tuple(self._trimmed(problem) for problem in problems_in(error))
        self._refresh()

    def _matters(self, field: Field) -> bool:
        """Return whether a field applies, by what the fields show now."""
        condition = field.setting.applies
        if condition is None or condition[0] not in self.editors:
            return True
        return self.editors[condition[0]].value() in condition[1]

    def _trimmed(self, problem: Problem) -> Problem:
        """Leave out what pydantic adds to the path of a union: the types it tried."""
        head = problem.path.split(".")[0]
        return Problem(head if head in self.rows else problem.path, problem.message)

    # --- what is seen ---------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        for field in fields(self._record):
            if field.name in self.rows:
                row = self.rows[field.name]
                row.setVisible(self._matters(field))
                row.tell_default(self.editors[field.name].value() == field.default or field.required)
        self._show_problems()

    @override
    def problems(self) -> tuple[Problem, ...]:
        inner = [
            problem.under(name)
            for name, editor in self.editors.items()
            for problem in editor.problems()
        ]  # fmt: skip
        return tuple(dict.fromkeys((*self._typed, *inner)))

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        self._outer = problems
        for name, editor in self.editors.items():
            if name not in self.rows or editor.wide:
                editor.tell_problems(_below(problems, name))
        self._show_problems()

    def _show_problems(self) -> None:
        every = (*self._typed, *self._outer)
        seen: set[Problem] = set()
        for name, row in self.rows.items():
            mine = [problem for problem in every if _head(problem) == name and not row.isHidden()]
            seen.update(mine)
            if not self.editors[name].wide:
                row.tell(tuple(dict.fromkeys(problem.message for problem in mine)))
                self.editors[name].tell_problems(tuple(mine))
        seen.update(problem for problem in every if _head(problem) in self.cards)
        rest = [problem for problem in every if problem not in seen and _head(problem) != "kind"]
        self._general.tell(tuple(dict.fromkeys(problem.message for problem in rest)))
        self._tell_cards()

    def _tell_cards(self) -> None:
        notes = self._context.facts.notes
        for name, card in self.cards.items():
            wrong = bool(self.editors[name].problems()) or any(
                _head(problem) == name for problem in self._outer
            )
            shown = getattr(self._value, name) if self._value is not None else self.editors[name].value()
            card.tell(summary(shown, notes.get(name, "")), wrong=wrong)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return ()

    @override
    def set_context(self, context: Context) -> None:
        self._context = context
        for editor in self.editors.values():
            editor.set_context(context)
        self._tell_cards()


def _head(problem: Problem) -> str:
    return problem.path.split(".")[0]


def _below(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    """Return the problems at or below `name`, their paths relative to it."""
    return tuple(
        Problem(problem.path.partition(".")[2], problem.message)
        for problem in problems
        if _head(problem) == name
    )


# --- the editor of a choice ---------------------------------------------------------------------------------


class ChoiceEditor(Editor):
    """One choice of a family: which kind, its settings, its formula and, on demand, what it is and whence.

    Switching to another kind and back finds the settings as they were left.
    """

    wide = True

    def __init__(self, family: Family, context: Context) -> None:
        super().__init__()
        self._family, self._context = family, context
        self._left: dict[str, Choice] = {}
        self._value: Choice | None = None
        self._form: RecordForm | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._chooser = KindChooser(family, context)
        self._chooser.picked.connect(self._switch)
        self._kind_problem = ProblemLabel()
        self._room = QVBoxLayout()
        self._about = _About(context)
        whole.addWidget(self._chooser)
        whole.addWidget(self._kind_problem)
        whole.addLayout(self._room)
        whole.addWidget(self._about)
        self.setFocusProxy(self._chooser)

    @property
    def form(self) -> RecordForm | None:
        """The form of the kind shown now."""
        return self._form

    @override
    def value(self) -> object:
        return self._value

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        if value is None:
            return
        assert isinstance(value, Choice)
        if value == self._value and not anew and self._chooser.kind() == value.kind:
            return
        self._value = value
        self._left[value.kind] = value
        self._build(type(value))
        assert self._form is not None
        self._form.show_value(value, anew=anew)

    def switch(self, kind: str) -> None:
        """Take another kind, as the person does with the chooser."""
        self._chooser.show_kind(kind)
        self._switch(kind)

    def _switch(self, kind: str) -> None:
        self._build(self._family[kind])
        assert self._form is not None
        if kind in self._left:
            self._form.show_value(self._left[kind], anew=True)
        else:
            self._form.begin()
        self._take("kind")

    def _take(self, inner: str) -> None:
        assert self._form is not None
        made = self._form.value()
        if isinstance(made, Choice):
            self._value = self._left[made.kind] = made
        self.edited.emit(inner)

    def _build(self, choice: type[Choice]) -> None:
        self._chooser.show_kind(choice.kind)
        if self._form is not None and self._form.record is choice:
            return
        if self._form is not None:
            self._room.removeWidget(self._form)
            self._form.hide()
            self._form.setParent(None)
            self._form.deleteLater()
        self._form = RecordForm(choice, self._context)
        self._form.edited.connect(self._take)
        self._room.addWidget(self._form)
        self._form.setVisible(bool(self._form.editors))
        self._about.tell(choice)

    @override
    def problems(self) -> tuple[Problem, ...]:
        return self._form.problems() if self._form is not None else ()

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        own = tuple(problem.message for problem in problems if problem.path in ("", "kind"))
        self._kind_problem.tell(own)
        self._chooser.tell_wrong(bool(own))
        if self._form is not None:
            self._form.tell_problems(
                tuple(problem for problem in problems if problem.path not in ("", "kind"))
            )

    @override
    def name_it(self, name: str, help_text: str) -> None:
        self._chooser.setAccessibleName(name)
        self._chooser.setAccessibleDescription(help_text)

    @override
    def set_context(self, context: Context) -> None:
        self._context = context
        self._chooser.set_context(context)
        if self._form is not None:
            self._form.set_context(context)


class _About(QFrame):
    """The formula of a choice; its explanation and source on demand."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._formula = QLabel()
        set_role(self._formula, "formula")
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._formula.setWordWrap(True)
        self._more = QToolButton()
        set_role(self._more, "link")
        self._more.setCheckable(True)
        self._text = label("", "small", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for widget in (self._formula, self._more, self._text):
            column.addWidget(widget)
        self._more.toggled.connect(self._unfold)

    def tell(self, choice: type[Choice]) -> None:
        text = choice.text()
        self._formula.setText(formula_html(text.formula))
        self._formula.setVisible(bool(text.formula))
        source = tr("Source: {source}", source=text.source) if text.source else ""
        self._text.setText(
            "\n\n".join(part for part in (summary_of(choice), explanation_of(choice), source) if part)
        )
        self._more.setAccessibleName(tr("About {title}", title=title_of(choice)))
        self._unfold(self._more.isChecked())

    def _unfold(self, unfolded: bool) -> None:
        self._more.setText(tr("Less") if unfolded else tr("What is this?"))
        self._text.setVisible(unfolded)


# --- the editor of a list of choices ------------------------------------------------------------------------


class ChoiceListEditor(Editor):
    """Any number of choices of a family, in an order: add, remove, move."""

    wide = True

    def __init__(self, family: Family, name: str, context: Context) -> None:
        super().__init__()
        self._family, self._name, self._context = family, name, context
        self._items: list[_Item] = []
        self._outer: tuple[Problem, ...] = ()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._problem = ProblemLabel()
        whole.addWidget(self._problem)
        self._room = QVBoxLayout()
        self._room.setSpacing(8)
        whole.addLayout(self._room)
        self._add = QPushButton(tr("Add"))
        self._add.setAccessibleName(tr("Add to {name}", name=name))
        context.theme.put_icon(self._add, "plus")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._offer)
        self._add.setMenu(self._menu)
        self._add.setProperty("menu", True)
        whole.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self._add)

    @property
    def items(self) -> tuple[ChoiceEditor, ...]:
        return tuple(item.editor for item in self._items)

    @override
    def value(self) -> object:
        return tuple(value for item in self._items if (value := item.editor.value()) is not None)

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        assert isinstance(value, tuple)
        if value == self.value() and not anew:
            return
        kept = not anew and len(value) == len(self._items)
        if not kept:
            while self._items:
                self._drop(self._items[0])
            for _ in value:
                self._append()
        for item, choice in zip(self._items, value, strict=True):
            item.editor.show_value(choice, anew=anew)
        self._refresh()

    def add(self, kind: str) -> None:
        """Add a choice of this kind at the end, as the person does with the menu."""
        self._append().editor.switch(kind)
        self._refresh()

    def remove(self, index: int) -> None:
        self._drop(self._items[index])
        self._refresh()
        self.edited.emit("")

    def move(self, index: int, by: int) -> None:
        item = self._items.pop(index)
        self._items.insert(index + by, item)
        self._room.removeWidget(item)
        self._room.insertWidget(index + by, item)
        self._refresh()
        self.edited.emit("")

    def _offer(self) -> None:
        self._menu.clear()
        for kind, choice in self._family.items():
            action = self._menu.addAction(title_of(choice))
            why = KindChooser.why_not(choice, self._context)
            action.setToolTip(why or summary_of(choice))
            action.setEnabled(not why)
            action.triggered.connect(partial(self.add, kind))

    def _append(self) -> _Item:
        item = _Item(self._family, self._name, self._context)
        item.editor.edited.connect(lambda inner: self.edited.emit(f"{self._items.index(item)}.{inner}"))
        item.remove_asked.connect(lambda: self.remove(self._items.index(item)))
        item.move_asked.connect(lambda by: self.move(self._items.index(item), by))
        self._items.append(item)
        self._room.addWidget(item)
        return item

    def _drop(self, item: _Item) -> None:
        self._items.remove(item)
        self._room.removeWidget(item)
        item.hide()
        item.setParent(None)
        item.deleteLater()

    def _refresh(self) -> None:
        for index, item in enumerate(self._items):
            item.tell_place(index, len(self._items))
        self.tell_problems(self._outer)

    @override
    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            problem.under(str(index))
            for index, item in enumerate(self._items)
            for problem in item.editor.problems()
        )  # fmt: skip

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        self._outer = problems
        self._problem.tell(tuple(problem.message for problem in problems if problem.path == ""))
        for index, item in enumerate(self._items):
            item.editor.tell_problems(_below(problems, str(index)))

    @override
    def set_context(self, context: Context) -> None:
        self._context = context
        for item in self._items:
            item.editor.set_context(context)


class _Item(QFrame):
    """One of a list of choices, with its place."""

    remove_asked = Signal()
    move_asked = Signal(int)

    def __init__(self, family: Family, name: str, context: Context) -> None:
        super().__init__()
        set_role(self, "card")
        self.editor = ChoiceEditor(family, context)
        self._name = name
        self._place = ElidedLabel("", "muted")
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._place, 1)
        self._up = self._button(context, "chevron-up", tr("Move up"), lambda: self.move_asked.emit(-1))
        self._down = self._button(context, "chevron-down", tr("Move down"), lambda: self.move_asked.emit(1))
        remove = self._button(context, "x", tr("Remove"), self.remove_asked.emit)
        for button in (self._up, self._down, remove):
            head.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 6, 6, 10)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.editor)

    def tell_place(self, index: int, count: int) -> None:
        words = tr("{name} {number} of {count}", name=self._name, number=index + 1, count=count)
        self._place.setText(words)
        self.editor.name_it(words, "")
        self._up.setEnabled(index > 0)
        self._down.setEnabled(index + 1 < count)

    def _button(self, context: Context, icon: str, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        set_role(button, "icon")
        button.setToolTip(words)
        button.setAccessibleName(words)
        context.theme.put_icon(button, icon, "text_muted", 14)
        button.clicked.connect(lambda: act())
        return button
