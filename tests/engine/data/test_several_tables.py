"""Files that hold several tables: whatever is not read of one is told, or the file is refused.

That holds for every source, whether it is trained on, judged or predicted. A file format that is new, or a
source, stands in one of the lists below, or a test fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family, Invalid
from engine.command_line.main import run as command
from engine.data import rooms  # noqa: F401 - fills the family of sources
from engine.data.decisions import decision_in
from engine.data.files.endings import (
    ARRAY,
    EXCEL,
    JSON,
    MARKUP,
    PARQUET,
    SERIES,
    SUBTITLES,
    TAGGED,
    TEXT,
    WEKA,
)
from engine.data.source import Source
from engine.inference.evaluation import evaluate_file
from engine.runs.folder import RunFolder
from tests.engine.inference.test_new_files import predicted, trained

Writer = Callable[[Path, pd.DataFrame, pd.DataFrame], None]


def workbook(path: Path, one: pd.DataFrame, other: pd.DataFrame) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        one.to_excel(book, sheet_name="2023", index=False)
        other.to_excel(book, sheet_name="2024", index=False)


def lists(path: Path, one: pd.DataFrame, other: pd.DataFrame) -> None:
    path.write_text(json.dumps({"2023": one.to_dict("records"), "2024": other.head(4).to_dict("records")}))


def below(path: Path, one: pd.DataFrame, other: pd.DataFrame) -> None:
    path.write_text(one.to_csv(index=False) + "\n" + other.to_csv(index=False))


SEVERAL: dict[str, Writer] = {
    **dict.fromkeys((".xlsx", ".xlsm"), workbook),
    **dict.fromkeys((".json", ".geojson"), lists),
    **dict.fromkeys(TEXT, below),
}
SINGLE: dict[str, str] = {
    **dict.fromkeys((".xltx", ".xltm"), "as .xlsx; openpyxl writes them under no other name"),
    **dict.fromkeys((".jsonl", ".ndjson"), "a record a line"),
    **dict.fromkeys(PARQUET, "one schema"),
    **dict.fromkeys(ARRAY, "one array"),
    **dict.fromkeys(WEKA, "a second relation is refused as a row of too few cells"),
    **dict.fromkeys(SERIES, "one @data"),
    **dict.fromkeys((*TAGGED, *SUBTITLES, ".text", ".tokens", ".md", ".markdown", ".rst"), "running text"),
    **dict.fromkeys(MARKUP, "tested below"),
}


def rows(count: int = 60, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    x = random.normal(5, 2, count).round(3)
    return pd.DataFrame({"x": x, "z": random.normal(size=count).round(3), "y": np.where(x > 5, "big", "low")})


def course(count: int = 60) -> pd.DataFrame:
    days = pd.date_range("2023-01-01", periods=count).strftime("%Y-%m-%d")
    return pd.DataFrame({"day": days, "rain": np.sin(np.arange(count)).round(3)})


def sentences(count: int = 60) -> pd.DataFrame:
    said = [f"it is {'good' if n % 2 else 'bad'} to walk {n} miles today" for n in range(count)]
    return pd.DataFrame({"text": said, "mood": ["good" if n % 2 else "bad" for n in range(count)]})


def pairs(count: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        {"en": [f"walk {n} miles" for n in range(count)], "de": [f"{n} Meilen" for n in range(count)]}
    )


def words(count: int = 60) -> pd.DataFrame:
    return pd.DataFrame({"sentence": np.arange(count) // 6, "word": ["walk", "to", "Rome"] * (count // 3),
                         "tag": ["O", "O", "B-LOC"] * (count // 3)})  # fmt: skip


SOURCES: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
    "table": (rows(), {"target": "y"}),
    "time_series": (course(), {}),
    "series_table": (
        pd.DataFrame(
            {"id": np.repeat(np.arange(12), 5), "v": rows().x, "class": np.repeat(["a", "b"] * 6, 5)}
        ),
        {"id": "id", "label": "class"},
    ),
    "text_table": (sentences(), {"texts": "text", "label": "mood"}),
    "text_pairs": (pairs(), {"source": "en", "target": "de"}),
    "tagged_text": (words(), {}),
}
"""A table for each source of tables, and the settings that name its columns."""


def test_that_every_ending_is_known_to_hold_several_tables_or_one() -> None:
    endings = {ending for source in Source.every() for ending in source.endings}
    assert endings <= {*SEVERAL, *SINGLE}
    tables = {*EXCEL, *JSON, *TEXT}
    assert {kind for kind in Source.kinds() if tables & {*Source.kinds()[kind].endings}} == {
        *SOURCES,
        "text_files",
    }


CASES = [
    (kind, ending)
    for kind in SOURCES
    for ending in SEVERAL
    if ending in Source.kinds()[kind].endings
    and ending in (".xlsx", ".json", ".csv")
    # below words stand words: nothing tells where a second table of them begins
    and not (kind in ("tagged_text", "text_pairs", "text_table") and ending == ".csv")
]


@pytest.mark.parametrize(("kind", "ending"), CASES)
def test_that_a_table_that_is_not_read_is_told(kind: str, ending: str, tmp_path: Path) -> None:
    frame, settings = SOURCES[kind]
    path = tmp_path / f"data{ending}"
    other = frame.head(20).rename(columns=str.upper) if ending == ".csv" else frame.head(20)
    SEVERAL[ending](path, frame, other)
    source = Family.every["data"][kind](path=str(path), **settings)
    raw = source.read(0)
    told = [notice for notice in raw.notices if "2024" in notice or "second table" in notice]
    assert told, raw.notices
    assert decision_in(told[0]).setting in ("data.sheet", "data.other_rows")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run on one sheet of a workbook, which the person named."""
    place = tmp_path_factory.mktemp("run")
    workbook(place / "train.xlsx", rows(), rows(20, 1))
    return trained(
        place, {"kind": "table", "path": str(place / "train.xlsx"), "target": "y", "sheet": "2023"}
    )


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".json"])
def test_that_it_is_told_where_the_file_is_judged_or_predicted(
    run: RunFolder, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"new{ending}"
    other = rows(20, 2)
    SEVERAL[ending](path, rows(40, 3), other.rename(columns=str.upper) if ending == ".csv" else other)
    if ending == ".json":  # the key of the list is what the sheet was called
        assert "2024" in " ".join(predicted(run, path).warnings)
    for told in (evaluate_file(run, path).notes, predicted(run, path).warnings):
        assert any("2024" in one or "second table that begins in row 42" in one for one in told), told


def test_that_a_workbook_of_one_sheet_says_nothing_of_sheets(run: RunFolder, tmp_path: Path) -> None:
    rows(30, 4).to_excel(tmp_path / "one.xlsx", sheet_name="2023", index=False)
    assert not any("sheet" in one for one in evaluate_file(run, tmp_path / "one.xlsx").notes)


def test_that_the_command_line_says_what_to_set(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook(tmp_path / "new.xlsx", rows(40, 3), rows(20, 2))
    assert command(["evaluate", str(run.path), str(tmp_path / "new.xlsx")]) == 0
    assert "--set data.sheet=2024" in capsys.readouterr().out
    assert command(["evaluate", str(run.path), str(tmp_path / "new.xlsx"), "--set", "data.sheet=2024"]) == 0
    assert "20 examples" in capsys.readouterr().out


def test_that_what_is_offered_for_a_new_experiment_can_be_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sheet called 2024 is a name; the offered change was refused, as 2024 is a number in TOML."""
    workbook(tmp_path / "book.xlsx", rows(40, 3), rows(20, 2))
    made = tmp_path / "made.toml"
    changes = ["data.target=y", "data.sheet=2024", "seed=3"]
    assert command(["new", str(tmp_path / "book.xlsx"), "-o", str(made), "--set", *changes]) == 0
    assert 'sheet = "2024"' in made.read_text()
    assert "seed = 3" in made.read_text()
    assert command(["check", str(made), "--set", "data.sheet=2023"]) == 0
    # a value that is wrong as a text, too, is refused with its own reason
    assert command(["check", str(made), "--set", "data.sheet=2023", "seed=many"]) == 2


def read(path: Path, **settings: Any) -> Any:
    return Family.every["data"]["table"](path=str(path), target="y", **settings).read(0)


def test_that_a_list_of_json_is_chosen_by_its_key(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    parts = {"train": rows().to_dict("records"), "test": rows(20).to_dict("records")}
    path.write_text(json.dumps(parts))
    with pytest.raises(Invalid, match="several lists of records") as refused:
        read(path)
    assert refused.value.problems[0].path == "data.sheet"
    assert len(read(path, sheet="test")) == 20
    with pytest.raises(Invalid, match="there is no list 'tset'; did you mean"):
        read(path, sheet="tset")


def test_that_lists_that_describe_the_columns_are_no_tables(tmp_path: Path) -> None:
    for orient in ("table", "split", "columns", "records"):
        path = tmp_path / f"{orient}.json"
        rows(8).to_json(path, orient=orient)  # type: ignore[call-overload]
        found = read(path)
        assert len(found) == 8
        assert not any("there are also" in notice for notice in found.notices), orient


def test_that_a_page_of_tables_is_told_and_one_of_prose_is_not(tmp_path: Path) -> None:
    def told(name: str, page: str) -> str:
        (tmp_path / name).write_text(page)
        return " ".join(Family.every["data"]["text_files"](path=str(tmp_path / name)).read(0).notices)

    tables = rows(30).to_html() + rows(9).to_html()
    assert "a page of 2 tables" in told("tables.html", f"<html><body><h1>Rain</h1>{tables}</body></html>")
    prose = "<p>" + "It rained all day, and nobody went out to look at the river. " * 200 + "</p>"
    assert "table" not in told("prose.html", f"<html><body>{prose}{rows(9).to_html()}</body></html>")
    cell = "It rained all day, and nobody went out to look at the river. " * 20
    laid_out = "<table>" + f"<tr><td>menu</td><td>{cell}</td></tr>" * 8 + "</table>"
    assert "page of" not in told("old.html", f"<html><body>{laid_out}</body></html>")


def test_that_arrays_that_are_not_read_are_told(tmp_path: Path) -> None:
    pixels, labels = np.zeros((40, 8, 8), np.uint8), np.arange(40) % 2
    path = tmp_path / "set.npz"
    np.savez(path, images=pixels, labels=labels, patient=np.arange(40))
    raw = Family.every["data"]["images"](path=str(path)).read(0)
    assert any("not read: patient" in notice for notice in raw.notices), raw.notices


def test_that_what_was_found_otherwise_is_told_in_the_words_of_the_form(tmp_path: Path) -> None:
    """It said: encoding utf-16, not utf-8."""
    rows().to_csv(tmp_path / "train.csv", index=False)
    rows(30, 3).to_csv(tmp_path / "new.csv", index=False, sep=";", encoding="utf-16")
    folder = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    told = " ".join(evaluate_file(folder, tmp_path / "new.csv").notes)
    assert "Encoding: UTF-16, not UTF-8" in told


def test_that_an_encoding_is_shown_by_what_is_read_and_not_by_its_bytes(tmp_path: Path) -> None:
    lines = ["x,y", *(f"{number},{'优' if number % 2 else '良好'}" for number in range(60))]
    (tmp_path / "marks.csv").write_bytes("\n".join(lines).encode("gb18030"))
    told = [decision_in(notice) for notice in read(tmp_path / "marks.csv").notices]
    shown = [one.specimens[0] for one in told if one.setting == "data.encoding"]
    assert [one.written for one in shown] == ["line 2"]
    assert "良好" in shown[0].read
