"""Initializers against their written formulas: distribution, width, bounds, orthogonality."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import linalg, stats

from engine.choices import Choice
from engine.learning.initializers.constant import ConstantWeights, Ones, Zeros
from engine.learning.initializers.fixed import Normal, Sparse, TruncatedNormal, Uniform
from engine.learning.initializers.initializer import Initializer
from engine.learning.initializers.scaled import (
    FrameworkDefault,
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    NguyenWidrow,
    RandomWalk,
    VarianceScaling,
    XavierNormal,
    XavierUniform,
)
from engine.learning.initializers.structured import DeltaOrthogonal, Identity, Orthogonal, ZerO
from tests.engine.every import choices, example, label

every_initializer = pytest.mark.parametrize("choice", choices("initializers"), ids=label)
Draw = NDArray[np.float64]

DRAWS_NOTHING = (Zeros, Ones, ConstantWeights, ZerO)
SHAPES = {(120, 400): (400, 120), (400, 120): (120, 400), (48, 36, 5, 5): (36 * 25, 48 * 25)}
"""Shape of the weights (outputs first) and the connections into and out of one unit."""


def drawn(
    initializer: Initializer, shape: tuple[int, ...], fans: tuple[int, int], seed: int = 0
) -> torch.Tensor:
    return initializer.draw(shape, *fans, torch.Generator().manual_seed(seed))


@dataclass(frozen=True)
class Expected:
    distribution: str
    width: Callable[[int, int], float]
    """Standard deviation (normal) or limit (uniform) from fan in and fan out."""


CASES: list[tuple[Initializer, Expected]] = [
    (Normal(standard_deviation=0.3), Expected("normal", lambda n, m: 0.3)),
    (Uniform(limit=0.3), Expected("uniform", lambda n, m: 0.3)),
    (XavierNormal(), Expected("normal", lambda n, m: math.sqrt(2 / (n + m)))),
    (XavierNormal(gain=2.0), Expected("normal", lambda n, m: 2 * math.sqrt(2 / (n + m)))),
    (XavierUniform(), Expected("uniform", lambda n, m: math.sqrt(6 / (n + m)))),
    (XavierUniform(gain=0.5), Expected("uniform", lambda n, m: 0.5 * math.sqrt(6 / (n + m)))),
    (HeNormal(fan="in"), Expected("normal", lambda n, m: math.sqrt(2 / n))),
    (HeNormal(fan="out"), Expected("normal", lambda n, m: math.sqrt(2 / m))),
    (HeNormal(fan="larger"), Expected("normal", lambda n, m: math.sqrt(2 / max(n, m)))),
    (HeUniform(fan="in"), Expected("uniform", lambda n, m: math.sqrt(6 / n))),
    (HeUniform(fan="out"), Expected("uniform", lambda n, m: math.sqrt(6 / m))),
    (FrameworkDefault(), Expected("uniform", lambda n, m: 1 / math.sqrt(n))),
    (HeUniform(fan="larger"), Expected("uniform", lambda n, m: math.sqrt(6 / max(n, m)))),
    (LeCunNormal(), Expected("normal", lambda n, m: 1 / math.sqrt(n))),
    (LeCunUniform(), Expected("uniform", lambda n, m: math.sqrt(3 / n))),
    (
        VarianceScaling(distribution="normal", scale=2.0, fan="out"),
        Expected("normal", lambda n, m: math.sqrt(2 / m)),
    ),
    (
        VarianceScaling(distribution="uniform", fan="mean"),
        Expected("uniform", lambda n, m: math.sqrt(6 / (n + m))),
    ),
    (
        VarianceScaling(distribution="uniform", fan="larger"),
        Expected("uniform", lambda n, m: math.sqrt(3 / max(n, m))),
    ),
    (RandomWalk(), Expected("normal", lambda n, m: math.sqrt(2 / n) * math.exp(1.2 / (n - 2.4)))),
    (RandomWalk(units="linear"), Expected("normal", lambda n, m: math.exp(0.5 / n) / math.sqrt(n))),
    (TruncatedNormal(standard_deviation=0.3), Expected("cut at 2", lambda n, m: 0.3)),
    (TruncatedNormal(standard_deviation=0.3, cut=0.5), Expected("cut at 0.5", lambda n, m: 0.3)),
    (VarianceScaling(), Expected("cut at 2", lambda n, m: 1 / math.sqrt(n) / 0.87962566103423978)),
]


def test_that_every_initializer_has_an_independent_check_here() -> None:
    apart = (Zeros, Ones, ConstantWeights, Sparse, NguyenWidrow, Orthogonal, DeltaOrthogonal, Identity, ZerO)
    checked = {case.kind for case, _ in CASES} | {choice.kind for choice in apart}
    assert checked >= {choice.kind for choice in choices("initializers")}


@every_initializer
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_that_weights_have_the_shape_asked_for_in_single_precision(
    choice: type[Choice], shape: tuple[int, ...]
) -> None:
    weights = drawn(example(choice), shape, SHAPES[shape])
    assert weights.shape == shape
    assert weights.dtype == torch.float32
    assert weights.isfinite().all()


@every_initializer
def test_that_equal_generators_draw_equal_weights_and_others_other_ones(choice: type[Choice]) -> None:
    made = example(choice)
    first, again, other = (drawn(made, (30, 20), (20, 30), seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert torch.equal(first, other) == (choice in DRAWS_NOTHING)


@every_initializer
def test_that_drawing_leaves_the_default_generator_as_it_was(choice: type[Choice]) -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    drawn(example(choice), (30, 20), (20, 30))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("initializer", "expected"), CASES, ids=lambda case: str(getattr(case, "kind", "")))
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_that_weights_follow_the_distribution_of_the_formula(
    initializer: Initializer, expected: Expected, shape: tuple[int, ...], seed: int
) -> None:
    values = drawn(initializer, shape, SHAPES[shape], seed).double().numpy().ravel()
    scaled = np.sort(values / expected.width(*SHAPES[shape]))
    count = len(scaled)
    if expected.distribution == "uniform":
        assert np.abs(scaled).max() <= 1 + 1e-6
        cumulative = (scaled.clip(-1, 1) + 1) / 2
        variance, room = 1 / 3, math.sqrt(4 / 45 / count)
    elif expected.distribution.startswith("cut"):
        cut = float(expected.distribution.removeprefix("cut at "))
        assert np.abs(scaled).max() <= cut + 1e-6
        kept = stats.truncnorm(-cut, cut)
        cumulative, variance = kept.cdf(scaled), kept.var()
        room = math.sqrt((kept.moment(4) - variance**2) / count)
    else:
        cumulative = np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in scaled])
        variance, room = 1.0, math.sqrt(2 / count)
    # Five standard errors for mean and variance; Kolmogorov-Smirnov distance at about one in a million.
    assert abs(scaled.mean()) < 5 * math.sqrt(variance / count)
    assert abs(scaled.var() - variance) < 5 * room
    ranks = np.arange(count)
    distance = max((cumulative - ranks / count).max(), ((ranks + 1) / count - cumulative).max())
    assert distance < 2.7 / math.sqrt(count)


@pytest.mark.parametrize(
    ("initializer", "value"), [(Zeros(), 0), (Ones(), 1), (ConstantWeights(value=-0.25), -0.25)]
)
def test_that_what_is_constant_is_that(initializer: Initializer, value: float) -> None:
    assert (drawn(initializer, (7, 5, 3, 3), (45, 63)) == value).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_that_sparse_units_have_so_many_connections_anywhere(shape: tuple[int, ...]) -> None:
    made = Sparse(connections=7, standard_deviation=0.5)
    weights = drawn(made, shape, SHAPES[shape]).numpy().reshape(shape[0], -1)
    there = weights != 0
    assert (there.sum(1) == 7).all()
    # every input is chosen with the same probability: 5 standard errors of a binomial count
    share = 7 / weights.shape[1]
    assert np.abs(there.sum(0) - share * len(there)).max() < 5 * math.sqrt(share * len(there)) + 1
    assert weights[there].std() == pytest.approx(0.5, rel=0.15)
    few = drawn(made, (9, 4), (4, 9))
    assert (few != 0).all()


@pytest.mark.parametrize(("units", "inputs"), [(30, 2), (200, 5), (10, 64), (6, 1)])
def test_that_nguyen_and_widrow_give_all_units_one_length_and_biases_within_it(
    units: int, inputs: int
) -> None:
    made, generator = NguyenWidrow(), torch.Generator().manual_seed(0)
    reach = 0.7 * units ** (1 / inputs)
    weights = made.draw((units, inputs), inputs, units, generator)
    np.testing.assert_allclose(np.linalg.norm(weights.numpy(), axis=1), reach, rtol=1e-5)
    biases = made.draw_biases(units, inputs, generator).abs().max().item()
    assert 0.5 * reach < biases <= reach


def test_that_a_random_walk_leads_nowhere_on_the_way_back() -> None:
    """The rule itself: the logarithm of a gradient's length changes by 0 in a layer, on the mean.

    Of ReLU a random half of the units lets a gradient through; He's width loses length in narrow layers.
    """
    generator, width, count = torch.Generator().manual_seed(0), 24, 6_000

    def steps(initializer: Initializer) -> torch.Tensor:
        weights = torch.stack(
            [initializer.draw((width, width), width, width, generator) for _ in range(count)]
        )
        back = torch.randn(count, 1, width, generator=generator)
        through = torch.randint(2, (count, 1, width), generator=generator)
        return ((back * through) @ weights).norm(dim=2).log() - back.norm(dim=2).log()

    walk, he = steps(RandomWalk()), steps(HeNormal())
    error = walk.std().item() / math.sqrt(count)
    assert abs(walk.mean().item()) < 4 * error + 0.005
    assert he.mean().item() < -4 * error


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5), (6, 4, 3, 3), (4, 6, 5), (5, 5, 1, 3)], ids=str)
def test_that_an_identity_passes_on_what_comes_in(shape: tuple[int, ...]) -> None:
    """As a layer of torch computes it: outputs are inputs of the same number, in every place."""
    weights = drawn(Identity(gain=2.0, noise=0.0), shape, (1, 1))
    inputs = torch.randn(3, shape[1], *[9] * (len(shape) - 2), generator=torch.Generator().manual_seed(1))
    if len(shape) == 2:
        outputs = torch.nn.functional.linear(inputs, weights)
    else:
        convolve = (torch.nn.functional.conv1d, torch.nn.functional.conv2d)[len(shape) - 3]
        outputs = convolve(inputs, weights, padding="same")
    shared = min(shape[:2])
    torch.testing.assert_close(outputs[:, :shared], 2 * inputs[:, :shared])
    assert not outputs[:, shared:].any()
    noisy = drawn(Identity(gain=2.0, noise=0.1), (50, 40), (40, 50)).numpy() - 2 * np.eye(50, 40)
    assert noisy.std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20), (16, 8, 3, 3), (8, 16, 5), (9, 9, 1, 3)], ids=str)
def test_that_delta_orthogonal_weights_are_a_rotation_in_the_middle(shape: tuple[int, ...]) -> None:
    weights = drawn(DeltaOrthogonal(gain=1.5), shape, (1, 1)).double()
    middle = weights[(..., *[size // 2 for size in shape[2:]])].numpy()
    short = middle if middle.shape[0] <= middle.shape[1] else middle.T
    np.testing.assert_allclose(short @ short.T, 1.5**2 * np.eye(len(short)), atol=1e-6)
    assert int((weights != 0).sum()) == middle.size


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (5, 2), (16, 3, 3, 3), (64, 64), (7, 1)], ids=str)
def test_that_zero_is_the_papers_algorithm(shape: tuple[int, ...]) -> None:
    outputs, inputs = shape[:2]
    if outputs <= inputs:
        expected = np.eye(outputs, inputs)
    else:
        power = math.ceil(math.log2(outputs))
        expected = 2 ** (-(power - 1) / 2) * linalg.hadamard(2**power)[:outputs, :inputs]
    weights = drawn(ZerO(), shape, (1, 1)).numpy()
    middle = weights[(..., *[size // 2 for size in shape[2:]])]
    np.testing.assert_allclose(middle, expected, rtol=1e-6)
    assert np.count_nonzero(weights) == np.count_nonzero(expected)


@pytest.mark.parametrize(
    "shape", [(20, 50), (50, 20), (30, 30), (16, 8, 3, 3), (64, 2, 3, 3), (1, 9), (9, 1)], ids=str
)
@pytest.mark.parametrize("gain", [1.0, 1.5])
def test_that_orthogonal_weights_have_orthogonal_rows_or_columns_of_length_gain(
    shape: tuple[int, ...], gain: float
) -> None:
    weights = drawn(Orthogonal(gain=gain), shape, (1, 1)).double().numpy().reshape(shape[0], -1)
    short = weights if weights.shape[0] <= weights.shape[1] else weights.T
    np.testing.assert_allclose(short @ short.T, gain**2 * np.eye(len(short)), atol=1e-6)


def test_that_orthogonal_matrices_are_drawn_evenly_from_all_rotations_and_reflections() -> None:
    # Under the Haar measure the entries have mean 0 and variance 1/n and the trace has mean 0 and variance 1;
    # a QR decomposition without the choice of signs fails this.
    generator = torch.Generator().manual_seed(0)
    count = 4000
    draws = np.stack([Orthogonal().draw((3, 3), 3, 3, generator).double().numpy() for _ in range(count)])
    assert np.abs(draws.mean(0)).max() < 5 * math.sqrt(1 / 3 / count)
    assert abs(np.trace(draws, axis1=1, axis2=2).mean()) < 5 / math.sqrt(count)
    assert abs(np.trace(draws, axis1=1, axis2=2).var() - 1) < 0.2
    assert abs(np.linalg.det(draws).mean()) < 5 / math.sqrt(count)


@every_initializer
def test_that_biases_start_at_zero_or_evenly_within_one_by_the_root_of_the_connections(
    choice: type[Choice],
) -> None:
    for biases in ("zero", "uniform"):
        if choice is NguyenWidrow:  # its biases reach as far as its weights
            return
        made = example(choice).replaced(biases=biases)
        drawn = made.draw_biases(20_000, 16, torch.Generator().manual_seed(1))
        assert drawn.shape == (20_000,)
        if biases == "zero":
            assert not drawn.any()
        else:
            assert drawn.abs().max() <= 0.25
            assert drawn.std().item() == pytest.approx(0.25 / math.sqrt(3), rel=0.03)


@pytest.mark.parametrize("module", [torch.nn.Linear(400, 30), torch.nn.Conv2d(8, 30, 5)], ids=str)
def test_that_the_frameworks_default_is_that_of_the_framework(module: torch.nn.Module) -> None:
    torch.manual_seed(0)
    module.reset_parameters()
    weight, bias = module.weight, module.bias
    inputs = weight[0].numel()
    made = FrameworkDefault()
    ours = made.draw(tuple(weight.shape), inputs, 30, torch.Generator().manual_seed(0))
    assert ours.abs().max().item() == pytest.approx(weight.abs().max().item(), rel=0.02)
    assert ours.std().item() == pytest.approx(weight.std().item(), rel=0.05)
    limit = made.draw_biases(30, inputs, torch.Generator().manual_seed(0)).abs().max()
    assert limit.item() == pytest.approx(bias.abs().max().item(), rel=0.25)
