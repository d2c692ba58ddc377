"""Undo while a run trains: it says what it takes back, and never changes what the run was begun with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.link.engine_link import EngineLink
from app.train.live_edits import LiveEdits
from app.widgets.notice import Notice
from engine.experiment import Experiment
from engine.serving.protocol import EditRun


@dataclass
class Asked:
    """An engine that notes what runs are told to take up, and answers nothing."""

    values: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, command: EditRun, answered: Callable[..., None], asker: object) -> int:
        self.values.append(command.values)
        return len(self.values)


def rate(document: Document, value: float) -> Experiment:
    now = document.experiment
    return now.replaced(optimizer=now.optimizer.replaced(learning_rate=value))


@pytest.fixture
def document() -> Document:
    made = Document(Experiment(name="One"))
    for value in (0.1, 0.01):
        made.edit(rate(made, value))
    return made


@pytest.fixture
def engine() -> Asked:
    return Asked()


@pytest.fixture
def edits(document: Document, engine: Asked) -> LiveEdits:
    """Return what a run of the newest value follows."""
    made = LiveEdits(document, cast("EngineLink", engine))
    made._settling.setInterval(0)
    made.begin()
    made.set_trained(document.experiment)
    return made


def settle(qtbot: QtBot, edits: LiveEdits) -> None:
    qtbot.waitUntil(lambda: not edits._settling.isActive())


def test_that_undoing_what_a_run_began_with_leaves_the_run_and_says_so(
    document: Document, edits: LiveEdits, engine: Asked, qtbot: QtBot
) -> None:
    told: list[Notice] = []
    edits.noticed.connect(told.append)
    document.undo()
    settle(qtbot, edits)
    assert document.experiment.optimizer.learning_rate == 0.1
    assert engine.values == []
    assert not edits.follows
    assert "before this run began" in told[-1].text
    # redone, all is as it was
    document.redo()
    assert edits.follows
    document.edit(rate(document, 0.02))
    settle(qtbot, edits)
    assert engine.values == [{"optimizer.learning_rate": 0.02}]


def test_that_undoing_an_edit_of_the_run_edits_it_back(
    document: Document, edits: LiveEdits, engine: Asked, qtbot: QtBot
) -> None:
    document.edit(rate(document, 0.02))
    settle(qtbot, edits)
    edits.set_trained(document.experiment)  # the run has taken it up
    document.undo()
    settle(qtbot, edits)
    assert edits.follows
    assert engine.values == [{"optimizer.learning_rate": 0.02}, {"optimizer.learning_rate": 0.01}]
    document.undo()
    settle(qtbot, edits)
    assert len(engine.values) == 2


def test_that_the_run_takes_it_up_where_the_person_says_so(
    document: Document, edits: LiveEdits, engine: Asked, qtbot: QtBot
) -> None:
    told: list[Notice] = []
    edits.noticed.connect(told.append)
    document.undo()
    act = told[-1].act
    assert act is not None
    act()
    settle(qtbot, edits)
    assert engine.values == [{"optimizer.learning_rate": 0.1}]
    assert edits.follows


def test_that_another_edit_after_undo_is_of_the_next_run(
    document: Document, edits: LiveEdits, engine: Asked, qtbot: QtBot
) -> None:
    document.undo()
    document.edit(rate(document, 0.03))  # at the same place in the history as what was begun
    document.edit(rate(document, 0.04))
    settle(qtbot, edits)
    assert engine.values == []
    assert not edits.follows
    # the next run begins with it and follows again
    edits.begin()
    assert edits.follows


def test_that_undo_between_train_and_the_first_step_reaches_no_run(
    document: Document, engine: Asked, qtbot: QtBot
) -> None:
    edits = LiveEdits(document, cast("EngineLink", engine))
    edits._settling.setInterval(0)
    begun = document.experiment
    edits.begin()
    document.undo()
    edits.set_trained(begun)
    edits._settling.start()
    settle(qtbot, edits)
    assert engine.values == []
    assert not edits.follows


def test_that_an_edit_just_after_train_can_be_undone_by_itself(document: Document, edits: LiveEdits) -> None:
    before = document.experiment
    document.edit(rate(document, 0.05), "optimizer.learning_rate")
    document.undo()
    assert document.experiment == before


def test_that_opening_the_experiment_anew_is_no_undo(document: Document, edits: LiveEdits) -> None:
    document.open(document.experiment, None)
    assert edits.follows
