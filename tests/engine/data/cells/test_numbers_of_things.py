"""Whole numbers that number things: asked about by what they are, whatever the column is called."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from engine.data.cells.number_kind import kind_of_numbers
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.decisions import decision_in

ROWS = 120
Draw = Callable[[random.Random], Sequence[int]]


def _sorted(least: int, most: int) -> Draw:
    return lambda one: sorted(one.sample(range(least, most), ROWS))


def _drawn(least: int, most: int) -> Draw:
    return lambda one: one.sample(range(least, most), ROWS)


ASKED: dict[str, Draw] = {
    "schools, sorted": _sorted(100_654, 490_000),
    "students": _drawn(2_021_010_100, 2_021_999_999),
    "orders": _drawn(50_000_000, 99_000_000),
}
TOLD: dict[str, Draw] = {"members": _drawn(200_000, 800_000), "devices, sorted": _sorted(4_000, 9_900)}
SILENT: dict[str, Draw] = {
    "people of towns": lambda one: [int(10 ** one.uniform(2, 7)) for _ in range(ROWS)],
    "prices of houses": lambda one: [one.randrange(80, 900) * 1000 for _ in range(ROWS)],
    "seconds": lambda one: range(1000, 1000 + 10 * ROWS, 10),
    "grams": _drawn(900, 9_000),
    "ages": lambda one: [one.randrange(18, 90) for _ in range(ROWS)],
}


def told(draw: Draw) -> list[str]:
    return kind_of_numbers("a", pd.Series(draw(random.Random(3)), name="a"))


@pytest.mark.parametrize("which", ASKED)
def test_that_numbers_of_things_are_asked_about(which: str) -> None:
    (said,) = told(ASKED[which])
    assert decision_in(said).doubtful
    assert decision_in(said).others[0].value == "leave_out"


@pytest.mark.parametrize("which", TOLD)
def test_that_large_numbers_of_one_length_are_told(which: str) -> None:
    (said,) = told(TOLD[which])
    assert not decision_in(said).doubtful


@pytest.mark.parametrize("which", SILENT)
def test_that_measures_are_none(which: str) -> None:
    assert told(SILENT[which]) == []


def test_that_days_are_asked_about_where_a_few_have_no_month_and_these_are_missing_then() -> None:
    one = random.Random(3)
    days = [one.randrange(1995, 2015) * 10_000 + one.randrange(1, 13) * 100 + 5 for _ in range(ROWS)]
    days[7], days[30] = 20_070_009, 20_010_003
    column = pd.Series(days, name="regDate")
    (said,) = kind_of_numbers("regDate", column)
    assert decision_in(said).doubtful
    assert [other.value for other in decision_in(said).others] == ["date"]
    assert "20070009" in said
    read = recognise("regDate", column, CellStyle(kind="date"))
    assert read.column.isna().to_numpy().nonzero()[0].tolist() == [7, 30]
    assert "20070009" in read.notices[0]
    alone = recognise("regDate", column[7:8], CellStyle(kind="date"))
    assert alone.column.isna().all()
