"""The rules of series: what a column of pixels shows is what a search through every value finds."""

from __future__ import annotations

import math
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.series import Series
from engine.timetable import Timetable

VALUES = st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), max_size=400)


def filled(values: np.ndarray) -> Series:
    series = Series(1, 1)
    series.write(1, values)
    return series


def smooth(series: Series, reach: float) -> np.ndarray:
    """Return the smooth line at every value."""
    at, line = series.smoothed(reach, 0, len(series), 10 * len(series))
    return np.interp(np.arange(len(series)), at, line)


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
    series.write(1 + place, new)
    wanted = np.concatenate((values[:place], new, values[place + len(new) :]))
    edges = np.arange(0, len(wanted) + 1, 3)
    np.testing.assert_array_equal(series.values, wanted)
    np.testing.assert_array_equal(series.columns(edges), filled(wanted).columns(edges))
    np.testing.assert_allclose(smooth(series, 5.0), smooth(filled(wanted), 5.0), rtol=1e-6, atol=1e-3)


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
    series.cut(40)
    assert len(series) == 40
    assert series.last_step == 40
    np.testing.assert_array_equal(series.columns(np.array([0, 100]))[1], [40])
    np.testing.assert_allclose(smooth(series, 7.0), np.arange(1, 41), rtol=1e-6)


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


