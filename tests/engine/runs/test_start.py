"""Runs that begin with the weights of others: reported in the folder, and resumed without the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from engine.choices import Invalid
from engine.events import Event, Measured, RunEnded, RunStarted
from engine.experiment import Experiment
from engine.experiment_file import dump
from engine.inference.evaluation import evaluate_run
from engine.learning.start import Start
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.reading import read_started
from engine.runs.start import finetuning, fitting, read_weights
from engine.training.control import Control
from tests.engine.training.support import CNN

PREPARE = Preparations()
"""Data is read once for all tests here."""


def experiment(weights: Path | str = "", **changes: Any) -> Experiment:
    values = {**CNN, "name": "start", "training": {**CNN["training"], "device": "cpu"}}
    start = {"weights": str(weights), **changes.pop("start", {})}
    return Experiment.model_validate({**values, **changes, "start": start})


def begin(runs: Path, chosen: Experiment) -> RunFolder:
    return create(runs, chosen)


def trained(folder: RunFolder, interrupt: bool = False) -> tuple[RunEnded, list[Event]]:
    said: list[Event] = []
    control = Control()

    def say(event: Event) -> None:
        said.append(event)
        if interrupt and isinstance(event, RunStarted):
            control.interrupt()

    return execute(folder, control, say, PREPARE.plan), said


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run that has ended."""
    folder = begin(tmp_path_factory.mktemp("runs"), experiment())
    ended, _ = trained(folder)
    assert ended.state == "finished"
    return folder


def facts(folder: RunFolder) -> dict[str, Any]:
    return dict(json.loads(folder.start.read_text(encoding="utf-8")))


def test_that_a_run_without_pretrained_weights_has_no_report(earlier: RunFolder) -> None:
    assert not earlier.start.exists()
    assert (read_started(earlier).start, read_started(earlier).frozen) == ("", 0)


def test_that_layers_of_earlier_versions_are_sorted_by_what_they_were_called(
    earlier: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = read_started(earlier)
    told = json.loads(earlier.started.read_text(encoding="utf-8"))
    for layer in told["layers"]:
        del layer["sort"]
    monkeypatch.setattr(RunFolder, "read_json", lambda self, path: told)
    assert read_started(earlier) == now
    assert {layer.sort for layer in now.layers} > {"dense"}


def test_that_a_run_goes_on_from_another(earlier: RunFolder, tmp_path: Path) -> None:
    folder = begin(tmp_path, experiment(earlier.path, seed=6, start={"freeze": "all_but_head"}))
    ended, said = trained(folder)
    assert ended.state == "finished"
    (started,) = [event for event in said if isinstance(event, RunStarted)]
    ours, theirs = (safetensors.torch.load_file(run.model) for run in (folder, earlier))
    assert {name for name in ours if not torch.equal(ours[name], theirs[name])} == {
        "output.weight",
        "output.bias",
    }
    assert started.start == f"{len(ours)} of {len(ours)} sets of weights taken from {earlier.path.name}."
    assert started.frozen == started.parameters - 170
    assert read_started(folder) == started
    found = facts(folder)
    assert set(found["taken"]) == set(ours)
    assert (found["fresh"], found["unused"]) == ({}, [])
    assert len(found["hash"]) == 64


def test_that_pretrained_weights_are_worth_something_from_the_first_step(
    earlier: RunFolder, tmp_path: Path
) -> None:
    losses = [
        next(block.values[0] for event in trained(begin(tmp_path, chosen))[1] if isinstance(event, Measured)
             for block in event.blocks if block.series == "loss")
        for chosen in (experiment(), experiment(earlier.path))
    ]  # fmt: skip
    assert losses[1] < 0.7 * losses[0]


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".pth"])
def test_that_files_are_read_whatever_their_sort(earlier: RunFolder, tmp_path: Path, suffix: str) -> None:
    tensors = safetensors.torch.load_file(earlier.model)
    path = tmp_path / f"weights{suffix}"
    if suffix == ".safetensors":
        safetensors.torch.save_file(tensors, path)
    else:
        torch.save({"state_dict": {f"module.{name}": tensor for name, tensor in tensors.items()}}, path)
    folder = begin(tmp_path / "runs", experiment(path, start={"freeze": "all_but_head"}))
    ended, _ = trained(folder)
    assert ended.state == "finished"
    assert len(facts(folder)["taken"]) == len(tensors)


