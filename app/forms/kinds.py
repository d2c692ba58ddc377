"""The chooser of a kind: a list that shows each choice's title and, under it, what it is in one line."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

from app.document.following import unfit_for
from app.forms.editor import Context, guard
from app.forms.input_words import input_words
from app.forms.plain import shrinkable
from app.language.words import summary_of, title_of, tr
from app.look.style import set_mark
from app.widgets.tips import plain
from app.widgets.two_lines import SECOND_LINE, show_two_lines
from engine.choices import Choice, Family
from engine.tasks.task import Task

_KIND = Qt.ItemDataRole.UserRole + 2


class KindChooser(QComboBox):
    """Chooses a kind of a family.

    Kinds that do not fit the data or the task are greyed, with the reason, and stand below those that do.
    """

    picked = Signal(str)

    def __init__(self, family: Family, context: Context) -> None:
        super().__init__()
        self._family = family
        self._fitting: object = None
        shrinkable(self)
        guard(self)
        self._list = QStandardItemModel(self)
        self.setModel(self._list)
        show_two_lines(self, context.theme)
        # not currentIndexChanged, which also comes when the program sets it
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index, _KIND)))
        self.setAccessibleName(tr("Kind"))
        self.set_context(context)

    def kind(self) -> str:
        return str(self.currentData(_KIND))

    def show_kind(self, kind: str) -> None:
        index = self.findData(kind, _KIND)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self.setToolTip(plain(summary_of(self._family[kind])))

    def tell_wrong(self, wrong: bool) -> None:
        set_mark(self, "wrong", wrong)

    def set_context(self, context: Context) -> None:
        fitting = (context.task, context.facts.inputs, context.facts.targets)
        # a context comes after every edit, and seldom changes what fits
        if fitting == self._fitting:
            return
        self._fitting = fitting
        chosen = self.kind()
        reasons = {kind: self.why_not(choice, context) for kind, choice in self._family.items()}
        with QSignalBlocker(self):
            self._list.clear()
            # sorted keeps the order of the family among those that fit, and among the others
            for kind in sorted(reasons, key=lambda kind: bool(reasons[kind])):
                self._list.appendRow(_entry(kind, self._family[kind], reasons[kind]))
            # 0: at first nothing was chosen, and -1 would show an empty box
            self.setCurrentIndex(max(self.findData(chosen, _KIND), 0))

    @staticmethod
    def why_not(choice: type[Choice], context: Context) -> str:
        """Return why a choice cannot be used here, "" where it can."""
        needs = _not_for() if issubclass(choice, Task) else _not_done()
        unfit = unfit_for(choice, context.facts, context.task)
        return ", ".join(needs.get(kind, kind) for kind in sorted(unfit)).capitalize()


def _entry(kind: str, choice: type[Choice], why_not: str) -> QStandardItem:
    item = QStandardItem(title_of(choice))
    item.setData(kind, _KIND)
    item.setEnabled(not why_not)
    item.setData(why_not or summary_of(choice), SECOND_LINE)
    item.setToolTip(plain(why_not or summary_of(choice)))
    return item


def _not_for() -> dict[str, str]:
    """Return why a task is not for the data, by what the data is or lacks."""
    return {
        **{kind: words.not_for for kind, words in input_words().items()},
        "classes": tr("this data has no classes"),
        "labels": tr("this data has no examples of several labels"),
        "numbers": tr("this data has no numbers to predict"),
        "tags": tr("this data has no tagged words"),
        "translation": tr("this data has no translations"),
    }


def _not_done() -> dict[str, str]:
    """Return why a choice does not fit, by what it would have to do."""
    return {
        "classes": tr("does not predict classes"),
        "labels": tr("does not predict labels"),
        "numbers": tr("does not predict numbers"),
        **{kind: words.not_taken for kind, words in input_words().items()},
        "tags": tr("does not tag words"),
        "translation": tr("does not translate"),
        "place": tr("gives no answer at every place"),
        "next": tr("does not predict what comes next"),
        "example": tr("gives no single answer for an example"),
    }
