"""Series in tables as the public archives write them, and in folders with a file per series."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.files.layouts import unread_sound
from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.series.raw import SeriesSet
from engine.data.series.sources.series_table import SeriesTable
from engine.data.source import ReadBefore
from engine.data.split import Split


def read(path: Path, **settings: Any) -> SeriesSet:
    found = SeriesTable(path=str(path), **settings).read(0)
    assert isinstance(found, SeriesSet)
    return found


def written(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, **settings: Any) -> str:
    with pytest.raises(Invalid) as raised:
        read(path, **settings)
    return "; ".join(f"{problem.path}: {problem.message}" for problem in raised.value.problems)


# ------------------------------------------------------------------------------------------------ wide


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Gun_TRAIN.tsv", "1\t0.5\t0.25\t-1.5\n2\t1.5\t1.25\t1.125\n1\t0.75\t0.5\t0.5\n2\t-0.5\t1.5\t2.5\n"),
        ("Gun_TRAIN.txt", "1.0e+00  0.5  0.25 -1.5\n2.0e+00  1.5  1.25  1.125\n"
                          "1.0e+00 0.75 0.5 0.5\n2.0e+00 -0.5 1.5 2.5\n"),
        ("Gun_TRAIN.csv", "1,0.5,0.25,-1.5\n2,1.5,1.25,1.125\n1,0.75,0.5,0.5\n2,-0.5,1.5,2.5\n"),
    ],
)  # fmt: skip
def test_that_the_ucr_layout_has_its_label_first_and_no_names(tmp_path: Path, name: str, text: str) -> None:
    found = read(written(tmp_path, text, name))
    assert found.labels.tolist() == ["1", "2", "1", "2"]
    assert found.values[0].tolist() == [[0.5], [0.25], [-1.5]]
    assert found.channels == ("value",)


def test_that_a_short_series_of_the_ucr_layout_ends_where_its_values_end(tmp_path: Path) -> None:
    found = read(
        written(tmp_path, "1\t0.5\t0.25\tNaN\n2\t1.5\t\t1.125\n1\t9.5\t1\t2\n2\t1\t2.5\t3\n", "x.tsv")
    )
    assert found.values[0].tolist() == [[0.5], [0.25]]
    assert found.values[1].ravel().tolist() == [1.5, 1.3125, 1.125]
    assert found.notices[-1].startswith("1 missing value bridged")


def test_that_a_series_is_called_by_its_row_of_the_file(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a,b,c,sort\n1.5,2,3,x\n,,,\n1,2.5,3,y\n"))
    assert found.names == ("row 1", "row 3")


def test_that_the_label_of_a_wide_table_is_found_by_its_name_or_by_its_words(tmp_path: Path) -> None:
    named = read(written(tmp_path, "a,b,c,class\n1,2,3,7\n4,5,6,8\n"))
    assert (named.target, named.labels.tolist()) == ("class", ["7", "8"])
    words = read(written(tmp_path, "id,a,b,sort\n7,1,2,x\n8,4,5,y\n"))
    assert (words.target, words.labels.tolist(), words.names) == ("sort", ["x", "y"], ("7", "8"))


def test_that_a_label_that_cannot_be_guessed_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,c\n1,2,3\n4,5,6\n7,8,9\n")
    assert read(path).labels.tolist() == ["", "", ""]
    assert "name it under label. There are: a, b, c" in read(path).notices[0]
    with pytest.raises(Invalid, match="every value is missing") as raised:
        prepare_raw(read(path), Split(), Preprocessing(), "classes", 0)
    assert raised.value.problems[0].path == "data.label"
    assert read(path, label="b").labels.tolist() == ["2", "5", "8"]
    assert "data.label: no column 'B'" in refusal(path, label="B")


def test_that_words_among_the_values_are_refused_and_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,class\n1,x,3\n4,y,6\n")
    assert "b hold words" in refusal(path, layout="wide")
    assert read(path, ignore=("b",)).values[0].tolist() == [[1]]


# ------------------------------------------------------------------------------------------------ long

LONG = "id,time,x,y,label\n7,0,1,10,up\n7,1,2,20,up\n8,0,3,30,down\n8,2,5,50,down\n8,1,4,40,down\n"


def test_that_a_long_table_is_told_by_its_identifier_and_put_in_the_order_of_time(tmp_path: Path) -> None:
    found = read(written(tmp_path, LONG))
    assert [one.tolist() for one in found.values] == [[[1, 10], [2, 20]], [[3, 30], [4, 40], [5, 50]]]
    assert (found.channels, found.labels.tolist(), found.names) == (("x", "y"), ["up", "down"], ("7", "8"))
    assert found.notices == ("rows sorted by time",)


def test_that_series_whose_rows_are_mixed_stay_whole(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "series": [1, 2] * 50,
            "t": np.repeat(np.arange(50), 2),
            "v": np.arange(100) / 2,
            "class": ["a", "b"] * 50,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = read(tmp_path / "t.csv")
    assert found.values[0].ravel().tolist() == [float(value) for value in range(50)]
    assert found.labels.tolist() == ["a", "b"]


def test_that_the_long_layout_of_sktime_with_a_row_per_value_is_turned(tmp_path: Path) -> None:
    rows = [
        f"{case},{dimension},{reading},{100 * case + 10 * dimension + reading}"
        for case in range(3)
        for dimension in range(2)
        for reading in range(case + 1)
    ]
    found = read(written(tmp_path, "case_id,dim_id,reading_id,value\n" + "\n".join(rows) + "\n"))
    assert found.channels == ("dim_id 0", "dim_id 1")
    assert [one.tolist() for one in found.values] == [
        [[0, 10]],
        [[100, 110], [101, 111]],
        [[200, 210], [201, 211], [202, 212]],
    ]


def test_that_columns_of_any_name_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, LONG.replace("id,time,x,y,label", "wer,wann,x,y,was"))
    found = read(path, id="wer", time="wann", label="was")
    assert found.labels.tolist() == ["up", "down"]
    assert found.channels == ("x", "y")


def test_that_a_label_that_changes_along_a_series_is_refused(tmp_path: Path) -> None:
    assert "changes along a series" in refusal(
        written(tmp_path, LONG.replace("8,2,5,50,down", "8,2,5,50,up"))
    )


def test_that_moments_that_occur_twice_are_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, LONG.replace("7,1,2", "7,0,2")))
    assert "1 row has the same time" in found.notices[-1]


def test_that_a_long_table_without_an_identifier_says_what_is_missing(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a,b\n1,2\n3,4\n"), layout="long").startswith("data.id: is missing")


# --------------------------------------------------------------------------------------------- folders


def test_that_a_folder_names_the_class_of_the_files_in_it(tmp_path: Path) -> None:
    written(tmp_path, "time,x,y\n0,1,2\n1,3,4\n", "walk/1.csv")
    written(tmp_path, "time,x,y\n0,5,6\n", "walk/10.csv")
    written(tmp_path, "time,x,y\n0,7,8\n", "run/2.csv")
    written(tmp_path, "a,b\nno,numbers\n", "run/3.csv")
    written(tmp_path, "a,b\n1,2\n", "loose.csv")
    found = read(tmp_path)
    assert found.names == ("run/2.csv", "walk/1.csv", "walk/10.csv")
    assert found.labels.tolist() == ["run", "walk", "walk"]
    assert found.channels == ("x", "y")
    assert found.values[1].tolist() == [[1, 2], [3, 4]]
    assert "1 file beside the class folders left out: " in found.notices[0]
    assert "1 of 4 files cannot be read" in found.notices[1]
    assert "run/3.csv" in found.notices[1]


def test_that_files_which_are_no_series_are_told_and_so_is_a_class_that_has_no_others(tmp_path: Path) -> None:
    for label, name in (("run", "1.csv"), ("walk", "2.csv"), ("jump", "3.mat"), ("jump", ".DS_Store")):
        written(tmp_path, "x,y\n1,2\n", f"{label}/{name}")
    written(tmp_path, "what this is", "readme.md")
    assert read(tmp_path).notices == (
        "1 file that is no series left out: 3.mat",
        "the class jump is left out: none of its files can be read",
    )


def test_that_of_two_kinds_of_files_the_one_with_most_values_holds_the_series(tmp_path: Path) -> None:
    """Programs that record put notes beside each recording, which came first in the alphabet."""
    for label in ("run", "walk"):
        for number in range(3):
            written(tmp_path, "event,at,since\nstart,0,1\n", f"{label}/{number}/about.csv")
            written(tmp_path, "t,x,y,z\n" + "0,1,2,3\n" * 9, f"{label}/{number}/raw.csv")
    found = read(tmp_path)
    assert (found.channels, len(found)) == (("x", "y", "z"), 6)
    assert "6 of 12 files cannot be read" in found.notices[0]


def test_that_a_word_of_its_own_in_every_row_names_the_series_and_is_no_label(tmp_path: Path) -> None:
    rows = [f"M{row},{row}.5,{row + 1},{row % 3}" for row in range(9)]
    written(tmp_path, "\n".join(["V1,V2,V3,V4", *rows]), "m4.csv")
    found = read(tmp_path / "m4.csv")
    assert (found.names[0], set(found.labels.tolist()), len(found.values[0])) == ("M0", {""}, 3)
    assert any("no column of labels found" in notice for notice in found.notices)


def test_that_an_empty_folder_and_no_path_are_refused(tmp_path: Path) -> None:
    assert "holds no files of series" in refusal(tmp_path)
    assert "is missing: choose" in refusal(Path())
    assert "there is no file" in refusal(tmp_path / "none.ts")
    with pytest.raises(Invalid, match="is no path"):
        SeriesTable(path="a\x00.ts").read(0)


# ------------------------------------------------------------------------------------------- any length


@pytest.mark.parametrize("longest", [0, 1_000])
def test_that_series_of_length_0_1_and_100000_stand_side_by_side(tmp_path: Path, longest: int) -> None:
    frame = pd.DataFrame(
        {
            "id": np.repeat([1, 2, 3, 4], [1, 100_000, 1, 2]),
            "x": np.concatenate([[0.5], np.arange(100_000) / 7, [np.nan], [1.0, 2.5]]),
            "label": np.repeat(["a", "b", "a", "b"], [1, 100_000, 1, 2]),
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = read(tmp_path / "t.csv", longest=longest)
    assert [len(one) for one in found.values] == [1, longest or 100_000, 2]
    assert any("1 series without a value" in notice for notice in found.notices)


def test_that_a_first_value_that_is_always_the_same_is_no_label(tmp_path: Path) -> None:
    """Heartbeats of MIT-BIH: no names, the label last, written as a fraction, and every beat begins at 0."""
    path = tmp_path / "mitbih.csv"
    rows = [f"0.0,{row / 97:.6f},{row / 89:.6f},{row / 83:.6f},{row % 3}.0" for row in range(1, 25)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    found = SeriesTable(path=str(path)).read(0)
    assert isinstance(found, SeriesSet)
    assert set(found.labels) == {"0.0", "1.0", "2.0"}


LOGGED = ("walk_1", "walk_2", "run_1", "run_2"), ("walk/1", "walk/2", "run/1", "run/2")
DATED = (
    "walk-2024-03-01_10-00-00",
    "walk-2024-03-02_10-00-00",
    "run-2024-03-03_09-30-00",
    "run-2024-03-04_08-00-00",
)


@pytest.mark.parametrize("folders", [*LOGGED, DATED])
def test_that_the_sensors_of_a_telephone_are_one_recording_joined_by_time(
    tmp_path: Path, folders: tuple[str, ...]
) -> None:
    for folder in folders:
        fast = "".join(f"{row},{2 * row},{row}\n" for row in range(9))
        written(tmp_path, "Time (s),x,y\n" + fast, f"{folder}/Accelerometer.csv")
        written(tmp_path, "Time (s),x\n0,10\n4,14\n8,18\n", f"{folder}/Gyroscope.csv")
        written(tmp_path, "version,rate\n3,100\n", f"{folder}/Metadata.csv")
        written(tmp_path, "a,b\n1,2\n3,4\n5,6\n7,8\n", f"{folder}/meta/time.csv")
    found = read(tmp_path)
    assert sorted(found.labels.tolist()) == ["run", "run", "walk", "walk"]
    assert found.channels == ("Accelerometer x", "Accelerometer y", "Gyroscope x")
    assert found.values[0][3].tolist() == [6, 3, 13]
    assert "one recording, joined by time: Accelerometer, Gyroscope" in found.notices[0]
    network = prepare_raw(
        found, Split(train=1, validation=0, test=0), Preprocessing(), "classes", 0
    ).preprocessor
    alone = SeriesTable(path=str(tmp_path / folders[0])).read_new(network)
    assert isinstance(alone, SeriesSet)
    assert np.array_equal(alone.values[0], found.values[[*map(str, found.names)].index(folders[0])])


@pytest.mark.parametrize("names", [("s01", "s02"), ("anna", "ben"), ("a", "b")])
def test_that_files_of_the_same_numbers_or_persons_in_class_folders_are_a_series_each(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    for label in ("walk", "run"):
        for name in names:
            written(tmp_path, "x,y\n1,2\n3,4\n", f"{label}/{name}.csv")
    assert len(read(tmp_path)) == 4


def test_that_recordings_in_one_folder_are_told_apart_by_their_names(tmp_path: Path) -> None:
    """Beside the first moments stand what an oscilloscope says of itself, and an empty column."""
    for index, kind in enumerate(["walking", "running"] * 4):
        rows = "".join(f"{'Length' if row == 0 else ''},,{row * index}\n" for row in range(9))
        written(tmp_path, rows, f"{kind}_{index:02d}_{'li' if index < 4 else 'wu'}.csv")
    assert SeriesTable.recognizes(tmp_path)
    found = read(tmp_path)
    assert sorted(set(found.labels)) == ["running", "walking"]
    assert found.values[1].shape == (9, 1)
    assert "classes are taken from the names of the files: running, walking" in found.notices


def test_that_what_cannot_be_read_in_every_folder_is_named_once(tmp_path: Path) -> None:
    for name in ("walk/1", "walk/2", "run/1"):
        written(tmp_path, "x,y\n1,2\n3,4\n", f"{name}/Raw Data.csv")
        written(tmp_path, "property,value\nversion,a\n", f"{name}/meta/device.csv")
    assert "3 of 6 files cannot be read, left out: device.csv in 3 folders (" in " ".join(
        read(tmp_path).notices
    )


def test_that_answers_in_a_file_beside_their_rows_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for name, text in (("X", "1 2 3\n" * 8), ("y", "1\n2\n" * 4), ("subject", "1\n" * 8)):
            written(tmp_path, text, f"set/{part}/{name}_{part}.txt")
    assert "put the column of y_test.txt beside the columns of X_test.txt" in refusal(tmp_path)


def test_that_a_column_called_as_classes_are_is_no_channel(tmp_path: Path) -> None:
    for name in ("01/a", "01/b", "02/a", "02/b"):
        written(tmp_path, "time\tchannel1\ty\tclass\n" + "0\t1\t5\t0\n1\t2\t6\t3\n" * 3, f"{name}.txt")
    found = read(tmp_path)
    assert found.channels == ("channel1", "y")
    assert "class is called as classes are and is no channel" in " ".join(found.notices)


def test_that_folders_of_sound_are_refused_as_such(tmp_path: Path) -> None:
    ending = unread_sound()[-1]
    for name in ("yes/a", "yes/b", "no/a"):
        written(tmp_path, "RIFF", f"{name}{ending}")
    written(tmp_path, f"yes/a{ending}\n", "testing_list.txt")
    assert SeriesTable.recognizes(tmp_path)
    assert "Sound is not read: write the samples" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("name", "count", "counter"),
    [
        ("Sample Index", lambda row: row, True),
        ("Sample Index", lambda row: (row + 250) % 256, True),
        ("Packet No.", lambda row: row + (row > 12), True),
        ("X", lambda row: row, True),
        ("X", lambda row: row * 0.5, False),
        ("Sample Index", lambda row: row % 3, False),
        ("pressure", lambda row: row, False),
    ],
)
def test_that_what_counts_the_samples_is_no_channel(
    name: str, count: Callable[[int], float], counter: bool, tmp_path: Path
) -> None:
    for place in ("rest/1.csv", "rest/2.csv", "walk/1.csv", "walk/2.csv"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        rows = "".join(f"{count(row)},{row * row % 7}\n" for row in range(30))
        (tmp_path / place).write_text(f"{name},CH1\n{rows}")
    found = SeriesTable(path=str(tmp_path)).read(0)
    assert isinstance(found, SeriesSet)
    assert found.channels == (("CH1",) if counter else (name, "CH1"))
    assert ("count the rows left out" in " ".join(found.notices)) == counter
    # an earlier version learnt from it, and what a network knows is an input of new series
    before = SeriesTable(path=str(tmp_path)).read_as(ReadBefore(columns=(name, "CH1"))).read(0)
    assert isinstance(before, SeriesSet)
    assert before.channels == (name, "CH1")


@pytest.mark.parametrize("name", ["{n:03d}", "{n:03d}.csv", "records/{n:03d}.csv"])
def test_that_a_list_beside_recordings_says_their_classes(name: str, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    for number in range(8):
        rows = "".join(f"{row * number % 7},{row % 5}\n" for row in range(20))
        (tmp_path / f"records/{number:03d}.csv").write_text("I,II\n" + rows)
    listed = "".join(f"{name.format(n=n)},{40 + n},{'MI' if n % 2 else 'NORM'}\n" for n in range(7))
    (tmp_path / "labels.csv").write_text("record,age,diagnosis\n" + listed)
    assert SeriesTable.recognizes(tmp_path)
    found = SeriesTable(path=str(tmp_path)).read(0)
    assert isinstance(found, SeriesSet)
    # the last recording is not in the list
    assert found.labels.tolist() == [*["NORM", "MI"] * 3, "NORM", ""]
    assert "those of diagnosis in labels.csv" in " ".join(found.notices)
    assert not any("left out" in notice for notice in found.notices)
