"""A paused run gives its memory back and takes it up again: nothing is lost, all is the same to the bit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from engine.choices import Invalid, Problem
from engine.command_line import experiments
from engine.events import Edited, Event, RunEnded, StateChanged, Warned
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.recipe import read_edits
from engine.serving import protocol as p
from engine.training import assemble
from engine.training.control import Control
from tests.engine.runs.real_runs import engine, results
from tests.engine.serving.test_processes import Client

Move = Callable[[Control], object]


def moons(**changes: Any) -> Experiment:
    given = [f"{path}={value}" for path, value in changes.items()]
    return experiments.load("moons", ["training.epochs=3", "training.device=cpu", *given])


def steered(folder: RunFolder, moves: dict[int, Move]) -> tuple[RunEnded, list[Event]]:
    """Train, and release the memory before each of these steps; then make the move that belongs to it."""
    control, heard = Control(), list[Event]()
    waiting = sorted(moves)
    control.advance(waiting[0])

    def say(event: Event) -> None:
        heard.append(event)
        if isinstance(event, StateChanged) and event.state == "paused":
            if event.freed is None and event.step in waiting:
                control.release()
            elif event.step in waiting:
                waiting.remove(event.step)
                moves[event.step](control)
            else:
                control.resume()

    return execute(folder, control, say), heard


def released(heard: list[Event]) -> list[int]:
    return [event.step for event in heard if isinstance(event, StateChanged) and event.freed is not None]


CHANGES: dict[str, dict[str, Any]] = {
    "Adam and dropout": {"architecture.dropout": 0.2, "optimizer.kind": "adam"},
    "a mean of weights": {"training.averaging.kind": "exponential"},
    "drawn by class": {"training.sampling.kind": "balanced", "training.keep": "last"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_that_a_run_that_was_released_is_the_same_to_the_bit(tmp_path: Path, changes: dict[str, Any]) -> None:
    whole, folder = (create(tmp_path / name, moons(**changes)) for name in ("whole", "released"))
    assert execute(whole, Control(), lambda event: None).state == "finished"
    moves: dict[int, Move] = {3: lambda control: control.advance(4), 7: Control.resume}
    ended, heard = steered(folder, moves)
    assert ended.state == "finished"
    assert released(heard) == [3, 7]
    assert results(folder.path) == results(whole.path)


def test_that_what_is_said_meanwhile_is_answered_or_waits(tmp_path: Path) -> None:
    folder = create(tmp_path, moons())
    answers: list[Future[Any]] = []

    def ask(control: Control) -> None:
        answers.append(control.ask(lambda: status.read(folder).state))
        answers.append(control.edit({"optimizer.learning_rate": 0.02, "training.batch_size": 50}))
        answers[0].add_done_callback(lambda _: control.resume())

    ended, heard = steered(folder, {4: ask})
    assert ended.state == "finished"
    # whoever reads the folder sees a run that is paused, and that nobody else may take
    assert answers[0].result() == "paused"
    assert answers[1].exception() is None
    assert {edit.step for edit in read_edits(folder)} == {4}
    assert [event.step for event in heard if isinstance(event, Edited)] == [4]


def test_that_a_run_ends_that_was_released(tmp_path: Path) -> None:
    stopped, interrupted = (create(tmp_path, moons()) for _ in range(2))
    assert steered(stopped, {4: Control.stop})[0].state == "stopped"
    assert stopped.model.exists()
    assert steered(interrupted, {4: Control.interrupt})[0].state == "interrupted"
    assert (status.read(interrupted).state, status.read(interrupted).step) == ("interrupted", 4)
    assert execute(interrupted, Control(), lambda event: None).state == "finished"


def test_that_a_run_stays_paused_where_there_is_no_room_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, folder = (create(tmp_path / name, moons()) for name in ("whole", "released"))
    execute(whole, Control(), lambda event: None)
    full = [True, True]

    def taken(plan: Any, device: Any) -> None:
        if full.pop():
            raise Invalid([Problem("training.batch_size", "is too large just now")])

    def go_on(control: Control) -> None:
        monkeypatch.setattr(assemble, "refuse_too_large", taken if full else lambda plan, device: None)
        control.resume()

    control, told = Control(), list[str]()
    control.advance(4)

    def say(event: Event) -> None:
        assert not isinstance(event, Warned)
        if isinstance(event, StateChanged) and event.state == "paused":
            if event.freed is None:
                control.release()
            else:
                told.append(event.why)
                go_on(control)

    assert execute(folder, control, say).state == "finished"
    assert ["too large just now" in why for why in told] == [False, True, True]
    assert results(folder.path) == results(whole.path)


WIDE = (
    *("architecture={kind='mlp', hidden=[1024, 1024, 1024]}", "optimizer={kind='adam'}", "augmentations=[]"),
    *("training.epochs=2", "training.keep=last", "training.device=cpu"),
)


def test_that_a_process_gives_its_memory_back_and_a_kill_meanwhile_loses_nothing(tmp_path: Path) -> None:
    experiment = experiments.load("digits_cnn", WIDE)
    whole = create(tmp_path / "whole", experiment)
    with Client(tmp_path, "serve") as client:
        values = experiment.model_dump(mode="json", exclude_none=True)
        client.say(p.Request(1, p.Train(values, str(tmp_path / "runs"))))
        client.say(p.Advance(5))
        folder = RunFolder(Path(client.answer(1).value))
        client.event(StateChanged, lambda event: event.state == "paused")
        client.say(p.Release())
        said = client.event(StateChanged, lambda event: event.freed is not None)
        # weights, gradient and what Adam remembers, of float32: at least these
        assert said.freed > 4 * 4 * (64 + 2 * 1024) * 1024
        # it answers as an idle one does, and goes on
        client.say(p.Request(2, p.Sketch(values)))
        assert isinstance(client.answer(2), p.Answer)
        client.say(p.Advance(3))
        assert client.event(StateChanged, lambda event: event.state == "paused").step == 8
        client.say(p.Release())
        client.event(StateChanged, lambda event: event.freed is not None)
        client.process.kill()
        client.process.wait()
    assert status.read(folder).state == "interrupted"
    engine(tmp_path, "resume", str(folder.path))
    execute(whole, Control(), lambda event: None)
    assert results(folder.path) == results(whole.path)
