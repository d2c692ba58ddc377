"""The line above a run's panels."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.record import RunRecord
from app.run_line import RunLine
from app.theme import Theme
from engine.events import RunEnded, State
from tests.app.live.samples import iris


@pytest.fixture
def line(theme: Theme, qtbot: QtBot) -> RunLine:
    made = RunLine(theme, Document(iris()))
    qtbot.addWidget(made)
    return made


def record(state: State, name: str = "Iris") -> RunRecord:
    made = RunRecord(folder="/runs/1", name=name)
    made.apply(RunEnded(state, 10, 1, "the disk is full", {}))
    return made


@pytest.mark.parametrize(
    ("state", "name", "seen"),
    [
        ("finished", "Iris", False),
        ("finished", "Wine", True),
        ("interrupted", "Iris", True),
        ("failed", "Iris", True),
    ],
)
def test_that_the_line_is_there_where_a_run_broke_or_is_another_one(
    line: RunLine, state: State, name: str, seen: bool
) -> None:
    line.set_record(record(state, name))
    assert line.isVisibleTo(line.parentWidget()) == seen


def test_that_a_broken_run_says_why_and_offers_to_go_on(line: RunLine, qtbot: QtBot) -> None:
    line.set_record(record("failed"))
    assert "the disk is full" in line.words.text()
    with qtbot.waitSignal(line.resume_asked) as asked:
        line.resume.click()
    assert asked.args == ["/runs/1"]
