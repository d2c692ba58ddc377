"""Weights that are judged and kept, where they are means of those that are stepped."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pytest
import torch

from engine.learning.averaging import RunProgress
from engine.networks.normalization import BatchNorm
from tests.engine.every import choices, example, label
from tests.engine.training.support import CNN, MLP, Ran, assert_same, by_hand, experiment_of, run

LAST = {"epochs": 4, "batch_size": 32, "keep": "last"}
"""20 steps, 5 an epoch."""
WAYS: list[dict[str, Any]] = [
    *(
        {"training": {**LAST, "averaging": {"kind": kind}}}
        for kind in ("exponential", "stochastic", "polyak")
    ),
    {"training": {**LAST, "averaging": {"kind": "stochastic", "begin": 0.3}}},
    {"training": LAST, "optimizer": {"kind": "asgd", "begin": 3}},
    {"training": LAST, "optimizer": {"kind": "schedule_free"}},
    {"training": {**LAST, "averaging": {"kind": "polyak"}}, "optimizer": {"kind": "schedule_free_adamw"}},
]
every_way = pytest.mark.parametrize("way", WAYS, ids=str)


def step_by_step(values: dict[str, Any]) -> tuple[Ran, list[torch.Tensor]]:
    """Run with a pause after each step; also return the weights after each."""
    control, heard = by_hand()
    ran = run(experiment_of(values), control=control, heard=heard)
    by_step = {one.step: one.tensors["parameters"].double() for one in ran.checkpoints}
    return ran, [by_step[step] for step in sorted(by_step)]


MEANS = {
    "exponential": lambda stepped: _running(stepped),
    "stochastic": lambda stepped: torch.stack(stepped[15::5]).mean(0),
    "polyak": lambda stepped: torch.stack(stepped[11:]).mean(0),
}


def _running(stepped: list[torch.Tensor]) -> torch.Tensor:
    mean = stepped[0]
    for step, weights in enumerate(stepped[1:], 1):
        memory = min(0.99, (1 + step) / (10 + step))
        mean = memory * mean + (1 - memory) * weights
    return mean


@pytest.mark.parametrize("kind", MEANS)
def test_that_the_mean_is_that_of_the_formula(kind: str) -> None:
    values = {**MLP, "training": {**LAST, "averaging": {"kind": kind}}}
    ran, stepped = step_by_step(values)
    # the control needs a first word before step 0, so the start is not among what was saved
    begin = run(experiment_of({**MLP, "optimizer": {"kind": "adam", "learning_rate": 1e-12}})).last
    wanted = MEANS[kind]([begin.tensors["parameters"].double(), *stepped][-21:])
    found = ran.assembly.flat.parameters.double()
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-6)
    assert not torch.allclose(found, stepped[-1], rtol=1e-3, atol=1e-4)


def progress(step: int, steps: int) -> RunProgress:
    """Return how far a run with epochs of ten steps is."""
    return RunProgress(step, steps, step // 10, steps // 10, step % 10 == 0)


def test_that_every_mean_is_tried_here() -> None:
    assert {*MEANS, "none"} == {choice.kind for choice in choices("averaging")}


@pytest.mark.parametrize("choice", choices("averaging"), ids=label)
def test_that_shares_are_shares_and_the_beginning_is_no_part_of_a_mean(choice: Any) -> None:
    one = example(choice)
    shares = [one.share(progress(step, 300)) for step in range(1, 301)]
    assert all(0 <= share <= 1 for share in shares)
    left = np.prod([1 - share for share in shares])
    assert left < 1e-2


def test_that_a_share_of_the_run_begins_with_the_step_that_a_person_would_count() -> None:
    # 0.55 · 100 is more than 55 in binary numbers
    polyak = example({one.kind: one for one in choices("averaging")}["polyak"], begin=0.55)
    assert ceil(0.55 * 100) == 56
    assert [polyak.share(progress(step, 100)) for step in (55, 56, 57)] == [1, 1, 0.5]


@pytest.mark.parametrize("way", [way for way in WAYS if "averaging" in way["training"]], ids=str)
def test_that_training_itself_goes_on_as_without_a_mean(way: dict[str, Any]) -> None:
    with_mean = run(experiment_of({**MLP, **way}))
    plain = run(experiment_of({**MLP, **way, "training": LAST}))
    assert with_mean.series["loss"] == plain.series["loss"]
    assert torch.equal(with_mean.last.tensors["parameters"], plain.last.tensors["parameters"])
    if "optimizer" not in way:
        assert with_mean.series["validation.loss"] != plain.series["validation.loss"]


@every_way
@pytest.mark.parametrize("values", [MLP, {**CNN, "seed": 4}], ids=["mlp", "cnn"])
def test_that_a_run_gone_on_with_keeps_the_same_means(values: dict[str, Any], way: dict[str, Any]) -> None:
    experiment = experiment_of({**values, **way})
    whole = run(experiment)
    control, heard = by_hand(7)
    watched = run(experiment, control=control, heard=heard)
    assert_same(whole, watched)
    middle = next(one for one in watched.checkpoints if one.step == 7)
    on = run(experiment, start=type(middle).from_bytes(middle.to_bytes()), earlier=whole.epochs)
    assert_same(whole, on, since=7)


@every_way
@pytest.mark.parametrize("keep", ["best", "last"])
def test_that_what_is_kept_is_what_was_scored(way: dict[str, Any], keep: str) -> None:
    ran = run(experiment_of({**MLP, **way, "training": {**way["training"], "keep": keep}}))
    losses = list(ran.series["validation.loss"].values())
    wanted = min(losses) if keep == "best" else losses[-1]
    assert ran.ended.scores["validation"]["loss"] == pytest.approx(wanted, rel=1e-5)


@every_way
def test_that_batch_normalization_knows_the_weights_that_are_kept(way: dict[str, Any]) -> None:
    ran = run(experiment_of({**CNN, **way}))
    network = ran.assembly.model.network
    first = next(module for module in network.modules() if isinstance(module, BatchNorm))
    received: list[torch.Tensor] = []
    first.register_forward_pre_hook(lambda module, given: received.append(given[0]))
    network.eval()
    with torch.no_grad():
        network(ran.assembly.inputs["train"])
    # all examples at once: the mean and the unbiased variance over examples and places
    seen = received[0].double().transpose(0, 1).flatten(1)
    torch.testing.assert_close(first.running_mean.double(), seen.mean(1), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(first.running_var.double(), seen.var(1), rtol=1e-4, atol=1e-5)
    assert first.momentum == 0.1
