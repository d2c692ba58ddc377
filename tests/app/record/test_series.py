"""The rules of series: what a column of pixels shows is what a search through every value finds."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.series import Series, decayed_sums

VALUES = st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), max_size=400)


def filled(values: np.ndarray) -> Series:
    series = Series(1, 1)
    series.write(1, values)
    return series


def searched(values: np.ndarray, edges: np.ndarray) -> tuple[list[float], list[float]]:
    least, most = [], []
    for start, end in pairwise(edges):
        part = values[max(start, 0) : max(end, 0)]
        part = part[np.isfinite(part)]
        least.append(float(part.min()) if len(part) else math.nan)
        most.append(float(part.max()) if len(part) else math.nan)
    return least, most


@given(VALUES, st.lists(st.integers(-20, 450), min_size=2, max_size=30))
def test_that_every_column_shows_the_least_and_the_largest_finite_value_in_it(raw, edges):
    values, edges = np.array(raw, np.float32), np.sort(np.array(edges, np.int64))
    least, most = filled(values).columns(edges)
    wanted_least, wanted_most = searched(values, edges)
    np.testing.assert_array_equal(least, wanted_least)
    np.testing.assert_array_equal(most, wanted_most)


@given(VALUES, st.lists(st.integers(1, 60), min_size=1, max_size=50), st.integers(1, 40))
def test_that_appending_in_any_pieces_equals_appending_at_once(raw, sizes, width):
    values = np.array(raw, np.float32)
    pieces, start = Series(1, 1), 0
    while start < len(values):
        for size in sizes:
            pieces.write(1 + start, values[start : start + size])
            start += size
    edges = np.linspace(0, len(values), width + 1).astype(np.int64)
    np.testing.assert_array_equal(pieces.values, values)
    np.testing.assert_array_equal(pieces.columns(edges), filled(values).columns(edges))


@given(
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=300),
    st.integers(0, 299),
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=80),
)
def test_that_overwriting_anywhere_equals_having_written_so(raw, place, new):
    values, new = np.array(raw, np.float32), np.array(new, np.float32)
    place = min(place, len(values))
    series = filled(values)
    series.smoothed(5.0)
    series.write(1 + place, new)
    wanted = np.concatenate((values[:place], new, values[place + len(new) :]))
    edges = np.arange(0, len(wanted) + 1, 3)
    np.testing.assert_array_equal(series.values, wanted)
    np.testing.assert_array_equal(series.columns(edges), filled(wanted).columns(edges))
    np.testing.assert_array_equal(series.smoothed(5.0).values, filled(wanted).smoothed(5.0).values)


def test_that_a_gap_is_kept_as_unknown_and_can_be_filled_later():
    series = Series(1, 1)
    series.write(1, np.array([1, 2], np.float32))
    series.write(6, np.array([6], np.float32))
    np.testing.assert_array_equal(series.values, [1, 2, np.nan, np.nan, np.nan, 6])
    series.write(3, np.array([3, 4, 5], np.float32))
    np.testing.assert_array_equal(series.values, [1, 2, 3, 4, 5, 6])
    assert [float(bound[0]) for bound in series.columns(np.array([0, 6]))] == [1, 6]


def test_that_a_run_resumed_earlier_forgets_what_came_after():
    series = filled(np.arange(1, 101, dtype=np.float32))
    series.smoothed(7.0)
    series.cut(40)
    assert len(series) == 40
    assert series.last_step == 40
    np.testing.assert_array_equal(series.columns(np.array([0, 100]))[1], [40])
    assert len(series.smoothed(7.0)) == 40


def test_that_a_spike_of_one_step_is_seen_among_millions():
    values = np.ones(2_000_000, np.float32)
    values[1_234_567] = 50
    _, most = filled(values).columns(np.linspace(0, len(values), 641).astype(np.int64))
    assert most.max() == 50


def test_that_values_of_epochs_stand_at_the_last_step_of_theirs():
    series = Series(41, 41)
    series.write(41, np.array([3, 2, 1], np.float32))
    np.testing.assert_array_equal(series.steps(), [41, 82, 123])
    assert series.nearest(80) == 1
    assert series.nearest(10_000) is None


@pytest.mark.parametrize("memory", [0.5, 3.0, 40.0, 5000.0])
def test_that_smoothing_is_the_average_with_weights_that_fade_by_age(memory):
    values = np.random.default_rng(0).normal(size=700).astype(np.float32)
    values[[0, 5, 300]] = np.nan
    weight = math.exp(-1 / memory)
    wanted, total, mass = [], 0.0, 0.0
    for value in values.astype(np.float64):
        known = math.isfinite(value)
        total = weight * total + (value if known else 0.0)
        mass = weight * mass + known
        wanted.append(total / mass if known else math.nan)
    np.testing.assert_allclose(filled(values).smoothed(memory).values, wanted, rtol=2e-5, atol=1e-6)


@given(st.integers(0, 500), st.floats(0, 0.999), st.floats(-5, 5))
def test_that_sums_in_blocks_equal_the_recursion(count, weight, start):
    terms = np.random.default_rng(count).normal(size=count)
    wanted, value = [], start
    for term in terms:
        value = weight * value + term
        wanted.append(value)
    np.testing.assert_allclose(decayed_sums(terms, weight, start), wanted, rtol=1e-9, atol=1e-9)


def test_that_a_live_average_equals_the_one_of_the_whole():
    values = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    live = Series(1, 1)
    live.write(1, values[:3])
    live.smoothed(20.0)
    for start in range(3, 1000, 37):
        live.write(1 + start, values[start : start + 37])
    np.testing.assert_allclose(
        live.smoothed(20.0).values, filled(values).smoothed(20.0).values, rtol=1e-5, atol=1e-6
    )


def test_that_earlier_values_can_come_later():
    series = Series(11, 1)
    series.write(11, np.array([11, 12], np.float32))
    series.smoothed(3.0)
    series.write(5, np.array([5, 6], np.float32))
    assert series.first == 5
    np.testing.assert_array_equal(series.values, [5, 6, *[np.nan] * 4, 11, 12])
    np.testing.assert_array_equal(series.columns(np.array([0, 4, 8]))[1], [6, 12])
