"""Tables of a folder that begin with the same names are one, and what their own names say is a column."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.opening import source_of


def _read(folder: Path, *target: str) -> Table:
    source = source_of(folder)
    assert isinstance(source, TableFile)
    raw = source.replaced(target=target).read(0)
    assert isinstance(raw, Table)
    return raw


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_that_the_words_by_which_names_differ_are_a_column(mark: str, tmp_path: Path) -> None:
    head = mark.join(["size", "note"])
    for town in ("Bonn", "Kiel", "Ulm"):
        rows = [mark.join([f"{place}", f'"two{mark} lines\nof {place}"']) for place in range(20)]
        (tmp_path / f"weather_{town}_2024.csv").write_text("\ufeff" + "\n".join([head, *rows]))
    raw = _read(tmp_path, "file")
    assert list(raw.frame.columns) == ["file", "size", "note"]
    assert raw.frame["file"].value_counts().to_dict() == {"Bonn": 20, "Kiel": 20, "Ulm": 20}
    assert list(raw.frame["size"][:3]) == [0, 1, 2]


def test_that_a_column_that_says_so_already_is_enough(tmp_path: Path) -> None:
    for town in ("Bonn", "Kiel"):
        (tmp_path / f"{town}.csv").write_text("size,town\n" + "".join(f"{one},{town}\n" for one in range(20)))
    raw = _read(tmp_path, "size")
    assert list(raw.frame.columns) == ["size", "town"]
    assert any("town" in notice for notice in raw.notices)


def test_that_numbered_files_get_no_column_and_a_name_that_is_taken_another(tmp_path: Path) -> None:
    for name in ("day_1", "day_2"):
        (tmp_path / f"{name}.csv").write_text("size,kind\n" + "".join(f"{one},a\n" for one in range(20)))
    assert list(_read(tmp_path, "size").frame.columns) == ["size", "kind"]
    for name in ("day_1", "day_2"):
        (tmp_path / f"{name}.csv").unlink()
    for name in ("day", "night"):
        (tmp_path / f"{name}.csv").write_text(
            "file,size\n" + "".join(f"f{one % 3},{one}\n" for one in range(20))
        )
    assert list(_read(tmp_path, "size").frame.columns) == ["file name", "file", "size"]


def test_that_tables_of_other_columns_are_not_one(tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text("shop,size\n" + "1,2\n" * 20)
    (tmp_path / "sales.csv").write_text("shop,sold\n" + "1,2\n" * 20)
    assert source_of(tmp_path) is None
