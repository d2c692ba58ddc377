"""Columns of several choices a cell: each choice is an input of its own, whatever stands between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest
from numpy.typing import NDArray
from pyarrow import parquet

from engine.data.decisions import decision_in
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile

HELD = [["r", "excel"], ["excel"], ["spss", "r"], ["r", "excel", "spss"], ["spss"]]
KNOWN = ("excel", "r", "spss")
ROWS = 60
MARKS = [";", "|", "┋", "、", "\uff1b", "\uff0c", ",", ", "]


def held_in(rows: list[list[str]], names: tuple[str, ...] = KNOWN) -> list[list[float]]:
    return [[float(name in row) for name in names] for row in rows]


def written(path: Path, cells: list[str | None]) -> Path:
    columns = {"n": np.arange(len(cells)) % 7, "tools": cells, "y": ["p", "q"] * (len(cells) // 2)}
    pd.DataFrame(columns).to_csv(path / "t.tsv", index=False, sep="\t")
    return path / "t.tsv"


def source(path: Path, **settings: Any) -> TableFile:
    return TableFile.model_validate({"path": str(path), "target": ["y"], **settings})


def read(path: Path, **settings: Any) -> Prepared:
    return prepare(source(path, **settings), Split(), Preprocessing(), "classes", 0)


def inputs_of(found: Prepared) -> tuple[list[str], NDArray[np.float64]]:
    """The names of the inputs that are made of the tools, and these inputs of all rows."""
    encoder: Any = found.preprocessor.encoder
    features = [feature for column in encoder.columns for feature in column.features]
    places = [place for place, name in enumerate(features) if name.startswith("tools")]
    return [features[place] for place in places], found.preprocessor.inputs(found.raw)[:, places]


@pytest.mark.parametrize("mark", MARKS)
def test_that_choices_are_offered_and_become_an_input_each_and_new_rows_likewise(
    mark: str, tmp_path: Path
) -> None:
    rows = [HELD[row % len(HELD)] for row in range(ROWS)]
    path = written(tmp_path, [mark.join(row) for row in rows])
    (asked,) = [notice for notice in read(path).notices if "several choices" in notice]
    assert decision_in(asked).doubtful
    assert [one.value for one in decision_in(asked).others] == ["choices"]
    chosen = read(path, types={"tools": "choices"})
    assert not any("several choices" in notice for notice in chosen.notices)
    names, inputs = inputs_of(chosen)
    assert names == ["tools: excel", "tools: r", "tools: spss"]
    assert inputs.tolist() == held_in(rows)
    # one cell alone shows no mark that recurs
    (tmp_path / "new.tsv").write_text(f"n\ttools\n1\tspss{mark}r\n", "utf-8")
    found = read_new(
        tmp_path / "new.tsv",
        Trained(chosen.preprocessor, source(path, types={"tools": "choices"}), chosen.found),
    )
    assert found.inputs[:, -3:].tolist() == held_in([["spss", "r"]])


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_that_lists_of_words_are_left_out_with_an_offer_by_which_they_are_read(
    ending: str, tmp_path: Path
) -> None:
    rows = [HELD[row % len(HELD)] for row in range(ROWS)]
    records = [{"n": row % 7, "tools": held, "y": "pq"[row % 2]} for row, held in enumerate(rows)]
    path = tmp_path / f"t.{ending}"
    if ending == "json":
        path.write_text(json.dumps(records), "utf-8")
    else:
        parquet.write_table(pyarrow.Table.from_pylist(records), path)
    plain = read(path)
    assert inputs_of(plain)[0] == []
    (asked,) = [notice for notice in plain.notices if "lists of words" in notice]
    (offered,) = decision_in(asked).others
    assert decision_in(asked).doubtful
    assert inputs_of(read(path, types={"tools": offered.value}))[1].tolist() == held_in(rows)
    # as what is to be predicted, they are labels
    labels = prepare(source(path, target=["tools"]), Split(), Preprocessing(), "labels", 0)
    assert labels.description.targets.size == len(KNOWN)


def test_that_empty_cells_and_rare_and_strange_choices_have_inputs_of_their_own(tmp_path: Path) -> None:
    rows = [["r", "excel"] if row % 2 else ["spss"] for row in range(ROWS)]
    cells: list[str | None] = [";".join(row) for row in rows]
    # all of them are in the training part: a split that leaves none to the others
    cells[0], cells[1], cells[2], cells[3] = "r;rare", "excel;seldom", None, "spss"
    path = written(tmp_path, cells)
    whole = Split.model_validate({"train": 1, "validation": 0, "test": 0})
    kinds = source(path, types={"tools": "choices"})
    found = prepare(kinds, whole, Preprocessing(), "classes", 0)
    names, inputs = inputs_of(found)
    assert names == ["tools: excel", "tools: r", "tools: spss", "tools: another", "tools is missing"]
    assert inputs[:4].tolist() == [[0, 1, 0, 1, 0], [1, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 1, 0, 0]]
    (tmp_path / "new.tsv").write_text("n\ttools\n1\texcel;python\n", "utf-8")
    assert read_new(tmp_path / "new.tsv", Trained(found.preprocessor, kinds, found.found)).inputs[
        0, -5:
    ].tolist() == [1, 0, 0, 1, 0]


def test_that_an_identifier_that_is_all_there_is_to_predict_from_is_asked_about(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).permutation(100_000)[:ROWS]
    pd.DataFrame({"id": numbers, "y": ["p", "q"] * (ROWS // 2)}).to_csv(tmp_path / "t.csv", index=False)
    (asked,) = [notice for notice in read(tmp_path / "t.csv").notices if "all that there is" in notice]
    assert decision_in(asked).doubtful
    pd.DataFrame({"id": numbers, "n": numbers % 7, "y": ["p", "q"] * (ROWS // 2)}).to_csv(tmp_path / "t.csv")
    assert not any("all that there is" in notice for notice in read(tmp_path / "t.csv").notices)
