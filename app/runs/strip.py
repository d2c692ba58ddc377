"""The strip of runs under the training panels: the newest few, each with its curve."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableView, QWidget

from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.runs.delegates import CurveDelegate, SwatchDelegate
from app.runs.library import Library
from app.runs.model import ROW_ROLE, RunsModel
from app.runs.queue import RunQueue
from app.runs.rows import RunRow
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel

SHOWN = 4
ROW_HEIGHT = 26
_HEAD = 28 + 38 + 30
"""Height of the card without its rows."""
_LOW = 36
"""Height of the card where it is one line."""
_EDGES, _LOW_EDGES = (16, 12, 16, 16), (16, 4, 16, 4)
_LEFT_OUT = frozenset({"started", "validation", "test", "seed"})


class RunsStrip(Card):
    """Shows the newest runs; a double click opens one."""

    open_asked = Signal(str)
    all_asked = Signal()

    def __init__(self, theme: Theme, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(tr("Runs"), parent)
        self._library = library
        self._followed: RunQueue | None = None
        self.model = RunsModel(theme, tickable=False, parent=self)
        every = QPushButton(tr("All runs, compare…"))
        set_role(every, "link")
        every.clicked.connect(lambda: self.all_asked.emit())
        self._queue = QPushButton()
        set_role(self._queue, "link")
        self._queue.clicked.connect(lambda: self.all_asked.emit())
        self._queue.setVisible(False)
        self.head.addWidget(self._queue)
        self.head.addWidget(every)
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("Newest runs"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        # it is as high as its rows
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        table.horizontalHeader().setHighlightSections(False)
        for place, column in enumerate(self.model.columns):
            table.setColumnHidden(place, column.name in _LEFT_OUT)
            table.setColumnWidth(place, column.width)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setItemDelegateForColumn(0, SwatchDelegate(theme, parent=table))
        table.setItemDelegateForColumn(len(self.model.columns) - 1, CurveDelegate(theme, parent=table))
        # a double click activates, too: connected to both it would open the run twice
        table.activated.connect(self._open)
        self.table = table
        self._low = False
        self._count = ElidedLabel("", "muted")
        self.head.insertWidget(1, self._count)
        self.body.addWidget(table)
        library.listed.connect(self._take)
        library.detailed.connect(self.model.add_details)
        library.renewed.connect(self.model.renew_row)
        self._take()

    def follow(self, queue: RunQueue) -> None:
        """Say from now on how many runs stand in the queue."""
        self._followed = queue
        # a bound method, which Qt lets go of with the strip: the queue may outlive it
        queue.changed.connect(self._count_queue)
        self._count_queue()

    def _count_queue(self) -> None:
        if self._followed is not None:
            self.tell_queue(len(self._followed.waiting))

    def tell_queue(self, count: int) -> None:
        """Say how many runs stand in the queue, which the page of runs shows."""
        self._queue.setText(tr("Queue: {count}", count=count))
        self._queue.setVisible(count > 0)

    def set_low(self, low: bool) -> None:
        """Be one line without the table, where there is no room for more."""
        if low != self._low:
            self._low = low
            self._take()

    def _take(self) -> None:
        self.model.set_rows(self._library.rows[:SHOWN])
        rows = SHOWN if self._library.entries else 0  # as high as it will be: the plots above must not move
        self.table.setVisible(not self._low)
        self.whole.setContentsMargins(*(_LOW_EDGES if self._low else _EDGES))
        self.setFixedHeight(_LOW if self._low else _HEAD + rows * ROW_HEIGHT)
        newest = self._library.entries[0].name if rows else ""
        self._count.setText(tr("{count}, the newest: {name}", count=len(self._library.entries), name=newest))
        self._count.setVisible(self._low)
        self.setVisible(rows > 0)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, RunRow):
            self.open_asked.emit(row.folder)
