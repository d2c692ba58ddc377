"""The engine's processes as the window sees them: messages go out and come in, Qt signals on this side.

The only file that knows there is another process. Nothing here waits: what takes long is answered later, and
a process that dies is a message too. What the processes print is kept for whoever asks why.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.language.sentences import sentence
from app.language.words import tr
from app.link.child import Child
from engine.choices import Problem
from engine.serving.protocol import (
    Answer,
    Cancel,
    Cancelled,
    Command,
    EngineFailed,
    Hello,
    Inspect,
    Ready,
    Refused,
    Working,
    Written,
)

_MOST_LINES = 400
_MOST_DEATHS = 3
_TRIES = 2
"""So many engines are asked the same."""
_RESTART_MILLISECONDS = 300
_PATIENCE = 4
"""Pauses for which an inspection in work is left alone when a newer one is wished for."""

Then = Callable[["Outcome"], None]
Progress = Callable[[float, str], None]
Texts = Callable[[tuple[str, ...]], None]


@dataclass(frozen=True)
class Outcome:
    """How a request ended: with a value, with problems, or given up (neither)."""

    value: Any = None
    problems: tuple[Problem, ...] = ()
    lost: bool = False
    """Whether the process went away before it answered."""

    @property
    def why(self) -> str:
        """Return the problems as sentences."""
        return "\n".join(sentence(problem) for problem in self.problems)


def command_of(part: str) -> tuple[str, ...]:
    """Return the command line of a part of the engine: `serve` or `inspect`."""
    if getattr(sys, "frozen", False):
        beside = "ravine-engine.exe" if sys.platform == "win32" else "ravine-engine"
        return str(Path(sys.executable).with_name(beside)), part
    return sys.executable, "-m", "engine", part


@dataclass
class _Asked:
    """A request, and who is to hear of it."""

    make: Callable[[int], Command]
    then: Then
    working: Progress | None
    asker: QObject | None
    written: Texts | None = None
    begun: bool = False
    """Whether the engine has said a word of it."""
    tries: int = 1

    @property
    def is_there(self) -> bool:
        """Whether there is still somebody to be told."""
        return self.asker is None or isValid(self.asker)


class EngineLink(QObject):
    """The engine that trains. It is started anew when it dies."""

    said = Signal(object)
    """Everything that answers no request: Ready, Said, Missed, Memory."""
    starting = Signal()
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
        self.log: deque[str] = deque(maxlen=_MOST_LINES)
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

    def tell(self, command: Command) -> None:
        """Send what is not answered; nothing happens where no engine is there."""
        if self._child is not None:
            self._child.send(command)

    def ask(
        self,
        make: Callable[[int], Command],
        then: Then,
        working: Progress | None = None,
        *,
        asker: QObject | None = None,
        written: Texts | None = None,
    ) -> int:
        """Send the request that `make` makes of a number, and return it; `then` hears the outcome, once.

        `written` is told of texts as they grow. When `asker` is gone by then, for instance a page that was
        closed, nobody is told.
        """
        self._number += 1
        number = self._number
        if self._closed:
            return number
        if self._child is None:
            self._deaths = 0
            self.start()
        self._waiting[number] = _Asked(make, then, working, asker, written)
        self.tell(make(number))
        return number

    def cancel(self, number: int) -> None:
        """Give up a request; its outcome is not told any more."""
        if self._waiting.pop(number, None) is not None:
            self.tell(Cancel(number))

    def shut_down(self, patience: int = 30_000) -> None:
        """End the engine for good; a run in training is checkpointed and can be resumed."""
        self._closed = True
        self._waiting.clear()
        if self._child is not None:
            self._child.end(patience)
            self._child = None

    def _hear(self, message: object) -> None:
        match message:
            case Answer(request=number, value=value):
                self._settle(number, Outcome(value))
            case Refused(request=number, problems=problems):
                self._settle(number, Outcome(problems=problems))
            case Cancelled(request=number):
                if number in self._waiting:  # not given up here: the engine is about to end
                    self._waiting[number].begun = False
            case Working() | Written():
                self._pass_on(message)
            case EngineFailed(why=why):
                self._fail(why)
            case Hello():
                pass
            case _:
                if isinstance(message, Ready):
                    self._ready, self._deaths = message, 0
                self.said.emit(message)

    def _pass_on(self, message: Working | Written) -> None:
        """Tell how far a request is, or what it has written."""
        asked = self._waiting.get(message.request)
        if asked is None:
            return
        asked.begun = True
        if not asked.is_there:
            return
        if isinstance(message, Written):
            if asked.written is not None:
                asked.written(message.texts)
        elif asked.working is not None:
            asked.working(message.share, message.words)

    def _settle(self, number: int, outcome: Outcome) -> None:
        asked = self._waiting.pop(number, None)
        if asked is not None and asked.is_there:
            asked.then(outcome)

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
        outcome = Outcome(problems=(Problem("", tr("The engine went away: {why}.", why=why)),), lost=True)
        kept = {
            number
            for number, asked in self._waiting.items()
            if in_order and again and asked.tries < _TRIES and not asked.begun
        }
        gone = self._waiting.keys() - kept
        lost = {number: self._waiting.pop(number) for number in gone}
        self.lost.emit(why, again)
        for asked in lost.values():
            if asked.is_there:
                asked.then(outcome)
        if again:
            QTimer.singleShot(_RESTART_MILLISECONDS, self, self.start)

    def _ask_waiting(self) -> None:
        """Ask a new engine what the one before was asked in vain."""
        for number, asked in self._waiting.items():
            asked.tries += 1
            self.tell(asked.make(number))


class InspectorLink(QObject):
    """The light process that reads data. One inspection at a time; a newer one takes its place."""

    working = Signal(float, str)
    """An inspection goes on: share done and what is being done; (0, "") at its beginning."""
    done = Signal(object)
    """The outcome of an inspection; where `busy` is still true, of one before the newest."""

    def __init__(
        self, command: Sequence[str] | None = None, pause: int = 150, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._command = tuple(command or command_of("inspect"))
        self._child: Child | None = None
        self._number = 0
        self._busy = 0
        """Number of the request in work, 0 where none is."""
        self._wish: Mapping[str, Any] | None = None
        self._closed = False
        self._patience = 0
        self._timer = QTimer(self, singleShot=True, interval=pause)
        self._timer.timeout.connect(self._go)
        self.log: deque[str] = deque(maxlen=_MOST_LINES)

    @property
    def busy(self) -> bool:
        return self._busy > 0 or self._wish is not None

    def inspect(self, experiment: Mapping[str, Any]) -> None:
        """Read the data of this experiment soon, in place of what is wished for but not begun.

        What is in work may finish first, where it is quick: a slider then redraws while it moves.
        """
        if self._closed:
            return
        if self._wish is None:
            self._patience = _PATIENCE
        self._wish = experiment
        if not self._timer.isActive():
            self._timer.start()

    def cancel(self) -> None:
        """Give up: the process that reads is killed."""
        self._wish = None
        self._timer.stop()
        if self._busy:
            self._drop()
            self.done.emit(Outcome())

    def shut_down(self) -> None:
        self._closed, self._wish = True, None
        self._timer.stop()
        self._drop()

    def _go(self) -> None:
        if self._wish is None:
            return
        if self._busy and self._patience:  # it may be about to answer, which is cheaper than a new process
            self._patience -= 1
            self._timer.start()
            return
        if self._busy:
            self._drop()
        if self._child is None:
            self._child = Child(self._command, self.log, self)
            self._child.said.connect(self._hear)
            self._child.gone.connect(self._mourn)
        self._number += 1
        self._busy = self._number
        wish, self._wish = self._wish, None
        self.working.emit(0.0, "")
        self._child.send(Inspect(self._number, wish))

    def _hear(self, message: object) -> None:
        match message:
            case Working(request=number, share=share, words=words) if number == self._busy:
                self.working.emit(share, words)
            case Answer(request=number, value=value) if number == self._busy:
                self._settle(Outcome(value))
            case Refused(request=number, problems=problems) if number == self._busy:
                self._settle(Outcome(problems=problems))
            case Cancelled(request=number) if number == self._busy:
                self._settle(Outcome())
            case _:
                pass

    def _settle(self, outcome: Outcome) -> None:
        self._busy = 0
        self.done.emit(outcome)

    def _mourn(self, why: str) -> None:
        self._child = None
        if self._busy:
            text = tr(
                "Reading the data ended early: {why}. Choose the data again, or a smaller part of it.",
                why=why,
            )
            self._settle(Outcome(problems=(Problem("data", text),), lost=True))

    def _drop(self) -> None:
        self._busy = 0
        if self._child is not None:
            self._child.drop()
            self._child = None
