"""Losses against their written formulas in numpy, double precision: values, gradients, extremes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Choice
from engine.data.about import About
from engine.data.description import TargetKind, Targets
from engine.learning.losses.answers import (
    Asymmetric,
    BinaryCrossEntropy,
    BinaryFocal,
    Hinge,
    ModifiedHuber,
    SquaredHinge,
)
from engine.learning.losses.classes import (
    BiTempered,
    Brier,
    CosineDistance,
    CrossEntropy,
    Focal,
    GeneralizedCrossEntropy,
    Poly,
)
from engine.learning.losses.counts import Poisson
from engine.learning.losses.label_sets import Dice, Jaccard, LabelRanking, LovaszHinge, Tversky
from engine.learning.losses.loss import Loss
from engine.learning.losses.margins import CrammerSinger, MultiMargin
from engine.learning.losses.numbers import (
    EpsilonInsensitive,
    Expectile,
    GaussianLikelihood,
    MeanAbsolute,
    MeanSquared,
    Quantile,
)
from engine.learning.losses.robust import Cauchy, Charbonnier, Huber, LogCosh, Tukey
from tests.engine.every import choices, example, label
from tests.engine.learning.loss_formulas import (
    Formula,
    asymmetric,
    bi_tempered,
    binary_cross_entropy,
    binary_focal,
    brier,
    cauchy,
    cosine_distance,
    crammer_singer,
    cross_entropy,
    dice,
    epsilon_insensitive,
    expectile,
    focal,
    gaussian_likelihood,
    generalized_cross_entropy,
    hinge,
    huber,
    jaccard,
    label_ranking,
    lovasz_hinge,
    modified_huber,
    multi_margin,
    poisson,
    poly,
    quantile,
    tempered,
    tukey,
    tversky,
)

every_loss = pytest.mark.parametrize("choice", choices("losses"), ids=label)
seeds = st.integers(0, 2**32 - 1)


CASES: list[tuple[Loss, Formula]] = [
    (MeanSquared(), lambda z, y: ((z - y) ** 2).mean(1)),
    (MeanAbsolute(), lambda z, y: np.abs(z - y).mean(1)),
    (Huber(), huber(1.0)),
    (Huber(threshold=0.3), huber(0.3)),
    (CrossEntropy(), cross_entropy(0.0)),
    (CrossEntropy(label_smoothing=0.2), cross_entropy(0.2)),
    (BinaryCrossEntropy(), binary_cross_entropy),
    (LogCosh(), lambda z, y: np.log(np.cosh(z - y)).mean(1)),
    (Charbonnier(), lambda z, y: (np.hypot(z - y, 0.01) - 0.01).mean(1)),
    (Charbonnier(width=2), lambda z, y: (np.hypot(z - y, 2) - 2).mean(1)),
    (Quantile(), quantile(0.9)),
    (Quantile(share=0.2), quantile(0.2)),
    (Focal(), focal(2.0)),
    (Focal(focus=0.5), focal(0.5)),
    (Focal(focus=0), cross_entropy(0.0)),
    (MultiMargin(), multi_margin(1.0, 1)),
    (MultiMargin(margin=0.5, cost="squared"), multi_margin(0.5, 2)),
    (BinaryFocal(), binary_focal),
    (BinaryFocal(focus=0, balance=0.5), lambda z, y: binary_cross_entropy(z, y) / 2),
    (Hinge(), hinge(1.0, 1)),
    (SquaredHinge(margin=2), hinge(2.0, 2)),
    (Dice(), dice),
    (Jaccard(), jaccard),
    (Tversky(), tversky),
    (Expectile(), expectile(0.9)),
    (Expectile(share=0.2), expectile(0.2)),
    (EpsilonInsensitive(), epsilon_insensitive(0.1)),
    (EpsilonInsensitive(tolerance=1), epsilon_insensitive(1)),
    (GaussianLikelihood(), gaussian_likelihood),
    (Cauchy(), cauchy(1.0)),
    (Cauchy(threshold=0.2), cauchy(0.2)),
    (Tukey(), tukey(4.685)),
    (Tukey(threshold=1), tukey(1)),
    (Poly(), poly(2.0)),
    (Poly(extra=-1), poly(-1)),
    (Poly(extra=0), cross_entropy(0.0)),
    (GeneralizedCrossEntropy(), generalized_cross_entropy(0.7)),
    (GeneralizedCrossEntropy(exponent=1), generalized_cross_entropy(1)),
    (BiTempered(), bi_tempered(0.8, 1.2)),
    (BiTempered(bound=0, tail=4), bi_tempered(0, 4)),
    (BiTempered(bound=0.5, tail=1.5), bi_tempered(0.5, 1.5)),
    (Brier(), brier),
    (CosineDistance(), cosine_distance),
    (CrammerSinger(), crammer_singer(1.0)),
    (CrammerSinger(margin=3), crammer_singer(3)),
    (Asymmetric(), asymmetric(0, 4, 0.05)),
    (Asymmetric(focus_yes=0.5, focus_no=1, shift=0.3), asymmetric(0.5, 1, 0.3)),
    (ModifiedHuber(), modified_huber),
    (LovaszHinge(), lovasz_hinge),
    (LabelRanking(), label_ranking),
    (Poisson(), poisson),
]


TWO = Targets("classes", ("label",), ("a", "b"))


def targets_of(loss: Loss, size: int) -> Targets:
    """Facts about targets that the loss accepts: `size` classes or numbers."""
    names = tuple(f"t{index}" for index in range(size))
    if "classes" in loss.accepts:
        return Targets("classes", ("label",), names)
    return Targets("numbers", names, mean=(0.0,) * size, scale=(1.0,) * size)


def drawn(loss: Loss, size: int, rows: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random outputs and targets in double precision."""
    rng = np.random.default_rng(seed)
    targets = targets_of(loss, size)
    outputs = torch.from_numpy(rng.normal(0, 2, (rows, loss.outputs(targets))))
    if targets.kind == "classes":
        return outputs, torch.from_numpy(rng.integers(0, size, rows))
    if isinstance(loss, Poisson):
        return outputs, torch.from_numpy(rng.poisson(3, (rows, size)).astype(float))
    return outputs, torch.from_numpy(rng.normal(0, 2, (rows, size)))


