"""What is said of cells is said of the rows that are used: those without an answer lack nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile

ROWS = [
    f"{row * 7 % 50}.5,{'abc'[row % 3]},{['yes', 'no'][row % 2]},2024-03-{1 + row % 28:02}"
    for row in range(60)
]
"""A number, a word, a yes or no and a day in each row."""
OTHER = {
    "empty rows of an order that goes on": [",,,", ",,,", ",c,,"],
    "words that no other row has": [
        ",new,yes,2024-03-01",
        "1.5,new,yes,2024-03-01",
        "2.5,other,no,2024-03-02",
    ],
}


def told(folder: Path, rows: list[str]) -> list[str]:
    folder.mkdir()
    (folder / "t.csv").write_text("size,sort,ready,day,y\n" + "\n".join(rows) + "\n", "utf-8")
    raw = TableFile(path=str(folder / "t.csv"), target=("y",)).read(0)
    found = prepare_raw(raw, Split(), Preprocessing(), "classes", 0)
    return [notice for notice in found.notices if "missing, " in notice or "not seen" in notice]


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
@pytest.mark.parametrize("gaps", [False, True])
def test_that_rows_without_an_answer_change_nothing_that_is_said(
    other: list[str], gaps: bool, tmp_path: Path
) -> None:
    rows = [",,," if gaps and row % 20 == 7 else cells for row, cells in enumerate(ROWS)]
    answered = [f"{cells},{'pq'[row // 2 % 2]}" for row, cells in enumerate(rows)]
    # behind those that are answered, so that the split takes the same rows
    alone = told(tmp_path / "alone", answered)
    beside = told(tmp_path / "beside", [*answered, *(f"{cells}," for cells in other)])
    assert beside == alone
    assert any("missing" in notice for notice in alone) == gaps
