"""Stopping rules against their written formulas, and by table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Choice
from engine.experiment import Experiment
from engine.learning.stopping import (
    NoImprovement,
    Standing,
    Steps,
    StoppingRule,
    Target,
    Time,
    higher_is_better,
    verdict_of,
)
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example, label

nan = math.nan
every_rule = pytest.mark.parametrize("choice", choices("stopping"), ids=label)
LOSS, SCORE = "validation.loss", "validation.accuracy"


def stops(
    rule: StoppingRule, values: Sequence[float], series: str = "validation.loss", seconds: float = 0
) -> bool:
    verdict = rule.verdict(Standing({series: values}, seconds, 10 * len(values)))
    assert verdict is None or verdict.endswith(".")
    return verdict is not None


def reached(rule: Any, values: Sequence[float], seconds: float) -> bool:
    if not values or math.isnan(values[-1]):
        return False
    return values[-1] <= rule.value if rule.direction == "at_most" else values[-1] >= rule.value


def patience_ended(rule: Any, values: Sequence[float], seconds: float) -> bool:
    """Whether none of the last P values is better, by more than δ, than every one before; NaN is worst."""
    sign = -1 if rule.series == SCORE else 1
    costs = [math.inf if math.isnan(value) else sign * value for value in values]
    before = costs[: max(0, len(costs) - rule.patience)]
    better = [
        cost for cost in costs[len(before) :] if all(cost < other - rule.improvement for other in before)
    ]
    return bool(before) and not better


def flat(rule: Any, values: Sequence[float], seconds: float) -> bool:
    """Whether numpy's line through the last P values changes by less than ε of their size over P epochs."""
    last = list(values[-rule.window :])
    if len(last) < rule.window or not np.isfinite(last).all():
        return False
    slope = np.polyfit(np.arange(len(last)), last, 1)[0]
    # where all are alike, the line that is worked out has a slope in its last digit
    return bool(abs(slope) * len(last) < rule.change * np.abs(last).mean() - 1e-12)


def diverged(rule: Any, values: Sequence[float], seconds: float) -> bool:
    if not values:
        return False
    best = min((value for value in values if math.isfinite(value)), default=math.inf)
    return not math.isfinite(values[-1]) or (best > 0 and values[-1] > rule.factor * best)


FORMULAS: dict[str, Callable[[Any, Sequence[float], float], bool]] = {
    "time": lambda rule, values, seconds: seconds / 60 >= rule.minutes,
    "target": reached,
    "no_improvement": patience_ended,
    "steps": lambda rule, values, seconds: len(values) * 10 >= rule.steps,
    "flat": flat,
    "divergence": diverged,
}


def test_that_every_stopping_rule_has_an_independent_formula_here() -> None:
    assert set(FORMULAS) >= {choice.kind for choice in choices("stopping")}


@every_rule
@given(
    data=st.data(),
    # quarters: so that values are often equal to each other, to a target and to the least improvement
    values=st.lists(st.integers(-12, 12).map(lambda value: value / 4) | st.just(nan), max_size=12),
    seconds=st.floats(0, 200),
)
def test_that_a_run_ends_exactly_when_the_formula_says(
    choice: type[Choice], data: st.DataObject, values: list[float], seconds: float
) -> None:
    quarters = st.integers(0, 8).map(lambda value: value / 4)
    rule = data.draw(
        any_settings(
            choice,
            series=st.sampled_from([LOSS, SCORE]),
            patience=st.integers(1, 5),
            improvement=quarters,
            value=quarters,
            minutes=st.floats(0.01, 3),
            steps=st.integers(1, 130),
            window=st.integers(3, 6),
            factor=st.floats(1.01, 4),
        )
    )
    series = getattr(rule, "series", LOSS)
    assert stops(rule, values, series, seconds) is FORMULAS[choice.kind](rule, values, seconds)


def test_that_one_rule_is_enough_or_all_must_say_so() -> None:
    standing = Standing({LOSS: [0.3]}, 0, 50)
    reached, not_yet = Target(value=0.5), Steps(steps=51)
    assert verdict_of([reached, not_yet], standing) == reached.verdict(standing)
    assert verdict_of([not_yet, reached], standing) == reached.verdict(standing)
    assert verdict_of([reached, not_yet], standing, every=True) is None
    both = verdict_of([reached, Steps(steps=50)], standing, every=True)
    assert both is not None
    assert "target is reached" in both
    assert "50 steps" in both
    assert verdict_of([], standing, every=True) is None


def test_that_a_score_cannot_diverge() -> None:
    rules = {"stopping": [{"kind": "divergence", "series": "validation.accuracy"}]}
    (problem,) = Experiment.model_validate(rules).problems()
    assert problem.path == "stopping.0.series"


