"""The proof of exact resume: it holds for every sort of run, and whatever is not the same refutes it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.choices import Invalid
from engine.command_line.main import run as run_command
from engine.events import Edit
from engine.runs import checkpoints
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.recipe import write_edits
from engine.runs.repeating.proof import Proof
from engine.runs.repeating.proving import prove
from engine.training.bookkeeping import saving
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.judged import MEAN
from engine.training.learner import Learner
from tests.engine.training.support import experiment_of

SHORT = {"batch_size": 16, "epochs": 3, "device": "cpu"}
RUNS: Mapping[str, Mapping[str, Any]] = {
    "dropout and Adam": {
        "data": {"kind": "spirals", "samples": 120},
        "architecture": {"kind": "mlp", "hidden": [16], "dropout": 0.3},
        "optimizer": {"kind": "adam"},
        "schedule": {"kind": "cosine"},
        "training": SHORT,
    },
    "batch normalization, augmentation, a mean of weights": {
        "data": {"kind": "sample", "name": "digits"},
        "split": {"train": 0.1, "validation": 0.1, "test": 0.8},
        "architecture": {"kind": "cnn", "channels": [4], "dense": [8], "normalization": "batch"},
        "optimizer": {"kind": "momentum"},
        "augmentations": [{"kind": "shift"}],
        "training": {**SHORT, "batch_size": 64, "epochs": 5, "averaging": {"kind": "exponential"}},
    },
    "a schedule that listens": {
        "data": {"kind": "moons", "samples": 120},
        "optimizer": {"kind": "prodigy"},
        "schedule": {"kind": "plateau", "patience": 1},
        "training": {**SHORT, "epochs": 6},
    },
    "closures and parts of batches": {
        "data": {"kind": "moons", "samples": 120},
        "optimizer": {"kind": "sam"},
        "training": {**SHORT, "micro_batch": 5},
    },
    "noise of gradients, drawn examples": {
        "data": {"kind": "moons", "samples": 120},
        "regularizers": [{"kind": "gradient_noise"}],
        "training": {**SHORT, "sampling": {"kind": "balanced"}},
    },
}
EDITS = (
    Edit(3, "optimizer.learning_rate", 0.001, 0.01),
    Edit(5, "training.batch_size", 16, 24),
    Edit(7, "architecture.dropout", 0.3, 0.1),
    Edit(12, "training.epochs", 3, 4),
)


def trained(tmp_path: Path, values: Mapping[str, Any], edits: tuple[Edit, ...] = ()) -> RunFolder:
    folder = create(tmp_path / "runs", experiment_of(values))
    if edits:
        write_edits(folder, edits)
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    return folder


@pytest.fixture(autouse=True)
def many_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at the end of each epoch."""
    monkeypatch.setattr(saving, "SHORT", 0.0)


@pytest.mark.parametrize("name", RUNS)
def test_that_a_run_of_any_sort_is_proved(tmp_path: Path, name: str) -> None:
    folder = trained(tmp_path, RUNS[name])
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    told: list[Proof] = []
    proof = prove(folder, Preparations().plan, tell=told.append)
    ends = checkpoints.steps(folder)
    assert proof.exact, proof.why
    assert (proof.first, proof.step, proof.last, proof.checkpoints) == (0, ends[-1], ends[-1], len(ends))
    assert len(proof.interruptions) >= 8
    assert not set(proof.interruptions) & set(ends)
    assert [one.step for one in told] == list(ends)
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before


def test_that_a_run_with_edits_is_proved_and_one_whose_edits_are_gone_is_not(tmp_path: Path) -> None:
    folder = trained(tmp_path, RUNS["dropout and Adam"], EDITS)
    assert prove(folder, Preparations().plan).exact
    # another rate at its fourth step, of which the history and the checkpoints tell
    write_edits(folder, (replace(EDITS[0], value=0.02), *EDITS[1:]))
    proof = prove(folder, Preparations().plan)
    assert not proof.exact
    assert 3 < proof.step <= checkpoints.steps(folder)[0]


