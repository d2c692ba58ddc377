"""Class weights against their formulas, and in a step against torch's weighted cross entropy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.nn.functional import cross_entropy

from engine.choices import Invalid
from engine.learning.class_weights import (
    BalancedClassWeights,
    ClassWeights,
    EffectiveNumber,
    GivenClassWeights,
    NoClassWeights,
)
from engine.learning.losses.classes import CrossEntropy
from engine.tasks.places import losses_of
from engine.training.learner import Learner
from engine.training.loop import take_step
from tests.engine.every import choices
from tests.engine.training.support import Ran, assembled, experiment_of, made_of, run

COUNTS = np.array([70, 25, 5])
FORMULAS: dict[str, tuple[ClassWeights, Callable[[int], float]]] = {
    "none": (NoClassWeights(), lambda count: 1.0),
    "balanced": (BalancedClassWeights(), lambda count: 100 / (3 * count)),
    # Cui et al. 2019, equation 4: the sum of βⁱ for i < n is (1 − βⁿ)/(1 − β)
    "effective_number": (EffectiveNumber(overlap=0.9), lambda n: 1 / sum(0.9**i for i in range(n))),
    "given": (GivenClassWeights(factors=(1.0, 2.0, 8.0)), lambda n: {70: 1.0, 25: 2.0, 5: 8.0}[n]),
}


def test_that_every_kind_has_its_formula_here() -> None:
    assert set(FORMULAS) == {choice.kind for choice in choices("class_weights")}


@pytest.mark.parametrize("kind", FORMULAS)
def test_that_weights_are_those_of_the_formula_with_a_mean_of_1(kind: str) -> None:
    weights, formula = FORMULAS[kind]
    found = weights.weights(COUNTS)
    wanted = np.array([formula(int(count)) for count in COUNTS])
    np.testing.assert_allclose(found, wanted * 100 / (COUNTS @ wanted), rtol=1e-12)
    assert float(np.repeat(found, COUNTS).mean()) == pytest.approx(1)
    if kind == "balanced":
        examples = np.repeat([0, 1, 2], COUNTS)
        theirs = compute_class_weight("balanced", classes=np.arange(3), y=examples)
        np.testing.assert_allclose(found, theirs, rtol=1e-12)


@pytest.mark.parametrize("weights", [BalancedClassWeights(), EffectiveNumber()], ids=lambda one: one.kind)
def test_that_a_class_without_examples_breaks_nothing(weights: ClassWeights) -> None:
    found = weights.weights(np.array([3, 0, 1]))
    assert np.isfinite(found).all()
    assert found[1] == 0


def test_that_effective_numbers_lie_between_none_and_balanced() -> None:
    for overlap, like in ((0.0, NoClassWeights()), (1 - 1e-9, BalancedClassWeights())):
        found = EffectiveNumber(overlap=overlap).weights(COUNTS)
        np.testing.assert_allclose(found, like.weights(COUNTS), rtol=1e-5)


def data() -> Any:
    random = np.random.default_rng(1)
    targets = np.array([0] * 14 + [1] * 5 + [2] * 1 + [0, 1, 2])
    return made_of(random.normal(size=(23, 4)) + targets[:, None], targets, validation=3, classes=3)


def trained(weights: dict[str, Any], **changes: Any) -> Ran:
    return run(
        experiment_of(
            {
                "seed": 3,
                "architecture": {"kind": "linear"},
                "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1},
                "loss": {"kind": "cross_entropy", "class_weights": weights},
                "training": {"epochs": 1, "batch_size": "all", "keep": "last"},
                **changes,
            }
        ),
        prepared=data(),
    )


@pytest.mark.parametrize("weights", [{"kind": "balanced"}, {"kind": "given", "factors": [1, 2, 8]}], ids=str)
def test_that_a_step_is_that_of_torchs_weighted_loss(weights: dict[str, Any]) -> None:
    prepared = data()
    begin = trained(weights, optimizer={"kind": "gradient_descent", "learning_rate": 1e-12}).weights()
    found = trained(weights).weights()
    parameters = {name: tensor.clone().requires_grad_() for name, tensor in begin.items()}
    matrix = next(tensor for name, tensor in parameters.items() if name.endswith("weight"))
    biases = next(tensor for name, tensor in parameters.items() if name.endswith("bias"))
    inputs, targets = torch.from_numpy(prepared.train.inputs), torch.from_numpy(prepared.train.targets)
    factors = torch.tensor([1.0, 2.0, 8.0])
    if weights["kind"] == "balanced":
        factors = 20 / (3 * targets.bincount().float())
    # over the whole training part both ways of normalizing agree: torch divides by the sum of weights
    loss = cross_entropy(inputs @ matrix.T + biases, targets, weight=factors)
    loss.backward()
    for name, tensor in parameters.items():
        assert tensor.grad is not None
        torch.testing.assert_close(found[name], tensor.detach() - 0.1 * tensor.grad, rtol=1e-4, atol=1e-6)


def test_that_scores_have_no_weights() -> None:
    still = {"optimizer": {"kind": "gradient_descent", "learning_rate": 1e-12}}
    plain, weighted = trained({"kind": "none"}, **still), trained({"kind": "balanced"}, **still)
    assert plain.series["validation.loss"] == weighted.series["validation.loss"]
    assert plain.series["loss"] != weighted.series["loss"]


def test_that_places_have_the_weight_of_their_own_class() -> None:
    generator = torch.Generator().manual_seed(1)
    outputs = torch.randn(2, 3, 3, generator=generator)
    truth, factors = torch.tensor([[0, 2, -1], [1, -1, -1]]), torch.tensor([1.0, 2.0, 4.0])
    found = losses_of(CrossEntropy(), outputs, truth, factors)
    each = [cross_entropy(outputs[i, j], truth[i, j]) for i, j in ((0, 0), (0, 1), (1, 0))]
    torch.testing.assert_close(found, torch.stack([(each[0] + 4 * each[1]) / 2, 2 * each[2]]))


def test_that_the_partners_of_mixtures_have_their_own_weights() -> None:
    experiment = experiment_of(
        {
            "architecture": {"kind": "linear"},
            "loss": {"kind": "cross_entropy", "class_weights": {"kind": "given", "factors": [0, 0, 1]}},
            "augmentations": [{"kind": "mixup"}],
            "training": {"epochs": 1, "batch_size": "all"},
        }
    )
    learner = Learner(assembled(experiment, data()))
    take_step(learner)
    batch = learner.batch()
    assert batch.mixed is not None
    losses = learner.learnt[0].objective.losses(learner.model.network, batch, learner.model.loss)
    counts = (batch.targets == 2) | (batch.mixed.targets == 2)
    assert torch.equal(losses > 0, counts)


@pytest.mark.parametrize(("factors", "words"), [([1], "3 classes"), ([0, 0, 0], "all")])
def test_that_weights_that_fit_no_classes_are_refused(factors: list[float], words: str) -> None:
    loss = {"kind": "cross_entropy", "class_weights": {"kind": "given", "factors": factors}}
    with pytest.raises(Invalid) as raised:
        assembled(experiment_of({"architecture": {"kind": "linear"}, "loss": loss}), data())
    (problem,) = raised.value.problems
    assert problem.path == "loss.class_weights.factors"
    assert words in problem.message


def test_that_labels_have_no_class_weights() -> None:
    experiment = experiment_of(
        {
            "task": {"kind": "multi_label"},
            "loss": {"kind": "binary_cross_entropy", "class_weights": {"kind": "balanced"}},
        }
    )
    assert "loss.class_weights.kind" in [problem.path for problem in experiment.problems()]
