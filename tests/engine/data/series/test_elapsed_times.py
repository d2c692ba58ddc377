"""Columns that tell how much time has passed are the time of a course, and no channel of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family
from engine.data import rooms  # noqa: F401 - fills the family of sources
from engine.data.tables.suggestions import better_source

PASSED = [
    "Time since start in ms",
    "time since start",
    "Elapsed Time (s)",
    "elapsed_ms",
    "seconds_elapsed",
    "millis()",
    "Zeit seit Start in ms",
    "uptime_ms",
    "Relative Time [s]",
    "sinceStart_time",
    "ms",
    "时间戳",
    "相对时间(s)",
]
MEASURED = [
    "reaction time (ms)",
    "rise time",
    "time to failure",
    "min",
    "lap time",
    "Zeitkonstante",
    "耗电量",
]
COUNTERS = ["Sample counter", "sample_index", "Packet", "序号"]


def course(path: Path, name: str, values: Any) -> Any:
    frame = pd.DataFrame({name: values, "x": np.sin(np.arange(len(values)) / 9)})
    frame.to_csv(path / "course.csv", index=False)
    return Family.every["data"]["time_series"](path=str(path / "course.csv")).read(0)


@pytest.mark.parametrize("name", PASSED)
def test_that_the_time_that_has_passed_orders_the_rows(name: str, tmp_path: Path) -> None:
    found = course(tmp_path, name, np.arange(120) * 10 + 3)
    assert found.columns == ("x",)
    assert found.found["time"] == [name]
    assert any(name in notice and "has passed" in notice for notice in found.notices)


@pytest.mark.parametrize("name", MEASURED)
def test_that_a_time_that_is_measured_stays_a_channel(name: str, tmp_path: Path) -> None:
    assert name in course(tmp_path, name, np.arange(120) * 10 + 3).columns


@pytest.mark.parametrize("name", PASSED)
def test_that_what_goes_up_and_down_is_a_channel_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    assert name in course(tmp_path, name, 100 + 50 * np.cos(np.arange(120) / 7)).columns


@pytest.mark.parametrize("name", COUNTERS)
@pytest.mark.parametrize("step", [1, 10])
def test_that_a_counter_of_samples_is_none(name: str, step: int, tmp_path: Path) -> None:
    found = course(tmp_path, name, np.arange(120) * step)
    assert found.columns == ("x",)
    assert any("only count the rows" in notice for notice in found.notices)


def test_that_a_ramp_without_such_a_name_is_measured(tmp_path: Path) -> None:
    assert "load" in course(tmp_path, "load", np.arange(120) * 10).columns


@pytest.mark.parametrize("name", ["Time since start in ms", "Sample counter"])
def test_that_recordings_of_a_folder_lose_it_too(name: str, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for label in ("walk", "run"):
        (tmp_path / label).mkdir()
        for number in range(6):
            values = random.normal(size=40)
            frame = pd.DataFrame({name: np.arange(40) * 10, "x": values, "y": values + 1})
            frame.to_csv(tmp_path / label / f"{number}.csv", index=False)
    found = Family.every["data"]["series_table"](path=str(tmp_path)).read(0)
    assert found.channels == ("x", "y")


def test_that_an_axis_called_x_may_be_a_ramp(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": np.arange(120) * 10, "y": np.sin(np.arange(120) / 9)})
    frame.to_csv(tmp_path / "axes.csv", index=False)
    assert Family.every["data"]["time_series"](path=str(tmp_path / "axes.csv")).read(0).columns == ("x", "y")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Time since start in ms", "time_series"), ("reaction time (ms)", ""), ("t", "time_series")],
)
def test_that_a_table_with_elapsed_time_is_offered_as_a_course(name: str, kind: str) -> None:
    frame = pd.DataFrame({name: np.arange(120) * 10 + 3, "x": np.sin(np.arange(120) / 9)})
    assert better_source(frame) == kind


def test_that_times_alone_that_do_not_rise_evenly_are_no_course() -> None:
    times = np.cumsum(np.random.default_rng(0).integers(1, 90, 120))
    assert better_source(pd.DataFrame({"t": times, "x": np.sin(np.arange(120) / 9)})) == ""


def test_that_time_that_stands_still_is_told_to_be_a_channel(tmp_path: Path) -> None:
    found = course(tmp_path, "elapsed_ms", np.arange(120) // 2 * 20)
    assert found.columns == ("elapsed_ms", "x")
    assert any("elapsed_ms is called as time that passes" in notice for notice in found.notices)
