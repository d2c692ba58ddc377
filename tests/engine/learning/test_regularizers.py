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
from engine.learning.regularizers import ClipNorm, ClipValue, Regularizer
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example, label

Array = NDArray[np.float64]
every_regularizer = pytest.mark.parametrize("choice", choices("regularizers"), ids=label)
seeds = st.integers(0, 2**32 - 1)

FORMULAS: dict[str, Callable[[Any, Array, Array], Array]] = {
    # the slopes of λ ∑ |w| and of λ/2 ∑ w², added to the gradient
    "l1": lambda rule, g, w: g + rule.strength * np.sign(w),
    "l2": lambda rule, g, w: g + rule.strength * w,
    "clip_norm": lambda rule, g, w: g * min(1, rule.limit / np.sqrt((g**2).sum())),
    "clip_value": lambda rule, g, w: np.minimum(np.maximum(g, -rule.limit), rule.limit),
}


def adjusted(regularizer: Regularizer, gradient: Array, weights: Array) -> Array:
    given_weights = torch.from_numpy(weights.copy())
    result = regularizer.adjust(torch.from_numpy(gradient.copy()), given_weights).numpy()
    np.testing.assert_array_equal(given_weights.numpy(), weights)
    return np.asarray(result)


def drawn(seed: int) -> tuple[Array, Array]:
    """A gradient and weights, some of them 0."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 3, 23), rng.normal(0, 1, 23) * (rng.random(23) < 0.7)


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
def test_that_a_vanished_gradient_of_vanished_weights_stays_0(choice: type[Choice]) -> None:
    assert (adjusted(example(choice), np.zeros(5), np.zeros(5)) == 0).all()


@every_regularizer
def test_that_what_is_not_a_number_stays_so_and_is_seen_by_the_loop(choice: type[Choice]) -> None:
    result = adjusted(example(choice), np.array([np.nan, 1.0]), np.ones(2))
    assert np.isnan(result[0])
