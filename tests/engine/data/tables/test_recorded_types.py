"""A new file is read by the types that the training recorded, whatever it alone would look like.

Every column of a table is of another type. Parts of the very rows of the training (one row, rows in which a
column holds one value alone, or nothing, columns in another order, with others beside them) must become the
very inputs that these rows were in training, in every form of file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.data.decisions import decision_in
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.prepared import Prepared
from engine.data.tables.sources.table_file import TableFile
from tests.engine.data.same_inputs import Case, trained

COUNT = 120
DAYS = pd.date_range("2023-11-05", periods=COUNT, freq="31h")
COLUMNS: dict[str, Callable[[int], Any]] = {
    "felt": lambda row: None if row % 4 else 1 + row // 4 % 5 * (row % 3),
    "flag": lambda row: None if row % 3 == 1 else row % 2,
    "ticked": lambda row: "x" if row % 3 else None,
    "word": lambda row: ("red", "blue", "pale")[row % 3],
    "yes": lambda row: ("yes", "no")[row % 2],
    "rarely": lambda row: None if row % 5 else ("a", "b")[row % 2],
    "code": lambda row: f"{row % 7:03}",
    "day": lambda row: f"{DAYS[row]:%Y-%m-%d}",
    "moment": lambda row: f"{DAYS[row]:%d/%m/%Y %H:%M}",
    "whole": lambda row: row * 7 % 50,
    "share": lambda row: f"{row % 100}%",
    "price": lambda row: f"{1000 + row * 13 % 900:,}",
    "weight": lambda row: f"{row % 60} kg",
    "several": lambda row: ("tea;milk", "tea", "milk;sugar", "sugar")[row % 4],
    "year": lambda row: 1990 + row % 30,
    "number": lambda row: (row * 37 % 100) / 8,
    "limited": lambda row: "<0.5" if row % 3 == 0 else f"{row % 40 / 4 + 0.5:g}",
    "beyond": lambda row: ">100" if row % 3 == 0 else str(row % 100),
    "tenure": lambda row: ("less than 1 year", "2 years", "3 years", "10+ years")[row % 4],
    "staff": lambda row: ("少于50人", "50-99人", "100-499人", "500人以上")[row % 4],
    "ages": lambda row: ("under 18", "18-24", "25-34", "65+")[row % 4],
    "stamp": lambda row: int(DAYS[row].timestamp()),
}
TYPED = {"several": "choices", "staff": "range", "ages": "range"}
WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "csv": lambda frame, path: frame.to_csv(path, index=False),
    "json": lambda frame, path: path.write_text(json.dumps(frame.to_dict("records"))),
    "jsonl": lambda frame, path: path.write_text("\n".join(map(json.dumps, frame.to_dict("records")))),
    "xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "parquet": lambda frame, path: frame.to_parquet(path, index=False),
}


def whole() -> pd.DataFrame:
    made = {name: [cell(row) for row in range(COUNT)] for name, cell in COLUMNS.items()}
    made["target"] = [("up", "down")[row * 7 % 3 % 2] for row in range(COUNT)]
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in made.items()})


def typed(frame: pd.DataFrame, form: str) -> pd.DataFrame:
    """The same with the types that a file of Parquet needs, elsewhere with None where nothing is."""
    return frame.infer_objects() if form == "parquet" else frame.astype(object).where(frame.notna(), None)


def parts() -> dict[str, list[int]]:
    """Rows of the training, by what is peculiar of them."""
    frame = whole()
    found = {
        "the first": [0],
        "the second": [1],
        "two": [7, 8],
        "ten": [*range(30, 40)],
        "all": [*range(COUNT)],
    }
    for name in COLUMNS:
        value = frame[name].dropna().iloc[0]
        same = frame.index[frame[name] == value].tolist()
        found[f"{name} the same"] = same[:6]
        if frame[name].isna().any():
            gone = frame.index[frame[name].isna()].tolist()
            found[f"{name} missing"] = gone[:6]
            # one value and missing: boxes, if nobody knew better
            found[f"{name} the same or missing"] = sorted(same[:6] + gone[:6])
    return found


PARTS = parts()


@pytest.fixture(scope="module", params=WRITERS)
def learnt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    form = request.param
    path = tmp_path_factory.mktemp(form) / f"a.{form}"
    frame = whole()
    WRITERS[form](typed(frame, form), path)
    source = TableFile(path=str(path), target=("target",), types=tuple(TYPED.items()))
    prepared, known = trained(Case(source))
    return form, prepared, known


def inputs_of(frame: pd.DataFrame, form: str, known: Trained, folder: Path) -> Any:
    path = folder / f"new.{form}"
    WRITERS[form](typed(frame.reset_index(drop=True), form), path)
    return read_new(path, known)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("change", ["as it is", "other order", "more columns"])
def test_that_rows_of_the_training_become_the_inputs_they_were(
    learnt: tuple[str, Prepared, Trained], part: str, change: str, tmp_path: Path
) -> None:
    form, prepared, known = learnt
    if change != "as it is" and form not in ("csv", "json"):
        return
    rows = PARTS[part]
    before = prepared.preprocessor.inputs(prepared.raw)[rows]
    frame = whole().iloc[rows].drop(columns="target")
    if change == "other order":
        frame = frame[[*frame.columns][::-1]]
    elif change == "more columns":
        frame = frame.assign(remark="1", more=[f"2024-0{1 + row % 9}-01" for row in rows])
    new = inputs_of(frame, form, known, tmp_path)
    assert not new.unanswered, new.unanswered
    names = prepared.preprocessor.received.names
    wrong = {name for name, same in zip(names, (before == new.inputs).all(axis=0), strict=True) if not same}
    assert not wrong
    assert not [one for one in new.notices if decision_in(one).doubtful]


def test_that_a_type_that_is_forgotten_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    WRITERS["csv"](typed(whole(), "csv"), path)
    source = TableFile(path=str(path), target=("target",), types=tuple(TYPED.items()))
    prepared, known = trained(Case(source))
    rows = PARTS["ticked missing"]
    rest = {name: value for name, value in known.found.items() if name != "types"}
    frame = whole().iloc[rows].drop(columns="target")
    new = inputs_of(frame, "csv", Trained(known.preprocessor, source, rest), tmp_path)
    before = prepared.preprocessor.inputs(prepared.raw)[rows]
    assert new.unanswered or not np.array_equal(before, new.inputs)
