"""New inputs: exactly the preprocessing of training, and clear words where new data differs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.data.images.sources.images import Images
from engine.data.new.files import Trained
from engine.data.new.inputs import NewInputs, read_new
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.sample import Sample
from engine.data.split import Split
from engine.data.tables.fitted_columns import Number
from engine.data.tables.sources.table_file import TableFile


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "size": random.normal(10, 2, 100).round(3),
            "zip": [f"{code}" if code % 3 else f"D-{code}" for code in random.integers(1, 8, 100)],
            "open": ["yes", "no"] * 50,
            "day": pd.date_range("2024-01-01", periods=100, freq="D").strftime("%d/%m/%Y"),
            "y": ["p", "q", "q", "p"] * 25,
        }
    )


def trained(folder: Path, frame: pd.DataFrame, **settings: Any) -> Prepared:
    frame.to_csv(folder / "train.csv", index=False)
    return prepare(
        TableFile(path=str(folder / "train.csv"), target=("y",)),
        Split(),
        Preprocessing(**settings),
        "classes",
        0,
    )


def again(prepared: Prepared) -> Trained:
    """The preprocessor as a run keeps it."""
    return Trained(Preprocessor.from_json(json.dumps(prepared.preprocessor.to_json())))


def refusal(given: Any, prepared: Prepared) -> str:
    with pytest.raises(Invalid) as refused:
        read_new(given, again(prepared))
    return str(refused.value)


def test_that_the_training_file_gives_the_inputs_of_training(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    found = read_new(tmp_path / "train.csv", again(prepared))
    for part in (prepared.train, prepared.validation, prepared.test):
        np.testing.assert_array_equal(found.inputs[part.rows], part.inputs)
    assert found.notices == ()
    assert found.names[:2] == ("row 1", "row 2")


@pytest.mark.parametrize("ending", ["utf-16 ;", "gb18030 tab", "xlsx", "parquet"])
def test_that_another_format_of_the_same_rows_gives_the_same_inputs(
    tmp_path: Path, frame: pd.DataFrame, ending: str
) -> None:
    prepared = trained(tmp_path, frame)
    columns = frame.drop(columns="y")[["day", "open", "size", "zip"]]
    path = tmp_path / f"new.{ending if ending in ('xlsx', 'parquet') else 'csv'}"
    if ending == "xlsx":
        columns.to_excel(path, index=False)
    elif ending == "parquet":
        columns.to_parquet(path)
    elif ending == "utf-16 ;":
        columns.to_csv(path, index=False, sep=";", encoding="utf-16", decimal=",")
    else:
        columns.to_csv(path, index=False, sep="\t", encoding="gb18030")
    found = read_new(path, again(prepared))
    np.testing.assert_array_equal(found.inputs[prepared.test.rows], prepared.test.inputs)


def test_that_a_single_row_of_a_file_is_read_as_in_training(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    for row in (0, 40, 99):
        frame.iloc[[row]].to_csv(tmp_path / "one.csv", index=False)
        whole = read_new(tmp_path / "train.csv", again(prepared)).inputs[row]
        np.testing.assert_array_equal(read_new(tmp_path / "one.csv", again(prepared)).inputs[0], whole)


def test_that_typed_rows_are_read_as_in_training(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    typed = [{name: str(frame[name].iloc[row]) for name in frame.columns} for row in range(100)]
    found = read_new(typed, again(prepared))
    np.testing.assert_array_equal(found.inputs, read_new(tmp_path / "train.csv", again(prepared)).inputs)
    native = [
        {"size": 10.5, "zip": "1", "open": "yes", "day": "31/01/2024"},
        {"size": "10,5", "zip": 1, "open": True, "day": "2024-01-31"},
    ]
    rows = read_new(native, again(prepared))
    np.testing.assert_array_equal(rows.inputs[0, :1], rows.inputs[1, :1])
    np.testing.assert_array_equal(rows.inputs[0], read_new(native[:1], again(prepared)).inputs[0])


def test_that_a_typed_word_that_training_kept_is_no_missing_one(tmp_path: Path, frame: pd.DataFrame) -> None:
    frame["zip"] = ["-", "red", "blue", "none"] * 25
    prepared = trained(tmp_path, frame)
    typed = [{name: str(frame[name].iloc[row]) for name in frame.columns} for row in range(4)]
    whole = read_new(tmp_path / "train.csv", again(prepared)).inputs[:4]
    np.testing.assert_array_equal(read_new(typed, again(prepared)).inputs, whole)


def test_that_missing_columns_are_listed(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    frame.drop(columns=["zip", "open"]).to_csv(tmp_path / "new.csv", index=False)
    assert "missing: zip, open; there are: size, day, y" in refusal(tmp_path / "new.csv", prepared)


def test_that_extra_columns_are_told_and_ignored(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    frame.assign(more=1.5, other="x").to_csv(tmp_path / "new.csv", index=False)
    found = read_new(tmp_path / "new.csv", again(prepared))
    assert found.notices == ("columns the network does not know are ignored: more, other",)


def test_that_unseen_words_are_told(tmp_path: Path, frame: pd.DataFrame) -> None:
    found = read_new(
        [{"size": 9, "zip": "X-1", "open": "maybe", "day": "2024-01-31"}], again(trained(tmp_path, frame))
    )
    told = "\n".join(found.notices)
    assert "zip: not seen in training: X-1" in told
    assert "open: neither no nor yes but maybe" in told


def test_that_words_where_numbers_belong_name_the_row(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    rows: list[dict[str, Any]] = frame.head(3).to_dict("records")
    rows[1]["size"] = "large"
    rows[2]["day"] = "someday"
    found = read_new(rows, again(prepared))
    assert (found.rows.tolist(), len(found.inputs)) == ([0], 1)
    assert found.unanswered == {1: "size: 'large' is no number", 2: "day: 'someday' is no date"}
    assert "row 1: size: 'large' is no number (and 1 more rows)" in refusal(rows[1:], prepared)


def test_that_missing_numbers_are_filled_and_told(tmp_path: Path, frame: pd.DataFrame) -> None:
    rows: list[dict[str, Any]] = frame.head(3).to_dict("records")
    rows[1]["size"] = ""
    del rows[2]["size"]
    found = read_new(rows, again(trained(tmp_path, frame)))
    assert any(notice.startswith("size: 2 missing, filled with") for notice in found.notices)


def test_that_a_missing_date_is_told_once_with_a_date(tmp_path: Path, frame: pd.DataFrame) -> None:
    rows: list[dict[str, Any]] = frame.head(3).to_dict("records")
    rows[1]["day"] = ""
    notices = read_new(rows, again(trained(tmp_path, frame))).notices
    told = [notice for notice in notices if notice.startswith("day")]
    assert len(told) == 1
    assert re.fullmatch(r"day: 1 missing, filled with 2024-0[1-4]-\d\d", told[0])


WRITTEN = [(100_300.0, "100300"), (1.5e6, "1500000"), (0.0123456, "0.01235"), (-20_250.0, "-20250")]


@pytest.mark.parametrize(("value", "words"), WRITTEN)
def test_that_what_stands_for_a_missing_number_is_written_as_people_write_it(
    value: float, words: str
) -> None:
    summary = Number(name="x", offset=value, scale=abs(value), fill=value).summary()
    assert summary.endswith(f"where missing {words}")
    assert "e+" not in summary


def test_that_rows_with_missing_numbers_are_left_out_where_training_did(
    tmp_path: Path, frame: pd.DataFrame
) -> None:
    prepared = trained(tmp_path, frame, missing="drop")
    rows: list[dict[str, Any]] = frame.head(3).to_dict("records")
    rows[1]["size"] = None
    found = read_new(rows, again(prepared))
    assert found.rows.tolist() == [0, 2]
    assert found.names == ("row 1", "row 2", "row 3")
    why = "size is missing, and training left such rows out"
    assert found.unanswered == {1: why}
    assert why in refusal([rows[1]], prepared)


def test_that_a_total_without_a_word_at_the_end_is_no_row_to_be_answered(
    tmp_path: Path, frame: pd.DataFrame
) -> None:
    prepared = trained(tmp_path, frame)
    new = frame.drop(columns="y").head(6)
    total = pd.DataFrame({"size": [new["size"].sum()]})
    pd.concat([new, total]).to_csv(tmp_path / "new.csv", index=False)
    assert read_new(tmp_path / "new.csv", again(prepared)).unanswered == {6: "the row sums up others"}
    pd.concat([new, total + 1]).to_csv(tmp_path / "new.csv", index=False)
    assert read_new(tmp_path / "new.csv", again(prepared)).unanswered == {}


def test_that_a_note_at_the_end_is_no_row_to_be_answered_though_its_column_is_an_input(
    tmp_path: Path,
) -> None:
    words = ["north", "south", "west"]
    sales = pd.DataFrame({"region": words * 20, "n": range(60), "m": range(60), "y": ["p", "q"] * 30})
    prepared = trained(tmp_path, sales)
    new = sales.drop(columns="y").head(6)
    note = pd.DataFrame({"region": ["Applied filters: year is 2024"]})
    for blank in (pd.DataFrame(), pd.DataFrame({"region": [None]})):
        pd.concat([new, blank, note]).to_csv(tmp_path / "new.csv", index=False)
        why = read_new(tmp_path / "new.csv", again(prepared)).unanswered
        assert why[6 + len(blank)] == "the row is a note or a total below the data"
        assert set(range(6)).isdisjoint(why)
    # who fills in one column alone means its rows
    pd.DataFrame({"region": words * 2, "n": "", "m": ""}).to_csv(tmp_path / "new.csv", index=False)
    assert read_new(tmp_path / "new.csv", again(prepared)).unanswered == {}


@pytest.mark.parametrize("given", [[], np.zeros((1, 8, 8), np.uint8), "nowhere.csv", "picture.png"])
def test_that_what_is_no_table_is_refused(tmp_path: Path, frame: pd.DataFrame, given: Any) -> None:
    assert refusal(given, trained(tmp_path, frame))


@pytest.fixture(scope="module")
def digits() -> Prepared:
    return prepare(Sample(name="digits"), Split(), Preprocessing(), "classes", 0)


def test_that_pixels_give_the_inputs_of_training(digits: Prepared) -> None:
    pixels = digits.raw.pixels[digits.test.rows, ..., 0]  # type: ignore[union-attr]
    found = read_new(pixels, again(digits))
    np.testing.assert_array_equal(found.inputs, digits.test.inputs)
    assert found.notices == ()


def test_that_other_sizes_and_colours_are_brought_to_those_of_training_and_told(digits: Prepared) -> None:
    drawing = np.full((2, 280, 140, 3), 255, np.uint8)
    found = read_new(drawing, again(digits))
    assert found.inputs.shape == (2, 1, 8, 8)
    assert found.notices == ("pictures of 280 × 140 resized to the 8 × 8 of training",)
    mean, scale = digits.preprocessor.encoder.offset[0], digits.preprocessor.encoder.scale[0]  # type: ignore[union-attr]
    np.testing.assert_allclose(found.inputs, (255 - mean) / scale, rtol=1e-6)


def test_that_picture_files_and_folders_are_read(tmp_path: Path, digits: Prepared) -> None:
    for name in ("b.png", "a.png"):
        Image.fromarray(np.full((16, 16), 128, np.uint8)).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"x")
    found: NewInputs = read_new(tmp_path, again(digits))
    assert found.names == ("a.png", "b.png")
    assert "broken.png" in found.notices[0]
    assert read_new(str(tmp_path / "a.png"), again(digits)).names == ("a.png",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"a": 1}], "give it pictures"),
        (np.zeros((2, 8, 8), np.float32), "must be uint8"),
        (np.zeros((2, 8), np.uint8), "must be uint8"),
        (np.zeros((0, 8, 8), np.uint8), "must be uint8"),
        (np.zeros((2, 8, 8, 7), np.uint8), "must be uint8"),
        ("rows.csv", "there is no file"),
        ("nowhere", "there is no file"),
    ],
)
def test_that_what_is_no_picture_is_refused(digits: Prepared, given: Any, words: str) -> None:
    assert words in refusal(given, digits)


def test_that_pictures_in_colour_stay_in_colour(tmp_path: Path) -> None:
    for name, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        (tmp_path / name).mkdir()
        for index in range(10):
            Image.new("RGB", (6, 6), colour).save(tmp_path / name / f"{index}.png")
    prepared = prepare(Images(path=str(tmp_path)), Split(), Preprocessing(), "classes", 0)
    found = read_new(tmp_path / "red" / "0.png", again(prepared))
    np.testing.assert_array_equal(found.inputs[0], prepared.train.inputs[prepared.train.targets == 1][0])


def test_that_numbers_far_from_training_are_told(tmp_path: Path, frame: pd.DataFrame) -> None:
    prepared = trained(tmp_path, frame)
    usual = {"size": "10", "zip": "1", "open": "yes", "day": "01/02/2024"}
    assert not any("far from" in notice for notice in read_new([usual], again(prepared)).notices)
    rows = [usual, usual | {"size": "1000"}, usual | {"size": "-900"}]
    found = read_new(rows, again(prepared)).notices
    assert "size: 1000 and 1 more values lie far from what training held; the prediction is a guess" in found


def test_that_cells_come_back_as_they_stand_in_the_file(tmp_path: Path, frame: pd.DataFrame) -> None:
    file = tmp_path / "new.csv"
    rows = ["−9.50,1,yes,01/02/2024", "$12.0,2,NA,2/2/2024", "broken,007,no,n/a", "1e1,,no,03/02/2024"]
    file.write_text("\n".join(["size,zip,open,day", *rows]), encoding="utf-8")
    found = read_new(file, again(trained(tmp_path, frame)))
    assert [",".join(cells) for cells in found.as_given(99)[1]] == rows


def test_that_a_decimal_mark_which_parts_the_cells_is_none(tmp_path: Path, frame: pd.DataFrame) -> None:
    """Training had semicolons and 9,250; of a file with commas, 9.250 is not 9250."""
    known = again(trained(tmp_path, frame))
    german = Trained(known.preprocessor, None, {"separator": ";", "decimal": ","})
    file = tmp_path / "new.csv"
    file.write_text("size,zip,open,day\n9.250,1,yes,13/02/2024\n", encoding="utf-8")
    found = read_new(file, german)
    np.testing.assert_array_equal(found.inputs, read_new(file, known).inputs)
    assert "Decimal mark: point, not comma" in found.notices[0]


def test_that_rows_come_back_as_they_were_given_but_not_beyond_a_bound(
    tmp_path: Path, frame: pd.DataFrame
) -> None:
    prepared = trained(tmp_path, frame, missing="drop")
    file = tmp_path / "new.csv"
    file.write_text("note,size,zip,open,day\nx,,1,yes,01/02/2024\ny,9.5,2,no,02/02/2024\n", encoding="utf-8")
    found = read_new(file, again(prepared))
    columns, cells = found.as_given(10)
    assert columns == ("note", "size", "zip", "open", "day")
    assert [line[:4] for line in cells] == [("x", "", "1", "yes"), ("y", "9.5", "2", "no")]
    assert found.as_given(9) == ((), ())


@pytest.mark.parametrize(
    ("before", "unit", "told"),
    [(" kg", " m", "numbers in m, but in training in kg"), ("", "%", "but in training without a unit"),
     ("€", "€", ""), (" kg", "", ""), (" KG", " kg", "")],
)  # fmt: skip
def test_that_numbers_of_another_unit_than_in_training_are_told(
    tmp_path: Path, before: str, unit: str, told: str
) -> None:
    """Else 5 m were 5 where training had 5 kg."""
    for name, mark in (("train", before), ("new", unit)):
        rows = "".join(f"{row % 7 + 1}.5{mark},{'pq'[row % 2]}\n" for row in range(60))
        (tmp_path / f"{name}.csv").write_text(f"size,y\n{rows}", "utf-8")
    source = TableFile(path=str(tmp_path / "train.csv"), target=("y",))
    prepared = prepare(source, Split(), Preprocessing(), "classes", 0)
    notices = read_new(tmp_path / "new.csv", Trained(prepared.preprocessor, source, prepared.found)).notices
    assert ("but in training" in " ".join(notices)) == bool(told)
    assert told in " ".join(notices)


@pytest.mark.parametrize("odd", ["", "heavy"])
def test_that_numbers_of_another_unit_of_one_kind_are_taken_in_that_of_training(
    tmp_path: Path, odd: str
) -> None:
    """Else 5000 g were 5000 where training had 5 kg."""
    for name, mark, size in (("train", " kg", 1), ("new", " g", 1000)):
        rows = "".join(f"{(row % 7 + 1) * size}{mark},{'pq'[row % 2]}\n" for row in range(60))
        (tmp_path / f"{name}.csv").write_text(f"size,y\n{rows}" + (f"{odd},p\n" if odd else ""), "utf-8")
    (tmp_path / "train.csv").write_text((tmp_path / "train.csv").read_text("utf-8").replace("heavy,p\n", ""))
    source = TableFile(path=str(tmp_path / "train.csv"), target=("y",))
    prepared = prepare(source, Split(), Preprocessing(), "classes", 0)
    trained = Trained(prepared.preprocessor, source, prepared.found)
    here = read_new(tmp_path / "new.csv", trained)
    before = read_new(tmp_path / "train.csv", trained)
    np.testing.assert_allclose(here.inputs[:60], before.inputs[:60], rtol=1e-6)
    assert odd or "numbers in g are taken in kg" in " ".join(here.notices)


def test_that_numbers_which_were_moments_in_training_are_moments_in_a_new_file(tmp_path: Path) -> None:
    for name, rows in (("train", range(60)), ("new", range(7))):
        lines = "".join(f"{1_709_600_000 + 3_600 * row},{'pq'[row % 2]}\n" for row in rows)
        (tmp_path / f"{name}.csv").write_text(f"timestamp,y\n{lines}", "utf-8")
    source = TableFile(path=str(tmp_path / "train.csv"), target=("y",), types=(("timestamp", "date"),))
    prepared = prepare(source, Split(), Preprocessing(), "classes", 0)
    found = read_new(tmp_path / "new.csv", Trained(prepared.preprocessor, source, prepared.found))
    np.testing.assert_array_equal(found.inputs, prepared.preprocessor.inputs(prepared.raw)[:7])
