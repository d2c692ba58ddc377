"""The editor of a choice: its kind, the form of its settings, its formula, and what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout
from typing_extensions import override

from app.forms.editor import Context, Editor
from app.forms.formula import formula_html
from app.forms.kinds import KindChooser
from app.forms.record import RecordForm
from app.language.words import explanation_of, summary_of, title_of, tr
from app.look.style import set_role
from app.widgets.labels import ProblemLabel, label
from app.widgets.tips import plain
from engine.choices import Choice, Family, Problem


class ChoiceEditor(Editor):
    """One choice of a family: which kind, its settings, its formula and, on demand, what it is and whence.

    Switching to another kind and back finds the settings as they were left; what both kinds of data say
    alike, such as the path, goes along.
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
        self._fixed: tuple[Problem, ...] = ()
        # a picture beside the chooser, as beside fields: a line of words would move all that stands below
        self._kind_fixed = label("")
        context.theme.put_icon(self._kind_fixed, "lock", "text_faint", 12)
        policy = self._kind_fixed.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._kind_fixed.setSizePolicy(policy)
        self._kind_fixed.setVisible(False)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._chooser, 1)
        top.addWidget(self._kind_fixed)
        self._room = QVBoxLayout()
        self._about = _About(context)
        whole.addLayout(top)
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
        # the chooser may stand on a kind whose settings are not whole yet, while the value is the one before
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
        before = self._value
        self._build(self._family[kind])
        assert self._form is not None
        kept = {} if before is None else self._family[kind].taken_over(before)
        if kind in self._left:
            self._form.show_value(self._left[kind].replaced(**kept), anew=True)
        else:
            self._form.begin(kept)
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
            # deleteLater alone leaves it in sight and in the tab order until the event loop comes round
            self._form.setParent(None)
            self._form.deleteLater()
        self._form = RecordForm(choice, self._context)
        self._form.edited.connect(self._take)
        self._room.addWidget(self._form)
        # a form without fields would still add the spacing of the layout
        self._form.setVisible(bool(self._form.editors))
        self._form.tell_fixed(self._fixed)
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
    def tell_fixed(self, fixed: tuple[Problem, ...]) -> None:
        self._fixed = fixed
        why = next((problem.message for problem in fixed if problem.path == ""), "")
        said = tr("The kind cannot change in this run: {why}.", why=tr(why))
        self._kind_fixed.setToolTip(plain(said if why else ""))
        self._kind_fixed.setAccessibleName(said if why else "")
        self._kind_fixed.setVisible(bool(why))
        if self._form is not None:
            self._form.tell_fixed(fixed)

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
        # `formula_html` has escaped what the formula itself holds
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._formula.setWordWrap(True)
        self._more = QPushButton()
        set_role(self._more, "link")
        # no wider than its words: a click beside a link is not meant for it
        self._more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
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
