"""What a step holds in memory: counted for certain, and refused while that can still be told."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.choices import Invalid
from engine.training.devices import Device, pick
from engine.training.evaluate import batches_of
from engine.training.footprint import data_memory, numbers_held
from engine.training.plan import Plan
from tests.engine.training.support import CNN, MLP, assembled, experiment_of, prepared_for

WORDS = ("the", "cat", "sat", "on", "a", "mat", "and", "dog", "ran", "far", "away", "from", "home")


def _texts(folder: Path, count: int, words: int, **changes: Any) -> dict[str, Any]:
    drawn = random.Random(1)
    rows = [f"{' '.join(drawn.choices(WORDS, k=words))},{'ab'[row % 2]}" for row in range(count)]
    path = folder / "texts.csv"
    path.write_text("text,label\n" + "\n".join(rows) + "\n")
    values: dict[str, Any] = {
        "data": {"kind": "text_table", "path": str(path)},
        "preprocessing": {"tokenizer": "words", "length": 16},
        "architecture": {"kind": "text_cnn"},
        "training": {"batch_size": 8},
    }
    return {**values, **changes}


def _running(folder: Path, architecture: Mapping[str, Any], task: str) -> dict[str, Any]:
    values = _texts(folder, 60, 20)
    return {
        **values,
        "data": {"kind": "text_files", "path": values["data"]["path"]},
        "task": {"kind": task},
        "architecture": architecture,
    }


def _experiments(folder: Path) -> list[dict[str, Any]]:
    small = {"layers": 2, "width": 16, "heads": 2}
    return [
        dict(MLP),
        dict(CNN),
        _texts(folder, 40, 20),
        _texts(folder, 40, 3, architecture={"kind": "transformer_encoder", **small}),
        _running(folder, {"kind": "lstm", "width": 8}, "language_modelling"),
        _running(folder, {"kind": "transformer_decoder", **small, "dropout": 0.2}, "language_modelling"),
        _running(folder, {"kind": "transformer_encoder", **small}, "masked_language_modelling"),
    ]


@pytest.mark.parametrize("place", range(7))
def test_that_no_more_is_counted_than_a_step_holds(tmp_path: Path, place: int) -> None:
    assembly = assembled(experiment_of(_experiments(tmp_path)[place]))
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    rows = slice(0, 8)
    batch = assembly.model.batch(assembly.inputs["train"][rows], assembly.targets["train"][rows])
    assembly.model.set_training(True)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        losses = assembly.model.losses(batch)
    outputs = 3 * 8 * 4 * assembly.model.outputs.numbers  # and their gradients, which no hook sees
    assert losses.requires_grad
    counted = numbers_held(assembly.plan, assembly.device)
    assert 0 < 8 * 4 * counted <= sum(kept.values()) + outputs


def test_that_batches_beyond_the_memory_are_refused_with_the_size_that_fits(tmp_path: Path) -> None:
    encoder = {"kind": "transformer_encoder", "layers": 8, "width": 64, "heads": 64, "dropout": 0.1}
    sizes = {"preprocessing": {"tokenizer": "words", "length": 4096}, "training": {"batch_size": 32}}
    experiment = experiment_of(_texts(tmp_path, 60, 8, architecture=encoder, **sizes))
    few = prepared_for(experiment)
    assembled(experiment, few)  # short texts: padding is not worked out

    long = experiment_of(_texts(tmp_path, 60, 4096, architecture=encoder, **sizes), seed=1)
    with pytest.raises(Invalid) as refused:
        assembled(long)
    (problem,) = refused.value.problems
    assert problem.path in ("training.batch_size", "architecture")
    assert "shorter texts" in problem.message


def test_that_frozen_layers_are_not_counted() -> None:
    experiment = experiment_of(CNN)
    prepared = prepared_for(experiment)
    frozen = experiment_of(CNN, start={"freeze": "all_but_head"})
    every, head = (numbers_held(Plan(chosen, prepared), pick("cpu")) for chosen in (experiment, frozen))
    assert head < every


def test_that_an_example_of_millions_of_numbers_is_evaluated_alone() -> None:
    assert [some.stop - some.start for some in batches_of(3, 4096 * 200_000)] == [1, 1, 1]


def test_that_data_stays_in_the_machine_where_it_would_fill_more_than_half_of_the_card(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = Plan(experiment_of(CNN), prepared_for(experiment_of(CNN)))
    watched = (plan.prepared.train, plan.prepared.validation)
    size = sum(part.inputs.nbytes + part.targets.nbytes for part in watched)
    card = Device(torch.device("cuda"), "a card")
    for free, wanted in ((2 * size, "device"), (2 * size - 2, "host")):
        monkeypatch.setattr("engine.training.footprint.free_memory", lambda device, free=free: free)
        assert data_memory(plan, card) == wanted
        assert data_memory(plan, pick("cpu")) == "device"  # one memory holds both there
