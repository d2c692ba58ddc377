"""The trial: all checks of the self-test, one after another, the engine's in an engine process of its own.

A run in training is not disturbed. A check that kills the process is told as such, and the next one is tried
in a new one. What is written lies in a temporary folder that is deleted at the end, however it comes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication

from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.look.theme import Theme
from app.selftest.figures import figure_checks
from engine.inference.results import Checked, SelfTest
from engine.processes import command_of
from engine.runs.temporary import temporary_folder
from engine.selftest.report import report
from engine.serving.protocol import Check, ListChecks

_COMMAND = command_of("serve")
Attempt = Callable[[Path], None]


class Trial(QObject):
    """One self-test from its start to its end."""

    changed = Signal()
    """There is another outcome, or another check is being tried."""
    ended = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = EngineLink(_COMMAND, self)
        self._folder = temporary_folder()
        self._own: Mapping[str, Attempt] = figure_checks(theme)
        self._waiting: deque[str] = deque(self._own)
        self._over = False
        self.outcomes: list[tuple[str, str]] = []
        """The name of every check that was tried, and what went wrong, "" if nothing."""
        self.trying = ""
        self.versions: dict[str, str] = {}
        self.count = 0
        """How many checks there are; 0 while that is not known."""

    @property
    def over(self) -> bool:
        return self._over

    @property
    def failed(self) -> int:
        return sum(bool(trouble) for _, trouble in self.outcomes)

    def start(self) -> None:
        """Ask the engine what there is to try; the rest follows by itself."""
        self.trying = tr("start the engine")
        self._engine.ask(ListChecks(), self._begin, asker=self)
        self.changed.emit()

    def stop(self) -> None:
        """End it now; the process is killed. Does nothing where it has ended."""
        if self._over:
            return
        self._over = True
        # nothing that it still does is worth waiting for
        self._engine.shut_down(0)
        self._folder.cleanup()
        self.ended.emit()

    def report(self) -> str:
        """Return the outcome so far as text for a bug report, without personal data."""
        stopped = [(self.trying, tr("stopped before its end"))] if self.trying else []
        return report({**_of_the_window(), **self.versions}, [*self.outcomes, *stopped])

    def _begin(self, reply: Reply[SelfTest]) -> None:
        if reply.value is not None:
            self.versions = dict(reply.value.versions)
            self._waiting += reply.value.checks
            self._note("")
        else:
            self._note(reply.why)
        self.count = len(self.outcomes) + len(self._waiting)
        self._next()

    def _next(self) -> None:
        if self._over:
            return
        self.trying = self._waiting.popleft() if self._waiting else ""
        self.changed.emit()
        if not self.trying:
            self.stop()
        elif self.trying in self._own:
            # what is being tried is painted first
            QTimer.singleShot(0, self, self._try_here)
        else:
            self._engine.ask(Check(self.trying, self._folder.name), self._take, asker=self)

    def _try_here(self) -> None:
        try:
            self._own[self.trying](Path(self._folder.name))
        except (OSError, RuntimeError) as error:
            self._note(str(error))
        else:
            self._note("")
        self._next()

    def _take(self, reply: Reply[Checked]) -> None:
        checked = reply.value
        self._note(checked.trouble if checked is not None else reply.why or tr("no answer came"))
        self._next()

    def _note(self, trouble: str) -> None:
        self.outcomes.append((self.trying, trouble))


def _of_the_window() -> dict[str, str]:
    screen = QGuiApplication.primaryScreen()
    return {
        "qt": f"{qVersion()}, PySide6 {pyside_version}",
        "screen": f"{QGuiApplication.platformName()}, {screen.devicePixelRatio():g} x",
    }
