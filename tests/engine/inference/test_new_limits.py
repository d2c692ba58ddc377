"""Limits and open words in new data: read as in training, and in runs of before as these read them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.data.cells.rules import NEWEST, Rules
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder
from tests.engine.inference.test_new_files import trained

AGES = ("under 18", "18-24", "25-34", "65+")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    lines = [f"{AGES[row % 4]},{'<0.5' if row % 3 else row / 50},{'ab'[row % 4 > 1]}" for row in range(160)]
    (tmp_path / "train.csv").write_text("\n".join(["age,lead,y", *lines]), encoding="utf-8")
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"}
    return trained(tmp_path, {**data, "types": {"age": "range", "lead": "number"}})


@pytest.mark.parametrize("age", AGES)
def test_that_a_typed_row_and_a_file_of_one_row_are_read_alike(
    run: RunFolder, age: str, tmp_path: Path
) -> None:
    typed = predict_run(run, GivenInputs(rows=[{"age": age, "lead": "<0.5"}]))
    (tmp_path / "new.csv").write_text(f"age,lead\n{age},<0.5\n", encoding="utf-8")
    found = predict_run(run, GivenInputs(path=tmp_path / "new.csv"))
    np.testing.assert_array_equal(found.values, typed.values)


def test_that_a_run_of_before_has_open_words_missing(run: RunFolder) -> None:
    assert experiment_of(run).data.rules == NEWEST
    document = json.loads(run.preprocessing.read_text("utf-8"))
    del document["found"]["rules"]
    run.preprocessing.write_text(json.dumps(document), "utf-8")
    raw = experiment_of(run).data.read(0)
    ages = getattr(raw, "frame")["age"].tolist()[:4]  # noqa: B009
    np.testing.assert_array_equal(ages, [np.nan, 21, 29.5, 65])


@pytest.mark.parametrize(
    ("kept", "rules"),
    [
        ({}, Rules.FIRST),
        ({"open words": True}, Rules.OPEN_WORDS),
        ({"rules": 1}, Rules.OPEN_WORDS),
        # of a later version, and of nobody
        ({"rules": 1000}, NEWEST),
        ({"rules": -1}, Rules.FIRST),
        ({"rules": "two"}, Rules.FIRST),
    ],
)
def test_that_a_run_is_read_by_the_rules_of_its_day(run: RunFolder, kept: object, rules: Rules) -> None:
    document = json.loads(run.preprocessing.read_text("utf-8"))
    run.preprocessing.write_text(json.dumps({**document, "found": kept}), "utf-8")
    assert experiment_of(run).data.rules == rules
