"""Windows of a course over time: no target of a later part is seen earlier, whatever the sizes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.data.description import PARTS
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.series.encode import TimelineEncoder
from engine.data.series.raw import Timeline
from engine.data.series.windows import borders, windows_for
from engine.data.split import Split


def course(rows: int, history: int, horizon: int, columns: int = 2, **more: Any) -> Timeline:
    values = np.random.default_rng(0).normal(size=(rows, columns)).astype(np.float32) * 5 + 20
    names = tuple(f"c{index}" for index in range(columns))
    times = np.arange(rows).astype(str)
    return Timeline(values, names, more.pop("targets", names[:1]), times, history, horizon, **more)


def prepared(raw: Timeline, split: Split | None = None, **choices: Any) -> Prepared:
    return prepare_raw(raw, split or Split(), Preprocessing(**choices), "numbers", 0)


SIZES = {
    "rows": st.integers(12, 120),
    "history": st.integers(1, 12),
    "horizon": st.integers(1, 6),
    "stride": st.integers(1, 3),
    "test": st.sampled_from([0.0, 0.2, 0.3]),
}


@settings(deadline=None)
@given(**SIZES)
def test_that_no_target_of_a_later_part_is_in_any_window_of_an_earlier_one(
    rows: int, history: int, horizon: int, stride: int, test: float
) -> None:
    split = Split(train=0.7 - test / 2, validation=0.3 - test / 2, test=test)
    try:
        edges = borders(rows, history, horizon, split)
        made = prepared(course(rows, history, horizon, stride=stride, season=1), split)
    except Invalid:
        assume(False)
        return
    last_seen = -1
    for part in PARTS:
        first = made.part(part).rows
        start, end = edges.stretch(part)
        if len(first):
            assert first.min() > last_seen
            assert start <= first.min()
            assert first.max() + horizon <= end
            last_seen = int(first.max()) + horizon - 1


def test_that_changing_the_future_changes_nothing_of_the_training_part() -> None:
    raw = course(200, 10, 5, season=7, changes=True)
    made = prepared(raw)
    border = int(made.validation.rows.min())
    values = raw.values.copy()
    values[border:] = 1e6
    other = prepared(replace(raw, values=values))
    np.testing.assert_array_equal(other.train.inputs, made.train.inputs)
    np.testing.assert_array_equal(other.train.targets, made.train.targets)
    assert other.preprocessor == made.preprocessor


def test_that_the_season_is_found_in_the_training_stretch_alone() -> None:
    steps = np.arange(300)
    values = np.where(steps < 200, np.sin(2 * np.pi * steps / 12), np.sin(2 * np.pi * steps / 5))
    raw = replace(course(300, 24, 4, 1), values=values[:, None].astype(np.float32))
    made = prepared(raw)
    encoder = made.preprocessor.encoder
    assert isinstance(encoder, TimelineEncoder)
    assert isinstance(made.raw, Timeline)
    assert encoder.season == made.raw.season == 12
    assert "season: c0 repeats itself after 12 rows" in made.notices[-1]


def test_that_inputs_are_the_rows_before_and_targets_the_rows_after() -> None:
    raw = course(100, 4, 3, 3, targets=("c1", "c0"), season=2)
    made = prepared(raw)
    past = raw.values[: borders(100, 4, 3, Split()).validation].astype(np.float64)
    scaled = (raw.values - past.mean(axis=0)) / past.std(axis=0)
    for part in PARTS:
        examples = made.part(part)
        for place, row in enumerate(examples.rows):
            np.testing.assert_allclose(examples.inputs[place], scaled[row - 4 : row], atol=1e-5)
            wanted = np.concatenate([scaled[row : row + 3, 1], scaled[row : row + 3, 0]])
            np.testing.assert_allclose(examples.targets[place], wanted, atol=1e-5)
    assert made.description.targets.names == ("c1 +1", "c1 +2", "c1 +3", "c0 +1", "c0 +2", "c0 +3")
    assert made.description.inputs.names == ("c0", "c1", "c2")


def test_that_predictions_come_back_in_the_units_of_their_column() -> None:
    raw = course(100, 4, 3, 3, targets=("c1", "c0"), season=2)
    made = prepared(raw)
    read = made.preprocessor.read_targets(made.test.targets)
    for place, row in enumerate(made.test.rows):
        np.testing.assert_allclose(read[place, :3], raw.values[row : row + 3, 1], rtol=1e-5)
        np.testing.assert_allclose(read[place, 3:], raw.values[row : row + 3, 0], rtol=1e-5)


@pytest.mark.parametrize("season", [0, 1, 3, 7])
@pytest.mark.parametrize("changes", [False, True])
def test_that_the_reference_of_a_forecast_is_its_value_one_season_before(season: int, changes: bool) -> None:
    raw = course(150, 8, 5, 2, targets=("c1", "c0"), season=season or 1, changes=changes)
    made = prepared(raw)
    reference = list(made.description.targets.reference)
    found = made.test.inputs.reshape(len(made.test), -1)[:, reference]
    lag = season or 1
    for place, row in enumerate(made.test.rows):
        repeated = [row + step - lag * (step // lag + 1) for step in range(5)]
        scaled = made.preprocessor.encoder.rows(raw, ("c1", "c0"))  # type: ignore[attr-defined]
        np.testing.assert_allclose(found[place], scaled[repeated].T.ravel(), atol=1e-6)


def test_that_a_history_shorter_than_the_season_has_no_reference() -> None:
    assert prepared(course(150, 8, 5, season=9)).description.targets.reference == ()


def test_that_changes_are_the_distance_to_one_season_before_and_use_the_past_alone() -> None:
    raw = course(150, 8, 2, 1, season=3, changes=True)
    made = prepared(raw)
    assert made.description.inputs.names == ("c0", "c0 change")
    inputs = made.test.inputs
    np.testing.assert_allclose(
        inputs[:, 3:, 1] / (inputs[:, 3:, 0] - inputs[:, :-3, 0]),
        np.broadcast_to(inputs[0, 3, 1] / (inputs[0, 3, 0] - inputs[0, 0, 0]), (len(inputs), 5)),
        rtol=1e-3,
    )
    assert (made.train.inputs[0, :3, 1] == 0).all()


@pytest.mark.parametrize("changes", [False, True])
def test_that_a_course_travels_through_json(changes: bool) -> None:
    made = prepared(course(150, 8, 5, targets=("c1", "c0"), season=3, changes=changes))
    again = Preprocessor.from_json(json.dumps(made.preprocessor.to_json()))
    assert again == made.preprocessor
    np.testing.assert_array_equal(again.inputs(made.raw), made.preprocessor.inputs(made.raw))
    np.testing.assert_array_equal(again.targets(made.raw), made.preprocessor.targets(made.raw))


@pytest.mark.parametrize("scaling", ["none", "unit_range"])
def test_that_targets_are_learnt_in_standard_units_however_inputs_are_scaled(scaling: Any) -> None:
    made = prepared(course(200, 4, 2, season=1), scaling=scaling)
    assert abs(made.train.targets.mean()) < 0.2
    assert abs(made.train.targets.std() - 1) < 0.2
    other = made.train.inputs[..., 1]
    assert (other.min() >= 0 and other.max() <= 1) if scaling == "unit_range" else other.mean() > 15


def test_that_the_parts_have_their_shares_of_what_can_be_forecast() -> None:
    edges = borders(1_100, 100, 10, Split(train=0.6, validation=0.3, test=0.1))
    assert (edges.validation, edges.test, edges.rows) == (700, 1_000, 1_100)
    assert borders(1_100, 100, 10, Split(train=0.6, validation=0.4, test=0)).test == 1_100


@pytest.mark.parametrize(
    ("rows", "history", "horizon", "path"),
    [(1, 1, 1, "data.history"), (30, 29, 2, "data.history"), (40, 20, 5, "split.validation")],
)
def test_that_too_few_rows_are_refused_with_what_to_change(
    rows: int, history: int, horizon: int, path: str
) -> None:
    with pytest.raises(Invalid) as raised:
        prepared(course(rows, history, horizon))
    assert raised.value.problems[0].path == path


def test_that_columns_that_never_change_are_left_out_or_refused() -> None:
    raw = course(100, 4, 2, 2, season=1)
    still = raw.values.copy()
    still[:80, 1] = 7
    made = prepared(replace(raw, values=still))
    assert made.description.inputs.names == ("c0",)
    assert "the same in every row of training: c1" in made.notices[0]
    with pytest.raises(Invalid, match="nothing to learn") as raised:
        prepared(replace(raw, values=still, targets=("c1",)))
    assert raised.value.problems[0].path == "data.target"


def test_that_a_course_without_a_target_names_its_columns() -> None:
    with pytest.raises(Invalid, match="name the columns to forecast"):
        prepared(course(100, 4, 2, targets=()))


def test_that_windows_beyond_the_memory_are_refused_with_advice() -> None:
    raw = course(100_000, 10_000, 1_000, 20, season=1)
    with pytest.raises(Invalid, match="raise the step between windows") as raised:
        prepared(raw)
    assert raised.value.problems[0].path == "data.stride"


def test_that_a_course_of_100000_rows_is_prepared_with_larger_steps() -> None:
    made = prepared(course(100_000, 100, 10, season=1, stride=50))
    assert made.description.train + made.description.validation + made.description.test > 1_900


@pytest.mark.parametrize("target", ["classes", "tokens"])
def test_that_a_course_is_for_forecasting_alone(target: Any) -> None:
    with pytest.raises(Invalid, match="what there is to predict is numbers"):
        prepare_raw(course(100, 4, 2), Split(), Preprocessing(), target, 0)


@pytest.mark.parametrize("rows", [24, 36, 72, 100, 144, 287, 288, 5000])
def test_that_windows_for_a_short_course_leave_forecasts_to_each_part(rows: int) -> None:
    history, horizon = windows_for(rows)
    edges = borders(rows, history, horizon, Split())
    assert all(end - start >= horizon for start, end in map(edges.stretch, PARTS))
    assert windows_for(288) == (48, 24)


def test_that_windows_that_are_too_long_are_told_with_those_that_fit() -> None:
    with pytest.raises(Invalid, match="of 144 rows, 36 of history and 12 to forecast fit"):
        borders(144, 48, 24, Split())
