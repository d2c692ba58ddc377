"""Schedules against their written formulas, range and continuity."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler as scheduling

from engine.choices import Choice
from engine.data.about import About
from engine.experiment import Experiment
from engine.learning.plateau import Plateau
from engine.learning.schedules import (
    Constant,
    Cosine,
    Cyclic,
    Exponential,
    LinearDecay,
    OneCycle,
    Piecewise,
    PolynomialDecay,
    Schedule,
    Step,
    WarmRestarts,
    WarmUpStableDecay,
)
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example, label
from tests.engine.training.support import MLP, assert_same, by_hand, experiment_of, run

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


def climbing(schedule: Any, p: float, then: float) -> float:
    return p / schedule.warmup if p < schedule.warmup else then


def linear(schedule: Any, p: float) -> float:
    return climbing(schedule, p, float(np.interp(p, [schedule.warmup, 1], [1, schedule.floor])))


def one_cycle(schedule: Any, p: float) -> float:
    """As PyTorch's own goes through the steps of a run, with p on the way between two of them."""
    if p < schedule.peak:
        return float(1 - (1 - schedule.start) * math.cos(math.pi * p / schedule.peak / 2) ** 2)
    rest = (p - schedule.peak) / (1 - schedule.peak)
    return float(schedule.final + (1 - schedule.final) * math.cos(math.pi * rest / 2) ** 2)


def cyclic(schedule: Any, p: float) -> float:
    n = schedule.cycles
    at = [step / (2 * n) for step in range(2 * n + 1)]
    peaks = [
        schedule.least + (1 - schedule.least) * schedule.ratio ** (step // 2) for step in range(2 * n + 1)
    ]
    heights = [peaks[step] if step % 2 else schedule.least for step in range(2 * n + 1)]
    return float(np.interp(p, at, heights))


def warm_restarts(schedule: Any, p: float) -> float:
    n, m = schedule.cycles, schedule.growth
    # the ends of the cycles as a geometric sum
    ends = [
        (cycle / n) if m == 1 else math.expm1(cycle * math.log(m)) / math.expm1(n * math.log(m))
        for cycle in range(n + 1)
    ]
    if min(abs(p - end) for end in ends) < 1e-9:
        return float(schedule.factor(p))
    cycle = max(place for place in range(n) if ends[place] <= p)
    share = (p - ends[cycle]) / (ends[cycle + 1] - ends[cycle])
    return float(schedule.floor + (1 - schedule.floor) * math.cos(math.pi * share / 2) ** 2)


def hold_and_decay(schedule: Any, p: float) -> float:
    left = min(1.0, (1 - p) / schedule.decay)
    return climbing(schedule, p, left if schedule.shape == "linear" else 1 - (1 - left) ** 0.5)


def piecewise(schedule: Any, p: float) -> float:
    if schedule.lines:
        return float(np.interp(p, schedule.moments, schedule.factors))
    return float(schedule.factors[int(np.searchsorted(schedule.moments, p, "right")) - 1])


FORMULAS: dict[str, Callable[[Any, float], float]] = {
    "constant": lambda schedule, p: 1.0,
    "plateau": lambda schedule, p: 1.0,  # what it listens to has tests of its own
    "step": step,
    "exponential": lambda schedule, p: math.exp(p * math.log(schedule.final)),
    "cosine": cosine,
    "linear": linear,
    "polynomial": lambda schedule, p: schedule.floor + (1 - schedule.floor) * (1 - p) ** schedule.power,
    "inverse_square_root": lambda schedule, p: min(p / schedule.warmup, (p / schedule.warmup or 1) ** -0.5),
    "warmup_stable_decay": hold_and_decay,
    "one_cycle": one_cycle,
    "cyclic": cyclic,
    "warm_restarts": warm_restarts,
    "piecewise": piecewise,
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


@given(p=progress)
def test_that_a_piecewise_schedule_may_go_in_straight_lines(p: float) -> None:
    schedule = Piecewise(moments=(0, 0.25, 0.5), factors=(0, 1, 0.2), lines=True)
    assert schedule.factor(p) == pytest.approx(float(np.interp(p, [0, 0.25, 0.5, 1], [0, 1, 0.2, 0.2])))


@pytest.mark.parametrize(
    ("moments", "factors", "places"),
    [
        ((0, 0.5), (1, 0.1), []),
        ((0.1, 0.5), (1, 0.1), ["moments"]),
        ((), (), ["moments"]),
        ((0, 0.5, 0.5), (1, 0.1, 0.1), ["moments"]),
        ((0, 0.5), (1, 0.1, 0.1), ["factors"]),
        ((0, 0.5), (0.5, 0.1), ["factors"]),
        ((0.2, 0.1), (1,), ["moments", "moments", "factors"]),
    ],
)
def test_that_what_is_no_piecewise_schedule_is_told(
    moments: tuple[float, ...], factors: tuple[float, ...], places: list[str]
) -> None:
    made = Piecewise(moments=moments, factors=factors)
    assert [problem.path for problem in made.problems(About())] == places
    if places:
        assert {problem.path for problem in Experiment(schedule=made).problems()} >= {f"schedule.{places[0]}"}


@pytest.mark.parametrize("steps", [10, 200])
def test_that_one_cycle_is_that_of_the_framework(steps: int) -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    # theirs reaches its peak at step 0.3 n − 1, and its end at n − 1: ours is told the share of these steps
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 1.0, total_steps=steps + 1, pct_start=0.3 + 0.7 / (steps + 1), cycle_momentum=False
    )
    ours = OneCycle(peak=0.3, start=1 / 25, final=1 / 25 / 1e4)
    for step in range(steps):
        assert ours.factor(step / steps) == pytest.approx(optimizer.param_groups[0]["lr"], rel=2e-3)
        optimizer.step()
        theirs.step()


def test_that_the_first_cycles_of_warm_restarts_are_those_of_the_framework() -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=10, T_mult=2)
    # cycles of 10, 20 and 40 steps
    for step in range(70):
        assert WarmRestarts(cycles=3, growth=2).factor(step / 70) == pytest.approx(
            optimizer.param_groups[0]["lr"], abs=1e-9
        )
        optimizer.step()
        theirs.step()


