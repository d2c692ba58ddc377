"""Regularizers against their written formulas in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.choices import Choice
from engine.learning.regularizers import L1, L2, ClipNorm, ClipValue, Regularizer
from tests.engine.every import choices, example, label

Array = NDArray[np.float64]
every_regularizer = pytest.mark.parametrize("choice", choices("regularizers"), ids=label)
seeds = st.integers(0, 2**32 - 1)
strengths = st.floats(1e-4, 10)


def adjusted(regularizer: Regularizer, gradient: Array, weights: Array) -> Array:
    given_weights = torch.from_numpy(weights.copy())
    result = regularizer.adjust(torch.from_numpy(gradient.copy()), given_weights).numpy()
    np.testing.assert_array_equal(given_weights.numpy(), weights)
    return np.asarray(result)


def drawn(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 3, 23), rng.normal(0, 1, 23) * (rng.random(23) < 0.7)


@given(seed=seeds, strength=strengths)
def test_that_l1_adds_the_sign_of_the_weights(seed: int, strength: float) -> None:
    g, w = drawn(seed)
    np.testing.assert_allclose(adjusted(L1(strength=strength), g, w), g + strength * np.sign(w), rtol=1e-12)


@given(seed=seeds, strength=strengths)
def test_that_l2_adds_the_slope_of_half_the_squared_weights(seed: int, strength: float) -> None:
    g, w = drawn(seed)
    np.testing.assert_allclose(
        adjusted(L2(strength=strength), g, w), g + strength * w, rtol=1e-12, atol=1e-12
    )


@given(seed=seeds, limit=strengths)
def test_that_a_longer_gradient_is_shortened_to_the_limit_in_its_direction(seed: int, limit: float) -> None:
    g, w = drawn(seed)
    length = np.sqrt((g**2).sum())
    np.testing.assert_allclose(adjusted(ClipNorm(limit=limit), g, w), g * min(1, limit / length), rtol=1e-12)


def test_that_a_short_gradient_keeps_every_bit() -> None:
    g, w = drawn(1)
    np.testing.assert_array_equal(adjusted(ClipNorm(limit=1e5), g, w), g)
    np.testing.assert_array_equal(adjusted(ClipValue(limit=1e5), g, w), g)


@given(seed=seeds, limit=strengths)
def test_that_entries_are_cut_off_at_the_limit(seed: int, limit: float) -> None:
    g, w = drawn(seed)
    np.testing.assert_array_equal(
        adjusted(ClipValue(limit=limit), g, w), np.minimum(np.maximum(g, -limit), limit)
    )


@every_regularizer
def test_that_a_vanished_gradient_of_vanished_weights_stays_0(choice: type[Choice]) -> None:
    assert (adjusted(example(choice), np.zeros(5), np.zeros(5)) == 0).all()


@every_regularizer
def test_that_what_is_not_a_number_stays_so_and_is_seen_by_the_loop(choice: type[Choice]) -> None:
    result = adjusted(example(choice), np.array([np.nan, 1.0]), np.ones(2))
    assert np.isnan(result[0])
