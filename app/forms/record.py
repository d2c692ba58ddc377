"""The form of a record: all its fields, each with label, unit, help, problem and a way back to its default.

A form takes a value and gives a new value; it edits nothing in place. What cannot be made into a value stays
in the fields, with the problem under them, while the form goes on giving its last good value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from pydantic import ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from app.forms.editor import Context, Editor
from app.forms.row import FieldRow
from app.forms.summary import summary
from app.language.words import help_of, label_of
from app.look.style import set_role
from app.widgets.cards import FoldingCard
from app.widgets.labels import ProblemLabel
from engine.choices import Field, Problem, Record, Setting, fields, problems_in


class RecordForm(Editor):
    """The fields of a record, each with label, unit, help, problem and a way back to its default.

    With `sections`, every field that is itself a record or a choice becomes a folding card: the whole
    experiment is shown so.
    """

    wide = True
    card_opened = Signal(str, bool)

    def __init__(
        self,
        record: type[Record],
        context: Context,
        *,
        sections: bool = False,
        offered: Callable[[Setting], bool] = lambda setting: setting.role != "hidden",
    ) -> None:
        """Build the fields; those that are not to be `offered` keep their value and are not shown."""
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
        bare = _bare_card(whole) if sections else whole
        for field in fields(record):
            if offered(field.setting):
                self._add(field, bare, whole if sections else None)
        if sections:
            whole.addStretch(1)

    def _add(self, field: Field, bare: QVBoxLayout, sections: QVBoxLayout | None) -> None:
        editor = self._context.editor_for(self._record, field, self._context)
        name = label_of(self._record, field)
        editor.edited.connect(partial(self._edited, field.name))
        self.editors[field.name] = editor
        if sections is not None and editor.wide:
            card = FoldingCard(self._context.theme, name, editor)
            card.opened.connect(partial(self.card_opened.emit, field.name))
            self.cards[field.name] = card
            sections.addWidget(card)
            return
        words = (name, help_of(self._record, field))
        row = FieldRow(self._context.theme, field, words, editor)
        row.reset_asked.connect(partial(self._reset, field))
        if field.setting.finder and (find := self._context.find) is not None:
            row.offer_to_find(name, partial(find, field.setting.finder))
        self.rows[field.name] = row
        bare.addWidget(row)

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

    def begin(self, given: Mapping[str, object] = MappingProxyType({})) -> None:
        """Show what is given, else the defaults; fields that have none are empty, and told as a problem."""
        for field in fields(self._record):
            if field.name in self.editors:
                self.editors[field.name].show_value(given.get(field.name, field.default), anew=True)
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
                # fields that are not shown, or do not apply now, keep what they had
                given[field.name] = getattr(self._value, field.name)
            # before there is a value, nothing could be kept instead
            if field.name in self.editors and (self._value is None or self._matters(field)):
                given[field.name] = self.editors[field.name].value()
        # left out, so that pydantic says that it is missing, not that "" is wrong
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
        inputs = self._context.facts.inputs
        if field.setting.inputs and inputs is not None and inputs not in field.setting.inputs:
            return False
        if field.setting.targets and self._context.task.target not in field.setting.targets:
            return False
        condition = field.setting.applies
        if condition is None or condition[0] not in self.editors:
            return True
        return self.editors[condition[0]].value() in condition[1]

    def _trimmed(self, problem: Problem) -> Problem:
        """Leave out what pydantic adds to the path of a union: the types it tried."""
        head = problem.path.split(".")[0]
        return Problem(head if head in self.rows else problem.path, problem.message)

    # --- what is seen ---------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        for field in fields(self._record):
            if field.name in self.rows:
                self.rows[field.name].setVisible(self._matters(field))

    def _refresh(self) -> None:
        self._show_rows()
        for field in fields(self._record):
            if field.name in self.rows:
                row = self.rows[field.name]
                # a field that is required has no default to go back to
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
                editor.tell_problems(below(problems, name))
        self._show_problems()

    @override
    def tell_fixed(self, fixed: tuple[Problem, ...]) -> None:
        why = {problem.path: problem.message for problem in fixed}
        for name, row in self.rows.items():
            row.tell_fixed(why.get(name, ""))
        for name, editor in self.editors.items():
            editor.tell_fixed(below(fixed, name))

    def _show_problems(self) -> None:
        every = (*self._typed, *self._outer)
        seen: set[Problem] = set()
        for name, row in self.rows.items():
            mine = [problem for problem in every if head_of(problem) == name and not row.isHidden()]
            seen.update(mine)
            if not self.editors[name].wide:
                row.tell(tuple(dict.fromkeys(problem.message for problem in mine)))
                self.editors[name].tell_problems(tuple(mine))
        seen.update(problem for problem in every if head_of(problem) in self.cards)
        # problems of the kind are told at its chooser, outside of this form
        rest = [problem for problem in every if problem not in seen and head_of(problem) != "kind"]
        self._general.tell(tuple(dict.fromkeys(problem.message for problem in rest)))
        self._tell_cards()

    def _tell_cards(self) -> None:
        notes, inputs = self._context.facts.notes, self._context.facts.inputs
        for name, card in self.cards.items():
            wrong = bool(self.editors[name].problems()) or any(
                head_of(problem) == name for problem in self._outer
            )
            shown = getattr(self._value, name) if self._value is not None else self.editors[name].value()
            target = self._context.task.target
            card.tell(summary(shown, notes.get(name, ""), inputs, target), wrong=wrong)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        # each field is named at its own row; a name of the whole would hide those
        return ()

    @override
    def set_context(self, context: Context) -> None:
        self._context = context
        for editor in self.editors.values():
            editor.set_context(context)
        self._show_rows()
        self._tell_cards()


def _bare_card(whole: QVBoxLayout) -> QVBoxLayout:
    """Return the inside of a card for the fields that have no card of their own."""
    card = QFrame()
    set_role(card, "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(14, 10, 10, 10)
    inside.setSpacing(8)
    whole.addWidget(card)
    return inside


def head_of(problem: Problem) -> str:
    return problem.path.split(".")[0]


def below(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    """Return the problems at or below `name`, their paths relative to it."""
    return tuple(
        Problem(problem.path.partition(".")[2], problem.message)
        for problem in problems
        if head_of(problem) == name
    )
