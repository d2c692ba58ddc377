"""Forecasts learnt as changes: a network that says nothing repeats the season, in the units of the data."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.data.about import About
from engine.data.description import Targets
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.sample import Sample
from engine.data.series.raw import Timeline
from engine.data.split import Split
from engine.learning.losses.numbers import GaussianLikelihood, MeanSquared
from engine.tasks.forecasting import Forecasting
from engine.tasks.task import Batch


class Constant(nn.Module):
    """Puts out the same number everywhere."""

    def __init__(self, value: float, size: int) -> None:
        super().__init__()
        self.value, self.size = value, size

    def forward(self, inputs: Tensor) -> Tensor:
        """Return (B, size)."""
        return torch.full((len(inputs), self.size), self.value)


def test_that_no_change_is_the_value_one_season_before_and_one_is_the_usual_change_more() -> None:
    made = prepare(
        Sample(name="temperatures", history=30, horizon=26), Split(), Preprocessing(), "numbers", 0
    )
    assert isinstance(made.raw, Timeline)
    facts = made.description.targets
    task, inputs = Forecasting(forecast="change"), torch.from_numpy(made.test.inputs)
    still = task.predict(Constant(0.0, 26), inputs, MeanSquared(), facts).numpy()
    first = made.test.rows[7]
    course = made.raw.values[:, 0]
    wanted = [course[first + step - 24 * (step // 24 + 1)] for step in range(26)]
    np.testing.assert_allclose(made.preprocessor.read_targets(still[7:8])[0], wanted, rtol=1e-5)
    more = task.predict(Constant(1.0, 26), inputs, MeanSquared(), facts).numpy()
    np.testing.assert_allclose(more - still, np.broadcast_to(facts.spread, more.shape), rtol=1e-3)
    batch = Batch(inputs, torch.from_numpy(made.test.targets), facts)
    np.testing.assert_array_equal(task.answer(Constant(0.0, 26), batch)[0].numpy(), still)


def test_that_the_spread_is_the_usual_distance_to_the_season_before_in_training() -> None:
    made = prepare(Sample(name="temperatures"), Split(), Preprocessing(), "numbers", 0)
    facts = made.description.targets
    before = made.train.inputs.reshape(len(made.train), -1)[:, list(facts.reference)].astype(np.float64)
    np.testing.assert_allclose(
        facts.spread, np.sqrt(np.mean((made.train.targets - before) ** 2, axis=0)), rtol=1e-5
    )


@pytest.mark.parametrize(("forecast", "count"), [("value", 0), ("change", 1)])
def test_that_a_history_without_a_season_is_a_problem_for_changes_alone(forecast: str, count: int) -> None:
    task = Forecasting.model_validate({"forecast": forecast})
    short = Targets("numbers", ("a +1",), (), (0.0,), (1.0,))
    assert len(task.problems(About(targets=short))) == count
    assert all(problem.path == "forecast" for problem in task.problems(About(targets=short)))


def test_that_a_loss_with_variances_leaves_them_alone_where_changes_are_learnt() -> None:
    made = prepare(Sample(name="temperatures"), Split(), Preprocessing(), "numbers", 0)
    facts, inputs = made.description.targets, torch.from_numpy(made.test.inputs)
    task, loss = Forecasting(forecast="change"), GaussianLikelihood()
    network = Constant(0.5, loss.outputs(facts))
    outputs, _ = task.answer(network, Batch(inputs, torch.from_numpy(made.test.targets), facts))
    assert (outputs[:, facts.size :] == 0.5).all()
    plain = task.predict(Constant(0.5, facts.size), inputs, MeanSquared(), facts)
    assert torch.equal(task.predict(network, inputs, loss, facts), plain)
