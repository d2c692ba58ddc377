"""Letters that offices put behind numbers: read as numbers in all columns, told once; units stay units."""

from __future__ import annotations

import random
from pathlib import Path

from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile

YEARS = [str(year) for year in range(2012, 2020)]


def _table(cells: dict[str, list[str]], path: Path) -> Table:
    rows = [",".join(row) for row in zip(*cells.values(), strict=True)]
    path.write_text("\n".join([",".join(cells), *rows]) + "\n", "utf-8")
    table = TableFile(path=str(path), target=(next(iter(cells)),)).read(0)
    assert isinstance(table, Table)
    return table


def test_that_flags_of_several_columns_are_left_out_and_told_in_one_sentence(tmp_path: Path) -> None:
    one = random.Random(3)
    cells = {
        year: [f"{one.uniform(3, 20):.1f}" + one.choice(["", "", "", " b", " d", " p"]) for _ in range(40)]
        for year in YEARS
    }
    # a break of all series in one year
    cells["2019"] = [f"{row % 9 + 0.5} {'u' if row == 7 else 'b'}" for row in range(40)]
    table = _table(cells, tmp_path / "t.csv")
    assert all(table.frame[year].notna().all() and table.frame[year].dtype == float for year in YEARS)
    assert table.frame["2019"].tolist()[:2] == [0.5, 1.5]
    told = [one for one in table.notices if "an office remarks" in one]
    assert len(told) == 1
    assert "b, d, p, u" in told[0]
    assert len(table.notices) == 1


def test_that_flags_in_brackets_and_signs_of_notes_are_flags_as_well(tmp_path: Path) -> None:
    one = random.Random(3)
    flags = ["", "", "", " (e)", " (p)", "*"]
    cells = {year: [f"{one.uniform(3, 20):.1f}{one.choice(flags)}" for _ in range(40)] for year in YEARS}
    table = _table(cells, tmp_path / "t.csv")
    assert all(table.frame[year].notna().all() and table.frame[year].dtype == float for year in YEARS)
    assert len(table.notices) == 1


def test_that_units_of_two_columns_are_no_flags(tmp_path: Path) -> None:
    cells = {
        "wait": [f"{row % 7 + 1} d" for row in range(40)],
        "run": [f"{row % 11 + 1} s" for row in range(40)],
        "kind": ["ab"[row % 2] for row in range(40)],
    }
    table = _table(cells, tmp_path / "t.csv")
    assert not [one for one in table.notices if "an office remarks" in one]
