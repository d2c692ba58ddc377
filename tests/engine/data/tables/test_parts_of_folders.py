"""Files below a folder are one table, whatever their form; what names of folders say is a column."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.series.sources.series_table import SeriesTable
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.opening import source_of

Write = Callable[[pd.DataFrame, Path], None]


def _records(frame: pd.DataFrame, path: Path) -> None:
    path.write_text(frame.to_json(orient="records", indent=2), encoding="utf-8")


def _lines(frame: pd.DataFrame, path: Path) -> None:
    path.write_text(frame.to_json(orient="records", lines=True), encoding="utf-8")


def _csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False)


def _bare(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, header=False)


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path)


FORMS: dict[str, Write] = {
    "part-{n:05}-4e13e29e-45d4.c000.snappy.parquet": _parquet,
    "part-{n:05}-4e13e29e-45d4.c000.csv": _csv,
    "part-{n:05}-4e13e29e-45d4.c000.json": _lines,
    "page_{n}.json": _records,
}


def _rows(first: int, count: int = 20) -> pd.DataFrame:
    numbers = range(first, first + count)
    return pd.DataFrame(
        {"size": [one * 1.5 for one in numbers], "kind": [f"k{one % 2}, of them" for one in numbers]}
    )


def _write(folder: Path, name: str, write: Write, folders: tuple[str, ...]) -> Path:
    for place, inner in enumerate(folders):
        (folder / inner).mkdir(parents=True, exist_ok=True)
        for n in range(2):
            write(_rows(100 * place + 20 * n), folder / inner / name.format(n=n))
            # as Hadoop leaves them
            (folder / inner / f".{name.format(n=n)}.crc").write_bytes(b"crc\0")
    (folder / "_SUCCESS").touch()
    return folder


def _table(folder: Path) -> Table:
    source = source_of(folder)
    assert isinstance(source, TableFile)
    raw = source.replaced(target=("kind",)).read_ordinary(0)
    assert isinstance(raw, Table)
    return raw


@pytest.mark.parametrize("name", FORMS)
def test_that_folders_that_name_a_column_are_one_table(name: str, tmp_path: Path) -> None:
    folders = ("day=2023-05-01/shop=A%20B", "day=2023-05-02/shop=C", "day=2023-05-03/shop=C")
    raw = _table(_write(tmp_path / "orders", name, FORMS[name], folders))
    assert set(raw.frame) == {"size", "kind", "day", "shop"}
    assert len(raw) == 120
    assert list(raw.frame["size"].iloc[[0, 40, 80]]) == [0, 150, 300]
    assert [str(one)[:10] for one in raw.frame["day"].iloc[[0, 39, 40, 119]]] == [
        "2023-05-01",
        "2023-05-01",
        "2023-05-02",
        "2023-05-03",
    ]
    assert list(raw.frame["shop"].iloc[[0, 40]]) == ["A B", "C"]
    assert set(raw.frame["kind"]) == {"k0, of them", "k1, of them"}
    assert any("6 tables of the folder are read as one" in one and "day, shop" in one for one in raw.notices)
    assert not any("SUCCESS" in one or "crc" in one for one in raw.notices)


@pytest.mark.parametrize("name", FORMS)
def test_that_parts_beside_each_other_are_one_table(name: str, tmp_path: Path) -> None:
    raw = _table(_write(tmp_path / "orders", name, FORMS[name], ("",)))
    assert set(raw.frame) == {"size", "kind"}
    assert list(raw.frame["size"]) == [one * 1.5 for one in range(40)]


def test_that_parts_without_names_get_none_of_their_own(tmp_path: Path) -> None:
    folder = _write(tmp_path / "orders", "part-{n}.csv", _bare, ("day=2023-05-01", "day=2023-05-02"))
    source = source_of(folder)
    assert isinstance(source, TableFile)
    raw = source.replaced(target=("column 2",)).read(0)
    assert isinstance(raw, Table)
    assert list(raw.frame) == ["day", "column 1", "column 2"]
    assert len(raw) == 80


def test_that_a_folder_without_a_value_says_nothing(tmp_path: Path) -> None:
    folders = ("shop=A", "shop=__HIVE_DEFAULT_PARTITION__")
    raw = _table(_write(tmp_path / "orders", "part-{n}.parquet", _parquet, folders))
    assert raw.frame["shop"].isna().sum() == 40


def test_that_digits_of_records_stay_as_they_are_written(tmp_path: Path) -> None:
    for day in (1, 2):
        (tmp_path / "all" / f"day={day}").mkdir(parents=True)
        lines = [f'{{"version": 1.{one}0, "kind": "k{one % 2}"}}' for one in range(1, 20)]
        (tmp_path / "all" / f"day={day}" / "part-0.jsonl").write_text("\n".join(lines))
    raw = TableFile(path=str(tmp_path / "all"), target=("kind",), types=(("version", "words"),)).read(0)
    assert isinstance(raw, Table)
    assert raw.frame["version"].iloc[0] == "1.10"


def test_that_folders_of_other_names_are_joined_where_somebody_wants_a_table(tmp_path: Path) -> None:
    folder = _write(tmp_path / "walks", "day_{n}.csv", _csv, ("anna", "ben"))
    (folder / "_SUCCESS").unlink()
    assert isinstance(source_of(folder), SeriesTable)
    raw = TableFile(path=str(folder), target=("kind",)).read(0)
    assert isinstance(raw, Table)
    assert list(raw.frame["folder"].iloc[[0, 79]]) == ["anna", "ben"]


def test_that_files_of_other_columns_are_no_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    for day, frame in ((1, _rows(0)), (2, _rows(0).rename(columns={"size": "height"}))):
        (folder / f"day={day}").mkdir(parents=True)
        frame.to_parquet(folder / f"day={day}" / "part-0.parquet")
    with pytest.raises(Invalid, match="is a folder"):
        TableFile(path=str(folder), target=("kind",)).read(0)


def test_that_notes_on_pictures_are_no_rows(tmp_path: Path) -> None:
    for place in range(3):
        note = {"image": f"{place}.jpg", "shapes": [{"label": "cat", "points": [[0, 1], [2, 3]]}]}
        (tmp_path / f"{place}.json").write_text(json.dumps(note))
    assert source_of(tmp_path) is None
