"""A row that is a day, a week or a year of values in order is read as one course, and it is said so."""

from __future__ import annotations

import calendar
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.series.raw import Timeline
from engine.data.series.sources.time_series import TimeSeries
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment

QUARTERS = [f"{minutes // 60:02}{minutes % 60:02}" for minutes in range(0, 1440, 15)]
DAYS = [f"{day:%Y%m%d}" for day in pd.date_range("2014-01-01", periods=40)]
CASES = {
    "clock times behind a letter": ("YMD", [int(day) for day in DAYS],
                                    [f"T{one}" for one in QUARTERS], "15min"),
    "clock times with colons": ("日期", [f"{d[:4]}/{d[4:6]}/{d[6:]}" for d in DAYS],
                                [f"{one[:2]}:{one[2:]}" for one in QUARTERS[::2]], "30min"),
    "hours": ("Date", [int(day) for day in DAYS], [f"h{hour}" for hour in range(24)], "h"),
    "hours in Chinese": ("日期", [int(day) for day in DAYS], [f"{hour}时" for hour in range(24)], "h"),
    "months": ("Year", [*range(1980, 2020)], [*calendar.month_abbr][1:], "MS"),
    "months in Chinese": ("年份", [*range(1980, 2020)], [f"{month}月" for month in range(1, 13)], "MS"),
    "quarters": ("year", [*range(1960, 2000)], ["Q1", "Q2", "Q3", "Q4"], "QS"),
    "weekdays": ("week", [f"{day:%Y-%m-%d}" for day in pd.date_range("2014-01-06", periods=40, freq="7D")],
                 ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "D"),
}  # fmt: skip


def _frame(what: str) -> pd.DataFrame:
    base, periods, columns, _ = CASES[what]
    values = np.arange(len(periods) * len(columns)).reshape(len(periods), -1) + 0.5
    return pd.concat([pd.DataFrame({base: periods}), pd.DataFrame(values, columns=columns)], axis=1)


def _course(path: Path, **settings: object) -> Timeline:
    raw = TimeSeries(path=str(path), history=4, horizon=2, **settings).read(0)
    assert isinstance(raw, Timeline)
    return raw


@pytest.mark.parametrize("what", CASES)
def test_that_one_course_of_all_values_is_offered_and_read(what: str, tmp_path: Path) -> None:
    frame = _frame(what)
    frame.to_csv(tmp_path / "load.csv", index=False)
    found = Experiment(data=TableFile(path=str(tmp_path / "load.csv"))).recipe.inspected()
    assert found.suggests == "time_series"
    assert "in order" in str(found.suggests_why)
    raw = _course(tmp_path / "load.csv")
    assert raw.targets == ("value",)
    assert list(raw.values[:, 0]) == [place + 0.5 for place in range(frame.shape[0] * (frame.shape[1] - 1))]
    times = pd.DatetimeIndex(pd.to_datetime(raw.times))
    assert list(times) == list(pd.date_range(times[0], periods=len(times), freq=CASES[what][3]))
    assert any("in order" in one and "one course" in one for one in raw.notices)


def test_that_several_things_of_the_same_days_are_a_course_each(tmp_path: Path) -> None:
    frame = pd.concat([_frame("hours").assign(area=area) for area in ("north", "south")])
    frame.insert(0, "area", frame.pop("area"))
    frame.to_csv(tmp_path / "load.csv", index=False)
    raw = _course(tmp_path / "load.csv")
    assert raw.names == ("north", "south")
    assert raw.lengths == (960, 960)


def test_that_who_names_a_column_means_a_row_for_each_day(tmp_path: Path) -> None:
    _frame("clock times behind a letter").to_csv(tmp_path / "load.csv", index=False)
    table = TableFile(path=str(tmp_path / "load.csv"), target=("T1200",))
    notices = prepare(table, Split(), Preprocessing(), "numbers", 0).notices
    assert any("follow each other in time" in one for one in notices)
    raw = _course(tmp_path / "load.csv", target=("T1200",))
    assert raw.targets == ("T1200",)
    assert len(raw.values) == len(DAYS)


@pytest.mark.parametrize("gone", ["T0015", "YMD"])
def test_that_a_day_with_a_hole_or_without_its_date_is_none(gone: str, tmp_path: Path) -> None:
    frame = _frame("clock times behind a letter").drop(columns=gone)
    frame.to_csv(tmp_path / "load.csv", index=False)
    found = Experiment(data=TableFile(path=str(tmp_path / "load.csv"))).recipe.inspected()
    assert "in order" not in str(found.suggests_why)