def test_that_fine_tuning_is_proved_from_the_weights_that_it_began_with(tmp_path: Path) -> None:
    parent = trained(tmp_path, RUNS["a schedule that listens"])
    values = {**RUNS["a schedule that listens"], "start": {"weights": str(parent.path)}}
    folder = trained(tmp_path, values)
    shutil.rmtree(parent.path)
    # the run is readable without the one it came from; its first checkpoint holds what it took
    proof = prove(folder, Preparations().plan)
    assert proof.exact, proof.why


def forgetting(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Let checkpoints that are written from now on hold zeros in place of a tensor."""
    tensors = Learner.tensors

    def some(learner: Learner) -> dict[str, Tensor]:
        found = tensors(learner)
        return {
            name: torch.zeros_like(tensor) if name.startswith(what) else tensor
            for name, tensor in found.items()
        }

    monkeypatch.setattr(Learner, "tensors", some)


@pytest.mark.parametrize("what", ["state", "parameters", "buffer", MEAN])
def test_that_what_is_forgotten_at_an_interruption_refutes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    folder = trained(tmp_path, RUNS["batch normalization, augmentation, a mean of weights"])
    forgetting(monkeypatch, what)
    proof = prove(folder, Preparations().plan)
    assert not proof.exact
    assert "Not exact" in proof.why


def test_that_a_loss_of_the_history_that_differs_by_one_bit_refutes_it(tmp_path: Path) -> None:
    folder = trained(tmp_path, RUNS["dropout and Adam"])
    with closing(sqlite3.connect(folder.history)) as base:
        ((data,),) = base.execute("SELECT data FROM chunks WHERE series = 'loss'").fetchall()
        values = np.frombuffer(data, "<f4").copy()
        values[4] = np.nextafter(values[4], np.float32(9))
        base.execute("UPDATE chunks SET data = ? WHERE series = 'loss'", (values.tobytes(),))
        base.commit()
    proof = prove(folder, Preparations().plan)
    assert (proof.exact, proof.step) == (False, 5)
    assert "loss" in proof.why


def test_that_a_checkpoint_that_differs_by_one_bit_refutes_it(tmp_path: Path) -> None:
    folder = trained(tmp_path, RUNS["dropout and Adam"])
    last = checkpoints.steps(folder)[-1]
    kept = next(checkpoints.readable(folder))
    parameters = kept.tensors["parameters"].clone()
    parameters[0] = torch.nextafter(parameters[0], torch.tensor(9.0))
    changed = Checkpoint(kept.step, kept.seconds, {**kept.tensors, "parameters": parameters}, kept.decisions)
    checkpoints.save(folder, changed, 1 << 30)
    proof = prove(folder, Preparations().plan)
    assert (proof.exact, proof.step) == (False, last)
    assert "parameters" in proof.why


def test_that_a_run_without_a_checkpoint_or_with_other_data_says_so(tmp_path: Path) -> None:
    folder = create(tmp_path / "runs", experiment_of(RUNS["a schedule that listens"]))
    with pytest.raises(Invalid, match="no checkpoint"):
        prove(folder, Preparations().plan)
    folder = trained(tmp_path, RUNS["a schedule that listens"])
    facts = json.loads(folder.environment.read_text())
    folder.environment.write_text(json.dumps({**facts, "data_hash": "0" * 32}))
    with pytest.raises(Invalid, match="no longer what this run was trained on"):
        prove(folder, Preparations().plan)


def test_that_the_command_says_it_and_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = trained(tmp_path, RUNS["dropout and Adam"])
    assert run_command(["prove", str(folder.path)]) == 0
    assert capsys.readouterr().out.startswith("Exact.")
    write_edits(folder, (Edit(2, "optimizer.learning_rate", 0.001, 0.5),))
    assert run_command(["prove", str(folder.path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["exact"] is False
