"""Examples drawn by their classes: how often, and the same in every process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.batches import drawn
from engine.training.learner import Learner
from tests.engine.every import choices
from tests.engine.training.support import (
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    made_of,
    run,
)

COUNTS = [900, 90, 10]
SHARES: dict[str, list[float]] = {
    "each_once": [0.9, 0.09, 0.01],
    "balanced": [1 / 3, 1 / 3, 1 / 3],
    "weighted": [0.5, 0.5, 0.0],
}
WEIGHTED = {"kind": "weighted", "shares": [2, 2, 0]}


def data() -> Any:
    targets = np.repeat([0, 1, 2], COUNTS)
    # what a row holds says which it is
    return made_of(np.arange(1003.0)[:, None] * np.ones(2), np.r_[targets, [0, 1, 2]], 3, classes=3)


def learner_of(kind: str, batch_size: Any = 100) -> Learner:
    sampling = WEIGHTED if kind == "weighted" else {"kind": kind}
    training = {"epochs": 4, "batch_size": batch_size, "sampling": sampling}
    experiment = experiment_of({"seed": 3, "architecture": {"kind": "linear"}, "training": training})
    return Learner(assembled(experiment, data()))


def test_that_every_way_of_sampling_is_tried_here() -> None:
    assert set(SHARES) == {choice.kind for choice in choices("sampling")}


@pytest.mark.parametrize("batch_size", [100, "all"])
@pytest.mark.parametrize("kind", SHARES)
def test_that_classes_are_met_as_often_as_said(kind: str, batch_size: Any) -> None:
    learner = learner_of(kind, batch_size)
    steps = 4 * learner.timetable.end(1)
    rows, seen = [], []
    for learner.step in range(steps):
        batch = learner.batch()
        rows += batch.inputs[:, 0].tolist()
        seen += batch.targets.tolist()
    assert len(seen) == 4000
    found = np.bincount(seen, minlength=3) / 4000
    # four standard deviations of 4,000 draws
    np.testing.assert_allclose(found, SHARES[kind], atol=0.032)
    if kind == "each_once":
        assert sorted(rows[:1000]) == list(range(1000))
    else:
        # within a class every example is as likely as any other
        ninety = np.bincount(np.array(rows, int), minlength=1000)[900:990]
        assert ninety.min() > 0
        assert ninety.max() < 4 * ninety.mean()
        assert rows[:1000] != rows[1000:2000]


def test_that_draws_are_those_of_the_inverse_of_the_distribution() -> None:
    chances = np.array([0.0, 3.0, 0.0, 1.0])
    found = np.concatenate([np.concatenate(drawn(chances, 3, 1, epoch)) for epoch in range(1000)])
    assert set(found.tolist()) == {1, 3}
    assert (found == 1).mean() == pytest.approx(0.75, abs=0.03)
    assert [len(batch) for batch in drawn(chances, 3, 1, 0)] == [3, 1]


def test_that_a_run_gone_on_with_draws_the_same() -> None:
    training = {**MLP["training"], "sampling": {"kind": "balanced"}}
    experiment = experiment_of({**MLP, "training": training})
    whole = run(experiment)
    control, heard = by_hand(7)
    watched = run(experiment, control=control, heard=heard)
    middle = next(one for one in watched.checkpoints if one.step == 7)
    on = run(experiment, start=type(middle).from_bytes(middle.to_bytes()), earlier=whole.epochs)
    assert_same(whole, on, since=7)


@pytest.mark.parametrize(("shares", "words"), [([1], "3 classes"), ([0, 0, 0], "all be 0")])
def test_that_shares_that_fit_no_classes_are_refused(shares: list[float], words: str) -> None:
    training = {"sampling": {"kind": "weighted", "shares": shares}}
    with pytest.raises(Invalid) as raised:
        assembled(experiment_of({"architecture": {"kind": "linear"}, "training": training}), data())
    (problem,) = raised.value.problems
    assert problem.path == "training.sampling.shares"
    assert words in problem.message


def test_that_numbers_are_not_drawn_by_classes() -> None:
    training = {"sampling": {"kind": "balanced"}}
    experiment = experiment_of({"task": {"kind": "regression"}, "training": training})
    assert "training.sampling.kind" in [problem.path for problem in experiment.problems()]
