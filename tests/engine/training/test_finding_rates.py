"""The learning-rate range test: what it finds on losses that are known, and that it leaves no trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Choice, Invalid
from engine.edits import Recipe
from engine.events import Event, Measured
from engine.training.control import Control
from engine.training.finding.rates import try_rates
from engine.training.finding.tried import RatesTried, Span
from tests.engine.every import choices, label
from tests.engine.training.support import CNN, MLP, assembled, assert_same, experiment_of, made_of, run

BOWL = {
    "task": {"kind": "regression"},
    "architecture": {"kind": "linear"},
    "split": {"train": 1, "validation": 0, "test": 0},
    "optimizer": {"kind": "gradient_descent"},
    "training": {"epochs": 1, "batch_size": "all"},
}


def bowl(*scales: float) -> Any:
    """Return data of which the mean squared error has the curvature 2 s² along each weight."""
    drawn = np.random.default_rng(2).normal(size=(60, len(scales)))
    # no mean, no correlation: the bias is right at first and stays so
    inputs = np.linalg.qr(drawn - drawn.mean(0))[0] * np.sqrt(len(drawn)) * scales
    return made_of(inputs, (inputs @ np.full((len(scales), 1), 3.3)).astype(np.float32))


@pytest.mark.parametrize("scale", [1.0, 3.0, 0.6])
def test_that_gradient_descent_diverges_where_the_formula_says(scale: float) -> None:
    """Of a quadratic loss of the curvature λ, steps of more than 2/λ lead away; found within a step."""
    rate = 2 / (2 * scale**2)
    # few steps: of many the loss falls to what rounding leaves of it, and rises from there unseen
    span = Span(rate / 20, rate * 1000, 60)
    step = (span.highest / span.lowest) ** (1 / (span.steps - 1))
    found = try_rates(assembled(experiment_of(BOWL), bowl(scale, scale)), 1, span=span)
    assert found.edge == pytest.approx(rate, rel=step - 1)
    assert found.suggested is not None
    assert found.suggested < rate
    steep = try_rates(assembled(experiment_of(BOWL), bowl(scale, scale / 2)), 1, span=span)
    assert steep.edge is not None
    assert rate / step <= steep.edge <= 2 * rate * step


def curve(losses: Any) -> RatesTried:
    span = Span(1e-6, 10, len(losses))
    return RatesTried(span.rates, np.asarray(losses, float), span)


def test_that_what_is_read_off_stands_where_the_curve_says() -> None:
    """A loss that falls as a logistic curve of log η around 10⁻³, and rises from 10⁻¹ on."""
    log = np.log10(Span().rates)
    found = curve(1 / (1 + np.exp(4 * (log + 3))) + np.exp(8 * (log + 0.6)))
    assert found.steepest == pytest.approx(1e-3, rel=0.2)
    assert found.lowest_loss is not None
    assert 0.01 < found.lowest_loss < 0.1
    assert found.valley is not None
    assert found.suggested is not None
    assert found.valley < found.lowest_loss
    assert found.suggested < found.lowest_loss


def test_that_nothing_is_suggested_where_the_loss_never_falls() -> None:
    for losses in (np.linspace(1, 2, 100), np.ones(100), np.full(100, np.nan)):
        assert curve(losses).suggested is None


def test_that_a_spike_of_one_step_moves_nothing() -> None:
    log = np.log10(Span().rates)
    smooth = 1 / (1 + np.exp(4 * (log + 3)))
    spiked = smooth.copy()
    spiked[40] = np.inf
    assert curve(spiked).suggested == pytest.approx(curve(smooth).suggested, rel=0.2)


@pytest.mark.parametrize("optimizer", choices("optimizers"), ids=label)
def test_every_optimizer_is_tried_or_says_why_not(optimizer: type[Choice]) -> None:
    assembly = assembled(experiment_of(MLP, optimizer={"kind": optimizer.kind}))
    if optimizer.kind in ("prodigy", "d_adaptation"):
        with pytest.raises(Invalid, match="by itself"):
            try_rates(assembly, 1)
        return
    found = try_rates(assembly, 1)
    assert len(found.rates) == len(found.losses)
    assert found.why
    assert found.losses[0] == pytest.approx(run(experiment_of(MLP)).series["loss"][1], rel=1e-6)


@pytest.mark.parametrize("values", [MLP, CNN], ids=["mlp", "cnn"])
def test_that_a_run_around_a_test_stays_the_same_in_every_bit(values: Any) -> None:
    experiment = experiment_of(values)
    plain = run(experiment)
    control, tests = Control(), []

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, Measured):
            control.ask(lambda: tests.append(try_rates(assembled(experiment), torch.get_num_threads())))

    control.ask(lambda: tests.append(try_rates(assembled(experiment), torch.get_num_threads())))
    control.advance(3)
    watched = run(experiment, control=control, heard=_going_on(heard))
    assert tests
    assert_same(plain, watched)
    first, again = tests[0], try_rates(assembled(experiment), torch.get_num_threads())
    assert np.array_equal(first.losses, again.losses)


def _going_on(heard: Any) -> Any:
    def both(event: Event, control: Control) -> None:
        heard(event, control)
        control.resume()

    return both


def test_that_a_test_of_a_run_begins_with_the_weights_of_its_checkpoint() -> None:
    experiment = experiment_of(MLP, schedule={"kind": "constant"})
    ran = run(experiment)
    checkpoint = ran.last
    span = Span(1e-12, 1e-11, 20)
    found = try_rates(assembled(experiment), 1, (Recipe(experiment), checkpoint), span=span)
    assert found.step == checkpoint.step > 0
    # rates that move nothing: each loss is that of the weights as they were, in the first epoch after
    assert found.losses.mean() < np.mean(list(ran.series["loss"].values())[:5])


def test_that_what_the_listener_raises_ends_the_test() -> None:
    class GivenUp(Exception):
        pass

    heard: list[RatesTried] = []

    def tell(tried: RatesTried) -> None:
        heard.append(tried)
        if len(heard) == 3:
            raise GivenUp

    with pytest.raises(GivenUp):
        try_rates(assembled(experiment_of(MLP)), 1, tell=tell)
    assert [len(tried.rates) for tried in heard] == [1, 2, 3]
