"""The queue: an order that every process keeps to, and runs that are each trained once, whatever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.command_line import experiments
from engine.events import RunEnded
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.lists.listing import list_runs
from engine.runs.queue.order import (
    Order,
    change,
    enqueue,
    hold,
    leave,
    put_back,
    read_order,
    rewrite,
    settle,
    take,
    withdraw,
)
from engine.runs.queue.working import work_through
from engine.runs.status import Status
from engine.training.control import Control
from tests.engine.runs.real_runs import REPOSITORY, engine, results

_NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def moons(*changes: str) -> Experiment:
    return experiments.load("moons", ["training.epochs=2", "training.device=cpu", *changes])


def trained(folder: RunFolder) -> RunEnded:
    return execute(folder, Control(), lambda event: None)


def names(runs: Path) -> list[str]:
    return list(read_order(runs).names())


@given(_NAMES, st.sampled_from("abcdefgh"), st.integers(-9, 9))
def test_that_moving_a_run_changes_no_order_of_the_others(runs: list[str], run: str, by: int) -> None:
    order = Order().with_last(*runs)
    moved = order.moved(run, by)
    assert moved.without(run) == order.without(run)
    if run in runs:
        assert moved.names().index(run) == min(max(runs.index(run) + by, 0), len(runs) - 1)


@given(_NAMES, _NAMES)
def test_that_who_is_put_in_again_keeps_the_place(runs: list[str], more: list[str]) -> None:
    order = Order().with_last(*runs).with_last(*more)
    assert list(order.names()) == [*runs, *(run for run in more if run not in runs)]


def test_that_a_run_waits_for_good_whoever_made_it_is_gone(tmp_path: Path) -> None:
    runs = tmp_path / "läufe 运行"
    done = engine(tmp_path, "train", "moons", "--later", "--runs", str(runs))
    folder = RunFolder(Path(done.stdout.strip()))
    assert status.read(folder).state == "waiting"
    assert not status.is_worked_on(folder)
    assert [entry.state for entry in list_runs(runs)] == ["waiting"]
    assert names(runs) == [folder.path.name]


def test_that_runs_are_trained_in_order_and_those_that_are_held_wait(tmp_path: Path) -> None:
    first, held, last = (enqueue(tmp_path, moons(f"seed={seed}")) for seed in range(3))
    change(tmp_path, lambda order: order.moved(last.path.name, -2))
    hold(tmp_path, held.path.name)
    seen: list[str] = []

    def train(folder: RunFolder) -> RunEnded:
        seen.append(folder.path.name)
        return trained(folder)

    assert [ended.state for ended in work_through(tmp_path, train)] == ["finished", "finished"]
    assert seen == [last.path.name, first.path.name]
    assert names(tmp_path) == [held.path.name]
    hold(tmp_path, held.path.name, held=False)
    assert [ended.state for ended in work_through(tmp_path, train)] == ["finished"]
    assert names(tmp_path) == []


def test_that_a_run_begins_when_its_turn_comes_and_not_when_it_was_queued(tmp_path: Path) -> None:
    folder = enqueue(tmp_path, moons())
    status.write(folder, Status("waiting", started=5.0))
    trained(folder)
    assert status.read(folder).started > 5.0


def test_that_a_taken_run_is_taken_by_nobody_else_while_its_process_lives(tmp_path: Path) -> None:
    folder, other = enqueue(tmp_path, moons()), enqueue(tmp_path, moons())
    assert take(tmp_path) == folder
    assert take(tmp_path) == other
    assert take(tmp_path) is None
    put_back(tmp_path, folder.path.name)
    assert take(tmp_path) == folder


def test_that_a_run_of_a_process_that_died_is_taken_again_but_not_for_ever(tmp_path: Path) -> None:
    folder = enqueue(tmp_path, moons())
    command = "import sys; from pathlib import Path; from engine.runs.queue.order import take; " \
              "print(take(Path(sys.argv[1])).path.name)"  # fmt: skip
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", command, str(tmp_path)],
            cwd=REPOSITORY, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == folder.path.name
    # three processes went away with it and no step was kept: a fourth would, too
    assert take(tmp_path) is None
    assert [entry.held for entry in read_order(tmp_path).waiting] == [True]
    hold(tmp_path, folder.path.name, held=False)
    assert take(tmp_path) == folder


@pytest.mark.parametrize(
    ("state", "stays"),
    [("waiting", True), ("interrupted", True), ("finished", False), ("stopped", False), ("failed", False)],
)
def test_that_a_run_leaves_the_queue_when_it_has_ended(
    tmp_path: Path, state: status.State, stays: bool
) -> None:
    folder = enqueue(tmp_path, moons())
    assert take(tmp_path) == folder
    status.write(folder, Status(state))
    settle(tmp_path, folder.path.name)
    assert names(tmp_path) == ([folder.path.name] if stays else [])
    assert (take(tmp_path) == folder) is stays


def test_that_a_run_that_is_gone_or_finished_leaves_the_queue(tmp_path: Path) -> None:
    gone, done, last = (enqueue(tmp_path, moons()) for _ in range(3))
    gone.path.rename(tmp_path / ".elsewhere")
    status.write(done, Status("finished"))
    assert take(tmp_path) == last
    assert names(tmp_path) == [last.path.name]


def test_that_a_run_that_no_longer_can_be_read_holds_up_no_other(tmp_path: Path) -> None:
    broken, sound = (enqueue(tmp_path, moons()) for _ in range(2))
    broken.experiment.write_text("no [ toml")
    states = [ended.state for ended in work_through(tmp_path, trained)]
    assert states == ["failed", "finished"]
    assert status.read(sound).state == "finished"
    assert names(tmp_path) == [broken.path.name]


def test_that_no_more_runs_are_trained_than_were_asked_for(tmp_path: Path) -> None:
    enqueue(tmp_path, moons())
    last = enqueue(tmp_path, moons())
    assert len(list(work_through(tmp_path, trained, most=1))) == 1
    assert names(tmp_path) == [last.path.name]


def test_that_a_waiting_run_is_edited_in_its_place_and_one_that_was_taken_is_not(tmp_path: Path) -> None:
    first, second = enqueue(tmp_path, moons()), enqueue(tmp_path, moons())
    hold(tmp_path, first.path.name)
    assert rewrite(tmp_path, first.path.name, moons("seed=77", "training.epochs=5"))
    assert names(tmp_path) == [first.path.name, second.path.name]
    assert (first.read_experiment().seed, status.read(first).epochs) == (77, 5)
    assert take(tmp_path) == first
    assert not rewrite(tmp_path, first.path.name, moons("seed=78"))
    assert first.read_experiment().seed == 77


@pytest.mark.parametrize("stop", [False, True])
def test_that_a_run_that_fails_ends_the_work_only_where_that_is_wanted(tmp_path: Path, stop: bool) -> None:
    enqueue(tmp_path, moons("data.noise=0.3"))
    gone = {"kind": "table", "path": str(tmp_path / "gone.csv"), "target": "y"}
    enqueue(tmp_path, Experiment.model_validate({"data": gone}))
    last = enqueue(tmp_path, moons())
    states = [ended.state for ended in work_through(tmp_path, trained, stop_at_failure=stop)]
    assert states == (["finished", "failed"] if stop else ["finished", "failed", "finished"])
    assert names(tmp_path) == ([last.path.name] if stop else [])


def test_that_who_interrupts_a_run_wants_no_other(tmp_path: Path) -> None:
    first, second = (enqueue(tmp_path, moons("training.epochs=50")) for _ in range(2))

    def interrupted(folder: RunFolder) -> RunEnded:
        control = Control()
        control.interrupt()
        return execute(folder, control, lambda event: None)

    assert [ended.state for ended in work_through(tmp_path, interrupted)] == ["interrupted"]
    assert names(tmp_path) == [first.path.name, second.path.name]
    assert status.read(second).state == "waiting"


def test_that_a_run_taken_out_can_still_be_gone_on_with(tmp_path: Path) -> None:
    folder = enqueue(tmp_path, moons())
    withdraw(tmp_path, folder.path.name)
    assert names(tmp_path) == []
    # nothing was interrupted: it never ran
    assert status.read(folder).state == "waiting"
    assert "before its first step" in status.read(folder).why
    assert trained(folder).state == "finished"


@pytest.mark.parametrize("content", ["", "[]", '{"format": 9, "waiting": []}', '{"format": 1}', "[" * 9_000])
def test_that_a_damaged_file_of_the_queue_is_refused_and_not_taken_for_an_empty_one(
    tmp_path: Path, content: str
) -> None:
    enqueue(tmp_path, moons())
    (tmp_path / ".queue.json").write_text(content)
    for act in (read_order, take, lambda runs: leave(runs, "x")):
        with pytest.raises(Invalid, match="queue"):
            act(tmp_path)
    assert (tmp_path / ".queue.json").read_text() == content


def test_that_no_name_in_the_file_leads_out_of_the_folder(tmp_path: Path) -> None:
    entries = [{"run": name} for name in ("../elsewhere", "/tmp", "sound", "sound")]
    (tmp_path / ".queue.json").write_text(json.dumps({"format": 1, "waiting": entries}))
    assert names(tmp_path) == ["sound"]


def test_that_several_processes_train_each_run_once_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    waiting = [enqueue(runs, moons(f"seed={seed}", "training.epochs=30")) for seed in range(4)]
    command = [sys.executable, "-m", "engine", "queue", "train", "--runs", str(runs)]
    workers = [
        subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for _ in range(2)
    ]
    # the first is killed as soon as it trains
    until = time.monotonic() + 120
    while not any(entry.process == workers[0].pid for entry in read_order(runs).waiting):
        assert time.monotonic() < until
        time.sleep(0.01)
    os.kill(workers[0].pid, signal.SIGKILL)
    said = [worker.communicate(timeout=300)[0] for worker in workers]
    done = engine(tmp_path, "queue", "train", "--at-once", "2", "--runs", str(runs))
    trained_ones = [line for text in (*said, done.stdout) for line in text.splitlines()]
    assert sorted(trained_ones) == sorted(str(folder.path) for folder in waiting)
    assert names(runs) == []
    for seed, folder in enumerate(waiting):
        alone = enqueue(tmp_path / "alone", moons(f"seed={seed}", "training.epochs=30"))
        trained(alone)
        assert results(folder.path) == results(alone.path)
