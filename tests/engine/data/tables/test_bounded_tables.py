"""Small files that claim to be large: told at once, in words, before they fill the memory."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as arrow
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from engine.choices import Invalid
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.source import silent
from engine.data.split import Split
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat
from engine.data.tables.sources.table_file import TableFile


def refusal(path: Path, memory: int = 10**9) -> str:
    with pytest.raises(Invalid) as refused:
        read_table(path, TableFormat(), (), silent, memory)
    return str(refused.value)


def workbook(path: Path, rows: str, before: str = "", shared: str = "") -> Path:
    """Write a workbook whose sheet and shared texts are the given XML."""
    Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    files["xl/worksheets/sheet1.xml"] = (
        f'{before}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )
    files["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{shared}</sst>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    types = "[Content_Types].xml"
    files[types] = files[types].replace(b"</Types>", part.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def cell(place: str) -> str:
    return f'<c r="{place}"><v>1</v></c>'


FAR = f'<row r="1">{cell("A1")}</row><row r="2000000000">{cell("A2000000000")}</row>'
WIDE = "".join(f'<row r="{row}">{cell(f"XFD{row}")}</row>' for row in range(1, 1500))
BEYOND = f'<row r="1">{cell("ZZZ1")}</row>'
LONG = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3000))
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 30}">' for level in range(1, 9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>'
ENTITY = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a8;</t></is></c></row>'


@pytest.mark.parametrize(
    ("rows", "before", "shared", "words"),
    [
        (FAR, "", "", "which no workbook has"),
        (BEYOND, "", "", "which no workbook has"),
        (WIDE, "", "", "memory"),
        (LONG, "", f"<si><t>{'x' * 40_000}</t></si>", "letters"),
        (LONG, "", f"<si><t>{'x' * 30_000}</t></si>", "memory"),
        (ENTITY, LAUGHS, "", "no Excel workbook"),
        (ENTITY, OUTSIDE, "", "no Excel workbook"),
    ],
    ids=["far row", "beyond the last column", "wide rows", "long text", "shared text", "entities", "outside"],
)
def test_that_a_workbook_that_unpacks_to_very_much_is_refused(
    rows: str, before: str, shared: str, words: str, tmp_path: Path
) -> None:
    assert words in refusal(workbook(tmp_path / "t.xlsx", rows, before, shared), 200_000_000)


def test_that_parquet_of_few_bytes_and_long_texts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    texts = arrow.DictionaryArray.from_arrays(
        arrow.array([0] * 100_000, arrow.int32()), arrow.array(["x" * 9000])
    )
    parquet.write_table(arrow.table({"a": texts}), path)
    assert path.stat().st_size < 20_000
    assert "memory" in refusal(path)


def test_that_a_file_of_more_columns_than_the_first_block_holds_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    names = [f"a column with quite a {'long ' * 80}name {index}" for index in range(800)]
    path.write_text(",".join(names) + "\n" + (",".join(["1"] * 800) + "\n") * 3, encoding="utf-8")
    found = read_table(path, TableFormat(), (), silent, 10**9)
    assert path.stat().st_size > 1 << 18
    assert found.frame.shape == (3, 800)
    assert found.names == tuple(names)


def test_that_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",".join(["a"] * 100_001) + "\n" + ",".join(["1"] * 100_001) + "\n", encoding="utf-8")
    assert "100,001 columns" in refusal(path)


def test_that_rows_longer_than_the_first_are_refused_and_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\r1,2\r3,4,5,6\r1,2\r", encoding="utf-8")
    assert "line 3 has 4 cells" in refusal(path)


LONG_WORD = "w" * 20_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,y\n" + f"{LONG_WORD},1,p\nb,2,q\n" * 20, ""),
        (f"{LONG_WORD},y\n" + "1,p\n2,q\n" * 20, "name of 20,000 letters"),
        ("a,y\n" + f"1,{LONG_WORD}\n2,q\n" * 20, "which name no class"),
        ("a,y\n" + "9999-12-31,p\n0001-01-01,q\n" * 20, ""),
    ],
    ids=["category", "column", "class", "far dates"],
)
def test_that_long_words_and_far_dates_are_prepared_or_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    source = TableFile(path=str(path), target=("y",))
    if not words:
        assert len(prepare(source, Split(), Preprocessing(), "classes", 0).train)
        return
    with pytest.raises(Invalid, match=words):
        prepare(source, Split(), Preprocessing(), "classes", 0)