def test_that_a_run_is_resumed_bit_for_bit_without_the_file(earlier: RunFolder, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(earlier.model.read_bytes())
    chosen = experiment(path, start={"freeze": "named", "frozen": ["convolution_1"]})
    whole, parted = begin(tmp_path / "runs", chosen), begin(tmp_path / "runs", chosen)
    trained(whole)
    ended, _ = trained(parted, interrupt=True)
    assert (ended.state, ended.step) == ("interrupted", 0)  # before the first checkpoint that a step made
    path.unlink()
    ended, said = trained(parted)
    assert ended.state == "finished"
    assert parted.model.read_bytes() == whole.model.read_bytes()
    assert facts(parted) == facts(whole)
    assert next(event for event in said if isinstance(event, RunStarted)).start == facts(whole)["said"]
    assert evaluate_run(parted, "test", PREPARE.of).count > 0


def failed(tmp_path: Path, chosen: Experiment) -> str:
    """Return why a run fails; it has no weights then, and no report."""
    folder = begin(tmp_path / "runs", chosen)
    ended, _ = trained(folder)
    assert (ended.state, ended.step) == ("failed", 0)
    assert not folder.model.exists()
    assert not folder.start.exists()
    return ended.why


def test_that_weights_of_another_network_end_the_run_with_a_reason(
    earlier: RunFolder, tmp_path: Path
) -> None:
    why = failed(tmp_path, experiment(earlier.path, architecture={"kind": "mlp"}))
    assert why.startswith("start.weights: no weight among its")


def test_that_a_file_with_code_ends_the_run_and_runs_nothing(tmp_path: Path) -> None:
    trap = tmp_path / "weights.pt"
    torch.save(torch.nn.Linear(2, 2), trap)
    why = failed(tmp_path, experiment(trap))
    assert why.startswith("start.weights: weights.pt cannot be used: besides tensors it holds torch.nn")


def unreadable(weights: Path | str) -> str:
    with pytest.raises(Invalid) as caught:
        read_weights(experiment(weights).start)
    (problem,) = caught.value.problems
    assert problem.path == "start.weights"
    return problem.message


def test_that_what_is_no_file_of_weights_is_told(tmp_path: Path) -> None:
    assert "does not exist" in unreadable(tmp_path / "none.pt")
    assert "no path" in unreadable("a\x00b")
    (tmp_path / "table.csv").write_text("a,b")
    assert ".safetensors, .pt, .pth" in unreadable(tmp_path / "table.csv")
    (tmp_path / "folder").mkdir()
    assert "experiment.toml is missing" in unreadable(tmp_path / "folder")
    (tmp_path / "folder" / "experiment.toml").write_text("")
    assert "has not ended" in unreadable(tmp_path / "folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_that_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")
    assert "no ordinary file" in unreadable(tmp_path / "pipe.pt")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_that_a_link_in_a_run_folder_is_not_followed(earlier: RunFolder, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "experiment.toml").write_bytes(earlier.experiment.read_bytes())
    (run / "model.safetensors").symlink_to(earlier.model)
    assert "is a link" in unreadable(run)


def test_that_a_file_larger_than_the_memory_is_refused_unread(
    tmp_path: Path,
) -> None:
    huge = tmp_path / "huge.safetensors"
    with huge.open("wb") as file:
        file.truncate(1 << 42)  # takes no room on the disk
    assert "too large" in unreadable(huge)


def test_that_a_relative_path_is_meant_from_the_experiment(tmp_path: Path) -> None:
    located = experiment("weights/a.pt").located(tmp_path)
    assert Path(located.start.weights) == tmp_path / "weights" / "a.pt"
    assert experiment().located(tmp_path).start.weights == ""


def test_that_fine_tuning_keeps_the_choices_and_begins_with_the_run(earlier: RunFolder) -> None:
    chosen = finetuning(earlier, lambda name: f"{name}, fine-tuned")
    assert chosen.name == "start, fine-tuned"
    assert chosen.start.weights == str(earlier.path)
    assert chosen.replaced(name="start", start={}) == earlier.read_experiment()


@pytest.mark.parametrize(("step", "name"), [(None, "own"), (3, "own, fine-tuned")])
def test_that_only_of_a_run_that_was_fine_tuned_the_name_says_so_already(
    earlier: RunFolder, tmp_path: Path, step: int | None, name: str
) -> None:
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    begun = experiment().replaced(name="own", start=Start(weights=str(earlier.path), step=step))
    run.experiment.write_text(dump(begun), "utf-8")
    assert finetuning(run, lambda name: f"{name}, fine-tuned").name == name


def test_that_fine_tuning_cuts_texts_as_the_run_did(earlier: RunFolder, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    run.experiment.write_bytes(earlier.experiment.read_bytes())
    run.tokenizer.write_text("{}")
    preprocessing = finetuning(run, str).preprocessing
    assert (preprocessing.tokenizer, preprocessing.tokenizer_file) == ("file", str(run.tokenizer))


def test_that_what_will_fit_is_known_before_training(earlier: RunFolder, tmp_path: Path) -> None:
    chosen = experiment(earlier.path)
    count = len(safetensors.torch.load_file(earlier.model))
    assert fitting(PREPARE.plan(chosen)) == (count, count)
    narrow = chosen.architecture.replaced(dense=(8,))
    assert fitting(PREPARE.plan(chosen.replaced(architecture=narrow))) == (
        count - 7,
        count,
    )  # dense: 6 with its normalization; output: its weights
    with pytest.raises(Invalid, match="does not exist"):
        fitting(PREPARE.plan(experiment(tmp_path / "none.pt")))
    with pytest.raises(Invalid, match="no weight among"):
        fitting(PREPARE.plan(experiment(earlier.path, architecture={"kind": "mlp"})))


def test_that_a_file_that_changes_is_read_anew(earlier: RunFolder, tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    tensors = safetensors.torch.load_file(earlier.model)
    torch.save(tensors, path)
    assert fitting(PREPARE.plan(experiment(path)))[0] == len(tensors)
    torch.save({name: tensor for name, tensor in tensors.items() if "output" not in name}, path)
    assert fitting(PREPARE.plan(experiment(path)))[0] == len(tensors) - 2
