"""The tab for files: which to predict for, the table of all predictions, and saving it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.language.numbers import whole
from app.language.words import tr
from app.look.theme import Theme
from app.modalities.wanted import Wanted
from app.predict.predictions_table import PredictionsTable
from app.predict.reading_form import ReadingForm
from app.predict.results import SORT_ROLE, PredictionsModel, save_csv
from app.widgets.button_row import ButtonRow
from app.widgets.labels import label
from app.widgets.refusals import refuse
from app.widgets.saving import asked_place, save
from engine.inference.results import Predicted


class FileTab(QWidget):
    """Lets a file or folder be chosen, and shows what is predicted for it."""

    chosen = Signal(object)
    """The Path to predict for; again where it is to be read otherwise."""
    own_asked = Signal()
    """The end of the run's own data is to be gone on with."""
    row_moved = Signal(int)
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: Predicted | None = None
        self._taken: Path | None = None
        self._place = Path.home()
        """Where dialogs begin: beside the file that was taken last, else beside the data of the run."""
        self._own = QPushButton(tr("Last rows of the data"))
        self._own.setToolTip(tr("Forecast what comes after the last row of the data of the run"))
        self._file = QPushButton(tr("Choose a file…"))
        self._folder = QPushButton(tr("Choose a folder…"))
        self.save = QPushButton(tr("Save as CSV…"))
        self._own.clicked.connect(lambda: self.own_asked.emit())
        self._file.clicked.connect(self._ask_for_file)
        self._folder.clicked.connect(self._ask_for_folder)
        self.save.clicked.connect(self._ask_where_to_save)
        theme.put_icon(self._own, "history")
        theme.put_icon(self._file, "file")
        theme.put_icon(self.save, "download")
        below = QHBoxLayout()
        self._takes = label("", "muted", wrap=True)
        self._state = label("", "muted", wrap=True)
        self.reading = ReadingForm(theme)
        self.reading.edited.connect(self.ask_again)
        self.predictions = PredictionsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.predictions)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = PredictionsTable(self._sorted)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.row_moved.emit(self.row))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(ButtonRow((self._own, self._file, self._folder)))
        column.addWidget(self._takes)
        column.addWidget(self.reading, 3)
        below.addWidget(self._state, 1)
        below.addWidget(self.save)
        column.addLayout(below)
        column.addWidget(self.table, 2)
        # of 0: it takes the room only while nothing else does
        column.addStretch(0)
        self.show_predictions(None)

    @property
    def row(self) -> int:
        """Return the row of the file that is chosen, the first where none is."""
        return max(self._sorted.mapToSource(self.table.currentIndex()).row(), 0)

    def ask_for(self, wanted: Wanted) -> None:
        """Offer what a network takes that takes such inputs."""
        self._taken = None
        # data of a run from elsewhere may lie nowhere on this computer
        self._place = wanted.place or self._place
        self.reading.ask_for(wanted.source, wanted.found)
        self._own.setVisible(wanted.forecasts)
        self._folder.setVisible(wanted.folders)
        self._takes.setText(wanted.files)

    def tell(self, words: str) -> None:
        """Say which file it is about."""
        self._state.setText(words)

    def take(self, path: Path) -> None:
        """Predict for a file or folder."""
        self._place, self._taken = path.parent, path
        self.tell(path.name)
        self.reading.offer_sheets_of(path)
        self.chosen.emit(path)

    def ask_again(self) -> None:
        """Predict once more for the same file, or go on once more with the run's own data."""
        if self._taken is not None:
            self.chosen.emit(self._taken)
        elif self._own.isVisibleTo(self):
            self.own_asked.emit()

    def show_predictions(self, found: Predicted | None) -> None:
        """Show the predictions for a file in the table; None empties it."""
        self.found = found
        # an empty one would take the room of the settings above it
        self.table.setVisible(found is not None)
        self.predictions.show_predictions(found)
        why = "" if found is not None else tr("Nothing is predicted yet: choose a file first")
        refuse(self.save, why, tr("Save the predictions as a table, a row for each input"))
        if found is None:
            self.tell(tr("… or drop it here."))
            return
        self.tell(_counted(found))
        # in the order of the file: the column that the one before was sorted by may mean something else here
        self._sorted.sort(-1)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.fit(self.predictions.answers)
        self.table.selectRow(0)

    def save_predictions(self, path: Path) -> None:
        """Write the predictions that are shown."""
        if self.found is not None:
            save(path, partial(save_csv, self.found), self.told, self.failed)

    def _ask_for_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("File to predict for"), str(self._place))
        if chosen:
            self.take(Path(chosen))

    def _ask_for_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder to predict for"), str(self._place))
        if chosen:
            self.take(Path(chosen))

    def _ask_where_to_save(self) -> None:
        chosen = asked_place(self, tr("Save the predictions"), self._place / "predictions.csv")
        if chosen is not None:
            self.save_predictions(chosen)


def _counted(found: Predicted) -> str:
    lacking = sum(1 for why in found.unanswered if why)
    there = len(found.rows) - lacking
    words = tr("1 prediction") if there == 1 else tr("{count} predictions", count=whole(there))
    if lacking == 0:
        return words
    if lacking == 1:
        return tr("{predictions}, 1 row without one", predictions=words)
    return tr("{predictions}, {count} rows without one", predictions=words, count=whole(lacking))
