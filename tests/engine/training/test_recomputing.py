"""Activation checkpointing: the same steps to the bit, in less memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.choices import Family
from engine.edits import Recipe
from engine.experiment import Experiment
from engine.networks.normalization import BatchNorm
from engine.networks.recomputing import recompute
from engine.selftest.small import experiment_with
from engine.training.learner import Learner
from engine.training.loop import take_step
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    assert_same_tensors,
    experiment_of,
    run,
)


def again(experiment: Experiment, wanted: bool = True) -> Experiment:
    training = experiment.training.replaced(activation_checkpointing=wanted)
    return experiment.replaced(training=training)


def stepped(experiment: Experiment, steps: int = 3) -> dict[str, Tensor]:
    """Return all that some steps come to, the losses and the last gradient among it."""
    learner = Learner(assembled(experiment))
    learner.model.set_training(True)
    for _ in range(steps):
        take_step(learner)
    gradient, losses = learner.flat.gradient.clone(), torch.tensor(learner.read().values["loss"])
    return {**learner.tensors(), "gradient": gradient, "losses": losses}


def with_dropout(kind: str, place: Path, how: str = "") -> Experiment:
    """Return a small experiment whose network drops whatever it can, in one of its ways where it has some."""
    experiment = experiment_with(Family.every["architectures"][kind], place)
    given = experiment.architecture.model_dump()
    # whatever of it the architecture has: of units, embeddings, whole blocks
    shares = {name: 0.3 for name in given if "dropout" in name or name == "stochastic_depth"}
    shares.pop("dropout_kind", None)
    chosen = {**shares, **({"dropout_kind": how} if how else {})}
    return experiment.replaced(architecture=experiment.architecture.replaced(**chosen))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", list(Family.every["architectures"]))
def test_every_architecture_learns_the_same_to_the_bit(kind: str, precision: str, tmp_path: Path) -> None:
    experiment = with_dropout(kind, tmp_path)
    experiment = experiment.replaced(training=experiment.training.replaced(precision=precision))
    assert_same_tensors(stepped(again(experiment)), stepped(experiment))


@pytest.mark.parametrize(("kind", "how"), [("lstm", "variational"), ("cnn", "channels")])
def test_that_every_way_of_dropping_drops_the_same_again(kind: str, how: str, tmp_path: Path) -> None:
    experiment = with_dropout(kind, tmp_path, how)
    assert_same_tensors(stepped(again(experiment)), stepped(experiment))


@pytest.mark.parametrize(
    "changes",
    [
        {"training": {**MLP["training"], "micro_batch": 8}},
        {"optimizer": {"kind": "sam", "learning_rate": 0.05}},
        {"optimizer": {"kind": "sophia", "interval": 2}},
        {"optimizer": {"kind": "lbfgs"}},
    ],
    ids=["parts", "sam", "sophia", "lbfgs"],
)
def test_that_what_asks_for_more_of_the_loss_gets_the_same(changes: dict[str, Any]) -> None:
    experiment = experiment_of(MLP, **changes)
    assert_same_tensors(stepped(again(experiment)), stepped(experiment))


@pytest.mark.parametrize("values", [MLP, CNN], ids=["mlp", "cnn"])
def test_that_a_run_may_begin_and_end_with_it_at_any_step(values: dict[str, Any]) -> None:
    plain = run(experiment_of(values))
    assert_same(run(again(experiment_of(values))), plain)
    experiment = experiment_of(values)
    recipe = Recipe(experiment)
    for step, wanted in ((3, True), (9, False)):
        recipe.take(step, again(recipe.experiment, wanted))
    edited = run(experiment, recipe=recipe)
    assert_same_tensors(edited.weights(), plain.weights())
    assert edited.series == plain.series


def held(network: nn.Module, inputs: Tensor, wanted: bool) -> int:
    """Return how many bytes a pass forth keeps for the pass back, weights apart."""
    recompute(network, wanted)
    weights = {parameter.untyped_storage().data_ptr() for parameter in network.parameters()}
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    network.train()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        outputs = network(inputs)
    outputs.sum().backward()
    return sum(kept.values())


def built(kind: str, place: Path, **changes: Any) -> tuple[nn.Module, Tensor]:
    experiment = experiment_with(Family.every["architectures"][kind], place)
    experiment = experiment.replaced(architecture=experiment.architecture.replaced(**changes))
    assembly = assembled(experiment)
    rows = assembly.inputs["train"][:8]
    return assembly.model.network, rows.long() if rows.dtype == torch.int32 else rows


@pytest.mark.parametrize(
    ("kind", "changes", "share"),
    [
        ("transformer_encoder", {"layers": 6, "dropout": 0.1}, 0.25),
        ("resnet", {}, 0.7),
        ("mlp", {"hidden": [64] * 16, "normalization": "layer", "dropout": 0.1}, 0.5),
        ("lstm", {"layers": 4, "dropout": 0.1}, 0.5),
    ],
)
def test_that_a_pass_keeps_less(kind: str, changes: dict[str, Any], share: float, tmp_path: Path) -> None:
    network, inputs = built(kind, tmp_path, **changes)
    plain, less = held(network, inputs, False), held(network, inputs, True)
    assert less < share * plain


def test_that_a_chain_of_n_layers_is_cut_into_about_its_root() -> None:
    layers = [part for _ in range(16) for part in (nn.Linear(8, 8), nn.Tanh())]
    network, inputs = nn.Sequential(*layers), torch.ones(4, 8)
    # of 16 layers, four are kept: what goes into each segment
    assert held(network, inputs, True) == 4 * inputs.nbytes
    assert held(network, inputs, False) == 17 * inputs.nbytes


def test_that_running_statistics_count_a_step_once() -> None:
    network = nn.Sequential(nn.Linear(3, 4), BatchNorm(4), nn.ReLU())
    recompute(network, True)
    inputs = torch.randn(10, 3, generator=torch.Generator().manual_seed(1))
    network(inputs).sum().backward()
    mean = 0.1 * network[0](inputs).mean(0)
    torch.testing.assert_close(network[1].running_mean, mean.detach())


def test_that_nothing_is_left_of_it_where_it_is_taken_back() -> None:
    network = nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(4, 2))
    recompute(network, True)
    assert "forward" in vars(network)
    recompute(network, False)
    assert not any("forward" in vars(module) for module in network.modules())
