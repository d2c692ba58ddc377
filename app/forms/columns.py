"""Editors of columns of the data: one, several, or their types."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QMenu, QToolButton, QWidget
from typing_extensions import override

from app.forms.editor import Context, Editor, TextLine, guard
from app.forms.plain import shrinkable
from app.language.numbers import whole
from app.language.words import tr
from app.look.style import set_role
from app.widgets.refusals import refuse

_MOST_LISTED = 200
"""Columns that a menu offers at most: one of 20,000 takes a minute to open. A name can be typed, too."""


class ColumnEditor(Editor):
    """One column of the data, sheet or measured series: chosen from those there are, or its name typed."""

    def __init__(
        self,
        context: Context,
        *,
        offered: Callable[[Context], Sequence[str]] = lambda context: context.facts.columns,
        hint: str = "",
        told: Callable[[Context], object] | None = None,
    ) -> None:
        super().__init__()
        self._offered, self._told = offered, told
        self._combo = QComboBox()
        self._names = QStringListModel(self)
        self._combo.setModel(self._names)
        self._combo.setEditable(True)
        # Return would add what is typed to the columns
        self._combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        shrinkable(self._combo)
        guard(self._combo)
        line = TextLine()
        line.setPlaceholderText(hint or tr("Choose a column"))
        self._combo.setLineEdit(line)
        line.textEdited.connect(lambda: self.edited.emit(""))
        self._combo.activated.connect(lambda _: self.edited.emit(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._combo)
        self.setFocusProxy(self._combo)
        self.set_context(context)

    @override
    def value(self) -> object:
        return self._combo.currentText().strip()

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        if text != self._combo.currentText():
            self._combo.setCurrentText(text)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        line = self._combo.lineEdit()
        return (self._combo,) if line is None else (self._combo, line)

    @override
    def set_context(self, context: Context) -> None:
        line, found = self._combo.lineEdit(), None if self._told is None else self._told(context)
        if line is not None:
            told = isinstance(found, str) and found != ""
            line.setPlaceholderText(tr("Found out: {found}", found=found) if told else "")
        offered = list(self._offered(context))
        if self._names.stringList() == offered:
            return
        # kept by hand: new entries empty the line
        text = self._combo.currentText()
        self._names.setStringList(offered)
        self._combo.setCurrentText(text)


class _MenuLine(Editor):
    """A line of text beside a button, whose menu lists the columns: what is chosen there is written here."""

    def __init__(self, context: Context, hint: str, tip: str) -> None:
        super().__init__()
        self._columns: tuple[str, ...] = ()
        self._line = TextLine()
        self._line.setPlaceholderText(hint)
        self._line.textEdited.connect(lambda: self.edited.emit(""))
        self._button = QToolButton()
        set_role(self._button, "icon")
        self._tip = tip
        context.theme.put_icon(self._button, "chevron-down", "text_muted")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self._button.clicked.connect(
            lambda: self._menu.exec(self._line.mapToGlobal(self._line.rect().bottomLeft()))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)
        self.setFocusProxy(self._line)

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        if value != self.value():
            self._line.setText(self._words(value))
            self._line.setCursorPosition(0)

    @override
    def parts(self) -> tuple[QWidget, ...]:
        return (self._line, self._button)

    @override
    def set_context(self, context: Context) -> None:
        self._columns = context.facts.columns
        why = "" if self._columns else tr("The columns are known once the data is read")
        refuse(self._button, why, self._tip)

    def _take(self, words: str) -> None:
        self._line.setText(words)
        self.edited.emit("")

    @abstractmethod
    def _words(self, value: object) -> str:
        """Return a value as it is typed."""

    @abstractmethod
    def _fill(self) -> None:
        """Fill the menu, which is about to be shown."""


class ColumnsEditor(_MenuLine):
    """Several columns: typed with commas, or ticked in a list. `single` allows a bare name for just one."""

    def __init__(self, context: Context, *, single: bool) -> None:
        super().__init__(context, tr("Choose columns"), tr("Columns of the data"))
        self._single = single
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(lambda _: self.edited.emit(""))
        self._line.setCompleter(completer)
        self.set_context(context)

    @override
    def value(self) -> object:
        names = tuple(part.strip() for part in self._line.text().split(",") if part.strip())
        if self._line.text().strip() in self._columns:
            names = (self._line.text().strip(),)  # a column whose name has a comma in it
        if self._single and len(names) <= 1:
            return names[0] if names else ""
        return names

    @override
    def _words(self, value: object) -> str:
        return ", ".join(value) if isinstance(value, tuple | list) else str(value or "")

    @override
    def set_context(self, context: Context) -> None:
        super().set_context(context)
        if self._names.stringList() != list(self._columns):
            self._names.setStringList(self._columns)

    @override
    def _fill(self) -> None:
        self._menu.clear()
        now = self.value()
        taken = (now,) if isinstance(now, str) else now
        assert isinstance(taken, tuple)
        for name in _listed(self._columns, self._menu):
            # Qt takes a single & for the mark of a key
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in taken)
            action.triggered.connect(lambda checked, name=name: self._turn(name, checked))

    def _turn(self, name: str, taken: bool) -> None:
        now = self.value()
        before = tuple(now) if isinstance(now, tuple) else ((now,) if now else ())
        after = {*before, name} if taken else {*before} - {name}
        # names that the data lacks are kept: it may be other data now, and the field says which are wrong
        others = [column for column in before if column not in self._columns]
        self._take(", ".join([*(column for column in self._columns if column in after), *others]))


class TypesEditor(_MenuLine):
    """The types of columns, typed as "plz: category, day: date", or ticked in a menu of each column's types.

    `types` are the types there are and what they are called.
    """

    def __init__(self, context: Context, types: Mapping[str, str]) -> None:
        super().__init__(context, tr("column: type, column: type"), tr("Types of the columns"))
        self._types = types
        self.set_context(context)

    @override
    def value(self) -> object:
        pieces = [piece for piece in self._line.text().split(",") if piece.strip()]
        # the last colon: a column's name may have one, a type has none
        pairs = [piece.rpartition(":") for piece in pieces]
        if not all(colon for _, colon, _ in pairs):
            return self._line.text()  # half typed: what is wrong is said beside the field
        return tuple((name.strip(), kind.strip()) for name, _, kind in pairs)

    @override
    def _words(self, value: object) -> str:
        pairs = value if isinstance(value, tuple) else ()
        return ", ".join(f"{name}: {kind}" for name, kind in pairs)

    @override
    def _fill(self) -> None:
        self._menu.clear()
        now = self._now()
        for name in _listed(self._columns, self._menu):
            menu = self._menu.addMenu(name.replace("&", "&&"))
            for kind, words in {"": tr("found out"), **self._types}.items():
                action = menu.addAction(words)
                action.setCheckable(True)
                action.setChecked(now.get(name, "") == kind)
                action.triggered.connect(lambda _, name=name, kind=kind: self._choose(name, kind))

    def _now(self) -> dict[str, str]:
        value = self.value()
        return dict(value) if isinstance(value, tuple) else {}

    def _choose(self, name: str, kind: str) -> None:
        after = {**self._now(), name: kind}
        self._take(self._words(tuple((column, chosen) for column, chosen in after.items() if chosen)))


def _listed(columns: Sequence[str], menu: QMenu) -> Sequence[str]:
    """Return the columns that a menu offers; where it cannot offer all, it begins by saying so."""
    if len(columns) > _MOST_LISTED:
        words = tr("The first {count} of {all} columns: type the names of others",
                   count=_MOST_LISTED, all=whole(len(columns)))  # fmt: skip
        menu.addAction(words).setEnabled(False)
    return columns[:_MOST_LISTED]