STEPS, PEAK = 60, 0.5
CLOSED: list[tuple[Schedule, Callable[[torch.optim.Optimizer], Any]]] = [
    (Constant(), lambda o: scheduling.ConstantLR(o, factor=1.0)),
    (Step(drops=2, ratio=0.1), lambda o: scheduling.StepLR(o, STEPS // 3, gamma=0.1)),
    (Exponential(final=0.01), lambda o: scheduling.ExponentialLR(o, gamma=0.01 ** (1 / STEPS))),
    (PolynomialDecay(power=2, floor=0), lambda o: scheduling.PolynomialLR(o, STEPS, power=2)),
    (Cosine(warmup=0, floor=0.1), lambda o: scheduling.CosineAnnealingLR(o, STEPS, eta_min=0.1 * PEAK)),
    (LinearDecay(warmup=0, floor=0.2), lambda o: scheduling.LinearLR(o, 1.0, 0.2, STEPS)),
    (
        Piecewise(moments=(0, 0.5, 0.75), factors=(1, 0.1, 0.01)),
        lambda o: scheduling.MultiStepLR(o, [STEPS // 2, STEPS * 3 // 4], gamma=0.1),
    ),
    (
        Cyclic(cycles=3, least=0.1),
        lambda o: scheduling.CyclicLR(o, 0.1 * PEAK, PEAK, STEPS // 6, cycle_momentum=False),
    ),
    (
        Cyclic(cycles=3, least=0.1, ratio=0.5),
        lambda o: scheduling.CyclicLR(
            o, 0.1 * PEAK, PEAK, STEPS // 6, mode="triangular2", cycle_momentum=False
        ),
    ),
    (
        WarmRestarts(cycles=3, growth=2, floor=0.1),
        lambda o: scheduling.CosineAnnealingWarmRestarts(o, 8, 2, eta_min=0.1 * PEAK),
    ),
    (
        WarmUpStableDecay(warmup=0.1, decay=0.5),
        lambda o: scheduling.SequentialLR(
            o,
            [
                scheduling.LambdaLR(o, lambda k: k / 6),
                scheduling.ConstantLR(o, factor=1.0),
                scheduling.LinearLR(o, 1.0, 0.0, STEPS // 2),
            ],
            [6, STEPS // 2],
        ),
    ),
    (
        Cosine(warmup=0.1, floor=0.0),
        lambda o: scheduling.SequentialLR(
            o,
            [
                scheduling.LambdaLR(o, lambda k: k / 6),
                scheduling.CosineAnnealingLR(o, STEPS - 6),
            ],
            [6],
        ),
    ),
]
"""Our schedules and torch's, as both go through a run of 60 steps; one-cycle has tests of its own above."""


@pytest.mark.parametrize(
    ("ours", "theirs"), CLOSED, ids=lambda one: repr(one) if isinstance(one, Schedule) else ""
)
def test_that_frameworks_schedules_go_the_same_way_through_real_steps(
    ours: Schedule, theirs: Callable[[torch.optim.Optimizer], Any]
) -> None:
    steps = 56 if ours.kind == "warm_restarts" else STEPS
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([parameter], PEAK)
    schedule, moved = theirs(optimizer), 0.0
    for step in range(steps):
        moved += PEAK * ours.factor(step / steps)
        parameter.grad = torch.full((1,), -1.0, dtype=torch.float64)
        optimizer.step()
        schedule.step()
        # the way gone adds up every rate so far
        assert float(parameter.detach()) == pytest.approx(moved, abs=1e-9)


@pytest.mark.parametrize("series", ["validation.loss", "validation.accuracy"])
@given(values=st.lists(st.floats(0.01, 10) | st.just(math.nan), max_size=40), patience=st.integers(0, 4))
def test_that_a_plateau_is_that_of_the_framework(series: str, values: list[float], patience: int) -> None:
    plateau = Plateau(patience=patience, ratio=0.3, improvement=0.05, floor=0.01, series=series)
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], 1.0)
    theirs = scheduling.ReduceLROnPlateau(
        optimizer,
        mode="max" if "accuracy" in series else "min",
        factor=0.3,
        patience=patience,
        threshold=0.05,
        min_lr=0.01,
        eps=0.0,
    )
    rates = [1.0]
    for value in values:
        theirs.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    assert plateau.heard({series: values}) == pytest.approx(rates)


def test_that_a_run_follows_what_its_plateau_heard_also_where_it_is_gone_on_with() -> None:
    schedule = {"kind": "plateau", "patience": 0, "ratio": 0.5, "improvement": 0.2}
    experiment = experiment_of({**MLP, "schedule": schedule, "training": {"epochs": 8, "batch_size": 32}})
    whole = run(experiment)
    losses = list(whole.series["validation.loss"].values())
    factors = Plateau(patience=0, ratio=0.5, improvement=0.2).heard({"validation.loss": losses})
    assert len(set(factors)) > 3
    rates = list(whole.series["learning_rate"].values())
    assert rates == pytest.approx([0.01 * factors[step // 5] for step in range(40)])
    control, heard = by_hand(17)
    watched = run(experiment, control=control, heard=heard)
    middle = next(one for one in watched.checkpoints if one.step == 17)
    on = run(experiment, start=type(middle).from_bytes(middle.to_bytes()), earlier=whole.epochs)
    assert_same(whole, on, since=17)


def test_that_a_plateau_of_what_is_not_measured_is_told() -> None:
    (problem,) = Plateau(series="validation.los").problems(About(measured=("validation.loss",)))
    assert problem.path == "series"
