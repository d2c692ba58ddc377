"""Labelled series as the network receives them, new ones, and what the data page shows of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.data.inspection.inspect import inspect
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.preparation.prepare import prepare, prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.sample import Sample
from engine.data.series.encode import TimelineEncoder
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.sources.series_table import SeriesTable
from engine.data.series.sources.time_series import TimeSeries
from engine.data.series.thinning import thinned
from engine.data.split import Split


def series(lengths: list[int], channels: int = 2) -> SeriesSet:
    random = np.random.default_rng(1)
    values = tuple(random.normal(5, 3, (length, channels)).astype(np.float32) for length in lengths)
    labels = np.array([("a", "b")[index % 2] for index in range(len(lengths))])
    names = tuple(f"s{index}" for index in range(len(lengths)))
    return SeriesSet(values, tuple(f"c{index}" for index in range(channels)), labels, names)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 12), min_size=12, max_size=30))
def test_that_ragged_series_are_padded_with_nan_after_their_end_alone(lengths: list[int]) -> None:
    raw = series(lengths)
    made = prepare_raw(raw, Split(), Preprocessing(), "classes", 0)
    longest = max(lengths[row] for row in made.train.rows)
    assert made.description.inputs.shape == (longest, 2)
    for part in (made.train, made.validation, made.test):
        for row, values in zip(part.rows, part.inputs, strict=True):
            there = min(lengths[row], longest)
            assert np.isfinite(values[:there]).all()
            assert np.isnan(values[there:]).all()
    cut = sum(length > longest for length in lengths)
    assert any(
        notice.startswith((f"{cut} series are longer", f"{cut} series is longer")) for notice in made.notices
    ) == (cut > 0)


def test_that_channels_are_standardised_over_all_places_of_the_training_series() -> None:
    raw = series([3, 9, 4, 8, 5, 7] * 10)
    made = prepare_raw(raw, Split(), Preprocessing(), "classes", 0)
    places = np.concatenate([raw.values[row] for row in made.train.rows]).astype(np.float64)
    row = int(made.test.rows[0])
    wanted = (raw.values[row] - places.mean(axis=0)) / places.std(axis=0)
    np.testing.assert_allclose(made.test.inputs[0, : len(wanted)], wanted, atol=1e-5)
    text = json.dumps(made.preprocessor.to_json())
    assert Preprocessor.from_json(text) == made.preprocessor


def test_that_a_channel_that_never_changes_is_told() -> None:
    raw = series([4] * 20)
    for values in raw.values:
        values[:, 1] = 3
    made = prepare_raw(raw, Split(), Preprocessing(), "classes", 0)
    assert made.notices[-1].endswith("so they say nothing: c1")
    assert (made.train.inputs[..., 1] == 0).all()


def test_that_one_endless_series_among_short_ones_is_refused_with_advice() -> None:
    values = [np.zeros((1, 1_000), np.float32)] * 10 + [np.zeros((1_000_000, 1_000), np.float32)]
    labels = np.array(["a", "b"] * 5 + ["a"])
    raw = SeriesSet(tuple(values), tuple(map(str, range(1_000))), labels, tuple("abcdefghijk"))
    with pytest.raises(Invalid, match="shorter longest length") as raised:
        prepare_raw(raw, Split(train=0.9, validation=0.1, test=0), Preprocessing(), "classes", 1)
    assert raised.value.problems[0].path == "data.longest"


def test_that_labels_of_series_may_be_numbers_to_predict() -> None:
    raw = series([4] * 40)
    raw = SeriesSet(raw.values, raw.channels, np.arange(40).astype(str), raw.names)
    made = prepare_raw(raw, Split(), Preprocessing(), "numbers", 0)
    assert made.description.targets.kind == "numbers"


# -------------------------------------------------------------------------------------------- published


def test_that_japanese_vowels_keep_their_published_test_part() -> None:
    split = Split(train=0.8, validation=0.1, test=0.1)
    made = prepare(Sample(name="japanese_vowels"), split, Preprocessing(), "classes", 0)
    assert (made.description.train, made.description.validation, made.description.test) == (240, 30, 370)
    assert made.test.rows.tolist() == list(range(270, 640))


# -------------------------------------------------------------------------------------------------- new


def labelled(folder: Path) -> Preprocessor:
    random = np.random.default_rng(0)
    rows = [
        f"{number},{place},{random.normal():.3f},{random.normal():.3f},{'ab'[number % 2]}"
        for number in range(30)
        for place in range(3 + number % 4)
    ]
    (folder / "long.csv").write_text("id,time,x,y,label\n" + "\n".join(rows) + "\n")
    source = SeriesTable(path=str(folder / "long.csv"))
    return prepare(source, Split(), Preprocessing(), "classes", 0).preprocessor


def test_that_new_series_are_read_from_every_layout(tmp_path: Path) -> None:
    known = labelled(tmp_path)
    again = read_new(tmp_path / "long.csv", Trained(known))
    assert again.inputs.shape == (30, *known.received.shape)
    (tmp_path / "one.csv").write_text("time,y,x\n0,1,2\n1,3,4\n")
    one = read_new(tmp_path / "one.csv", Trained(known))
    typed = read_new([{"x": "2", "y": 1}, {"x": 4, "y": "3"}], Trained(known))
    np.testing.assert_array_equal(one.inputs, typed.inputs)
    assert one.inputs.shape == (1, *known.received.shape)
    (tmp_path / "new.ts").write_text("@classLabel false\n@data\n2,4:1,3\n")
    np.testing.assert_array_equal(read_new(tmp_path / "new.ts", Trained(known)).inputs, one.inputs)
    (tmp_path / "folder").mkdir()
    (tmp_path / "one.csv").rename(tmp_path / "folder" / "one.csv")
    folder = read_new(tmp_path / "folder", Trained(known))
    assert folder.names == ("one.csv",)
    np.testing.assert_array_equal(folder.inputs[..., ::-1][0, :2], one.inputs[0, :2][:, ::-1])


def test_that_new_wide_rows_need_no_labels(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = [",".join(f"{value:.2f}" for value in random.normal(size=6)) for _ in range(40)]
    marked = [f"{1 + index % 2},{row}" for index, row in enumerate(rows)]
    (tmp_path / "train.csv").write_text("\n".join(marked))
    source = SeriesTable(path=str(tmp_path / "train.csv"))
    known = prepare(source, Split(), Preprocessing(), "classes", 0).preprocessor
    with_labels = read_new(tmp_path / "train.csv", Trained(known))
    (tmp_path / "bare.csv").write_text("a,b,c,d,e,f\n" + "\n".join(rows))
    bare = read_new(tmp_path / "bare.csv", Trained(known))
    np.testing.assert_array_equal(bare.inputs, with_labels.inputs)
    assert bare.notices == ()


def test_that_longer_new_series_are_cut_and_told(tmp_path: Path) -> None:
    known = labelled(tmp_path)
    found = read_new([{"x": place, "y": 0} for place in range(50)], Trained(known))
    assert found.inputs.shape[1] == known.received.shape[0]
    assert "1 series is longer than the 6 places" in found.notices[-1]


def test_that_series_of_other_channels_and_other_things_are_refused(tmp_path: Path) -> None:
    known = labelled(tmp_path)
    (tmp_path / "wrong.ts").write_text("@classLabel false\n@data\n1,2:1,2:1,2\n")
    for given_, said in (
        (tmp_path / "wrong.ts", "needs series of 2 channels"),
        (tmp_path / "none.csv", "there is no file"),
        (np.zeros((1, 4, 4), np.uint8), "not pictures"),
    ):
        with pytest.raises(Invalid, match=said) as raised:
            read_new(given_, Trained(known))
        assert raised.value.problems[0].path == ""


def hours(rows: int, folder: Path) -> pd.DataFrame:
    times = pd.date_range("2024-01-01", periods=rows, freq="h")
    load = np.sin(2 * np.pi * np.arange(rows) / 24) * 4 + 10
    made = pd.DataFrame({"when": times, "load": load, "plan": np.arange(rows) % 5, "note": "x"})
    made.to_csv(folder / "hours.csv", index=False)
    return made


def test_that_the_end_of_a_course_is_the_input_of_the_forecast_behind_it(tmp_path: Path) -> None:
    made = hours(400, tmp_path)
    source = TimeSeries(
        path=str(tmp_path / "hours.csv"), target=("load",), known=("plan",), history=30, horizon=6
    )
    prepared = prepare(source, Split(), Preprocessing(), "numbers", 0)
    row = int(prepared.test.rows[10])
    until = made.iloc[: row + 6].copy()
    until.loc[row:, "load"] = np.nan
    until.to_csv(tmp_path / "until.csv", index=False)
    found = read_new(tmp_path / "until.csv", Trained(prepared.preprocessor))
    np.testing.assert_allclose(found.inputs[0], prepared.test.inputs[10], atol=1e-5)
    assert found.names == (f"after {made['when'][row - 1]:%Y-%m-%d %H:%M}",)
    assert found.rows.tolist() == [row]
    rows: list[dict[str, Any]] = until.drop(columns="note").astype({"when": str}).to_dict("records")  # type: ignore[assignment]
    np.testing.assert_allclose(read_new(rows, Trained(prepared.preprocessor)).inputs, found.inputs, atol=1e-5)


def test_that_too_short_an_end_and_missing_columns_are_refused(tmp_path: Path) -> None:
    made = hours(400, tmp_path)
    source = TimeSeries(path=str(tmp_path / "hours.csv"), target=("load",), history=30, horizon=6)
    known = prepare(source, Split(), Preprocessing(), "numbers", 0).preprocessor
    made.head(20).to_csv(tmp_path / "short.csv", index=False)
    with pytest.raises(Invalid, match="needs the last 30 rows, and there are 20"):
        read_new(tmp_path / "short.csv", Trained(known))
    made.drop(columns="plan").to_csv(tmp_path / "less.csv", index=False)
    with pytest.raises(Invalid, match="columns the network needs are missing: plan"):
        read_new(tmp_path / "less.csv", Trained(known))


# --------------------------------------------------------------------------------------------- the page


def test_that_the_page_shows_a_series_of_every_class_and_the_balance() -> None:
    found = inspect(Sample(name="japanese_vowels"), Split(), Preprocessing(), "classes", 0)
    assert (found.kind, found.count, len(found.channels)) == ("series", 640, 12)
    assert {one.label for one in found.courses} == set(found.labels)
    assert sum(map(sum, found.balance.values())) == 640


def test_that_the_page_shows_a_course_with_the_borders_of_its_parts() -> None:
    found = inspect(Sample(name="temperatures"), Split(), Preprocessing(), "numbers", 0)
    made = prepare(Sample(name="temperatures"), Split(), Preprocessing(), "numbers", 0)
    assert found.borders == (int(made.validation.rows[0]), int(made.test.rows[0]))
    assert found.channels[0] == "temperature"
    (course,) = found.courses
    assert isinstance(made.raw, Timeline)
    assert isinstance(made.preprocessor.encoder, TimelineEncoder)
    assert course.values[:, 0].max() == made.raw.values[:, 0].max()
    assert [column.role for column in found.columns] == ["target"]


def test_that_a_course_without_target_still_shows_its_columns(tmp_path: Path) -> None:
    hours(400, tmp_path)
    found = inspect(TimeSeries(path=str(tmp_path / "hours.csv")), Split(), Preprocessing(), "numbers", 0)
    assert found.candidates == ("load", "plan")
    assert [problem.path for problem in found.problems] == ["data.target"]


@given(st.integers(1, 500), st.integers(1, 40))
def test_that_thinning_keeps_the_extremes_of_every_column(count: int, half: int) -> None:
    values = np.random.default_rng(count).normal(size=(count, 3)).astype(np.float32)
    found = thinned(values, 2 * half)
    assert len(found) == min(count, 2 * half)
    np.testing.assert_array_equal(found.max(axis=0), values.max(axis=0))
    np.testing.assert_array_equal(found.min(axis=0), values.min(axis=0))
