"""What an optimizer may ask of a step's loss besides its gradient, on real networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.step_loss import StepLoss
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    made_of,
    run,
)

LSTM: dict[str, Any] = {
    "seed": 2,
    "data": {"kind": "sample", "name": "japanese_vowels"},
    "architecture": {"kind": "lstm", "layers": 1, "width": 6, "dropout": 0.2},
    "training": {"epochs": 1, "batch_size": 16},
}
TRANSFORMER: dict[str, Any] = {
    "seed": 2,
    "data": {"kind": "sample", "name": "film_sentences"},
    "preprocessing": {"tokenizer": "words", "vocabulary": 100, "length": 8},
    "split": {"train": 0.05, "validation": 0.05, "test": 0.9},
    "architecture": {"kind": "transformer_encoder", "layers": 1, "width": 8, "heads": 2, "dropout": 0.1},
    "training": {"epochs": 1, "batch_size": 16},
}
# smooth: over the kinks of ReLU a difference of gradients is no product with the Hessian
NETWORKS: dict[str, dict[str, Any]] = {
    "mlp": {**MLP, "architecture": {**MLP["architecture"], "activation": "tanh"}},
    "cnn": {**CNN, "architecture": {**CNN["architecture"], "activation": "gelu", "pooling": "average"}},
    "lstm": LSTM,
    "transformer": TRANSFORMER,
}
every_network = pytest.mark.parametrize("values", NETWORKS.values(), ids=NETWORKS)


def begun(values: dict[str, Any], **changes: Any) -> tuple[Learner, StepLoss]:
    """A learner after two steps, and the loss of its third, whose gradient is there."""
    experiment = experiment_of({**values, "optimizer": {"kind": "sophia", "interval": 2}, **changes})
    learner = Learner(assembled(experiment))
    learner.model.set_training(True)
    take_step(learner)
    take_step(learner)
    step_loss = StepLoss(learner, learner.learnt[0], learner.batch())
    learner.flat.gradient.zero_()
    step_loss.descend()
    return learner, step_loss


@every_network
def test_that_asking_at_the_weights_themselves_finds_what_the_step_found(values: dict[str, Any]) -> None:
    learner, step_loss = begun(values, regularizers=[])
    gradient = learner.flat.gradient.clone()
    buffers = [one.clone() for one in learner.model.network.buffers()]
    weights = learner.flat.parameters.clone()
    # dropout has drawn the same, or they would differ
    for _ in range(2):
        loss, found = step_loss.at(torch.zeros_like(gradient))
        assert loss == step_loss.here()
        torch.testing.assert_close(found, gradient, rtol=0, atol=1e-7)
    assert torch.equal(learner.flat.gradient, gradient)
    assert torch.equal(learner.flat.parameters, weights)
    assert all(torch.equal(*both) for both in zip(learner.model.network.buffers(), buffers, strict=True))


@every_network
def test_that_losses_and_gradients_elsewhere_fit_each_other(values: dict[str, Any]) -> None:
    regularizers = [{"kind": "l2", "strength": 0.5}, {"kind": "l1", "strength": 0.01}]
    learner, step_loss = begun(values, regularizers=regularizers)
    weights = learner.flat.parameters.clone()
    way = torch.randn_like(weights) * learner.flat.parameters.ne(0) * 1e-3
    ahead, behind = step_loss.at(way)[0], step_loss.at(-way)[0]
    _, gradient = step_loss.at(torch.zeros_like(way))
    # the slope along the way, from losses on both sides of it
    assert float((ahead - behind) / 2) == pytest.approx(float(gradient @ way), rel=0.1, abs=2e-5)
    assert torch.equal(learner.flat.parameters, weights)


@every_network
def test_that_products_with_the_hessian_are_those_of_gradients_on_both_sides(values: dict[str, Any]) -> None:
    learner, step_loss = begun(values, regularizers=[])
    generator = torch.Generator().manual_seed(1)
    direction = torch.zeros_like(learner.flat.parameters)
    for place in learner.learnt[0].flat.layout:
        place.of(direction).copy_(torch.randn(place.shape, generator=generator))
    product = step_loss.curvature(direction)
    small = 1e-3
    difference = step_loss.at(small * direction)[1] - step_loss.at(-small * direction)[1]
    alike = torch.cosine_similarity(product, difference / (2 * small), dim=0)
    # the digits of single precision leave a little between them
    assert float(alike) > 0.97
    assert float(product.norm() / difference.norm() * 2 * small) == pytest.approx(1, abs=0.1)


def test_that_a_product_with_the_hessian_is_that_of_its_formula() -> None:
    # mean squared error of y = W x + b: the Hessian is 2/T times the second moments of (x, 1)
    random = np.random.default_rng(1)
    inputs = random.normal(size=(12, 3))
    prepared = made_of(inputs, random.normal(size=(12, 2)).astype(np.float32))
    experiment = experiment_of(
        {
            "task": {"kind": "regression"},
            "split": {"train": 1, "validation": 0, "test": 0},
            "architecture": {"kind": "linear"},
            "optimizer": {"kind": "sophia"},
            "training": {"epochs": 1, "batch_size": "all"},
        }
    )
    learner = Learner(assembled(experiment, prepared))
    step_loss = StepLoss(learner, learner.learnt[0], learner.batch())
    step_loss.descend()
    direction = torch.zeros_like(learner.flat.parameters)
    weights, biases = (place for place in learner.learnt[0].flat.layout)
    way = random.normal(size=(2, 4))
    weights.of(direction).copy_(torch.from_numpy(way[:, :3]))
    biases.of(direction).copy_(torch.from_numpy(way[:, 3]))
    found = step_loss.curvature(direction)
    with_one = np.c_[inputs, np.ones(12)]
    wanted = way @ (with_one.T @ with_one) * 2 / (12 * 2)
    np.testing.assert_allclose(weights.of(found), wanted[:, :3], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(biases.of(found), wanted[:, 3], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["sam", "sam_adamw", "lbfgs", "sophia"])
@pytest.mark.parametrize("values", [MLP, {**CNN, "seed": 4}], ids=["mlp", "cnn"])
def test_that_a_run_gone_on_with_takes_the_same_steps(values: dict[str, Any], kind: str) -> None:
    experiment = experiment_of({**values, "optimizer": {"kind": kind}})
    whole = run(experiment)
    control, heard = by_hand(7)
    watched = run(experiment, control=control, heard=heard)
    assert_same(whole, watched)
    middle = next(one for one in watched.checkpoints if one.step == 7)
    on = run(experiment, start=type(middle).from_bytes(middle.to_bytes()), earlier=whole.epochs)
    assert_same(whole, on, since=7)
