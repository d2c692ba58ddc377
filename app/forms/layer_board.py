"""The board of a layer list: its table, its tools, its totals, and the form of the chosen layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.choice import ChoiceEditor
from app.forms.editor import Context
from app.forms.kinds import KindChooser
from app.forms.layer_model import LayerModel
from app.forms.layer_table import LayerTable
from app.forms.record import below
from app.language.numbers import number, whole
from app.language.words import summary_of, title_of, tr
from app.look.style import set_role
from app.look.theme import Theme
from app.widgets.labels import ProblemLabel, label
from app.widgets.refusals import refuse
from app.widgets.tips import plain
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.architectures.layer_kinds.starts import starting_layers
from engine.choices import Problem
from engine.data.description import Inputs

Layers = tuple[ListedLayer, ...]
_EXACT = 10_000_000_000
"""Numbers up to this are written out in the totals."""


class LayerBoard(QWidget):
    """The table, what is done to it, its totals, and the form of the chosen layer.

    `edited` tells the path of what changed: "3.units", or a new name for every change of the list itself, so
    that each is a step of undo, however quickly they follow each other.
    """

    edited = Signal(str)
    widen_asked = Signal()

    def __init__(self, context: Context, *, narrow: bool) -> None:
        super().__init__()
        self._context, self._narrow = context, narrow
        self.layers: Layers = ()
        self._shown: object = None
        self._changes = 0
        self.model = LayerModel(context.theme, self)
        self.model.dropped.connect(self._drop)
        self.table = LayerTable(self.model, context.theme, narrow=narrow)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._show_chosen())
        self.table.move_asked.connect(self.shift)
        self.table.remove_asked.connect(self.remove)
        # a lambda: the button is made further down
        self.table.add_asked.connect(lambda: self._add.showMenu())
        self._problem = ProblemLabel()
        self._totals = label("", "small", wrap=True)
        self._empty = label(
            tr("No layers yet: inputs go straight to the outputs. Add one, or start from a known network."),
            "muted",
            wrap=True,
        )
        self._detail: ChoiceEditor | None = None
        self._card = QFrame()
        self._card_title = label("", "strong")
        self._room = QVBoxLayout(self._card)
        self._room.setContentsMargins(0, 4, 0, 4)
        self._room.addWidget(self._card_title)
        self._card.hide()
        self._hint = label(
            tr(
                "Choose a layer to change it. A new one is added after the chosen row: after Input, "
                "it becomes the first."
            ),
            "muted",
            wrap=True,
        )
        self._lay_out(self._tools(context.theme))
        self._work_out()

    # --- parts --------------------------------------------------------------------------------------------

    def _tools(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        self._add = QPushButton(tr("Add"))
        self._add.setAccessibleName(tr("Add a layer"))
        self._add.setToolTip(tr("Add a layer after the chosen row, or at the end (Insert)"))
        theme.put_icon(self._add, "plus")
        self._add_menu = self._menu_of(self._add, self._offer)
        self._start = QPushButton(tr("Start from"))
        self._start.setToolTip(tr("Replace the list by that of a known network"))
        self._start_menu = self._menu_of(self._start, self._offer_starts)
        row.addWidget(self._add)
        row.addWidget(self._start)
        row.addStretch(1)
        self.buttons = {
            "up": self._tool("chevron-up", tr("Move up (Ctrl+Up)"), lambda: self.shift(-1)),
            "down": self._tool("chevron-down", tr("Move down (Ctrl+Down)"), lambda: self.shift(1)),
            "copy": self._tool("copy", tr("Duplicate"), self.duplicate),
            "remove": self._tool("trash-2", tr("Remove (Delete)"), self.remove),
        }
        if self._narrow:
            self.buttons["wide"] = self._tool(
                "maximize-2", tr("Edit in a window of its own"), self.widen_asked.emit
            )
        for button in self.buttons.values():
            row.addWidget(button)
        self._told = {name: button.toolTip() for name, button in self.buttons.items()}
        """What each button does."""
        return row

    def _tool(self, icon: str, words: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        set_role(button, "icon")
        button.setToolTip(plain(words))
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._context.theme.put_icon(button, icon, "text_muted")
        button.clicked.connect(lambda: act())
        return button

    def _menu_of(self, button: QPushButton, fill: object) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        # only when it opens: what may be added depends on the chosen row
        menu.aboutToShow.connect(fill)
        button.setMenu(menu)
        # the style leaves room for the arrow by it
        button.setProperty("menu", True)
        set_role(button, "quiet")
        return menu

    def _lay_out(self, tools: QHBoxLayout) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(tools)
        left.addWidget(self.table, 1)
        for widget in (self._empty, self._problem, self._totals):
            left.addWidget(widget)
        narrow = self._narrow
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        whole_ = QBoxLayout(way, self)
        whole_.setContentsMargins(0, 0, 0, 0)
        whole_.setSpacing(8 if narrow else 24)
        whole_.addLayout(left, 1)
        if narrow:
            whole_.addWidget(self._card)
            whole_.addWidget(self._hint)
            return
        set_role(self._card, "card")
        self._room.setContentsMargins(12, 10, 8, 12)
        inside = QWidget()
        set_role(inside, "ground")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 0)
        column.addWidget(self._card)
        column.addWidget(self._hint)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        # else Tab would stop at the frame before the fields in it
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(360)
        scroll.setWidget(inside)
        whole_.addWidget(scroll)

    # --- the list -----------------------------------------------------------------------------------------

    @property
    def chosen(self) -> int | None:
        """Which layer is chosen."""
        return self.model.place(self.table.currentIndex().row())

    @property
    def _place_to_add(self) -> int:
        """Where a new layer goes: after the chosen row, which may be the input, or at the end."""
        row = self.table.currentIndex().row()
        return row if 0 <= row <= len(self.layers) else len(self.layers)

    def choose(self, place: int | None) -> None:
        """Choose a layer, or none."""
        if place is None or not self.layers:
            self.table.clearSelection()
            # Qt keeps a current row when the selection is cleared
            self.table.selectionModel().clearCurrentIndex()
        else:
            index = self.model.index(min(max(place, 0), len(self.layers) - 1) + 1, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.scrollTo(index)
        self._show_chosen()

    def show_layers(self, layers: Layers, *, anew: bool = False) -> None:
        """Show a list; the layer at the place chosen before stays chosen."""
        place = self.chosen
        self.layers = layers
        self._work_out()
        if anew:
            self._shown = None
        if place is not None:
            self.choose(place)

    def add(self, kind: str) -> None:
        """Add a layer after the chosen row, or at the end, and choose it."""
        place = self._place_to_add
        layer = cast("ListedLayer", ListedLayer.family[kind]())
        self._change((*self.layers[:place], layer, *self.layers[place:]), place)

    def duplicate(self) -> None:
        """Add the chosen layer once more after itself."""
        if self.chosen is not None:
            place = self.chosen
            # the two slices overlap in the layer that is doubled
            self._change((*self.layers[: place + 1], *self.layers[place:]), place + 1)

    def remove(self) -> None:
        """Take the chosen layer away."""
        if self.chosen is not None:
            place = self.chosen
            self._change((*self.layers[:place], *self.layers[place + 1 :]), place)

    def shift(self, by: int) -> None:
        """Move the chosen layer by so many places."""
        if self.chosen is not None and 0 <= self.chosen + by < len(self.layers):
            self._move(self.chosen, self.chosen + by)

    def start_from(self, name: str) -> None:
        """Replace the list by that of a known network."""
        if self._inputs is not None:
            self._change(starting_layers(self._inputs)[name], None)

    def _drop(self, start: int, end: int) -> None:
        if start != end:
            self._move(start, end)

    def _move(self, start: int, end: int) -> None:
        order = list(self.layers)
        order.insert(end, order.pop(start))
        self._change(tuple(order), end)

    def _change(self, layers: Layers, chosen: int | None) -> None:
        self.layers = layers
        self._work_out()
        # the same place may hold another layer now, and needs a form of its own
        self._shown = None
        self.choose(chosen)
        self._changes += 1
        # a name never used before: undo puts changes of one name together
        self.edited.emit(f"change {self._changes}")

    def _offer(self) -> None:
        self._add_menu.clear()
        before = self.model.index(self._place_to_add, 0).data()
        self._add_menu.addAction(tr("After {row}", row=before)).setEnabled(False)
        self._add_menu.addSeparator()
        fitting = self._context_to_add()
        groups: dict[str, QMenu] = {}
        for kind, choice in ListedLayer.family.items():
            assert issubclass(choice, ListedLayer)
            if choice.group not in groups:
                groups[choice.group] = self._add_menu.addMenu(tr(choice.group))
                groups[choice.group].setToolTipsVisible(True)
            action = groups[choice.group].addAction(title_of(choice))
            why = KindChooser.why_not(choice, fitting)
            refuse(action, why, summary_of(choice))
            action.triggered.connect(partial(self.add, kind))

    def _offer_starts(self) -> None:
        self._start_menu.clear()
        if self._inputs is None:
            self._start_menu.addAction(tr("The data has to be read first")).setEnabled(False)
            return
        for name in starting_layers(self._inputs):
            self._start_menu.addAction(tr(name)).triggered.connect(partial(self.start_from, name))

    # --- what is seen -------------------------------------------------------------------------------------

    @property
    def _inputs(self) -> Inputs | None:
        description = self._context.facts.description
        return description.inputs if description is not None else None

    def set_context(self, context: Context) -> None:
        """Take new facts."""
        self._context = context
        self._work_out()
        if self._detail is not None:
            self._detail.set_context(self._context_of(self.chosen))
        self._tell_detail()

    def _work_out(self) -> None:
        place = self.chosen
        self.model.show_layers(self.layers, self._inputs, self._context.outputs, self._context.task.form)
        if place is not None and self.chosen is None and self.layers:
            self.choose(place)  # the table was filled anew
        self._empty.setVisible(not self.layers)
        self._totals.setText(self._total_words())
        self._totals.setVisible(bool(self._totals.text()))
        self._tell_detail()

    def _total_words(self) -> str:
        totals = self.model.totals()
        if totals is None:
            return ""
        parameters, work = (whole(value) if value < _EXACT else number(value) for value in totals)
        return tr(
            "{count} layers and the output · {parameters} parameters · {work} multiply-adds an example",
            count=len(self.layers),
            parameters=parameters,
            work=work,
        )

    def _context_of(self, place: int | None) -> Context:
        """Return the context in which the layer of a place chooses its kind: what it receives."""
        line = self.model.lines[place] if place is not None and place < len(self.model.lines) else None
        kind = line.inputs.kind if line is not None and line.inputs is not None else None
        return replace(self._context, facts=replace(self._context.facts, inputs=kind))

    def _context_to_add(self) -> Context:
        place = self._place_to_add
        if place > 0:
            effect = self.model.lines[place - 1].effect
            kind = effect.outputs.kind if effect is not None else None
        else:
            kind = self._inputs.kind if self._inputs is not None else None
        return replace(self._context, facts=replace(self._context.facts, inputs=kind))

    def _show_chosen(self) -> None:
        place = self.chosen
        for name, button in self.buttons.items():
            why = tr("Choose a layer first") if place is None and name != "wide" else ""
            if place == 0 and name == "up":
                why = tr("It is the first")
            elif place == len(self.layers) - 1 and name == "down":
                why = tr("It is the last")
            refuse(button, why, self._told[name])
        if place is None:
            self._put(None)
        elif self._detail is None or self._shown != place:
            detail = ChoiceEditor(ListedLayer.family, self._context_of(place))
            detail.show_value(self.layers[place])
            detail.name_it(tr("Kind of layer {number}", number=place + 1), "")
            detail.edited.connect(self._take_detail)
            self._put(detail)
        else:
            self._detail.show_value(self.layers[place])
        self._shown = place
        self._tell_detail()

    def _put(self, detail: ChoiceEditor | None) -> None:
        if self._detail is not None:
            self._room.removeWidget(self._detail)
            self._detail.hide()
            self._detail.setParent(None)
            self._detail.deleteLater()
        self._detail = detail
        self._card.setVisible(detail is not None)
        # without layers other words say what to do
        self._hint.setVisible(detail is None and bool(self.layers))
        if detail is not None:
            self._card_title.setText(tr("Layer {number}", number=(self.chosen or 0) + 1))
            self._room.addWidget(detail)

    @property
    def detail(self) -> ChoiceEditor | None:
        """The editor of the chosen layer."""
        return self._detail

    def _take_detail(self, inner: str) -> None:
        place = self.chosen
        made = self._detail.value() if self._detail is not None else None
        if place is None or not isinstance(made, ListedLayer):
            return
        self.layers = (*self.layers[:place], made, *self.layers[place + 1 :])
        self._work_out()
        self.edited.emit(f"{place}.{inner}")

    def _tell_detail(self) -> None:
        """Show what does not fit: at the fields of the chosen layer, or below the table."""
        place = self.chosen
        lines = self.model.lines
        shown = (
            self._detail is not None and place is not None and place < len(lines) and lines[place].problems
        )
        self._problem.tell(() if shown else self.model.problems)
        if self._detail is None or place is None or place >= len(self.model.lines):
            return
        problems = tuple(problem.under("layer") for problem in self.model.lines[place].problems)
        self._detail.tell_problems(below(problems, "layer"))

    def typed_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the text in the fields of the chosen layer."""
        if self._detail is None or self.chosen is None:
            return ()
        return tuple(problem.under(str(self.chosen)) for problem in self._detail.problems())
