"""The numbers of a step, against the formulas worked out by hand in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.batches import order
from engine.events import Measured
from engine.training.learner import CAPACITY
from tests.engine.training.support import CNN, MLP, Ran, assembled, experiment_of, made_of, run

LINEAR = {
    "task": {"kind": "regression"},
    "architecture": {"kind": "linear"},
    "initializer": {"kind": "normal"},
    "training": {"epochs": 3, "batch_size": 8, "keep": "last"},
    "seed": 11,
}
Numbers = NDArray[np.float64]


def data() -> Any:
    random = np.random.default_rng(1)
    inputs = random.normal(size=(25, 4))
    targets = inputs @ random.normal(size=(4, 2)) + 0.1 * random.normal(size=(25, 2))
    return made_of(inputs, targets.astype(np.float32), validation=5)


def forward_backward(
    weights: Numbers, biases: Numbers, inputs: Numbers, targets: Numbers
) -> tuple[float, Numbers, Numbers]:
    """Mean squared error of y = W x + b and its gradients, from the formulas."""
    error = inputs @ weights.T + biases - targets
    count = error.size
    return float((error**2).sum() / count), 2 / count * error.T @ inputs, 2 / count * error.sum(0)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
def test_that_the_steps_of_a_linear_network_are_those_of_the_formulas(optimizer: str) -> None:
    prepared, rate = data(), 0.05
    experiment = experiment_of(
        LINEAR,
        optimizer={"kind": optimizer, "learning_rate": rate},
        schedule={"kind": "cosine"},
        regularizers=[{"kind": "l2", "strength": 0.1}, {"kind": "clip_norm", "limit": 0.7}],
    )
    begin = assembled(experiment, prepared).model.tensors()
    names = (
        [name for name in begin if name.endswith("weight")],
        [name for name in begin if name.endswith("bias")],
    )
    weights, biases = begin[names[0][0]].double().numpy(), begin[names[1][0]].double().numpy()
    assert (biases == 0).all()
    inputs = prepared.train.inputs.astype(np.float64)
    targets = prepared.train.targets.astype(np.float64)
    steps = 9
    mean, square = np.zeros(10), np.zeros(10)
    losses, norms, rates = [], [], []
    for step in range(steps):
        epoch, position = divmod(step, 3)
        batch = order(20, 8, 11, epoch)[position]
        loss, by_weight, by_bias = forward_backward(weights, biases, inputs[batch], targets[batch])
        gradient = np.concatenate([by_weight.ravel(), by_bias])
        losses.append(loss)
        norms.append(np.sqrt((gradient**2).sum()))
        rates.append(rate * experiment.schedule.factor(step / steps))
        gradient += np.concatenate([0.1 * weights.ravel(), np.zeros(2)])
        gradient *= min(1, 0.7 / np.sqrt((gradient**2).sum()))
        if optimizer == "gradient_descent":
            change = -rates[-1] * gradient
        elif optimizer == "momentum":
            mean = 0.9 * mean + gradient
            change = -rates[-1] * mean
        else:
            mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
            unbiased = mean / (1 - 0.9 ** (step + 1)), square / (1 - 0.999 ** (step + 1))
            change = -rates[-1] * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
        weights, biases = weights + change[:8].reshape(2, 4), biases + change[8:]
    ran = run(experiment, prepared=prepared)
    found = ran.weights()
    np.testing.assert_allclose(found[names[0][0]].numpy(), weights, rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(found[names[1][0]].numpy(), biases, rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(list(ran.series["loss"].values()), losses, rtol=1e-5)
    np.testing.assert_allclose(list(ran.series["gradient_norm"].values()), norms, rtol=1e-5)
    np.testing.assert_allclose(list(ran.series["learning_rate"].values()), rates, rtol=1e-6)


def assert_whole(ran: Ran) -> None:
    length, epochs = ran.assembly.plan.steps_per_epoch, ran.assembly.epochs
    for name, values in ran.series.items():
        expected = (
            range(length, length * epochs + 1, length) if "." in name else range(1, length * epochs + 1)
        )
        assert list(values) == list(expected), name


@pytest.mark.parametrize("values", [MLP, CNN, {**MLP, "training": {"epochs": 40, "batch_size": "all"}}])
def test_that_every_step_and_every_epoch_has_a_value(values: dict[str, Any]) -> None:
    ran = run(experiment_of(values))
    assert_whole(ran)
    assert set(ran.series) == {
        "loss", "learning_rate", "gradient_norm",
        "train.loss", "validation.loss", "validation.accuracy", "validation.macro_f1",
    }  # fmt: skip
    last = [event for event in ran.events if isinstance(event, Measured)][-1]
    assert (last.step, last.epoch) == (ran.ended.step, ran.ended.epoch)


def test_that_no_step_is_lost_when_more_are_taken_than_fit_between_two_reports() -> None:
    experiment = experiment_of(
        LINEAR,
        optimizer={"kind": "gradient_descent", "learning_rate": 1e-4},
        training={"epochs": 150, "batch_size": 1, "keep": "last"},
    )
    ran = run(experiment, prepared=data())
    assert len(ran.series["loss"]) == 3000 > CAPACITY
    assert_whole(ran)


@pytest.mark.parametrize("schedule", ["constant", "step", "exponential", "cosine"])
def test_that_the_learning_rate_follows_the_schedule(schedule: str) -> None:
    experiment = experiment_of(MLP, schedule={"kind": schedule})
    ran = run(experiment)
    steps = len(ran.series["learning_rate"])
    expected = [0.01 * experiment.schedule.factor(step / steps) for step in range(steps)]
    assert list(ran.series["learning_rate"].values()) == np.array(expected, np.float32).tolist()


def test_that_the_training_loss_of_an_epoch_is_the_mean_over_its_examples() -> None:
    ran = run(experiment_of(MLP))
    losses = np.array(list(ran.series["loss"].values())).reshape(4, 5)
    sizes = [32, 32, 32, 32, 12]
    np.testing.assert_allclose(list(ran.series["train.loss"].values()), losses @ sizes / 140, rtol=1e-5)


def test_that_a_full_batch_is_one_step_an_epoch_over_every_example() -> None:
    experiment = experiment_of(LINEAR, training={"epochs": 1, "batch_size": "all", "keep": "last"})
    prepared = data()
    ran = run(experiment, prepared=prepared)
    begin = assembled(experiment, prepared).model.tensors()
    weights, biases = (begin[name].double().numpy() for name in begin)
    loss, _, _ = forward_backward(
        weights, biases, prepared.train.inputs.astype(np.float64), prepared.train.targets.astype(np.float64)
    )
    np.testing.assert_allclose(list(ran.series["loss"].values()), [loss], rtol=1e-5)


def test_that_a_longer_run_of_constant_rate_begins_like_a_shorter_one() -> None:
    short, long = (
        run(experiment_of(CNN, training={"epochs": epochs, "batch_size": 50})) for epochs in (1, 2)
    )
    steps = len(short.series["loss"])
    assert list(long.series["loss"].values())[:steps] == list(short.series["loss"].values())
