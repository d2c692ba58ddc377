"""Any moment of a run: weights as they were after any step, bit by bit, from what the folder keeps."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.command_line.main import run as run_command
from engine.events import Edit, Event
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_run
from engine.runs import checkpoints
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.reading import last_step
from engine.runs.recipe import write_edits
from engine.runs.repeating.moment import WeightsAt
from engine.training import loop
from engine.training.bookkeeping import saving
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.learner import Learner
from tests.engine.training.support import experiment_of

MLP: Mapping[str, Any] = {
    "data": {"kind": "spirals", "samples": 120},
    "architecture": {"kind": "mlp", "hidden": [16], "dropout": 0.3},
    "optimizer": {"kind": "adam"},
    "schedule": {"kind": "cosine"},
    "training": {"batch_size": 16, "epochs": 3, "device": "cpu"},
}
CNN: Mapping[str, Any] = {
    "data": {"kind": "sample", "name": "digits"},
    "split": {"train": 0.1, "validation": 0.1, "test": 0.8},
    "architecture": {"kind": "cnn", "channels": [4], "dense": [8], "normalization": "batch"},
    "optimizer": {"kind": "momentum"},
    "augmentations": [{"kind": "shift"}],
    "training": {"batch_size": 64, "epochs": 4, "device": "cpu", "averaging": {"kind": "exponential"}},
}


def trained(
    tmp_path: Path, values: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, edits: tuple[Edit, ...] = ()
) -> tuple[RunFolder, list[torch.Tensor]]:
    """A run with a checkpoint an epoch, and the weights after each of its steps as it took them."""
    monkeypatch.setattr(saving, "SHORT", 0.0)
    taken: list[torch.Tensor] = []
    step = loop.take_step

    def watched(learner: Learner) -> None:
        if not taken:
            taken.append(learner.flat.parameters.clone())
        step(learner)
        taken.append(learner.flat.parameters.clone())

    with monkeypatch.context() as patch:
        patch.setattr(loop, "take_step", watched)
        folder = create(tmp_path / "runs", experiment_of(values))
        if edits:
            write_edits(folder, edits)
        ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    return folder, taken


def weights_at(folder: RunFolder, step: int) -> torch.Tensor:
    experiment = folder.read_experiment()
    plan = Preparations().plan(experiment)
    model = WeightsAt(folder, step, Preparations().plan).model(experiment, plan.description)
    return torch.cat([tensor.detach().flatten() for tensor in model.network.parameters()])


def flat_of(folder: RunFolder, parameters: torch.Tensor) -> torch.Tensor:
    """The flat vector without its gaps."""
    from engine.training.assemble import assemble
    from engine.training.devices import pick

    assembly = assemble(Preparations().plan(folder.read_experiment()), pick("cpu"))
    names = {place.name: place for place in assembly.flat.layout}
    order = [name for name, _ in assembly.model.network.named_parameters()]
    return torch.cat([parameters[names[name].start : names[name].end] for name in order])


def test_that_every_step_comes_back_to_the_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, taken = trained(tmp_path, MLP, monkeypatch)
    assert last_step(folder) == len(taken) - 1
    for step, parameters in enumerate(taken):
        assert torch.equal(weights_at(folder, step), flat_of(folder, parameters)), step


def test_that_edits_are_repeated_at_their_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = (
        Edit(5, "optimizer.learning_rate", 0.003, 0.03),
        Edit(13, "training.epochs", 3, 4),
    )
    folder, taken = trained(tmp_path, MLP, monkeypatch, edits)
    _, other = trained(tmp_path / "plain", MLP, monkeypatch)
    assert len(taken) > len(other)
    assert torch.equal(taken[5], other[5])
    assert not torch.equal(taken[6], other[6])
    for step in (4, 5, 6, 13, 14, len(taken) - 1):
        assert torch.equal(weights_at(folder, step), flat_of(folder, taken[step])), step
    # as well where no checkpoint lies between
    for path in folder.checkpoints.iterdir():
        path.unlink()
    assert torch.equal(weights_at(folder, len(taken) - 1), flat_of(folder, taken[-1]))


def test_that_means_and_statistics_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, taken = trained(tmp_path, CNN, monkeypatch)
    # at the last step: the kept ones, where they are the last
    end = len(taken) - 1
    experiment = folder.read_experiment()
    again = evaluate_run(folder, "test", weights=WeightsAt(folder, end, Preparations().plan))
    other = evaluate_run(folder, "test", weights=WeightsAt(folder, end - 1, Preparations().plan))
    assert experiment.training.keep == "best"
    assert other.loss != again.loss
    # without any checkpoint all steps are taken again
    for path in folder.checkpoints.iterdir():
        path.unlink()
    afresh = evaluate_run(folder, "test", weights=WeightsAt(folder, end, Preparations().plan))
    assert (afresh.loss, afresh.metrics) == (again.loss, again.metrics)


def test_that_a_run_under_way_and_the_command_line_know_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(saving, "SHORT", 0.0)
    folder, control = create(tmp_path / "runs", experiment_of(MLP)), Control()
    control.advance(10)

    def hear(event: Event) -> None:
        if getattr(event, "state", "") == "paused":
            control.interrupt()

    assert execute(folder, control, hear).state == "interrupted"
    known = last_step(folder)
    assert known == 10
    losses = [evaluate_run(folder, "test", weights=WeightsAt(folder, step, Preparations().plan)).loss
              for step in (0, 5, 10)]  # fmt: skip
    assert len(set(losses)) == 3
    assert run_command(["evaluate", str(folder.path), "--step", "5"]) == 0
    assert f"loss {losses[1]:.4g}" in capsys.readouterr().out
    assert run_command(["evaluate", str(folder.path), "--step", "11"]) != 0
    assert "steps 0 to 10, not 11" in capsys.readouterr().err


def test_that_a_moment_before_the_first_checkpoint_of_foreign_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = trained(tmp_path, MLP, monkeypatch)
    values = {**MLP, "start": {"weights": str(first.path)}}
    folder, taken = trained(tmp_path / "second", values, monkeypatch)
    # its step 0 is a checkpoint, and needs the other run no more
    assert torch.equal(weights_at(folder, 2), flat_of(folder, taken[2]))
    for path in sorted(folder.checkpoints.iterdir())[:-1]:
        path.unlink()
    with pytest.raises(Invalid, match="before the oldest checkpoint"):
        weights_at(folder, 2)


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=60),
    st.integers(1, 40),
    st.integers(0, 400),
)
def test_that_the_newest_two_and_the_budget_hold(gaps: list[int], size: int, budget: int) -> None:
    kept: list[int] = []
    step = 0
    for gap in gaps:
        step += gap
        kept.append(step)
        gone = checkpoints.superfluous(dict.fromkeys(kept, size), budget)
        kept = [one for one in kept if one not in gone]
        assert kept[-2:] == sorted({*kept[-2:], step})
        assert len(kept) <= max(2, budget // size)
    # nothing goes as long as there is room
    if len(gaps) * size <= budget:
        assert len(kept) == len(gaps)


def test_that_distances_are_in_proportion_to_steps() -> None:
    kept: list[int] = []
    for step in range(10, 20_001, 10):
        gone = checkpoints.superfluous(dict.fromkeys([*kept, step], 1), 20)
        kept = [one for one in [*kept, step] if one not in gone]
    assert len(kept) == 20
    # without the newest two, which stay wherever they are
    ratios = [after / before for before, after in pairwise(kept[2:-2])]
    assert max(ratios) < 2.1


def test_that_a_full_disk_costs_the_past_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = create(tmp_path / "runs", Experiment())

    def checkpoint(step: int) -> Checkpoint:
        return Checkpoint(step, 1.0, {"parameters": torch.full((9,), float(step))})

    for step in range(1, 8):
        checkpoints.save(folder, checkpoint(step), 1 << 20)
    assert len(list(folder.checkpoints.iterdir())) == 7
    write, refused = checkpoints.write_bytes, []

    def full(path: Path, content: bytes) -> None:
        if len(list(folder.checkpoints.iterdir())) > 3:
            refused.append(path)
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr(checkpoints, "write_bytes", full)
    checkpoints.save(folder, checkpoint(8), 1 << 20)
    assert len(refused) == 1
    assert [found.step for found in checkpoints.readable(folder)] == [8, 7, 6]
    # where even that is not enough, it is said
    monkeypatch.setattr(checkpoints, "_thin", lambda folder, budget: False)
    (folder.checkpoints / "step-000000000001.safetensors").write_bytes(b"")
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(folder, checkpoint(9), 1 << 20)
