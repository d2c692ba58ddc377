"""What people write in two ways in one column, with marks of their own, or as digits of a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.data.cells.missing.zeros import zeros_in_doubt
from engine.data.cells.number_kind import kind_of_numbers
from engine.data.cells.recognition import CellStyle, Recognised, recognise
from engine.data.cells.rules import Rules
from engine.data.decisions import decision_in
from engine.data.tables.read.rival_readings import readings_of


def found(words: list[str], **how: Any) -> Recognised:
    return recognise("a", pd.Series(words, dtype=object, name="a"), CellStyle(**how))


def read(words: list[str], **how: Any) -> list[float]:
    values: list[float] = found(words, **how).column.tolist()
    return values


def asked(notices: list[str] | tuple[str, ...]) -> list[object]:
    decisions = [decision_in(one) for one in notices]
    return [other.value for one in decisions if one.doubtful for other in one.others]


# ------------------------------------------------------------------------------- one number in two forms


def test_that_a_share_is_one_number_however_it_is_written() -> None:
    words = ["45%", "0.45", "100%", "1", "0", "0.07"]
    assert read(words, kind="share") == pytest.approx([0.45, 0.45, 1, 1, 0, 0.07])
    assert readings_of(pd.Series(words * 5))[0] == "share"
    # of 45 beside 45% nobody has said that it is a share
    assert np.isnan(read(["45%", "45"], kind="share")[1])
    assert np.isnan(read(words, kind="share", rules=Rules.OPEN_WORDS)[1])


def test_that_both_marks_are_decimal_marks_where_no_thousands_are_in_sight() -> None:
    words = ["6,1", "5.4", "7", "12,25", "8.0"]
    both = found(words)
    assert both.column.tolist() == [6.1, 5.4, 7, 12.25, 8]
    assert any("both are read as decimals" in one for one in both.notices)
    assert read(words, kind="number", rules=Rules.OPEN_WORDS) != both.column.tolist()


@pytest.mark.parametrize("words", [["6,125", "5.4", "6,1"], ["1,234.5", "6,1", "5.4"]])
def test_that_marks_which_may_part_thousands_are_not_both_decimal_marks(words: list[str]) -> None:
    assert not any("both are read" in one for one in found(words).notices)


def test_that_marks_that_point_up_and_down_are_signs() -> None:
    words = ["▲3.55%", "▼1.2%", "0.00%", "▲ 0.5%"]
    pointed = found(words)
    assert pointed.column.tolist() == [3.55, -1.2, 0, 0.5]
    assert pointed.kind == "first_number"
    # a new file may hold falls alone
    assert read(["▼1.2%"], kind="first_number") == [-1.2]
    assert read(["▼1.2%"], kind="first_number", rules=Rules.OPEN_WORDS) == [1.2]


def test_that_the_mark_of_accounts_of_japan_is_minus_and_asked_about() -> None:
    account = found(["▲1,500", "2,300", "▲700", "12,000"])
    assert account.column.tolist() == [-1500, 2300, -700, 12000]
    assert "first_number" in asked(account.notices)


def test_that_stars_are_counted() -> None:
    assert read(["★★★☆☆", "★★★★★", "★★☆☆☆", "☆☆☆☆☆"]) == [3, 5, 2, 0]
    assert read(["⭐️⭐️", "⭐️", "⭐️⭐️⭐️⭐️"]) == [2, 1, 4]
    assert read(["★★★½", "★"]) == [3.5, 1]
    # whether these are none or three nobody knows
    assert read(["☆☆☆", "☆"]) == ["☆☆☆", "☆"]


def test_that_marks_of_schools_are_told_to_have_no_order() -> None:
    (told,) = found(["A+", "A", "B-", "C"] * 5).notices
    assert "without their order" in told
    assert not found(["A", "B", "C"] * 5).notices


# -------------------------------------------------------------------------- numbers that write something


def moments(form: str, hours: int) -> pd.Series[Any]:
    first = datetime(2014, 10, 30, 5)
    return pd.Series([int((first + timedelta(hours=hours * row)).strftime(form)) for row in range(80)])


@pytest.mark.parametrize(
    ("form", "hours"),
    [("%y%m%d%H", 3), ("%y%m%d", 24), ("%Y%m%d", 24), ("%Y%m%d%H", 5), ("%Y%m%d%H%M%S", 7)],
)
def test_that_digits_that_write_moments_are_asked_about_whatever_they_are_called(
    form: str, hours: int
) -> None:
    column = moments(form, hours)
    assert "date" in asked(kind_of_numbers("hour", column))
    assert "date" in asked(kind_of_numbers("x9", column))
    days = recognise("x9", column, CellStyle(kind="date")).column
    assert days.iloc[1] - days.iloc[0] == pd.Timedelta(hours=hours if "%H" in form else 24)


def test_that_numbers_in_a_row_write_no_moments() -> None:
    assert not asked(kind_of_numbers("x", pd.Series([*range(14102100, 14102123)] * 3)))


def test_that_scattered_numbers_under_names_that_say_nothing_may_be_codes() -> None:
    codes = pd.Series([15706, 15704, 20277, 21689, 19771, 22676, 16208] * 20)
    assert asked(kind_of_numbers("C14", codes)) == ["category", "leave_out"]
    assert asked(kind_of_numbers("field_7", codes)) == ["category", "leave_out"]
    assert not kind_of_numbers("weight", codes)
    # of even steps, close to each other, or many
    assert not kind_of_numbers("C14", pd.Series([*range(1000, 9000, 1000)] * 20))
    assert not kind_of_numbers("C14", pd.Series([*range(1000, 1050)] * 20))
    assert asked(kind_of_numbers("C14", pd.Series([row**2 + 900 for row in range(200)] * 5))) == ["leave_out"]


@pytest.mark.parametrize("name", ["budget", "revenue", "powerPS", "票房", "horsepower"])
def test_that_zeros_of_what_nothing_lacks_are_asked_about(name: str) -> None:
    drawn = np.random.default_rng(0).lognormal(15, 2, 100).round()
    column = pd.Series([*drawn, *[0] * 30])
    assert asked(zeros_in_doubt(name, column)) == ["positive"]
    assert not zeros_in_doubt("fee", column)


# ------------------------------------------------------------------------------ pairs that are no ranges


def test_that_rooms_and_limits_are_offered_as_nothing() -> None:
    rooms = pd.Series([f"{row % 9 + 1}-{100 + row % 30}" for row in range(90)])
    assert "range" not in readings_of(rooms)
    assert not found(rooms.tolist()).notices
    assert "share" not in readings_of(pd.Series(["100/300", "250/500", "500/1000"] * 9))
    assert readings_of(pd.Series(["8/10", "7/10", "9/10", "3/8", "5/8", "6/8"] * 9))[0] == "share"
    assert readings_of(pd.Series(["1-3年", "3-5年", "5-10年"] * 9))[0] == "range"


def test_that_heights_by_a_dash_are_feet_and_inches() -> None:
    words = ["6-6", "6-11", "5-9", "7-0", "6-10"]
    assert read(words, kind="number") == [78, 83, 69, 84, 82]
    # games of a set, of which none comes to eight
    assert np.isnan(read(["6-4", "7-5", "6-7"], kind="number")).all()


def test_that_a_day_without_a_year_has_no_weekday(tmp_path: Path) -> None:
    from engine.data.preprocessing import Preprocessing
    from engine.data.tables.fit import fit_table
    from engine.data.tables.sources.table_file import TableFile

    def inputs(year: str) -> tuple[str, ...]:
        rows = [f"{year}{row % 12 + 1}月{row % 27 + 1}日,{row}" for row in range(60)]
        (tmp_path / "t.csv").write_text("日期,y\n" + "\n".join(rows), "utf-8")
        raw = TableFile(path=str(tmp_path / "t.csv"), target="y", types={"日期": "date"}).read(0)
        return fit_table(raw, np.arange(60), Preprocessing(), lambda said: None).columns[0].features

    assert inputs("") == ("日期 (days)", "日期 (month)")
    assert "日期 (weekday)" in inputs("2000年")


@pytest.mark.parametrize("money", ["Rs.", "Rs", "Rp ", "NT$", "S$"])
def test_that_money_of_asia_stands_before_numbers(money: str) -> None:
    assert read([f"{money}{number},999" for number in (8, 12, 34)]) == [8999, 12999, 34999]
