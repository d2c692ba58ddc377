"""Work that would make the window wait, such as reading many files, done in another thread."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from typing_extensions import override

from app.language.words import tr
from engine.choices import Invalid

T = TypeVar("T")


class _Said(QObject):
    """Says from any thread what became of a piece of work: its number, its value, or why there is none.

    One for all pieces, held by each: an object of its own, deleted as a piece was superseded, could be gone
    in the very moment in which its thread emitted the signal.
    """

    over = Signal(int, object, str)


class _Task(QRunnable):
    def __init__(self, number: int, work: Callable[[], object], said: _Said) -> None:
        super().__init__()
        self._number, self._work, self._said = number, work, said

    @override
    def run(self) -> None:
        value, why = None, ""
        try:
            value = self._work()
        except (Invalid, OSError) as error:
            why = str(error) or type(error).__name__
        except Exception as error:  # noqa: BLE001 - whoever waits for the outcome must hear of it
            traceback.print_exc(file=sys.stderr)
            why = tr("Something in Ravine went wrong: {why}", why=f"{type(error).__name__}: {error}")
        self._said.over.emit(self._number, value, why)


class Background(QObject, Generic[T]):
    """Does one piece of work at a time; the outcome of the newest is told, older ones are forgotten."""

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # without a parent: it lives until the last piece that holds it is over, also after the window
        self._said = _Said()
        self._said.over.connect(self._settle)
        self._begun, self.busy = 0, False

    def run(self, work: Callable[[], T]) -> None:
        """Do `work` in a thread; it must touch no widget. What it raises is told."""
        # a piece that has begun cannot be stopped; one that waits behind it would hold up the newest
        self._pool.clear()
        self._begun, self.busy = self._begun + 1, True
        self._pool.start(_Task(self._begun, work, self._said))

    def _settle(self, number: int, value: object, why: str) -> None:
        if number != self._begun:
            return
        self.busy = False
        if why:
            self.failed.emit(why)
        else:
            self.done.emit(value)
