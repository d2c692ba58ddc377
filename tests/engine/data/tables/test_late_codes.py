"""What a column is, all of its rows decide: a code as 007 that comes late makes a column of words, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.cells.values import is_number
from engine.data.tables.sources.table_file import TableFile


@pytest.mark.parametrize("place", [0, 600, 2999])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["0077", '"0077"'])
def test_that_a_leading_zero_in_any_row_is_kept(
    place: int, separator: str, code: str, tmp_path: Path
) -> None:
    cells = [str(1000 + row) for row in range(3000)]
    cells[place] = code
    lines = [separator.join(("zip", "size", "y"))]
    lines += [separator.join((cell, str(row % 7), "pq"[row % 2])) for row, cell in enumerate(cells)]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    found = TableFile(path=str(tmp_path / "t.csv"), target=("y",)).read(0)
    assert found.frame["zip"].iloc[place] == "0077"
    assert any("numbers as 0077 name something" in notice for notice in found.notices)
    assert is_number(found.frame["size"])


def test_that_numbers_without_codes_stay_numbers(tmp_path: Path) -> None:
    lines = ["a,b,when,y", *(f"{row},0.5,2020-01-0{1 + row % 9},p" for row in range(900)), "0,0,2020-01-02,q"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    frame = TableFile(path=str(tmp_path / "t.csv"), target=("y",)).read(0).frame
    assert is_number(frame["a"])
    assert is_number(frame["b"])
