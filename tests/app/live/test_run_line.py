"""The line above a run's panels."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.record import RunRecord
from app.document.run_controls import RunStatus
from app.document.runs_meant import RunsMeant, TrainedBeside
from app.look.theme import Theme
from app.train.run_line import RunLine
from engine.events import Edit, Edited, RunEnded, RunStarted, State
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
        ("stopped", "Iris", False),
        ("finished", "Iris", True),
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


def test_that_a_finished_run_is_given_as_many_epochs_as_the_person_says(
    line: RunLine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.set_record(record("finished"))
    assert line.more.isVisibleTo(line)
    monkeypatch.setattr("app.train.run_line.QInputDialog.getInt", lambda *given: (7, True))
    with qtbot.waitSignal(line.more_asked) as asked:
        line.more.click()
    assert asked.args == ["/runs/1", 7]
    line.set_record(record("failed"))
    assert not line.more.isVisibleTo(line)


def test_that_a_run_says_what_it_took_up_and_what_the_next_one_will(theme: Theme, qtbot: QtBot) -> None:
    line = RunLine(theme, Document(iris()), lambda: ("seed", "architecture.hidden"))
    qtbot.addWidget(line)
    made = RunRecord()
    made.apply(RunStarted("/runs/1", "Iris", 0, 1, 1, "CPU", 10, ()))
    made.apply(Edited(420, (Edit(420, "optimizer.learning_rate", 0.01, 0.003),), 1))
    line.set_record(made)
    assert "Learning rate 0.01 → 0.003 from step 420" in line.words.text()
    assert "for the next run alone: Seed, Hidden layers" in line.words.text()


def test_that_a_run_from_pretrained_weights_says_what_was_taken(line: RunLine, qtbot: QtBot) -> None:
    made = RunRecord()
    made.apply(
        RunStarted("/runs/1", "Iris", 0, 1, 1, "CPU", 10, (), start="2 of 4 sets of weights taken from x.pt.")
    )
    line.set_record(made)
    assert line.isVisibleTo(line.parentWidget())
    assert "2 of 4 sets of weights taken from x.pt." in line.words.text()
    assert line.finetune.isHidden()
    made.apply(RunEnded("finished", 1, 1, "", {}))
    line.refresh()
    with qtbot.waitSignal(line.finetune_asked) as asked:
        line.finetune.click()
    assert asked.args == ["/runs/1"]


def test_that_a_run_that_another_process_trains_is_named_though_the_form_has_its_name(
    line: RunLine,
) -> None:
    shown = record("running")
    shown.folder = "/runs/two"
    line.set_record(shown)
    assert line.isHidden()
    others = (TrainedBeside("/runs/two", "Iris #2"),)
    line.follow(RunStatus(meant=RunsMeant(shown="/runs/two", others=others)))
    assert not line.isHidden()
    assert line.words.text().startswith("Iris #2 · trained by another process")
    # another one of this window's is in training: the one that is shown says which it is
    line.follow(RunStatus(run="running", meant=RunsMeant(live="/runs/one", shown="/runs/two")))
    assert not line.isHidden()
    line.follow(RunStatus(run="running", meant=RunsMeant(live="/runs/two", shown="/runs/two")))
    assert line.isHidden()
