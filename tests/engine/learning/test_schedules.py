"""Schedules against their written formulas, range and continuity."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Choice
from engine.learning.schedules import Cosine, Exponential, Schedule, Step
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example, label

every_schedule = pytest.mark.parametrize("choice", choices("schedules"), ids=label)
progress = st.floats(0, 1, exclude_max=True)


def step(schedule: Any, p: float) -> float:
    """One drop at the end of each of the n + 1 stretches but the last."""
    ends = [drop / (schedule.drops + 1) for drop in range(1, schedule.drops + 1)]
    if min(abs(p - end) for end in ends) < 1e-9:  # which side of the end it is on, is a matter of rounding
        return float(schedule.factor(p))
    return float(math.prod(schedule.ratio for end in ends if p > end))


def cosine(schedule: Any, p: float) -> float:
    if p < schedule.warmup:
        return float(p / schedule.warmup)
    angle = math.pi * (p - schedule.warmup) / (1 - schedule.warmup)
    # cos²(x/2) = (1 + cos x)/2: the same half cosine written in another way.
    return float(schedule.floor + (1 - schedule.floor) * math.cos(angle / 2) ** 2)


FORMULAS: dict[str, Callable[[Any, float], float]] = {
    "constant": lambda schedule, p: 1.0,
    "step": step,
    "exponential": lambda schedule, p: math.exp(p * math.log(schedule.final)),
    "cosine": cosine,
}


def test_that_every_schedule_has_an_independent_formula_here() -> None:
    assert set(FORMULAS) >= {choice.kind for choice in choices("schedules")}


@every_schedule
@given(data=st.data(), p=progress)
def test_that_the_factor_follows_the_formula(choice: type[Choice], data: st.DataObject, p: float) -> None:
    schedule = data.draw(any_settings(choice))
    assert schedule.factor(p) == pytest.approx(FORMULAS[choice.kind](schedule, p), rel=1e-9, abs=1e-12)


@every_schedule
@given(data=st.data(), p=progress)
def test_that_the_factor_is_a_plain_number_between_0_and_1(
    choice: type[Choice], data: st.DataObject, p: float
) -> None:
    factor = data.draw(any_settings(choice)).factor(p)
    assert type(factor) is float
    assert 0 <= factor <= 1


@every_schedule
def test_that_the_factor_reaches_1_at_some_point(choice: type[Choice]) -> None:
    schedule = example(choice)
    assert max(schedule.factor(step / 1000) for step in range(1000)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("p", "factor"), [(0, 1), (0.24, 1), (0.25, 0.5), (0.49, 0.5), (0.5, 0.25), (0.75, 0.125), (0.999, 0.125)]
)
def test_that_three_drops_part_the_run_into_four_equal_stretches(p: float, factor: float) -> None:
    assert Step(drops=3, ratio=0.5).factor(p) == factor


@given(p=progress, drops=st.integers(1, 100))
def test_that_a_step_schedule_never_drops_more_often_than_it_says(p: float, drops: int) -> None:
    assert Step(drops=drops, ratio=0.5).factor(p) >= 0.5**drops


@given(p=progress, final=st.floats(1e-6, 1))
def test_that_exponential_falls_by_the_same_share_in_equal_times(p: float, final: float) -> None:
    schedule = Exponential(final=final)
    assert schedule.factor(p / 2) ** 2 == pytest.approx(schedule.factor(p))


@pytest.mark.parametrize(
    ("warmup", "floor", "p", "factor"),
    [
        (0, 0, 0, 1),
        (0, 0, 0.5, 0.5),
        (0.2, 0, 0.1, 0.5),
        (0.2, 0, 0.2, 1),
        (0.2, 0, 0.6, 0.5),
        (0.2, 0.5, 0.6, 0.75),
    ],
)
def test_that_cosine_passes_through_known_points(
    warmup: float, floor: float, p: float, factor: float
) -> None:
    assert Cosine(warmup=warmup, floor=floor).factor(p) == pytest.approx(factor)


@pytest.mark.parametrize(
    "schedule", [Exponential(final=1e-4), Cosine(warmup=0.1), Cosine(warmup=0.3, floor=0.2)]
)
def test_that_smooth_schedules_have_no_jump(schedule: Schedule) -> None:
    factors = [schedule.factor(step / 10_000) for step in range(10_000)]
    assert max(abs(one - other) for one, other in pairwise(factors)) < 2e-3


def test_that_cosine_ends_at_its_floor() -> None:
    assert Cosine(floor=0.1).factor(1 - 1e-9) == pytest.approx(0.1)
