"""Courses of momentum and weight decay: the values of each step by hand, and the steps of torch."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from typing import Any

import pytest
import torch
from torch import nn

from engine.choices import Invalid
from engine.randomness import derive
from engine.training.devices import seed_step
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.plan import Plan
from tests.engine.training.support import (
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    prepared_for,
    run,
)

PLAIN: Mapping[str, Any] = {**MLP, "regularizers": [], "schedule": {"kind": "constant"}}
STEPS = 20
FALLING = {"kind": "cosine", "warmup": 0, "floor": 0.1}


def fallen(step: int) -> float:
    """A half cosine from 1 to 0.1 over the run."""
    return 0.1 + 0.9 * (1 + cos(pi * step / STEPS)) / 2


MOMENTUM = [0.95 + (0.8 - 0.95) * fallen(step) for step in range(STEPS)]
DECAY = [0.4 + (0.04 - 0.4) * fallen(step) for step in range(STEPS)]
COURSES = [
    {"kind": "momentum", "schedule": FALLING, "other": 0.95},
    {"kind": "weight_decay", "schedule": FALLING, "other": 0.4},
]


@pytest.mark.parametrize("kind", ["adamw", "momentum"])
def test_that_a_run_is_that_of_torch_whose_settings_are_set_at_each_step(kind: str) -> None:
    adam = kind == "adamw"
    chosen = {"kind": kind, "learning_rate": 0.004}
    chosen |= {"beta1": 0.8, "weight_decay": 0.04} if adam else {"momentum": 0.8}
    courses = COURSES if adam else COURSES[:1]
    assembly = assembled(experiment_of(PLAIN, optimizer=chosen, courses=courses))
    twin = assembled(experiment_of(PLAIN)).model.network
    matrices = [one for one in twin.parameters() if one.dim() >= 2]
    others = [one for one in twin.parameters() if one.dim() < 2]
    groups = [{"params": matrices}, {"params": others, "weight_decay": 0.0}]
    made: Any = torch.optim.AdamW if adam else torch.optim.SGD
    theirs = made(groups, lr=0.004)
    learner = Learner(assembly)
    for step in range(STEPS):
        for group in theirs.param_groups:
            group["betas" if adam else "momentum"] = (MOMENTUM[step], 0.999) if adam else MOMENTUM[step]
        if adam:
            theirs.param_groups[0]["weight_decay"] = DECAY[step]
        batch = learner.batch()
        seed_step(learner.device, derive(learner.seed, "step", step))
        loss = nn.functional.cross_entropy(twin(batch.inputs), batch.targets)
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        take_step(learner)
    for ours, other in zip(assembly.model.network.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, other, rtol=2e-4, atol=2e-6)


def test_that_what_follows_a_course_is_told_as_the_learning_rate_is() -> None:
    optimizer = {"kind": "adamw", "beta1": 0.8, "weight_decay": 0.04}
    ran = run(experiment_of(PLAIN, optimizer=optimizer, courses=COURSES))
    for name, expected in (("momentum", MOMENTUM), ("weight_decay", DECAY)):
        assert list(ran.series[name]) == list(range(1, STEPS + 1))
        assert list(ran.series[name].values()) == pytest.approx(expected, rel=1e-6)
    assert "momentum" not in run(experiment_of(PLAIN, optimizer=optimizer)).series


def test_that_a_constant_course_changes_no_bit() -> None:
    optimizer = {"kind": "adamw", "weight_decay": 0.5}
    steady = [{"kind": "weight_decay", "schedule": {"kind": "constant"}}]
    one, other = (run(experiment_of(PLAIN, optimizer=optimizer, courses=some)) for some in ([], steady))
    del other.series["weight_decay"]
    assert_same(one, other)


def test_that_a_run_with_courses_and_groups_goes_on_exactly_from_any_checkpoint() -> None:
    listening = {"kind": "plateau", "patience": 0, "ratio": 0.5, "improvement": 0.5}
    courses = [COURSES[0], {"kind": "weight_decay", "schedule": listening, "other": 0.2}]
    groups = [{"kind": "depth", "factor": 0.7}, {"kind": "biases", "decay": 0.5}]
    chosen = experiment_of(MLP, optimizer={"kind": "adamw"}, courses=courses, groups=groups)
    control, heard = by_hand(3)
    whole = run(chosen, control=control, heard=heard)
    assert len(whole.checkpoints) > 3
    for middle in whole.checkpoints[:-1]:
        again = run(chosen, start=middle, earlier=whole.epochs)
        assert_same(whole, again, since=middle.step)
    assert len(set(whole.series["weight_decay"].values())) > 1


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"optimizer": {"kind": "gradient_descent"}, "courses": COURSES[:1]}, "courses.0.kind", "take an"),
        ({"optimizer": {"kind": "adam"}, "courses": COURSES[1:]}, "courses.0.kind", "adamw"),
        ({"optimizer": {"kind": "adamw"}, "courses": [COURSES[0]] * 2}, "courses.1.kind", "remove one"),
    ],
)
def test_that_courses_of_nothing_are_refused(changes: Mapping[str, Any], path: str, words: str) -> None:
    chosen = experiment_of(PLAIN, **changes)
    with pytest.raises(Invalid) as caught:
        Plan(chosen, prepared_for(chosen))
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in problem.message
