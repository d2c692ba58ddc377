"""How the data was read: a line for each decision, with cells as written and as read, and other readings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.data.decision_words import all_words, by_importance, other_words, said_words, specimen_words
from app.data.other_readings import is_deed, link_words, loses_nothing, whole_first
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.widgets.labels import label
from engine.data.decisions import Decision
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment

_MOST_LINES = 60
_MARK, _LEAST_WIDTH, _LEAST_HEIGHT = 16, 200, 84
_GAP, _RIGHT, _ONE_LINE = 6, 8, 44
"""Pixels between decisions, between them and the scroll bar, and of one in a single line with cells below."""


class DecisionsList(QScrollArea):
    """Lists decisions, those in doubt first and marked; what is as usual stands in the last line."""

    chosen = Signal(str, object)
    """A setting of the experiment, as `data.decimal`, and the value it is to have instead."""
    moved = Signal()
    """Other lines are seen than before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Decision, ...] | None = None
        self.lines: tuple[DecisionLine, ...] = ()
        self.usual: UsualLine | None = None
        self.setAccessibleName(tr("How this was read"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.moved.emit())
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self.moved.emit())
        self.setVisible(False)

    def show_inspection(self, found: Inspection, experiment: Experiment) -> None:
        """Show the decisions of an inspection; nothing is made anew where they are the same."""
        ordered = tuple(map(whole_first, by_importance(found.decisions, experiment)))
        if ordered == self._shown:
            return
        self._shown = ordered
        told = [one for one in ordered if one.said]
        # each of thousands of columns may have a decision, and each line is widgets
        self.lines = tuple(DecisionLine(self._theme, one, experiment) for one in told[:_MOST_LINES])
        inside = QWidget()
        inside.setObjectName("decisions")
        # by its name: without it the rule would go for every widget inside
        inside.setStyleSheet("#decisions { background: transparent; }")
        room = QVBoxLayout(inside)
        room.setContentsMargins(0, 0, _RIGHT, 0)
        room.setSpacing(_GAP)
        for line in self.lines:
            line.chosen.connect(self.chosen)
            room.addWidget(line)
        if len(told) > len(self.lines):
            more = tr("and {count} more, which the command check lists", count=len(told) - len(self.lines))
            room.addWidget(label(more, "small"))
        self.usual = UsualLine([one for one in ordered if not one.said], experiment)
        self.usual.chosen.connect(self.chosen)
        room.addWidget(self.usual)
        room.addStretch(1)
        self.setWidget(inside)
        self.setVisible(bool(self.lines or self.usual.words))
        # how high it wants to be goes by what it holds and by its width: the layout asks only when told
        self.updateGeometry()

    @property
    def heading(self) -> str:
        """Return what the list is, and how many of its lines a person should look at."""
        doubts = sum(line.decision.doubtful for line in self.lines)
        if doubts > 1:
            return tr("How this was read: look at {count} readings that are in doubt", count=doubts)
        if doubts:
            return tr("How this was read: look at 1 reading that is in doubt")
        return tr("How this was read")

    @property
    def height_needed(self) -> int:
        """Return the height in pixels at which what is in doubt is seen, and one more line, none cut."""
        inside = self.widget()
        inner = None if inside is None else inside.layout()
        if inner is None:
            return 0
        # the line of what is as usual stands last, and is seen with the whole
        ends = list(accumulate(line.heightForWidth(self._width) + _GAP for line in self.lines))
        least = _ONE_LINE + max(
            (end for end, line in zip(ends, self.lines, strict=True) if line.decision.doubtful), default=0
        )
        whole = inner.heightForWidth(self._width + _RIGHT)
        return min(whole, next((end for end in ends if end >= least), least + _ONE_LINE))

    @property
    def below(self) -> int:
        """Return how many lines end below what is seen now, each of which is a decision."""
        inside = self.widget()
        if inside is None or not inside.isVisible():
            return 0
        seen = self.verticalScrollBar().value() + self.viewport().height()
        return sum(line.geometry().bottom() >= seen for line in self.lines)

    def go_on(self) -> None:
        """Show the first line that is not seen whole, and what follows it."""
        seen = self.verticalScrollBar().value() + self.viewport().height()
        cut = next((line for line in self.lines if line.geometry().bottom() >= seen), None)
        if cut is not None:
            self.verticalScrollBar().setValue(cut.geometry().top())

    @property
    def doubtful(self) -> tuple[Decision, ...]:
        """Return what is in doubt and may be read otherwise with nothing lost, the most important first."""
        decisions = (line.decision for line in self.lines)
        return tuple(one for one in decisions if one.doubtful and loses_nothing(one))

    @property
    def _width(self) -> int:
        """Return how wide a line is; before it is laid out, words in it would need any height."""
        return max(self.viewport().width(), _LEAST_WIDTH) - _RIGHT

    @override
    def sizeHint(self) -> QSize:
        needed, most = self.height_needed, self.maximumHeight()
        if needed > most:
            # as many whole lines as there is room for: half a sentence looks like all that is said
            ends = accumulate(line.heightForWidth(self._width) + _GAP for line in self.lines)
            needed = max((end for end in ends if end <= most), default=most)
        return QSize(_LEAST_WIDTH, needed)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, min(_LEAST_HEIGHT, self.height_needed))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self.moved.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()


