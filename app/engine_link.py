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

import psutil
from PySide6.QtCore import QObject, QProcess, QTimer, Signal
from shiboken6 import isValid

from app.words import tr
from engine.choices import Problem
from engine.serving.frames import BrokenFrame, Decoder, encode
from engine.serving.protocol import (
    Answer,
    Cancel,
    Cancelled,
    Command,
    EngineFailed,
    Hello,
    Inspect,
    Quit,
    Ready,
    Refused,
    Working,
    Written,
)

_ROOT = Path(__file__).resolve().parent.parent
_MOST_LINES, _LONGEST_LINE = 400, 2_000
_MOST_DEATHS = 3
_RESTART_MILLISECONDS = 300
_PATIENCE = 4
"""Pauses for which an inspection in work is left alone when a newer one is wished for."""
_LOWER_PRIORITY = int(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 2))
"""A class on Windows, a nice value elsewhere."""

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
        return "\n".join(str(problem) for problem in self.problems)


def command_of(part: str) -> tuple[str, ...]:
    """Return the command line of a part of the engine: `serve` or `inspect`."""
    if getattr(sys, "frozen", False):
        beside = "ravine-engine.exe" if sys.platform == "win32" else "ravine-engine"
        return str(Path(sys.executable).with_name(beside)), part
    return sys.executable, "-m", "engine", part


class _Child(QObject):
    """One process from its start to its end."""

    said = Signal(object)
    gone = Signal(str)
    """It ended, or cannot be understood any more, without having been asked to; why, in a sentence."""

    def __init__(self, command: Sequence[str], log: deque[str], parent: QObject) -> None:
        super().__init__(parent)
        self._decoder, self._log, self._over = Decoder(), log, False
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setWorkingDirectory(str(_ROOT))
        self._process.started.connect(self._lower_priority)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._drain)
        self._process.errorOccurred.connect(self._fail)
        self._process.finished.connect(self._finish)
        self._process.start()

    @property
    def number(self) -> int:
        """Return the number the system gave the process, 0 while it has none."""
        return self._process.processId()

    def send(self, message: Command) -> None:
        self._process.write(encode(message))

    def end(self, patience: int) -> None:
        """Ask it to end, wait so many milliseconds at most, then kill it."""
        self._over = True
        if self._process.state() == QProcess.ProcessState.Running:
            self.send(Quit())
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(patience):
                self._process.kill()
                self._process.waitForFinished(patience)
        self.drop()

    def drop(self) -> None:
        """Kill it and hear nothing of it any more."""
        self._over = True
        self._process.blockSignals(True)
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(2_000)
        self.deleteLater()

    def _read(self) -> None:
        try:
            for message in self._decoder.feed(bytes(self._process.readAllStandardOutput().data())):
                if self._over:
                    return
                self.said.emit(message)
        except BrokenFrame as error:
            self._leave(tr("what it said cannot be understood ({why})", why=str(error)))

    def _drain(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._log.extend(line[:_LONGEST_LINE] for line in text.splitlines() if line.strip())

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._leave(tr("it cannot be started ({why})", why=self._process.errorString()))

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._drain()
        if status == QProcess.ExitStatus.CrashExit:
            self._leave(tr("it was killed, or the memory of the machine ran out"))
        else:
            last = f": {self._log[-1]}" if self._log and code else ""
            self._leave(tr("it ended with code {code}{last}", code=code, last=last))

    def _leave(self, why: str) -> None:
        if not self._over:
            self.drop()
            self.gone.emit(why)

    def _lower_priority(self) -> None:
        """The hand on the mouse comes first; a system that refuses costs only smoothness."""
        try:
            psutil.Process(self.number).nice(_LOWER_PRIORITY)
        except (psutil.Error, OSError):
            return


@dataclass(frozen=True)
class _Asked:
    """Who is to hear of a request."""

    then: Then
    working: Progress | None
    asker: QObject | None
    written: Texts | None = None

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
        self._child: _Child | None = None
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
        self._child = _Child(self._command, self.log, self)
        self._child.said.connect(self._hear)
        self._child.gone.connect(self._mourn)
        self.starting.emit()

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
        self._waiting[number] = _Asked(then, working, asker, written)
        if self._child is None:
            self._deaths = 0
            self.start()
        self.tell(make(number))
        return number

    def cancel(self, number: int) -> None:
        """Give up a request; its outcome is not told any more."""
        if self._waiting.pop(number, None) is not None:
            self.tell(Cancel(number))

    def shut_down(self, patience: int = 6_000) -> None:
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
                self._settle(number, Outcome())
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
        if asked is None or not asked.is_there:
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

    def _mourn(self, why: str) -> None:
        self._child, self._ready = None, None
        self._deaths += 1
        again = self._deaths < _MOST_DEATHS
        self.lost.emit(why, again)
        outcome = Outcome(problems=(Problem("", tr("The engine went away: {why}.", why=why)),), lost=True)
        for number in list(self._waiting):
            self._settle(number, outcome)
        if again:
            QTimer.singleShot(_RESTART_MILLISECONDS, self, self.start)


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
        self._child: _Child | None = None
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
            self._child = _Child(self._command, self.log, self)
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
