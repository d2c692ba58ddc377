"""The queue on the page of runs: what waits, in order, and all that can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
)
from typing_extensions import override

from app.language.words import tr
from app.look.settings import SettingsFile
from app.look.style import set_role
from app.look.theme import Theme
from app.runs.differences import told_apart
from app.runs.library import Library
from app.runs.model import STATE_ICONS
from app.runs.queue import RunQueue
from app.runs.rows import RunRow
from app.widgets.cards import Card
from app.widgets.labels import ElidedLabel
from app.widgets.refusals import refuse
from app.widgets.tips import plain
from engine.runs.queue.order import Waiting

_ROW, _FEWEST_ROWS = 28, 2
_WINDOW_ROW = 250
"""Pixels of the height of the window for each row that is seen at once: the runs below need more."""
_ALL = 100
"""How much more than the rest of the head the words get of the room that is left."""
_RUN = int(Qt.ItemDataRole.UserRole)
AFTER_FAILURE = ("go on", "stop")


class QueueCard(Card):
    """Hidden while nothing waits."""

    edit_asked = Signal(str)
    """The experiment of that waiting run is to be edited."""

    def __init__(
        self, theme: Theme, queue: RunQueue, library: Library, settings: SettingsFile, most_at_once: int
    ) -> None:
        super().__init__(tr("Queue"))
        self._theme, self.queue, self._library, self._settings = theme, queue, library, settings
        # as high as its rows: the table below has what is left
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._words = ElidedLabel("", "small")
        # before the empty part of the head, which would take half of the room
        self.head.insertWidget(1, self._words, _ALL)
        self._make_list()
        self._make_buttons(most_at_once)
        self.body.addWidget(self.list)
        queue.changed.connect(self.refresh)
        library.listed.connect(self.refresh)
        library.detailed.connect(self.refresh)
        library.renewed.connect(self.refresh)
        self.refresh()

    def _make_list(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Runs that wait, the next one first"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        self.list.model().rowsMoved.connect(self._moved_by_hand)
        self.list.currentRowChanged.connect(lambda _: self._renew_buttons())
        self.list.itemDoubleClicked.connect(lambda _: self._edit())
        for keys, act in (
            ("Alt+Up", lambda: self._move(-1)),
            ("Alt+Down", lambda: self._move(1)),
            ("Space", self._hold),
            ("Return", self._edit),
            ("Delete", self._remove),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _make_buttons(self, most_at_once: int) -> None:
        self.up = self._button("chevron-up", tr("Earlier"), lambda: self._move(-1))
        self.down = self._button("chevron-down", tr("Later"), lambda: self._move(1))
        self.hold = self._button("pause", tr("Hold"), self._hold)
        self.edit = self._button("pencil", tr("Edit"), self._edit)
        self.remove = self._button("x", tr("Take out"), self._remove)
        self.after = QComboBox()
        self.after.setAccessibleName(tr("When a run fails"))
        self.after.setToolTip(plain(tr("What the queue does when a run fails")))
        self.after.addItem(tr("If one fails: go on"), AFTER_FAILURE[0])
        self.after.addItem(tr("If one fails: stop"), AFTER_FAILURE[1])
        self.after.setCurrentIndex(int(self._settings.value.queue_after_failure == AFTER_FAILURE[1]))
        self.after.activated.connect(
            lambda _: self._settings.change(queue_after_failure=self.after.currentData())
        )
        self.at_once = QComboBox()
        self.at_once.setAccessibleName(tr("Runs at once"))
        self.at_once.setToolTip(
            plain(
                tr("How many runs of the queue are trained at the same time; they share the cores and memory")
            )
        )
        for count in range(1, most_at_once + 1):
            self.at_once.addItem(
                tr("1 at a time") if count == 1 else tr("{count} at once", count=count), count
            )
        self.at_once.setCurrentIndex(min(at_once(self._settings), most_at_once) - 1)
        self.at_once.activated.connect(self._set_at_once)
        self.switch = QPushButton()
        self.switch.clicked.connect(lambda: self.queue.set_active(not self.queue.active))
        for widget in (self.at_once, self.after, self.switch):
            self.head.addWidget(widget)

    def _button(self, icon: str, words: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        set_role(button, "icon")
        button.setAccessibleName(words)
        self._theme.put_icon(button, icon)
        button.clicked.connect(lambda _=False: act())
        self.head.addWidget(button)
        return button

    # --- what is shown --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the queue as it is now."""
        waiting = self.queue.waiting
        self.setVisible(bool(waiting))
        if not waiting:
            return
        chosen = self.chosen
        # while it is filled anew nothing is chosen by the person
        self.list.blockSignals(True)
        self.list.clear()
        rows = [self._library.row_of(self.queue.folder_of(entry)) for entry in waiting]
        experiments = [row.details.experiment if row is not None and row.details else {} for row in rows]
        for number, (entry, row, told) in enumerate(
            zip(waiting, rows, told_apart(experiments), strict=True), start=1
        ):
            self.list.addItem(self._item(number, entry, row, told))
        names = [entry.run for entry in waiting]
        self.list.setCurrentRow(names.index(chosen.run) if chosen is not None and chosen.run in names else 0)
        self.list.blockSignals(False)
        self._fit()
        self._renew_buttons()

    def _fit(self) -> None:
        """Show as many rows at once as suits the height of the window."""
        most = max(self.window().height() // _WINDOW_ROW, _FEWEST_ROWS)
        rows = min(self.list.count(), most)
        self.list.setFixedHeight(rows * _ROW + 2 * self.list.frameWidth() + 2)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    @property
    def chosen(self) -> Waiting | None:
        """Return the run of the queue that is selected."""
        item = self.list.currentItem()
        name = item.data(_RUN) if item is not None else None
        return next((entry for entry in self.queue.waiting if entry.run == name), None)

    def _item(self, number: int, entry: Waiting, row: RunRow | None, told: Sequence[str]) -> QListWidgetItem:
        """Return the line of a run; `told`: what tells it from the others that wait."""
        parts = [entry.run]
        state = "waiting"
        if row is not None:
            state = row.entry.state
            begun = tr("epoch {epoch} of {epochs}", epoch=row.entry.epoch, epochs=row.entry.epochs)
            epochs = begun if row.entry.step else tr("{count} epochs", count=row.entry.epochs)
            # first what differs: a line that is too long is cut behind it
            parts = [row.entry.name, *told, row.architecture, row.optimizer, epochs]
        parts.append(tr("held") if entry.held else tr(state))
        words = " · ".join(part for part in parts if part)
        item = QListWidgetItem(tr("{number}.  {words}", number=number, words=words))
        icon, tone = ("pause", "text_muted") if entry.held else STATE_ICONS[state]
        item.setIcon(self._theme.icon(icon, tone))
        item.setToolTip(plain(words))
        item.setData(_RUN, entry.run)
        item.setSizeHint(QSize(0, _ROW))
        return item

    def _renew_buttons(self) -> None:
        entry, waiting = self.chosen, self.queue.waiting
        here = waiting.index(entry) if entry is not None else -1
        free = entry is not None and not entry.taken
        taken = "" if free else tr("Select a run first") if entry is None else tr("This run is in training")
        first = tr("It is the next one already") if here == 0 else ""
        last = tr("It is the last one already") if here == len(waiting) - 1 else ""
        refuse(self.up, taken or first, tr("Train it before the one above (Alt+Up)"))
        refuse(self.down, taken or last, tr("Train it after the one below (Alt+Down)"))
        refuse(self.remove, taken, tr("Take this run out of the queue; it stays in the list of runs (Del)"))
        row = None if entry is None else self._library.row_of(self.queue.folder_of(entry))
        begun = "" if row is not None and row.entry.state == "waiting" else tr(
            "This run has begun: what can change in it is edited while it trains"
        )  # fmt: skip
        tip = tr("Edit what this run will be trained with; it is held meanwhile (Enter)")
        refuse(self.edit, taken or begun, tip)
        held = entry is not None and entry.held
        self.hold.setAccessibleName(tr("Release") if held else tr("Hold"))
        tip = (
            tr("Let this run be trained when its turn comes (Space)")
            if held
            else tr("Let this run keep its place while others are trained (Space)")
        )
        refuse(self.hold, taken, tip)
        self._theme.put_icon(self.hold, "play" if held else "pause")
        active = self.queue.active
        self.switch.setText(tr("Stop after this run") if active else tr("Train the queue"))
        set_role(self.switch, "" if active else "primary")
        self._theme.put_icon(self.switch, "square" if active else "play", "text" if active else "accent_text")
        self._words.setText(queue_words(waiting, active=active))

    # --- what a person does ---------------------------------------------------------------------------

    def _move(self, by: int) -> None:
        if (entry := self.chosen) is not None and not entry.taken:
            self.queue.move(entry.run, by)

    def _moved_by_hand(self) -> None:
        """Follow a row that was dragged."""
        names = [self.list.item(row).data(_RUN) for row in range(self.list.count())]
        known = [entry.run for entry in self.queue.waiting]
        if names != known and sorted(names) == sorted(known):
            self.queue.arrange(names)

    def _hold(self) -> None:
        if (entry := self.chosen) is not None and not entry.taken:
            self.queue.hold(entry.run, not entry.held)

    def _remove(self) -> None:
        if (entry := self.chosen) is not None and not entry.taken:
            self.queue.remove(entry.run)

    def _edit(self) -> None:
        if (entry := self.chosen) is not None and self.edit.isEnabled():
            self.edit_asked.emit(self.queue.folder_of(entry))

    def _set_at_once(self) -> None:
        self._settings.change(queue_at_once=str(self.at_once.currentData()))
        self.queue.changed.emit()


def queue_words(waiting: Sequence[Waiting], *, active: bool) -> str:
    """Return how the queue stands, in a few words."""
    held = sum(entry.held for entry in waiting)
    training = sum(entry.taken for entry in waiting)
    words = [tr("{count} wait", count=len(waiting) - held - training)]
    if training:
        words.append(tr("1 trains") if training == 1 else tr("{count} train", count=training))
    if held:
        words.append(tr("{count} held", count=held))
    if not active and not training:
        words.append(tr("not started"))
    return " · ".join(words)


def at_once(settings: SettingsFile) -> int:
    """Return how many runs of the queue are to be trained at the same time."""
    said = settings.value.queue_at_once
    return int(said) if said.isdecimal() and 1 <= int(said) <= 64 else 1
