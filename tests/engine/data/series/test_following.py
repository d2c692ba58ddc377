"""The times of rows that are forecast."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.data.series.read.following import following


def written(times: pd.DatetimeIndex, form: str) -> list[str]:
    return list(times.strftime(form))


@pytest.mark.parametrize(
    ("frequency", "form", "ahead"),
    [
        ("h", "%Y-%m-%d %H:%M", ["2024-03-01 04:00", "2024-03-01 05:00"]),
        ("D", "%Y-%m-%d", ["2024-03-05", "2024-03-06"]),
        ("MS", "%Y-%m-%d", ["2024-07-01", "2024-08-01"]),
        ("ME", "%Y-%m-%d", ["2024-07-31", "2024-08-31"]),
        ("QS", "%Y-%m-%d", ["2025-04-01", "2025-07-01"]),
        ("YS", "%Y", ["2029", "2030"]),
    ],
)
def test_that_steps_of_a_clock_and_of_the_calendar_go_on(frequency: str, form: str, ahead: list[str]) -> None:
    times = written(pd.date_range("2024-03-01", periods=4, freq=frequency), form)
    assert following(times, 2) == tuple(ahead)


def test_that_a_gap_does_not_hide_the_usual_step() -> None:
    times = written(pd.date_range("2024-03-01", periods=30, freq="h").delete([10, 20]), "%Y-%m-%d %H:%M")
    assert following(times, 1) == ("2024-03-02 06:00",)


@pytest.mark.parametrize(
    ("closed", "ahead"), [("Sun Sat", ["15", "18", "19"]), ("Fri Sat", ["17", "18", "19"])]
)
def test_that_days_of_the_week_without_rows_are_not_forecast(closed: str, ahead: list[str]) -> None:
    days = pd.date_range("2024-01-01", "2024-03-14", freq="D")
    times = written(days[[day.strftime("%a") not in closed for day in days]], "%Y-%m-%d")
    assert following(times, 3) == tuple(f"2024-03-{day}" for day in ahead)
    assert following(times[-10:], 1) == ("2024-03-15",)  # too few to know


def test_that_without_a_usual_step_forecasts_are_counted() -> None:
    assert following(["2024-03-01", "2024-03-02", "2024-03-05", "2024-03-11"], 2) == ("+1", "+2")
    assert following([], 2) == ("+1", "+2")
