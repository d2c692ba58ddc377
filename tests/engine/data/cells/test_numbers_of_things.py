"""Whole numbers that number things: asked about by what they are, whatever the column is called."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from engine.data.cells.number_kind import kind_of_numbers
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.decisions import decision_in
from engine.data.tables.read.rival_readings import are_days
from engine.data.tables.sources.table_file import TableFile

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
TOLD: dict[str, Draw] = {
    "members": _drawn(200_000, 800_000),
    "devices, sorted": _sorted(4_000, 9_900),
    "in steps of ten": lambda one: [10 * number for number in one.sample(range(20_000, 80_000), ROWS)],
}
SILENT: dict[str, Draw] = {
    "people of towns": lambda one: [int(10 ** one.uniform(2, 7)) for _ in range(ROWS)],
    "prices of houses": lambda one: [one.randrange(80, 900) * 1000 for _ in range(ROWS)],
    "seconds": lambda one: range(1000, 1000 + 10 * ROWS, 10),
    "grams": _drawn(900, 9_000),
    "prices to the unit": lambda one: [
        min(999_999, 100_000 + int(one.expovariate(1 / 120_000))) for _ in range(ROWS)
    ],
    "incomes to the unit": lambda one: [round(one.gauss(500_000, 90_000)) for _ in range(ROWS)],
    "prices that end in 99": lambda one: [
        one.randrange(1_000, 9_999) * 100 + 99 * one.choice((0, 1)) for _ in range(ROWS)
    ],
    "estimates": lambda one: [
        round(one.randrange(100_000, 999_999), one.choice((0, -2, -3))) for _ in range(ROWS)
    ],
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


@pytest.mark.parametrize("name", ["price", "SalePrice", "总价", "annual_income", "population"])
def test_that_amounts_by_their_name_are_none(name: str) -> None:
    column = pd.Series(TOLD["members"](random.Random(3)), name=name)
    assert kind_of_numbers(name, column) == []


@pytest.mark.parametrize("name", ["member", "priceId", "account number", "会员号"])
def test_that_numbers_of_things_are_told_whatever_they_are_called(name: str) -> None:
    column = pd.Series(TOLD["members"](random.Random(3)), name=name)
    assert kind_of_numbers(name, column) != []


@pytest.mark.parametrize("which", SILENT)
def test_that_measures_are_none(which: str) -> None:
    assert told(SILENT[which]) == []


NO_DAYS: dict[str, Draw] = {
    "students": ASKED["students"],
    "students, sorted": _sorted(2_021_010_100, 2_021_999_999),
    "telephones": lambda one: [352_099_001_000_000 + one.randrange(10**9) for _ in range(ROWS)],
    "numbers dialled": lambda one: [13_800_000_000 + one.randrange(10**8) for _ in range(ROWS)],
    "anyone": _drawn(1_700_000_000, 1_800_000_000),
}


@pytest.mark.parametrize("which", NO_DAYS)
@pytest.mark.parametrize("name", ["a", "学号"])
def test_that_no_day_is_offered_for_numbers_of_things(which: str, name: str, tmp_path: Path) -> None:
    numbers = NO_DAYS[which](random.Random(3))
    (tmp_path / "t.csv").write_text(f"{name},n\n" + "".join(f"{one},{one % 7}\n" for one in numbers), "utf-8")
    told = map(decision_in, TableFile(path=str(tmp_path / "t.csv")).read(0).notices)
    (about,) = [one for one in told if one.column == name]
    assert "date" not in [other.value for other in about.others]
    assert "date" not in about.said


@pytest.mark.parametrize("since", [1_709_600_000, 1_709_600_000_000])
def test_that_moments_in_order_may_be_days_whatever_they_are_called(since: int) -> None:
    (said,) = kind_of_numbers("a", pd.Series([since + step * step * 37 for step in range(ROWS)], name="a"))
    assert "date" in [other.value for other in decision_in(said).others]


@pytest.mark.parametrize(
    ("read", "good"),
    [
        ({"20240305": "2024-03-05", "20250101": "2025-01-01"}, True),
        ({"12.5.1950": "1950-05-12", "1.1.2024": "2024-01-01"}, True),
        ({"1709600000": "2024-03-05 00:53:20"}, True),
        ({"2021010115": "2034-01-17 01:48:35"}, False),
        ({"1204": "1204-01-01", "1893": "1893-01-01", "2020": "2020-01-01"}, False),
        ({"4512-01": "4512-01-01", "1999-01": "1999-01-01"}, False),
        ({"x": "(missing)"}, False),
    ],
)
def test_that_days_are_of_years_of_which_days_are_known(read: dict[str, str], good: bool) -> None:
    assert are_days(read) == good


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


PERSONS = random.Random(5).sample(range(10**13, 10**15), 40)


def _spoilt(cell: int, row: int, form: str) -> str:
    """Return a number of a person as it is, or in each fiftieth row as a program wrote it."""
    written = {"as they are": str(cell), "decimals": f"{cell}.0", "fractions": f"{cell / 1e10:.5f}"}
    return {**written, "exponents": f"{cell:.4E}"}[form] if row % 50 == 7 else str(cell)


@pytest.mark.parametrize("name", ["PatientId", "who"])
@pytest.mark.parametrize("form", ["as they are", "decimals", "fractions", "exponents"])
def test_that_long_numbers_that_come_again_are_asked_about(name: str, form: str) -> None:
    one = random.Random(3)
    cells = [_spoilt(one.choice(PERSONS), row, form) for row in range(ROWS)]
    told = map(decision_in, recognise(name, pd.Series(cells, name=name), CellStyle()).notices)
    (about,) = [one for one in told if one.doubtful]
    assert [other.value for other in about.others] == ["leave_out", "category"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda one: int(10 ** one.uniform(7, 13)),
        lambda one: one.randrange(1_000, 9_000) * 1_000_000,
        lambda one: 1_700_000_000 + one.randrange(50_000_000),
    ],
    ids=["incomes of countries", "round amounts", "seconds since 1970"],
)
def test_that_large_amounts_that_come_again_name_nobody(draw: Callable[[random.Random], int]) -> None:
    one = random.Random(3)
    different = [draw(one) for _ in range(40)]
    again = [one.choice(different) for _ in range(ROWS)]
    told = map(decision_in, kind_of_numbers("a", pd.Series(again, name="a")))
    assert "leave_out" not in [other.value for each in told for other in each.others]


@pytest.mark.parametrize("name", ["#", "No.", "No", "Order No", "customer_id", "storeId", "№"])
def test_that_numbers_called_as_names_are_asked_about_though_some_come_again(name: str) -> None:
    (said,) = kind_of_numbers(name, pd.Series([1 + row * 2 // 3 for row in range(ROWS)], name=name))
    assert decision_in(said).doubtful
    assert "leave_out" in [other.value for other in decision_in(said).others]


@pytest.mark.parametrize("name", ["no", "NO", "Paid", "casino"])
def test_that_other_names_say_nothing_of_numbers(name: str) -> None:
    numbers = random.Random(3).sample([1 + row * 2 // 3 for row in range(ROWS)], ROWS)
    assert kind_of_numbers(name, pd.Series(numbers, name=name)) == []


def called(name: str, least: int, most: int) -> list[str]:
    """Return what is asked of whole numbers that come again, in a column of this name."""
    draw = random.Random(3)
    return kind_of_numbers(name, pd.Series([draw.randrange(least, most) for _ in range(ROWS)], name=name))


@pytest.mark.parametrize("name", ["agent", "brand", "employmentTitle", "home_city", "城市", "品牌"])
def test_that_numbers_of_a_column_called_as_what_has_a_name_are_asked_about(name: str) -> None:
    found = [decision_in(one) for one in called(name, 3, 40)]
    assert [one.doubtful for one in found] == [True]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("age", 18, 80),
        ("model", 1995, 2020),
        ("城市人口", 3, 40),
        ("Force", 3, 40),
        ("campaign", 3, 40),
        ("cities", 3, 40),
    ],
)
def test_that_other_numbers_are_sizes(name: str, least: int, most: int) -> None:
    assert not called(name, least, most)


@pytest.mark.parametrize("name", ["X Coordinate", "utm_y", "easting", "坐标X", "elevation"])
def test_that_what_says_where_a_place_lies_numbers_nobody(name: str) -> None:
    draw = random.Random(3)
    column = pd.Series(draw.sample(range(1_100_000, 1_990_000), ROWS), name=name)
    assert not kind_of_numbers(name, column)
    assert kind_of_numbers("a", column)
