"""What rows lack that are not judged, as nobody knows their answer, is of no account."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inference.evaluation import evaluate_file
from tests.engine.inference.test_new_files import trained


@pytest.mark.parametrize("lacking", [0, 3])
def test_that_missing_cells_are_counted_in_the_rows_that_are_judged(lacking: int, tmp_path: Path) -> None:
    lines = [f"{row % 7},{row % 5},{row % 3},{'ab'[row % 7 > 3]}" for row in range(120)]
    (tmp_path / "train.csv").write_text("\n".join(["x,z,w,y", *lines]), "utf-8")
    run = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    new = [*["5,,1,"] * 4, *lines[5:60], *["3,,2,a"] * lacking, *lines[70:80]]
    (tmp_path / "new.csv").write_text("\n".join(["x,z,w,y", *new]), "utf-8")
    told = evaluate_file(run, tmp_path / "new.csv").notes
    assert any("4 examples have no answer" in one for one in told)
    filled = [one for one in told if "missing" in one]
    assert [one.split(":")[0] for one in filled] == ["z"] * bool(lacking)
    assert all(f"{lacking} missing" in one for one in filled)
