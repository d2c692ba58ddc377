"""The engine as the window sees it: commands go out and answers come in, Qt signals on this side.

This folder alone knows that there are other processes. Nothing here waits: what takes long is answered later,
and a process that dies is a message too. What the processes print is kept for whoever asks why.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.language.words import tr
from app.link.child import Child
from app.link.reply import MOST_LINES, R, Reply
from engine.choices import Problem
from engine.processes import command_of
from engine.serving.protocol import (
    Answer,
    Cancel,
    Cancelled,
    Command,
    DeviceMemory,
    EngineFailed,
    FromWindow,
    Missed,
    Ready,
    Refused,
    Request,
    RunEvent,
    SoFar,
    Steering,
    Working,
)

# an engine that dies while it starts would be started for ever
_MOST_DEATHS = 3
_TRIES = 2
"""So many engines are asked the same."""
_RESTART_MILLISECONDS = 300

Progress = Callable[[float, str], None]


@dataclass
class _Asked:
    """A request, and who is to hear of it."""

    command: Command[Any]
    then: Callable[[Reply[Any]], None]
    working: Progress | None
    asker: QObject | None
    so_far: Callable[[Any], None] | None = None
    begun: bool = False
    """Whether the engine has said a word of it."""
    tries: int = 1

    @property
    def is_there(self) -> bool:
        """Whether there is still somebody to be told."""
        return self.asker is None or isValid(self.asker)


class EngineLink(QObject):
    """The engine that trains. It is started anew when it dies."""

    starting = Signal()
    became_ready = Signal(Ready)
    happened = Signal(str, object)
    """An event of the run in a folder."""
    missed = Signal(str)
    """Numbers of the run in a folder were dropped: its history has them."""
    memory_told = Signal(DeviceMemory)
    spoke = Signal()
    """It said one of these: it is alive."""
    lost = Signal(str, bool)
    """The engine went away: why, and whether it is being started anew by itself."""

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = tuple(command or command_of("serve"))
        self._child: Child | None = None
        self._ready: Ready | None = None
        self._number = 0
        self._deaths = 0
        self._waiting: dict[int, _Asked] = {}
        self._closed = False
        self.log: deque[str] = deque(maxlen=MOST_LINES)
        """The last lines that the engine printed."""

    @property
    def ready(self) -> Ready | None:
        """Return what the engine said of itself when it was ready; None while it is not."""
        return self._ready

    @property
    def process(self) -> int:
        """Return the number of the engine's process, 0 where there is none."""
        return self._child.number if self._child else 0

    def start(self) -> None:
        """Start the engine where it is not there."""
        if self._child is not None or self._closed:
            return
        self._child = Child(self._command, self.log, self)
        self._child.said.connect(self._hear)
        self._child.gone.connect(self._mourn)
        self.starting.emit()
        self._ask_waiting()

    def tell(self, message: Steering) -> None:
        """Send what is not answered; nothing happens where no engine is there."""
        self._send(message)

    def ask(
        self,
        command: Command[R],
        then: Callable[[Reply[R]], None],
        working: Progress | None = None,
        *,
        asker: QObject | None = None,
        so_far: Callable[[Any], None] | None = None,
    ) -> int:
        """Ask for a command and return the number of the request; `then` hears how it ended, once.

        `so_far` is told what is known already, as it grows. When `asker` is gone by then, for instance a
        page that was closed, nobody is told.
        """
        self._number += 1
        number = self._number
        if self._closed:
            return number
        if self._child is None:
            self._deaths = 0  # a person asks: what died three times may be mended by now
            self.start()
        self._waiting[number] = _Asked(command, then, working, asker, so_far)
        self._send(Request(number, command))
        return number

    def _send(self, message: FromWindow) -> None:
        if self._child is not None:
            self._child.send(message)

    def cancel(self, number: int) -> None:
        """Give up a request; how it ends is not told any more."""
        if self._waiting.pop(number, None) is not None:
            self._send(Cancel(number))

    def shut_down(self, patience: int = 30_000) -> None:
        """End the engine for good; a run in training is checkpointed and can be resumed."""
        self._closed = True
        self._waiting.clear()
        if self._child is not None:
            self._child.end(patience)
            self._child = None

    def _hear(self, message: object) -> None:
        match message:
            case Answer(number=number, value=value):
                self._settle(number, Reply(value))
            case Refused(number=number, problems=problems):
                self._settle(number, Reply(problems=problems))
            case Cancelled(number=number):
                if number in self._waiting:  # not given up here: the engine is about to end
                    self._waiting[number].begun = False
            case Working() | SoFar():
                self._pass_on(message)
            case EngineFailed(why=why):
                self._fail(why)
            case Ready() | RunEvent() | Missed() | DeviceMemory():
                self._announce(message)

    def _announce(self, message: Ready | RunEvent | Missed | DeviceMemory) -> None:
        """Tell what was said unasked."""
        if isinstance(message, Ready):
            self._ready, self._deaths = message, 0  # first: whoever hears a word may ask whether it is ready
        self.spoke.emit()
        match message:
            case Ready():
                self.became_ready.emit(message)
            case RunEvent(folder=folder, event=event):
                self.happened.emit(folder, event)
            case Missed(folder=folder):
                self.missed.emit(folder)
            case DeviceMemory():
                self.memory_told.emit(message)

    def _pass_on(self, message: Working | SoFar) -> None:
        """Tell how far a request is, or what is known so far."""
        asked = self._waiting.get(message.number)
        if asked is None:
            return
        asked.begun = True
        if not asked.is_there:
            return
        if isinstance(message, SoFar):
            if asked.so_far is not None:
                asked.so_far(message.value)
        elif asked.working is not None:
            asked.working(message.share, message.words)

    def _settle(self, number: int, reply: Reply[Any]) -> None:
        asked = self._waiting.pop(number, None)
        if asked is not None and asked.is_there:
            asked.then(reply)

    def _fail(self, why: str) -> None:
        """The engine says that it cannot work at all: starting it anew would not help."""
        if self._child is not None:
            self._child.drop()
        self._deaths = _MOST_DEATHS
        self._mourn(why)

    def waits(self, number: int) -> bool:
        """Return whether a request has not been answered yet, and still will be."""
        return number in self._waiting

    def _mourn(self, why: str, in_order: bool = False) -> None:
        """The engine is gone. All that it was asked is lost.

        Where it was told to end, by the system for instance, what it had not begun is asked of the next one.
        """
        self._child, self._ready = None, None
        self._deaths += 1
        again = self._deaths < _MOST_DEATHS
        problem = Problem("", tr("The engine went away: {why}.", why=why))
        reply = Reply[Any](problems=(problem,), lost=True)
        kept = {
            number
            for number, asked in self._waiting.items()
            if in_order and again and asked.tries < _TRIES and not asked.begun
        }
        gone = self._waiting.keys() - kept
        # taken out before anybody hears of the loss: the session then asks which requests still wait
        lost = {number: self._waiting.pop(number) for number in gone}
        # before the replies: the loss is told once, here, and a reply that is `lost` is passed over
        self.lost.emit(why, again)
        for asked in lost.values():
            if asked.is_there:
                asked.then(reply)
        if again:
            QTimer.singleShot(_RESTART_MILLISECONDS, self, self.start)

    def _ask_waiting(self) -> None:
        """Ask a new engine what the one before was asked in vain."""
        for number, asked in self._waiting.items():
            asked.tries += 1
            self._send(Request(number, asked.command))
