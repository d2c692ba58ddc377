"""Leakage: what gives the target away in every row is asked about, and nothing that fails in one row is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.data.decisions import decision_in
from engine.data.preparation.target import Answers
from engine.data.tables.leakage import giving_away
from engine.data.tables.modality import Tables
from engine.data.tables.raw import Table

ROWS = 120
_RANDOM = np.random.default_rng(5)
SIZE = np.round(_RANDOM.normal(50, 10, ROWS), 1)
ONE, TWO, THREE, FOUR = np.round(_RANDOM.gamma(2, 3, (4, ROWS)), 2) + 0.01
BEGUN = pd.Series(pd.Timestamp("2023-01-01") + pd.to_timedelta(_RANDOM.integers(0, 9_000, ROWS), "h"))
LASTS = _RANDOM.integers(60, 9_000, ROWS)
CLASS = np.array(["low", "middle", "high"])[np.digitize(SIZE, [45, 55])]
OTHER = {"club": _RANDOM.choice(["red", "blue"], ROWS), "age": _RANDOM.integers(20, 60, ROWS)}


def told(target: object, **inputs: object) -> set[str]:
    """Return the inputs that are asked about; other inputs, which say nothing, stand beside them."""
    frame = pd.DataFrame({**OTHER, **inputs, "target": target})
    found = [decision_in(one) for one in giving_away(Table(frame, ("target",), tuple(frame)))]
    assert all(one.doubtful and one.others[0].value == "leave_out" for one in found)
    return {name for one in found for name in (one.column, *one.also)}


LEAKS = {
    "another unit": (SIZE, {"a": np.round(SIZE * 1.8 + 32, 1)}),
    "a logarithm": (SIZE, {"a": np.round(np.log(SIZE), 6)}),
    "a rank": (SIZE, {"a": pd.Series(-SIZE).rank(method="first")}),
    "the class of a size": (SIZE, {"a": CLASS}),
    "the number of that class": (SIZE, {"a": np.digitize(SIZE, [45, 55])}),
    "the size of a class": (CLASS, {"a": SIZE}),
    "a class in other words": (CLASS, {"a": pd.Series(CLASS).map({"low": "C", "middle": "B", "high": "A"})}),
    "a class in numbers": (CLASS, {"a": pd.Series(CLASS).map({"low": 1, "middle": 2, "high": 3})}),
    "a class parted further": (CLASS, {"a": [f"{one} {row % 2}" for row, one in enumerate(CLASS)]}),
    "four parts": (np.round(ONE + TWO + THREE + FOUR, 2), {"a": ONE, "b": TWO, "c": THREE, "d": FOUR}),
    "what is left": (np.round(ONE + TWO - THREE, 2), {"a": ONE, "b": TWO, "c": THREE}),
    "parts that were rounded": (ONE + TWO + THREE + FOUR + 0.004,
                                {"a": ONE, "b": TWO, "c": THREE, "d": FOUR}),
    "a product": (np.round(ONE * LASTS, 2), {"a": ONE, "b": LASTS}),
    "a quotient": (ONE / LASTS, {"a": ONE, "b": LASTS}),
    "between two days": (LASTS, {"a": BEGUN, "b": BEGUN + pd.to_timedelta(LASTS, "s")}),
    "between them, in another unit": (LASTS // 60, {"a": BEGUN, "b": BEGUN + pd.to_timedelta(LASTS, "s")}),
}  # fmt: skip


@pytest.mark.parametrize(("target", "inputs"), LEAKS.values(), ids=LEAKS)
def test_that_inputs_which_give_the_target_in_every_row_are_asked_about(
    target: object, inputs: dict[str, object]
) -> None:
    assert told(target, **inputs) == set(inputs)


@pytest.mark.parametrize(("target", "inputs"), LEAKS.values(), ids=LEAKS)
def test_that_nothing_is_asked_where_a_few_rows_are_otherwise(
    target: object, inputs: dict[str, object]
) -> None:
    # the first fifth of the rows have the answers of others
    mixed = [*np.roll(np.asarray(target)[:24], 7), *np.asarray(target)[24:]]
    assert not told(mixed, **inputs)


def test_that_the_only_input_may_say_everything() -> None:
    frame = pd.DataFrame({"celsius": SIZE, "fahrenheit": SIZE * 1.8 + 32})
    assert not giving_away(Table(frame, ("fahrenheit",), tuple(frame)))


def test_that_a_rare_word_beside_the_usual_class_gives_nothing_away() -> None:
    answers = ["no"] * 110 + ["yes"] * 10
    assert not told(answers, a=["x"] * 60 + ["y"] * 60, b=[f"w{row}" for row in range(ROWS)])


def test_that_words_over_the_same_sizes_put_nothing_in_order() -> None:
    days = np.arange(ROWS) % 20
    assert not told(days, ward=np.where(np.arange(ROWS) // 20 % 2, "a", "b"))


def test_that_what_is_left_out_as_an_identifier_gives_nothing_away() -> None:
    order = np.argsort(SIZE)
    frame = pd.DataFrame({"id": range(1, ROWS + 1), **OTHER, "target": CLASS[order]})
    raw = Table(frame, ("target",), tuple(frame))
    found = Answers(("target",), np.ones(ROWS, np.bool_), pd.factorize(raw.frame["target"])[0])
    told = Tables().doubts(raw, found, np.arange(ROWS), apart=False)
    assert giving_away(raw)
    assert not [one for one in told if "id" in (decision_in(one).column, *decision_in(one).also)]