def test_that_every_loss_has_an_independent_formula_here() -> None:
    assert {loss.kind for loss, _ in CASES} >= {choice.kind for choice in choices("losses")}


@pytest.mark.parametrize(("loss", "formula"), CASES, ids=lambda case: getattr(case, "kind", ""))
@given(seed=seeds, size=st.integers(2, 6), rows=st.integers(1, 5))
def test_that_values_follow_the_formula(
    loss: Loss, formula: Formula, seed: int, size: int, rows: int
) -> None:
    outputs, targets = drawn(loss, size, rows, seed)
    found = loss.losses(outputs, targets)
    assert found.shape == (rows,)
    np.testing.assert_allclose(
        found.numpy(), formula(outputs.numpy(), targets.numpy()), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(("loss", "formula"), CASES, ids=lambda case: getattr(case, "kind", ""))
@pytest.mark.parametrize("size", [2, 5])
def test_that_gradients_are_the_slopes_of_the_formula(loss: Loss, formula: Formula, size: int) -> None:
    outputs, targets = drawn(loss, size, 4, 7)
    wanted = np.empty_like(outputs.numpy())
    for place in np.ndindex(*wanted.shape):
        nudge = np.zeros_like(wanted)
        nudge[place] = 1e-6
        above, below = (formula(outputs.numpy() + sign * nudge, targets.numpy()).sum() for sign in (1, -1))
        wanted[place] = (above - below) / 2e-6
    leaf = outputs.clone().requires_grad_()
    loss.losses(leaf, targets).sum().backward()
    assert leaf.grad is not None
    np.testing.assert_allclose(leaf.grad.numpy(), wanted, rtol=1e-6, atol=1e-7)


@every_loss
@pytest.mark.parametrize("size", [2, 3])
def test_that_huge_outputs_in_single_precision_give_finite_losses_and_gradients(
    choice: type[Choice], size: int
) -> None:
    loss: Loss = example(choice)
    outputs, targets = drawn(loss, size, 8, 1)
    leaf = (outputs.float() * 1e6).requires_grad_()
    value = loss.losses(leaf, targets if targets.dtype == torch.int64 else targets.float())
    value.sum().backward()
    assert value.isfinite().all()
    assert leaf.grad is not None
    assert leaf.grad.isfinite().all()
    assert loss.read(leaf.detach(), targets_of(loss, size)).isfinite().all()


@every_loss
@pytest.mark.parametrize("size", [2, 3, 7])
def test_that_outputs_are_read_as_probabilities_or_numbers_of_the_targets(
    choice: type[Choice], size: int
) -> None:
    loss: Loss = example(choice)
    outputs, _ = drawn(loss, size, 9, 2)
    read = loss.read(outputs, targets_of(loss, size))
    assert read.shape == (9, size)
    if "classes" in loss.accepts:
        assert (read >= 0).all()
        np.testing.assert_allclose(read.sum(1).numpy(), 1, rtol=1e-12)
    else:
        # whatever else a loss asks for, as for how sure the network is, comes after the numbers
        wanted = outputs.exp() if isinstance(loss, Poisson) else outputs[:, :size]
        torch.testing.assert_close(read, wanted, rtol=1e-12, atol=0)


@every_loss
def test_that_the_loss_of_an_example_does_not_depend_on_its_neighbours(choice: type[Choice]) -> None:
    loss: Loss = example(choice)
    outputs, targets = drawn(loss, 4, 6, 3)
    together = loss.losses(outputs, targets)
    alone = torch.cat([loss.losses(outputs[row : row + 1], targets[row : row + 1]) for row in range(6)])
    torch.testing.assert_close(together, alone, rtol=1e-12, atol=0)


@every_loss
def test_that_a_loss_for_classes_needs_two_of_them(choice: type[Choice]) -> None:
    loss: Loss = example(choice)
    assert loss.problems(About(targets=targets_of(loss, 2))) == ()
    assert bool(loss.problems(About(targets=targets_of(loss, 1)))) == ("classes" in loss.accepts)


def test_that_softmax_reads_outputs_as_the_formula_says() -> None:
    z = np.array([[0.0, math.log(3.0)], [5.0, 5.0]])
    np.testing.assert_allclose(
        CrossEntropy().read(torch.from_numpy(z), TWO).numpy(), [[0.25, 0.75], [0.5, 0.5]]
    )


def test_that_binary_cross_entropy_puts_out_one_number_for_two_classes_else_one_each() -> None:
    loss = BinaryCrossEntropy()
    assert [loss.outputs(targets_of(loss, size)) for size in (2, 3, 10)] == [1, 3, 10]


def test_that_binary_cross_entropy_reads_one_output_as_the_probability_of_the_second_class() -> None:
    z = torch.tensor([[math.log(3.0)], [-1000.0]], dtype=torch.float64)
    np.testing.assert_allclose(BinaryCrossEntropy().read(z, TWO).numpy(), [[0.25, 0.75], [1.0, 0.0]])


@pytest.mark.parametrize(("loss", "formula"), CASES, ids=lambda case: getattr(case, "kind", ""))
def test_that_labels_are_answered_as_classes_are_one_by_one(loss: Loss, formula: Formula) -> None:
    """Labels of which just one applies cost what the class does; several are told by the next test."""
    if "labels" not in loss.accepts:
        return
    rng = np.random.default_rng(5)
    z, y = rng.normal(0, 2, (30, 4)), rng.integers(0, 4, 30)
    found = loss.losses(torch.from_numpy(z), torch.from_numpy(np.eye(4)[y]))
    np.testing.assert_allclose(found.numpy(), formula(z, y), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_that_labels_have_an_output_each_whose_sigmoid_is_their_probability(count: int) -> None:
    names = tuple(f"l{index}" for index in range(count))
    facts = Targets("labels", ("label",), names)
    loss, rng = BinaryCrossEntropy(), np.random.default_rng(count)
    z, t = rng.normal(0, 3, (20, count)), rng.integers(0, 2, (20, count)).astype(float)
    assert loss.outputs(facts) == count
    assert loss.problems(About(targets=facts)) == ()
    p = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(loss.read(torch.from_numpy(z), facts).numpy(), p, rtol=1e-12)
    wanted = -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(1)
    found = loss.losses(torch.from_numpy(z), torch.from_numpy(t))
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-9, atol=1e-12)


def test_that_one_against_the_rest_divides_the_sigmoids_by_their_sum() -> None:
    z = np.random.default_rng(0).normal(0, 3, (20, 4))
    p = 1 / (1 + np.exp(-z))
    found = BinaryCrossEntropy().read(torch.from_numpy(z), targets_of(BinaryCrossEntropy(), 4)).numpy()
    np.testing.assert_allclose(found, p / p.sum(1, keepdims=True), rtol=1e-12)


def test_that_cross_entropy_of_a_sure_and_wrong_answer_is_the_distance_of_the_logits() -> None:
    outputs = torch.tensor([[1e4, 0.0], [0.0, 1e4]])
    assert CrossEntropy().losses(outputs, torch.tensor([1, 1])).tolist() == [1e4, 0.0]


def test_that_cross_entropy_of_a_pure_guess_is_the_logarithm_of_the_classes() -> None:
    found = CrossEntropy(label_smoothing=0.3).losses(torch.zeros(1, 10), torch.tensor([4]))
    assert found.item() == pytest.approx(math.log(10))


@pytest.mark.parametrize("loss", [CrossEntropy(), BinaryCrossEntropy()], ids=lambda loss: loss.kind)
@pytest.mark.parametrize("count", [2, 4])
def test_that_outputs_at_places_are_read_as_those_of_examples_are(loss: Loss, count: int) -> None:
    facts = targets_of(loss, count)
    outputs = torch.randn(3, 5, loss.outputs(facts), dtype=torch.float64)
    found = loss.read(outputs, facts)
    assert found.shape == (3, 5, count)
    torch.testing.assert_close(found.flatten(0, 1), loss.read(outputs.flatten(0, 1), facts))


def test_that_one_tag_or_a_vocabulary_of_one_leaves_nothing_to_tell_apart() -> None:
    enough = Targets("tags", ("tag",), ("O", "B-x"), length=4), Targets("tokens", ("t",), (), (), (), 4, 7)
    assert all(CrossEntropy().problems(About(targets=targets)) == () for targets in enough)
    (problem,) = CrossEntropy().problems(About(targets=Targets("tags", ("tag",), ("O",), length=4)))
    assert "two tags" in problem.message
    kinds: tuple[TargetKind, ...] = ("tokens", "translation")
    for kind in kinds:
        (problem,) = CrossEntropy().problems(About(targets=Targets(kind, ("t",), length=4, vocabulary=6)))
        assert problem.message == "needs at least two tokens to tell apart, but the target has 1"


@every_loss
@pytest.mark.parametrize("scales", [(), (3.0,), (0.2, 0.2), (3.0, 5.0)])
def test_that_the_loss_in_the_units_of_the_data_is_so_many_times_as_large(
    choice: type[Choice], scales: tuple[float, ...]
) -> None:
    loss = example(choice)
    assert isinstance(loss, Loss)
    names = tuple(map(str, range(len(scales))))
    facts = Targets("numbers", names, mean=(0.0,) * len(scales), scale=scales)
    factor = loss.factor(facts)
    if len(set(scales)) != 1 or "numbers" not in loss.accepts:
        assert factor is None
        return
    rng = np.random.default_rng(1)
    z, y = rng.normal(size=(7, loss.outputs(facts))), rng.normal(size=(7, len(scales)))
    learnt = loss.losses(torch.tensor(z), torch.tensor(y)).numpy()
    plain = loss.losses(torch.tensor(z * scales[0]), torch.tensor(y * scales[0])).numpy()
    if factor is None:  # then no one factor would do: small errors grow otherwise than large ones
        assert np.ptp(plain - learnt * plain.sum() / learnt.sum()) > 0.01
        return
    np.testing.assert_allclose(learnt * factor, plain, rtol=1e-12)


def test_that_tempered_outputs_are_read_as_tempered_probabilities() -> None:
    z = np.random.default_rng(3).normal(0, 3, (20, 5))
    loss = BiTempered(bound=0.5, tail=1.7)
    found = loss.read(torch.from_numpy(z), targets_of(loss, 5))
    np.testing.assert_allclose(found.numpy(), tempered(z, 1.7), rtol=1e-10)


def test_that_bi_tempered_of_temperatures_near_one_is_cross_entropy() -> None:
    loss = BiTempered(bound=1 - 1e-6, tail=1 + 1e-6)
    outputs, targets = drawn(loss, 6, 20, 4)
    wanted = CrossEntropy().losses(outputs, targets)
    torch.testing.assert_close(loss.losses(outputs, targets), wanted, rtol=1e-3, atol=1e-4)


def test_that_the_lovasz_hinge_of_sure_answers_is_twice_the_jaccard_loss() -> None:
    """At outputs of 1 and −1 each wrong answer errs by 2 and each right one by 0."""
    rng = np.random.default_rng(6)
    said, true = rng.integers(0, 2, (2, 50, 6))
    true[:, 0] = 1
    found = LovaszHinge().losses(torch.from_numpy(2.0 * said - 1), torch.from_numpy(true.astype(float)))
    index = (said & true).sum(1) / (said | true).sum(1)
    np.testing.assert_allclose(found.numpy(), 2 * (1 - index), rtol=1e-12, atol=1e-12)


@every_loss
def test_that_outputs_of_zero_have_a_slope_that_is_no_explosion(choice: type[Choice]) -> None:
    loss: Loss = example(choice)
    outputs, targets = drawn(loss, 4, 8, 1)
    leaf = torch.zeros_like(outputs).requires_grad_()
    loss.losses(leaf, targets).sum().backward()
    assert leaf.grad is not None
    assert 0 < leaf.grad.norm() < 1000


@pytest.mark.parametrize(("loss", "formula"), CASES, ids=lambda case: getattr(case, "kind", ""))
def test_that_gradients_pass_the_check_of_the_framework(loss: Loss, formula: Formula) -> None:
    outputs, targets = drawn(loss, 5, 3, 11)
    assert torch.autograd.gradcheck(lambda z: loss.losses(z, targets), outputs.requires_grad_())
