"""A process of the engine as the window sees it: messages go in and come out, from its start to its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QProcess, Signal

from app.language.words import tr
from engine.serving.frames import BrokenFrame, Decoder, encode
from engine.serving.protocol import FromWindow, Quit

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_LINE = 2_000
_LOWER_PRIORITY = int(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 2))
"""A class on Windows, a nice value elsewhere."""


class Child(QObject):
    """One process from its start to its end."""

    said = Signal(object)
    gone = Signal(str, bool)
    """It ended, or cannot be understood any more, without having been asked to from here.

    Why, in a sentence, and whether it ended in order, as it does when the system asks it to.
    """

    def __init__(self, command: Sequence[str], log: deque[str], parent: QObject) -> None:
        super().__init__(parent)
        self._decoder, self._log, self._over = Decoder(), log, False
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        # `python -m engine` is found from here, wherever the window itself was started
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

    def send(self, message: FromWindow) -> None:
        self._process.write(encode(message))

    def end(self, patience: int) -> None:
        """Ask it to end, wait so many milliseconds at most, then kill it."""
        self._over = True
        if self._process.state() == QProcess.ProcessState.Running:
            self.send(Quit())
            self._process.closeWriteChannel()
            # the engine writes a checkpoint of the run in training before it ends
            if not self._process.waitForFinished(patience):
                self._process.kill()
                self._process.waitForFinished(patience)
        self.drop()

    def drop(self) -> None:
        """Kill it and hear nothing of it any more."""
        self._over = True
        # first: `finished` would come while we wait below, and tell a death that was wanted
        self._process.blockSignals(True)
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(2_000)
        self.deleteLater()

    def _read(self) -> None:
        try:
            for message in self._decoder.feed(bytes(self._process.readAllStandardOutput().data())):
                # whoever heard the message before may have ended this process
                if self._over:
                    return
                self.said.emit(message)
        except BrokenFrame as error:
            self._leave(tr("what it said cannot be understood ({why})", why=str(error)))

    def _drain(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._log.extend(line[:_LONGEST_LINE] for line in text.splitlines() if line.strip())

    def _fail(self, error: QProcess.ProcessError) -> None:
        # every other error is followed by `finished`, which says more of it
        if error == QProcess.ProcessError.FailedToStart:
            self._leave(tr("it cannot be started ({why})", why=self._process.errorString()))

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        # its last answer, and why it ends, may still lie in the pipes
        self._read()
        self._drain()
        if status == QProcess.ExitStatus.CrashExit:
            self._leave(tr("it was killed, or the memory of the machine ran out"))
        else:
            last = f": {self._log[-1]}" if self._log and code else ""
            self._leave(tr("it ended with code {code}{last}", code=code, last=last), in_order=code == 0)

    def _leave(self, why: str, *, in_order: bool = False) -> None:
        if not self._over:
            self.drop()
            self.gone.emit(why, in_order)

    def _lower_priority(self) -> None:
        """The hand on the mouse comes first; a system that refuses costs only smoothness."""
        try:
            psutil.Process(self.number).nice(_LOWER_PRIORITY)
        except (psutil.Error, OSError):
            return
