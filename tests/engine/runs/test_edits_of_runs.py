"""Edits in the folder of a run: kept, read back, repeated by real processes, and more epochs at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.choices import Invalid
from engine.command_line import experiments
from engine.events import Edit, Edited, Event, RunEnded, StateChanged
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.going_on import go_on
from engine.runs.reading import replay
from engine.runs.recipe import as_edited, read_edits
from engine.training.control import Control
from tests.engine.runs.real_runs import engine, results


def moons(**changes: Any) -> Experiment:
    given = [f"{path}={value}" for path, value in changes.items()]
    return experiments.load("moons", ["training.epochs=3", "training.device=cpu", *given])


def trained(folder: RunFolder, control: Control | None = None) -> RunEnded:
    return execute(folder, control or Control(), lambda event: None)


def edited_run(runs: Path, experiment: Experiment) -> RunFolder:
    """Train with two edits, one at step 4 and one a step later."""
    folder, control = create(runs, experiment), Control()
    moves = [
        lambda: control.edit({"optimizer.learning_rate": 0.02}),
        lambda: control.edit({"schedule": {"kind": "cosine"}, "training.epochs": 4}),
    ]

    def say(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            moves.pop(0)()
            if moves:
                control.advance(1)
            else:
                control.resume()

    control.advance(4)
    assert execute(folder, control, say).state == "finished"
    return folder


def test_that_edits_are_kept_in_the_folder_and_read_back_as_said(tmp_path: Path) -> None:
    folder = edited_run(tmp_path, moons())
    before = moons()
    assert json.loads(folder.edits.read_bytes())["edits"][0] == {
        "step": 4,
        "setting": "optimizer.learning_rate",
        "before": before.optimizer.learning_rate,
        "value": 0.02,
    }
    said = [event for event in replay(folder) if isinstance(event, Edited)]
    assert [(event.step, len(event.edits)) for event in said] == [(4, 1), (5, 2)]
    assert (as_edited(folder).optimizer.learning_rate, as_edited(folder).training.epochs) == (0.02, 4)
    assert folder.read_experiment().optimizer == before.optimizer
    assert status.read(folder).epochs == 4


def test_that_the_recipe_of_a_run_trained_anew_comes_to_the_same(tmp_path: Path) -> None:
    folder = edited_run(tmp_path / "first", moons())
    done = engine(tmp_path, "train", str(folder.path), "--runs", "anew", "--device", "cpu")
    anew = RunFolder(Path(done.stdout.strip().splitlines()[-1]))
    assert read_edits(anew) == read_edits(folder)
    assert "optimizer.learning_rate" in done.stderr
    assert results(anew.path) == results(folder.path)


def test_that_a_finished_run_goes_on_as_if_it_had_always_had_more_epochs(tmp_path: Path) -> None:
    whole = create(tmp_path, moons(**{"training.epochs": 6, "schedule.kind": "constant"}))
    trained(whole)
    folder = create(tmp_path, moons(**{"schedule.kind": "constant"}))
    trained(folder)
    go_on(folder, 6)
    assert status.read(folder).state == "interrupted"
    ended = trained(folder)
    assert (ended.state, ended.epoch) == ("finished", 6)
    assert results(folder.path) == results(whole.path)


def test_that_a_run_given_more_epochs_is_its_recipe(tmp_path: Path) -> None:
    folder = create(tmp_path, moons(**{"schedule.kind": "cosine"}))
    trained(folder)
    go_on(folder, 5)
    trained(folder)
    anew = create(tmp_path, moons(**{"schedule.kind": "cosine"}), read_edits(folder))
    assert trained(anew).epoch == 5
    assert results(folder.path) == results(anew.path)


def test_that_a_run_that_a_rule_has_ended_goes_on_without_that_rule(tmp_path: Path) -> None:
    rules = '[{kind="target", direction="at_least", value=-1.0}, {kind="time", minutes=90}]'
    folder = create(tmp_path, moons(stopping=rules))
    assert trained(folder).epoch == 1
    go_on(folder, 2)
    assert [rule.kind for rule in as_edited(folder).stopping] == ["time"]
    assert trained(folder).epoch == 2


def test_that_by_the_command_line_a_finished_run_gets_more_epochs(tmp_path: Path) -> None:
    folder = create(tmp_path, moons())
    trained(folder)
    refused = engine(tmp_path, "resume", str(folder.path), "--epochs", "3", check=False)
    assert (refused.returncode, "more than the 3" in refused.stderr) == (2, True)
    assert status.read(folder).state == "finished"
    engine(tmp_path, "resume", str(folder.path), "--epochs", "4")
    assert status.read(folder).epoch == 4


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"format": 2, "edits": []}',
        '{"format": 1, "edits": [{"step": -1, "setting": "seed", "before": 0, "value": 1}]}',
        '{"format": 1, "edits": [{"step": "x"}]}',
        '{"format": 1, "edits": 3}',
    ],
)
def test_that_damaged_edits_are_told_and_never_passed_over(tmp_path: Path, content: str) -> None:
    folder = create(tmp_path, moons(), [Edit(4, "optimizer.learning_rate", 0.01, 0.02)])
    folder.edits.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid, match=r"edits\.json"):
        read_edits(folder)
    assert trained(folder).state == "failed"


def test_that_a_finished_run_whose_data_is_gone_stays_finished(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("x,y\n" + "".join(f"{n},{2 * n + 1}.5\n" for n in range(60)), "utf-8")
    engine(tmp_path, "new", "rows.csv", "-o", "e.toml", "--set", "data.target=y")
    told = ["training.epochs=2", "training.device=cpu"]
    done = engine(tmp_path, "train", "e.toml", "--set", *told, "--runs", "runs")
    folder = RunFolder(Path(done.stdout.strip().splitlines()[-1]))
    before = {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()}
    (tmp_path / "rows.csv").rename(tmp_path / "moved.csv")
    refused = engine(tmp_path, "resume", str(folder.path), "--epochs", "4", check=False)
    assert refused.returncode != 0
    assert "rows.csv" in refused.stderr
    assert {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()} == before
    engine(tmp_path, "resume", str(folder.path), "--epochs", "4", "--data", "moved.csv")
    assert status.read(folder).epoch == 4
