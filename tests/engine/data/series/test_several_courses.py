"""One network learns many courses: windows lie within one; all are split at one moment, or each by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.description import PARTS
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.series.encode import TimelineEncoder
from engine.data.series.raw import Timeline
from engine.data.series.sources.time_series import TimeSeries
from engine.data.series.windows import borders
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.inference.prediction import _forecast
from engine.training.baselines.forecasts import repeated

DAYS, HISTORY, HORIZON = 120, 10, 3


def sales(folder: Path, *, newest_first: bool = False, late: int = 0) -> Path:
    """Sales of each shop and product: day, thousands of the shop, hundreds of the product; each is known."""
    rows = [
        (
            str(pd.Timestamp("2024-01-01") + pd.Timedelta(days=day))[:10],
            shop,
            item,
            1000 * shop + 100 * item + day % 7,
        )
        for day in range(DAYS)
        for shop in (1, 2, 3)
        for item in (1, 2)
        if not (shop == 3 and day < late)
    ]
    frame = pd.DataFrame(rows, columns=["date", "shop", "item", "sold"])
    frame = frame.iloc[::-1] if newest_first else frame
    frame.to_csv(folder / "sales.csv", index=False)
    return folder / "sales.csv"


def prepared(path: Path, **settings: object) -> Prepared:
    data = TimeSeries(path=str(path), target=("sold",), history=HISTORY, horizon=HORIZON, **settings)
    return prepare(data, Split(), Preprocessing(), "numbers", 0)


def course_of(values: np.ndarray) -> np.ndarray:
    """Which shop and product values are of."""
    return np.round(values / 100).astype(int)


@pytest.mark.parametrize("late", [0, 40])
def test_that_no_window_reaches_from_one_course_into_another(tmp_path: Path, late: int) -> None:
    found = prepared(sales(tmp_path, late=late))
    raw, encoder = found.raw, found.preprocessor.encoder
    assert isinstance(raw, Timeline)
    assert isinstance(encoder, TimelineEncoder)
    place = encoder.columns.index("sold")
    for part in PARTS:
        examples = found.part(part)
        assert len(examples)
        past = examples.inputs[:, :, place] * encoder.scale[place] + encoder.offset[place]
        came = examples.targets * encoder.scale[place] + encoder.offset[place]
        every = course_of(np.concatenate([past, came], axis=1))
        assert (every == every[:, :1]).all()
        # the input that says the change since a season before is of the same course, too
        assert np.abs(examples.inputs[:, :, -1]).max() * encoder.changes[0] * encoder.scale[place] < 7


def test_that_each_course_is_split_in_time_as_it_would_be_alone(tmp_path: Path) -> None:
    found = prepared(sales(tmp_path, newest_first=True, late=40), borders="each")
    assert any("each course is divided by its own length" in notice for notice in found.notices)
    raw = found.raw
    assert isinstance(raw, Timeline)
    assert len(raw.names) == 6
    for start, end in raw.stretches:
        alone = borders(end - start, HISTORY, HORIZON, Split())
        for part in PARTS:
            begin, stop = alone.stretch(part)
            rows = found.part(part).rows
            own = rows[(rows >= start) & (rows < end)]
            assert own.tolist() == [*range(start + begin, start + stop - HORIZON + 1)]


@pytest.mark.parametrize("late", [0, 40, 75])
def test_that_the_parts_of_all_courses_begin_at_one_moment(tmp_path: Path, late: int) -> None:
    found = prepared(sales(tmp_path, late=late))
    raw = found.raw
    assert isinstance(raw, Timeline)
    first = {part: raw.times[found.part(part).rows] for part in PARTS}
    last = {part: raw.times[found.part(part).rows + HORIZON - 1] for part in PARTS}
    assert max(last["train"]) < min(first["validation"])
    assert max(last["validation"]) < min(first["test"])
    # each part has its share of what can be forecast, over all courses
    shares = [len(found.part(part)) for part in PARTS]
    np.testing.assert_allclose(np.array(shares) / sum(shares), [0.7, 0.15, 0.15], atol=0.06)
    told = [decision_in(notice) for notice in found.notices]
    (border,) = (one for one in told if one.setting == "data.borders")
    assert not border.doubtful
    assert f"test from {min(first['test'])}" in border.said


def test_that_courses_of_different_years_are_each_divided_and_that_it_is_asked(tmp_path: Path) -> None:
    days = pd.date_range("2020-01-01", periods=3 * DAYS).astype(str)
    frame = pd.DataFrame({"date": days, "machine": np.repeat(["a", "b", "c"], DAYS), "sold": range(3 * DAYS)})
    frame.to_csv(tmp_path / "runs.csv", index=False)
    found = prepared(tmp_path / "runs.csv", course=("machine",))
    told = [decision_in(notice) for notice in found.notices]
    (border,) = (one for one in told if one.setting == "data.borders")
    assert border.doubtful
    assert "each course is divided by its own length" in border.said
    assert isinstance(found.raw, Timeline)
    assert len(found.raw.names) == 3


def test_that_a_course_that_ended_early_is_learnt_from_and_one_that_began_late_is_told(
    tmp_path: Path,
) -> None:
    frame = pd.read_csv(sales(tmp_path))
    ended = (frame["shop"] == 1) & (frame["date"] > "2024-03-01")
    begun = (frame["shop"] == 3) & (frame["date"] < "2024-04-05")
    frame[~ended & ~begun].to_csv(tmp_path / "uneven.csv", index=False)
    found = prepared(tmp_path / "uneven.csv", borders="common", course=("shop", "item"))
    assert isinstance(found.raw, Timeline)
    assert [name[0] for name in found.raw.names] == ["1", "1", "2", "2"]
    assert any("2 courses left out, which begin too late" in notice for notice in found.notices)
    assert len(found.train) > len(found.test) > 0


def test_that_the_simplest_forecast_of_a_course_knows_no_other(tmp_path: Path) -> None:
    raw = prepared(sales(tmp_path)).raw
    assert isinstance(raw, Timeline)
    values = raw.values[:, [raw.columns.index("sold")]].astype(np.float64)
    begins = np.array([start for start, _ in raw.stretches])
    # the first row of a course has no season before it
    said = repeated(values, begins + 1, HORIZON, 7, begins)
    assert (course_of(said) == course_of(values[begins])).all()


def test_that_a_course_too_short_is_left_out_and_told(tmp_path: Path) -> None:
    found = prepared(sales(tmp_path, late=DAYS - 12))
    assert isinstance(found.raw, Timeline)
    assert len(found.raw.names) == 4
    assert any("2 courses left out" in notice and "3 · 1" in notice for notice in found.notices)


def test_that_a_course_that_lacks_whole_columns_is_told_with_the_way_to_keep_it(tmp_path: Path) -> None:
    frame = pd.read_csv(sales(tmp_path))
    frame["stock"], frame["staff"] = frame["sold"] / 2, frame["sold"] % 5
    frame.loc[frame["shop"] == 2, ["stock", "staff"]] = np.nan
    frame.loc[(frame["shop"] == 1) & (frame["item"] == 1), "sold"] = np.nan
    # each column has values, but never both
    odd = (frame["shop"] == 3) & (frame["item"] == 2)
    frame.loc[odd & (frame.index < 400), "stock"] = np.nan
    frame.loc[odd & (frame.index >= 400), "staff"] = np.nan
    frame.to_csv(tmp_path / "all.csv", index=False)
    data = TimeSeries(path=str(tmp_path / "all.csv"), target=("sold",), history=HISTORY, horizon=HORIZON)
    raw = data.read(0)
    assert isinstance(raw, Timeline)
    # whatever is found and not learnt is told
    told = " ".join(one for one in raw.notices if "left out (" in one)
    for shop in (1, 2, 3):
        for item in (1, 2):
            name = (
                f"{shop} · {item}"
                if f"{shop} · {item}" in " ".join([*raw.names, told])
                else f"{shop}, {item}"
            )
            assert (name in raw.names) != (name in told), name
    (asked,) = [decision_in(one) for one in raw.notices if decision_in(one).setting == "data.ignore"]
    assert asked.doubtful
    kept = data.replaced(ignore=asked.others[0].value).read(0)
    assert isinstance(kept, Timeline)
    assert len(kept.names) == 5
    assert any("without any value to forecast in sold" in one for one in raw.notices)


def test_that_rows_without_the_name_of_a_course_are_told(tmp_path: Path) -> None:
    frame = pd.read_csv(sales(tmp_path))
    frame["shop"] = frame["shop"].map({1: "north", 2: "south", 3: None})
    frame.to_csv(tmp_path / "all.csv", index=False)
    raw = TimeSeries(path=str(tmp_path / "all.csv"), target=("sold",), course=("shop", "item")).read(0)
    assert any("240 rows without a name in shop, item left out" in one for one in raw.notices)


def test_that_the_end_of_every_course_is_gone_on_with(tmp_path: Path) -> None:
    found = prepared(sales(tmp_path))
    new = (
        TimeSeries(path=str(sales(tmp_path)), target=("sold",))
        .filled(found.found)
        .read_new(found.preprocessor)
    )
    assert isinstance(new, Timeline)
    assert isinstance(encoder := found.preprocessor.encoder, TimelineEncoder)
    assert encoder.latest(new).shape == (6, HISTORY, len(encoder.columns) + 1)


@pytest.mark.parametrize("newest_first", [False, True])
def test_that_a_table_of_many_courses_is_offered_as_time_series(tmp_path: Path, newest_first: bool) -> None:
    path = sales(tmp_path, newest_first=newest_first)
    raw = TableFile(path=str(path), target=("sold",))
    assert Experiment(data=raw).recipe.inspected().suggests == "time_series"


ACROSS = {
    "days of M5": [f"d_{day}" for day in range(1, DAYS + 1)],
    "days of COVID-19": [
        f"{day.month}/{day.day}/{day:%y}" for day in pd.date_range("2020-01-22", periods=DAYS)
    ],
    "years": [str(year) for year in range(1960, 2022)],
    "months": [f"{day:%Y-%m}" for day in pd.date_range("2010-01-01", periods=DAYS, freq="MS")],
}


@pytest.mark.parametrize("sorted_by", ["date", "shop"])
def test_that_series_in_a_table_that_is_divided_by_chance_are_asked_about(
    tmp_path: Path, sorted_by: str
) -> None:
    path = sales(tmp_path)
    pd.read_csv(path).sort_values([sorted_by, "item"], kind="stable").to_csv(path, index=False)
    found = Experiment(data=TableFile(path=str(path), target=("sold",))).recipe.inspected()
    assert found.suggests == "time_series"
    assert found.suggests_why == "the rows are 6 series over time, told apart by shop, item"
    (doubt,) = (one for one in found.decisions if "divided by chance" in one.said)
    assert doubt.doubtful
    # one series alone is no such question
    single = pd.read_csv(path).query("shop == 1 and item == 1").drop(columns=["shop", "item"])
    single.to_csv(path, index=False)
    alone = Experiment(data=TableFile(path=str(path), target=("sold",))).recipe.inspected()
    assert (alone.suggests, alone.suggests_why) == ("time_series", "")


@pytest.mark.parametrize("names", ACROSS.values(), ids=ACROSS)
def test_that_a_table_whose_rows_are_courses_is_turned(tmp_path: Path, names: list[str]) -> None:
    """The value in a row tells its row and its column."""
    rows = [[f"item {row}", "toys", *(1000 * row + place for place in range(len(names)))] for row in range(5)]
    pd.DataFrame(rows, columns=["id", "sort", *names]).to_csv(tmp_path / "wide.csv", index=False)
    path = str(tmp_path / "wide.csv")
    found = Experiment(data=TableFile(path=path, target=(names[-1],))).recipe.inspected()
    assert (found.suggests, found.suggests_rows) == ("time_series", len(names))
    raw = TimeSeries(path=path).read(0)
    assert isinstance(raw, Timeline)
    assert raw.names == tuple(f"item {row}" for row in range(5))
    assert raw.targets == ("value",)
    for row, (start, end) in enumerate(raw.stretches):
        assert raw.values[start:end, 0].tolist() == [1000 * row + place for place in range(len(names))]
    assert any("time goes on across the row" in notice for notice in raw.notices)


def test_that_a_forecast_of_many_courses_says_which_each_is_of(tmp_path: Path) -> None:
    raw = prepared(sales(tmp_path)).raw
    assert isinstance(raw, Timeline)
    encoder = prepared(sales(tmp_path)).preprocessor.encoder
    assert isinstance(encoder, TimelineEncoder)
    values = np.arange(6 * HORIZON, dtype=np.float64).reshape(6, HORIZON)
    found = _forecast(raw, encoder, values, ())
    assert found.columns == ("shop, item", "date")
    assert found.cells[0] == ("1 · 1", "2024-04-30")
    assert found.cells[-1] == ("3 · 2", "2024-05-02")
    assert found.values.ravel().tolist() == [*range(6 * HORIZON)]


@pytest.mark.parametrize("name", ["sensor_id", "Sensor ID", "device", "station_code", "store_nbr"])
def test_that_sensors_that_write_in_turn_each_at_its_own_time_are_asked_about(
    tmp_path: Path, name: str
) -> None:
    start = pd.Timestamp("2024-01-01")
    rows = [(sensor, start + pd.Timedelta(seconds=60 * row + 17 * sensor), 20 * sensor + row % 5)
            for row in range(100) for sensor in (1, 2, 3)]  # fmt: skip
    pd.DataFrame(rows, columns=[name, "time", "pm25"]).to_csv(tmp_path / "air.csv", index=False)
    source = TimeSeries(path=str(tmp_path / "air.csv"), target=("pm25",))
    raw = source.read(0)
    assert isinstance(raw, Timeline)
    (asked,) = [decision_in(one) for one in raw.notices if decision_in(one).setting == "data.course"]
    assert asked.doubtful
    apart = source.replaced(course=asked.others[0].value).read(0)
    assert isinstance(apart, Timeline)
    assert apart.lengths == (100, 100, 100)


def test_that_a_kind_that_is_measured_is_no_sensor(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"time": pd.date_range("2024-01-01", periods=200, freq="h"), "signal": np.sin(range(200))}
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    raw = TimeSeries(path=str(tmp_path / "a.csv")).read(0)
    assert not [one for one in raw.notices if decision_in(one).setting == "data.course"]


def test_that_made_columns_are_no_targets(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"day": pd.date_range("2020-01-01", periods=400), "a": range(400), "plan": np.arange(400) % 9}
    )
    rows.to_csv(tmp_path / "a.csv", index=False)
    source = TimeSeries(path=str(tmp_path / "a.csv"), calendar="year", known=("plan",), horizon=4)
    found = replace(Experiment(data=source).recipe, target="numbers").inspected()
    assert found.candidates == ("a", "plan")
    (problem,) = found.problems
    assert "There are: a, plan" in problem.message


def test_that_a_file_that_is_judged_has_no_window_of_two_courses(tmp_path: Path) -> None:
    found = prepared(sales(tmp_path))
    raw, encoder = found.raw, found.preprocessor.encoder
    assert isinstance(raw, Timeline)
    assert isinstance(encoder, TimelineEncoder)
    place = encoder.columns.index("sold")
    past = encoder.encode(raw, str)[:, :, place]
    every = (
        np.concatenate([past, encoder.answers(raw)], axis=1) * encoder.scale[place] + encoder.offset[place]
    )
    assert len(every) == 6 * (DAYS - HISTORY - HORIZON + 1)
    assert (course_of(every) == course_of(every)[:, :1]).all()


def test_that_a_list_of_times_to_come_is_refused_with_what_a_forecast_needs(tmp_path: Path) -> None:
    found = prepared(sales(tmp_path))
    wanted = pd.DataFrame(
        {"id": range(6), "date": "2024-05-01", "shop": [1, 1, 2, 2, 3, 3], "item": [1, 2] * 3}
    )
    wanted.to_csv(tmp_path / "test.csv", index=False)
    source = TimeSeries(path=str(tmp_path / "test.csv"), target=("sold",)).filled(found.found)
    with pytest.raises(Invalid, match=f"the last {HISTORY} rows in which sold is known"):
        source.read_new(found.preprocessor)
