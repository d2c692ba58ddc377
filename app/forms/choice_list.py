"""The editor of a list of choices: add, remove, and bring into order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout
from typing_extensions import override

from app.forms.choice import ChoiceEditor
from app.forms.editor import Context, Editor
from app.forms.kinds import KindChooser
from app.forms.record import below
from app.language.words import summary_of, title_of, tr
from app.look.style import set_role
from app.widgets.labels import ElidedLabel, ProblemLabel
from app.widgets.refusals import refuse
from app.widgets.tips import plain
from engine.choices import Family, Problem


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
        # an item whose settings are not whole yet has no value
        return tuple(value for item in self._items if (value := item.editor.value()) is not None)

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        assert isinstance(value, tuple)
        if value == self.value() and not anew:
            return
        # the editors stay where they can: they hold what is half typed, and the focus
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
        # the editor tells by itself that it was edited
        self._append().editor.switch(kind)
        self._refresh()

    def remove(self, index: int) -> None:
        self._drop(self._items[index])
        self._refresh()
        self.edited.emit("")

    def shift(self, index: int, by: int) -> None:
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
            refuse(action, why, summary_of(choice))
            action.triggered.connect(partial(self.add, kind))

    def _append(self) -> _Item:
        item = _Item(self._family, self._name, self._context)
        # its place is looked up when it happens, for items move
        item.editor.edited.connect(lambda inner: self.edited.emit(f"{self._items.index(item)}.{inner}"))
        item.remove_asked.connect(lambda: self.remove(self._items.index(item)))
        item.move_asked.connect(lambda by: self.shift(self._items.index(item), by))
        self._items.append(item)
        self._room.addWidget(item)
        return item

    def _drop(self, item: _Item) -> None:
        self._items.remove(item)
        self._room.removeWidget(item)
        # at once out of sight and of the tab order, which deleteLater alone does not do
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
    def tell_fixed(self, fixed: tuple[Problem, ...]) -> None:
        # the list may change as a whole, or its row says that it may not
        for index, item in enumerate(self._items):
            item.editor.tell_fixed(tuple(one for one in below(fixed, str(index)) if one.path))

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        self._outer = problems
        self._problem.tell(tuple(problem.message for problem in problems if problem.path == ""))
        for index, item in enumerate(self._items):
            item.editor.tell_problems(below(problems, str(index)))

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
        refuse(self._up, "" if index > 0 else tr("It is the first"), tr("Move up"))
        refuse(self._down, "" if index + 1 < count else tr("It is the last"), tr("Move down"))

    def _button(self, context: Context, icon: str, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        set_role(button, "icon")
        button.setToolTip(plain(words))
        button.setAccessibleName(words)
        context.theme.put_icon(button, icon, "text_muted", 14)
        button.clicked.connect(lambda: act())
        return button
