"""Regularizers against their written formulas in numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.choices import Choice
from engine.learning.layout import Parameter
from engine.learning.regularizers.clipping import ClipNorm, ClipValue
from engine.learning.regularizers.constraints import MaxNorm
from engine.learning.regularizers.gradients import GradientNoise
from engine.learning.regularizers.regularizer import Regularizer
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example, label

Array = NDArray[np.float64]
every_regularizer = pytest.mark.parametrize("choice", choices("regularizers"), ids=label)
seeds = st.integers(0, 2**32 - 1)

LAYOUT = (
    Parameter("a.weight", 0, 12, (4, 3)),
    Parameter("a.bias", 12, 16, (4,)),
    # a gap of one entry, then kernels of two units
    Parameter("b.weight", 17, 25, (2, 1, 2, 2)),
)
SIZE = 25
UNITS = [slice(3 * unit, 3 * unit + 3) for unit in range(4)] + [slice(17, 21), slice(21, 25)]
"""Where the weights of the six units lie, one after the other."""
STEP = 6


def by_unit(change: Callable[[Array, Array], Array], g: Array, w: Array) -> Array:
    found = g.copy()
    for unit in UNITS:
        found[unit] = change(g[unit], w[unit])
    return found


def limited(g: Array, longest: float) -> Array:
    length = np.sqrt((g**2).sum())
    return g if length <= longest else g * longest / length


def noise(rule: Any) -> Array:
    """The noise that was drawn, as a copy of the same generator draws it; none in the gap."""
    torch.manual_seed(5)
    drawn = torch.randn(SIZE, dtype=torch.float64).numpy().copy()
    drawn[16] = 0
    return np.asarray(drawn * np.sqrt(rule.variance * (1.0 + STEP) ** -rule.decay))


FORMULAS: dict[str, Callable[[Any, Array, Array], Array]] = {
    # the slopes of λ ∑ |w| and of λ/2 ∑ w², added to the gradient
    "l1": lambda rule, g, w: g + rule.strength * np.sign(w),
    "l2": lambda rule, g, w: g + rule.strength * w,
    "clip_norm": lambda rule, g, w: g * min(1, rule.limit / np.sqrt((g**2).sum())),
    "clip_value": lambda rule, g, w: np.minimum(np.maximum(g, -rule.limit), rule.limit),
    "clip_adaptive": lambda rule, g, w: by_unit(
        lambda own, of: limited(own, rule.share * max(np.sqrt((of**2).sum()), 1e-3)), g, w
    ),
    "gradient_noise": lambda rule, g, w: g + noise(rule),
    "centralization": lambda rule, g, w: by_unit(lambda own, _: own - own.sum() / len(own), g, w),
    "max_norm": lambda rule, g, w: g,
    "clip_weights": lambda rule, g, w: g,
}
CONSTRAINED: dict[str, Callable[[Any, Array], Array]] = {
    "max_norm": lambda rule, w: by_unit(lambda own, _: limited(own, rule.limit), w, w),
    "clip_weights": lambda rule, w: by_unit(
        lambda own, _: np.minimum(np.maximum(own, -rule.limit), rule.limit), w, w
    ),
}
"""What becomes of weights after their step; of all other regularizers nothing."""


def adjusted(regularizer: Regularizer, gradient: Array, weights: Array) -> Array:
    given_weights = torch.from_numpy(weights.copy())
    torch.manual_seed(5)
    layout = LAYOUT if len(gradient) == SIZE else (Parameter("w", 0, len(gradient), (1, len(gradient))),)
    result = regularizer.adjust(torch.from_numpy(gradient.copy()), given_weights, layout, STEP).numpy()
    np.testing.assert_array_equal(given_weights.numpy(), weights)
    return np.asarray(result)


def drawn(seed: int) -> tuple[Array, Array]:
    """A gradient and weights, some of them 0."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 3, SIZE), rng.normal(0, 1, SIZE) * (rng.random(SIZE) < 0.7)


def test_that_every_regularizer_has_an_independent_formula_here() -> None:
    assert set(FORMULAS) >= {choice.kind for choice in choices("regularizers")}


@every_regularizer
@given(data=st.data(), seed=seeds)
def test_that_the_gradient_is_adjusted_as_the_formula_says(
    choice: type[Choice], data: st.DataObject, seed: int
) -> None:
    regularizer, (g, w) = data.draw(any_settings(choice)), drawn(seed)
    np.testing.assert_allclose(
        adjusted(regularizer, g, w), FORMULAS[choice.kind](regularizer, g, w), rtol=1e-12, atol=1e-12
    )


def test_that_a_short_gradient_keeps_every_bit() -> None:
    g, w = drawn(1)
    np.testing.assert_array_equal(adjusted(ClipNorm(limit=1e5), g, w), g)
    np.testing.assert_array_equal(adjusted(ClipValue(limit=1e5), g, w), g)


@every_regularizer
@given(data=st.data(), seed=seeds)
def test_that_weights_are_brought_back_as_the_formula_says(
    choice: type[Choice], data: st.DataObject, seed: int
) -> None:
    regularizer, (_, w) = data.draw(any_settings(choice)), drawn(seed)
    given_weights = torch.from_numpy(w.copy())
    regularizer.constrain(given_weights, LAYOUT)
    expected = CONSTRAINED.get(choice.kind, lambda rule, weights: weights)(regularizer, w)
    np.testing.assert_allclose(given_weights.numpy(), expected, rtol=1e-12, atol=1e-12)


def test_that_noise_dies_away_and_is_drawn_anew() -> None:
    gradient, layout = torch.zeros(20_000), (Parameter("w", 0, 20_000, (100, 200)),)
    rule = GradientNoise(variance=0.09, decay=0.5)
    torch.manual_seed(1)
    deviations = [float(rule.adjust(gradient.clone(), gradient, layout, step).std()) for step in (0, 0, 255)]
    assert deviations[0] == pytest.approx(0.3, rel=0.03)
    assert deviations[2] == pytest.approx(0.3 / 4, rel=0.03)  # (1 + 255) ** 0.5 is 16, the root of which is 4
    assert deviations[0] != deviations[1]


def test_that_short_weights_keep_every_bit() -> None:
    weights = torch.from_numpy(drawn(1)[1])
    kept = weights.clone()
    MaxNorm(limit=1e5).constrain(weights, LAYOUT)
    assert torch.equal(weights, kept)


@every_regularizer
def test_that_a_vanished_gradient_of_vanished_weights_stays_0(choice: type[Choice]) -> None:
    if choice.kind != "gradient_noise":  # which is there to move it
        assert (adjusted(example(choice), np.zeros(5), np.zeros(5)) == 0).all()


@every_regularizer
def test_that_what_is_not_a_number_stays_so_and_is_seen_by_the_loop(choice: type[Choice]) -> None:
    result = adjusted(example(choice), np.array([np.nan, 1.0]), np.ones(2))
    assert np.isnan(result[0])
