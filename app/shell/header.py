"""The head of the window: the experiment's name, the transport, the progress and the device."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.document.document import Document
from app.document.progress_words import other_parts, others_words, progress_parts
from app.document.run_controls import RunStatus
from app.language.words import tr
from app.look.style import set_mark, set_role
from app.look.theme import Theme
from app.shell.pages import COLUMN_WIDTH
from app.shell.rail import WIDTH as RAIL_WIDTH
from app.widgets.labels import ElidedLabel, PartsLabel, label
from app.widgets.refusals import WHY, refuse
from app.widgets.tips import plain
from app.widgets.widths import hold_width

HEIGHT = 56
_NARROWEST_TITLE = 140
_WIDEST_PROGRESS = 420
_MEMORY_FROM = 1200
"""Width from which the memory of the device has room: below, the time that is left is worth more."""
_BESIDE = 1008
"""Pixels that all but the name want; the name's width follows the window's alone, so that nothing moves."""


class Header(QFrame):
    """Shows document and standing; its buttons are the actions given. `paces`: how fast a run may go."""

    other_asked = Signal(str)
    """The person wants to see a run that another process trains."""

    def __init__(self, theme: Theme, actions: Mapping[str, QAction], paces: QMenu) -> None:
        super().__init__()
        set_role(self, "bar")
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(tr("Transport"))
        self._theme, self._actions = theme, actions
        self._standing = RunStatus()
        self._name = ElidedLabel("", "title")
        self._name.setMinimumWidth(48)
        self._edited = label(tr("edited"), "small")
        self._edited.setVisible(False)
        self._train = self._button(actions["run.train"], "play", primary=True)
        self._queue = self._button(actions["run.queue"], "clock")
        self._queue.setText(tr("Queue"))
        self._queue.setVisible(False)
        self._pause = self._button(actions["run.pause"], "pause")
        self._release = self._button(actions["run.release"], "memory-stick")
        self._release.setText("")  # beside Pause the picture says enough; the tip has the words
        self._step = QPushButton(tr("Step"))
        self._step.setAccessibleName(tr("Step"))
        self._step.setProperty("menu", True)
        menu = QMenu(self._step)
        menu.addActions([actions["run.train_paused"], actions["run.batch"], actions["run.epoch"]])
        menu.addSeparator()
        menu.addMenu(paces)
        self._step.setMenu(menu)
        theme.put_icon(self._step, "step-forward")
        self._stop = self._button(actions["run.stop"], "square")
        # a single & would be the mark of a key
        self._stop.setText(tr("Stop && keep"))
        self._discard = self._button(actions["run.discard"], "trash-2")
        self._discard.setText("")  # beside "Stop & keep" the picture says enough; the tip has the words
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self._title = self._make_title()
        row.addWidget(self._title)
        for button in (
            *(self._train, self._queue, self._pause, self._release, self._step),
            *(self._stop, self._discard),
        ):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self._make_progress(), 1)
        row.addSpacing(8)
        row.addWidget(self._make_chip())

    def _make_title(self) -> QWidget:
        """Return the name, as wide as rail and column below it, so that nothing beside it moves."""
        title = QWidget()
        inside = QHBoxLayout(title)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._name)
        inside.addWidget(self._edited)
        inside.addStretch(1)
        return title

    def _make_progress(self) -> QWidget:
        room = QWidget()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        # a bar counts in whole steps
        self._bar.setRange(0, 1000)
        self._bar.setMinimumWidth(120)
        self._bar.setAccessibleName(tr("Progress of the run"))
        self._words = PartsLabel("small")
        self._others = QPushButton()
        set_role(self._others, "link")
        self._others.setVisible(False)
        self._others.clicked.connect(self._show_other)
        told = QHBoxLayout()
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(8)
        told.addWidget(self._words)
        told.addWidget(self._others)
        told.addStretch(1)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addStretch(1)
        column.addWidget(self._bar)
        column.addLayout(told)
        column.addStretch(1)
        room.setMaximumWidth(_WIDEST_PROGRESS)
        return room

    def _make_chip(self) -> QFrame:
        self._chip = QFrame()
        set_role(self._chip, "chip")
        self._chip.setFixedHeight(30)
        self._device = ElidedLabel("")
        self._device.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._device.setMaximumWidth(300)
        self._dot = QLabel()
        inside = QHBoxLayout(self._chip)
        inside.setContentsMargins(8, 0, 8, 0)
        inside.setSpacing(6)
        inside.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(self._device)
        return self._chip

    def _button(self, action: QAction, icon: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(action.text())
        if primary:
            set_role(button, "primary")
        button.clicked.connect(action.trigger)
        action.changed.connect(lambda: self._follow(button, action))
        self._follow(button, action)
        button.setAccessibleName(action.text())
        self._theme.put_icon(button, icon, "accent_text" if primary else "text")
        return button

    def _follow(self, button: QPushButton, action: QAction) -> None:
        refuse(button, str(action.property(WHY) or ""), action.toolTip())

    def _swap(self, first: QPushButton, second: QPushButton, swapped: bool) -> None:
        """Show the first of two buttons, or the second in its place.

        The second click of a double click on the one that goes is none on the one that comes.
        """
        gone, comes = (first, second) if swapped else (second, first)
        if gone.isVisible():
            unseen = Qt.WidgetAttribute.WA_TransparentForMouseEvents
            comes.setAttribute(unseen)
            interval = QApplication.doubleClickInterval()
            QTimer.singleShot(interval, comes, lambda: comes.setAttribute(unseen, False))
        first.setVisible(not swapped)
        second.setVisible(swapped)

    def _hold_widths(self) -> None:
        """Let every button of the transport be as wide as its longest word: none moves under the hand."""
        hold_width(self._pause, (tr("Pause"), tr("Continue")))
        # one of these two is shown, in the same place
        first = max(self._train.sizeHint().width(), self._queue.sizeHint().width())
        self._train.setFixedWidth(first)
        self._queue.setFixedWidth(first)
        for button in (self._release, self._step, self._stop, self._discard):
            button.setFixedWidth(button.sizeHint().width())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # 16 at the left of this row, and 8 before the next part
        widest = RAIL_WIDTH + COLUMN_WIDTH - 24
        self._title.setFixedWidth(min(max(self.width() - _BESIDE, _NARROWEST_TITLE), widest))
        self._show_device(self._standing)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # only now are the buttons dressed, and so as wide as the style makes them
        self._hold_widths()

    # --- what is shown --------------------------------------------------------------------------------------

    def show_document(self, document: Document) -> None:
        self._name.setText(document.experiment.name)
        self._edited.setVisible(document.edited)

    def show_standing(self, standing: RunStatus) -> None:
        self._standing = standing
        paused = standing.run == "paused"
        self._pause.setText(tr("Continue") if paused else tr("Pause"))
        self._pause.setAccessibleName(self._pause.text())
        self._theme.put_icon(self._pause, "play" if paused else "pause")
        steered = standing.run in ("none", "running", "paused")
        tip = tr("Follow a run: start it paused, take one batch or one epoch, choose its pace")
        # all that it offers is refused for the same reason
        why = "" if steered else str(self._actions["run.batch"].property(WHY) or tip)
        refuse(self._step, why, tip)
        self._swap(self._train, self._queue, standing.run != "none")
        self._show_progress(standing)
        self._show_device(standing)

    def _show_progress(self, standing: RunStatus) -> None:
        """Tell of the run that this window trains, else of the shown one, then how many others train."""
        running, followed = standing.run != "none", standing.meant.followed
        if followed is not None and not running:
            parts, share = other_parts(followed), followed.epoch / max(followed.epochs, 1)
            parts = [(self._beside_its_name(followed.name), 0), *parts]
            state = "paused" if followed.state == "paused" else "running"
        else:
            parts, state = progress_parts(standing), standing.run
            share = standing.step / standing.steps if standing.steps else 0.0
            name = self._told_name(standing)
            if name and parts:
                parts = [(name, 0), *parts]
        self._bar.setValue(round(1000 * min(share, 1.0)))
        self._bar.setVisible(running or followed is not None)
        set_mark(self._bar, "state", state)
        self._words.set_parts(parts)
        self._words.setVisible(bool(parts))
        others = standing.meant.beside(own=running)
        self._others.setText(others_words(len(others), more=running or followed is not None))
        names = ", ".join(other.name for other in others)
        tip = tr("Trained by another process: {names}. Click to see it.", names=names)
        self._others.setToolTip(plain(tip))
        self._others.setVisible(bool(others))

    def _told_name(self, standing: RunStatus) -> str:
        """Return the name of the run that this window trains, where it is to be told from another run."""
        meant = standing.meant
        if standing.run == "none":
            return ""
        if meant.others or meant.elsewhere:
            return self._beside_its_name(meant.name or standing.run_name)
        # a run goes on while another experiment is opened
        return "" if standing.run_name == self._name.text() else standing.run_name

    def _beside_its_name(self, name: str) -> str:
        """Return which run this is: of several of the name that stands at the left, the number says it."""
        return name.removeprefix(f"{self._name.text()} ")

    def _show_other(self) -> None:
        standing = self._standing
        others = standing.meant.beside(own=standing.run != "none")
        # those that are seen already come last: each click leads to another one
        hidden = [other for other in others if other is not standing.meant.followed]
        for other in (hidden or list(others))[:1]:
            self.other_asked.emit(other.folder)

    def _show_device(self, standing: RunStatus) -> None:
        mood = {"ready": "good", "starting": "plain", "lost": "danger", "absent": "plain"}[standing.engine]
        tint = {"good": "success", "danger": "danger", "plain": "text_faint"}[mood]
        # beside the names of several runs, too, the time that is left is worth more
        room = self.width() >= _MEMORY_FROM and not standing.meant.others
        self._device.setText(device_words(standing, memory=room))
        self._theme.put_icon(self._dot, "circle-x" if mood == "danger" else "circle-dot", tint, 14)
        set_mark(self._chip, "state", mood)
        set_mark(self._device, "role", {"good": "success", "danger": "danger", "plain": "muted"}[mood])
        self._chip.setVisible(standing.engine != "absent")


def device_words(standing: RunStatus, *, memory: bool = True) -> str:
    """Return "NVIDIA H200 · 3.1 of 139 GB", without `memory` "NVIDIA H200"."""
    if standing.engine == "starting":
        return tr("engine starting…")
    if standing.engine == "lost":
        return tr("engine stopped")
    if not memory or not standing.memory_total:
        return standing.device
    used, total = standing.memory_used / 1e9, standing.memory_total / 1e9
    return tr("{device} · {used:.1f} of {total:.0f} GB", device=standing.device, used=used, total=total)
