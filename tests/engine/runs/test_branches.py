"""Branches: a new run that begins with the weights which another had after one of its steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.command_line import experiments
from engine.events import Edit, StateChanged
from engine.experiment import Experiment
from engine.runs import checkpoints
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations, foresee
from engine.runs.reading import last_step
from engine.runs.recipe import as_edited, write_edits
from engine.runs.repeating.moment import WeightsAt
from engine.runs.start import branched, said_of
from engine.training.control import Control
from tests.engine.runs.real_runs import engine


def digits(**changes: Any) -> Experiment:
    small = {"split.train": 0.2, "split.validation": 0.1, "split.test": 0.7, "training.epochs": 2}
    values = {**small, "training.device": "cpu", **changes}
    return experiments.load("digits_cnn", [f"{path}={value}" for path, value in values.items()])


def branch(runs: Path, parent: RunFolder, step: int, **changes: Any) -> RunFolder:
    experiment = branched(digits(**changes), parent, step, lambda name, at: f"{name}, from {at}")
    return create(runs, experiment)


def weights_at(folder: RunFolder, step: int) -> dict[str, torch.Tensor]:
    experiment = folder.read_experiment()
    plan = Preparations().plan(experiment)
    return WeightsAt(folder, step, Preparations().plan).model(experiment, plan.description).tensors()


def first_weights(folder: RunFolder) -> dict[str, torch.Tensor]:
    """The weights before the first step, as the checkpoint of step 0 has them."""
    assert next(checkpoints.readable(folder, 0)).step == 0
    return weights_at(folder, 0)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(
        torch.equal(tensor, other[name]) for name, tensor in one.items()
    )


def test_that_a_branch_begins_with_the_weights_of_that_step_to_the_bit(tmp_path: Path) -> None:
    parent = create(tmp_path, digits())
    # an edit before the step is part of what the parent was then
    write_edits(parent, [Edit(3, "optimizer.learning_rate", 0.003, 0.02)])
    assert execute(parent, Control(), lambda event: None).state == "finished"
    step = last_step(parent) - 2
    child = branch(tmp_path, parent, step, **{"loss.label_smoothing": 0.1})
    assert execute(child, Control(), lambda event: None).state == "finished"
    assert same(first_weights(child), weights_at(parent, step))
    assert not same(first_weights(child), weights_at(parent, step - 1))
    # the record says its parent, and none of its weights is new
    assert child.read_experiment().start.weights == str(parent.path)
    assert child.read_experiment().start.step == step
    assert f"{parent.path.name} at step {step}" in said_of(child)
    assert json.loads(child.start.read_bytes())["fresh"] == {}


def test_that_a_branch_begins_where_its_parent_was_interrupted(tmp_path: Path) -> None:
    parent, control = create(tmp_path, digits()), Control()
    control.advance(5)

    def heard(event: object) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.interrupt()

    assert execute(parent, control, heard).state == "interrupted"
    child = branch(tmp_path, parent, 5)
    foresee(Preparations().plan(child.read_experiment()))
    assert execute(child, Control(), lambda event: None).state == "finished"
    assert same(first_weights(child), weights_at(parent, 5))
    # and the parent goes on as if nothing had begun from it
    assert execute(parent, Control(), lambda event: None).state == "finished"


def test_that_a_step_that_was_never_taken_is_refused_before_there_is_a_run(tmp_path: Path) -> None:
    parent = create(tmp_path, digits())
    execute(parent, Control(), lambda event: None)
    known = last_step(parent)
    for step in (known + 1, 10**9):
        child = branched(digits(), parent, step, lambda name, at: name)
        with pytest.raises(Invalid, match=rf"start\.step.*0 to {known}"):
            foresee(Preparations().plan(child))
    fitting = foresee(Preparations().plan(branched(digits(), parent, known, lambda name, at: name)))
    assert fitting.taken == fitting.tensors > 0
    nothing = digits().replaced(start=digits().start.replaced(step=3))
    assert [problem.path for problem in nothing.start.problems()] == ["start.step"]


def test_that_the_command_line_branches_with_what_was_edited_until_then(tmp_path: Path) -> None:
    parent = create(
        tmp_path / "runs", experiments.load("moons", ["training.epochs=3", "training.device=cpu"])
    )
    write_edits(
        parent,
        [Edit(4, "optimizer.learning_rate", 0.01, 0.02), Edit(9, "training.epochs", 3, 4)],
    )
    execute(parent, Control(), lambda event: None)
    done = engine(
        tmp_path,
        "branch",
        str(parent.path),
        "--step",
        "6",
        "--runs",
        "runs",
        "--set",
        "training.batch_size=8",
    )
    child = RunFolder(Path(done.stdout.strip().splitlines()[-1]))
    chosen = as_edited(child)
    assert (chosen.optimizer.learning_rate, chosen.training.epochs, chosen.training.batch_size) == (
        0.02,
        3,
        8,
    )
    assert (chosen.start.weights, chosen.start.step) == (str(parent.path), 6)
    assert chosen.name.endswith("from step 6")
    assert not child.edits.exists()
    # of a branch of a branch the name says the step of this one
    done = engine(tmp_path, "branch", str(child.path), "--step", "4", "--runs", "runs")
    grandchild = RunFolder(Path(done.stdout.strip().splitlines()[-1])).read_experiment()
    assert grandchild.name == chosen.name.replace("from step 6", "from step 4")
    refused = engine(tmp_path, "branch", str(parent.path), "--step", "9999", check=False)
    assert (refused.returncode, "steps 0 to" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    "words", ["{name}, from step {step}", "from step {step}: {name}", "{name}自第 {step} 步"]
)
@given(first=st.text(min_size=1, max_size=120), steps=st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_that_the_name_of_a_branch_says_the_step_that_it_began_with(
    words: str, first: str, steps: list[int]
) -> None:
    """The second branch, and the branch of a branch, bore the step of the first one."""
    first = first.replace("\0", "").strip() or "run"
    experiment, run = Experiment.model_validate({"name": first}), RunFolder(Path("parent"))
    for step in steps:
        experiment = branched(experiment, run, step, lambda name, at: words.format(name=name, step=at))
        before, _, after = words.format(name="\0", step=step).partition("\0")
        assert len(experiment.name) <= 120
        assert experiment.name.startswith(before)
        assert experiment.name.endswith(after)
        # once, and the name as far as there is room
        bare = experiment.name[len(before) : len(experiment.name) - len(after)]
        assert first.startswith(bare)
    # a name that a person gave a branch stays
    own = experiment.replaced(name="broad net")
    named = branched(own, run, 7, lambda name, at: words.format(name=name, step=at)).name
    assert named == words.format(name="broad net", step=7)


@pytest.mark.parametrize("change", [{"seed": 9}, {"split.train": 0.3, "split.test": 0.6}])
def test_that_no_branch_is_judged_by_what_its_run_has_learnt_from(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    parent = create(tmp_path, digits())
    execute(parent, Control(), lambda event: None)
    other = branched(digits(**change), parent, 3, lambda name, at: name)
    plan = Preparations().plan(other)
    learnt = set(Preparations().plan(digits()).prepared.train.rows.tolist())
    judged = {*plan.prepared.validation.rows.tolist(), *plan.prepared.test.rows.tolist()}
    if learnt & judged:
        with pytest.raises(Invalid, match="learnt from"):
            foresee(plan)
        child = create(tmp_path, other)
        ended = execute(child, Control(), lambda event: None)
        assert (ended.state, "learnt from" in ended.why) == ("failed", True)
    else:
        foresee(plan)
    # the seed alone deals the examples out anew
    assert bool(learnt & judged) or "seed" not in change


def test_that_courses_and_tables_are_known_as_the_data_that_their_run_learnt_from(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number % 7},{number / 3:.3f}\n" for number in range(400))
    (tmp_path / "rows.csv").write_text("time,x,y\n" + rows, "utf-8")
    (tmp_path / "runs").mkdir()
    table = {"kind": "table", "path": str(tmp_path / "rows.csv"), "target": "y"}
    course = {
        "kind": "time_series",
        "path": str(tmp_path / "rows.csv"),
        "target": "y",
        "history": 4,
        "horizon": 2,
    }
    for data, task in ((table, "regression"), (course, "forecasting")):
        values = {
            "data": data,
            "task": {"kind": task},
            "loss": {"kind": "mean_squared"},
            "architecture": {"kind": "linear"},
        }
        chosen = Experiment.model_validate({**values, "training": {"epochs": 1, "device": "cpu"}})
        parent = create(tmp_path / "runs", chosen)
        ended = execute(parent, Control(), lambda event: None)
        assert ended.state == "finished", ended.why
        shares = chosen.split.replaced(train=0.3, validation=0.3, test=0.4)
        other = branched(chosen.replaced(split=shares), parent, 1, lambda name, at: name)
        with pytest.raises(Invalid, match="learnt from"):
            foresee(Preparations().plan(other))
