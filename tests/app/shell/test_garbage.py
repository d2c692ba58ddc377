"""Garbage is collected in the main thread, whatever other threads do."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.link.background import Background
from app.shell.garbage import MainThreadCollection
from tests.patience import PATIENCE_MILLISECONDS


@pytest.fixture
def automatic() -> Iterator[None]:
    """Let Python collect by itself, as it does where a program begins; afterwards as it was."""
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


class Knot:
    """Garbage that only a collection finds. Notes the thread that does."""

    found: list[bool]

    def __init__(self, found: list[bool]) -> None:
        self.found, self.itself = found, self

    def __del__(self) -> None:
        self.found.append(threading.current_thread() is threading.main_thread())


def tangled(count: int = 50_000) -> int:
    """Make so much garbage that Python would collect it many times."""
    for _ in range(count):
        one: list[object] = []
        one.append(one)
    return count


def test_that_what_another_thread_does_deletes_nothing_of_the_window(automatic: None, qtbot: QtBot) -> None:
    owner = QObject()
    collection = MainThreadCollection(owner)
    found: list[bool] = []
    Knot(found)
    background: Background[int] = Background()
    with qtbot.waitSignal(background.done, timeout=PATIENCE_MILLISECONDS):
        background.run(tangled)
    assert False not in found
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE_MILLISECONDS)
    assert found == [True]
    collection.deleteLater()
