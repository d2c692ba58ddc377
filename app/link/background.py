"""Work that would make the window wait, such as reading many files, done in another thread.

No thread but the main one uses Qt, not even to say that its work is done: while it paints, PySide looks up
the types of objects without a lock, and a type that another thread makes or first meets in that moment is a
crash (in PySide 6.11 `retrieveMetaObject` reads the table of types without the interpreter's lock). So the
threads are those of Python, and the event loop looks for what has become of them.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from app.language.words import tr
from engine.choices import Invalid

T = TypeVar("T")

_LOOK = 10
"""Milliseconds between two looks at a piece of work that is being done."""


class _Piece(threading.Thread, Generic[T]):
    """A piece of work in a thread of its own, and what became of it: its value, or why there is none."""

    def __init__(self, work: Callable[[], T]) -> None:
        # a disk that does not answer may hold it up for ever, which is no reason to keep the program
        super().__init__(daemon=True)
        self._work = work
        self.values: list[T] = []
        """One value, once the work was done."""
        self.error: BaseException | None = None

    @override
    def run(self) -> None:
        try:
            self.values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - whoever waits for the outcome must hear of it
            self.error = error


def finish_work(patience: float) -> bool:
    """Wait so many seconds for what is being done in other threads; return whether all of it is over."""
    end = time.monotonic() + patience
    pieces = [thread for thread in threading.enumerate() if isinstance(thread, _Piece)]
    for piece in pieces:
        piece.join(max(0.0, end - time.monotonic()))
    return not any(piece.is_alive() for piece in pieces)


class Background(QObject, Generic[T]):
    """Does one piece of work at a time; the outcome of the newest is told, older ones are forgotten."""

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._piece: _Piece[T] | None = None
        self._newer: Callable[[], T] | None = None
        self._clock = QTimer(self, interval=_LOOK)
        self._clock.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Return whether work is being done whose outcome has not been told."""
        return self._piece is not None

    def run(self, work: Callable[[], T]) -> None:
        """Do `work` in a thread; it must touch nothing of Qt. What it raises is told."""
        if self.busy:  # a piece that has begun cannot be stopped
            self._newer = work
            return
        self._piece = _Piece(work)
        self._piece.start()
        self._clock.start()

    def _look(self) -> None:
        piece = self._piece
        if piece is None or piece.is_alive():
            return
        self._piece = None
        self._clock.stop()
        if self._newer is not None:
            work, self._newer = self._newer, None
            self.run(work)
        elif piece.error is not None:
            self.failed.emit(_reason(piece.error))
        else:
            (value,) = piece.values
            self.done.emit(value)


def _reason(error: BaseException) -> str:
    if isinstance(error, Invalid | OSError):
        return str(error) or type(error).__name__
    traceback.print_exception(error, file=sys.stderr)
    return tr("Something in Ravine went wrong: {why}", why=f"{type(error).__name__}: {error}")
