"""Inspection: what the data view shows, before and after a target is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family, Invalid
from engine.data.inspection.inspect import inspect
from engine.data.inspection.records import ColumnFacts, Inspection
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.sample import Sample
from engine.data.source import Source
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from tests.engine.data.guesses import guess_task

DRAWN: list[Any] = [source for source in Family.every["data"].values() if source.drawn]  # type: ignore[attr-defined]


def look(source: Source, task: Any = "classes") -> Inspection:
    return inspect(source, Split(), Preprocessing(), task, 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    count = 120
    values = np.linspace(0, 10, count)
    values[::10] = np.nan
    frame = pd.DataFrame(
        {
            "size": values,
            "colour": ["red", "green", "red", "blue"] * 30,
            "open": ["yes", "no"] * 60,
            "day": pd.date_range("2024-01-01", periods=count, freq="D").strftime("%Y-%m-%d"),
            "same": 1,
            "note": [f"note {index}" for index in range(count)],
            "kind": ["a", "a", "b"] * 40,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def facts(found: Inspection) -> dict[str, ColumnFacts]:
    return {column.name: column for column in found.columns}


def test_that_before_a_target_is_chosen_columns_and_candidates_are_shown(path: Path) -> None:
    found = look(TableFile(path=str(path)))
    assert found.description is None
    assert found.guess is None
    assert found.candidates == ("size", "colour", "open", "same", "note", "kind")
    assert [problem.path for problem in found.problems] == ["data.target"]
    assert [column.kind for column in found.columns] == [
        "number",
        "words",
        "words",
        "date",
        "number",
        "words",
        "words",
    ]
    assert len(found.rows) == 100
    assert found.rows[0] == ("", "red", "yes", "2024-01-01", "1", "note 0", "a")


def test_that_every_column_says_what_became_of_it(path: Path) -> None:
    found = look(TableFile(path=str(path), target=("kind",), ignore=("note",)))
    columns = facts(found)
    assert {name: column.role for name, column in columns.items()} == {
        "size": "input",
        "colour": "input",
        "open": "input",
        "day": "input",
        "same": "left out",
        "note": "ignored",
        "kind": "target",
    }
    assert columns["open"].kind == "yes or no"
    assert "3 words" in columns["colour"].became
    assert "1 in every row" in columns["same"].became
    assert "2 classes" in columns["kind"].became
    assert columns["size"].missing == 12
    assert (columns["colour"].words, columns["colour"].counts) == (("red", "green", "blue"), (60, 30, 30))
    assert found.problems == ()


@pytest.mark.parametrize(("setting", "role"), [("group", "identifier"), ("weight", "left out")])
def test_that_a_column_that_the_split_takes_is_no_input_and_no_target(
    setting: str, role: str, path: Path
) -> None:
    source = TableFile.model_validate({"path": str(path), "target": "kind"})
    name = "same"
    found = inspect(source, Split.model_validate({setting: name}), Preprocessing(), "classes", 0)
    assert facts(found)[name].role == role
    assert facts(found)[name].became.startswith("no input")
    assert name not in found.candidates


def test_that_statistics_and_histogram_are_those_of_numpy(path: Path) -> None:
    column = facts(look(TableFile(path=str(path), target=("kind",))))["size"]
    values = pd.read_csv(path)["size"].dropna().to_numpy()
    statistics = dict(column.statistics)
    assert statistics["mean"] == pytest.approx(values.mean())
    assert statistics["deviation"] == pytest.approx(values.std())
    assert statistics["median"] == pytest.approx(np.median(values))
    assert statistics["upper quarter"] == pytest.approx(np.quantile(values, 0.75))
    counts, edges = np.histogram(values, bins=24)
    np.testing.assert_allclose(column.edges, edges)
    assert sum(column.counts) == len(values)
    assert np.abs(np.array(column.counts) - counts).max() <= 1
    assert column.different == len(np.unique(values))


def test_that_the_first_rows_are_shown_as_the_network_receives_them(path: Path) -> None:
    source = TableFile(path=str(path), target=("kind",))
    found, prepared = look(source), prepare(source, Split(), Preprocessing(), "classes", 0)
    assert found.received is not None
    assert found.description == prepared.description
    assert found.data_hash == prepared.data_hash
    chosen = prepared.train.rows < 100
    np.testing.assert_array_equal(found.received[prepared.train.rows[chosen]], prepared.train.inputs[chosen])


def test_that_class_balance_is_counted_per_part(path: Path) -> None:
    found = look(TableFile(path=str(path), target=("kind",)))
    assert found.balance == {"train": (56, 28), "validation": (12, 6), "test": (12, 6)}


def test_that_pictures_are_shown_with_their_labels() -> None:
    found = look(Sample(name="digits"))
    assert found.kind == "images"
    assert found.count == 1797
    assert found.pixels is not None
    assert found.pixels.shape == (60, 8, 8, 1)
    assert found.pixels.dtype == np.uint8
    assert len(found.labels) == len(found.names) == 60
    assert found.guess == "classes"


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda source: source.kind)
def test_that_a_generated_set_of_one_or_two_inputs_has_points(drawn: Any) -> None:
    source = drawn()
    task = guess_task(source.read(0))
    found = look(source, task)
    assert found.description is not None
    assert (found.points is not None) == (found.description.inputs.size <= 2)
    if found.points is not None:
        assert found.points.inputs.shape == (source.samples, found.description.inputs.size)
        assert np.bincount(found.points.part).sum() == source.samples
        assert len(found.points.targets) == source.samples


def test_that_points_are_thinned_evenly() -> None:
    found = look(Family.every["data"]["blobs"](samples=50_000))  # type: ignore[arg-type]
    assert found.points is not None
    assert len(found.points.targets) == 3000
    assert np.bincount(found.points.part).tolist() == pytest.approx([2100, 450, 450], abs=2)


@pytest.mark.parametrize(
    ("name", "values", "task"),
    [
        ("y", ["a", "b"] * 30, "classes"),
        ("y", [0, 1] * 30, "classes"),
        ("y", [1, 2, 3] * 20, "classes"),
        ("y", list(range(60)), "numbers"),
        ("y", [0.5, 1.5] * 30, "numbers"),
        ("y", list(range(26)) * 10, "numbers"),
        ("label", list(range(26)) * 10, "classes"),  # letters of EMNIST
        ("label", list(range(60)), "numbers"),
        ("ClassId", list(range(43)) * 2, "classes"),  # traffic signs
    ],
)
def test_that_the_task_is_guessed_from_the_target(
    tmp_path: Path, name: str, values: list[Any], task: str
) -> None:
    rows = len(values)
    pd.DataFrame({"x": np.arange(rows) ** 2, name: values}).to_csv(tmp_path / "t.csv", index=False)
    assert look(TableFile(path=str(tmp_path / "t.csv"), target=(name,))).guess == task


def test_that_problems_of_the_data_leave_the_rest_to_be_seen(path: Path) -> None:
    for settings, place in (
        ({"target": ("nix",)}, "data.target"),
        ({"target": ("kind",), "ignore": ("nix",)}, "data.ignore"),
    ):
        found = look(TableFile(path=str(path), **settings))  # type: ignore[arg-type]
        assert [problem.path for problem in found.problems] == [place]
        assert len(found.rows) == 100
    with pytest.raises(Invalid, match=r"data\.path"):
        look(TableFile(path=str(path) + "x"))


def test_that_infinite_and_huge_numbers_can_be_looked_at(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n" + "inf,1\n1e300,2\n-1e308,1\n1e308,2\n" * 10, encoding="utf-8")
    found = look(TableFile(path=str(tmp_path / "t.csv"), target=("y",)))
    assert facts(found)["a"].missing == 10
    assert "1e+300" in str(found.problems[0])
