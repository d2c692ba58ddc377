"""What differs between experiments."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.runs.differences import (
    ABSENT,
    Difference,
    differences,
    flattened,
    setting_words,
    told_apart,
    value_words,
    values_words,
)
from engine.choices import Family
from engine.experiment import Experiment

ADAM = Experiment().model_dump()
MOMENTUM = Experiment.model_validate({"name": "Other", "optimizer": {"kind": "momentum"}}).model_dump()


def test_that_equal_experiments_differ_in_nothing() -> None:
    assert differences([ADAM, dict(ADAM)]) == ()


def test_that_names_are_no_difference() -> None:
    assert differences([ADAM, ADAM | {"name": "Other"}]) == ()


def test_that_a_difference_is_a_dotted_path_with_the_value_of_each_run() -> None:
    wide = Experiment.model_validate({"architecture": {"kind": "mlp", "hidden": [64]}}).model_dump()
    assert differences([ADAM, wide]) == (Difference("architecture.hidden", ("32, 32", "64")),)


def test_that_settings_that_one_choice_lacks_read_as_absent() -> None:
    found = {row.path: row.values for row in differences([ADAM, MOMENTUM])}
    assert found["optimizer.kind"] == ("adam", "momentum")
    assert found["optimizer.beta1"] == ("0.9", ABSENT)
    assert found["optimizer.momentum"][0] == ABSENT


def test_that_items_of_lists_are_compared_with_those_of_their_kind() -> None:
    decay: dict[str, Any] = {"regularizers": [{"kind": "l2", "strength": 0.01}]}
    two: dict[str, Any] = {
        "regularizers": [{"kind": "l1", "strength": 0.1}, {"kind": "l2", "strength": 0.01}, {"kind": "l1"}]
    }
    assert [row.path for row in differences([decay, two])] == [
        "regularizers.l1.strength",
        "regularizers.l1 2",
    ]


def test_that_an_item_of_a_list_is_called_by_its_title() -> None:
    words = setting_words("regularizers.l2.strength", [])
    title = Family.every["regularizers"]["l2"].title
    assert title in words
    assert words.startswith("Regularization")
    assert "Strength" in words
    assert setting_words("regularizers.l2 2", []).endswith(f"{title} 2")


def test_that_whole_and_broken_forms_of_one_number_are_the_same() -> None:
    assert differences([{"split": {"train": 1}}, {"split": {"train": 1.0}}]) == ()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
experiments = st.dictionaries(st.sampled_from(["data", "loss", "x", "format"]), values, max_size=4)


@given(st.lists(experiments, min_size=1, max_size=4))
def test_that_every_difference_is_one_and_none_is_left_out(given_ones: list[dict[str, Any]]) -> None:
    flat = [flattened(one) for one in given_ones]
    found = {row.path: row.values for row in differences(given_ones)}
    for path in {path for one in flat for path in one}:
        here = tuple(one.get(path, ABSENT) for one in flat)
        assert (path in found) == (len(set(here)) > 1)
        assert found.get(path, here) == here


def test_that_a_kind_is_shown_by_its_title_and_other_values_as_they_are() -> None:
    assert value_words("architecture.kind", "mlp") == Family.every["architectures"]["mlp"].title
    assert value_words("architecture.hidden", "32") == "32"
    assert value_words("architecture.kind", ABSENT) == ABSENT


def test_that_files_are_told_by_their_names_where_these_tell_them_apart() -> None:
    def words(*weights: str) -> tuple[str, ...]:
        chosen = [{"start": {"weights": one}} for one in weights]
        (one,) = differences(chosen)
        return values_words(one, chosen)

    assert words("", "/runs/iris-1", "/runs/iris-2") == (ABSENT, "iris-1", "iris-2")
    assert words("/runs/iris-1", "/runs/iris-1", "") == ("iris-1", "iris-1", ABSENT)
    # of two files of one name it is the folder that differs
    assert words("/a/weights.pt", "/b/weights.pt") == ("/a/weights.pt", "/b/weights.pt")
    assert told_apart([{"start": {"weights": one}} for one in ("/runs/a", "/runs/b")]) == (
        ("Weights from a",),
        ("Weights from b",),
    )
