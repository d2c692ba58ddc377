"""Initializers against their written formulas: distribution, width, bounds, orthogonality."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.choices import Choice
from engine.learning.initializers import (
    FrameworkDefault,
    HeNormal,
    HeUniform,
    Initializer,
    Normal,
    Orthogonal,
    Uniform,
    XavierNormal,
    XavierUniform,
    Zeros,
)  # fmt: skip
from tests.engine.every import choices, example, label

every_initializer = pytest.mark.parametrize("choice", choices("initializers"), ids=label)
Draw = NDArray[np.float64]

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
]


def test_that_every_initializer_has_an_independent_check_here() -> None:
    checked = {case.kind for case, _ in CASES} | {Zeros.kind, Orthogonal.kind}
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
    assert torch.equal(first, other) == (choice is Zeros)


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
    else:
        cumulative = np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in scaled])
        variance, room = 1.0, math.sqrt(2 / count)
    # Five standard errors for mean and variance; Kolmogorov-Smirnov distance at about one in a million.
    assert abs(scaled.mean()) < 5 * math.sqrt(variance / count)
    assert abs(scaled.var() - variance) < 5 * room
    ranks = np.arange(count)
    distance = max((cumulative - ranks / count).max(), ((ranks + 1) / count - cumulative).max())
    assert distance < 2.7 / math.sqrt(count)


def test_that_zeros_are_zero() -> None:
    assert (drawn(Zeros(), (7, 5), (5, 7)) == 0).all()


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
