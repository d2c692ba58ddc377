"""The card at the top of the data page: what was read, what is wrong with it, and what may be meant."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.data.decision_words import other_words
from app.data.decisions_list import DecisionsList
from app.data.summary_words import SUGGESTED, parts_words, title_words
from app.data.watch import task_title
from app.document.document import Document
from app.language.sentences import sentence
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.modalities.appearance import appearance_of
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel, label
from app.widgets.tips import plain
from engine.data.inspection.records import Inspection

_ANY = 16_777_215
"""Qt's word for no bound on a height."""
_BARE = 56
"""Height in pixels of the card where there is nothing to say."""


class SummaryCard(Card):
    """Says how many examples there are, what is wrong, what fits better, and how the data was read."""

    task_asked = Signal()
    """The task that fits the target is wanted."""
    otherwise_asked = Signal()
    """All that is in doubt is to be read in the other way that is offered."""
    source_asked = Signal()
    """The file is to be read by the source that suits it better."""

    def __init__(self, theme: Theme, document: Document) -> None:
        super().__init__(tr("Data"))
        self._document = document
        self._counts = ElidedLabel("", "muted")
        self.head.insertWidget(1, self._counts)
        self._problem = label("", "problem", wrap=True)
        self.decisions, self._heading = DecisionsList(theme), ElidedLabel("", "strong")
        self._switch, self.reread, self.otherwise = QPushButton(), QPushButton(), QPushButton()
        for link, asked in (
            (self._switch, self.task_asked),
            (self.reread, self.source_asked),
            (self.otherwise, self.otherwise_asked),
        ):
            set_role(link, "link")
            link.clicked.connect(lambda _=False, asked=asked: asked.emit())
        self.more = QPushButton()
        set_role(self.more, "link")
        self.more.clicked.connect(lambda: self.decisions.go_on())
        self.decisions.moved.connect(self._count_more)
        for widget in (
            self.more,
            self._problem,
            self._switch,
            self.reread,
            self._heading,
            self.otherwise,
            self.decisions,
        ):
            widget.setVisible(False)
        self.body.addWidget(self._problem)
        for link in (self._switch, self.reread):
            self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(self._heading, 1)
        row.addWidget(self.more)
        row.addWidget(self.otherwise)
        self.body.addLayout(row)
        self.body.addWidget(self.decisions)

    def show_inspection(self, found: Inspection) -> None:
        self.title.setText(title_words(found))
        self._counts.setText(parts_words(found))
        self.decisions.show_inspection(found, self._document.experiment)
        self._heading.setText(self.decisions.heading)
        self._heading.setVisible(not self.decisions.isHidden())
        doubtful = self.decisions.doubtful
        self.otherwise.setVisible(len(doubtful) > 1)
        self.otherwise.setText(tr("Read all {count} otherwise", count=len(doubtful)))
        experiment = self._document.experiment
        ways = [
            tr("{column}: {reading}", column=one.column, reading=other_words(one, one.others[0], experiment))
            for one in doubtful
        ]
        self.otherwise.setToolTip(plain("\n".join([*ways, tr("Undo takes all of it back.")])))
        self.show_problems(found)

    def _count_more(self) -> None:
        """Say how many decisions are out of sight: nobody looks for a scroll bar."""
        below = self.decisions.below
        self.more.setText(tr("{count} more below", count=below))
        self.more.setVisible(below > 0 and not self.decisions.isHidden())

    def show_problems(self, found: Inspection) -> None:
        """Say what is wrong with this data for the experiment as it is edited now."""
        target = self._document.experiment.task.target
        unchosen = getattr(self._document.experiment.data, "target", None) == ()
        # a target that is not chosen yet: the chooser asks for it
        shown = [one for one in found.problems if not (unchosen and one.path == "data.target")]
        self._problem.setText("\n".join(sentence(problem, self._document.experiment) for problem in shown))
        self._problem.setVisible(bool(shown))
        open_choice = (
            appearance_of(found.kind).in_table or found.description is None or found.guess == "labels"
        )
        differs = open_choice and found.guess is not None and found.guess != target
        self._switch.setVisible(differs)
        if found.guess is not None and differs:
            title = task_title(found.guess)
            self._switch.setText(tr("This looks like {task}: switch to it", task=title.lower()))
        suggested = found.suggests if self._document.experiment.data.kind != found.suggests else ""
        self.reread.setVisible(bool(suggested))
        usual = SUGGESTED[suggested]() if suggested else ""
        seen = tr("{seen}: read them so", seen=tr(found.suggests_why)) if found.suggests_why else ""
        self.reread.setText(f"{seen[:1].upper()}{seen[1:]}" if seen and suggested else usual)
        talks = shown or differs or suggested or not self.decisions.isHidden()
        self.setMaximumHeight(_ANY if talks else _BARE)
