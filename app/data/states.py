"""What the data page shows where there is no data to show: none chosen yet, or none that can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.data.target import TargetChooser
from app.document.document import Document
from app.language.sentences import sentence
from app.language.words import help_of, readable, title_of, tr
from app.look.theme import Theme
from app.widgets.cards import Card
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from engine.choices import Problem, fields
from engine.data.source import Source


class NoData(QWidget):
    """Says what to do, for the kind of data that is chosen: to drop or choose a file, a folder or either."""

    file_asked = Signal()
    folder_asked = Signal()

    def __init__(self, theme: Theme, document: Document) -> None:
        super().__init__()
        self._theme, self._document = theme, document
        self._kind: type[Source] | None = None
        self._shown: EmptyState | None = None
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self.refresh()

    def refresh(self) -> None:
        """Show what fits the kind of data chosen now."""
        kind = type(self._document.experiment.data)
        if kind is self._kind:
            return
        self._kind = kind
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = self._made(kind)
        self._room.addWidget(self._shown)
        # at once: the layout would show it only with the next event
        self._shown.show()

    def _made(self, kind: type[Source]) -> EmptyState:
        path = next((field for field in fields(kind) if field.name == "path"), None)
        a_file = tr("Open a data file…"), self.file_asked.emit
        a_folder = tr("Open a data folder…"), self.folder_asked.emit
        # a new experiment begins as a table, before anybody has said what data it is for
        if path is None or kind.kind == "table":
            words = tr(
                "Drop a table (CSV, TSV, Excel, JSON, Parquet), a folder of pictures or texts here, choose a "
                "file or a folder, or pick a sample or a generated set under Data at the left."
            )
            return EmptyState(self._theme, "database", tr("No data yet"), words, (a_file, a_folder))
        ways = {"file": (a_file,), "folder": (a_folder,)}.get(path.setting.role, (a_folder, a_file))
        title = tr("{kind}: nothing chosen yet", kind=title_of(kind))
        return EmptyState(self._theme, "database", title, help_of(kind, path), ways)


class UnreadableData(QWidget):
    """Says why the data cannot be read; where a column is to be named, the columns to choose from."""

    again_asked = Signal()
    file_asked = Signal()
    folder_asked = Signal()
    column_chosen = Signal(str, str)
    """The setting of the data, and the column chosen for it."""

    def __init__(self) -> None:
        super().__init__()
        card = Card(tr("The data cannot be read"))
        self._wrong = label("", "problem", wrap=True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._setting = ""
        self._ask = label("", "title")
        self.columns = TargetChooser()
        self.columns.chosen.connect(self._choose)
        row = QHBoxLayout()
        ways: tuple[tuple[str, Callable[[], None]], ...] = (
            (tr("Read again"), self.again_asked.emit),
            (tr("Open another file…"), self.file_asked.emit),
            (tr("Open another folder…"), self.folder_asked.emit),
        )
        for words, act in ways:
            button = QPushButton(words)
            button.clicked.connect(lambda _, act=act: act())
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self._wrong, self._ask, self.columns):
            card.body.addWidget(widget)
        card.body.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def show_problems(self, problems: Sequence[Problem], source: Source, columns: Sequence[str]) -> None:
        """Show what is wrong; the first problem of a setting that is a column is asked about."""
        self._wrong.setText("\n".join(sentence(problem) for problem in problems))
        roles = {f"data.{field.name}": field for field in fields(type(source))}
        asked = next(
            (one.path for one in problems if one.path in roles and roles[one.path].setting.role == "column"),
            "",
        )
        # without columns there is nothing to choose from, and the sentences stand alone
        self._setting = asked.removeprefix("data.") if columns else ""
        for widget in (self._ask, self.columns):
            widget.setVisible(bool(self._setting))
        if self._setting:
            self._ask.setText(tr("{setting}: which column?", setting=tr(readable(self._setting))))
            self.columns.show_columns(columns, (str(getattr(source, self._setting, "")),))

    def _choose(self, names: tuple[str, ...]) -> None:
        if names:
            # one column is asked for, and the list can tick several: the last one counts
            self.column_chosen.emit(self._setting, names[-1])
