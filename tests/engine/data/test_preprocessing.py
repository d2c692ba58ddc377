"""Preprocessing: scikit-learn as the oracle, fitted on the training part alone, every kind of column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.raw import Table
from engine.data.texts.raw import Texts


def table(columns: dict[str, Any], target: str | tuple[str, ...] = "y") -> Table:
    frame = pd.DataFrame(columns)
    return Table(frame, (target,) if isinstance(target, str) else target, tuple(frame.columns))


def ready(
    raw: Table | ImageSet,
    task: Literal["classes", "numbers"] = "classes",
    split: Split | None = None,
    **settings: Any,
) -> Prepared:
    return prepare_raw(raw, split or Split(), Preprocessing(**settings), task, 3)


def two_classes(count: int) -> list[str]:
    return ["no" if index % 2 else "yes" for index in range(count)]


def problems(
    raw: Table | ImageSet, task: Literal["classes", "numbers"] = "classes", **settings: Any
) -> list[str]:
    with pytest.raises(Invalid) as refused:
        ready(raw, task, **settings)
    return [str(problem) for problem in refused.value.problems]


RANDOM = np.random.default_rng(0)
NUMBERS = {"a": RANDOM.normal(5, 3, 200), "b": RANDOM.exponential(100, 200), "y": two_classes(200)}


def test_that_decimals_beside_texts_are_no_classes_and_words_alone_are_texts() -> None:
    """Nothing is learnt from 118 classes of one score each; a title is no category, but a text."""
    scores = np.array([f"{number / 7:.3f}" for number in range(60)], np.str_)
    texts = tuple(f"a plane is taking off {number}" for number in range(60))
    with pytest.raises(Invalid, match="hardly classes; numbers are not predicted from texts"):
        prepare_raw(Texts(texts, scores, texts, "score"), Split(), Preprocessing(), "classes", 0)
    told = problems(table({"title": [f"Story {number}" for number in range(60)], "y": two_classes(60)}))
    assert "to learn from the words of title, choose the kind Texts in a table" in told[0]
    assert "choose the kind Texts in a table" in told[0]


SUMS = {"casual": np.arange(40.0) % 7, "registered": np.arange(40.0) ** 2, "hum": RANDOM.normal(size=40)}


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (SUMS["casual"] + SUMS["registered"], "casual + registered is y in every row"),
        (SUMS["registered"], "registered is y in every row"),
        (SUMS["registered"] + SUMS["casual"] * (np.arange(40) != 3), ""),
    ],
)
def test_that_inputs_which_give_the_target_are_told(count: NDArray[np.float64], told: str) -> None:
    notices = ready(table({**SUMS, "y": count}), "numbers").notices
    assert any(told and told in notice for notice in notices) == bool(told)
    assert told or not any("in every row" in notice for notice in notices)


@pytest.mark.parametrize(
    ("header", "column", "left_out", "told"),
    [
        ("yes", [*range(52)] * 4, True, "beginning anew"),
        ("yes", (np.arange(208) * 977 % 1009).tolist(), True, "where all others have one"),
        ("no", [*range(52)] * 4, False, ""),
        ("no", (np.arange(208) * 977 + 800_000).tolist(), False, "it only tells rows apart"),
        ("no", (np.arange(208) * 977 % 1009).tolist(), False, ""),
    ],
)
def test_that_a_first_column_without_a_name_is_no_input_where_it_only_numbers_rows(
    header: str, column: list[int], left_out: bool, told: str
) -> None:
    raw = table({"column 1": column, "a": RANDOM.normal(size=208), "y": two_classes(208)})
    found = ready(replace(raw, found={"header": header}))
    assert ("column 1" not in found.description.inputs.names) == left_out
    assert any(told and told in notice for notice in found.notices) == bool(told)


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("standardize", StandardScaler()), ("unit_range", MinMaxScaler())]
)
def test_that_scaling_is_that_of_scikit_learn_fitted_on_the_training_rows(scaling: str, oracle: Any) -> None:
    found = ready(table(NUMBERS), scaling=scaling)
    values = np.stack([NUMBERS["a"], NUMBERS["b"]], axis=1)
    oracle.fit(values[found.train.rows])
    for part in (found.train, found.validation, found.test):
        np.testing.assert_allclose(part.inputs, oracle.transform(values[part.rows]), rtol=1e-6, atol=1e-6)


def test_that_none_leaves_numbers_as_they_are() -> None:
    found = ready(table(NUMBERS), scaling="none")
    np.testing.assert_array_equal(
        found.train.inputs[:, 0], np.asarray(NUMBERS["a"], np.float32)[found.train.rows]
    )


def test_that_words_become_one_hot_as_in_scikit_learn() -> None:
    colours = RANDOM.choice(["red", "green", "blue"], 200)
    found = ready(table({"colour": colours, "y": two_classes(200)}))
    oracle = OneHotEncoder(sparse_output=False).fit(colours[:, None])
    np.testing.assert_array_equal(found.train.inputs, oracle.transform(colours[found.train.rows, None]))
    assert found.description.inputs.names == ("colour = blue", "colour = green", "colour = red")


def test_that_number_targets_are_standardised_and_read_back() -> None:
    y = RANDOM.normal(1000, 50, 200)
    found = ready(table({"a": NUMBERS["a"], "y": y}), "numbers")
    assert found.train.targets.shape == (140, 1)
    np.testing.assert_allclose(found.description.targets.mean[0], y[found.train.rows].mean())
    np.testing.assert_allclose(found.description.targets.scale[0], y[found.train.rows].std())
    np.testing.assert_allclose(
        found.preprocessor.read_targets(found.test.targets)[:, 0], y[found.test.rows], rtol=1e-6
    )


def test_that_number_targets_stay_as_they_are_where_no_scaling_is_wanted() -> None:
    y = RANDOM.normal(1000, 50, 200)
    found = ready(table({"a": NUMBERS["a"], "y": y}), "numbers", target_scaling="none")
    np.testing.assert_array_equal(found.train.targets[:, 0], y[found.train.rows].astype(np.float32))
    assert not found.description.facts().standardized
    assert ready(table({"a": NUMBERS["a"], "y": y}), "numbers").description.facts().standardized


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=40, max_size=80),
    st.sampled_from(["a", "b", "word", "day", "y"]),
    st.data(),
)
def test_that_changing_rows_outside_training_changes_nothing_that_is_fitted(
    values: list[float], changed: str, data: st.DataObject
) -> None:
    count = len(values)
    frame = pd.DataFrame(
        {
            "a": np.arange(count) ** 1.5,
            "b": np.append(np.nan, np.linspace(0, 1, count - 1)),
            "word": [("x", "y", "z")[index % 3] for index in range(count)],
            "day": pd.date_range("2024-01-01", periods=count, freq="D"),
            "y": np.linspace(-1, 1, count),
        }
    )
    before = ready(Table(frame, ("y",), tuple(frame.columns)), "numbers")
    after_frame = frame.copy()
    outside = np.concatenate([before.validation.rows, before.test.rows])
    if changed == "word":
        after_frame.loc[outside, "word"] = data.draw(st.sampled_from(["x", "unknown", "y"]))
    elif changed == "day":
        after_frame.loc[outside, "day"] = pd.Timestamp("1999-12-31 07:00")
    else:
        after_frame.loc[outside, changed] = np.array(values)[outside]
    after = ready(Table(after_frame, ("y",), tuple(frame.columns)), "numbers")
    assert after.preprocessor == before.preprocessor
    np.testing.assert_array_equal(after.train.inputs, before.train.inputs)
    np.testing.assert_array_equal(after.train.targets, before.train.targets)


@pytest.mark.parametrize("missing", ["mean", "median"])
def test_that_missing_numbers_get_the_fill_of_training_and_an_input_that_tells(missing: str) -> None:
    values = RANDOM.exponential(1.0, 200)
    values[::7] = np.nan
    found = ready(table({"a": values, "b": NUMBERS["b"], "y": two_classes(200)}), missing=missing)
    known = values[found.train.rows]
    known = known[~np.isnan(known)]
    fill = np.mean(known) if missing == "mean" else np.median(known)
    gone = np.isnan(values[found.test.rows])
    np.testing.assert_allclose(
        found.test.inputs[gone, 0], (fill - known.mean()) / known.std(), rtol=1e-5, atol=1e-6
    )
    assert found.description.inputs.names[:2] == ("a", "a is missing")
    np.testing.assert_array_equal(found.test.inputs[:, 1], gone)
    assert any(notice.startswith("a: ") and "filled" in notice for notice in found.notices)


def test_that_drop_leaves_rows_with_missing_numbers_out_of_every_part() -> None:
    values = NUMBERS["a"].copy()
    values[:20] = np.nan
    found = ready(table({"a": values, "y": two_classes(200)}), missing="drop")
    rows = np.concatenate([found.train.rows, found.validation.rows, found.test.rows])
    assert sorted(rows.tolist()) == list(range(20, 200))
    assert any("20 rows" in notice for notice in found.notices)


def test_that_columns_that_say_nothing_are_left_out_with_a_reason() -> None:
    names = {
        "constant": [3] * 200,
        "same word": ["x"] * 200,
        "empty": [np.nan] * 200,
        "own word": [f"word {index}" for index in range(200)],
        "same day": pd.to_datetime(["2024-01-01"] * 200),
    }
    found = ready(table({**names, **NUMBERS}))
    assert found.description.inputs.names == ("a", "b")
    for name in names:
        assert sum(notice.startswith(f"{name}: left out, because") for notice in found.notices) == 1


def test_that_a_table_without_any_input_is_refused() -> None:
    assert "data.target: leaves no column" in problems(table({"constant": [1] * 50, "y": two_classes(50)}))[0]


def test_that_rare_words_share_an_input_that_also_takes_unseen_ones() -> None:
    words = ["red"] * 100 + ["blue"] * 90 + [f"rare {index}" for index in range(10)]
    found = ready(table({"word": words, "y": two_classes(200)}))
    assert found.description.inputs.names[-1] == "word: another"
    assert found.train.inputs.sum(axis=1).tolist() == [1.0] * 140


@pytest.mark.parametrize(
    ("name", "values"),
    [("id", np.arange(200) + 1000), ("column 1", np.arange(200)), ("Unnamed: 0", np.arange(1, 201)),
     ("customer_id", np.random.default_rng(3).permutation(10**6)[:200]), ("PassengerId", np.arange(200)),
     ("学号", np.arange(200) + 20230101.0)],
)  # fmt: skip
def test_that_numbers_of_rows_are_no_inputs(name: str, values: NDArray[np.int64]) -> None:
    """Rows are often in the order of their classes: their numbers would give these away."""
    found = ready(table({name: values, **NUMBERS}))
    assert found.description.inputs.names == ("a", "b")
    assert any(notice.startswith(f"{name}: left out") and "identifier" in notice for notice in found.notices)
    kept = ready(replace(table({name: values, **NUMBERS}), typed=(name,)))
    assert kept.description.inputs.names == (name, "a", "b")


@pytest.mark.parametrize(("name", "values"), [
    ("year", np.arange(1800, 2000)), ("column 1", np.arange(200) * 2), ("paid", np.arange(200)),
    ("valid", np.arange(200)), ("user_id", np.arange(200) // 4),
])  # fmt: skip
def test_that_other_numbers_that_grow_stay_inputs(name: str, values: NDArray[np.int64]) -> None:
    assert name in ready(table({name: values, **NUMBERS})).description.inputs.names


def test_that_what_counts_the_rows_stays_where_there_is_nothing_else() -> None:
    found = ready(table({"column 1": np.arange(200), "y": two_classes(200)}))
    assert found.description.inputs.names == ("column 1",)


def test_that_a_table_on_its_side_is_refused() -> None:
    columns = {f"sample {number}": np.arange(8.0) for number in range(40)}
    told = problems(table({"y": [f"gene {number}" for number in range(8)], **columns}))
    assert "lies on its side" in told[0]


@pytest.mark.parametrize(("zero", "one"), [("no", "yes"), ("False", "True"), ("N", "Y")])
def test_that_yes_and_no_become_one_input(zero: str, one: str) -> None:
    words = [one if index % 3 else zero for index in range(100)]
    found = ready(table({"flag": words, "y": two_classes(100)}))
    assert found.description.inputs.names == (f"flag = {one}",)
    np.testing.assert_array_equal(found.train.inputs[:, 0], [float(row % 3 != 0) for row in found.train.rows])


def test_that_dates_become_their_parts_that_vary() -> None:
    days = pd.date_range("2024-01-30", periods=100, freq="D")
    found = ready(table({"day": days, "y": two_classes(100)}), scaling="none")
    assert found.description.inputs.names == ("day (days)", "day (month)", "day (weekday)")
    row = int(found.train.rows[10])
    since = (days[row] - pd.Timestamp("1970-01-01")).days
    assert found.train.inputs[10].tolist() == [since, days[row].month, days[row].weekday()]


def test_that_infinite_numbers_count_as_missing() -> None:
    values = NUMBERS["a"].copy()
    values[[3, 50]] = [np.inf, -np.inf]
    found = ready(table({"a": values, "b": NUMBERS["b"], "y": two_classes(200)}))
    assert all(np.isfinite(part.inputs).all() for part in (found.train, found.validation, found.test))
    assert any("a: " in notice and "2" in notice and "filled" in notice for notice in found.notices)


def test_that_absurd_numbers_name_column_and_row() -> None:
    values = NUMBERS["a"].copy()
    values[6] = 1e200
    (text,) = problems(table({"a": values, "y": two_classes(200)}))
    assert text.startswith("data.path")
    assert "'a'" in text
    assert "row 7" in text


@given(st.lists(st.floats(-1e30, 1e30, allow_subnormal=True), min_size=20, max_size=40))
def test_that_inputs_are_finite_whatever_the_numbers_are(values: list[float]) -> None:
    raw = table({"a": values, "b": np.arange(len(values)), "y": two_classes(len(values))})
    found = ready(raw)
    assert all(np.isfinite(part.inputs).all() for part in (found.train, found.validation, found.test))


def test_that_classes_are_in_natural_order() -> None:
    marks = [("class 10", "class 2", "class 1")[index % 3] for index in range(60)]
    assert ready(table({"a": np.arange(60) ** 2, "y": marks})).description.targets.classes == (
        "class 1",
        "class 2",
        "class 10",
    )
    codes = [(10.0, 2.0, -1.0)[index % 3] for index in range(60)]
    found = ready(table({"a": np.arange(60) ** 2, "y": codes}))
    assert found.description.targets.classes == ("-1", "2", "10")
    np.testing.assert_array_equal(found.train.targets, [(2, 1, 0)[row % 3] for row in found.train.rows])


def test_that_a_target_with_one_class_is_refused() -> None:
    assert "only 'x'" in problems(table({"a": np.arange(50), "y": ["x"] * 50}))[0]


def test_that_a_target_of_one_number_is_refused() -> None:
    assert "same number" in problems(table({"a": np.arange(50), "y": [2.5] * 50}), "numbers")[0]


def test_that_rows_without_a_target_are_left_out_and_counted() -> None:
    marks: list[Any] = two_classes(100)
    marks[5] = marks[17] = None
    found = ready(table({"a": np.arange(100) ** 2, "y": marks}))
    rows = np.concatenate([found.train.rows, found.validation.rows, found.test.rows])
    assert len(rows) == 98
    assert not {5, 17} & set(rows.tolist())
    assert any("2 rows without a target" in notice for notice in found.notices)


def test_that_a_missing_target_lists_the_columns_there_are() -> None:
    (text,) = problems(table({"a": [1.0] * 50, "b": [2] * 50}, ()))
    assert text.startswith("data.target: is missing")
    assert "a, b" in text


def test_that_an_unknown_target_is_named_with_a_guess() -> None:
    (text,) = problems(table({"colour": [1.0] * 50, "b": [2] * 50}, "color"))
    assert "no column 'color'; did you mean 'colour'?" in text


def test_that_several_targets_are_for_numbers_only() -> None:
    raw = table({"a": NUMBERS["a"], "y": NUMBERS["b"], "z": NUMBERS["a"] * 2}, ("y", "z"))
    assert ready(raw, "numbers").train.targets.shape == (140, 2)
    assert "predicts one column" in problems(raw)[0]


def test_that_decimals_are_hardly_classes_and_words_no_numbers() -> None:
    assert problems(table({"a": NUMBERS["b"], "y": NUMBERS["a"]}))[0].startswith("task.kind")
    assert problems(table(NUMBERS), "numbers")[0].startswith("task.kind: y holds 'yes', which is no number")


def test_that_a_class_in_one_part_only_is_told() -> None:
    marks = ["x"] * 50 + ["y"] * 49 + ["z"]
    found = ready(table({"a": np.arange(100) ** 2, "y": marks}))
    assert "the test part has no example of the class: z" in found.notices


def test_that_pictures_are_standardised_per_channel_over_the_training_pixels() -> None:
    pixels = RANDOM.integers(0, 256, (60, 5, 4, 3)).astype(np.uint8)
    labels = np.array(["a", "b"] * 30)
    raw = ImageSet(pixels, labels, ("a", "b"), tuple(map(str, range(60))))
    found = ready(raw)
    assert found.description.inputs.shape == (3, 5, 4)
    scaled = pixels.astype(np.float64) / 255
    for channel in range(3):
        train = scaled[found.train.rows, ..., channel]
        expected = (scaled[found.test.rows, ..., channel] - train.mean()) / train.std()
        np.testing.assert_allclose(found.test.inputs[:, channel], expected, rtol=1e-4, atol=1e-5)


def test_that_unit_range_brings_pictures_between_0_and_1() -> None:
    pixels = RANDOM.integers(0, 256, (60, 5, 4, 1)).astype(np.uint8)
    found = ready(ImageSet(pixels, np.array(["a", "b"] * 30), ("a", "b"), ("",) * 60), scaling="unit_range")
    np.testing.assert_allclose(found.train.inputs[:, 0], pixels[found.train.rows, ..., 0] / 255, rtol=1e-6)


def test_that_the_units_bring_inputs_back_to_the_data() -> None:
    found = ready(table(NUMBERS))
    offset, scale = found.preprocessor.encoder.units.T
    np.testing.assert_allclose(
        found.test.inputs[:, 0] * scale[0] + offset[0], np.asarray(NUMBERS["a"])[found.test.rows], rtol=1e-5
    )


def test_that_the_hash_changes_with_any_number_and_with_nothing_else() -> None:
    changed = {**NUMBERS, "a": NUMBERS["a"].copy()}
    changed["a"][0] += 1e-3
    assert ready(table(NUMBERS)).data_hash == ready(table(NUMBERS)).data_hash
    assert ready(table(NUMBERS)).data_hash != ready(table(changed)).data_hash