@every_rule
def test_that_no_rule_ends_a_run_before_anything_was_measured(choice: type[Choice]) -> None:
    assert not stops(example(choice), [])
    assert example(choice).verdict(Standing({}, 0)) is None


@pytest.mark.parametrize(("seconds", "stopped"), [(0, False), (89.9, False), (90, True), (1000, True)])
def test_that_the_time_limit_counts_minutes_of_training(seconds: float, stopped: bool) -> None:
    assert stops(Time(minutes=1.5), [1.0], seconds=seconds) is stopped


@pytest.mark.parametrize(
    ("direction", "values", "stopped"),
    [
        ("at_most", [0.5, 0.21], False),
        ("at_most", [0.5, 0.2], True),
        ("at_most", [0.1, 0.3], False),
        ("at_most", [nan], False),
        ("at_least", [0.1, 0.19], False),
        ("at_least", [0.1, 0.2], True),
        ("at_least", [nan], False),
    ],
)
def test_that_a_target_is_reached_by_the_last_value(
    direction: str, values: list[float], stopped: bool
) -> None:
    rule = Target.model_validate({"value": 0.2, "direction": direction})
    assert stops(rule, values) is stopped


@pytest.mark.parametrize("series", ["validation.loss", "validation.accuracy"])
def test_that_no_best_value_is_told_where_none_was_a_number(series: str) -> None:
    told = NoImprovement.model_validate({"patience": 2, "series": series}).verdict(
        Standing({series: [nan] * 5}, 1)
    )
    assert told == f"{series} has been no finite number in any of 5 epochs."


def test_that_a_target_looks_at_its_own_series() -> None:
    rule = Target(series="validation.accuracy", direction="at_least", value=0.9)
    assert stops(rule, [0.95], "validation.accuracy")
    assert not stops(rule, [0.95], "train.loss")


@pytest.mark.parametrize(
    ("patience", "improvement", "values", "stopped"),
    [
        (2, 0.0, [3], False),
        (2, 0.0, [3, 4], False),
        (2, 0.0, [3, 4, 5], True),
        (2, 0.0, [3, 3, 3], True),
        (2, 0.0, [3, 4, 2.9], False),
        (2, 0.0, [3, 2, 1, 0], False),
        (2, 0.5, [3, 2.9, 2.8], True),
        (2, 0.5, [3, 2.9, 2.4], False),
        (1, 0.0, [3, 3], True),
        (1, 0.0, [3, 2], False),
        (1, 0.0, [3, 5, 4], True),  # better than the one before, not than the best
        (2, 0.0, [nan, nan, nan], True),
        (2, 0.0, [3, nan, nan], True),
        (2, 0.0, [nan, nan, 3], False),
    ],
)
def test_that_patience_ends_when_nothing_better_came(
    patience: int, improvement: float, values: list[float], stopped: bool
) -> None:
    assert stops(NoImprovement(patience=patience, improvement=improvement), values) is stopped


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=30), st.integers(1, 10))
def test_that_scores_which_should_be_large_are_judged_like_losses_turned_over(
    values: list[float], patience: int
) -> None:
    loss = NoImprovement(patience=patience)
    score = NoImprovement(patience=patience, series="validation.accuracy")
    turned = [-value for value in values]
    assert stops(loss, values) is stops(score, turned, "validation.accuracy")


def test_that_the_best_value_is_told_in_its_own_sign() -> None:
    rule = NoImprovement(patience=1, series="validation.accuracy")
    verdict = rule.verdict(Standing({"validation.accuracy": [0.75, 0.5]}, 0))
    assert verdict == "validation.accuracy has not improved for 1 epoch; its best is 0.75."


@pytest.mark.parametrize(
    ("series", "large"),
    [
        ("train.loss", False),
        ("validation.loss", False),
        ("validation.accuracy", True),
        ("validation.r2", True),
        ("validation.mean_squared_error", False),
        ("anything", False),
    ],
)
def test_that_a_metric_says_whether_large_values_are_good(series: str, large: bool) -> None:
    assert higher_is_better(series) is large


@pytest.mark.parametrize("kind", ["target", "no_improvement"])
def test_that_watching_what_is_not_measured_is_a_problem_of_the_experiment(kind: str) -> None:
    right = {"stopping": [{"kind": "time"}, {"kind": kind, "series": "validation.accuracy"}]}
    assert Experiment.model_validate(right).problems() == ()
    wrong = {"stopping": [{"kind": "time"}, {"kind": kind, "series": "validation.acuracy"}]}
    (problem,) = Experiment.model_validate(wrong).problems()
    assert problem.path == "stopping.1.series"
    assert "did you mean 'validation.accuracy'" in problem.message
