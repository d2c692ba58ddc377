"""The rules of axes: round ticks in order, and pixels that lead back to their values."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.numbers import number, percent, tick, whole
from app.painters.axes import AxisScale, round_step, sound, ticks
from app.painters.frame import title_room
from app.views.drawing import Axis

ENDS = st.floats(-1e12, 1e12)


@given(ENDS, ENDS, st.booleans(), st.booleans(), st.integers(2, 12))
def test_that_ticks_stand_inside_in_order_and_read_differently(low, high, log, whole_only, count):
    axis = sound(Axis("", low, high, log, whole_only))
    found = ticks(axis, count)
    values = [place.value for place in found]
    reach = 1e-6 * (axis.high - axis.low)
    assert values == sorted(values)
    assert all(axis.low - reach <= value <= axis.high + reach for value in values)
    texts = [place.text for place in found if place.text]
    if axis.high - axis.low > 1e-5 * max(abs(axis.low), abs(axis.high)):
        assert len(set(texts)) == len(texts)


@given(ENDS, ENDS, st.booleans(), st.floats(0, 1))
def test_that_a_pixel_leads_back_to_its_value(low, high, log, share):
    scale = AxisScale(sound(Axis("", low, high, log)), 40.0, 640.0)
    pixel = 40 + 600 * share
    assert scale.pixel(scale.value(pixel)) == pytest.approx(pixel, abs=0.5)


def test_that_values_far_outside_stay_within_what_can_be_painted():
    scale = AxisScale(Axis("", 0, 1), 0, 100)
    assert np.abs(scale.pixels(np.array([1e300, -1e300, np.inf, -np.inf]))).max() <= 2200
    assert math.isnan(scale.pixel(math.nan))
    log = AxisScale(Axis("", 0.1, 1, log=True), 100, 0)
    assert log.pixel(0.0) > 100
    assert log.pixel(-5.0) > 100


@pytest.mark.parametrize(
    ("rough", "step"), [(0.9, 1), (1.3, 1), (1.5, 2), (2.7, 2), (3, 5), (8, 10), (0.04, 0.05), (1000, 1000)]
)
def test_that_steps_are_one_two_or_five_times_a_power_of_ten(rough, step):
    assert round_step(rough) == pytest.approx(step)


def test_that_whole_axes_have_whole_ticks():
    assert [place.text for place in ticks(Axis("", 0, 3, whole=True), 10)] == ["0", "1", "2", "3"]


def test_that_log_axes_are_labelled_at_powers_of_ten():
    texts = [place.text for place in ticks(Axis("", 1e-8, 10, log=True), 4) if place.text]
    assert "10⁻⁶" in texts
    assert "1" in texts or "0.001" in texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.041234, "0.0412"),
        (38026, "38\u202f026"),
        (1234, "1\u202f234"),
        (-2.5e-7, "−2.5×10⁻⁷"),
        (1e-5, "10⁻⁵"),
        (0, "0"),
        (math.nan, "–"),
        (-math.inf, "−∞"),
        (0.99999, "1.00"),
        (12_300_000, "1.23×10⁷"),
    ],
)
def test_that_numbers_read_as_people_write_them(value, text):
    assert number(value) == text


def test_that_shares_and_counts_read_as_people_write_them():
    assert percent(0.934) == "93\u202f%"
    assert percent(math.nan) == "–"
    assert whole(1234567) == "1\u202f234\u202f567"
    assert tick(0.30000000000000004, 0.1) == "0.3"
    assert tick(-0.5, 0.5) == "−0.5"
    assert tick(2_000_000, 500_000) == "2×10⁶"


HOURS = tuple(
    f"2010-{month:02}-{day:02} {hour:02}:00"
    for month, day, hour in itertools.product((9, 10), (1, 2), (0, 6, 12))
)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0, 2, "00:00"), (0, 11, "09-01 00:00")],
    ids=["one day", "one year"],
)
def test_that_times_say_only_what_they_do_not_share(low: int, high: int, said: str) -> None:
    assert ticks(Axis("", low, high, names=HOURS), 8)[0].text == said


def test_that_names_that_are_no_times_are_said_whole() -> None:
    assert ticks(Axis("", 0, 1, names=("red 1", "red 2")), 8)[0].text == "red 1"
    over = ("2010-12-31 12:00", "2011-01-01 12:00")
    assert ticks(Axis("", 0, 1, names=over), 8)[0].text == over[0]


@pytest.mark.parametrize(
    ("wanted", "found"), [(50, (100, 200)), (120, (90, 210)), (190, (30, 220)), (500, (0, 220))]
)
def test_that_a_title_reaches_over_its_axis_and_never_out_of_the_drawing(
    wanted: float, found: tuple[float, float]
) -> None:
    assert title_room(100, 200, 0, 220, wanted) == found
