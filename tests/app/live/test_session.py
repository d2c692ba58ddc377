"""Training through the real engine process: to its end, through its death, and away from the window."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.progress_words import progress_parts
from app.document.record import RunRecord
from app.document.run_controls import RunControls
from app.document.run_reading import read_run
from app.link.engine_link import EngineLink
from app.train.session import TrainingSession
from app.widgets.notice import Notice
from engine.augmentations.images import Flip
from engine.choices import Problem
from engine.events import StateChanged
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.folder import opened
from engine.runs.recipe import read_edits
from tests.app.live.samples import PATIENCE, iris

LONG = 100_000
"""Epochs that no test waits for."""


def train(session: TrainingSession, qtbot: QtBot, epochs: int) -> RunRecord:
    """Begin a run and return its record once it has taken steps."""
    session._document.edit(iris(epochs))
    session._transport.train_asked.emit(False)
    qtbot.waitUntil(lambda: session.live is not None and session.live.step > 0, timeout=PATIENCE)
    assert session.live is not None
    return session.live


def test_that_a_run_goes_from_train_to_finished(session: TrainingSession, qtbot: QtBot) -> None:
    notices: list[Notice] = []
    session.noticed.connect(notices.append)
    told: list[str] = []
    session._transport.changed.connect(lambda standing: told.append(standing.words))
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
        assert session._transport.standing.run == "starting"
    # how far the scores are is said while they are worked out, and no more after that
    assert "scores of the test part (67\N{NARROW NO-BREAK SPACE}% done)" in told
    assert session._transport.standing.words == ""
    record = ended.args[0]
    assert record is session.shown
    assert (record.state, record.epoch) == ("finished", 2)
    assert len(record.series["train.loss"]) == 2
    assert record.facts.classes == ("setosa", "versicolor", "virginica")
    assert session._transport.standing.run == "none"
    assert notices[-1].mood == "good"
    assert status.read(opened(record.folder)).state == "finished"


def test_that_an_opened_run_shows_what_its_training_showed(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    live = ended.args[0]
    session.show(None)
    with qtbot.waitSignal(session.shown_changed, timeout=PATIENCE) as shown:
        session.open_run(live.folder)
    record = shown.args[0]
    assert record is not live
    assert (record.state, record.step, record.name, record.facts) == (
        live.state,
        live.step,
        live.name,
        live.facts,
    )
    for name, series in live.series.items():
        np.testing.assert_array_equal(record.series[name].values, series.values)


def test_that_the_transport_pauses_steps_and_stops_a_run(session: TrainingSession, qtbot: QtBot) -> None:
    record = train(session, qtbot, LONG)
    transport = session._transport
    transport.pause_asked.emit()
    qtbot.waitUntil(lambda: transport.standing.run == "paused", timeout=PATIENCE)
    before = record.step
    transport.advance_asked.emit(1, False)
    qtbot.waitUntil(
        lambda: record.step == before + 1 and transport.standing.run == "paused", timeout=PATIENCE
    )
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        transport.stop_asked.emit()
    assert record.state == "stopped"
    assert (Path(record.folder) / "model.safetensors").is_file()


def test_that_a_run_started_paused_waits_at_step_0_and_goes_by_batches_and_epochs_from_there(
    session: TrainingSession, qtbot: QtBot
) -> None:
    transport = session._transport

    def stands_at(step: int) -> bool:
        return (transport.standing.run, transport.standing.step) == ("paused", step)

    transport.train_asked.emit(True)
    qtbot.waitUntil(lambda: stands_at(0), timeout=PATIENCE)
    assert session.live is not None
    assert session.live.started is not None
    transport.advance_asked.emit(1, False)
    qtbot.waitUntil(lambda: stands_at(1), timeout=PATIENCE)
    transport.advance_asked.emit(0, True)
    qtbot.waitUntil(lambda: stands_at(session.live.started.steps_per_epoch), timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        transport.continue_asked.emit()


def test_that_a_run_held_back_goes_on_at_once_when_it_may(session: TrainingSession, qtbot: QtBot) -> None:
    session._transport.pace_asked.emit("1")
    record = train(session, qtbot, 20)
    assert record.step < 20
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.pace_asked.emit("full")
    assert record.state == "finished"


@pytest.mark.parametrize("first_kept", [False, True])
def test_that_a_discarded_run_ends_and_is_offered_to_the_waste_basket(
    session: TrainingSession, qtbot: QtBot, first_kept: bool
) -> None:
    record = train(session, qtbot, LONG)
    said: list[Notice] = []
    session.noticed.connect(said.append)
    with qtbot.waitSignal(session.discarded, timeout=PATIENCE) as thrown:
        if first_kept:  # whoever keeps can still change their mind
            session._transport.stop_asked.emit()
        session._transport.discard_asked.emit()
    assert thrown.args == [record.folder]
    assert (session.live, session.shown, session._transport.standing.run) == (None, None, "none")
    assert said == []
    assert not status.is_worked_on(opened(record.folder))
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):  # the next run is no longer meant
        session._document.edit(iris())
        session.train()


def test_that_a_stopped_run_resumed_from_the_list_shows_what_it_had_measured(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, 300)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()
    session.show(None)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.resume(record.folder)
    again = ended.args[0]
    assert again is session.shown
    assert again is not record
    assert (again.state, again.epoch, again.series["train.loss"].first) == ("finished", 300, 4)
    assert len(again.series["train.loss"]) == 300


def test_that_the_baselines_come_to_a_run_that_has_just_ended(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    # the simplest guess is there from the beginning, what has to be fitted comes at the end
    qtbot.waitUntil(lambda: len(ended.args[0].reference) > 1, timeout=PATIENCE)
    assert set(ended.args[0].reference) == {"majority", "logistic"}


def test_that_an_experiment_with_problems_is_not_trained_but_told(
    session: TrainingSession, qtbot: QtBot
) -> None:
    wrong = iris().model_dump() | {"loss": {"kind": "mean_squared"}}
    session._document.edit(type(iris()).model_validate(wrong))
    with qtbot.waitSignal(session.problems_found, timeout=PATIENCE):
        session.train()
    assert session.live is None
    assert session._transport.standing.run == "none"


def test_that_what_only_the_engine_finds_stands_at_its_field(session: TrainingSession, qtbot: QtBot) -> None:
    session._document.edit(iris().replaced(augmentations=(Flip(),)))
    with qtbot.waitSignal(session.problems_found, timeout=PATIENCE) as _:
        session.train()
        qtbot.waitUntil(lambda: session._transport.standing.run == "none", timeout=PATIENCE)
    assert "augmentations.0.kind" in [problem.path for problem in session._document.problems]


def test_that_what_was_said_to_be_missing_is_settled_when_it_is_there(
    session: TrainingSession, qtbot: QtBot
) -> None:
    document, told, settled = session._document, [], []
    session.noticed.connect(told.append)
    session.settled.connect(settled.append)
    document.set_found_problems((Problem("data.path", "is not there"), Problem("seed", "is odd")))
    session.train()
    assert session._transport.standing.run == "none"
    document.set_found_problems((Problem("data.path", "is not there"),))
    assert settled == []  # what was told is still so
    document.set_found_problems((Problem("seed", "is odd"),))
    assert settled == [told[0].about]


def test_that_a_killed_engine_leaves_a_run_that_resume_finishes(qtbot: QtBot, tmp_path: Path) -> None:
    link = EngineLink()
    document = Document(iris())
    session = TrainingSession(document, RunControls(), link, tmp_path / "runs")
    notices: list[Notice] = []
    session.noticed.connect(notices.append)
    link.start()
    qtbot.waitUntil(lambda: link.ready is not None, timeout=PATIENCE)
    record = train(session, qtbot, 400)
    session._transport.pause_asked.emit()
    qtbot.waitUntil(lambda: session._transport.standing.run == "paused", timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        os.kill(link.process, signal.SIGKILL)
    assert record.state == "interrupted"
    assert session._transport.standing.engine == "lost"
    assert notices[-1].button == "Resume"
    assert status.read(opened(record.folder)).state == "interrupted"
    assert notices[-1].act is not None
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        notices[-1].act()
    assert ended.args[0] is record
    assert (record.state, record.epoch) == ("finished", 400)
    assert len(record.series["train.loss"]) == 400
    link.shut_down()


def test_that_closing_while_training_keeps_a_run_that_can_be_resumed(qtbot: QtBot, tmp_path: Path) -> None:
    link = EngineLink()
    session = TrainingSession(Document(iris()), RunControls(), link, tmp_path / "runs")
    link.start()
    record = train(session, qtbot, LONG)
    link.shut_down(patience=20_000)
    now = status.read(opened(record.folder))
    assert now.state == "interrupted"
    assert now.step >= 1


def test_that_an_edit_during_a_run_is_said_to_count_for_the_next_one(
    session: TrainingSession, qtbot: QtBot
) -> None:
    told: list[bool] = []
    session.edits.differs_changed.connect(told.append)
    train(session, qtbot, LONG)
    document = session._document
    document.edit(document.experiment.replaced(seed=99))
    assert told == [True]
    document.undo()
    assert told == [True, False]
    document.edit(document.experiment.replaced(seed=98))
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()
    assert told == [True, False, True, False]  # there is no run any more that it could differ from


def test_that_what_is_live_reaches_the_run_is_undone_and_leaves_its_marks(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, LONG)
    document, begun = session._document, session._document.experiment
    session._transport.pause_asked.emit()
    qtbot.waitUntil(lambda: session._transport.standing.run == "paused", timeout=PATIENCE)
    document.edit(begun.replaced(optimizer=begun.optimizer.replaced(learning_rate=0.5), seed=99))
    qtbot.waitUntil(lambda: bool(record.marks), timeout=PATIENCE)
    assert [(mark.step, mark.text) for mark in record.marks] == [(record.step, "Learning rate 0.003 → 0.5")]
    assert session.edits.fixed == ("seed",)
    folder = opened(record.folder)
    assert [edit.setting for edit in read_edits(folder)] == ["optimizer.learning_rate"]
    document.undo()
    qtbot.waitUntil(lambda: not record.marks, timeout=PATIENCE)  # at the same step: as if nothing had been
    assert read_edits(folder) == ()
    session._transport.follow_asked.emit(False)
    document.edit(begun.replaced(optimizer=begun.optimizer.replaced(learning_rate=0.2)))
    assert session.edits.fixed == ("optimizer.learning_rate",)
    session._transport.follow_asked.emit(True)
    qtbot.waitUntil(lambda: bool(record.marks), timeout=PATIENCE)
    assert session.edits.fixed == ()
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()
    assert session._transport.standing.takes_edits is None


def test_that_a_run_takes_another_size_of_batches_and_its_folder_tells_the_same(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, LONG)
    document, begun, controls = session._document, session._document.experiment, session._transport
    controls.pause_asked.emit()
    qtbot.waitUntil(lambda: controls.standing.run == "paused", timeout=PATIENCE)
    steps, step = controls.standing.steps, record.step
    document.edit(begun.replaced(training=begun.training.replaced(batch_size=4)))
    qtbot.waitUntil(lambda: bool(record.marks), timeout=PATIENCE)
    assert controls.standing.steps > steps
    assert session.edits.fixed == ()
    controls.continue_asked.emit()
    qtbot.waitUntil(lambda: record.epoch > record.timetable.epoch(step) + 3, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        controls.stop_asked.emit()
    kept = read_run(Path(record.folder))
    assert kept.timetable == record.timetable
    assert len(kept.timetable.stretches) == 2
    assert (kept.epoch, kept.total_steps) == (record.epoch, record.total_steps)
    for name, series in record.series.items():
        assert series.steps().tolist() == kept.series[name].steps().tolist()
    ends = record.series["train.loss"].steps().tolist()
    assert ends == [record.timetable.end(epoch) for epoch in range(1, len(ends) + 1)]


def test_that_a_run_gives_its_memory_back_and_goes_on_when_there_is_room(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record, controls = train(session, qtbot, LONG), session._transport
    controls.release_asked.emit()
    qtbot.waitUntil(lambda: controls.standing.freed is not None, timeout=PATIENCE)
    assert controls.standing.run == "paused"
    assert ("memory released", 0) in progress_parts(controls.standing)
    losses = record.series["loss"].values.tolist()
    # as the engine says it where it finds no room
    with qtbot.waitSignal(session.noticed, timeout=PATIENCE) as told:
        session._happen(record, StateChanged("paused", record.step, 0, "the card is full"))
    notice = told.args[0]
    assert "the card is full" in notice.text
    assert controls.standing.run == "paused"
    with qtbot.waitSignal(
        session.settled, timeout=PATIENCE, check_params_cb=lambda about: about == notice.about
    ):
        notice.act()
    qtbot.waitUntil(lambda: record.step > len(losses) + 3, timeout=PATIENCE)
    assert (controls.standing.run, controls.standing.freed) == ("running", None)
    assert record.series["loss"].values.tolist()[: len(losses)] == losses
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        controls.stop_asked.emit()


def test_that_a_run_that_cannot_take_an_edit_up_says_why_and_goes_on(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, LONG)
    qtbot.waitUntil(lambda: record.epoch > 3, timeout=PATIENCE)
    with qtbot.waitSignal(session.noticed, timeout=PATIENCE) as told:
        session._document.edit(iris(1))
    assert "must be at least" in told.args[0].text
    assert record.running
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()


def test_that_a_finished_run_goes_on_in_the_window(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    record = ended.args[0]
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.resume(record.folder, epochs=5)
    assert (record.state, record.epoch) == ("finished", 5)
    assert len(record.series["train.loss"]) == 5
    assert [mark.text for mark in record.marks] == ["Epochs 2 → 5"]


def test_that_a_resume_while_the_engine_ends_is_not_lost(session: TrainingSession, qtbot: QtBot) -> None:
    record = train(session, qtbot, LONG)
    first = session._engine.process
    os.kill(first, signal.SIGTERM)
    qtbot.waitUntil(lambda: record.state == "interrupted", timeout=PATIENCE)
    session.resume(record.folder)  # the engine that said so has not ended yet, or just has
    assert session._transport.standing.run == "starting"
    qtbot.waitUntil(lambda: session.live is not None and session.live.running, timeout=PATIENCE)
    assert session._engine.process != first
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()


def test_that_an_engine_that_says_nothing_is_said_to_say_nothing(
    session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.train.pace._SILENT", 1.5)
    train(session, qtbot, LONG)
    transport = session._transport
    os.kill(session._engine.process, signal.SIGSTOP)
    try:
        qtbot.waitUntil(lambda: "no word for" in transport.standing.words, timeout=PATIENCE)
        assert transport.standing.steps_per_second == 0
    finally:
        os.kill(session._engine.process, signal.SIGCONT)
    qtbot.waitUntil(lambda: transport.standing.words == "", timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        transport.stop_asked.emit()


def test_that_a_branch_begins_with_the_weights_of_now_and_the_run_can_go_on(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, LONG)
    document, controls = session._document, session._transport
    controls.pause_asked.emit()
    qtbot.waitUntil(lambda: controls.standing.run == "paused", timeout=PATIENCE)
    step, chosen = record.step, document.experiment
    # another seed would put what was learnt into the part that judges
    document.edit(chosen.replaced(seed=77))
    with qtbot.waitSignal(session.noticed, timeout=PATIENCE) as told:
        controls.branch_asked.emit()
    assert "seed and split" in told.args[0].text
    assert controls.standing.run == "paused"
    # what cannot change in the run is told, and counts in the branch
    document.edit(chosen.replaced(training=chosen.training.replaced(keep="last", epochs=2)))
    assert controls.standing.left == ("training.keep",)
    with qtbot.waitSignals([session.run_ended, session.run_ended], timeout=PATIENCE):
        controls.branch_asked.emit()
    parent, child = opened(record.folder), opened(session.shown.folder)
    assert (status.read(parent).state, status.read(parent).step) == ("interrupted", step)
    assert status.read(child).state == "finished"
    begun = child.read_experiment()
    assert (begun.start.weights, begun.start.step) == (str(parent.path), step)
    assert begun.training.keep == "last"
    assert begun.name == f"{chosen.name}, from step {step}"
    assert f"at step {step}" in session.shown.started.start
    assert controls.standing.takes_edits is None
    document.undo()
    assert document.experiment.name == chosen.name
    # another name is another experiment: it says nothing of the parent, which goes on
    session.resume(record.folder)
    qtbot.waitUntil(lambda: session.live is not None and session.live.running, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        controls.stop_asked.emit()


def test_that_the_form_follows_a_run_that_goes_on(session: TrainingSession, qtbot: QtBot) -> None:
    record = train(session, qtbot, LONG)
    document, controls = session._document, session._transport
    begun = document.experiment
    controls.pause_asked.emit()
    qtbot.waitUntil(lambda: controls.standing.run == "paused", timeout=PATIENCE)
    edited = begun.replaced(optimizer=begun.optimizer.replaced(learning_rate=0.5))
    document.edit(edited)
    qtbot.waitUntil(lambda: bool(record.marks), timeout=PATIENCE)

    def again() -> None:
        with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
            controls.stop_asked.emit()
        session.resume(record.folder)
        qtbot.waitUntil(lambda: session.live is not None and session.live.running, timeout=PATIENCE)

    # as it was begun: the form takes what holds now
    document.undo()
    qtbot.waitUntil(lambda: not record.marks, timeout=PATIENCE)
    document.edit(edited)
    qtbot.waitUntil(lambda: bool(record.marks), timeout=PATIENCE)
    session._transport.follow_asked.emit(False)
    document.edit(begun)
    again()
    assert document.experiment.optimizer.learning_rate == 0.5
    assert controls.standing.takes_edits is True
    assert controls.standing.left == ()
    # edited meanwhile: it is left to the next run until the person says otherwise
    again_edited = edited.replaced(seed=5)
    document.edit(again_edited)
    again()
    assert document.experiment == again_edited
    assert controls.standing.takes_edits is False
    assert controls.standing.left == ("seed",)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        controls.stop_asked.emit()


def test_that_edits_reach_a_resumed_run_once_the_form_holds_its_experiment(
    session: TrainingSession, qtbot: QtBot
) -> None:
    record = train(session, qtbot, LONG)
    document, begun = session._document, session._document.experiment
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()
    document.open(iris(3).replaced(name="Another"), None)
    session.resume(record.folder)
    qtbot.waitUntil(lambda: session.live is not None and session.live.running, timeout=PATIENCE)
    assert session._transport.standing.takes_edits is None
    document.open(begun, None)
    session.tell_edited(record.folder)
    assert session._transport.standing.takes_edits is True
    document.edit(begun.replaced(optimizer=begun.optimizer.replaced(learning_rate=0.25)))
    qtbot.waitUntil(lambda: bool(read_edits(opened(record.folder))), timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session._transport.stop_asked.emit()


def test_that_the_form_shows_the_rate_to_which_a_run_went_back(
    session: TrainingSession, qtbot: QtBot
) -> None:
    """Else the next edit would bring back the rate by which the numbers broke."""
    document = session._document
    back = {"kind": "go_back", "factor": 0.01, "most": 8, "deviations": 5.0}
    values = iris(40, recovery=back).model_dump(mode="json")
    values["optimizer"] = {"kind": "momentum", "learning_rate": 10.0}
    values["loss"] = {"kind": "cross_entropy"}
    document.edit(Experiment.model_validate(values))
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE) as ended:
        session.train()
    edits = read_edits(opened(ended.args[0].folder))
    assert edits, "nothing broke, so this shows nothing"
    assert document.experiment.optimizer.learning_rate == edits[-1].value < 10.0
