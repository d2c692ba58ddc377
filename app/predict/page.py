"""Test and Predict: what a trained network is worth, and what it says about new rows and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.data.tables import quiet_table
from app.engine_link import EngineLink, Outcome
from app.painters.canvas import Canvas
from app.predict.drawing_tab import DrawingTab
from app.predict.inputs import Wanted, is_ready, wanted_by
from app.predict.judging_card import TestCard
from app.predict.normalized import as_trained
from app.predict.preview import enlarged
from app.predict.results import PredictionsModel, bars, save_csv
from app.predict.row_form import RowForm
from app.record import RunRecord
from app.runs.library import Library
from app.runs.rows import ENDED, mark_tested, was_tested
from app.style import set_role
from app.theme import Theme
from app.views.numbers import whole
from app.widgets.cards import Card
from app.widgets.empty import EmptyState
from app.widgets.labels import ElidedLabel, label
from app.words import tr
from engine.choices import Invalid
from engine.runs.folder import RunFolder, opened
from engine.runs.results import Evaluated, Predicted
from engine.serving.protocol import Evaluate, Predict

_MOST_OFFERED = 200
_PREVIEW = 112


class PredictPage(QWidget):
    """Works with the kept weights of one run, by itself the one shown on the training page."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self, theme: Theme, engine: EngineLink, library: Library, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._engine, self._library = theme, engine, library
        self._folder: RunFolder | None = None
        self._wanted = Wanted()
        self._asking = 0
        self._again: Callable[[], None] | None = None
        self._place = Path.home()
        """Where dialogs begin: beside the file that was taken last."""
        self._found: Predicted | None = None
        self._of_file: Predicted | None = None
        """What the table of the File tab shows."""
        self.setAcceptDrops(True)
        self.test = TestCard(theme)
        self.test.asked.connect(self._test)
        self._build()
        library.listed.connect(self._list)
        self._list()

    def set_record(self, record: RunRecord | None) -> None:
        """Work with this run where it has weights; else stay with the one before."""
        if record is not None and record.folder and is_ready(RunFolder(Path(record.folder))):
            self.choose(record.folder)

    def choose(self, folder: str) -> None:
        """Work with the run in this folder."""
        try:
            self._folder = opened(folder)
        except Invalid:
            self._folder = None
        self._renew()

    # --- parts ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._run = QComboBox()
        self._run.setAccessibleName(tr("Run to test and predict with"))
        self._run.setMinimumWidth(320)
        self._run.activated.connect(lambda place: self.choose(str(self._run.itemData(place))))
        self._about = ElidedLabel("", "muted")
        head = QHBoxLayout()
        head.addWidget(label(tr("Run"), "strong"))
        head.addWidget(self._run)
        head.addWidget(self._about, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self._make_predict())
        split.addWidget(self.test)
        split.setSizes([780, 520])
        empty = EmptyState(
            self._theme,
            "target",
            tr("No trained network yet"),
            tr("Train one first: when a run is finished, or stopped and kept, it can be tested and asked for "
               "predictions here."),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        self._stack.addWidget(empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _make_predict(self) -> Card:
        card = Card(tr("Predict"))
        card.title.setMinimumHeight(self.test.button.sizeHint().height())  # the titles of both cards level
        self.form = RowForm()
        self.form.edited.connect(self._predict_row)
        self._tabs = QTabWidget()
        self._tabs.addTab(self.form, tr("Type a row"))
        self.drawing = DrawingTab(self._theme)
        self.board = self.drawing.board
        self.board.drawn.connect(self._predict_drawing)
        self._tabs.addTab(self.drawing, tr("Draw"))
        self._tabs.addTab(self._make_files(), tr("File"))
        self._tabs.currentChanged.connect(lambda _: self._tab_changed())
        self._problem = label("", "problem", wrap=True)
        self._warning = label("", "warning", wrap=True)
        for words in (self._problem, self._warning):
            words.setVisible(False)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars = Canvas(self._theme)
        self.bars.setAccessibleName(tr("Prediction"))
        answer = QVBoxLayout()
        answer.setSpacing(8)
        heading = label(tr("Prediction"), "strong")
        heading.setFixedHeight(self._tabs.tabBar().sizeHint().height())  # on one line with the tabs
        answer.addWidget(heading)
        for widget in (self._problem, self._warning):
            answer.addWidget(widget)
        self.seen = QLabel()
        self.seen.setAccessibleName(tr("The picture as the network sees it"))
        self.seen.setToolTip(self.seen.accessibleName())
        self.seen.setVisible(False)
        answer.addWidget(self.seen)
        answer.addWidget(self.bars, 1)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        sides.addWidget(self._tabs, 3)
        sides.addLayout(answer, 2)
        card.body.addLayout(sides, 1)
        return card

    def _make_files(self) -> QWidget:
        self._choose_file = QPushButton(tr("Choose a file…"))
        self._choose_folder = QPushButton(tr("Choose a folder of pictures…"))
        self.save = QPushButton(tr("Save as CSV…"))
        self._choose_file.clicked.connect(self._ask_for_file)
        self._choose_folder.clicked.connect(self._ask_for_folder)
        self.save.clicked.connect(self._ask_where_to_save)
        self._theme.put_icon(self._choose_file, "file")
        self._theme.put_icon(self.save, "download")
        self._file = label(tr("… or drop it here."), "muted", wrap=True)
        row = QHBoxLayout()
        for button in (self._choose_file, self._choose_folder, self.save):
            row.addWidget(button)
        row.addStretch(1)
        self.predictions = PredictionsModel(self)
        self.table = quiet_table(tr("Predictions"))
        self.table.setModel(self.predictions)
        self.table.setSelectionBehavior(self.table.SelectionBehavior.SelectRows)
        self.table.verticalHeader().setVisible(False)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._show_bars(now.row()))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 8, 0, 0)
        column.addLayout(row)
        column.addWidget(self._file)
        column.addWidget(self.table, 1)
        self.save.setEnabled(False)
        return holder

    # --- which run ------------------------------------------------------------------------------------

    def _list(self) -> None:
        """Offer the runs that have ended, the newest first."""
        offered = [entry for entry in self._library.entries if entry.state in ENDED][:_MOST_OFFERED]
        self._run.clear()
        for entry in offered:
            self._run.addItem(f"{entry.name} · {Path(entry.folder).name}", entry.folder)
        if self._folder is None and offered:
            self.choose(offered[0].folder)
        self._mark_run()

    def _mark_run(self) -> None:
        place = -1
        if self._folder is not None:
            place = next(
                (at for at in range(self._run.count()) if Path(self._run.itemData(at)) == self._folder.path),
                -1,
            )
        self._run.setCurrentIndex(place)

    def _renew(self) -> None:
        """Ask for what the chosen run's network takes."""
        folder = self._folder
        ready = folder is not None and is_ready(folder)
        self._stack.setCurrentIndex(0 if ready else 1)
        self._mark_run()
        self._cancel()
        self._show(None)
        self._show_file(None)
        if folder is None or not ready:
            self._about.setText(tr("has no weights yet") if folder is not None else "")
            return
        try:
            self._wanted = wanted_by(folder)
        except Invalid as error:
            self._wanted = Wanted()
            self._tell(str(error))
        picture = self._wanted.picture
        self._about.setText(_about(self._wanted))
        self.test.reset(ready=True, looked=was_tested(folder))
        self._tabs.setTabVisible(0, picture is None)
        self._tabs.setTabVisible(1, picture is not None)
        self._choose_folder.setVisible(picture is not None)
        if picture is None:
            self.form.show_columns(self._wanted.columns)
        # who trained on colour pictures has files; nobody draws those with a white brush
        self._tabs.setCurrentIndex(0 if picture is None else 1 if picture[2] == 1 else 2)
        self._tab_changed()

    def _tab_changed(self) -> None:
        tab = self._tabs.currentIndex()
        self._tell("")
        if tab == 0 and self._wanted.columns:
            self._predict_row()
        elif tab == 1 and self._wanted.picture is not None:
            self._predict_drawing()
        else:
            self._show(self._of_file, row=max(self.table.currentIndex().row(), 0))

    # --- predicting -----------------------------------------------------------------------------------

    def _predict_row(self) -> None:
        row = self.form.row()
        self._ask(lambda number, folder: Predict(number, folder, rows=(row,)))

    def _predict_drawing(self) -> None:
        picture = self._wanted.picture
        if picture is None:
            return
        height, width, _ = picture
        pixels = as_trained(self.board.pixels(), height, width)
        self.drawing.show_seen(pixels)
        if self.board.empty:
            self._show(None)
        else:
            self._ask(lambda number, folder: Predict(number, folder, pixels=pixels[None]))

    def predict_file(self, path: Path) -> None:
        """Predict for all rows of a file, a picture, or a folder of pictures."""
        self._tabs.setCurrentIndex(2)
        self._place = path.parent
        self._file.setText(path.name)
        self._ask(lambda number, folder: Predict(number, folder, path=str(path)), whole_file=True)

    def _ask(self, make: Callable[[int, str], Predict], *, whole_file: bool = False) -> None:
        """Ask for a prediction; while one is awaited, only the newest wish is kept."""
        if self._folder is None:
            return
        folder = str(self._folder.path)
        if self._asking and not whole_file:
            self._again = lambda: self._ask(make)
            return
        self._again = None
        if whole_file:
            self._tell(tr("Predicting…"), mood="small")
        self._asking = self._engine.ask(
            lambda number: make(number, folder),
            lambda outcome: self._answered(outcome, whole_file),
            asker=self,
        )

    def _cancel(self) -> None:
        if self._asking:
            self._engine.cancel(self._asking)
        self._asking, self._again = 0, None

    def _answered(self, outcome: Outcome, whole_file: bool) -> None:
        self._asking = 0
        if isinstance(outcome.value, Predicted):
            self._tell("")
            if whole_file:
                self._show_file(outcome.value)
            self._show(outcome.value)
        elif outcome.problems:
            if whole_file:
                self._show_file(None)
            self._tell(outcome.why)
            self._show(None)
        again, self._again = self._again, None
        if again is not None:
            again()

    def _show_file(self, found: Predicted | None) -> None:
        """Show the predictions for a file in the table; None empties it."""
        self._of_file = found
        self.predictions.show_predictions(found)
        self.save.setEnabled(found is not None)
        if found is None:
            self._file.setText(tr("… or drop it here."))
            return
        self._file.setText(tr("{count} predictions", count=whole(len(found.rows))))
        self.table.resizeColumnsToContents()
        self.table.selectRow(0)

    def _show(self, found: Predicted | None, row: int = 0) -> None:
        self._found = found
        self._show_bars(row)
        self._warning.setText("\n".join(found.warnings[:6]) if found else "")
        self._warning.setVisible(bool(found and found.warnings))

    def _show_bars(self, row: int) -> None:
        wrong = self._problem.isVisibleTo(self) and self._problem.property("role") == "problem"
        waiting = "" if wrong else tr("The prediction appears here.")
        self.bars.show_drawing(bars(self._found, max(row, 0), waiting), lambda _: (), False, True)
        self._show_picture(max(row, 0))

    def _show_picture(self, row: int) -> None:
        """Show the picture of a file as the network got it; a drawing is shown beside the board."""
        found = self._found if self._found is self._of_file else None
        pixels = found.pixels if found is not None else None
        known = pixels is not None and row < len(pixels)
        self.seen.setVisible(known)
        if pixels is not None and known:
            self.seen.setPixmap(enlarged(pixels[row], _PREVIEW))

    def _tell(self, words: str, mood: str = "problem") -> None:
        set_role(self._problem, mood)
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    # --- testing --------------------------------------------------------------------------------------

    def _test(self) -> None:
        if self._folder is None:
            return
        folder = self._folder
        self.test.tell_busy()
        self._engine.ask(
            lambda number: Evaluate(number, str(folder.path), "test"),
            lambda outcome: self._tested(outcome, folder),
            asker=self,
        )

    def _tested(self, outcome: Outcome, folder: RunFolder) -> None:
        if folder != self._folder:
            return
        if isinstance(outcome.value, Evaluated):
            mark_tested(folder)
            self._library.forget(str(folder.path))
            self.test.show_scores(outcome.value)
            self.test.show_confusion(outcome.value, self._class_names(folder))
        else:
            self.test.tell(outcome.why or tr("The test was given up."), wrong=True)

    def _class_names(self, folder: RunFolder) -> tuple[str, ...]:
        try:
            targets = folder.read_json(folder.preprocessing).get("targets", {})
        except Invalid:
            return ()
        names = targets.get("classes", ()) if isinstance(targets, dict) else ()
        return tuple(str(name) for name in names) if isinstance(names, list) else ()

    # --- files, tools ---------------------------------------------------------------------------------

    def _ask_for_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("New rows or a picture"), str(self._place))
        if chosen:
            self._place = Path(chosen).parent
            self.predict_file(Path(chosen))

    def _ask_for_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder of pictures"), str(self._place))
        if chosen:
            self._place = Path(chosen).parent
            self.predict_file(Path(chosen))

    def _ask_where_to_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the predictions"), str(self._place / "predictions.csv"), "CSV (*.csv)"
        )
        if chosen:
            self.save_predictions(Path(chosen))

    def save_predictions(self, path: Path) -> None:
        """Write the predictions that are shown."""
        if self._of_file is None:
            return
        try:
            save_csv(self._of_file, path)
        except OSError as error:
            self.failed.emit(
                tr("{path} could not be saved: {why}", path=path, why=error.strerror or str(error))
            )
        else:
            self.told.emit(tr("Saved {path}", path=path.name))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._stack.currentIndex() == 0 and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.predict_file(paths[0])


def _about(wanted: Wanted) -> str:
    if wanted.picture is not None:
        height, width, channels = wanted.picture
        colour = tr("grey") if channels == 1 else tr("colour")
        return tr("takes pictures of {width}×{height}, {colour}", width=width, height=height, colour=colour)
    return tr("takes rows with {count} columns", count=len(wanted.columns))
