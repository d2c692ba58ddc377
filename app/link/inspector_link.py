"""The inspector as the window sees it: the newest wish alone is answered, and the process killed for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.language.words import tr
from app.link.child import Child
from app.link.reply import MOST_LINES, Reply
from engine.choices import Problem
from engine.data.inspection.records import Inspection
from engine.processes import command_of
from engine.serving.protocol import Answer, Cancelled, Inspect, Refused, Request, Working

_PATIENCE = 4
"""Pauses for which an inspection in work is left alone when a newer one is wished for."""


class InspectorLink(QObject):
    """The light process that reads data. One inspection at a time; a newer one takes its place."""

    working = Signal(float, str)
    """An inspection goes on: share done and what is being done; (0, "") at its beginning."""
    done = Signal(object)
    """The `Reply` to an inspection; where `busy` is still true, of one before the newest."""

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
        self.log: deque[str] = deque(maxlen=MOST_LINES)

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
        # not started anew at every edit: while a slider moves, one is read at each pause
        if not self._timer.isActive():
            self._timer.start()

    def cancel(self) -> None:
        """Give up: the process that reads is killed."""
        self._wish = None
        self._timer.stop()
        if self._busy:
            self._drop()
            self.done.emit(Reply())

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
        # taken before anybody is told: a wish that comes in answer is the next one
        wish, self._wish = self._wish, None
        self.working.emit(0.0, "")
        self._child.send(Request(self._number, Inspect(wish)))

    def _hear(self, message: object) -> None:
        match message:
            case Working(number=number, share=share, words=words) if number == self._busy:
                self.working.emit(share, words)
            case Answer(number=number, value=value) if number == self._busy:
                self._settle(Reply(value))
            case Refused(number=number, problems=problems) if number == self._busy:
                self._settle(Reply(problems=problems))
            case Cancelled(number=number) if number == self._busy:
                self._settle(Reply())
            case _:
                pass

    def _settle(self, reply: Reply[Inspection]) -> None:
        self._busy = 0
        self.done.emit(reply)

    def _mourn(self, why: str) -> None:
        # no new one is started here: the next wish does, and the same data may well end it again
        self._child = None
        if self._busy:
            text = tr(
                "Reading the data ended early: {why}. Choose the data again, or a smaller part of it.",
                why=why,
            )
            self._settle(Reply(problems=(Problem("data", text),), lost=True))

    def _drop(self) -> None:
        self._busy = 0
        if self._child is not None:
            self._child.drop()
            self._child = None
