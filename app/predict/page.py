"""Test and Predict: what a trained network is worth, and what it says about new inputs of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.document.record import RunRecord
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.look.theme import Theme
from app.modalities.wanted import Tab, Wanted
from app.predict.answer_side import AnswerSide
from app.predict.drawing_tab import DrawingTab
from app.predict.file_tab import FileTab
from app.predict.inputs import is_ready, wanted_by
from app.predict.judging import Judging
from app.predict.judging_card import TestCard
from app.predict.normalized import Pixels, as_trained
from app.predict.other_run import OtherRun
from app.predict.row_form import RowForm
from app.predict.texts_tab import TextsTab
from app.runs.columns import moment
from app.runs.library import Library
from app.runs.rows import ENDED, was_tested
from app.widgets.cards import Card
from app.widgets.elided_combo import ElidedComboBox
from app.widgets.empty import EmptyState
from app.widgets.labels import ElidedLabel, label
from app.widgets.moment_row import MomentRow
from app.widgets.tips import plain
from engine.choices import Invalid
from engine.inference.results import Predicted
from engine.inference.writing import Continuing
from engine.runs.folder import RunFolder, opened
from engine.runs.scoring.scores import Evaluated
from engine.serving.protocol import Predict

_MOST_OFFERED = 200
_WIDEST_RUN = 560
"""Pixels of the chooser of a run, beside which stands what the run takes."""
_ROWS, _DRAW, _TEXTS, _FILE = range(4)
_TABS: Mapping[Tab, int] = {"rows": _ROWS, "drawing": _DRAW, "texts": _TEXTS, "files": _FILE}
"""The tabs."""


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
        self._drawn: Pixels | None = None
        """What the network gets of the drawing; None of an empty board."""
        self._asking = 0
        self._again: Callable[[], None] | None = None
        self._found: Predicted | None = None
        self.setAcceptDrops(True)
        self.test = TestCard(theme)
        self.test.told.connect(self.told)
        self.test.failed.connect(self.failed)
        self._build()
        self._judging = Judging(self.test, engine, library, lambda: self.files.reading.told, self._reasons)
        self.test.file_chosen.connect(self.files.reading.offer_sheets_of)
        self.test.reading_asked.connect(self._show_reading)
        self.files.reading.stands.connect(self.test.show_reading)
        self.files.reading.edited.connect(self._judging.again)
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
        self._run = ElidedComboBox()
        self._run.setAccessibleName(tr("Run to test and predict with"))
        self._run.setMinimumWidth(320)
        self._run.setMaximumWidth(_WIDEST_RUN)
        # `activated` comes from a hand alone; the list is filled anew whenever the folder changes
        self._run.activated.connect(lambda place: self.choose(str(self._run.itemData(place))))
        self._about = ElidedLabel("", "muted")
        head = QHBoxLayout()
        head.addWidget(label(tr("Run"), "strong"))
        head.addWidget(self._run, 2)
        # as wide as its words, where there is room
        head.addWidget(self._about)
        self.moment = MomentRow(
            tr("Weights of an earlier step"),
            tr("Instead of the kept ones: the steps since the nearest checkpoint are taken again"),
        )
        self.moment.changed.connect(self._go_to_moment)
        # on the line of the run: a line of its own would take its height from the board of drawings
        head.addWidget(self.moment, 2)
        self.other = OtherRun()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(self._make_predict())
        split.addWidget(self.test)
        split.setSizes([750, 550])
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
        self._stack.setCurrentWidget(empty)  # until a run with weights is known
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.other)
        column.addWidget(self._stack, 1)

    def _make_predict(self) -> Card:
        card = Card(tr("Predict"))
        card.title.setMinimumHeight(self.test.button.sizeHint().height())  # the titles of both cards level
        self.form = RowForm()
        self.form.edited.connect(self._predict_row)
        self.drawing = DrawingTab(self._theme)
        self.board = self.drawing.board
        self.board.drawn.connect(self._predict_drawing)
        self.texts = TextsTab(self._theme)
        self.texts.edited.connect(self._predict_texts)
        self.texts.moved.connect(lambda: self._show(self._found, self.texts.current))
        self.texts.write_asked.connect(self._write)
        self.texts.stop_asked.connect(self._stop_writing)
        self.files = FileTab(self._theme)
        self.files.chosen.connect(self._predict_file)
        self.files.own_asked.connect(self._forecast)
        self.files.row_moved.connect(lambda row: self._show(self.files.found, row))
        self.files.told.connect(self.told)
        self.files.failed.connect(self.failed)
        self._tabs = QTabWidget()
        self._tabs.addTab(self.form, tr("Type a row"))
        self._tabs.addTab(self.drawing, tr("Draw"))
        self._tabs.addTab(self.texts, tr("Type a text"))
        self._tabs.addTab(self.files, tr("File"))
        self._tabs.currentChanged.connect(lambda _: self._tab_changed())
        # the heading is on one line with the tabs
        self.answer = AnswerSide(self._theme, self._tabs.tabBar().sizeHint().height())
        self.bars = self.answer.bars
        self._sides = QHBoxLayout()
        self._sides.setSpacing(24)
        self._sides.addWidget(self._tabs, 3)
        self._sides.addWidget(self.answer, 2)
        card.body.addLayout(self._sides, 1)
        return card

    # --- which run ------------------------------------------------------------------------------------

    def _list(self) -> None:
        """Offer the runs that have ended, the newest first."""
        offered = [entry for entry in self._library.entries if entry.state in ENDED][:_MOST_OFFERED]
        self._run.clear()
        for entry in offered:
            self._run.addItem(f"{entry.name} · {moment(entry.started)}", entry.folder)
        if self._folder is None and offered:
            self.choose(offered[0].folder)
        self._mark_run()

    def _mark_run(self) -> None:
        place = -1
        if self._folder is not None:
            place = next(
                # as paths: one folder may be written in two ways
                (at for at in range(self._run.count()) if Path(self._run.itemData(at)) == self._folder.path),
                -1,
            )
        self._run.setCurrentIndex(place)
        # names may be longer than the box
        self._run.setToolTip(plain(self._run.currentText()))

    def _renew(self) -> None:
        """Ask for what the chosen run's network takes."""
        folder = self._judging.folder = self._folder
        self._judging.step = self._judging.file = None
        ready = folder is not None and is_ready(folder)
        self._stack.setCurrentIndex(0 if ready else 1)
        self._mark_run()
        self._cancel()
        self._show(None)
        self.files.show_predictions(None)
        self.moment.set_run(folder if ready else None)
        if folder is None or not ready:
            self._about.setText(tr("has no weights yet") if folder is not None else "")
            self._wanted = Wanted()
            self.other.set_run(self._wanted.experiment)
            return
        try:
            self._wanted = wanted_by(folder)
        except Invalid as error:
            self._wanted = Wanted()
            self._tell(str(error))
        self._about.setText(self._wanted.about)
        self.other.set_run(self._wanted.experiment)
        self.test.reset(ready=True, looked=was_tested(folder))
        self._offer(self._wanted)

    def _offer(self, wanted: Wanted) -> None:
        """Show the tabs that suit what the network takes; what is said of texts and courses needs room."""
        # Ignored: however wide the inputs would like to be, both sides share the width evenly
        across = QSizePolicy.Policy.Ignored if wanted.roomy else QSizePolicy.Policy.Expanding
        self._tabs.setSizePolicy(across, QSizePolicy.Policy.Expanding)
        self._sides.setStretch(0, 1 if wanted.roomy else 3)
        self._sides.setStretch(1, 1 if wanted.roomy else 2)
        typed = _TABS[wanted.tab]
        for tab, page in ((_ROWS, self.form), (_DRAW, self.drawing), (_TEXTS, self.texts)):
            self._tabs.setTabVisible(tab, tab == typed)
            # a tab that is hidden wants no room: the board of drawings is wider than any form
            wide = across if tab == typed else QSizePolicy.Policy.Ignored
            page.setSizePolicy(wide, QSizePolicy.Policy.Preferred)
        self._tabs.setTabText(_FILE, tr("Forecast") if wanted.forecasts else tr("File"))
        self.files.ask_for(wanted)
        self.test.ask_for(wanted)
        self.form.show_columns(wanted.columns)
        if wanted.tab == "texts":
            self.texts.ask_for(wanted)
        # who trained on colour pictures has files; nobody draws those with a white brush
        colour = wanted.picture is not None and wanted.picture[2] != 1
        self._tabs.setCurrentIndex(_FILE if colour else typed)
        self._tab_changed()
        if wanted.forecasts:
            self._forecast()

    def _tab_changed(self) -> None:
        tab = self._tabs.currentIndex()
        self._tell("")
        if tab == _ROWS and self._wanted.columns:
            self._predict_row()
        elif tab == _DRAW and self._wanted.picture is not None:
            self._predict_drawing()
        elif tab == _TEXTS and self._wanted.tab == "texts":
            self._predict_texts()
        else:
            self._show(self.files.found, row=self.files.row)

    def _show_reading(self) -> None:
        """Lead to how files are read, which counts for those that are scored, too."""
        self._tabs.setCurrentIndex(_FILE)
        self.files.reading.enter()

    def _go_to_moment(self) -> None:
        """Ask again for all that is shown, of other weights."""
        folder = self._folder
        if folder is None:
            return
        self._judging.step = self.moment.step
        self.test.reset(ready=True, looked=was_tested(folder))
        self.files.show_predictions(None)
        self._tab_changed()
        if self._tabs.currentIndex() == _FILE:
            self.files.ask_again()

    # --- predicting -----------------------------------------------------------------------------------

    def _predict_row(self) -> None:
        row = self.form.row()
        self._ask(lambda folder: Predict(folder, rows=(row,)))

    def _predict_drawing(self) -> None:
        picture = self._wanted.picture
        if picture is None:
            return
        height, width, _ = picture
        pixels = as_trained(self.board.pixels(), height, width)
        self._drawn = None if self.board.empty else pixels
        if self.board.empty:
            self._show(None)
        else:
            self._ask(lambda folder: Predict(folder, pixels=pixels[None]))

    def _predict_texts(self) -> None:
        """Predict for what is typed; where texts are gone on with, only what could come next."""
        self._stop_writing()
        if not self.texts.texts:
            self._cancel()
            self._tell("")
            self._show(None)
        elif self._wanted.writing is Continuing:
            self._ask_texts(length=0, count=1)
        else:
            self._ask_texts()

    def _ask_texts(self, **changed: object) -> None:
        rows = tuple({"text": text} for text in self.texts.texts)
        writing = self.texts.writing | changed
        self._ask(lambda folder: Predict(folder, rows=rows, writing=writing))

    def _write(self) -> None:
        """Go on with the text that is typed; it is shown as it grows."""
        self._cancel()
        self.texts.set_writing(True)
        self._ask_texts()

    def _stop_writing(self) -> None:
        """Give up what is being written; what there is stays."""
        if not self._writes:
            return
        self._cancel()
        self.texts.set_writing(False)

    @property
    def _writes(self) -> bool:
        return self.texts.stop.isEnabled()

    def predict_file(self, path: Path) -> None:
        """Predict for a file: rows, texts, series, a picture, or a folder of such."""
        self._tabs.setCurrentIndex(_FILE)
        self.files.take(path)

    def _predict_file(self, path: Path) -> None:
        told = self.files.reading.told
        self._ask(lambda folder: Predict(folder, path=str(path), told=told), whole_file=True)

    def _forecast(self) -> None:
        """Forecast what comes after the run's own data."""
        self.files.tell(tr("After the last rows of the data of this run."))
        self._ask(lambda folder: Predict(folder), whole_file=True)

    def _ask(self, make: Callable[[str], Predict], *, whole_file: bool = False) -> None:
        """Ask for a prediction; while one is awaited, only the newest wish is kept."""
        if self._folder is None:
            return
        folder = str(self._folder.path)
        # a file does not wait behind what was typed: somebody has just chosen it
        if self._asking and not whole_file:
            self._again = lambda: self._ask(make)
            return
        self._again = None
        if whole_file:
            self._tell(tr("Predicting…"), mood="small")
        self._asking = self._engine.ask(
            replace(make(folder), step=self.moment.step),
            lambda reply: self._answered(reply, whole_file),
            asker=self,
            so_far=None if whole_file else self._read_along,
        )

    def _read_along(self, texts: tuple[str, ...]) -> None:
        if self._writes:
            self.answer.show_written(texts)

    def _cancel(self) -> None:
        if self._asking:
            self._engine.cancel(self._asking)
        self._asking, self._again = 0, None

    def _answered(self, reply: Reply[Predicted], whole_file: bool) -> None:
        self._asking = 0
        wrote = self._writes
        self.texts.set_writing(False)
        if reply.value is not None:
            self._tell("")
            if whole_file:
                self.files.show_predictions(reply.value)
            row = self.texts.current if self._tabs.currentIndex() == _TEXTS else 0
            self._show(reply.value, row, keep=not wrote)
        elif reply.problems:
            if whole_file:
                self.files.show_predictions(None)
            self._tell(self._reasons(reply))
            self._show(None)
        again, self._again = self._again, None
        if again is not None:
            again()

    def _reasons(self, reply: Reply[Predicted] | Reply[Evaluated]) -> str:
        """Return why there is no answer, and open what can be told otherwise of how files are read."""
        change = tr("This can be changed under “How files are read”.")
        if any(self.files.reading.open_at(problem.path) for problem in reply.problems):
            return f"{reply.why}\n{change}"
        return reply.why

    def _show(self, found: Predicted | None, row: int = 0, *, keep: bool = True) -> None:
        """Show a prediction. `keep` what was written before, where this one is but about what could come."""
        self._found = found
        of_file = found is not None and found is self.files.found
        keep = keep and not of_file and self._wanted.writing is Continuing and found is not None
        seen = self._drawn if self._tabs.currentIndex() == _DRAW else None
        self.answer.show_prediction(found, max(row, 0), of_file=of_file, keep=keep, seen=seen)

    def _tell(self, words: str, mood: str = "problem") -> None:
        self.answer.tell(words, mood)

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
