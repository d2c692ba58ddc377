"""Numbers that mean missing: families of codes, and zeros below what is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.data.cells.missing.zeros import zeros_in_doubt
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.decisions import decision_in
from engine.data.tables.new import typed_rows

DRAW = np.random.default_rng(0)
INCOMES = DRAW.integers(9_000, 90_000, 200).tolist()
AGES = DRAW.integers(18, 90, 200).tolist()
SCALE = DRAW.choice([1, 2, 3, 4, 5], 200, p=[0.1, 0.2, 0.4, 0.2, 0.1]).tolist()
CODES: dict[str, tuple[list[float], list[float]]] = {
    "the last numbers of seven digits": (INCOMES, [9999996, 9999997, 9999998]),
    "the last of three": (AGES, [997, 998, 999]),
    "two digits alike": (SCALE, [77, 88, 99]),
    "below 0": (AGES, [-9, -8, -1]),
    "below a scale from 0": ([*SCALE, 0, 0, 0], [-9, -8]),
    "of three digits below 0": (INCOMES, [-999, -998, -777]),
    "a single one below 0": (SCALE, [-1]),
    "one of two signs": (INCOMES, [-99, -8]),
    "among round numbers": ([1000 * n for n in range(10, 210)], [99997, 99998]),
}


@pytest.mark.parametrize(("values", "codes"), CODES.values(), ids=CODES)
@pytest.mark.parametrize("written", [False, True], ids=("numbers", "text"))
def test_that_all_codes_of_a_family_are_offered_as_missing_together(
    values: list[float], codes: list[float], *, written: bool
) -> None:
    cells = [*values, *codes * 5]
    column = pd.Series([str(cell) for cell in cells] if written else cells, name="x")
    (told,) = recognise("x", column).notices
    decision = decision_in(told)
    (other,) = decision.others
    words = tuple(str(code) for code in sorted(codes))
    assert decision.doubtful
    assert decision.setting == "data.missing"
    assert other.value == words
    assert all(word in told for word in words)
    left = recognise("x", column, CellStyle(missing=words))
    assert not left.notices
    assert left.column.isna().sum() == 5 * len(codes)


MEASURES: dict[str, list[float]] = {
    "differences": DRAW.integers(-3, 4, 200).tolist(),
    "degrees": np.round(DRAW.normal(4, 4, 200)).tolist(),
    "a scale of two signs": [-2, -1, 1, 2] * 40,
    "opinions": [-1, 0, 1] * 60,
    "labels": [-1, 1] * 60,
    "ranks": list(range(1, 100)),
    "ages": DRAW.integers(18, 100, 300).tolist(),
    "votes in per cent": np.round(DRAW.uniform(0, 99.9, 200), 1).tolist(),
}


@pytest.mark.parametrize("values", MEASURES.values(), ids=MEASURES)
def test_that_numbers_below_0_and_large_ones_that_are_measured_are_no_codes(values: list[float]) -> None:
    assert not recognise("x", pd.Series(values, name="x")).notices


def heap(mean: float, deviation: float, least: float, zeros: int) -> list[float]:
    return [*[0.0] * zeros, *np.round(DRAW.normal(mean, deviation, 300).clip(least)).tolist()]


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "BloodPressure": heap(72, 12, 24, 15),
        "SkinThickness": heap(29, 10, 7, 120),
        "BMI": heap(32, 7, 18, 8),
        "q7": heap(200, 30, 90, 20),
        "year": heap(1990, 20, 1900, 5),
        "血压": heap(120, 30, 60, 9),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_zeros_apart_from_what_is_measured_are_asked_about(name: str, values: list[float]) -> None:
    column = pd.Series(values, name=name)
    (told,) = recognise(name, column).notices
    decision = decision_in(told)
    assert decision.doubtful
    assert decision.setting == "data.types"
    assert [one.value for one in decision.others] == ["positive"]
    assert f"0 stands in {values.count(0)} rows" in told
    read = recognise(name, column, CellStyle(kind="positive"))
    assert not read.notices
    assert read.column.isna().tolist() == [value == 0 for value in values]


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "Pregnancies": DRAW.poisson(3, 300).tolist(),
        "capital-gain": heap(8000, 4000, 114, 200),
        "GarageArea": heap(500, 100, 160, 20),
        "rain": [*[0] * 100, *np.round(DRAW.exponential(4, 100), 1).tolist()],
        "discount": DRAW.choice(np.arange(0, 60, 5), 200).tolist(),
        "delivery fee": heap(5, 1, 3, 50),
        "shipping": heap(60, 10, 30, 50),
        "x": DRAW.normal(0, 1, 300).clip(0).tolist(),
        "speed": heap(60, 10, 30, 40),
        "dose with gaps": [*heap(200, 60, 90, 20), *[np.nan] * 20],
        "Outcome": [0, 1] * 100,
        "latitude": [*[0] * 10, *DRAW.uniform(-60, 60, 100).tolist()],
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_zeros_that_may_well_be_zeros_are_not(name: str, values: list[float]) -> None:
    told = [one for one in recognise(name, pd.Series(values, name=name)).notices if "0 stands" in one]
    assert not told


def test_that_who_chose_the_type_is_not_asked_again() -> None:
    column = pd.Series(heap(72, 12, 24, 15), name="BloodPressure")
    assert not recognise("BloodPressure", column, CellStyle(kind="number")).notices


def test_that_a_typed_zero_is_missing_where_training_had_it_so() -> None:
    rows = [{"BloodPressure": cell} for cell in ("0", "72", "broken")]
    frame = typed_rows(rows, "a table", types={"BloodPressure": "positive"}).frame
    assert pd.isna(frame["BloodPressure"].iloc[0])
    assert list(frame["BloodPressure"].iloc[1:].astype(str)) == ["72", "broken"]


def test_that_0_beside_years_is_asked_about_however_often_it_stands_there() -> None:
    years = pd.Series([0] * 190 + [1934 + 7 * row % 80 for row in range(10)], name="yr_renovated")
    (said,) = zeros_in_doubt("yr_renovated", years)
    assert decision_in(said).doubtful
