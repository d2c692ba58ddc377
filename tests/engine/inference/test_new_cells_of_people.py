"""New rows are read by the types of training: boxes, ditto marks, units, zeros that are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.folder import RunFolder
from tests.engine.inference.test_new_files import trained


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = tmp_path_factory.mktemp("cells")
    lines = [
        f"{'x' if row % 3 else ''},{'同上' if row % 2 else 'ab'[row % 4 // 2]},"
        f"{f'{row / 10} km' if row % 5 else f'{row * 100} m'},{0 if row % 7 == 0 else 60 + row % 40},"
        f"{'yn'[row % 3 // 2]}"
        for row in range(1, 151)
    ]
    (folder / "train.csv").write_text("\n".join(["box,shop,far,bp,y", *lines]), encoding="utf-8")
    types = {"shop": "as_above", "bp": "positive"}
    data = {"kind": "table", "path": str(folder / "train.csv"), "target": "y", "types": types}
    return trained(folder, data)


def answers(run: RunFolder, folder: Path, *rows: str) -> list[list[float]]:
    (folder / "new.csv").write_text("\n".join(["box,shop,far,bp", *rows]), encoding="utf-8")
    found = predict_run(run, GivenInputs(path=folder / "new.csv"))
    assert not any(found.unanswered)
    values: list[list[float]] = found.values.tolist()
    return values


@pytest.mark.parametrize(
    "rows",
    [
        ("x,a,1.2 km,70", "x,同上,1.2 km,70"),
        ("x,a,1.2 km,70", "x,a,1200 m,70"),
        ("x,a,1.2 km,0", "x,a,1.2 km,"),
        ("no,a,1.2 km,70", ",a,1.2 km,70"),
    ],
    ids=("ditto", "units", "zeros", "boxes"),
)
def test_that_a_new_file_is_read_as_training_was(
    rows: tuple[str, str], run: RunFolder, tmp_path: Path
) -> None:
    one, other = answers(run, tmp_path, *rows)
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_that_a_ticked_box_and_an_empty_one_differ(run: RunFolder, tmp_path: Path) -> None:
    one, other = answers(run, tmp_path, "x,a,1.2 km,70", ",a,1.2 km,70")
    assert not np.allclose(one, other)


@pytest.mark.parametrize(
    ("changed", "same"),
    [({"far": "1200 m"}, True), ({"bp": "0"}, False), ({"box": ""}, False), ({"box": "x"}, True)],
)
def test_that_a_typed_row_is_read_as_training_was(
    changed: dict[str, str], same: bool, run: RunFolder
) -> None:
    row = {"box": "x", "shop": "a", "far": "1.2 km", "bp": "70"}
    before = predict_run(run, GivenInputs(rows=[row])).values
    after = predict_run(run, GivenInputs(rows=[{**row, **changed}])).values
    assert np.allclose(before, after, rtol=1e-5) == same
