"""Rows that belong together, examples that stand in two parts, labels that are several: split or told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.description import PARTS
from engine.data.partition import partition
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.sources.table import TableFile
from engine.data.split import Split


def prepared(path: Path, frame: pd.DataFrame, target: str, **split: str) -> Prepared:
    frame.to_csv(path / "t.csv", index=False)
    source = TableFile(path=str(path / "t.csv"), target=(target,))
    return prepare(source, Split.model_validate(split), Preprocessing(), "classes", 0)


def patients() -> pd.DataFrame:
    random = np.random.default_rng(0)
    number = np.repeat(np.arange(30), 6)
    return pd.DataFrame(
        {
            "patient": [f"p{one}" for one in number],
            "score": random.normal(size=180),
            "ill": np.where(number % 3 == 0, "y", "n"),
        }
    )


def test_that_rows_of_one_group_stay_in_one_part_and_the_group_is_no_input(tmp_path: Path) -> None:
    found = prepared(tmp_path, patients(), "ill", group="patient")
    held = [set(patients()["patient"].iloc[found.part(part).rows]) for part in PARTS]
    assert sum(map(len, held)) == 30 == len(set.union(*held))
    assert found.preprocessor.columns == ("score",)
    sick = [float(np.mean(patients()["ill"].iloc[found.part(part).rows] == "y")) for part in PARTS]
    assert max(sick) - min(sick) < 0.2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sizes", [(6,) * 40, (1,) * 90, (50, 20, 10, 5, 5, 5, 3, 2), (3, 9) * 20])
def test_that_groups_are_divided_by_the_shares(sizes: tuple[int, ...], seed: int) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    parts = partition(np.arange(len(groups)), None, Split(), seed, groups=groups)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(len(groups)))
    assert sum(len(set(groups[rows])) for rows in parts.values()) == len(sizes)
    for share, part in zip((0.7, 0.15, 0.15), PARTS, strict=True):
        assert abs(len(parts[part]) - share * len(groups)) < max(sizes) + 0.5


@pytest.mark.parametrize(
    ("group", "words"),
    [("patients", "no column 'patients'; did you mean 'patient'"), ("ill", "is the target")],
)
def test_that_a_group_that_cannot_be_is_a_problem(group: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=words):
        prepared(tmp_path, patients(), "ill", group=group)


def test_that_a_column_that_foretells_the_class_is_told(tmp_path: Path) -> None:
    assert "patient: each value goes with one class only" in " ".join(
        prepared(tmp_path, patients(), "ill").notices
    )


@pytest.mark.parametrize("times", [1, 6])
def test_that_examples_of_the_test_that_stand_in_training_are_told(times: int, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    once = pd.DataFrame({"a": random.normal(size=60), "b": random.normal(size=60), "y": ["p", "q"] * 30})
    found = prepared(tmp_path, pd.concat([once] * times), "y")
    assert any("stand in the training part" in notice for notice in found.notices) == (times > 1)


@pytest.mark.parametrize(
    ("classes", "several"),
    [
        (["calm|favor", "calm|against", "favor|urgent", "urgent"], True),
        (["a;b", "b;c", "a;c", "a"], True),
        (["a, b", "b, c", "a, c", "a"], True),
        (["red", "blue", "green"], False),
        (["Paris, France", "Rome, Italy", "Bonn, Germany"], False),
        (["1,5", "2,5", "3,7"], False),
    ],
)
def test_that_classes_that_are_several_labels_are_told(
    classes: list[str], several: bool, tmp_path: Path
) -> None:
    rows = [classes[row % len(classes)] for row in range(60)]
    found = prepared(tmp_path, pd.DataFrame({"a": np.arange(60) / 7, "y": rows}), "y")
    assert any("several labels" in notice for notice in found.notices) == several


def test_that_classes_equal_as_numbers_are_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": np.arange(60) / 7, "y": ["1.1", "1.10", "1.2"] * 20})
    found = prepared(tmp_path, frame, "y")
    assert found.description.targets.classes == ("1.1", "1.10", "1.2")
    assert "1.1 and 1.10 are different classes" in " ".join(found.notices)


@pytest.mark.parametrize(
    ("cells", "several"),
    [
        (["Excel;R", "R;SPSS", "Excel", "SPSS;Excel;R"], True),
        (["Paris, France", "Rome, Italy", "Bonn, Germany"], False),
        (["3/9", "5/9", "3/5"], False),
        (["red", "blue"], False),
    ],
)
def test_that_inputs_of_several_choices_are_told(cells: list[str], several: bool, tmp_path: Path) -> None:
    frame = pd.DataFrame({"tools": [cells[row % len(cells)] for row in range(60)], "y": ["p", "q", "q"] * 20})
    found = prepared(tmp_path, frame, "y")
    assert any("several choices" in notice for notice in found.notices) == several
