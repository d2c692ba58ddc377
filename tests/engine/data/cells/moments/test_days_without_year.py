"""Days without a year are asked about, and are days of one year where a person says that they are dates."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from engine.data.cells.recognition import CellStyle, Recognised, recognise
from engine.data.decisions import decision_in

DAYS = [(month, day) for month in (3, 4, 11) for day in (5, 14, 22, 30)]


def _read(name: str, cells: Sequence[str], style: CellStyle | None = None) -> Recognised:
    column = pd.Series([*cells] * 4, dtype=object, name=name)
    return recognise(name, column, style or CellStyle())


def _offered(found: Recognised) -> list[object]:
    asked = [decision_in(one) for one in found.notices]
    return [other.value for one in asked if one.doubtful for other in one.others]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a", "{month:02d}-{day:02d} 08:00"),
        ("a", "{month:02d}-{day:02d}"),
        ("a", "{month:02d}/{day:02d}"),
        ("a", "{day:02d}/{month:02d} 08:00"),
        ("date", "{month}/{day}"),
        ("发布时间", "{day}.{month}."),
        ("a", "{month}月{day}日"),
        ("a", "{month}月{day}日 08:00"),
    ],
)
def test_that_days_without_a_year_are_asked_about_and_read_as_days_of_one(name: str, form: str) -> None:
    cells = [form.format(month=month, day=day) for month, day in DAYS]
    found = _read(name, cells)
    assert found.column.iloc[0] == cells[0]
    assert "date" in _offered(found)
    days = _read(name, cells, CellStyle(kind="date")).column[: len(DAYS)]
    assert [(day.month, day.day) for day in days] == DAYS
    assert {day.year for day in days} == {2000}
    assert {day.hour for day in days} == ({8} if "08" in form else {0})


def test_that_each_moment_may_differ() -> None:
    cells = [f"{month:02d}-{day:02d} {hour:02d}:00" for month, day in DAYS for hour in range(24)]
    assert "date" in _offered(recognise("a", pd.Series(cells, name="a"), CellStyle()))


@pytest.mark.parametrize(
    "cells",
    [
        ["01-05", "06-10", "11-15", "16-20"],
        ["01-05", "06-10", "11-15"],
        ["18-24", "25-34", "35-44"],
        ["1-0", "0-1", "2-2"],
        ["02-30", "02-31", "04-31"],
        ["13-14", "14-15", "15-16"],
    ],
)
def test_that_ranges_and_scores_are_no_days(cells: Sequence[str]) -> None:
    assert not any("year" in one for one in _read("a", cells).notices)


def test_that_a_date_beside_days_is_what_it_is() -> None:
    found = _read(
        "a", ["05/12/2023", "05/13/2023", "05/14/2023", "05/15/2023"], CellStyle(kind="date")
    ).column
    assert {day.year for day in found} == {2023}
