"""Parquet files that count each other are one table; marks of several signs between cells are told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.opening import source_of


def _write(folder: Path, part: str, count: int, rows: int = 10) -> None:
    folder.mkdir(exist_ok=True)
    for place in range(count):
        numbers = [place * rows + row for row in range(rows)]
        frame = pd.DataFrame({"size": numbers, "kind": [f"k{one % 2}" for one in numbers]})
        frame.to_parquet(folder / f"{part}-{place:05}-of-{count:05}.parquet")


def test_that_files_that_count_each_other_are_one_table(tmp_path: Path) -> None:
    _write(tmp_path / "data", "train", 3)
    _write(tmp_path / "data", "test", 2)
    source = source_of(tmp_path / "data")
    assert isinstance(source, TableFile)
    raw = source.replaced(target=("kind",)).read_ordinary(0)
    assert isinstance(raw, Table)
    assert list(raw.frame["size"]) == [*range(30), *range(20)]
    assert raw.published is not None
    assert list(raw.published).count("test") == 20


def test_that_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "train", 3)
    (tmp_path / "train-00001-of-00003.parquet").unlink()
    raw = TableFile(path=str(tmp_path / "train-00000-of-00003.parquet"), target=("kind",)).read(0)
    assert len(raw) == 20
    assert any("1 of the 3 are not there" in notice for notice in raw.notices)


def test_that_a_file_of_one_is_that_alone(tmp_path: Path) -> None:
    _write(tmp_path, "train", 1)
    raw = TableFile(path=str(tmp_path / "train-00000-of-00001.parquet"), target=("kind",)).read(0)
    assert len(raw) == 10
    assert raw.notices == ()


@pytest.mark.parametrize("mark", ["+++$+++", "<->", "###", "@@@"])
def test_that_cells_apart_by_signs_are_refused_with_the_signs(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    rows = [
        f"L{row} {mark} u{row % 4} {mark} BIANCA {mark} Well, they do{', not' * (row % 3)}!"
        for row in range(40)
    ]
    path.write_text("\n".join(rows))
    source = source_of(path)
    assert isinstance(source, TableFile)
    with pytest.raises(Invalid, match="cells stand apart by"):
        source.read(0)
