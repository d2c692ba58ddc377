"""Open words: under 18 is 18 beside ranges and sizes, and so it is in a file that holds nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.data.cells.column_types import ColumnType
from engine.data.cells.open_words import limit_itself
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.rules import Rules
from engine.data.decisions import decision_in
from engine.data.tables.read.rival_readings import readings_of

BESIDE: dict[str, dict[str, float]] = {
    "人": {
        "少于50人": 50,
        "不足50人": 50,
        "50人以下": 50,
        "500人及以上": 500,
        "500人以上": 500,
        "超过500人": 500,
    },
    "元": {"1000元以下": 1000, "低于1000元": 1000, "10000元以上": 10_000},
    "万": {"100万以下": 1e6, "500万以上": 5e6, "至少500万": 5e6},
    " years": {
        "less than 1 year": 1,
        "under 18 years": 18,
        "65 years and over": 65,
        "10+ years": 10,
        "more than 10 years": 10,
    },
    "": {"under 18": 18, "65+": 65, "65 or older": 65, "up to 17": 17, "<18": 18, "≥ 65": 65, "unter 18": 18},
}
"""What a cell with an open end is, by the unit of the ranges it stands beside."""
CASES = [(unit, word, value) for unit, words in BESIDE.items() for word, value in words.items()]


def read(words: list[str], **how: Any) -> pd.Series[Any]:
    return recognise("a", pd.Series(words, dtype=object, name="a"), CellStyle(**how)).column


@pytest.mark.parametrize(("unit", "word", "value"), CASES)
def test_that_a_range_without_one_end_is_the_other_end(unit: str, word: str, value: float) -> None:
    ranges = [f"{low}-{low + 10}{unit}" for low in (20, 30, 40)]
    factor = 1e4 if unit == "万" else 1
    expected = [25 * factor, 35 * factor, 45 * factor, value]
    assert read([*ranges, word], kind="range").tolist() == expected
    # alone, as a new file may hold it
    assert read([word], kind="range").tolist() == [value]


def test_that_what_is_read_of_open_words_is_told_beside_ranges() -> None:
    column = pd.Series(["18-24", "25-34", "under 18", "65+"] * 9, name="age")
    assert readings_of(column)[0] == "range"
    found = recognise("age", column, CellStyle(kind="range"))
    assert found.notices[0].startswith("age: ranges as 18-24 are read as their middle, 21,")
    assert "as under 18, as that, 18" in found.notices[0]


@pytest.mark.parametrize("word", ["<0.5", "less than 0.5", "0.5以下"])
def test_that_limits_are_numbers_beside_numbers_and_where_that_is_settled(word: str) -> None:
    column = read([word, "0.75", "1.5", "2.25", word])
    assert column.tolist() == [0.5, 0.75, 1.5, 2.25, 0.5]
    assert read([word], settled=True).tolist() == [0.5]
    # of nothing but limits nobody knows that they are meant as numbers
    assert read([word, word]).tolist() == [word, word]


@pytest.mark.parametrize("kind", ["range", "number", "measure"])
def test_that_a_run_of_before_keeps_open_words_missing(kind: ColumnType) -> None:
    words = ["18-24", "20", "25", "30", "under 18"]
    assert np.isnan(read(words, kind=kind, rules=Rules.FIRST).tolist()[-1])
    assert read(words, kind=kind).tolist()[-1] == 18


@pytest.mark.parametrize(
    "word", ["over the hill", "Room 5 plus", "not 5", "E97", "under", "18-24", "up to date 5x"]
)
def test_that_other_words_stay(word: str) -> None:
    assert limit_itself(word) == word or word == "Room 5 plus"
    assert read([word] * 3).tolist() == [word] * 3


def test_that_limits_of_a_column_are_told_with_the_offer_to_count_them_as_missing() -> None:
    found = recognise("a", pd.Series(["less than 1 year", "2 years", "3 years", "4 years"], name="a"))
    (said,) = [one for one in found.notices if "limits" in one]
    assert [other.value for other in decision_in(said).others] == ["less than 1 year"]
