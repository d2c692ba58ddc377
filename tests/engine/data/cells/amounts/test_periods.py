"""Amounts per different times are told with how many there are of each, and as what they are read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from engine.data.cells.column_types import ColumnType
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.rules import Rules
from engine.data.cells.units import converted
from engine.data.decisions import Decision, decision_in
from engine.data.tables.new import typed_rows

MIXED: dict[str, tuple[ColumnType, Sequence[str]]] = {
    "pay in Chinese": ("range", ["1-1.5万/月", "6-8千/月", "1-2万/月", "15-20万/年", "150元/天"]),
    "wages": ("first_number", ["$25/hr", "$30/hr", "$28/hr", "$60000/yr"]),
    "wages in words": ("first_number", ["$25 per hour", "$30 an hour", "$61,000 a year", "$60,000 per year"]),
    "rents": ("first_number", ["100 / night", "120 / night", "90 / night", "500 / week"]),
}


def _told(kind: ColumnType, cells: Sequence[str]) -> list[Decision]:
    found = recognise("a", pd.Series([*cells] * 6, dtype=object, name="a"), CellStyle(kind=kind))
    # the sentence is found by what it is about: a cell of each time, and that a person should look
    return [one for one in map(decision_in, found.notices) if one.doubtful and len(one.specimens) > 1]


@pytest.mark.parametrize("which", MIXED)
def test_that_amounts_per_different_times_are_told(which: str) -> None:
    (told,) = _told(*MIXED[which])
    cells = MIXED[which][1]
    assert {one.written for one in told.specimens} <= {*cells}
    # the commonest first, and each with what it is read as
    assert told.specimens[0].written == cells[0]
    assert all(one.written in told.said for one in told.specimens)


@pytest.mark.parametrize(
    ("cells", "values", "unit"),
    [
        (["1-1.5万/月", "1-2万/月", "15-21万/年"], [12_500, 15_000, 15_000], "/month"),
        (["12-18万/年", "15-21万/年", "1-2万/月"], [150_000, 180_000, 180_000], "/year"),
        (["12-18万/年", "15-21万/年"], [150_000, 180_000], "/year"),
    ],
)
def test_that_pay_per_month_and_per_year_are_of_one_time(
    cells: list[str], values: list[float], unit: str
) -> None:
    found = recognise("a", pd.Series(cells, dtype=object, name="a"), CellStyle(kind="range"))
    assert found.column.tolist() == values
    assert found.unit == unit
    assert len({*cells}) < 3 or any(f"of one {unit[1:]}" in one for one in found.notices)
    # runs of before have them as they stand there
    before = CellStyle(kind="range", rules=Rules.OPEN_WORDS)
    assert recognise("a", pd.Series(cells, dtype=object, name="a"), before).unit == ""


def test_that_pay_of_new_rows_is_told_in_the_time_of_training() -> None:
    for word, unit, value in [("15-21万/年", "/month", 15_000), ("1-2万/月", "/year", 180_000)]:
        typed = typed_rows([{"a": word}], "rows", types={"a": "range"}, units={"a": unit})
        assert typed.frame["a"].tolist() == [value]
    assert converted(180_000, "/year", "/month") == 15_000


def test_what_is_said_of_pay() -> None:
    (told,) = _told(*MIXED["pay in Chinese"])
    for part in ("18 rows as 1-1.5万/月, read as 12,500", "6 rows as 15-20万/年, read as 175,000"):
        assert part in told.said


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("range", ["1-1.5万/月", "6-8千/月", "1-2万/月"]),
        ("first_number", ["$25/hr", "$30 per hour", "$28 an hour"]),
        ("measure", ["25 km/h", "30 km/h", "6 m/s"]),
        ("first_number", ["3/4", "5/8", "7/16"]),
    ],
)
def test_that_amounts_per_one_time_are_none(kind: ColumnType, cells: Sequence[str]) -> None:
    assert _told(kind, cells) == []
