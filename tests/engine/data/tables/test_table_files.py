"""Table files: Excel and Parquet, and the settings of a table source."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as arrow
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

from engine.choices import Invalid, Problem, located
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile


def read(path: Path, **settings: object) -> Table:
    found = TableFile(path=str(path), **settings).read(0)  # type: ignore[arg-type]
    assert isinstance(found, Table)
    return found


def read_or_problems(path: Path) -> Table | tuple[Problem, ...]:
    try:
        return read(path)
    except Invalid as error:
        return error.problems


def workbook(path: Path, rows: list[list[object]], sheet: str = "Data") -> Path:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = sheet
    for row in rows:
        first.append(row)
    book.create_sheet("Second").append(["only names"])
    book.save(path)
    return path


ROWS: list[list[object]] = [
    ["size", "city", "sold", "day", "mixed"],
    [1.5, "Zürich", True, datetime.datetime(2024, 1, 31, 12), 1],
    [2, "北京", False, datetime.datetime(2024, 2, 1), "x"],
    [None, "NA", True, None, 2.5],
]


def test_that_a_workbook_is_read_with_its_types(tmp_path: Path) -> None:
    frame = read(workbook(tmp_path / "t.xlsx", ROWS)).frame
    assert list(frame.columns) == ROWS[0]
    assert frame["size"].iloc[:2].tolist() == [1.5, 2.0]
    assert frame["size"].isna().tolist() == [False, False, True]
    assert frame["city"].tolist()[:2] == ["Zürich", "北京"]
    assert frame["city"].iloc[2] == "NA"
    assert frame["sold"].tolist() == ["true", "false", "true"]
    assert frame["day"].iloc[0] == pd.Timestamp("2024-01-31 12:00")
    assert frame["mixed"].tolist() == ["1", "x", "2.5"]


def test_that_a_workbook_without_names_is_told_by_its_first_row(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "t.xlsx", [[1, 2], [3, 4], [5, 6]])).names == ("column 1", "column 2")


def test_that_a_lone_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([1, "x"], [2, "y"], [3, "z"]):
        sheet.append(row)
    sheet.cell(row=200_000, column=500, value=7)
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", header="no")
    assert len(found) == 4
    assert found.frame["column 500"].tolist()[3] == 7


def test_that_sheets_are_chosen_by_name_and_a_wrong_name_lists_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", ROWS)
    assert len(read(path, sheet="Data")) == 3
    with pytest.raises(Invalid, match="no sheet 'Daten'; did you mean 'Data'"):
        read(path, sheet="Daten")
    with pytest.raises(Invalid, match="no rows below"):
        read(path, sheet="Second", header="yes")


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
@given(content=st.binary(max_size=200))
def test_that_bytes_that_are_no_workbook_or_parquet_are_refused(
    tmp_path_factory: pytest.TempPathFactory, ending: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"t{ending}"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        read(path)
    assert refused.value.problems[0].path == "data.path"


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
@given(cut=st.floats(0.1, 0.99), flip=st.integers(0, 255))
@example(cut=0.24540275167397219, flip=128)  # text that is no UTF-8 any more
def test_that_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, ending: str, cut: float, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / f"t{ending}"
    if ending == ".xlsx":
        workbook(path, ROWS)
    else:
        pd.DataFrame({"a": range(100), "b": ["x", "y"] * 50}).to_parquet(path)
    content = bytearray(path.read_bytes())
    content[int(len(content) * cut)] ^= flip
    path.write_bytes(content)
    found = read_or_problems(path)
    if isinstance(found, Table):
        assert len(found) > 0
    else:
        assert all(problem.path.startswith("data.") for problem in found)


def test_that_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = {
        "whole": arrow.array([1, 2, None], arrow.int64()),
        "small": arrow.array([0.5, None, 1.5], arrow.float32()),
        "word": arrow.array(["x", "北京", None]),
        "code": arrow.array(["p", "q", "p"]).dictionary_encode(),
        "flag": arrow.array([True, False, None]),
        "money": arrow.array([1, 2, 3], arrow.int32()).cast(arrow.decimal128(12, 2)),
        "when": arrow.array([0, 86_400_000_000, None], arrow.timestamp("us", "Europe/Berlin")),
        "day": arrow.array([0, 1, None], arrow.date32()),
        "list": arrow.array([[1], [2], []]),
    }
    parquet.write_table(arrow.table(columns), path)
    found = read(path)
    frame = found.frame
    assert "list" not in frame
    assert any(notice.startswith("list: ") for notice in found.notices)
    assert frame["whole"].tolist()[:2] == [1, 2]
    assert frame["small"].tolist()[0] == 0.5
    assert frame["word"].tolist()[:2] == ["x", "北京"]
    assert frame["code"].tolist() == ["p", "q", "p"]
    assert frame["flag"].tolist()[:2] == ["true", "false"]
    assert frame["money"].tolist() == [1.0, 2.0, 3.0]
    assert frame["when"].tolist()[:2] == [pd.Timestamp("1970-01-01"), pd.Timestamp("1970-01-02")]
    assert frame["day"].tolist()[1] == pd.Timestamp("1970-01-02")
    assert all(pd.isna(frame[name].iloc[2]) for name in ("whole", "word", "flag", "when", "day"))


def test_that_parquet_of_several_row_groups_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    values = np.arange(1000.0)
    parquet.write_table(arrow.table({"a": values, "b": values}), path, row_group_size=100)
    frame = read(path, ignore=["b"]).frame
    assert frame["a"].tolist() == values.tolist()
    assert list(frame.columns) == ["a"]


def test_that_a_single_target_may_be_written_without_brackets() -> None:
    assert TableFile.family.parse({"kind": "table", "target": "y"}) == TableFile(target=("y",))
    assert TableFile(target=("y",)).model_dump()["target"] == "y"
    assert TableFile(target=("y", "z")).model_dump()["target"] == ["y", "z"]


def test_that_a_relative_path_is_taken_from_the_folder_of_the_experiment(tmp_path: Path) -> None:
    assert located(TableFile(path="t.csv"), tmp_path).path == str(tmp_path / "t.csv")
    assert located(TableFile(path=str(tmp_path / "t.csv")), Path("/elsewhere")).path == str(
        tmp_path / "t.csv"
    )
    assert located(TableFile(), tmp_path).path == ""


def test_that_tab_separated_files_are_told_by_their_extension(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("a,b\tc\n1,5\t2\n2,5\t3\n", encoding="utf-8")
    assert read(path).names == ("a,b", "c")


@pytest.mark.parametrize(
    ("encoding", "word"), [("big5", "臺北"), ("shift_jis", "東京"), ("windows-1251", "Москва")]
)
def test_that_an_encoding_that_is_chosen_is_used(tmp_path: Path, encoding: str, word: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"city,n\n{word},1\nOslo,2\n".encode(encoding))
    assert read(path, encoding=encoding).frame["city"].iloc[0] == word
