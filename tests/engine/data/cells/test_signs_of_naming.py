"""Numbers that only name things are said to do so, wherever they stand; and sizes are not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from engine.data.cells.number_kind import kind_of_numbers, names_somebody
from engine.data.decisions import decision_in
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile

ROWS = 140
Draw = Callable[[random.Random], Sequence[int]]


def _runs(*lengths: int) -> Draw:
    return lambda one: [1 + place for length in lengths for place in range(length)]


def _each_twice_now_and_then(one: random.Random) -> list[int]:
    """Number players of a list; one in twelve stands in three rows."""
    rows: list[int] = []
    while len(rows) < ROWS:
        rows += [rows[-1] + 1 if rows else 1] * (3 if one.random() < 1 / 12 else 1)
    return rows[:ROWS]


def _again(count: int, least: int, most: int) -> Draw:
    def draw(one: random.Random) -> list[int]:
        known = one.sample(range(least, most), count)
        return [one.choice(known) for _ in range(ROWS)]

    return draw


def _of(*codes: int) -> Draw:
    return lambda one: [one.choice(codes) for _ in range(ROWS)]


NAMES: dict[str, Draw] = {
    "Rk": _each_twice_now_and_then,
    "Sample Number": _runs(60, 45, 35),
    "of each plate": _runs(70, 70),
    "Seed": lambda one: [one.randrange(2**31) for _ in range(ROWS)],
    "token": lambda one: [one.randrange(10**7) for _ in range(ROWS)],
    "key, sorted": lambda one: sorted(one.sample(range(2_600_000), ROWS)),
    "CardNo": _again(25, 180_000, 184_999),
    "PeoNo": _again(25, 20_180_000, 20_184_999),
    "userid": _again(30, 1, 400),
    "kundennr": _again(30, 1_000, 9_000),
    "stationID": _again(12, 1, 300),
    "PLZ": _again(20, 10_000, 99_999),
    "卡号": _again(25, 180_000, 184_999),
    "icon": _of(100, 101, 104, 150, 305),
}
SIZES: dict[str, Draw] = {
    "YearsAtCompany": lambda one: [int(one.expovariate(1 / 7)) for _ in range(ROWS)],
    "years in company": _of(1, 2, 3, 5, 8),
    "age": lambda one: [one.randrange(18, 80) for _ in range(ROWS)],
    "JobSatisfaction": _of(1, 2, 3, 4),
    "population": lambda one: [int(10 ** one.uniform(3, 7.5)) for _ in range(ROWS)],
    "price": lambda one: [one.randrange(80, 900) * 1_000 for _ in range(ROWS)],
    "year": lambda one: sorted(one.randrange(1950, 2020) for _ in range(ROWS)),
    "cycle": _runs(60, 45, 35),
    "visit": lambda one: [1 + visit for _ in range(40) for visit in range(one.randrange(1, 9))],
    "MonthlyRate": lambda one: [one.randrange(2_094, 26_999) for _ in range(ROWS)],
    "horsepower": _of(75, 90, 110, 150, 180, 190, 245),
    "displacement": _of(999, 1_197, 1_248, 1_498, 1_598, 1_998, 2_498),
    "income": lambda one: [round(one.gauss(500_000, 90_000)) for _ in range(ROWS)],
    "paid": lambda one: [one.randrange(5_000) for _ in range(ROWS)],
    "covid": lambda one: [int(one.expovariate(1 / 300)) for _ in range(ROWS)],
    "casino": _again(40, 0, 300),
    "views": lambda one: [int(10 ** one.uniform(2, 8)) for _ in range(ROWS)],
}


def said(name: str, draw: Draw, seed: int = 7) -> list[str]:
    return kind_of_numbers(name, pd.Series(draw(random.Random(seed)), name=name))


@pytest.mark.parametrize("name", NAMES)
def test_that_numbers_that_name_something_are_said_to(name: str) -> None:
    (told,) = said(name, NAMES[name])
    assert {other.value for other in decision_in(told).others} & {"leave_out", "category"}


@pytest.mark.parametrize("name", SIZES)
def test_that_of_sizes_nothing_is_said(name: str) -> None:
    assert said(name, SIZES[name]) == []


def test_that_ratings_are_judged_alike_though_chance_makes_some_of_them_even() -> None:
    assert [seed for seed in range(200) if said("v", _of(1, 2, 3, 4), seed)] == []


@pytest.mark.parametrize("name", ["CardNo", "PeoNo", "userid", "卡号", "Rk"])
def test_that_who_stands_in_several_rows_is_offered_as_a_group(name: str) -> None:
    assert names_somebody(name, pd.Series(NAMES[name](random.Random(7)), name=name))


def test_that_what_begins_anew_names_another_each_time() -> None:
    assert not names_somebody("Sample Number", pd.Series(NAMES["Sample Number"](random.Random(7))))


def notices(path: Path, target: str) -> list[str]:
    source = TableFile(path=str(path), target=target)
    return [*prepare(source, Split(), Preprocessing(), "numbers", 0).notices]


def test_that_what_an_app_is_found_by_is_left_out_and_asked(tmp_path: Path) -> None:
    one = random.Random(3)
    rows = [
        f"{10 * appid},{one.random():.3f},{one.random():.3f}"
        for appid in sorted(one.sample(range(2_651), ROWS))
    ]
    (tmp_path / "t.csv").write_text("appid,a,y\n" + "\n".join(rows), "utf-8")
    (told,) = [decision_in(each) for each in notices(tmp_path / "t.csv", "y") if "appid" in each]
    assert (told.value, told.doubtful) == ("leave_out", True)


@pytest.mark.parametrize(
    ("numbers", "asked"), [((17, 203, 5, 88), True), ((1, 2, 3, 4), False)], ids=["with gaps", "without"]
)
def test_that_numbers_of_words_beside_them_are_said_to_be(
    numbers: tuple[int, ...], asked: bool, tmp_path: Path
) -> None:
    one = random.Random(3)
    brands = dict(zip(numbers, ("Acer", "Dell", "Asus", "Sony"), strict=True))
    drawn = [one.choice(numbers) for _ in range(ROWS)]
    rows = [f"{each},{brands[each]},{one.randrange(9)},{one.random():.3f}" for each in drawn]
    (tmp_path / "t.csv").write_text("maker,called,n,y\n" + "\n".join(rows), "utf-8")
    told = [
        decision_in(each) for each in notices(tmp_path / "t.csv", "y") if "stands beside one word" in each
    ]
    assert [(each.column, each.doubtful) for each in told] == [("maker", asked)]
    assert [other.value for other in told[0].others] == ["leave_out", "category"]
