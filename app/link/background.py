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
    done = Signal(object)
    failed = Signal(str)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], object], said: _Said) -> None:
        super().__init__()
        self._work, self._said = work, said

    @override
    def run(self) -> None:
        try:
            value = self._work()
        except (Invalid, OSError) as error:
            self._tell(self._said.failed, str(error))
        except Exception as error:  # noqa: BLE001 - whoever waits for the outcome must hear of it
            traceback.print_exc(file=sys.stderr)
            why = f"{type(error).__name__}: {error}"
            self._tell(self._said.failed, tr("Something in Ravine went wrong: {why}", why=why))
        else:
            self._tell(self._said.done, value)

    def _tell(self, signal: object, value: object) -> None:
        try:
            signal.emit(value)  # type: ignore[attr-defined]
        except RuntimeError:
            return  # whoever asked is gone: the window was closed meanwhile


class Background(QObject, Generic[T]):
    """Does one piece of work at a time; the outcome of the newest is told, older ones are forgotten."""

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._newest: _Said | None = None

    @property
    def busy(self) -> bool:
        return self._newest is not None

    def run(self, work: Callable[[], T]) -> None:
        """Do `work` in a thread; it must touch no widget. What it raises is told."""
        said = _Said(self)
        if self._newest is not None:
            self._newest.deleteLater()
            # a piece that has begun cannot be stopped; one that waits behind it would hold up the newest
            self._pool.clear()
        self._newest = said
        said.done.connect(lambda value: self._settle(said, self.done, value))
        said.failed.connect(lambda text: self._settle(said, self.failed, text))
        self._pool.start(_Task(work, said))

    def _settle(self, said: _Said, signal: object, value: object) -> None:
        if said is self._newest:
            self._newest = None
            said.deleteLater()
            signal.emit(value)  # type: ignore[attr-defined]
