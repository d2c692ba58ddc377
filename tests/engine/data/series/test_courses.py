"""Courses over time from files: order, spacing, gaps, calendar, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.new.examples import read_examples
from engine.data.new.files import Trained
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.series.raw import Timeline
from engine.data.series.season import autocorrelation, find_season
from engine.data.series.sources.time_series import TimeSeries
from engine.data.source import ReadBefore, silent
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile


def frame(rows: int = 100, freq: str = "h", **columns: Any) -> pd.DataFrame:
    times = pd.date_range("2024-01-01", periods=rows, freq=freq)
    return pd.DataFrame({"when": times, "load": np.arange(rows) / 2, **columns})


def read(made: pd.DataFrame, folder: Path, **settings: Any) -> Timeline:
    made.to_csv(folder / "t.csv", index=False)
    found = TimeSeries(path=str(folder / "t.csv"), **{"history": 4, "horizon": 2, **settings}).read(0)
    assert isinstance(found, Timeline)
    return found


def refusal(made: pd.DataFrame, folder: Path, **settings: Any) -> str:
    with pytest.raises(Invalid) as raised:
        read(made, folder, **settings)
    return "; ".join(f"{problem.path}: {problem.message}" for problem in raised.value.problems)


def test_that_the_times_are_found_and_the_only_column_of_numbers_is_the_target(tmp_path: Path) -> None:
    found = read(frame(), tmp_path, calendar="none")
    assert (found.time, found.columns, found.targets) == ("when", ("load",), ("load",))
    assert found.times[[0, -1]].tolist() == ["2024-01-01 00:00", "2024-01-05 03:00"]
    assert found.notices == ()
    assert read(frame(freq="D"), tmp_path).times[1] == "2024-01-02"
    assert read(frame(freq="10s"), tmp_path).times[1] == "2024-01-01 00:00:10"


def test_that_of_several_columns_none_is_guessed_to_be_the_target(tmp_path: Path) -> None:
    assert read(frame(wind=1.5), tmp_path).targets == ()


def test_that_a_short_file_is_judged_with_the_calendar_of_training(tmp_path: Path) -> None:
    frame().to_csv(tmp_path / "long.csv", index=False)
    frame(20).to_csv(tmp_path / "short.csv", index=False)
    source = TimeSeries(path=str(tmp_path / "long.csv"), history=4, horizon=2)
    prepared = prepare(source, Split(), Preprocessing(), "numbers", 0)
    known = Trained(prepared.preprocessor, source, prepared.raw.found)
    raw = read_examples(tmp_path / "short.csv", known, silent).raw
    assert isinstance(raw, Timeline)
    assert raw.columns == ("load", "day sine", "day cosine")


def test_that_years_count_as_times(tmp_path: Path) -> None:
    made = pd.DataFrame({"year": range(1900, 1950), "spots": np.arange(50) ** 2})
    found = read(made, tmp_path)
    assert (found.columns, found.times[:2].tolist()) == (("spots",), ["1900", "1901"])


def test_that_rows_without_times_are_taken_as_they_stand_and_told(tmp_path: Path) -> None:
    found = read(frame().drop(columns="when"), tmp_path)
    assert "no column of times found" in found.notices[0]
    assert found.times[:2].tolist() == ["1", "2"]


def test_that_times_out_of_order_are_sorted_and_told(tmp_path: Path) -> None:
    made = frame().iloc[::-1]
    found = read(made, tmp_path, calendar="none")
    assert found.values[:, 0].tolist() == (np.arange(100) / 2).tolist()
    assert found.notices == ("the newest row stood first; sorted by time",)


def test_that_a_row_out_of_order_is_counted_as_the_file_counts_it(tmp_path: Path) -> None:
    made = frame().iloc[[0, 1, 2, 3, 5, 4, *range(6, 100)]]
    for missing in ([], [0, 2]):
        made.loc[missing, "when"] = pd.NaT
        said = " ".join(read(made, tmp_path, calendar="none").notices)
        assert "1 row stood after later ones, the first is row 6;" in said


@pytest.mark.parametrize(("different", "told"), [(20_000, ""), (1_500, "item 4 and 1495 more")])
def test_that_words_which_hardly_come_again_are_not_told_as_courses_mixed(
    tmp_path: Path, different: int, told: str
) -> None:
    made = frame(20_000, item=[f"item {row % different}" for row in range(20_000)])
    said = [text for text in read(made, tmp_path, target="load").notices if "they are mixed" in text]
    assert len(said) == bool(told)
    assert told in " ".join(said)


def test_that_doubled_times_keep_the_first_and_are_told(tmp_path: Path) -> None:
    made = pd.concat([frame(), frame().iloc[[5]].assign(load=99.0)])
    found = read(made, tmp_path)
    assert len(found) == 100
    assert found.values[5, 0] == 2.5
    assert "1 row has the time of another (2024-01-01 05:00)" in found.notices[1]


def test_that_several_courses_below_each_other_are_refused(tmp_path: Path) -> None:
    assert "several courses" in refusal(pd.concat([frame(), frame()]), tmp_path)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"shop": ["a"] * 100 + ["b"] * 100}, ["shop"]),
        ({"shop": [1] * 200 + [2] * 200, "family": (["x"] * 100 + ["y"] * 100) * 2}, ["shop", "family"]),
    ],
)
def test_that_what_tells_courses_apart_is_found_and_is_no_number_of_rows(
    columns: dict[str, list[object]], told: list[str], tmp_path: Path
) -> None:
    size = len(next(iter(columns.values())))
    below = pd.concat([frame()] * (size // 100), ignore_index=True).assign(id=range(size), **columns)
    found = read(below, tmp_path)
    assert found.found["course"] == told
    assert sum(found.lengths) == size
    assert not {*told, "id"} & {*found.columns}


def test_that_courses_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    below = pd.concat([frame()] * 2, ignore_index=True)
    assert "no column tells them apart" in refusal(below.assign(id=range(200)), tmp_path)


def test_that_uneven_spacing_is_told_with_its_place(tmp_path: Path) -> None:
    found = read(frame().drop(index=[10, 11]), tmp_path)
    assert "1 of 97 steps differ from the usual 1 hour" in found.notices[0]
    assert "from 2024-01-01 09:00 to 2024-01-01 12:00" in found.notices[0]


@pytest.mark.parametrize("freq", ["MS", "QS", "YS"])
def test_that_months_quarters_and_years_count_as_even(tmp_path: Path, freq: str) -> None:
    assert read(frame(freq=freq), tmp_path, calendar="none").notices == ()


def test_that_gaps_are_filled_with_the_last_value_and_told(tmp_path: Path) -> None:
    made = frame(wind=np.arange(100.0))
    made.loc[[20, 21], "load"] = np.nan
    made.loc[:2, "wind"] = np.nan
    found = read(made, tmp_path, target="load", calendar="none")
    assert len(found) == 97
    assert found.values[17:20, 0].tolist() == [9.5, 9.5, 11.0]
    assert found.notices == (
        "the first 3 rows left out: not every column has a value there",
        "2 missing values filled with the last one before",
    )


def test_that_longer_gaps_than_allowed_are_refused_with_their_columns(tmp_path: Path) -> None:
    made = frame(wind=np.arange(100.0))
    made.loc[20:30, ["load", "wind"]] = np.nan
    said = refusal(made, tmp_path, longest_gap=10)
    assert "data.longest_gap: load lacks values in 11 rows on end" in said
    assert "data.longest_gap: wind" in said
    assert len(read(made, tmp_path, longest_gap=11)) == 100


def test_that_rows_at_the_end_without_a_value_to_forecast_are_left_out(tmp_path: Path) -> None:
    made = frame(wind=1.5)
    made.loc[95:, "load"] = np.nan
    found = read(made, tmp_path, target="load")
    assert len(found) == 95
    assert any("5 rows at the end without a value to forecast" in notice for notice in found.notices)


def test_that_what_is_known_ahead_is_seen_at_the_horizon(tmp_path: Path) -> None:
    plan = np.arange(100.0) % 7
    found = read(frame(plan=plan), tmp_path, target="load", known="plan", calendar="none")
    assert found.columns == ("load", "plan", "plan (in 2)")
    np.testing.assert_array_equal(found.values[:-2, 2], plan[2:])
    assert (found.values[-2:, 2] == plan[-1]).all()


def test_that_the_plan_of_rows_without_a_target_is_used(tmp_path: Path) -> None:
    made = frame(plan=np.arange(100.0))
    made.loc[98:, "load"] = np.nan
    found = read(made, tmp_path, target="load", known="plan", calendar="none")
    assert len(found) == 98
    assert found.values[-1].tolist() == [97 / 2, 97, 99]


def test_that_words_and_empty_columns_are_left_out_and_told(tmp_path: Path) -> None:
    found = read(frame(note="dry", gone=np.nan), tmp_path, target="load")
    assert found.columns[0] == "load"
    assert found.notices[:2] == (
        "columns of words or dates left out: note",
        "columns without any value left out: gone",
    )


def test_that_a_column_which_counts_the_rows_is_no_channel(tmp_path: Path) -> None:
    made = frame(
        **{
            "#": np.arange(1, 101),
            "No.": np.arange(100) // 2,
            "sample #": np.arange(100),
            "RECORD": np.arange(100),
        }
    )
    found = read(made, tmp_path, target="load")
    assert not {"#", "sample #", "RECORD"} & set(found.columns)
    assert "No." in found.columns
    assert "columns that only count the rows left out: #, sample #, RECORD" in found.notices


def test_that_one_wrong_cell_does_not_cost_a_column_in_silence(tmp_path: Path) -> None:
    made = frame(plan=["1.5"] * 50 + ["soon"] + ["2"] * 49)
    made["when"] = made["when"].astype(str)
    made.loc[9, "when"] = "yesterday"
    said = read(made, tmp_path, target="load").notices
    assert (
        "plan would be a column of numbers or times but for 'soon' in row 51: mend it, or let odd "
        "cells count as missing" in said
    )
    assert "when: 'yesterday' in row 10 is no date" in said
    assert "1 row without a time left out" in said


def test_that_rows_are_counted_as_in_the_file_where_some_are_left_out(tmp_path: Path) -> None:
    lines = [f"2024-01-{day:02}-w,{day}" if day == 12 else f"2024-01-{day:02},{day}" for day in range(1, 31)]
    (tmp_path / "t.csv").write_text("\n".join(["when,load", "", lines[0], "", "", *lines[1:]]) + "\n")
    found = TimeSeries(path=str(tmp_path / "t.csv"), history=4, horizon=2).read(0)
    assert "when: '2024-01-12-w' in row 15 is no date" in found.notices
    lines[7] = "2024-01-08,many"
    (tmp_path / "t.csv").write_text("\n".join(["when,load", "", lines[0], "", "", *lines[1:]]) + "\n")
    with pytest.raises(Invalid, match="'many' in row 11;"):
        TimeSeries(path=str(tmp_path / "t.csv"), history=4, horizon=2, target="load").read(0)


@pytest.mark.parametrize(
    ("rows", "freq", "wanted"),
    [
        (100, "h", ["day"]),
        (24 * 7 * 3, "h", ["day", "week"]),
        (40, "D", ["week"]),
        (1_100, "D", ["week", "year"]),
        (40, "MS", ["year"]),
        (40, "YS", []),
        (60, "h", []),
    ],
)
def test_that_the_calendar_is_added_where_it_comes_round_three_times(
    tmp_path: Path, rows: int, freq: str, wanted: list[str]
) -> None:
    found = read(frame(rows, freq), tmp_path)
    assert list(found.columns[1:]) == [f"{part} {wave}" for part in wanted for wave in ("sine", "cosine")]


def test_that_the_calendar_begins_at_midnight_on_monday_and_on_1_january(tmp_path: Path) -> None:
    found = read(frame(24 * 366), tmp_path, calendar="year")  # 1 January 2024 was a Monday
    table = dict(zip(found.columns, found.values.T, strict=True))
    for part in ("day", "week", "year"):
        assert (table[f"{part} sine"][0], table[f"{part} cosine"][0]) == pytest.approx((0, 1))
    assert table["day sine"][6] == pytest.approx(1)
    assert table["week cosine"][84] == pytest.approx(-1)
    assert table["year cosine"][183 * 24] == pytest.approx(-1)
    np.testing.assert_allclose(np.hypot(table["year sine"], table["year cosine"]), 1, rtol=1e-6)


def test_that_every_wrong_name_is_told_at_once(tmp_path: Path) -> None:
    said = refusal(frame(), tmp_path, target=("laod",), time="wen", known=("x",), ignore=("y",))
    assert "data.target: no column 'laod'" in said
    assert "did you mean" in said.lower()
    assert all(f"data.{setting}: no column" in said for setting in ("time", "known", "ignore"))


def test_that_words_as_target_or_times_are_refused(tmp_path: Path) -> None:
    made = frame(note=["dry", "wet"] * 50)
    assert "data.target: 'note' holds words, as 'dry' in row 1;" in refusal(made, tmp_path, target="note")
    mixed = frame(note=["1.5"] * 50 + ["soon"] + ["2"] * 49)
    assert "data.target: 'note' holds words, as 'soon' in row 51;" in refusal(mixed, tmp_path, target="note")
    assert "data.time: note holds 'dry'" in refusal(made, tmp_path, target="load", time="note")
    assert "data.known: 'load' is a target" in refusal(made, tmp_path, target="load", known="load")


def test_that_a_table_without_numbers_is_refused(tmp_path: Path) -> None:
    assert "no column of numbers" in refusal(frame()[["when"]].assign(a="x"), tmp_path)
    odd = frame()[["when"]].assign(a=["?0.2", *["0.3"] * 99])
    said = refusal(odd, tmp_path)
    assert "data.odd_cells: holds no column of numbers" in said
    assert "a would be but for odd cells, as '?0.2' in row 1" in said


def test_that_one_row_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("time,load\n2024-01-01,5\n")
    found = TimeSeries(path=str(tmp_path / "t.csv")).read(0)
    assert len(found) == 1


# ---------------------------------------------------------------------------------------------- season


def test_that_the_autocorrelation_is_that_of_its_definition() -> None:
    values = np.random.default_rng(3).normal(size=50).cumsum()
    places = np.arange(50)
    rest = values - np.polyval(np.polyfit(places, values, 1), places)
    wanted = [np.mean(rest[: 50 - lag] * rest[lag:]) / np.mean(rest**2) for lag in range(10)]
    np.testing.assert_allclose(autocorrelation(values, 9), wanted, atol=1e-12)


@pytest.mark.parametrize("season", [4, 7, 12, 24, 96])
def test_that_a_season_is_found_in_noise_and_over_a_trend(season: int) -> None:
    steps = np.arange(season * 12)
    random = np.random.default_rng(season)
    wave = np.sin(2 * np.pi * steps / season) + 0.2 * random.normal(size=len(steps)) + steps / season
    found, clear = find_season(wave.astype(np.float32))
    assert found == season
    assert clear > 0.6


def test_that_noise_a_line_and_a_constant_have_no_season() -> None:
    smooth = np.round(10 + 8 * np.sin(np.arange(560) / 58), 1)  # a year and a half of days: no year returns
    assert find_season(smooth.astype(np.float32)) == (0, 0.0)
    random = np.random.default_rng(0)
    for values in (random.normal(size=500), np.arange(500), np.ones(500), np.ones(4), np.ones(0)):
        assert find_season(values.astype(np.float32)) == (0, 0.0)


ACROSS = {
    "days": [f"1/{day}/20" for day in range(1, 31)],
    "months": [*pd.date_range("2024-01-01", periods=12, freq="MS").strftime("%b")],
    "years": [str(year) for year in range(1990, 2003)],
    "years of China": [f"{year}年" for year in range(2004, 2024)],
    "hours": [f"H{hour}" for hour in range(1, 25)],
}


@pytest.mark.parametrize("what", ACROSS)
def test_that_time_which_goes_on_across_rows_is_refused_and_other_columns_are_not(
    tmp_path: Path, what: str
) -> None:
    names = [*ACROSS[what], "V1", "V2", "2024"]
    frame = pd.DataFrame({name: np.arange(60.0) + place for place, name in enumerate(names)})
    frame.to_csv(tmp_path / "t.csv", index=False)
    source = TimeSeries(path=str(tmp_path / "t.csv"), history=4, horizon=2, target=ACROSS[what][0])
    told = f"columns of {what.split()[0]}: time goes on across the row"
    with pytest.raises(Invalid, match=told):
        source.read(0)
    assert len(source.replaced(target="V1").read(0)) == 60
    # as a table, where each row is an example, it is told
    as_table = TableFile(path=str(tmp_path / "t.csv"), target=(ACROSS[what][0],))
    prepared = prepare(as_table, Split(), Preprocessing(), "numbers", 0)
    assert told in " ".join(prepared.notices)


def test_that_a_second_column_of_times_is_no_input(tmp_path: Path) -> None:
    rows = "".join(
        f"{row % 50},{row % 5},{1709634225 + row},2024-03-05 10:{row // 60:02d}:{row % 60:02d}\n"
        for row in range(200)
    )
    (tmp_path / "t.csv").write_text("Sample Index,EXG,Timestamp,Timestamp (Formatted)\n" + rows)
    found = TimeSeries(path=str(tmp_path / "t.csv"), target=("EXG",), calendar="none").read(0)
    assert isinstance(found, Timeline)
    assert found.columns == ("EXG",)
    assert "tell the time once more left out: Timestamp" in " ".join(found.notices)


def test_that_a_number_that_may_mean_missing_is_offered_as_the_file_writes_it(tmp_path: Path) -> None:
    values = [-99.99 if row % 5 == 0 else 315 + 3 * np.sin(row * np.pi / 6) for row in range(300)]
    (tmp_path / "t.csv").write_text("co2\n" + "".join(f"{value:.2f}\n" for value in values))
    source = TimeSeries(path=str(tmp_path / "t.csv"), target=("co2",))
    notices = prepare(source, Split(), Preprocessing(), "numbers", 0).notices
    offered = [one for one in map(decision_in, notices) if "season: without -99.99," in one.said]
    assert [one.others[0].value for one in offered] == ["-99.99"]
    gone = source.replaced(missing=(offered[0].others[0].value,)).read(0)
    assert isinstance(gone, Timeline)
    assert gone.values.min() > 0


def test_that_a_course_that_was_learnt_without_times_has_none(tmp_path: Path) -> None:
    """An earlier version knew no week in words: it took the rows in order, and added no calendar."""
    rows = "".join(f"2020年第{week + 1}周,{week % 5}\n" for week in range(52))
    (tmp_path / "t.csv").write_text("周,销量\n" + rows, "utf-8")
    source = TimeSeries(path=str(tmp_path / "t.csv"), target=("销量",))
    assert isinstance(today := source.read(0), Timeline)
    assert today.time == "周"
    assert isinstance(before := source.read_as(ReadBefore(timeless=True)).read(0), Timeline)
    assert (before.time, before.columns) == ("", ("销量",))
