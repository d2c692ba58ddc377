"""Tables on their side: a row for each gene and a column for each sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.tables.on_its_side import told_on_its_side
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.data.tables.target import refuse_unknown

SAMPLES = [f"GSM{number}" for number in range(101, 125)]


def read(path: Path, first: str, names: Sequence[str], size: float = 1.0, last: str = "") -> Table:
    values = np.random.default_rng(0).normal(6, 1, (40, len(names))) * size
    lines = [",".join([first, *names])]
    lines += [",".join([f"gene{row}", *(f"{value:.3f}" for value in values[row])]) for row in range(40)]
    lines += [",".join([last, *["tumor", "normal"] * (len(names) // 2)])] * bool(last)
    path.write_text("\n".join(lines), "utf-8")
    found = TableFile(path=str(path)).read(0)
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize("label", ["", "tissue"])
def test_that_a_table_on_its_side_is_told_with_what_to_do(label: str, tmp_path: Path) -> None:
    raw = read(tmp_path / "t.csv", "gene", SAMPLES, last=label)
    with pytest.raises(Invalid, match="seems to lie on its side") as refusal:
        refuse_unknown(raw)
    assert "paste transposed" in str(refusal.value)
    assert (f"{label} is then a column" in str(refusal.value)) == bool(label)


@pytest.mark.parametrize(
    "names", [["age", "bmi", "pulse", "dose", "height", "weight"], [*map(str, range(2000, 2012))]]
)
def test_that_columns_of_measures_and_years_are_no_examples(names: list[str], tmp_path: Path) -> None:
    assert not told_on_its_side(read(tmp_path / "t.csv", "name", names).frame)


def test_that_measures_of_unlike_sizes_are_no_examples(tmp_path: Path) -> None:
    raw = read(tmp_path / "t.csv", "name", SAMPLES)
    frame = raw.frame.copy()
    frame[SAMPLES[3]] *= 100
    assert not told_on_its_side(frame)
