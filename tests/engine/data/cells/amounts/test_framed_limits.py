"""Words around numbers may say from where on; words for nothing beside amounts are 0; all of it is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.rules import Rules
from engine.data.decisions import decision_in
from engine.data.tables.sources.table_file import TableFile

NUMBERS = (1000, 220, 9999, 69, 191, 800, 97, 215, 22, 300, 288, 180, 255, 500, 196)
"""Above 300 a shop is said to have sold so many and more."""
SOLD = [f"月售{number}{'+' if number >= 300 else ''}" for number in NUMBERS]
LEAST = ["起送\uffe515", "起送\uffe50", "起送\uffe530", "起送\uffe520"]
FEE = ["配送\uffe53", "配送\uffe51.5", "免配送费", "配送\uffe55"]


def read(cells: list[str], path: Path) -> list[str]:
    (path / "t.csv").write_text(
        "c,y\n" + "".join(f"{one},{row}\n" for row, one in enumerate(cells * 12)), "utf-8"
    )
    return [*TableFile(path=str(path / "t.csv")).read(0).notices]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (SOLD, [*NUMBERS]),
        (LEAST, [15, 0, 30, 20]),
        (FEE, [3, 1.5, 0, 5]),
        (["Ship $3", "free shipping", "Ship $4.50"], [3, 0, 4.5]),
    ],
    ids=["sold", "least", "fee", "shipping"],
)
def test_that_numbers_behind_a_word_are_asked_about_and_read_whole(
    cells: list[str], values: list[float], tmp_path: Path
) -> None:
    (about,) = [one for one in map(decision_in, read(cells, tmp_path)) if one.column == "c"]
    assert about.doubtful
    assert "number" in [other.value for other in about.others]
    column = recognise("c", pd.Series(cells), CellStyle(kind="number")).column
    assert column.tolist() == values


@pytest.mark.parametrize(
    "cells",
    [["Group 1", "Group 2", "Group 3"], ["Plan A+", "Plan B", "free"], ["Level 1+", "Level 2"]],
    ids=["groups", "plans", "levels"],
)
def test_that_of_names_with_numbers_no_number_is_asked(cells: list[str], tmp_path: Path) -> None:
    assert not [one for one in map(decision_in, read(cells, tmp_path)) if one.column == "c" and one.doubtful]


def test_that_runs_of_before_read_what_they_learnt() -> None:
    style = CellStyle(kind="number", rules=Rules.PEOPLES_MARKS)
    assert np.isnan(recognise("c", pd.Series(FEE), style).column[2])


@pytest.mark.parametrize(
    "cells",
    [["3天前", "刚刚", "2小时前", "昨天", "1周前"], ["2 hours ago", "yesterday", "an hour ago", "just now"]],
    ids=["Chinese", "English"],
)
def test_that_times_from_an_unknown_day_are_told_to_be_words(cells: list[str], tmp_path: Path) -> None:
    (about,) = [one for one in map(decision_in, read(cells, tmp_path)) if one.column == "c"]
    assert "which is unknown" in about.said
    assert not about.doubtful


@pytest.mark.parametrize("cells", [["today", "yesterday"], ["3天", "5天"], ["前台", "昨日香"]])
def test_that_other_words_are_no_such_times(cells: list[str], tmp_path: Path) -> None:
    assert not [one for one in read(cells, tmp_path) if "which is unknown" in one]


@pytest.mark.parametrize(("cell", "value"), [("月售1000+", 1000), ("人均\uffe526", 26), ("RPE 7.5", 7.5)])
def test_that_a_new_row_alone_is_read_as_those_of_training(cell: str, value: float) -> None:
    assert recognise("c", pd.Series([cell]), CellStyle(kind="number")).column.tolist() == [value]
