"""The data page: what was read, what of it the network receives, and what to choose next."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
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

from app.data import drawings
from app.data.augmented_preview import AugmentedPreview
from app.data.column_types import with_type
from app.data.columns_table import ColumnsTable
from app.data.decision_words import all_otherwise, changed
from app.data.states import NoData, UnreadableData
from app.data.summary import SummaryCard
from app.data.tables import ColumnsModel, RowsModel, quiet_table
from app.data.target import TargetChooser, targets_of
from app.data.watch import DataWatch
from app.document.document import Document
from app.language.words import tr
from app.look.theme import Theme
from app.modalities.appearance import appearance_of
from app.painters.canvases.canvas import Canvas
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel, label
from engine.data.inspection.records import Inspection

_MOST_FITTED = 40
"""Columns of the rows whose width goes by what they hold, and rows that are looked at for it."""
_CARD_FRAME = 60
"""Height in pixels of a card around its body."""
_CLASS, _MOST_CLASSES = 53, 3
"""Height in pixels of the bars of a class, and of how many classes they are seen where there is room."""
_OF_TABLES, _OF_OTHERS = 0.6, 0.33
"""Share of the height that columns have at most, of tables and of what is also drawn."""
_OF_DECISIONS, _LEAST_OF_DECISIONS = 0.3, 96
"""Share of the height that decisions have at most, and pixels that they always may have."""
_LEAST_OF_COLUMNS = 0.35
"""Share of the height that columns have, whatever is beside the rows."""
_LOW = 600
"""Height of the page in pixels below which rows and columns have no room one above the other."""
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
        # nothing at all, while data is read for the first time
        self._stack.addWidget(QWidget())
        whole_page = QVBoxLayout(self)
        whole_page.setContentsMargins(12, 12, 12, 12)
        whole_page.setSpacing(12)
        whole_page.addWidget(self._make_progress())
        whole_page.addWidget(self._stack, 1)
        watch.changed.connect(self.refresh)
        watch.working.connect(self._show_progress)
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
        self._summary = SummaryCard(self._theme, self._document)
        self._summary.task_asked.connect(self._watch.fit_task)
        self._summary.source_asked.connect(self._read_otherwise)
        self._summary.decisions.chosen.connect(self._read_by)
        self._summary.otherwise_asked.connect(self._read_all_otherwise)
        column.addWidget(self._summary)
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
            card.setVisible(False)  # a page that once was taller than its window stays so
        upper = self._upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._examples)
        upper.addWidget(side)
        upper.setSizes([600, 380])
        self._columns_card = Card(tr("Columns"))
        self.columns = ColumnsModel(self)
        self._columns_table = ColumnsTable(self._theme, self.columns)
        self._columns_table.type_chosen.connect(self._choose_type)
        self._columns_card.body.addWidget(self._columns_table)
        lower = self._lower = QSplitter(Qt.Orientation.Vertical)
        lower.addWidget(upper)
        lower.addWidget(self._columns_card)
        lower.addWidget(self._make_augmented())
        lower.setSizes([390, 330, 330])
        self._shared_for: tuple[str, ...] = ()
        self._shared_by_hand = self._side_by_hand = self._tabbed = False
        lower.splitterMoved.connect(self._keep_shares)
        side.splitterMoved.connect(self._keep_side)
        self._tabs.currentChanged.connect(lambda _: self._widen_columns())
        for splitter in (side, upper, lower):
            splitter.setHandleWidth(12)
            splitter.setChildrenCollapsible(False)
        column.addWidget(lower, 1)

    def _make_examples(self) -> QWidget:
        self._rows, self._inputs = RowsModel(self), RowsModel(self)
        self._tabs = QTabWidget()
        self._examples_tables = []
        self._received = QStackedWidget()
        for model, title in ((self._rows, tr("Rows")), (self._inputs, tr("Network inputs"))):
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
        # the tabs are title enough; screen readers still read the card's name
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
        canvas.setMinimumHeight(104)
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
        shown = appearance_of(found.kind)
        table = shown.in_table
        self._tabs.setVisible(table)
        self._pictures.setVisible(not table)
        self._pictures_title.setVisible(not table)
        self._pictures_title.setText(shown.examples())
        self._rows.show_inspection(found, received=False)
        self._inputs.show_inspection(found, received=True)
        for one in self._examples_tables:
            _fit_columns(one)
        self._received.setCurrentIndex(1 if found.received is None else 0)
        self.columns.show_inspection(found, self._document.experiment.data)
        if not table:
            self._pictures.show_drawing(shown.draw(found))
        self._arrange(plane=found.points is not None)
        self._scatter.setVisible(found.points is not None)
        if found.points is not None:
            self._scatter_canvas.show_drawing(drawings.scatter(found))
        self._balance.setVisible(bool(found.balance))
        if found.balance:
            self._balance_canvas.show_drawing(drawings.balance(found))
        self._show_target(found)
        self._summary.show_inspection(found)
        self._place_columns(found)
        QTimer.singleShot(0, self, self._place_again)  # what was shown or hidden has its room only then

    def _show_augmented(self) -> None:
        """Show what augmentation does, where there is any and there are pictures."""
        found, why = self._preview.found, self._preview.why
        self._augmented.setVisible(self._preview.wanted)
        self._augmented_why.setText(why)
        self._augmented_why.setVisible(bool(why))
        self._augmented_canvas.setVisible(not why)
        if found is not None and self._preview.wanted:
            self._augmented_canvas.show_drawing(drawings.augmented(found))

    def _arrange(self, *, plane: bool) -> None:
        """Give a scatter most of the room, where there is one; where it came or went, not each time."""
        if plane != self._plane:
            self._plane = plane
            self._upper.setSizes([460, 520] if plane else [600, 380])
            self._side.setSizes([160, 460, 180] if plane else [200, 200, 200])

    def _place_columns(self, found: Inspection) -> None:
        """Let the columns stand below the rows; among the tabs where there is a scatter or little height."""
        tabbed = appearance_of(found.kind).in_table and (self._plane or self.height() < _LOW)
        if tabbed != self._tabbed:
            self._tabbed = tabbed
            if tabbed:
                # a widget has one parent: to add it here takes it out of the card, and the other way round
                self._tabs.addTab(self._columns_table, tr("Columns"))
            else:
                self._columns_card.body.addWidget(self._columns_table)
                # the tabs hid it while another one was in front
                self._columns_table.show()
        self._columns_card.setVisible(bool(self.columns.rowCount()) and not tabbed)
        self._widen_columns()
        self._columns_table.fit()
        self._share_height(found)
        self._share_side(found)

    def _widen_columns(self) -> None:
        """Give the columns the whole width while they are looked at among the tabs: cells are sentences."""
        self._side.setVisible(self._plane or self._tabs.currentWidget() is not self._columns_table)

    def _share_side(self, found: Inspection) -> None:
        """Give the bars of the classes what they need, the target the rest; not against the person."""
        if self._plane or self._side_by_hand or self._target_card.isHidden() or self._balance.isHidden():
            return
        needed = self._balance_needed(found)
        # 0 for the scatter, which is hidden where there is no plane
        self._side.setSizes([self._side.height() - needed, 0, needed])

    @staticmethod
    def _balance_needed(found: Inspection) -> int:
        classes = max((len(counts) for counts in found.balance.values()), default=0)
        return _CLASS * min(classes, _MOST_CLASSES) + _CARD_FRAME

    def _side_needed(self, found: Inspection) -> int:
        """Return the height at which the target and the classes are seen beside the rows."""
        target = 0 if self._target_card.isHidden() else self.target.height_needed + _CARD_FRAME
        balance = 0 if self._balance.isHidden() else self._balance_needed(found)
        return target + balance + self._side.handleWidth() * bool(target and balance)

    def _share_height(self, found: Inspection) -> None:
        """Give the columns the room they need, at most their share of all and what the target leaves beside
        the rows; not against the person.
        """
        names = tuple(column.name for column in found.columns)
        if names != self._shared_for:
            # sizes that a hand gave were for the columns of other data
            self._shared_for, self._shared_by_hand = names, False
        if self._shared_by_hand or not self.isVisible() or self._columns_card.isHidden():
            return
        room = self._lower.height()
        share = _OF_TABLES if appearance_of(found.kind).in_table else _OF_OTHERS
        most = round(min(room * share, max(room - self._side_needed(found), room * _LEAST_OF_COLUMNS)))
        needed = min(self._columns_table.height_needed + _CARD_FRAME, most)
        self._lower.setSizes([room - needed, needed])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._summary.decisions.setMaximumHeight(
            max(round(_OF_DECISIONS * self.height()), _LEAST_OF_DECISIONS)
        )
        QTimer.singleShot(0, self, self._place_again)  # the parts have their new sizes only then

    def _place_again(self) -> None:
        if self._watch.inspection is not None:
            self._place_columns(self._watch.inspection)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._preview.look(True)
        self._watch.look()
        if self._watch.inspection is not None:
            QTimer.singleShot(0, self, self.refresh)  # the parts know their sizes only then

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._preview.look(False)

    def _keep_shares(self) -> None:
        self._shared_by_hand = True

    def _keep_side(self) -> None:
        self._side_by_hand = True

    def _show_target(self, found: Inspection) -> None:
        chosen = getattr(self._document.experiment.data, "target", None)
        choosable = isinstance(chosen, tuple) and bool(found.candidates)
        # sources of texts or pictures name one column or none, which stands in their form
        self._target_card.setVisible(choosable)
        if isinstance(chosen, tuple):
            # where nobody has chosen, what is predicted all the same is ticked
            self.target.show_columns(found.candidates, chosen or targets_of(found))

    def _show_problems(self) -> None:
        if self._watch.inspection is not None:
            self._summary.show_problems(self._watch.inspection)

    def _show_progress(self, share: float, words: str) -> None:
        self._bar.setValue(round(1000 * share))
        self._doing.setText(words)

    # --- what is done ---------------------------------------------------------------------------------

    def _choose_target(self, names: tuple[str, ...]) -> None:
        experiment = self._document.experiment
        edited = experiment.replaced(data=experiment.data.replaced(target=names))
        if edited != experiment:
            self._document.edit(edited, "data.target")
        elif self._watch.inspection is not None:
            # the only tick was taken away, and the same is predicted as before
            self._show_target(self._watch.inspection)

    def _choose_column(self, setting: str, name: str) -> None:
        experiment = self._document.experiment
        self._document.edit(experiment.replaced(data=experiment.data.replaced(**{setting: name})), "data")

    def _choose_type(self, name: str, kind: str) -> None:
        experiment = self._document.experiment
        self._document.edit(experiment.replaced(data=with_type(experiment.data, name, kind)))

    def _read_otherwise(self) -> None:
        """Read the same file by the source that suits it better."""
        # they import the engine's choices, for which the first paint does not wait
        from app.document.following import read_otherwise
        from engine.data.inspection.offers import read_by

        found = self._watch.inspection
        if found is not None and found.suggests:
            experiment = self._document.experiment
            source = read_by(found.suggests, experiment.data, found.suggests_rows)
            self._document.edit(read_otherwise(experiment, source), "data")

    def _read_all_otherwise(self) -> None:
        """Read all that is in doubt as its decision offers it first, in one edit."""
        self._document.edit(all_otherwise(self._document.experiment, self._summary.decisions.doubtful))

    def _read_by(self, setting: str, value: object) -> None:
        """Read the data with one of its settings changed, as a decision offers it."""
        self._document.edit(changed(self._document.experiment, setting, value))


def _centred(words: str) -> QWidget:
    made = label(words, "muted", wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setContentsMargins(24, 24, 24, 24)
    return made


def _fit_columns(table: QTableView) -> None:
    """Make the first columns as wide as what they hold, within reason."""
    table.horizontalHeader().setResizeContentsPrecision(_MOST_FITTED)
    # to measure every column of 20,000 would hold the window up
    for place in range(min(table.model().columnCount(), _MOST_FITTED)):
        table.resizeColumnToContents(place)
        table.setColumnWidth(place, min(max(table.columnWidth(place) + 8, 64), 220))
