"""Work in another thread: the newest is told, and superseded pieces may end at any moment."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.link.background import Background, finish_work
from tests.patience import PATIENCE, PATIENCE_MILLISECONDS

PIECES = 4_000
PROGRAM = """
import sys, time
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from app.link.background import Background, finish_work

def work(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(50))

program = QCoreApplication([])
several = [Background(program) for _ in range(8)]
for number, one in enumerate(several):
    one.run(lambda number=number: work(float(sys.argv[1]) + 0.02 * number))
QTimer.singleShot(50, program.quit)
program.exec()
assert finish_work(60)
"""
"""A program that ends while pieces of work are being done."""


def test_that_pieces_that_are_superseded_while_they_end_do_no_harm(qtbot: QtBot) -> None:
    """An object that each had was deleted while its thread emitted its signal: the program was gone."""
    several: list[Background[int]] = [Background() for _ in range(4)]
    told: list[Any] = []
    begun = 0

    def work(number: int) -> int:
        sum(range(10_000))  # about as long as the event loop takes to come round
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


def test_that_a_program_that_ends_waits_for_what_is_being_done(qtbot: QtBot) -> None:
    """Its end deleted the object by which the threads told their outcome, which could be a crash."""
    for seconds in (0.0, 0.05, 0.1, 0.3):
        said = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(seconds)], capture_output=True, text=True, check=False
        )
        assert (said.returncode, said.stderr) == (0, ""), seconds


def test_that_a_disk_that_does_not_answer_does_not_keep_the_program() -> None:
    waits_for_ever = PROGRAM.replace("assert finish_work(60)", "assert not finish_work(0.1)")
    said = subprocess.run(
        [sys.executable, "-c", waits_for_ever, str(PATIENCE)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (said.returncode, said.stderr) == (0, "")


def test_that_work_is_waited_for_until_it_is_over(qtbot: QtBot) -> None:
    answers = threading.Event()
    background: Background[bool] = Background()
    with qtbot.waitSignal(background.done, timeout=PATIENCE_MILLISECONDS):
        background.run(lambda: answers.wait(PATIENCE))
        assert not finish_work(0.1)
        answers.set()
        assert finish_work(PATIENCE)


def test_that_of_pieces_asked_for_while_one_is_done_only_the_newest_is_done(qtbot: QtBot) -> None:
    done: list[int] = []
    background: Background[None] = Background()
    told: list[object] = []
    background.done.connect(told.append)
    for number in range(10):
        background.run(lambda number=number: done.append(number))
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE_MILLISECONDS)
    assert done == [0, 9]
    assert told == [None]
