"""Tables of Weka and arrays of NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.choices import Invalid
from engine.data.cells.values import is_number
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.series.raw import SeriesSet
from engine.data.series.sources.series_table import SeriesTable
from engine.data.source import silent
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.opening import source_of
from tests.engine.data.same_inputs import Case, trained

HEAD = """% Title: weather
@RELATION 'the weather'

@ATTRIBUTE outlook {sunny, 'light rain', "it\\'s dry"}
@ATTRIBUTE 'wind (km/h)'\tREAL
@attribute level {0, 1}
@attribute "day" date "yyyy-MM-dd"

@DATA
"""
ROWS = """sunny,12.5,0,2024-03-05
'light rain', ?,1,2024-03-06
% a remark

"it\\'s dry",1e1,0, "2024-03-07"
"""


def put(folder: Path, name: str, content: str | NDArray[Any]) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    if isinstance(content, str):
        path.write_text(content, "utf-8")
    else:
        np.save(path, content)
    return path


def read(path: Path, **how: Any) -> Table:
    found = TableFile(path=str(path), **how).read(0)
    assert isinstance(found, Table)
    return found


def test_that_a_table_of_weka_is_read_with_its_kinds(tmp_path: Path) -> None:
    path = put(tmp_path, "t.arff", HEAD + ROWS)
    assert isinstance(source_of(path), TableFile)
    found = read(path, target=("level",))
    assert found.names == ("outlook", "wind (km/h)", "level", "day")
    assert found.frame["outlook"].tolist() == ["sunny", "light rain", "it's dry"]
    np.testing.assert_array_equal(found.frame["wind (km/h)"], [12.5, np.nan, 10.0])
    # a class by its number, as Weka says itself
    assert not is_number(found.frame["level"])
    assert found.as_written("level").tolist() == ["0", "1", "0"]
    assert str(found.frame["day"].iloc[2])[:10] == "2024-03-07"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD + "{0 sunny, 2 1}\n", "sparse"),
        (HEAD + "sunny,1\n", "line 10: 2 cells, and there are 4 columns"),
        (HEAD, "no rows of data"),
        ("just a note\n", "no rows of data"),
    ],
)
def test_that_what_is_no_plain_table_of_weka_is_refused(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=why):
        read(put(tmp_path, "t.arff", text))


RECORDS = np.zeros(3, [("a", ">f4"), ("b", "i2"), ("c", "U3"), ("d", "S2")])
RECORDS["a"], RECORDS["b"], RECORDS["c"], RECORDS["d"] = [0.5, 1.5, np.nan], [7, 8, 9], ["x", "y", "x"], b"z"


@pytest.mark.parametrize(
    ("array", "columns"),
    [
        (np.arange(6, dtype=np.float16).reshape(3, 2), {"column 1": [0, 2, 4], "column 2": [1, 3, 5]}),
        (np.array([3, 1, 2], ">i8"), {"column 1": [3, 1, 2]}),
        (np.array([["a", "b"], ["c", "d"]]), {"column 1": ["a", "c"], "column 2": ["b", "d"]}),
        (RECORDS, {"a": [0.5, 1.5, np.nan], "b": [7, 8, 9], "c": ["x", "y", "x"], "d": ["z", "z", "z"]}),
    ],
    ids=["numbers", "one axis", "words", "records"],
)
def test_that_an_array_is_a_table(array: NDArray[Any], columns: dict[str, list[Any]], tmp_path: Path) -> None:
    found = read(put(tmp_path, "t.npy", array))
    assert found.names == tuple(columns)
    for name, values in columns.items():
        np.testing.assert_array_equal(found.frame[name].to_numpy(), np.array(values))


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.zeros((4, 28, 28)), "4 × 28 × 28 values of the type float64"),
        (np.array([{"a": 1}], object), "objects of Python are not opened"),
        (np.zeros((0, 3)), "0 × 3 values"),
        (np.zeros(3, complex), "complex"),
        (np.array(5.0), "single"),
    ],
)
def test_that_other_arrays_are_refused(array: NDArray[Any], why: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=why):
        read(put(tmp_path, "t.npy", array))


def test_that_what_is_cut_off_or_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "t.npy", np.zeros((1000, 3)))
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(Invalid, match="no array that can be read"):
        read(path)


def test_that_a_folder_of_arrays_holds_a_recording_each(tmp_path: Path) -> None:
    for place in ("rest/1", "rest/2", "walk/1", "walk/2"):
        put(tmp_path, f"{place}.npy", np.random.default_rng(0).normal(size=(30, 2)))
    assert isinstance(source_of(tmp_path), SeriesTable)
    found = SeriesTable(path=str(tmp_path)).read(0)
    assert isinstance(found, SeriesSet)
    assert sorted(found.labels) == ["rest", "rest", "walk", "walk"]
    # what a program made of the tables beside it is not read twice
    for place in ("rest/1", "walk/1"):
        put(tmp_path, f"{place}.csv", "a,b\n" + "1,2.5\n2,3.5\n" * 9)
    assert len(SeriesTable(path=str(tmp_path)).read(0)) == 2


@pytest.mark.parametrize("name", ["t.arff", "t.npy"])
def test_that_new_rows_become_what_training_got(name: str, tmp_path: Path) -> None:
    content: Any = HEAD + "".join(f"sunny,{n}.5,{n % 2},2024-03-{5 + n % 20:02d}\n" for n in range(60))
    if name == "t.npy":
        content = np.stack([np.arange(60.0) / 7, np.arange(60) % 2], axis=1)
    target = "level" if name == "t.arff" else "column 2"
    path = put(tmp_path, name, content)
    prepared, known = trained(Case(TableFile(path=str(path), target=(target,))))
    new = read_new(path, Trained(known.preprocessor, known.source, known.found), silent)
    np.testing.assert_array_equal(new.inputs, prepared.preprocessor.inputs(prepared.raw))
