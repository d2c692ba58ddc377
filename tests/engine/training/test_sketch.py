"""Sketches tell a network's layers and cost without making it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
import torch

from engine.choices import Family
from engine.data.description import Description, Inputs, Targets
from engine.events import LayerSort
from engine.experiment import Experiment
from engine.networks.sequences.attention import capturing
from engine.training.devices import pick
from engine.training.model import build_model
from engine.training.sketch import sketch
from tests.engine.training.support import CNN, MLP, experiment_of, prepared_for

VECTOR, IMAGE = Inputs("vector", (7,)), Inputs("image", (3, 16, 16))
SERIES, TOKENS = Inputs("series", (20, 3), ("a", "b", "c")), Inputs("tokens", (20,), (), 30)
CLASSES = Targets("classes", ("class",), ("a", "b", "c"))
TEXT = Targets("tokens", ("text",), length=20, vocabulary=30)
ASKED: dict[str, tuple[str, Targets]] = {
    "example": ("classification", CLASSES),
    "place": ("tagging", Targets("tags", ("tag",), ("O", "B-x", "I-x"), length=20)),
    "next": ("language_modelling", TEXT),
    "translation": ("translation", replace(TEXT, kind="translation", length=12)),
}
"""A task for every form of outputs, and what it predicts."""


def facts(inputs: Inputs, targets: Targets = CLASSES) -> Description:
    return Description(inputs, targets, 100, 50, 50)


SKETCHED = [
    (experiment, description)
    for kind in Family.every["architectures"]
    for task, targets in ASKED.values()
    for inputs in (VECTOR, IMAGE, SERIES, TOKENS)
    for experiment in (experiment_of({}, architecture={"kind": kind}, task={"kind": task}),)
    for description in (facts(inputs, targets),)
    if not experiment.problems(description)
]
"""Every architecture with all inputs and outputs that it takes."""


def test_that_every_architecture_is_sketched_for_some_task() -> None:
    assert {experiment.architecture.kind for experiment, _ in SKETCHED} == set(Family.every["architectures"])


@pytest.mark.parametrize(
    ("experiment", "description"),
    SKETCHED,
    ids=[f"{one.architecture.kind}-{found.inputs.kind}-{one.task.form}" for one, found in SKETCHED],
)
def test_that_a_sketch_has_the_parameters_and_outputs_of_the_network(
    experiment: Experiment, description: Description
) -> None:
    layers = sketch(experiment, description)
    network = build_model(experiment, description, pick("cpu")).network
    assert sum(layer.parameters for layer in layers) == sum(p.numel() for p in network.parameters())
    outputs = experiment.outputs(description)
    assert layers[-1].shape == ((outputs.length, outputs.size) if outputs.length else (outputs.size,))
    names = dict(network.named_modules())
    assert all(layer.name in names for layer in layers)


@pytest.mark.parametrize("values", [MLP, CNN])
def test_that_a_sketch_draws_no_random_number(values: dict[str, Any]) -> None:
    experiment = experiment_of(values)
    description = prepared_for(experiment).description
    torch.manual_seed(2)
    state = torch.get_rng_state()
    sketch(experiment, description)
    assert torch.equal(torch.get_rng_state(), state)


def test_that_shapes_words_and_multiplications_are_those_of_the_layers() -> None:
    architecture = {"kind": "cnn", "channels": [4], "kernel": 3, "dense": [10], "dropout": 0.25}
    layers = {
        layer.what: layer for layer in sketch(experiment_of({}, architecture=architecture), facts(IMAGE))
    }
    convolution = layers["Convolution 3×3, 4"]
    assert convolution.shape == (4, 16, 16)
    assert convolution.parameters == 3 * 4 * 9 + 4
    assert convolution.multiply_adds == 16 * 16 * 4 * 27
    assert layers["Max pooling 2×2"].shape == (4, 8, 8)
    dense = layers["Fully connected, 10"]
    assert (dense.parameters, dense.multiply_adds) == (256 * 10 + 10, 2560)
    assert layers["Dropout 0.25"].shape == (10,)


def test_that_a_module_of_ours_says_itself_what_it_is() -> None:
    architecture = {"kind": "cnn", "channels": [4], "pooling": "min"}
    layers = sketch(experiment_of({}, architecture=architecture), facts(IMAGE))
    assert "Min pooling 2×2" in [layer.what for layer in layers]


def test_that_every_layer_that_multiplies_weights_says_what_sort_it_is() -> None:
    """A layer without a sort is drawn without a colour; sorts that nobody knows are drawn as that, too."""
    layers = {layer for experiment, description in SKETCHED for layer in sketch(experiment, description)}
    assert {layer.sort for layer in layers} == set(get_args(LayerSort))
    assert not {layer.what for layer in layers if layer.multiply_adds and layer.sort == "other"}


def test_that_multiplications_are_those_torch_counts() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    experiment = experiment_of({}, architecture={"kind": "cnn", "channels": [4, 8], "dense": [10]})
    network = build_model(experiment, facts(IMAGE), pick("cpu")).network
    with FlopCounterMode(display=False) as counter:
        network.eval()(torch.zeros(1, *IMAGE.shape))
    assert (
        2 * sum(layer.multiply_adds for layer in sketch(experiment, facts(IMAGE)))
        == counter.get_total_flops()
    )


@pytest.mark.parametrize(
    ("kind", "form"),
    [("transformer_encoder", "example"), ("transformer_decoder", "next"), ("transformer", "translation")],
)
def test_that_multiplications_of_attention_are_those_torch_counts(kind: str, form: str) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    task, targets = ASKED[form]
    pooling = {"pooling": "attention"} if form == "example" else {}
    experiment = experiment_of({}, architecture={"kind": kind, **pooling}, task={"kind": task})
    description = facts(TOKENS, targets)
    network = build_model(experiment, description, pick("cpu")).network
    with capturing(network), FlopCounterMode(display=False) as counter:  # the plain way, whose steps it knows
        network.eval()(torch.ones((1, *TOKENS.shape), dtype=torch.int64))
    found = sketch(experiment, description)
    assert 2 * sum(layer.multiply_adds for layer in found) == counter.get_total_flops()
    assert any(layer.what == "Attention, 4 heads" for layer in found)


def test_that_nothing_is_allocated_for_a_network_larger_than_memory() -> None:
    experiment = experiment_of({}, architecture={"kind": "mlp", "hidden": [16384] * 100})
    layers = sketch(experiment, facts(VECTOR))
    assert sum(layer.parameters for layer in layers) > 2 * 10**10