class DecisionLine(QWidget):
    """A mark where a decision is in doubt, the sentence, cells below it, and a menu of other readings."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, decision: Decision, experiment: Experiment) -> None:
        super().__init__()
        self.decision, self._experiment = decision, experiment
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        mark = label("")
        mark.setFixedWidth(_MARK)
        if decision.doubtful:
            theme.put_icon(mark, "circle-help", "warning", _MARK)
            mark.setAccessibleName(tr("in doubt"))
            mark.setToolTip(tr("Nearly as likely, it is meant otherwise: look whether it is right."))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(said_words(decision, experiment), wrap=True))
        if decision.specimens:
            words.addWidget(label(specimen_words(decision), "small", wrap=True))
        row.addLayout(words, 1)
        self.button = self._make_button(decision, experiment)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def _make_button(self, decision: Decision, experiment: Experiment) -> QPushButton:
        """Return the link to what is offered; where that is one deed, a click does it."""
        if not decision.others:
            button = QPushButton()
            button.setVisible(False)
            return button
        words = link_words(decision, experiment)
        name = tr("{deed}: {what}", deed=words, what=decision.said)
        if not is_deed(decision) or len(decision.others) > 1:
            return _asking_button(self.menu, words, name)
        button, value = _link(words, name), decision.others[0].value
        button.clicked.connect(lambda: self.chosen.emit(decision.setting, value))
        return button

    def menu(self) -> QMenu:
        """Return what else could be meant, each with the cells as they would be read."""
        menu = QMenu(self)
        # made anew at every click: this line, its parent, would keep them all
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _offer(menu, self.decision, self._experiment, self.chosen)
        return menu


class UsualLine(QWidget):
    """What is as usual, in one small line, and a menu with what each could be instead."""

    chosen = Signal(str, object)

    def __init__(self, decisions: Sequence[Decision], experiment: Experiment) -> None:
        super().__init__()
        self._decisions, self._experiment = decisions, experiment
        self.words = all_words([said_words(one, experiment) for one in decisions])
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARK + 8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(self.words, "small", wrap=True), 1)
        words = tr("Read otherwise")
        button = _asking_button(self.menu, words, tr("{deed}: {what}", deed=words, what=self.words))
        button.setVisible(any(one.others for one in decisions))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def menu(self) -> QMenu:
        """Return a menu for each decision that can be another."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for decision in self._decisions:
            # Qt takes a single & for the mark of a key
            words = said_words(decision, self._experiment).replace("&", "&&")
            if decision.others and words:
                _offer(menu.addMenu(words), decision, self._experiment, self.chosen)
        return menu


def _link(words: str, name: str) -> QPushButton:
    button = QPushButton(words.replace("&", "&&"))
    set_role(button, "link")
    button.setAccessibleName(name)
    return button


def _asking_button(menu: Callable[[], QMenu], words: str, name: str) -> QPushButton:
    """Return a link that shows a menu below itself."""
    button = _link(words, name)
    button.clicked.connect(lambda: menu().popup(button.mapToGlobal(button.rect().bottomLeft())))
    return button


def _offer(menu: QMenu, decision: Decision, experiment: Experiment, chosen: SignalInstance) -> None:
    for other in decision.others:
        action = menu.addAction(other_words(decision, other, experiment).replace("&", "&&"))
        action.triggered.connect(lambda _=False, value=other.value: chosen.emit(decision.setting, value))
