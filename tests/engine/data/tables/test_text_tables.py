"""Text tables: what is written in any dialect is read back; what is no table is refused in words."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices import Invalid, Problem
from engine.data.cells.values import NEVER_A_WORD
from engine.data.tables.raw import Table
from engine.data.tables.read.dialects.line_ends import BareLines
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import read_text_table
from engine.data.tables.sources.table_file import TableFile

GIGABYTE = 1 << 30
CITIES = {
    "ascii": ["Oslo", "Rome", "Bonn", "Lima"],
    "western": ["Zürich", "Málaga", "Besançon", "Tromsø"],
    "chinese": ["北京市", "上海市", "广州市", "深圳市"],
}


def read(path: Path, **how: Any) -> Table:
    return read_text_table(path, TableFormat(**how), (), lambda share, words: None, GIGABYTE)


def read_or_problems(path: Path) -> Table | tuple[Problem, ...]:
    try:
        return read(path)
    except Invalid as error:
        return error.problems


def refused(path: Path, memory: int = GIGABYTE, **how: Any) -> str:
    with pytest.raises(Invalid) as found:
        read_text_table(path, TableFormat(**how), (), lambda share, words: None, memory)
    (problem,) = found.value.problems
    assert problem.path.startswith("data.")
    return str(problem)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def in_dialect(
    numbers: list[float],
    words: list[str],
    separator: str,
    decimal: str,
    header: bool,
    ending: str,
    quoting: int,
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=ending, quoting=quoting)
    if header:
        writer.writerow(["size", "city", "count"])
    for index, number in enumerate(numbers):
        shown = repr(number) if decimal == "." else repr(number).replace(".", ",")
        writer.writerow([shown, words[index % len(words)], index])
    return out.getvalue()


@settings(max_examples=150)
@given(
    numbers=st.lists(st.floats(-1e12, 1e12).map(lambda value: value + 0.5), min_size=5, max_size=30),
    kind=st.sampled_from(
        [
            ("ascii", "utf-8"),
            ("western", "utf-8"),
            ("western", "utf-8-sig"),
            ("western", "utf-16"),
            ("western", "utf-16-le"),
            ("western", "utf-16-be"),
            ("western", "latin-1"),
            ("western", "cp1252"),
            ("chinese", "utf-8"),
            ("chinese", "utf-16"),
            ("chinese", "gb18030"),
        ]
    ),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    header=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_that_what_is_written_in_a_dialect_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    numbers: list[float],
    kind: tuple[str, str],
    separator: str,
    decimal: str,
    header: bool,
    ending: str,
    quoting: int,
) -> None:
    alphabet, encoding = kind
    words = CITIES[alphabet]
    text = in_dialect(numbers, words, separator, decimal, header, ending, quoting)
    path = written(tmp_path_factory.mktemp("dialect") / "table.csv", text, encoding)
    found = read(path)
    expected = ["size", "city", "count"] if header else ["column 1", "column 2", "column 3"]
    assert list(found.names) == expected
    frame = found.frame
    assert frame.iloc[:, 0].tolist() == numbers
    assert frame.iloc[:, 1].tolist() == [words[index % len(words)] for index in range(len(numbers))]
    assert frame.iloc[:, 2].tolist() == list(range(len(numbers)))


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text(alphabet="ab1,;\"\n\r\t '.-0\x00é", max_size=200).map(str.encode),
    )
)
def test_that_any_bytes_are_a_table_or_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "table.csv"
    path.write_bytes(content)
    found = read_or_problems(path)
    if isinstance(found, Table):
        assert len(found) > 0
        assert len(set(found.names)) == len(found.names)
    else:
        assert all(problem.message and problem.path.startswith("data.") for problem in found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b\n1,2\n3,4\n", ("a", "b")),
        ("1,2\n3,4\n5,6\n", ("column 1", "column 2")),
        ("colour,taste\nred,sweet\nblue,sour\n", ("colour", "taste")),
        ("red,sweet\nblue,sour\nred,sour\nblue,sweet\n", ("column 1", "column 2")),
        ("country,1990,2000\nChad,1.5,2.5\nMali,3.5,4.5\n", ("country", "1990", "2000")),
        ("1990,2000\n1991,2001\n1992,2002\n", ("column 1", "column 2")),
        ("day,value\n2024-01-01,5\n2024-01-02,6\n", ("day", "value")),
        ("a,a,\n1,2,3\n4,5,6\n", ("a", "a (2)", "column 3")),
        ('a,b\n"r1",1,2\n"r2",3,4\n', ("row", "a", "b")),
    ],
)
def test_that_the_first_row_is_names_or_data(tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
    assert read(written(tmp_path / "t.csv", text)).names == names


def test_that_row_names_of_r_become_a_column_of_their_own(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", '"a","b"\n"r1",1,2\n"r2",3,4\n"r3",5,6\n'))
    assert found.frame["row"].tolist() == ["r1", "r2", "r3"]
    assert found.frame["b"].tolist() == [2, 4, 6]


@pytest.mark.parametrize("word", ["", "NA", "?", "-", "null", "NaN", "n/a", " NA", "None"])
def test_that_a_missing_value_is_one_however_it_is_spelled(tmp_path: Path, word: str) -> None:
    found = read(written(tmp_path / "t.csv", f"a,b\n1.5,x\n{word},y\n3.5,{word}\n4.5,z\n"))
    assert np.isnan(found.frame["a"].iloc[1])
    assert found.frame["a"].iloc[[0, 2, 3]].tolist() == [1.5, 3.5, 4.5]
    never = word.casefold() in {"", *NEVER_A_WORD}
    assert found.frame["b"].isna().tolist() == [False, False, never, False]
    told = [notice for notice in found.notices if notice.startswith("b: ")]
    assert bool(told) == (word != "")  # among words it may be one: whatever is decided is said


@pytest.mark.parametrize(
    ("cells", "decimal", "expected"),
    [
        (["1,234,567.5", "2,000.25"], "auto", [1234567.5, 2000.25]),
        (["1,234,567", "1,000"], "auto", [1234567.0, 1000.0]),
        (["1 234,5", "2 000 000,25"], "auto", [1234.5, 2000000.25]),
        (["1.234,5", "2.000.000,25"], "auto", [1234.5, 2000000.25]),
        (["1'234.5", "950"], "auto", [1234.5, 950.0]),
        (["1,234", "950"], ".", [1234.0, 950.0]),
    ],
)
def test_that_thousands_separators_are_understood_where_they_are_unambiguous(
    tmp_path: Path, cells: list[str], decimal: str, expected: list[float]
) -> None:
    rows = "".join(f'"{cell}";word {index}\n' for index, cell in enumerate(cells * 3))
    found = read(written(tmp_path / "t.csv", "price;what\n" + rows), decimal=decimal)
    assert found.frame["price"].tolist() == expected * 3


@pytest.mark.parametrize(
    ("cells", "how", "expected"),
    [
        (["1,234", "950", "2,500"], {}, [1234, 950, 2500]),
        (["1.234", "950", "2.500"], {}, [1234, 950, 2500]),
        (["1.234", "2.500", "7.557"], {}, [1.234, 2.5, 7.557]),
        (["1.234", "950", "2.500"], {"decimal": "."}, [1.234, 950, 2.5]),
        (["1.234", "2.500", "7.557"], {"thousands": "."}, [1234, 2500, 7557]),
        (["1,234", "950", "2,500"], {"thousands": "none", "decimal": ","}, [1.234, 950, 2.5]),
    ],
)
def test_that_a_number_with_two_readings_is_told_and_a_setting_decides(
    tmp_path: Path, cells: list[str], how: dict[str, str], expected: list[float]
) -> None:
    text = "price;what\n" + "".join(f"{cell};w{place}\n" for place, cell in enumerate(cells))
    found = read(written(tmp_path / "t.csv", text), **how)
    assert found.frame["price"].tolist() == expected
    assert any("numbers like" in notice for notice in found.notices) == (not how)


@pytest.mark.parametrize(
    ("words", "day_first"),
    [
        (["2024-01-31", "2024-02-01"], False),
        (["2024-01-31 10:30", "2024-02-01 00:00"], False),
        (["2024-01-31T10:30:15.5", "2024-02-01T00:00:00.0"], False),
        (["31.01.2024", "01.02.2024"], True),
        (["31/01/2024", "01/02/2024"], True),
        (["01/31/2024", "02/01/2024"], False),
        (["2024年1月31日", "2024年2月1日"], False),
        (["2024/1/31", "2024/2/1"], False),
    ],
)
def test_that_dates_are_read_as_they_are_written(tmp_path: Path, words: list[str], day_first: bool) -> None:
    found = read(written(tmp_path / "t.csv", "day,n\n" + "".join(f"{word},1\n" for word in words)))
    days = found.frame["day"]
    assert [(day.month, day.day) for day in days] == [(1, 31), (2, 1)]
    assert ("day" in found.day_first) == day_first


def test_that_a_date_with_two_readings_is_told(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", "day,n\n01/02/2024,1\n03/04/2024,2\n"))
    assert [day.month for day in found.frame["day"]] == [1, 3]
    assert any("month/day" in notice for notice in found.notices)


def test_that_a_time_zone_is_brought_to_utc(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", "t,n\n2024-01-31T23:30:00-02:00,1\n2024-01-31T00:00:00Z,2\n"))
    assert found.frame["t"].tolist() == [pd.Timestamp("2024-02-01 01:30"), pd.Timestamp("2024-01-31")]


def test_that_a_separator_at_the_end_of_rows_shifts_no_column(tmp_path: Path) -> None:
    for text in ("a,b\n1,2,\n3,4,\n", "a,b,\n1,2,\n3,4,\n"):
        frame = read(written(tmp_path / "t.csv", text)).frame
        assert frame["a"].tolist() == [1, 3]
        assert frame["b"].tolist() == [2, 4]


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=12
).map(lambda text: "t" + text.strip() + "t")


@settings(max_examples=150)
@given(
    rows=st.lists(
        st.tuples(CELL, st.floats(allow_nan=False, allow_infinity=False), CELL), min_size=1, max_size=8
    ),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
def test_that_any_text_in_cells_is_read_back_when_the_dialect_is_said(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, str]], separator: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows([("first", "number", "last"), *rows])
    path = written(tmp_path_factory.mktemp("cells") / "t.csv", out.getvalue())
    frame = read(path, separator=separator, decimal=".", header="yes", encoding="utf-8-sig").frame
    assert frame["first"].tolist() == [row[0] for row in rows]
    assert frame["number"].tolist() == [row[1] for row in rows]
    assert frame["last"].tolist() == [row[2] for row in rows]


def test_that_quoted_cells_may_hold_separators_and_lines(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", 'a,b\n1,"x, ""y""\nz"\n2,w\n'))
    assert found.frame["b"].tolist() == ['x, "y"\nz', "w"]


def test_that_short_rows_are_filled_and_told_and_blank_lines_do_not_count(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", "a,b,c\n1,2,3\n\n4,5\n6,7,8\n"))
    assert len(found) == 3
    assert np.isnan(found.frame["c"].iloc[1])
    assert any("fewer cells" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("a,b,\n1,2\n3,4\n", ""),  # a separator behind the last name is no further name
        ("a,b,c\n1,2,3\n4,5,6\n7,8,9\n\nRows in all: 3\n", ""),  # a note lacks nothing: it is no row
        ('a,b,c\n"1\n2",2,3\n\n4,5\n6,7,8\n', "(line 5)"),
        ("a,b,c\n1,2,3\n4\n6,7,8\n9,1,2\n\nRows in all: 4\n", "(line 3)"),
    ],
)
def test_that_only_rows_of_the_table_with_fewer_cells_than_names_are_told(
    tmp_path: Path, rows: str, told: str
) -> None:
    short = [notice for notice in read(written(tmp_path / "t.csv", rows)).notices if "fewer cells" in notice]
    assert len(short) == bool(told)
    assert all(told in notice for notice in short)


def test_that_a_long_row_is_refused_with_its_line(tmp_path: Path) -> None:
    text = refused(written(tmp_path / "t.csv", "a,b\n1,2\n3,4,5\n6,7\n8,9\n"))
    assert "line 3 has 3 cells" in text


def test_that_a_word_far_down_makes_the_column_words_as_they_were_written(tmp_path: Path) -> None:
    lines = ["1.50,1"] * 3_000_000
    path = written(tmp_path / "t.csv", "a,b\n" + "\n".join([*lines, "x,2"]) + "\n")
    found = read(path, separator=",")
    assert found.frame["a"].iloc[[0, -1]].tolist() == ["1.50", "x"]
    assert found.frame["b"].iloc[-1] == 2


def test_that_a_letter_of_another_alphabet_far_down_is_found(tmp_path: Path) -> None:
    lines = "".join(f"{index},plain\n" for index in range(60_000))
    for word, encoding in (("Zürich", "cp1252"), ("Zürich", "utf-8"), ("北京市上海市", "gb18030")):
        found = read(written(tmp_path / "t.csv", f"a,b\n{lines}1,{word}\n", encoding))
        assert found.frame["b"].iloc[-1] == word


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"   \n\n", "is empty"),
        (b"a,b\n", "no rows"),
        (bytes(range(256)) * 20, "binary"),
        (b"PK\x03\x04" + b"\x00" * 50, "Excel workbook or ZIP"),
        (b"PAR1" + b"\x00" * 50, "Parquet"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'a,b\n"1,2\n3,4\n', "never closed"),
    ],
)
def test_that_what_is_no_table_is_said_to_be_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert words in refused(path)


def test_that_a_character_cut_by_a_block_of_reading_does_not_change_the_encoding(tmp_path: Path) -> None:
    block = 1 << 22
    start = b"a,b\n" + b"1,x\n" * ((block - 8) // 4)
    for shift in range(4):
        line = b"1," + b"y" * shift + "北京市上海市".encode("gb18030") * 3
        path = tmp_path / "t.csv"
        path.write_bytes(start + line + b"\n" + line + b"\n")
        assert read(path).frame["b"].iloc[-1] == "y" * shift + "北京市上海市" * 3


def test_that_bytes_windows_leaves_undefined_are_question_marks(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,caf\xe9\n2,x\x81y\n")
    assert read(path).frame["b"].tolist() == ["café", "x\ufffdy"]


def test_that_a_row_of_very_many_cells_is_read_without_delay(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ",".join(["a"] * 3000) + "\n" + (",".join(["1.5"] * 3000) + "\n") * 3)
    assert read(path).names[-1] == "a (3000)"


def test_that_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "city,n\nZürich,1\nMálaga,2\n", "latin-1")
    assert refused(path, encoding="utf-8").startswith("data.encoding")


def test_that_a_file_larger_than_the_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(3 << 30)  # a sparse file: 3 GB in name, nothing on the disk
    text = refused(path, memory=1 << 30)
    assert "3.2 GB" in text
    assert "1.1 GB are free" in text
    assert "ignore" in text


def test_that_a_table_that_grows_in_memory_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b,c,d\n" + "1,2,3,4\n" * 50_000)
    assert "memory" in refused(path, memory=1_000_000)
    assert len(read(path)) == 50_000


def test_that_ignored_columns_are_not_read_but_named(tmp_path: Path) -> None:
    found = read(written(tmp_path / "t.csv", "a,b,c\n1,x,3\n4,y,6\n"), ignore=("b",))
    assert list(found.frame.columns) == ["a", "c"]
    assert found.names == ("a", "b", "c")


def test_that_reading_reports_its_progress_and_can_be_given_up(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b\n" + "1.5,2.5\n" * 4_000_000)
    shares: list[float] = []
    read_text_table(path, TableFormat(), (), lambda share, words: shares.append(share), GIGABYTE)
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)

    def give_up(share: float, words: str) -> None:
        if share > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read_text_table(path, TableFormat(), (), give_up, GIGABYTE)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "is missing"),
        ("nowhere.csv", "there is no file"),
        (".", "is missing"),
        ("a\x00b.csv", "is no path"),
    ],
)
def test_that_a_path_that_leads_nowhere_is_said(path: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        TableFile(path=path).read(0)


def test_that_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is a folder"):
        TableFile(path=str(tmp_path)).read(0)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_that_a_file_one_may_not_read_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b\n1,2\n")
    path.chmod(0)
    with pytest.raises(Invalid, match="cannot be read"):
        TableFile(path=str(path)).read(0)


@pytest.mark.parametrize("inner", [";", "|", "\t"])
def test_that_a_mark_within_every_cell_of_a_column_is_no_separator(inner: str, tmp_path: Path) -> None:
    lines = ["x,both,y", *(f"{row},a{inner}b,{row % 3}" for row in range(40))]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    found = read(tmp_path / "t.csv")
    assert found.names == ("x", "both", "y")
    assert set(found.frame["both"]) == {f"a{inner}b"}


@pytest.mark.parametrize("separator", [",", "|"])
@pytest.mark.parametrize("names", ["who,what,x,y,z", "who,what,x,y,z;", ""])
@pytest.mark.parametrize("end", [";\n", ";\r\n", "; \n", ";\r"])
def test_that_a_mark_that_ends_each_line_is_no_part_of_the_last_cell(
    separator: str, names: str, end: str, tmp_path: Path
) -> None:
    lines = [f"{33 + row % 3},{('Jogging', 'Walking')[row % 2]},{row}.25,-{row}.5,{row}" for row in range(40)]
    bare = "\n".join(filter(None, [names.rstrip(";"), *lines])).replace(",", separator)
    # the names may lack the mark that all rows have
    first = names.removesuffix(";") + (end if names.endswith(";") else end.strip("; ")) if names else ""
    ended = (first + end.join([*lines, ""])).replace(",", separator)
    without, found = read(written(tmp_path / "a.txt", bare)), read(written(tmp_path / "b.txt", ended))
    pd.testing.assert_frame_equal(found.frame, without.frame)
    told = "every line ends in ';', which parts no cells and is left out"
    assert [one for one in found.notices if one not in without.notices] == [told]
    # a new file of one line, by the separator that was recorded
    one = read(written(tmp_path / "c.txt", lines[0].replace(",", separator) + end), separator=separator)
    assert one.frame.shape == (1, 5)


@pytest.mark.parametrize("size", range(1, 12))
def test_that_a_mark_at_the_end_is_left_out_wherever_a_block_ends(size: int, tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "1,2;\r\n3;4,5; \n6,7;\r8,9;")
    with path.open(newline="") as file:
        lines = BareLines(file)
        assert "".join(iter(lambda: lines.read(size), "")) == "1,2\r\n3;4,5\n6,7\r8,9"


def test_that_a_mark_at_the_end_of_many_lines_is_left_out_and_stays_within_lines(tmp_path: Path) -> None:
    lines = [f"{row},w{row % 7},{row / 4}" for row in range(300_000)]
    lines[200_000] = "200000,a;b,0.5"
    found = read(written(tmp_path / "a.txt", "n,w,x\n" + ";\n".join(lines) + ";\n"))
    assert found.frame["n"].tolist() == list(range(300_000))
    assert found.frame["w"][200_000] == "a;b"
    assert found.frame["x"].dtype == np.float64


@pytest.mark.parametrize("line", ["1,5;", "the old house;"])
def test_that_a_mark_behind_a_single_cell_parts_it_from_an_empty_one(line: str, tmp_path: Path) -> None:
    found = read(written(tmp_path / "a.csv", f"a;\n{line}\n" * 30), header="yes")
    assert list(found.frame.columns) == ["a"]
    assert not any("every line ends" in one for one in found.notices)


@pytest.mark.parametrize("bad", [(3,), (3, 40), (0, 7, 700, 1500)])
@pytest.mark.parametrize("above", ["", "Exported by the shop\n\n"])
def test_that_all_lines_of_too_many_cells_are_named_at_once(
    bad: tuple[int, ...], above: str, tmp_path: Path
) -> None:
    """A quoted cell of two lines stands before all of them: lines are those of the file, and no rows."""
    lines = ["name,size,y", '"Smith\nand sons",1,p']
    lines += [f"n{row},{row}{',9' * (row in bad)},{'pq'[row % 2]}" for row in range(2000)]
    (tmp_path / "t.csv").write_text(above + "\n".join(lines), "utf-8")
    with pytest.raises(Invalid) as error:
        TableFile(path=str(tmp_path / "t.csv"), target=("y",)).read(0)
    said = error.value.problems[0].message
    first = above.count("\n") + 4
    assert f"line {', '.join(str(first + row) for row in bad)}" in said
    assert "where the others have 3" in said or f"{len(bad)} lines have more cells than the 3" in said
