"""Months written as decimals are asked about, and read as months where a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from engine.data.cells.recognition import CellStyle, Recognised, dates, recognise
from engine.data.decisions import decision_in
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile

MONTHS = [(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]


def _read(cells: Sequence[str], style: CellStyle | None = None) -> Recognised:
    return recognise("a", pd.Series([*cells], dtype=object, name="a"), style or CellStyle())


def _offered(found: Recognised) -> list[object]:
    asked = [decision_in(one) for one in found.notices]
    return [other.value for one in asked if one.doubtful for other in one.others]


@pytest.mark.parametrize("form", ["{year}.{month}", "{year}.{month:02d}", "{year}{month:02d}"])
def test_that_years_with_months_are_asked_about_and_read_as_dates(form: str) -> None:
    cells = [form.format(year=year, month=month) for year, month in MONTHS]
    assert _offered(_read(cells)) == ["date"]
    found = _read(cells, CellStyle(kind="date")).column
    assert [(day.year, day.month) for day in found] == MONTHS


def test_that_october_is_none_of_the_numbers_that_a_file_is_parsed_to(tmp_path: Path) -> None:
    lines = "".join(f"{year}.{month},{month / 7:.4f}\n" for year, month in MONTHS)
    (tmp_path / "t.csv").write_text(f"a,n\n{lines}", "utf-8")
    source = TableFile(path=str(tmp_path / "t.csv"))
    (about,) = [one for one in map(decision_in, source.read(0).notices) if one.column == "a"]
    assert [other.value for other in about.others] == ["date"]
    found = source.replaced(types={"a": "date"}).read(0)
    assert isinstance(found, Table)
    assert [(day.year, day.month) for day in found.frame["a"]] == MONTHS


@pytest.mark.parametrize("form", ["{year}-{month:02d}", "{year}/{month}"])
def test_that_other_marks_make_months_by_themselves(form: str) -> None:
    found = _read([form.format(year=year, month=month) for year, month in MONTHS]).column
    assert [(day.year, day.month) for day in found] == MONTHS


@pytest.mark.parametrize(
    "cells",
    [
        [f"{1980 + row}.5" for row in range(20)],
        [f"{1500 + 31 * row}.{7 * row % 100:02d}" for row in range(20)],
        [f"{2010 + row % 3}.{13 + row}" for row in range(20)],
        [str(200_000 + 731 * row) for row in range(20)],
    ],
    ids=["halves", "amounts", "no months", "numbers of six digits"],
)
def test_that_other_numbers_are_no_months(cells: Sequence[str]) -> None:
    assert "date" not in _offered(_read(cells))


@pytest.mark.parametrize(("name", "asked"), [("月份", True), ("month", True), ("grade", False)])
def test_that_short_years_with_months_are_some_where_the_column_is_called_so(
    name: str, asked: bool, tmp_path: Path
) -> None:
    lines = "".join(f"{year - 2000}.{month:02d},{month / 7:.4f}\n" for year, month in MONTHS)
    (tmp_path / "t.csv").write_text(f"{name},n\n{lines}", "utf-8")
    source = TableFile(path=str(tmp_path / "t.csv"))
    found = [one for one in map(decision_in, source.read(0).notices) if one.column == name and one.doubtful]
    assert [one.others[0].value for one in found] == ["date"] * asked
    if asked:
        path = str(tmp_path / "t.csv")
        table = TableFile.model_validate({"path": path, "types": {name: "date"}}).read(0)
        assert isinstance(table, Table)
        assert [(day.year, day.month) for day in table.frame[name]] == MONTHS


def test_that_months_of_a_sheet_whose_zero_is_lost_are_asked_about() -> None:
    column = pd.Series([float(f"{year}.{month}") for year, month in MONTHS], name="a")
    assert _offered(recognise("a", column, CellStyle())) == ["leave_out"]
    halves = pd.Series([year + half for year in range(1980, 2020) for half in (0.1, 0.5)], name="a")
    assert not _offered(recognise("a", halves, CellStyle()))


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2023.10", "2023.9"], ["2023-10-01", "2023-09-01"]),
        (["23.10", "98.02"], ["2023-10-01", "1998-02-01"]),
        (["3月5日", "12月1日"], ["2000-03-05", "2000-12-01"]),
    ],
)
def test_that_new_rows_are_read_as_the_days_that_training_had(cells: list[str], days: list[str]) -> None:
    found = dates(pd.Series(cells, dtype=object, name="a"), day_first=False)
    assert [str(day)[:10] for day in found] == days
