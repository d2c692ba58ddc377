"""The data page: what was read, what of it the network receives, and what to choose next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.augmented_preview import AugmentedPreview
from app.data import drawings
from app.data.columns_table import ColumnsTable
from app.data.states import NoData, UnreadableData, capital, sentence
from app.data.tables import ColumnsModel, RowsModel, quiet_table
from app.data.target import TargetChooser
from app.data_watch import DataWatch, counted, target_words, task_title
from app.document import Document
from app.painters.canvas import Canvas
from app.style import set_role
from app.theme import Theme
from app.views.drawing import Drawing
from app.views.numbers import whole
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel, label
from app.words import tr
from engine.choices import Family
from engine.data.inspected import Inspection
from engine.data.source import Source

_ANY = 16_777_215
"""Qt's word for no bound on a height."""
_MOST_FITTED = 40
_CARD_FRAME = 60
"""Height in pixels of a card around its body."""
_SLOW_MILLISECONDS = 400
"""Reading that takes longer than this shows its progress."""


class DataPage(QWidget):
    """Shows the newest inspection of the document's data."""

    open_file_asked = Signal()
    open_folder_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        document: Document,
        watch: DataWatch,
        preview: AugmentedPreview,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._document, self._watch = theme, document, watch
        self._preview = preview
        self._stack = QStackedWidget()
        self._build_shown()
        self._stack.addWidget(self._shown)
        self._make_states()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._unreadable)
        self._stack.addWidget(QWidget())
        whole_page = QVBoxLayout(self)
        whole_page.setContentsMargins(12, 12, 12, 12)
        whole_page.setSpacing(12)
        whole_page.addWidget(self._make_progress())
        whole_page.addWidget(self._stack, 1)
        watch.changed.connect(self.refresh)
        watch.working.connect(self._show_progress)
        watch.task_suggested.connect(self._follow)
        preview.changed.connect(self._show_augmented)
        document.problems_changed.connect(self._show_problems)
        self.refresh()

    # --- parts ----------------------------------------------------------------------------------------

    def _make_progress(self) -> QWidget:
        self._progress = Card(tr("Reading the data"))
        self._doing = ElidedLabel("", "small")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of reading"))
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self._watch.cancel)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(cancel)
        self._progress.body.addWidget(self._doing)
        self._progress.body.addLayout(row)
        self._progress.setVisible(False)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MILLISECONDS)
        self._slow.timeout.connect(lambda: self._progress.setVisible(self._watch.busy))
        return self._progress

    def _make_states(self) -> None:
        """Make what is shown where there is no data, or none that can be read."""
        self._empty = NoData(self._theme, self._document)
        self._unreadable = UnreadableData()
        for state in (self._empty, self._unreadable):
            state.file_asked.connect(self.open_file_asked)
            state.folder_asked.connect(self.open_folder_asked)
        self._unreadable.again_asked.connect(self._watch.again)
        self._unreadable.column_chosen.connect(self._choose_column)

    def _build_shown(self) -> None:
        self._shown = QWidget()
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._make_summary())
        self._examples = self._make_examples()
        self._plane = False
        side = self._side = QSplitter(Qt.Orientation.Vertical)
        self._balance, self._balance_canvas = self._drawing_card(tr("Examples of each class"))
        self._scatter, self._scatter_canvas = self._drawing_card(tr("Examples"))
        self._target_card = Card(tr("What is to be predicted?"))
        self.target = TargetChooser()
        self.target.chosen.connect(self._choose_target)
        self._target_card.body.addWidget(self.target)
        for card in (self._target_card, self._scatter, self._balance):
            side.addWidget(card)
        upper = self._upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._examples)
        upper.addWidget(side)
        upper.setSizes([600, 380])
        self._columns_card = Card(tr("Columns"))
        self.columns = ColumnsModel(self)
        self._columns_table = ColumnsTable(self._theme, self.columns)
        self._columns_card.body.addWidget(self._columns_table)
        lower = self._lower = QSplitter(Qt.Orientation.Vertical)
        lower.addWidget(upper)
        lower.addWidget(self._columns_card)
        lower.addWidget(self._make_augmented())
        lower.setSizes([390, 330, 330])
        self._shared_for: tuple[str, ...] = ()
        for splitter in (side, upper, lower):
            splitter.setHandleWidth(12)
            splitter.setChildrenCollapsible(False)
        column.addWidget(lower, 1)

    def _make_summary(self) -> QWidget:
        card = Card(tr("Data"))
        self._counts = ElidedLabel("", "muted")
        card.head.insertWidget(1, self._counts)
        self._title = card.title
        self._problem = label("", "problem", wrap=True)
        self._switch = QPushButton()
        set_role(self._switch, "link")
        self._switch.clicked.connect(self._switch_task)
        self._notices = label("", "small", wrap=True)
        self._reread = QPushButton()
        set_role(self._reread, "link")
        self._reread.clicked.connect(self._read_otherwise)
        links = (self._switch, self._reread)
        for widget in (self._problem, *links, self._notices):
            widget.setVisible(False)
            card.body.addWidget(
                widget, 0, Qt.AlignmentFlag.AlignLeft if widget in links else Qt.AlignmentFlag(0)
            )
        self._summary = card
        return card

    def _make_examples(self) -> QWidget:
        self._rows, self._inputs = RowsModel(self), RowsModel(self)
        self._tabs = QTabWidget()
        self._examples_tables = []
        self._received = QStackedWidget()
        for model, title in ((self._rows, tr("Rows")), (self._inputs, tr("As the network receives them"))):
            table = quiet_table(title)
            table.setModel(model)
            self._examples_tables.append(table)
            if model is self._inputs:
                self._received.addWidget(table)
                self._received.addWidget(
                    _centred(
                        tr("Choose first what is to be predicted: all other columns become numbers then.")
                    )
                )
            self._tabs.addTab(self._received if model is self._inputs else table, title)
        self._pictures = Canvas(self._theme)
        self._pictures.setAccessibleName(tr("Pictures as the network receives them"))
        holder = Card(tr("Examples"))
        holder.title.setVisible(False)
        self._pictures_title = label(tr("Pictures as the network receives them"), "title")
        holder.body.addWidget(self._pictures_title)
        holder.body.addWidget(self._pictures, 1)
        holder.body.addWidget(self._tabs, 1)
        return holder

    def _make_augmented(self) -> QWidget:
        self._augmented, self._augmented_canvas = self._drawing_card(tr("Augmented training pictures"))
        self._augmented_why = label("", "problem", wrap=True)
        self._augmented.body.addWidget(self._augmented_why)
        self._show_augmented()
        return self._augmented

    def _drawing_card(self, title: str) -> tuple[Card, Canvas]:
        card, canvas = Card(title), Canvas(self._theme)
        canvas.setAccessibleName(title)
        canvas.setMinimumHeight(120)
        card.body.addWidget(canvas)
        return card, canvas

    # --- what is shown --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the watch has found."""
        watch = self._watch
        if watch.busy:
            self._slow.start()
        else:
            self._progress.setVisible(False)
        if watch.inspection is not None:
            self._show(watch.inspection)
            self._stack.setCurrentIndex(0)
        elif watch.problems:
            data, columns = self._document.experiment.data, self._document.facts.columns
            self._unreadable.show_problems(watch.problems, data, columns)
            self._stack.setCurrentIndex(2)
        else:
            self._empty.refresh()
            self._stack.setCurrentIndex(3 if watch.busy else 1)

    def _show(self, found: Inspection) -> None:
        table = found.kind == "table"
        self._title.setText(title_words(found))
        self._counts.setText(parts_words(found))
        self._tabs.setVisible(table)
        self._pictures.setVisible(not table)
        self._pictures_title.setVisible(not table)
        self._pictures_title.setText(_EXAMPLES[found.kind]())
        self._columns_card.setVisible(table and found.points is None)
        self._rows.show_inspection(found, received=False)
        self._inputs.show_inspection(found, received=True)
        for shown in self._examples_tables:
            _fit_columns(shown)
        self._received.setCurrentIndex(1 if found.received is None else 0)
        self.columns.show_inspection(found)
        self._columns_table.fit()
        self._share_height(found)
        if not table:
            _draw(self._pictures, drawings.examples(found))
        self._arrange(plane=found.points is not None)
        self._scatter.setVisible(found.points is not None)
        if found.points is not None:
            _draw(self._scatter_canvas, drawings.scatter(found))
        self._balance.setVisible(bool(found.balance))
        if found.balance:
            _draw(self._balance_canvas, drawings.balance(found))
        self._show_target(found)
        self._show_problems()
        self._notices.setText("\n".join(_notice(text, found) for text in found.notices[:6]))
        self._notices.setVisible(bool(found.notices))

    def _show_augmented(self) -> None:
        """Show what augmentation does, where there is any and there are pictures."""
        found, why = self._preview.found, self._preview.why
        self._augmented.setVisible(self._preview.wanted)
        self._augmented_why.setText(why)
        self._augmented_why.setVisible(bool(why))
        self._augmented_canvas.setVisible(not why)
        if found is not None and self._preview.wanted:
            _draw(self._augmented_canvas, drawings.augmented(found))

    def _arrange(self, *, plane: bool) -> None:
        """Give a scatter most of the room, where there is one; where it came or went, not each time."""
        if plane != self._plane:
            self._plane = plane
            self._upper.setSizes([460, 520] if plane else [600, 380])
            self._side.setSizes([160, 460, 180] if plane else [200, 200, 200])
            if plane:
                self._tabs.addTab(self._columns_table, tr("Columns"))
            else:
                self._columns_card.body.addWidget(self._columns_table)
                self._columns_table.show()

    def _share_height(self, found: Inspection) -> None:
        """Give the columns the room they need, at most half of all; once for data, not against the person."""
        names = tuple(column.name for column in found.columns)
        if names == self._shared_for or not self.isVisible():
            return
        self._shared_for = names
        room = self._lower.height()
        needed = min(self._columns_table.height_needed + _CARD_FRAME, room // 2)
        self._lower.setSizes([room - needed, needed])

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._preview.look(True)
        if self._watch.inspection is not None:
            QTimer.singleShot(0, self, self.refresh)  # the parts know their sizes only then

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._preview.look(False)

    def _show_target(self, found: Inspection) -> None:
        chosen = getattr(self._document.experiment.data, "target", None)
        choosable = isinstance(chosen, tuple) and bool(found.candidates)
        self._target_card.setVisible(choosable)
        if isinstance(chosen, tuple):
            self.target.show_columns(found.candidates, chosen)

    def _show_problems(self) -> None:
        found = self._watch.inspection
        if found is None:
            return
        target = self._document.experiment.task.target
        unchosen = getattr(self._document.experiment.data, "target", None) == ()
        shown = [
            one for one in found.problems if not (unchosen and one.path == "data.target")
        ]  # the chooser asks
        self._problem.setText("\n".join(sentence(problem) for problem in shown))
        self._problem.setVisible(bool(shown))
        open_choice = found.kind == "table" or found.description is None
        differs = open_choice and found.guess is not None and found.guess != target
        self._switch.setVisible(differs)
        if found.guess is not None and differs:
            title = task_title(found.guess, self._document.experiment)
            self._switch.setText(tr("This looks like {task}: switch to it", task=title.lower()))
        suggested = found.suggests if self._document.experiment.data.kind == "table" else ""
        self._reread.setVisible(bool(suggested))
        self._reread.setText(_SUGGESTED[suggested]() if suggested else "")
        talks = shown or found.notices or differs or suggested
        self._summary.setMaximumHeight(_ANY if talks else 56)

    def _show_progress(self, share: float, words: str) -> None:
        self._bar.setValue(round(1000 * share))
        self._doing.setText(words)

    # --- what is done ---------------------------------------------------------------------------------

    def _choose_target(self, names: tuple[str, ...]) -> None:
        experiment = self._document.experiment
        self._watch.target_chosen()
        self._document.edit(experiment.replaced(data=experiment.data.replaced(target=names)), "data.target")

    def _choose_column(self, setting: str, name: str) -> None:
        experiment = self._document.experiment
        self._document.edit(experiment.replaced(data=experiment.data.replaced(**{setting: name})), "data")

    def _read_otherwise(self) -> None:
        """Read the same file by the source that suits it better."""
        found = self._watch.inspection
        if found is not None and found.suggests:
            experiment = self._document.experiment
            source = read_as(found.suggests, experiment.data)
            self._document.edit(experiment.replaced(data=source), "data")

    def _follow(self, _kind: str) -> None:
        self._switch_task()

    def _switch_task(self) -> None:
        found = self._watch.inspection
        if found is None or found.guess is None:
            return
        experiment = self._document.experiment
        tasks = Family.every["tasks"].values()
        task = next(kind() for kind in tasks if kind.target == found.guess)  # type: ignore[attr-defined]
        self._document.edit(experiment.replaced(task=task), "task")


_EXAMPLES: Mapping[str, Callable[[], str]] = {
    "table": lambda: "",
    "pictures": lambda: tr("Pictures as the network receives them"),
    "series": lambda: tr("One series of each class"),
    "timeline": lambda: tr("What is to be forecast"),
    "texts": lambda: tr("Texts, cut into tokens as the network receives them"),
    "tagged": lambda: tr("Sentences with their tags"),
    "pairs": lambda: tr("Texts with their translations"),
    "corpus": lambda: tr("Running text, cut into tokens as the network receives it"),
}


_SUGGESTED: Mapping[str, Callable[[], str]] = {
    "text_table": lambda: tr("There is a column of texts: read it as texts"),
    "text_pairs": lambda: tr("These are texts in two columns: read them as texts with translations"),
    "time_series": lambda: tr("The rows are in the order of time: read them as a time series"),
}


def read_as(kind: str, table: Source) -> Source:
    """Return the source of that kind for the file of another, with the settings that both have."""
    choice = Family.every["data"][kind]
    return cast("Source", choice.model_validate(choice.taken_over(table)))


def title_words(found: Inspection) -> str:
    """Return the size of the data in words: "150 rows, 4 columns become 6 inputs", "1 797 pictures 8×8"."""
    read = sum(column.role == "input" for column in found.columns)
    if found.description is None or read == found.description.inputs.size or not read:
        return counted(found)
    return tr(
        "{rows} rows, {columns} columns become {inputs} inputs",
        rows=whole(found.count),
        columns=whole(read),
        inputs=whole(found.description.inputs.size),
    )


def _centred(words: str) -> QWidget:
    made = label(words, "muted", wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setContentsMargins(24, 24, 24, 24)
    return made


def parts_words(found: Inspection) -> str:
    """Return how many examples each part has, and what is predicted."""
    description = found.description
    if description is None:
        return tr("choose what is to be predicted") if found.candidates and not found.balance else ""
    windows = found.kind in ("corpus", "timeline")
    counts = tr(
        "{train} windows for training · {validation} for validation · {test} for the test at the end"
        if windows
        else "{train} for training · {validation} for validation · {test} for the test at the end",
        train=whole(description.train),
        validation=whole(description.validation),
        test=whole(description.test),
    )
    names = target_words(found)
    if not names:
        return counts + " · " + tr("learns from the texts themselves")
    if description.targets.kind in ("classes", "tags"):
        return (
            counts
            + " · "
            + tr("predicts {names} ({count} classes)", names=names, count=description.targets.size)
        )
    return counts + " · " + tr("predicts {names}", names=names)


def _fit_columns(table: QTableView) -> None:
    """Make the first columns as wide as what they hold, within reason."""
    for place in range(min(table.model().columnCount(), _MOST_FITTED)):
        table.resizeColumnToContents(place)
        table.setColumnWidth(place, min(max(table.columnWidth(place) + 8, 64), 220))


def _draw(canvas: Canvas, drawing: Drawing) -> None:
    canvas.show_drawing(drawing, lambda _: (), False, True)


def _notice(text: str, found: Inspection) -> str:
    """Return a notice as a sentence; one that begins with the name of a column is one already."""
    names = (column.name for column in found.columns)
    return text if any(text.startswith(f"{name}:") for name in names) else capital(text)
