"""Parameter groups: rates and decays by layer, against torch's own groups and by what any rule must keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import nn

from engine.choices import Invalid
from engine.experiment import Experiment
from engine.learning.optimizers.optimizer import Optimizer
from engine.randomness import derive
from engine.training.devices import seed_step
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.plan import Plan
from tests.engine.every import choices, example
from tests.engine.training.support import CNN, MLP, assembled, assert_same, experiment_of, prepared_for, run
from tests.engine.training.test_edits import assert_repeats
from tests.engine.training.test_live_settings import NETWORKS

NORMED: Mapping[str, Any] = {
    **MLP,
    "architecture": {"kind": "mlp", "hidden": [16, 16, 16], "dropout": 0.2, "normalization": "layer"},
    "regularizers": [],
}
BY_LAYER = [one for one in choices("optimizers") if example(one).rates_by_layer]
FLAT = {"kind": "constant"}
FOUR = [
    {"kind": "biases", "rate": 2.0, "decay": 0.25},
    {"kind": "head", "rate": 10.0, "decay": 3.0},
    {"kind": "depth", "factor": 0.5},
    {"kind": "backbone", "rate": 0.3, "decay": 0.5},
]


def by_hand(name: str) -> tuple[float, float]:
    """The factors of `FOUR` on rate and decay of a parameter of NORMED, worked out from its name."""
    layer = 3 if name.startswith("output") else int(name[len("hidden_")]) - 1
    rate, decay = 0.5 ** (3 - layer), 1.0
    if name.endswith("bias") or ".normalization." in name:
        rate, decay = rate * 2.0, decay * 0.25
    return (rate * 10.0, decay * 3.0) if layer == 3 else (rate * 0.3, decay * 0.5)


@pytest.mark.parametrize(
    ("chosen", "made"),
    [
        (
            {"kind": "gradient_descent", "learning_rate": 0.02},
            lambda groups: torch.optim.SGD(groups, lr=0.02),
        ),
        (
            {"kind": "momentum", "learning_rate": 0.002, "momentum": 0.8},
            lambda groups: torch.optim.SGD(groups, lr=0.002, momentum=0.8),
        ),
        (
            {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.3},
            lambda groups: torch.optim.AdamW(groups, lr=0.002, weight_decay=0.3),
        ),
    ],
    ids=["gradient_descent", "momentum", "adamw"],
)
def test_that_a_run_is_that_of_torch_with_its_own_parameter_groups(chosen: Any, made: Any) -> None:
    decays = "weight_decay" in chosen
    # without a decay there is nothing to be multiplied, and a factor is refused
    groups = [{name: value for name, value in group.items() if decays or name != "decay"} for group in FOUR]
    assembly = assembled(experiment_of(NORMED, optimizer=chosen, groups=groups, schedule=FLAT))
    twin = assembled(experiment_of(NORMED)).model.network
    theirs = made(
        [
            {
                "params": [parameter],
                "lr": chosen["learning_rate"] * by_hand(name)[0],
                **({"weight_decay": chosen["weight_decay"] * by_hand(name)[1]} if decays else {}),
            }
            for name, parameter in twin.named_parameters()
        ]
    )
    learner = Learner(assembly)
    for step in range(20):
        batch = learner.batch()
        seed_step(learner.device, derive(learner.seed, "step", step))
        loss = nn.functional.cross_entropy(twin(batch.inputs), batch.targets)
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        take_step(learner)
    for (name, ours), other in zip(assembly.model.network.named_parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, other, rtol=2e-4, atol=2e-6, msg=name)


@pytest.mark.parametrize("choice", BY_LAYER, ids=lambda choice: choice.kind)
def test_that_all_layers_at_half_the_rate_are_half_the_rate(choice: type[Optimizer]) -> None:
    rule = example(choice)
    half = rule.replaced(learning_rate=rule.learning_rate / 2)
    grouped = [{"kind": "head", "rate": 0.5}, {"kind": "backbone", "rate": 0.5}]
    ends = []
    for optimizer, groups in ((rule, grouped), (half, [])):
        chosen = experiment_of({**NORMED, "groups": groups}).replaced(optimizer=optimizer)
        assembly = assembled(chosen)
        learner = Learner(assembly)
        for _ in range(6):
            take_step(learner)
        ends.append(assembly.flat.parameters)
    # loosely where the shape of many small numbers is worked out anew, as roots of matrices
    rough = 100 if choice.kind in ("shampoo", "soap", "muon") else 1
    torch.testing.assert_close(*ends, rtol=1e-4 * rough, atol=1e-5 * rough)


@pytest.mark.parametrize("choice", BY_LAYER, ids=lambda choice: choice.kind)
def test_that_layers_with_a_rate_of_0_stay_and_the_others_learn(choice: type[Optimizer]) -> None:
    chosen = experiment_of({**NORMED, "groups": [{"kind": "backbone", "rate": 0}]})
    assembly = assembled(chosen.replaced(optimizer=example(choice)))
    before = assembly.flat.parameters.clone()
    learner = Learner(assembly)
    for _ in range(4):
        take_step(learner)
    for place in assembly.flat.layout:
        same = torch.equal(place.of(before), place.of(assembly.flat.parameters))
        assert same != place.name.startswith("output"), place.name


def test_that_factors_of_1_change_no_bit() -> None:
    optimizer = {"kind": "adamw", "weight_decay": 0.1}
    neutral = [{"kind": "biases"}, {"kind": "head", "rate": 1.0}, {"kind": "depth", "factor": 1.0}]
    one, other = (run(experiment_of(NORMED, optimizer=optimizer, groups=groups)) for groups in ([], neutral))
    assert_same(one, other)


def test_that_biases_shrink_only_where_a_group_says_so() -> None:
    optimizer = {"kind": "adamw", "learning_rate": 0.01, "weight_decay": 0.5}
    ends = {}
    for decay in (0.0, 1.0):
        groups = [{"kind": "biases", "decay": decay}]
        assembly = assembled(experiment_of(NORMED, optimizer=optimizer, groups=groups, schedule=FLAT))
        gain = next(one for one in assembly.flat.layout if one.name.endswith("normalization.weight"))
        learner = Learner(assembly)
        take_step(learner)
        ends[decay] = gain.of(assembly.flat.parameters).clone()
    # gains start at 1: the difference is the rate times the decay times 1
    torch.testing.assert_close(
        ends[0.0] - ends[1.0], torch.full_like(ends[0.0], 0.01 * 0.5), rtol=0.05, atol=1e-5
    )


DEPTHS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, int]]] = {
    "mlp": (
        NORMED,
        {
            "hidden_1.linear.weight": 3,
            "hidden_1.normalization.weight": 3,
            "hidden_3.linear.bias": 1,
            "output.weight": 0,
        },
    ),
    "cnn": (
        CNN,
        {
            "convolution_1.convolution.weight": 3,
            "convolution_2.normalization.bias": 2,
            "dense_1.linear.weight": 1,
            "output.bias": 0,
        },
    ),
    "resnet": (
        {**CNN, "architecture": {"kind": "resnet", "blocks": [1, 1], "width": 4}},
        {
            "conv1.weight": 3,
            "bn1.weight": 3,
            "layer1.0.conv1.weight": 2,
            "layer1.0.bn2.bias": 2,
            "layer2.0.downsample.0.weight": 1,
            "fc.weight": 0,
        },
    ),
    "lstm": (
        NETWORKS["lstm"],
        {
            "body.layer_1.ahead.weight_ih": 2,
            "body.layer_1.ahead.bias_hh": 2,
            "body.layer_2.ahead.weight_hh": 1,
            "output.weight": 0,
        },
    ),
    "transformer": (
        {**NETWORKS["transformer"], "architecture": {**NETWORKS["transformer"]["architecture"], "layers": 2}},
        {
            "embedding.weight": 3,
            "body.block_1.attention.query.weight": 2,
            "body.block_1.feed_forward.shrink.weight": 2,
            "body.block_2.attention_norm.weight": 1,
            "body.normalization.weight": 1,
            "output.weight": 0,
        },
    ),
}


@pytest.mark.parametrize(("values", "expected"), DEPTHS.values(), ids=DEPTHS)
def test_how_many_layers_or_blocks_follow(values: Mapping[str, Any], expected: Mapping[str, int]) -> None:
    layout = {place.name: place for place in assembled(experiment_of(values)).flat.layout}
    assert {name: layout[name].above for name in expected} == expected
    heads = {name for name, place in layout.items() if place.head}
    assert heads == {name for name, above in expected.items() if above == 0} | {
        name for name in layout if name.startswith(("output", "fc"))
    }


def test_that_attention_and_embeddings_are_known_by_their_layers() -> None:
    layout = assembled(experiment_of(NETWORKS["transformer"])).flat.layout
    sorts = {place.name: place.layer for place in layout}
    assert sorts["embedding.weight"] == "embedding"
    assert sorts["body.block_1.attention.query.weight"] == "attention"
    assert sorts["body.block_1.feed_forward.expand.weight"] == "dense"


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        (
            {"optimizer": {"kind": "lbfgs"}, "groups": [{"kind": "head"}]},
            "groups.0.rate",
            "L-BFGS moves all layers",
        ),
        (
            {"optimizer": {"kind": "prodigy"}, "groups": [{"kind": "depth"}]},
            "groups.0.factor",
            "Prodigy moves all",
        ),
        (
            {"optimizer": {"kind": "adam"}, "groups": [{"kind": "head", "decay": 2.0}]},
            "groups.0.decay",
            "Adam has no weight decay",
        ),
    ],
)
def test_that_what_an_optimizer_cannot_do_is_refused_with_a_way_out(
    changes: Mapping[str, Any], path: str, words: str
) -> None:
    chosen = experiment_of(NORMED, **changes)
    with pytest.raises(Invalid) as caught:
        Plan(chosen, prepared_for(chosen))
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in problem.message
    assert "adamw" in problem.message


def test_that_a_group_of_layers_that_are_not_there_is_refused() -> None:
    chosen: Experiment = experiment_of(NORMED, groups=[{"kind": "embeddings"}])
    with pytest.raises(Invalid, match="has none of; remove it") as caught:
        assembled(chosen)
    assert [problem.path for problem in caught.value.problems] == ["groups.0.kind"]


def test_that_groups_and_frozen_layers_go_together() -> None:
    frozen = {"freeze": "named", "frozen": ["hidden_1"]}
    groups = [{"kind": "depth", "factor": 0.5}, {"kind": "head", "rate": 3.0}]
    chosen = experiment_of(NORMED, start=frozen, groups=groups, optimizer={"kind": "adamw"})
    assembly = assembled(chosen)
    before = assembly.model.tensors()
    learner = Learner(assembly)
    for _ in range(3):
        take_step(learner)
    after = assembly.model.tensors()
    assert {name for name in before if torch.equal(before[name], after[name])} == {
        name for name in before if name.startswith("hidden_1.")
    }
    # what is frozen is a layer all the same: the depths of the others stay
    assert {place.name: place.above for place in assembly.flat.layout}["hidden_2.linear.weight"] == 2


def test_that_numbers_of_groups_and_courses_change_in_a_run_and_are_repeated() -> None:
    chosen = experiment_of(
        MLP, optimizer={"kind": "adamw"}, groups=[{"kind": "depth"}], courses=[{"kind": "momentum"}]
    )
    moves = {
        4: {"groups.0.factor": 0.3},
        9: {"courses.0.other": 0.5, "courses.0.schedule": {"kind": "cosine"}},
        14: {"groups": []},
    }
    live = assert_repeats(chosen, moves)
    assert not torch.equal(live.last.tensors["parameters"], run(chosen).last.tensors["parameters"])
