"""Files in the .ts format of sktime and aeon: every variant of the true layout, and files that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.data.series.raw import SeriesSet
from engine.data.series.read.ts_files import read_ts
from engine.data.series.sources.series_table import SeriesTable

RAGGED = """#A remark
%#another
@problemName Ragged
@timeStamps false
@missing true
@univariate false
@dimensions 2
@equalLength false
@classLabel true up down
@data
1,2,3:10,20,30:up
4,?:40,50:down
# a remark below
5:60:up
"""


def written(folder: Path, text: str, name: str = "set.ts") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, longest: int = 0) -> SeriesSet:
    return read_ts(path, longest, lambda share, words: None, 10**9)


def problems(path: Path) -> str:
    with pytest.raises(Invalid) as raised:
        SeriesTable(path=str(path)).read(0)
    assert {problem.path for problem in raised.value.problems} == {"data.path"}
    return "; ".join(problem.message for problem in raised.value.problems)


def test_that_ragged_series_of_several_channels_are_read(tmp_path: Path) -> None:
    found = read(written(tmp_path, RAGGED))
    assert [one.tolist() for one in found.values] == [
        [[1, 10], [2, 20], [3, 30]],
        [[4, 40], [4, 50]],
        [[5, 60]],
    ]
    assert found.labels.tolist() == ["up", "down", "up"]
    assert found.channels == ("channel 1", "channel 2")
    assert found.names == ("line 11", "line 12", "line 14")
    assert found.notices == ("1 missing value bridged by straight lines between the neighbours",)


def test_that_time_stamps_are_told_from_values_even_where_they_hold_colons(tmp_path: Path) -> None:
    text = (
        "@timeStamps true\n@classLabel true a b\n@data\n(2020-01-01 00:00:00,1.5),(2020-01-02 00:00:00,2.5):"
        "(2020-01-01 00:00:00,7),(2020-01-02 00:00:00,8):a\n(0,1),(1,?),(2,3):(0,4),(1,5),(2,6):b\n"
    )
    found = read(written(tmp_path, text))
    assert [one.tolist() for one in found.values] == [[[1.5, 7], [2.5, 8]], [[1, 4], [2, 5], [3, 6]]]


def test_that_series_without_labels_and_with_numbers_to_predict_are_read(tmp_path: Path) -> None:
    bare = read(written(tmp_path, "@univariate true\n@classLabel false\n@data\n1,2\n3,4\n"))
    assert bare.labels.tolist() == ["", ""]
    assert bare.channels == ("value",)
    numbers = read(written(tmp_path, "@targetLabel true\n@data\n1,2:0.5\n3,4:1.5\n"))
    assert numbers.labels.tolist() == ["0.5", "1.5"]


def test_that_channels_of_different_lengths_are_cut_to_the_shortest_and_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, "@classLabel true a\n@data\n1,2,3:4,5:a\n"))
    assert found.values[0].tolist() == [[1, 4], [2, 5]]
    assert "cut to the shortest" in found.notices[0]


def test_that_a_label_the_head_does_not_name_is_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, "@classLabel true a b\n@data\n1:a\n2:c\n"))
    assert found.labels.tolist() == ["a", "c"]
    assert "does not name: c" in found.notices[0]


def test_that_long_series_are_cut_where_asked_and_empty_ones_left_out(tmp_path: Path) -> None:
    found = read(written(tmp_path, "@classLabel true a\n@data\n1,2,3:a\n:a\n?,?:a\n4:a\n"), longest=2)
    assert [len(one) for one in found.values] == [2, 1]
    assert any("2 series without a value" in notice for notice in found.notices)
    assert any("longer than 2 cut" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("@data\n", "no series below @data"),
        ("@problemName x\n1,2:a\n", "line 2: before a line @data"),
        ("@problemName x\n", "no line @data"),
        ("@classLabel true a\n@data\n1,x:a\n2,y:a\n", "line 3: 'x' is no number; set.ts, line 4: 'y'"),
        ("@classLabel true a\n@data\n1,1e999:a\n", "not finite"),
        ("@classLabel true a\n@data\n1,1_000:a\n", "'1_000' is no number"),
        ("@dimensions 2\n@classLabel true a\n@data\n1:a\n", "has 1 channels where there should be 2"),
        ("@dimensions -1\n@data\n1\n", "whole number"),
        ("@dimensions 99999999999999\n@data\n1\n", "whole number"),
        ("@classLabel true a\n@data\n1,2\n", "no values before its label"),
        ("@classLabel true a\n@data\n1e35:a\n", "beyond"),
        ("\x00\x01\x02\x03" * 100, "binary"),
    ],
)
def test_that_a_hostile_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in problems(written(tmp_path, text))


def test_that_a_file_beyond_the_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="too large"):
        read_ts(written(tmp_path, RAGGED), 0, lambda share, words: None, 100)


@given(st.lists(st.text(alphabet="@dat:,.0123456789ae?()# -\n", max_size=40), max_size=8))
def test_that_any_text_below_the_head_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = written(tmp_path_factory.mktemp("ts"), "@classLabel true a\n@data\n" + "\n".join(lines))
    try:
        found = read(path)
    except Invalid:
        return
    assert all(np.isfinite(one).all() and len(one) for one in found.values)


def test_that_a_folder_of_the_archive_keeps_its_published_parts(tmp_path: Path) -> None:
    written(tmp_path, "@classLabel true a b\n@data\n1,2:a\n3,4:b\n", "Set_TRAIN.ts")
    written(tmp_path, "@classLabel true a b\n@data\n5,6,7:b\n", "Set_TEST.ts")
    found = SeriesTable(path=str(tmp_path)).read(0)
    assert isinstance(found, SeriesSet)
    assert found.published is not None
    assert found.published.tolist() == ["train", "train", "test"]
    assert found.labels.tolist() == ["a", "b", "b"]
    assert found.names[-1] == "Set_TEST.ts, line 3"


def test_that_parts_of_different_sets_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "@classLabel true a\n@data\n1,2:a\n", "Set_TRAIN.ts")
    written(tmp_path, "@classLabel true a\n@data\n1:2:a\n", "Set_TEST.ts")
    assert "different sets" in problems(tmp_path)
