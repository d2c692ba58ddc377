"""A run whose numbers break goes back to its last good checkpoint, with a lower rate, and can be repeated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.edits import Recipe
from engine.events import Edited, Event, Measured, RunEnded, WentBack
from engine.learning.recovery import GoBack
from engine.training import learner as learning
from engine.training.assemble import Assembly
from engine.training.control import Control
from engine.training.loop import train
from tests.engine.training.support import MLP, assembled, assert_same_tensors, experiment_of, run

BACK = {"kind": "go_back", "factor": 0.1, "most": 8}


def wild(rate: float, kind: str = "adam", **recovery: Any) -> Any:
    values = {**MLP, "schedule": {"kind": "constant"}, "regularizers": []}
    training = {"epochs": 40, "batch_size": 32, "recovery": {**BACK, **recovery}}
    return experiment_of(values, optimizer={"kind": kind, "learning_rate": rate}, training=training)


class Told:
    """A run with all that it says and keeps, whose series are cut where it goes back."""

    def __init__(self, assembly: Assembly, recipe: Recipe, start: Any = None, earlier: Any = None) -> None:
        self.events: list[Event] = []
        self.checkpoints: list[Any] = []
        self.series: dict[str, dict[int, float]] = {}
        self.assembly, self.control = assembly, Control()
        for event in train(assembly, start, self.control, self.checkpoints.append, earlier or {}, recipe):
            self.events.append(event)
            self.hear(event)

    def hear(self, event: Event) -> None:
        if isinstance(event, WentBack):
            for name, values in self.series.items():
                self.series[name] = {at: one for at, one in values.items() if at <= event.step}
            self.checkpoints = [one for one in self.checkpoints if one.step <= event.step]
        if isinstance(event, Measured):
            for block in event.blocks:
                for index, value in enumerate(block.values.tolist()):
                    self.series.setdefault(block.series, {})[block.first + index * block.stride] = value

    @property
    def backs(self) -> list[WentBack]:
        return [event for event in self.events if isinstance(event, WentBack)]

    @property
    def ended(self) -> RunEnded:
        last = self.events[-1]
        assert isinstance(last, RunEnded)
        return last


@pytest.mark.parametrize("kind", ["adam", "momentum"])
def test_that_a_rate_that_is_far_too_high_comes_down_until_the_network_learns(kind: str) -> None:
    # past the bounds of the form: what a file says by hand is 10 at most
    experiment = wild(10.0, kind)
    recipe = Recipe(experiment)
    told = Told(assembled(experiment), recipe)
    assert told.ended.state == "finished"
    assert told.backs
    rates = [edit.value for event in told.events if isinstance(event, Edited) for edit in event.edits]
    assert rates == sorted(rates, reverse=True)
    loss = told.series["loss"]
    assert sorted(loss) == list(range(1, len(loss) + 1))
    last = np.mean([loss[step] for step in sorted(loss)[-20:]])
    assert last < 0.9 * loss[1]
    assert recipe.times_back == len(told.backs)


def test_that_a_run_that_went_back_is_its_recipe() -> None:
    experiment = wild(10.0)
    recipe = Recipe(experiment)
    told = Told(assembled(experiment), recipe)
    anew = run(experiment, recipe=Recipe(experiment, recipe.edits))
    assert not [event for event in anew.events if isinstance(event, WentBack)]
    assert told.series == anew.series
    assert_same_tensors(told.assembly.model.tensors(), anew.weights())
    assert told.ended.scores == anew.ended.scores


def planted(monkeypatch: pytest.MonkeyPatch, at: int, times: int, value: float = float("nan")) -> None:
    """Let the loss of step `at` (from 1) break so often."""
    left, note = [times], learning.Learner.note

    def broken(self: Any, number: int, loss: torch.Tensor) -> None:
        if self.step + 1 == at and left[0]:
            left[0] -= 1
            loss = torch.full_like(loss, value)
        note(self, number, loss)

    monkeypatch.setattr(learning.Learner, "note", broken)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_that_a_planted_break_goes_back_and_is_told(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    experiment = wild(0.01)
    planted(monkeypatch, 30, 1, value)
    recipe = Recipe(experiment)
    told = Told(assembled(experiment), recipe)
    (back,) = told.backs
    assert back.step < 30
    assert "step 30" in back.text
    assert "0.001" in back.text
    (edit,) = recipe.edits
    assert (edit.step, edit.setting, edit.value) == (back.step, "optimizer.learning_rate", 0.001)
    assert edit.because == (back.text,)
    assert told.ended.state == "finished"


def test_that_it_goes_back_as_often_as_it_may_and_then_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = wild(0.01, most=3)
    planted(monkeypatch, 30, 99)
    told = Told(assembled(experiment), Recipe(experiment))
    assert len(told.backs) == 3
    assert told.ended.state == "failed"
    assert "NaN at step 30" in told.ended.why


def test_that_a_break_ends_the_run_where_nobody_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = experiment_of(MLP, training={"epochs": 8, "batch_size": 32})
    planted(monkeypatch, 30, 1)
    ran = run(experiment)
    assert ran.ended.state == "failed"
    assert not [event for event in ran.events if isinstance(event, WentBack)]


def losses(count: int = 150, scale: float = 0.1) -> Any:
    return 1 + scale * np.random.default_rng(3).normal(size=count)


def test_that_a_leap_that_lasts_is_a_spike_and_one_batch_is_none() -> None:
    rule, calm = GoBack(), losses()
    assert rule.spike(calm, len(calm), 32) is None
    once, lasting = calm.copy(), calm.copy()
    once[140] = 1e6
    lasting[140:] = 50.0
    assert rule.spike(once, 20, 32) is None
    # the third of five makes their median high
    assert rule.spike(lasting, 20, 32) == 142
    assert GoBack(deviations=0).spike(lasting, 20, 32) is None


def test_that_the_threshold_is_the_formula() -> None:
    before = losses(100)
    middle = np.median(before)
    scale = max(1.4826 * np.median(np.abs(before - middle)), abs(middle) / 2)
    assert GoBack(deviations=7).threshold(before) == pytest.approx(middle + 7 * scale)


def test_that_small_batches_of_squares_are_no_spike() -> None:
    """Squares of normal numbers, a batch of one: the most scattered losses that are usual."""
    for seed in range(5):
        drawn = np.random.default_rng(seed).normal(size=4000) ** 2
        assert GoBack().spike(drawn, len(drawn), 1) is None
