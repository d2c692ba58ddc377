"""Faults of our own: an error that nobody caught is told in the window, which goes on.

Qt calls our code where an exception has no way on. From a slot it comes to `sys.excepthook`; from a model's
`data` or a delegate's `paint` it would come out of whatever Python last called Qt, such as the opening of a
page, and end that. So those classes are `Guarded`: what fails in them goes to the hook, and Qt gets nothing.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer

from app.language.words import tr

_CALLED_BY_QT: Mapping[str, object] = {"data": None, "headerData": None, "paint": None}
"""What Qt calls of models and delegates for every cell, and what it gets where that fails."""


class Guarded:
    """The first base of every model and delegate: a fault in one cell is told and costs that cell."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, otherwise in _CALLED_BY_QT.items():
            if name in cls.__dict__:
                setattr(cls, name, _guarded(cls.__dict__[name], otherwise))


def _guarded(call: Callable[..., Any], otherwise: object) -> Callable[..., Any]:
    @wraps(call)
    def guarded(*given: Any, **named: Any) -> Any:
        try:
            return call(*given, **named)
        except Exception as error:  # noqa: BLE001 - whatever it is, Qt must not get it
            sys.excepthook(type(error), error, error.__traceback__)
            return otherwise

    return guarded


Tell = Callable[[str], None]


class Faults:
    """Tells every fault once, however often the same line fails: a table asks its model for each cell."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told: set[tuple[str, int]] = set()
        self._before = sys.excepthook
        sys.excepthook = self._take

    def release(self) -> None:
        """Let errors go where they went before."""
        sys.excepthook = self._before

    def _take(self, kind: type[BaseException], error: BaseException, way: TracebackType | None) -> None:
        place = _place(way)
        if not issubclass(kind, Exception):
            self._before(kind, error, way)
        elif place not in self._told:
            self._told.add(place)
            if sys.stderr is not None:  # a program without a console has none
                traceback.print_exception(kind, error, way)
            words = tr(
                "A fault of Ravine's own, not of your data: {error} ({file}, line {line}). The window goes "
                "on; what it shows may be incomplete. Please report it with Help > Self-test.",
                error=f"{kind.__name__}: {error}",
                file=Path(place[0]).name,
                line=place[1],
            )
            QTimer.singleShot(0, lambda: self._tell(words))  # not now: a widget may be in its painting


def _place(way: TracebackType | None) -> tuple[str, int]:
    """Return the file and the line in which an error arose."""
    steps = traceback.extract_tb(way)
    return (steps[-1].filename, steps[-1].lineno or 0) if steps else ("", 0)
