"""Work in another thread: the newest is told, and superseded pieces may end at any moment."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.link.background import Background
from tests.patience import PATIENCE_MILLISECONDS

PIECES = 4_000


def test_that_pieces_that_are_superseded_while_they_end_do_no_harm(qtbot: QtBot) -> None:
    """An object that each had was deleted while its thread emitted its signal: the program was gone."""
    several: list[Background[int]] = [Background() for _ in range(4)]
    told: list[Any] = []
    begun = 0

    def work(number: int) -> int:
        time.sleep(0.0002)
        return number

    def supersede() -> None:
        nonlocal begun
        for one in several:
            begun += 1
            one.run(lambda number=begun: work(number))
        if begun >= PIECES:
            timer.stop()

    for one in several:
        one.done.connect(told.append)
    timer = QTimer()
    timer.timeout.connect(supersede)
    timer.start(0)
    qtbot.waitUntil(
        lambda: begun >= PIECES and not any(one.busy for one in several), timeout=PATIENCE_MILLISECONDS
    )
    assert set(range(PIECES - 3, PIECES + 1)) <= set(told)


def test_that_whatever_goes_wrong_is_told_with_its_reason(qtbot: QtBot) -> None:
    background: Background[None] = Background()

    def refuse() -> None:
        raise OSError

    with qtbot.waitSignal(background.failed, timeout=PATIENCE_MILLISECONDS) as failed:
        background.run(refuse)
    assert failed.args == ["OSError"]
    assert not background.busy
