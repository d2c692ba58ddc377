"""The column of the experiment: one generic form over its fields, joined to the document."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.document.branch_words import branch_words
from app.document.document import DataFacts, Document
from app.document.run_controls import RunStatus
from app.forms.editor import Context
from app.forms.record import RecordForm
from app.forms.row import FieldRow
from app.forms.table import editor_for
from app.language.sentences import label_at, sentence
from app.language.words import title_of, tr
from app.look.settings import SettingsFile
from app.look.style import set_role
from app.look.tab_order import stops_of
from app.look.theme import Theme
from app.shell.pages import COLUMN_WIDTH
from app.widgets.chooser import Chooser, Destination
from app.widgets.labels import label
from app.widgets.refusals import refuse
from app.widgets.segments import Segments
from engine.edits import fixed_settings
from engine.experiment import Experiment

_ABOVE = 8
"""Pixels above the head of a card that is scrolled to."""


class ExperimentColumn(QWidget):
    """Shows the document's experiment and edits it."""

    find_asked = Signal(str)
    """A value is to be found by trying, by the name of its finder."""
    follow_asked = Signal(bool)
    """Whether the run in training is to take edits up, or the next run alone."""
    branch_asked = Signal()
    """A new run is to begin with the weights that the run in training has at the moment that is shown."""

    def __init__(self, document: Document, theme: Theme, settings: SettingsFile) -> None:
        super().__init__()
        self._document, self._theme, self._settings = document, theme, settings
        self.setFixedWidth(COLUMN_WIDTH)
        self._taking = False
        self._marked: Experiment | None = None
        """The experiment whose fixed settings are marked; None: nothing is marked."""
        self._valid = QPushButton()
        self._valid.clicked.connect(self._reveal_problem)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 10, 0)
        head.addWidget(label(tr("Experiment"), "title"))
        head.addStretch(1)
        head.addWidget(self._valid)
        self._given = self._context()
        self.form = RecordForm(Experiment, self._given, sections=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        set_role(inside, "ground")
        room = QVBoxLayout(inside)
        room.setContentsMargins(0, 0, 10, 12)
        room.addWidget(self.form)
        self._scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._scroll, 1)
        # below the form: a field stays under the hand when a run begins or ends
        whole.addWidget(self._make_waiting())
        whole.addWidget(self._make_branch())
        whole.addWidget(self._make_scope())
        self.form.show_value(document.experiment)
        for name, card in self.form.cards.items():
            card.set_open(name in settings.value.open_cards)
        self.form.card_opened.connect(self._card_opened)
        self.form.edited.connect(self._edited)
        document.changed.connect(self._changed)
        document.replaced.connect(self._begin_above)
        document.facts_changed.connect(lambda _: self._new_context())
        document.problems_changed.connect(self._show_problems)
        self._show_problems()

    def _make_scope(self) -> QWidget:
        """Return the choice, seen while a run is in training, of which run takes up what is edited."""
        live = tr("It takes up at once what can change in a run; the rest counts for the next")
        later = tr("It goes on as it was begun; what is edited counts for the next run")
        options = ((True, tr("this run"), live), (False, tr("the next"), later))
        self._scope = Segments(options, tr("Edits count for"))
        # not signal to signal: one of any object fits none of a bool
        self._scope.picked.connect(lambda wanted: self.follow_asked.emit(bool(wanted)))
        self._scope_row = QWidget()
        row = QHBoxLayout(self._scope_row)
        row.setContentsMargins(4, 0, 10, 8)
        row.addWidget(label(tr("Edits count for"), "muted"))
        row.addStretch(1)
        row.addWidget(self._scope)
        self._scope_row.setVisible(False)
        return self._scope_row

    def _make_waiting(self) -> QWidget:
        """Return the line that names the waiting run which the form is of, seen all the while."""
        self._waiting = label("", "small", wrap=True)
        self._waiting.setContentsMargins(4, 0, 10, 8)
        self._waiting.setVisible(False)
        return self._waiting

    def _make_branch(self) -> QWidget:
        """Return the line that names what was edited and does not reach the run, and offers a branch."""
        self._left = label("", "small", wrap=True)
        self._branch = QPushButton(branch_words(None))
        self._branch.setToolTip(
            tr("Interrupt this run, and begin a new one with the weights shown and with all that is edited")
        )
        self._theme.put_icon(self._branch, "split")
        self._branch.clicked.connect(self.branch_asked)
        self._branch_row = QWidget()
        row = QHBoxLayout(self._branch_row)
        row.setContentsMargins(4, 0, 10, 8)
        row.addWidget(self._left, 1)
        row.addWidget(self._branch, 0, Qt.AlignmentFlag.AlignTop)
        self._branch_row.setVisible(False)
        return self._branch_row

    def show_standing(self, standing: RunStatus) -> None:
        """Show which run takes edits up, a waiting one or one in training, and what of the form it cannot."""
        takes = standing.takes_edits
        self._waiting.setVisible(bool(standing.meant.waiting))
        self._waiting.setText(
            tr(
                "Edits count for the waiting {name}. F9 keeps them; it is held meanwhile.",
                name=standing.meant.waiting,
            )
        )
        self._scope_row.setVisible(takes is not None)
        if takes is not None:
            self._scope.set_value(takes)
            # beside the curves of another run, "this run" would be read as that one
            self._scope.name(True, tr("the run in training") if standing.meant.elsewhere else tr("this run"))
        steered = standing.run in ("running", "paused") and not standing.meant.elsewhere
        self._branch_row.setVisible(bool(standing.left) and steered)
        self._branch.setText(branch_words(standing.meant.moment))
        if standing.left:
            names = dict.fromkeys(label_at(path, self._document.experiment) or path for path in standing.left)
            self._left.setText(tr("{names}: not in this run", names=", ".join(names)))
        self._mark_fixed(bool(takes))

    def _mark_fixed(self, takes: bool) -> None:
        """Mark each field that the run which takes edits up cannot take up."""
        marked = self._document.experiment if takes else None
        # asked thirty times a second, and it goes through every field of the form
        if marked is self._marked:
            return
        self._marked = marked
        self.form.tell_fixed(fixed_settings(marked) if marked is not None else ())

    def _reveal_problem(self) -> None:
        if self._document.problems:
            self.lead_to(self._document.problems[0].path)

    def lead_to(self, path: str) -> None:
        """Give the field at `path` the focus, in sight; where there is none, open its card."""
        section, _, rest = path.partition(".")
        card = self.form.cards.get(section)
        rows = card.body.findChildren(FieldRow) if card is not None else list(self.form.rows.values())
        wanted = rest.partition(".")[0] if card is not None else section
        row = next((row for row in rows if row.field == wanted and not row.isHidden()), None)
        if row is None:
            self.reveal(path)
        elif card is not None:
            self.go_to(section, row)
        else:
            self._enter(row)

    def reveal(self, path: str) -> None:
        """Open the card that holds the field at `path` and bring its head into sight."""
        card = self.form.cards.get(path.split(".")[0])
        if card is not None:
            card.set_open(True)
            QTimer.singleShot(0, self, lambda: self._scroll_to(card))  # it is as tall as its body only then

    def choose(self) -> Chooser:
        """Offer the cards and their fields by name; the chosen one is opened and has the focus."""
        chooser = Chooser(tr("Go to a card or a setting"), self._destinations(), self)
        chooser.open_over(self._scroll)
        return chooser

    def _destinations(self) -> list[Destination]:
        cards = [
            Destination(card.title, "", partial(self.go_to, name)) for name, card in self.form.cards.items()
        ]
        rows = [
            Destination(row.name, card.title, partial(self.go_to, name, row))
            for name, card in self.form.cards.items()
            for row in card.body.findChildren(FieldRow)
            # those that do not apply now are hidden
            if not row.isHidden()
        ]
        bare = [Destination(row.name, "", partial(self._enter, row)) for row in self.form.rows.values()]
        return [*cards, *bare, *rows]

    def go_to(self, name: str, row: FieldRow | None = None) -> None:
        """Open a card and give its first field, or that of a row, the focus."""
        self.reveal(name)
        card = self.form.cards[name]
        QTimer.singleShot(0, self, lambda: self._enter(card.body if row is None else row))

    def _enter(self, part: QWidget) -> None:
        """Give the first field of a part of the form the focus, and bring it into sight."""
        fields = stops_of(part)
        if fields:
            # as if by Tab: fields then select their text, and the focus is shown
            fields[0].setFocus(Qt.FocusReason.TabFocusReason)
            if isinstance(part, FieldRow):
                self._scroll.ensureWidgetVisible(part, 0, _ABOVE)

    def _scroll_to(self, card: QWidget) -> None:
        top = card.mapTo(self.form, QPoint(0, 0)).y()
        self._scroll.verticalScrollBar().setValue(top - _ABOVE)

    def _begin_above(self) -> None:
        """Another experiment is read from its beginning, where its data is."""
        self._scroll.verticalScrollBar().setValue(0)

    def _context(self) -> Context:
        document = self._document
        facts = replace(
            document.facts.of(document.experiment),
            notes={**_own_notes(document.experiment), **document.facts.notes},
        )
        folder: Path | None = document.path.parent if document.path is not None else None
        experiment = document.experiment
        return Context(
            self._theme,
            editor_for,
            facts,
            type(experiment.task),
            folder,
            experiment.measured,
            _outputs(experiment, facts),
            self.find_asked.emit,
        )

    def _new_context(self) -> None:
        context = self._context()
        # it goes through every field of the form
        if context != self._given:
            self._given = context
            self.form.set_context(context)

    def _edited(self, path: str) -> None:
        value = self.form.value()
        self._taking = True
        try:
            if isinstance(value, Experiment):
                self._document.edit(value, path)
        finally:
            self._taking = False
        self._document.set_typed_problems(self.form.problems())

    def _changed(self, experiment: Experiment) -> None:
        # a value that the form itself gave leaves alone what is half typed beside it
        self.form.show_value(experiment, anew=not self._taking)
        if not self._taking:
            self._document.set_typed_problems(self.form.problems())
        self._new_context()

    def _show_problems(self) -> None:
        self.form.tell_problems(self._document.outer_problems)
        count = len(self._document.problems)
        if count == 0 and self._document.reading:
            self._valid.setText(tr("reading the data…"))
        elif count == 0:
            self._valid.setText(tr("valid ✓"))
        else:
            self._valid.setText(tr("1 problem") if count == 1 else tr("{count} problems", count=count))
        set_role(self._valid, "valid" if count == 0 else "invalid")
        told = "\n".join(sentence(problem, self._document.experiment) for problem in self._document.problems)
        refuse(self._valid, "" if told else tr("Nothing is wrong with the experiment"), told)

    def _card_opened(self, name: str, is_open: bool) -> None:
        others = tuple(card for card in self._settings.value.open_cards if card != name)
        self._settings.change(open_cards=(*others, name) if is_open else others)


def _outputs(experiment: Experiment, facts: DataFacts) -> int:
    """Return how many numbers the network puts out for an example, 0 while that is not known."""
    found = facts.description
    if found is None or found.targets.kind not in experiment.loss.accepts:
        return 0
    return experiment.outputs(found).size


def _own_notes(experiment: Experiment) -> dict[str, str]:
    """Return what stands in a summary where nothing is chosen and the task decides."""
    usual = ", ".join(title_of(type(metric)) for metric in experiment.scores)
    return {} if experiment.metrics else {"metrics": tr("as usual: {names}", names=usual)}
