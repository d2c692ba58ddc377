"""Processes that train runs of the queue beside the engine of this window, one run each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from engine.processes import command_of, surroundings_of_one

_ROOT = Path(__file__).resolve().parents[2]


class QueueWorkers(QObject):
    """Starts processes that each take the next run of the queue, and end when that has ended."""

    ended = Signal()
    """One of them has ended: another may begin."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._processes: list[QProcess] = []

    @property
    def count(self) -> int:
        """Return how many of them train."""
        return len(self._processes)

    def start(self, runs: Path, at_once: int) -> None:
        """Start one more; `at_once` runs, with that of the window, share the cores."""
        process = QProcess(self)
        program, *words = command_of("queue", "train", "--most", "1", "--runs", str(runs))
        process.setProgram(program)
        process.setArguments(words)
        process.setWorkingDirectory(str(_ROOT))
        surroundings = QProcessEnvironment.systemEnvironment()
        for name, value in surroundings_of_one(at_once).items():
            surroundings.insert(name, value)
        process.setProcessEnvironment(surroundings)
        # the run's folder says how it stands and why it ended
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(lambda: self._forget(process))
        process.errorOccurred.connect(lambda error: self._fail(process, error))
        self._processes.append(process)
        process.start()

    def shut_down(self, patience: int) -> None:
        """Let what they train be checkpointed, wait so many milliseconds at most, then kill them."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.blockSignals(True)
            process.terminate()
        for process in processes:
            if not process.waitForFinished(patience):
                process.kill()
                process.waitForFinished(patience)

    def _fail(self, process: QProcess, error: QProcess.ProcessError) -> None:
        # every other error is followed by `finished`
        if error == QProcess.ProcessError.FailedToStart:
            self._forget(process)

    def _forget(self, process: QProcess) -> None:
        if process in self._processes:
            self._processes.remove(process)
            process.deleteLater()
            self.ended.emit()
