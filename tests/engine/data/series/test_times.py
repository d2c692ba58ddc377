"""Times of rows in the forms that people's tables have: each as one file against the moments meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.series.raw import Timeline
from engine.data.series.sources.time_series import TimeSeries

HOURS = pd.date_range("2024-03-01", periods=60, freq="h")
DAYS = pd.date_range("2023-01-01", periods=60, freq="D")
MONTHS = pd.date_range("2015-01-01", periods=48, freq="MS")
QUARTERS = pd.date_range("2000-01-01", periods=40, freq="QS")
WEEKS = pd.date_range("2023-01-02", periods=60, freq="7D")


def read(folder: Path, columns: dict[str, Any], **how: Any) -> Timeline:
    """Return the course in a table of these columns and a load that counts the rows."""
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame({**{name: list(values) for name, values in columns.items()}, "load": range(count)})
    frame.to_csv(folder / "t.csv", index=False)
    how = {"target": "load", "history": 4, "horizon": 2, "calendar": "none", **how}
    found = TimeSeries(path=str(folder / "t.csv"), **how).read(0)
    assert isinstance(found, Timeline)
    return found


def moments(found: Timeline) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(list(found.times), format="mixed"))


_OF_WEEKS = WEEKS.isocalendar()
COLUMNS: dict[str, tuple[dict[str, Any], pd.DatetimeIndex]] = {
    "a year and a week in words": (
        {"年": _OF_WEEKS.year, "周": [f"第{week}周" for week in _OF_WEEKS.week]},
        WEEKS,
    ),
    "a year and a week in German": (
        {"Jahr": _OF_WEEKS.year, "KW": [f"KW {week:02d}" for week in _OF_WEEKS.week]},
        WEEKS,
    ),
    "a year and a quarter in words": (
        {"year": QUARTERS.year, "quarter": [f"Q{quarter}" for quarter in QUARTERS.quarter]},
        QUARTERS,
    ),
    "a week with its year": (
        {"周": [f"{y}年第{w}周" for y, w in zip(_OF_WEEKS.year, _OF_WEEKS.week, strict=True)]},
        WEEKS,
    ),
    "date and time": ({"Date": HOURS.strftime("%d/%m/%Y"), "Time": HOURS.strftime("%H:%M:%S")}, HOURS),
    "date and AM/PM": ({"Date": HOURS.strftime("%m/%d/%Y"), "Time": HOURS.strftime("%I:%M %p")}, HOURS),
    "time with points": ({"Date": HOURS.strftime("%d.%m.%Y"), "Time": HOURS.strftime("%H.%M.%S")}, HOURS),
    "time and date": ({"Time": HOURS.strftime("%H:%M"), "Date": HOURS.strftime("%Y-%m-%d")}, HOURS),
    "date and hour": ({"date": HOURS.strftime("%Y-%m-%d"), "hour": HOURS.hour}, HOURS),
    "hours to 24": ({"Datum": HOURS.strftime("%d.%m.%Y"), "Stunde": HOURS.hour + 1}, HOURS),
    "hours to 24 as codes": (
        {"Date": HOURS.strftime("%m/%d/%Y"), "Hr_End": [f"{hour + 1:02}" for hour in HOURS.hour]},
        HOURS,
    ),
    "months as codes": ({"Year": MONTHS.year, "Month": MONTHS.strftime("%m")}, MONTHS),
    "compact": ({"date": HOURS.strftime("%Y%m%d"), "time": HOURS.strftime("%H%M")}, HOURS),
    "four": ({"year": HOURS.year, "month": HOURS.month, "day": HOURS.day, "hour": HOURS.hour}, HOURS),
    "buoy": (
        {"#YY": HOURS.year, "MM": HOURS.month, "DD": HOURS.day, "hh": HOURS.hour, "mm": HOURS.minute},
        HOURS,
    ),
    "year and month": ({"year": MONTHS.year, "month": MONTHS.month}, MONTHS),
    "year and month without names": ({"a": MONTHS.year, "b": MONTHS.month}, MONTHS),
    "month codes without names": ({"a": MONTHS.year, "b": MONTHS.strftime("%m")}, MONTHS),
    "month as a word": ({"Jahr": MONTHS.year, "Monat": MONTHS.strftime("%b")}, MONTHS),
    "day of the year": ({"YEAR": DAYS.year, "DOY": DAYS.day_of_year}, DAYS),
    "seconds": ({"timestamp": HOURS.astype("datetime64[s]").astype("int64")}, HOURS),
    "milliseconds": ({"ts": HOURS.astype("datetime64[ms]").astype("int64")}, HOURS),
    "milliseconds without a name": ({"a": HOURS.astype("datetime64[ms]").astype("int64")}, HOURS),
    "Chinese hours": ({"时间": [f"{t.year}年{t.month}月{t.day}日{t.hour}时" for t in HOURS]}, HOURS),
    "months of statistical offices": ({"TIME": MONTHS.strftime("%YM%m")}, MONTHS),
    "compact days": ({"date": DAYS.strftime("%Y%m%d")}, DAYS),
    "compact minutes": ({"MESS_DATUM": HOURS.strftime("%Y%m%d%H%M")}, HOURS),
    "compact months": ({"month": MONTHS.strftime("%Y%m")}, MONTHS),
    "days of a spreadsheet": ({"Date": (HOURS - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)}, HOURS),
    "newest first": ({"when": [f"{t.month}/{t.day}/{t.year} {t:%I:%M %p}" for t in HOURS[::-1]]}, HOURS),
    "months alone": ({"month": MONTHS.strftime("%Y-%m")}, MONTHS),
    "quarters": ({"quarter": [f"{t.year}Q{t.quarter}" for t in QUARTERS]}, QUARTERS),
    "weeks": ({"week": [f"{t.isocalendar().year}-W{t.isocalendar().week:02}" for t in WEEKS]}, WEEKS),
    "short years": ({"when": HOURS.strftime("%d.%m.%y %H:%M")}, HOURS),
    "short years first": ({"when": HOURS.strftime("%y/%m/%d %H:%M")}, HOURS),
    "day first, by even steps": ({"date": MONTHS.strftime("%d/%m/%Y")}, MONTHS),
    "month first, by even steps": ({"date": MONTHS.strftime("%m/%d/%Y")}, MONTHS),
    "intervals": (
        {"MTU": [f"{t:%d.%m.%Y %H:%M} - {t + pd.Timedelta(hours=1):%d.%m.%Y %H:%M}" for t in HOURS]},
        HOURS,
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_that_the_times_of_rows_are_found(tmp_path: Path, name: str) -> None:
    columns, meant = COLUMNS[name]
    found = read(tmp_path, columns)
    assert (moments(found) == meant).all()
    assert set(cast(list[str], found.found["time"])) == set(columns)
    assert not any("left out" in text or "no column of times" in text for text in found.notices)
    again = read(tmp_path, columns, time=list(columns))
    assert (moments(again) == meant).all()


def test_that_the_newest_row_first_is_turned_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, {"when": HOURS[::-1].strftime("%m/%d/%Y %I:%M %p")})
    assert found.values[:, 0].tolist() == [*range(59, -1, -1)]
    assert "the newest row stood first; sorted by time" in found.notices


def test_that_a_row_without_its_day_of_the_year_has_no_time(tmp_path: Path) -> None:
    days = [*DAYS.day_of_year[:30], None, *DAYS.day_of_year[31:]]
    found = read(tmp_path, {"year": DAYS.year, "doy": days})
    assert (moments(found) == DAYS.delete(30)).all()
    assert found.values[:, 0].tolist() == [*range(30), *range(31, 60)]
    assert "1 row without a time left out" in found.notices


@pytest.mark.parametrize(("part", "odd"), [("doy", 0), ("doy", 400), ("doy", 366), ("week", 54)])
def test_that_a_day_or_week_that_a_year_lacks_is_named_and_has_no_time(
    tmp_path: Path, part: str, odd: int
) -> None:
    times, counts = {"doy": (DAYS, DAYS.day_of_year), "week": (WEEKS, WEEKS.isocalendar().week)}[part]
    year = times.year if part == "doy" else WEEKS.isocalendar().year
    found = read(tmp_path, {"year": [*year], part: [*counts[:30], odd, *counts[31:]]})
    assert (moments(found) == times.delete(30)).all()
    assert f"year, {part}: {year.tolist()[30]}, {odd} in row 31 is no date" in found.notices


def test_that_an_order_of_dates_that_nothing_decides_is_told_and_can_be_set(tmp_path: Path) -> None:
    words = [
        f"{day:02}/{month:02}/2024" for day, month in zip((1, 4, 7, 9, 12), (2, 3, 5, 6, 8), strict=True)
    ]
    assert any("set the order of dates" in text for text in read(tmp_path, {"date": words}).notices)
    for order, first in (("day", "2024-02-01"), ("month", "2024-01-02")):
        found = read(tmp_path, {"date": words}, date_order=order)
        assert found.times[0] == first
        assert not any("order of dates" in text for text in found.notices)


@pytest.mark.parametrize("step", [1, 7001])
def test_that_numbers_without_a_name_which_do_not_go_on_as_clocks_do_are_no_times(
    tmp_path: Path, step: int
) -> None:
    """Identifiers count by one; amounts have no step at all."""
    values = 1_500_000_000 + np.arange(60) * step + (np.arange(60) % 7 * 50 if step > 1 else 0)
    assert read(tmp_path, {"a": values}).time == ""


@pytest.mark.parametrize("minutes", [60, 15])
def test_that_clocks_set_forward_and_back_cost_no_row(tmp_path: Path, minutes: int) -> None:
    year = pd.date_range("2024-03-20", "2024-11-10", freq=f"{minutes}min", tz="Europe/Berlin")
    for rows in (year, year[::-1]):
        found = read(tmp_path, {"when": rows.strftime("%Y-%m-%d %H:%M")})
        assert len(found) == len(year)
        winter = year.tz_convert("Etc/GMT-1").tz_localize(None)
        assert (moments(found) == winter).all()
        assert any("winter time" in text for text in found.notices)


def test_that_a_table_of_several_courses_gives_all_of_them_or_the_one_that_is_chosen(tmp_path: Path) -> None:
    shops = {"date": [*DAYS.strftime("%Y-%m-%d")] * 2, "shop": ["north"] * 60 + ["south"] * 60}
    for chosen in ({}, {"course": "shop"}):
        both = read(tmp_path, shops, **chosen)
        assert (both.names, both.lengths, both.course) == (("north", "south"), (60, 60), "shop")
        assert any("shop tells 2 courses apart (north, south)" in notice for notice in both.notices)
        assert both.found["course"] == ["shop"]
    with pytest.raises(Invalid, match=r"no course 'east' in shop"):
        read(tmp_path, shops, course="shop", only="east")
    found = read(tmp_path, shops, course="shop", only="south")
    assert found.values[:, 0].tolist() == [*range(60, 120)]
    assert found.columns == ("load",)


def test_that_microseconds_cut_off_make_no_rows_uneven(tmp_path: Path) -> None:
    at = [f"{1709605425123 + place / 0.256:.4f}" for place in range(60)]
    assert not any("evenly" in notice for notice in read(tmp_path, {"time": at}).notices)
    at[30] = f"{1709605425123 + 30 / 0.256 + 0.01:.4f}"
    assert any("evenly" in notice for notice in read(tmp_path, {"time": at}).notices)


def test_that_a_course_is_called_as_it_is_written(tmp_path: Path) -> None:
    shares = {"date": [*DAYS.strftime("%Y-%m-%d")] * 2, "code": ["000001"] * 60 + ["600519"] * 60}
    for chosen in ({}, {"course": "code"}):
        assert read(tmp_path, shares, **chosen).names == ("000001", "600519")
    for only in ("000001", "1"):
        assert read(tmp_path, shares, course="code", only=only).values[:, 0].tolist() == [*range(60)]


def test_that_times_of_day_alone_are_no_times_of_rows(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="times of day without a date"):
        read(tmp_path, {"clock": HOURS.strftime("%H:%M")}, time="clock")


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ([f"{n // 12}:{n % 12 * 5:02}" for n in range(60)], 5),
        ([f"{n // 60}:{n % 60:02}:00" for n in range(90)], 60),
        ([f"{n}:00" for n in range(50, 60)] + [f"1:{n:02}:00" for n in range(20)], 60),
        ([f"0:{n / 2:04.1f}" for n in range(60)], 0.5),
    ],
)
@pytest.mark.parametrize("chosen", ["", "Elapsed"])
def test_that_what_a_stopwatch_shows_is_the_time_that_has_passed(
    tmp_path: Path, written: list[str], step: float, chosen: str
) -> None:
    found = read(tmp_path, {"Elapsed": written}, time=chosen)
    assert np.diff([float(time) for time in found.times]) == pytest.approx(step)
    assert "Elapsed is read as the time that has passed" in found.notices[0]


def test_that_years_alone_stay_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, {"year": range(1960, 2000)})
    assert found.times[-1] == "1999"
    np.testing.assert_array_equal(found.values[:, 0], np.arange(40))


@pytest.mark.parametrize("name", ["Time (s)", "timestamp_ms", "t [ms]", "time_s"])
def test_that_a_unit_in_the_name_of_a_time_does_not_hide_it(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, {name: np.arange(60) * 0.02}).time == name


def test_that_an_odd_cell_of_what_is_forecast_is_named_with_the_setting_that_helps(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"when": HOURS.strftime("%Y-%m-%d %H:%M"), "load": ["1.5"] * 5 + ["n/e"] + ["2"] * 54}
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    how: dict[str, Any] = {"path": str(tmp_path / "t.csv"), "target": "load", "history": 4, "horizon": 2}
    with pytest.raises(Invalid, match=r"'n/e' in row 6.*let odd cells count as missing"):
        TimeSeries(**how).read(0)
    assert len(TimeSeries(**how, odd_cells="missing").read(0)) == 60


def test_that_what_was_found_is_kept_for_new_files(tmp_path: Path) -> None:
    found = read(tmp_path, {"Date": MONTHS.strftime("%d/%m/%Y")}).found
    assert found["date_order"] == "day"
    assert found["time"] == ["Date"]
    assert found["encoding"] == "utf-8"
