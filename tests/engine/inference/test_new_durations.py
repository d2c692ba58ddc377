"""Durations in new data: a unit of time is taken for what it is, another one is never dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.choices import Invalid
from engine.inference.evaluation import evaluate_file
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.folder import RunFolder
from tests.engine.inference.test_new_files import trained

# 45 minutes in every way in which people write them
AS_TRAINED = [
    "45分钟", "45min", "45 min", "45 分", "45分鐘", "45 minutes", "45 mins.", "0.75 h", "0,75 h",
    "2700 s", "2700", "0小时45分钟",
]  # fmt: skip
NONE = ["45 kg", "45 furlongs", "45 km/h", "soon", "45%"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("durations")
    lines = [f"{20 + row % 50}分钟,{row % 7},{'长' if row % 50 > 25 else '短'}" for row in range(150)]
    (folder / "train.csv").write_text("\n".join(["时间,x,y", *lines]), encoding="utf-8")
    return trained(folder, {"kind": "table", "path": str(folder / "train.csv"), "target": "y"})


def test_that_a_run_keeps_in_what_its_durations_are(run: RunFolder) -> None:
    assert run.read_json(run.preprocessing)["found"]["units"]["时间"] == "s"


def test_that_typed_durations_are_the_same_in_every_unit(run: RunFolder) -> None:
    wanted = predict_run(run, GivenInputs(rows=[{"时间": "45分钟", "x": "3"}])).values
    for text in AS_TRAINED:
        found = predict_run(run, GivenInputs(rows=[{"时间": text, "x": "3"}]))
        np.testing.assert_allclose(found.values, wanted, err_msg=text)
    other = predict_run(run, GivenInputs(rows=[{"时间": "20 min", "x": "3"}])).values
    assert not np.allclose(other, wanted)


@pytest.mark.parametrize("text", NONE)
def test_that_a_typed_unit_of_something_else_is_told(run: RunFolder, text: str) -> None:
    with pytest.raises(Invalid, match=r"时间.*is no duration"):
        predict_run(run, GivenInputs(rows=[{"时间": text, "x": "3"}]))


@pytest.mark.parametrize("text", AS_TRAINED)
def test_that_a_file_in_one_unit_is_the_same(run: RunFolder, text: str, tmp_path: Path) -> None:
    wanted = predict_run(run, GivenInputs(rows=[{"时间": "45分钟", "x": "3"}])).values[0]
    cell = f'"{text}"'
    (tmp_path / "new.csv").write_text(f"时间,x\n{cell},3\n{cell},3\n{cell},3\n", encoding="utf-8")
    found = predict_run(run, GivenInputs(path=tmp_path / "new.csv"))
    np.testing.assert_allclose(found.values, np.tile(wanted, (3, 1)))
    assert not any("unless both mean the same" in text for text in found.warnings)


def test_that_a_file_of_many_units_answers_what_is_a_duration(run: RunFolder, tmp_path: Path) -> None:
    wanted = predict_run(run, GivenInputs(rows=[{"时间": "45分钟", "x": "3"}])).values[0]
    lines = [f'"{text}",3' for text in (*AS_TRAINED, *NONE)]
    (tmp_path / "new.csv").write_text("\n".join(["时间,x", *lines]), encoding="utf-8")
    found = predict_run(run, GivenInputs(path=tmp_path / "new.csv"))
    for text, values in zip((*AS_TRAINED, *NONE), found.values, strict=True):
        if text in NONE:
            assert np.isnan(values).all(), text
        else:
            np.testing.assert_allclose(values, wanted, err_msg=text)


@pytest.mark.parametrize("text", ["45 kg", "45%"])
def test_that_a_file_of_another_unit_is_refused(run: RunFolder, text: str, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(f"时间,x\n{text},3\n{text},3\n{text},3\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"时间.*is no duration"):
        predict_run(run, GivenInputs(path=tmp_path / "new.csv"))


def test_that_a_file_that_is_judged_is_the_same_in_minutes(run: RunFolder, tmp_path: Path) -> None:
    lines = [(20 + row % 50, row % 7, "长" if row % 50 > 25 else "短") for row in range(60)]
    losses = []
    for unit in ("分钟", "min"):
        rows = [f"{minutes}{unit},{x},{y}" for minutes, x, y in lines]
        (tmp_path / f"{unit}.csv").write_text("\n".join(["时间,x,y", *rows]), encoding="utf-8")
        losses.append(evaluate_file(run, tmp_path / f"{unit}.csv").loss)
    assert losses[0] == losses[1]