@pytest.mark.parametrize("reach", [0.7, 3.0, 12.0])
def test_that_the_smooth_line_is_the_weighted_straight_fit_around_each_value(reach):
    values = np.random.default_rng(0).normal(size=200).astype(np.float32)
    values[[0, 5, 120]] = np.nan
    line, places = smooth(filled(values), reach), np.arange(200)
    for place in range(200):
        near = np.isfinite(values) & (np.abs(places - place) <= math.ceil(3 * reach))
        root = np.exp(-((places[near] - place) ** 2) / (4 * reach**2))
        design = np.stack((np.ones(near.sum()), places[near] - place), axis=1)
        wanted = np.linalg.lstsq(design * root[:, None], values[near] * root, rcond=None)[0][0]
        assert line[place] == pytest.approx(wanted, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("count", [3, 50, 20_000])
@pytest.mark.parametrize("reach", [1.0, 30.0, 900.0])
def test_that_the_smooth_line_neither_lags_behind_a_slope_nor_leaves_it_at_the_ends(count, reach):
    slope = np.linspace(5, 1, count)
    at, line = filled(slope.astype(np.float32)).smoothed(reach, 0, count, 300)
    np.testing.assert_allclose(line, np.interp(at, np.arange(count), slope), rtol=5e-3)


def test_that_the_smooth_line_stays_among_the_values():
    values = np.array([1, 1, 1, 1, 1, 1e30], np.float32)
    line = filled(values).smoothed(2.0, 0, 6, 100)[1]
    assert line.min() >= 1
    assert line.max() <= 1e30 * 1.001


def test_that_the_smooth_line_has_few_points_however_much_it_holds():
    values = np.random.default_rng(2).normal(size=1_000_000).astype(np.float32)
    at, line = filled(values).smoothed(5000.0, 0, len(values), 300)
    assert len(at) <= 3300
    assert np.abs(line).max() < 0.2
    at, line = filled(values).smoothed(5000.0, 500_000, 500_100, 300)
    assert 1 <= len(at) <= 10


def test_that_a_live_smooth_line_equals_the_one_of_the_whole():
    values = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    live = Series(1, 1)
    live.write(1, values[:3])
    for start in range(3, 1000, 37):
        live.write(1 + start, values[start : start + 37])
    np.testing.assert_allclose(smooth(live, 20.0), smooth(filled(values), 20.0), rtol=1e-6, atol=1e-9)


def test_that_earlier_values_can_come_later():
    series = Series(11, 1)
    series.write(11, np.array([11, 12], np.float32))
    series.write(5, np.array([5, 6], np.float32))
    assert series.first == 5
    np.testing.assert_array_equal(series.values, [5, 6, *[np.nan] * 4, 11, 12])
    np.testing.assert_array_equal(series.columns(np.array([0, 4, 8]))[1], [6, 12])


@st.composite
def uneven(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Return stretches of values: the step of the first, how far they are apart, and how many there are."""
    found, last = [], 0
    for stride, count in draw(
        st.lists(st.tuples(st.integers(1, 9), st.integers(1, 6)), min_size=1, max_size=6)
    ):
        found.append((last + stride, stride, count))
        last += stride * count
    return found


@given(uneven(), st.randoms(use_true_random=False), st.integers(0, 120))
def test_that_values_stand_at_their_steps_however_far_apart_these_are(stretches, chance, cut):
    """Epochs have other numbers of steps once the size of batches was edited; what is missed comes later."""
    pieces = [
        (first + stride * place, stride) for first, stride, count in stretches for place in range(count)
    ]
    steps = [step for step, _ in pieces]
    whole, shuffled = Series(*pieces[0]), Series(*pieces[-1])
    for first, stride, count in stretches:
        whole.write(first, np.arange(first, first + stride * count, stride, dtype=np.float32), stride)
    chance.shuffle(pieces)
    for step, stride in pieces:
        shuffled.write(step, np.array([step], np.float32), stride)
    for series in (whole, shuffled):
        known = np.isfinite(series.values)
        assert series.steps()[known].tolist() == steps
        assert series.values[known].tolist() == steps
        assert series.last_step == steps[-1]
        assert all(series.steps()[series.nearest(step)] == step for step in steps)
    assert len(whole) == len(steps)
    between = (np.array(steps[:-1]) + np.array(steps[1:])) / 2
    np.testing.assert_allclose([whole.index_of(step) for step in between], np.arange(len(between)) + 0.5)
    np.testing.assert_allclose(whole.steps_at(np.arange(len(between)) + 0.5), between)
    whole.cut(cut)
    assert whole.values.tolist() == [step for step in steps if step <= cut]
    whole.write(cut + 3, np.array([1], np.float32), 7)
    assert whole.last_step == cut + 3


def test_that_a_long_run_takes_few_bytes_a_step() -> None:
    """Eight hours of 2,000 steps a second are 58 million values a series; 34 bytes each were gigabytes."""
    tracemalloc.start()
    series = Series(1, 1)
    values = np.random.default_rng(1).normal(size=10_000).astype(np.float32)
    for place in range(100):
        series.write(1 + place * len(values), values)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(series) < 10


def test_that_means_of_any_stretch_are_those_of_its_values() -> None:
    chance = np.random.default_rng(4)
    values = chance.normal(size=1_000).astype(np.float32)
    values[chance.integers(0, 1_000, 60)] = np.nan
    series = Series(1, 1)
    for start in range(0, 1_000, 77):
        series.write(1 + start, values[start : start + 77])
    series.write(500, np.float32([7, np.inf]))
    values[499:501] = 7, np.inf
    series.cut(900)
    edges = np.sort(chance.integers(0, 1_100, 200))
    sums, counts = series._sums.between(series.values, edges, series._weights)
    for first, last, total, count in zip(edges[:-1], edges[1:], sums, counts, strict=True):
        inside = values[first : min(last, 900)].astype(np.float64)
        known = inside[np.isfinite(inside)]
        assert count == len(known)
        assert total == pytest.approx(known.sum(), abs=1e-9)


def test_that_a_short_batch_counts_by_its_examples_in_the_smooth_line():
    values = np.ones(400, np.float32)
    values[99::100] = 5  # the last batch of each epoch has one example, and a loss of its own
    short, plain = Series(1, 1, Timetable.even(100, 1 / 32).shares), Series(1, 1)
    for series in (short, plain):
        series.write(1, values)
    ends = [float(series.smoothed(8.0, 399, 400, 1)[1][-1]) for series in (short, plain)]
    assert ends[0] == pytest.approx(1, abs=0.05)
    assert ends[1] > 1.5


def test_that_a_smooth_line_is_the_same_however_its_values_came():
    values = np.random.default_rng(3).normal(size=500).astype(np.float32)
    whole, pieces = (Series(1, 1, Timetable.even(30, 0.25).shares) for _ in range(2))
    whole.write(1, values)
    for start in range(0, 500, 37):
        pieces.write(1 + start, values[start : start + 37])
    for one, other in zip(whole.smoothed(6.0, 0, 500, 200), pieces.smoothed(6.0, 0, 500, 200), strict=True):
        np.testing.assert_allclose(one, other)
