"""Files of people, given to a run: read as its training read, each row answered or the reason told.

Each is a case in which training and prediction once saw different inputs; its neighbours stand beside it.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.command_line.main import run as command
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.inference.results import Predicted, table_of
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.training.control import Control


def trained(place: Path, data: dict[str, Any], **sections: Any) -> RunFolder:
    """A run of one epoch: what is asked is what the network receives, not how good it is."""
    chosen: dict[str, Any] = {
        "data": data,
        "task": {"kind": "classification"},
        "architecture": {"kind": "mlp", "hidden": [4]},
        "training": {"epochs": 1, "batch_size": 8, "device": "cpu"},
        **sections,
    }
    folder = create(place / "runs", Experiment.model_validate(chosen))
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    return folder


def predicted(folder: RunFolder, path: Path, **told: Any) -> Predicted:
    return predict_run(folder, GivenInputs(path=path, told=told))


def numbers(count: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(0)
    x = random.normal(5, 2, count).round(3)
    return pd.DataFrame(
        {"number": [f"S{row:03}" for row in range(count)], "x": x, "y": np.where(x > 5, "high", "low")}
    )


# ------------------------------------------------------------------------------------- cells and rows


@pytest.fixture
def comma(tmp_path: Path) -> RunFolder:
    """A run on a file as Excel writes it in half of Europe."""
    numbers().to_csv(tmp_path / "train.csv", index=False, sep=";", decimal=",")
    return trained(
        tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    )


def test_that_one_bad_cell_costs_its_own_row_alone(comma: RunFolder, tmp_path: Path) -> None:
    rows = numbers().drop(columns="y").astype({"x": object})
    rows["x"] = [str(value).replace(".", ",") for value in rows["x"]]
    rows.loc[5, "x"] = "kaputt"
    rows.to_csv(tmp_path / "new.csv", index=False, sep=";")
    found = predicted(comma, tmp_path / "new.csv")
    assert [row for row in range(40) if found.why_not(row)] == [5]
    assert found.why_not(5) == "x: 'kaputt' is no number"
    assert "would be" not in " ".join(found.warnings)  # what x is was decided in training
    own = predicted(comma, tmp_path / "train.csv")
    others = [row for row in range(40) if row != 5]
    np.testing.assert_array_equal(found.values[others], own.values[others])
    assert np.isnan(found.values[5]).all()


def odd(rows: pd.DataFrame, *words: str) -> pd.DataFrame:
    rows = rows.astype({"x": object})
    rows.loc[range(3, 3 + len(words)), "x"] = words
    return rows


def test_that_odd_cells_are_filled_where_training_filled_them(tmp_path: Path) -> None:
    """Whoever said that a column is numbers had its odd cells filled, and new rows then got no answer."""
    odd(numbers(60), "unknown dose", "k.A.").to_csv(tmp_path / "train.csv", index=False)
    odd(numbers(60), "broken", "k.A.", "unknown dose").to_csv(tmp_path / "new.csv", index=False)
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    for chosen in ({"types": {"x": "number"}}, {"odd_cells": "missing"}):
        folder = trained(tmp_path, {**data, **chosen})
        found = predicted(folder, tmp_path / "new.csv")
        assert not any(found.unanswered), chosen
        np.testing.assert_array_equal(found.values[3], found.values[4])
        assert "counts as missing" in " ".join(found.warnings)
        assert evaluate_file(folder, tmp_path / "new.csv").count == 60


def test_that_words_that_look_like_numbers_are_typed_as_they_are_written(tmp_path: Path) -> None:
    """A column of 0,01 and "high" holds words; a typed 0,01 became 0.01, which training had not seen."""
    rows = numbers(60)
    rows["dose"] = ["0,01", "0,02", "high"] * 20
    rows.to_csv(tmp_path / "train.csv", index=False, sep=";")
    folder = trained(
        tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    )
    for dose in ("0,01", " 0,02 ", "high"):
        found = predict_run(folder, GivenInputs(rows=[{"x": "5.5", "dose": dose}]))
        assert found.warnings == (), dose


def test_that_what_counts_in_no_score_is_told(comma: RunFolder, tmp_path: Path) -> None:
    rows = odd(numbers(), "broken", "k.A.")
    rows["x"] = [str(value).replace(".", ",") if value != "k.A." else value for value in rows["x"]]
    rows.to_csv(tmp_path / "new.csv", index=False, sep=";")
    found = evaluate_file(comma, tmp_path / "new.csv")
    # k.A. is what offices write for a missing number: the same recognition takes it so in training
    assert found.count == 39
    assert (
        "1 example cannot be given to the network and count in no score, as row 4: x: 'broken'"
        in " ".join(found.notes)
    )


def test_that_predictions_stand_beside_the_columns_of_the_file_in_its_own_marks(
    comma: RunFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    assert command(["predict", str(comma.path), str(tmp_path / "train.csv"), "-o", str(out)]) == 0
    header, first, *rest = csv.reader(io.StringIO(out.read_text("utf-8")), delimiter=";")
    assert header[:4] == ["number", "x", "y", "prediction"]
    assert first[0] == "S000"
    assert "," in first[-1]
    assert len(rest) == 39


def test_that_predicting_predictions_names_each_column_once(comma: RunFolder, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert command(["predict", str(comma.path), str(tmp_path / "train.csv"), "-o", str(out)]) == 0
    header = table_of(predicted(comma, out))[0]
    assert len(set(header)) == len(header)
    assert {"prediction", "prediction (2)"} <= set(header)


BLANKS: list[tuple[str, str, list[int]]] = [
    ("inside", "number;x\na;1,5\n\nb;2,5\n", [1]),
    ("at the end", "number;x\na;1,5\nb;2,5\n\n\n", []),
    ("with separators", "number;x\na;1,5\n;\nb;2,5\n", [1]),
    ("line ends of Windows", "number;x\r\na;1,5\r\n\r\nb;2,5\r\n", [1]),
]


@pytest.mark.parametrize(("content", "lost"), [case[1:] for case in BLANKS], ids=[case[0] for case in BLANKS])
def test_that_blank_rows_shift_no_answer(
    comma: RunFolder, tmp_path: Path, content: str, lost: list[int]
) -> None:
    (tmp_path / "new.csv").write_bytes(content.encode())
    found = predicted(comma, tmp_path / "new.csv")
    assert [row for row in range(len(found.rows)) if found.why_not(row)] == lost
    names = [cells[0] for cells in found.cells]
    assert [name for name in names if name] == ["a", "b"]
    assert len(names) == 2 + len(lost)


def test_that_a_note_below_new_rows_gets_no_answer_and_a_reason(tmp_path: Path) -> None:
    frame = numbers()
    frame.insert(1, "z", range(len(frame)))
    frame.to_csv(tmp_path / "train.csv", index=False)
    folder = trained(
        tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": ["number"]}
    )
    (tmp_path / "new.csv").write_text("number,z,x\nS1,1,4.5\nS2,,5.5\n~End,,\nOriginal file: plate 3,,\n")
    found = predicted(folder, tmp_path / "new.csv")
    assert [row for row in range(len(found.rows)) if found.why_not(row)] == [2, 3]
    assert found.why_not(2) == "the row holds nothing that the network receives"


def test_that_a_blank_line_of_one_column_is_a_missing_value(tmp_path: Path) -> None:
    numbers().drop(columns="number").to_csv(tmp_path / "train.csv", index=False)
    folder = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    (tmp_path / "new.csv").write_text("x\n1.0\n\n2.0\n\n3.0\n")
    found = predicted(folder, tmp_path / "new.csv")
    assert len(found.rows) == 5
    assert any("x: 2 missing, filled" in warning for warning in found.warnings)


# ----------------------------------------------------------------------- settings, chosen, found and told


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        numbers(50).to_excel(book, sheet_name="2023", index=False)
        numbers(40).to_excel(book, sheet_name="2024", index=False)
    return path


def test_that_the_sheet_of_training_is_read_unless_another_is_told(workbook: Path, tmp_path: Path) -> None:
    folder = trained(tmp_path, {"kind": "table", "path": str(workbook), "target": "y", "sheet": "2024"})
    assert len(predicted(folder, workbook).rows) == 40
    assert len(predicted(folder, workbook, sheet="2023").rows) == 50
    for told in (["--sheet", "2023"], ["--set", "data.sheet=2023"], ["--set", 'data.sheet="2023"']):
        out = tmp_path / "out.csv"
        assert command(["predict", str(folder.path), str(workbook), "-o", str(out), *told]) == 0
        assert len(out.read_text("utf-8").splitlines()) == 51
    with pytest.raises(Invalid, match="no sheet '2025'"):
        predicted(folder, workbook, sheet="2025")
    with pytest.raises(Invalid, match=r"data\.sheets: is no setting of Table file; did you mean 'sheet'"):
        predicted(folder, workbook, sheets="2023")


def test_that_an_encoding_holds_and_one_that_does_not_fit_is_found_anew(tmp_path: Path) -> None:
    rows = numbers().rename(columns={"x": "面積"})
    rows.to_csv(tmp_path / "train.csv", index=False, encoding="shift_jis")
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    chosen = trained(tmp_path, {**data, "encoding": "shift_jis"})
    rows.head(3).to_csv(tmp_path / "new.csv", index=False, encoding="shift_jis")
    assert len(predicted(chosen, tmp_path / "new.csv").rows) == 3
    rows.to_csv(tmp_path / "other.csv", index=False, encoding="utf-8")
    assert len(predicted(chosen, tmp_path / "other.csv", encoding="utf-8").rows) == 40
    german = numbers().rename(columns={"x": "größe"})
    german.to_csv(tmp_path / "utf.csv", index=False, encoding="utf-8")
    found = trained(tmp_path, {**data, "path": str(tmp_path / "utf.csv")})
    german.to_csv(tmp_path / "western.csv", index=False, encoding="windows-1252")
    anew = predicted(found, tmp_path / "western.csv")
    np.testing.assert_array_equal(anew.values, predicted(found, tmp_path / "utf.csv").values)
    assert any("read otherwise than in training" in told for told in anew.warnings)


def test_that_the_column_of_texts_is_that_of_training(tmp_path: Path) -> None:
    titles = [f"{'good' if row % 2 else 'bad'} plan {row % 5}" for row in range(40)]
    frame = pd.DataFrame({"title": titles, "body": ["word " * 9] * 40, "label": ["yes", "no"] * 20})
    frame.to_csv(tmp_path / "train.csv", index=False)
    data = {"kind": "text_table", "path": str(tmp_path / "train.csv"), "texts": "title", "label": "label"}
    folder = trained(tmp_path, data, architecture={"kind": "embedding_bag"})
    assert predicted(folder, tmp_path / "train.csv").values.std(axis=0).max() > 1e-4  # all bodies are alike
    frame[["body", "title"]].to_csv(tmp_path / "new.csv", index=False)
    np.testing.assert_array_equal(
        predicted(folder, tmp_path / "new.csv").values, predicted(folder, tmp_path / "train.csv").values
    )
    assert predicted(folder, tmp_path / "train.csv", texts="body").values.std(axis=0).max() < 1e-6


def test_that_a_table_called_txt_is_one_for_new_texts_too(tmp_path: Path) -> None:
    rows = [f"{'good' if row % 2 else 'bad'} plan {row % 5}\t{'yn'[row % 2]}" for row in range(40)]
    (tmp_path / "reviews.txt").write_text("\n".join(["text\tlabel", *rows]) + "\n")
    data = {"kind": "text_table", "path": str(tmp_path / "reviews.txt")}
    folder = trained(tmp_path, data, architecture={"kind": "embedding_bag"})
    found = predicted(folder, tmp_path / "reviews.txt")
    assert found.columns == ("text", "label")
    assert len(found.rows) == 40
    (tmp_path / "lines.txt").write_text("a good plan\na bad plan, text\n")
    assert len(predicted(folder, tmp_path / "lines.txt").rows) == 2


def test_that_series_are_told_apart_as_in_training(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    rows = [
        (f"r{one:02}", 20 * place, random.normal(), "ab"[one % 2]) for one in range(12) for place in range(6)
    ]
    frame = pd.DataFrame(rows, columns=["rec", "ms", "volt", "sort"])
    frame.to_csv(tmp_path / "train.csv", index=False)
    data = {
        "kind": "series_table",
        "path": str(tmp_path / "train.csv"),
        "id": "rec",
        "time": "ms",
        "label": "sort",
    }
    folder = trained(tmp_path, data, architecture={"kind": "temporal_cnn"})
    frame.head(18).drop(columns="sort").sample(frac=1, random_state=0).to_csv(
        tmp_path / "new.csv", index=False
    )
    found = predicted(folder, tmp_path / "new.csv")
    assert sorted(found.rows) == ["r00", "r01", "r02"]
    whole = dict(zip((own := predicted(folder, tmp_path / "train.csv")).rows, own.values, strict=True))
    for name, values in zip(found.rows, found.values, strict=True):
        np.testing.assert_allclose(values, whole[name], atol=1e-6)


# ------------------------------------------------------------------------ scoring, moving, and writing


def test_that_a_labelled_file_is_scored_as_the_part_it_was(comma: RunFolder, tmp_path: Path) -> None:
    part = evaluate_run(comma, "train")
    whole = evaluate_file(comma, tmp_path / "train.csv")
    assert whole.count == 40 > part.count
    assert set(whole.metrics) == set(part.metrics)
    frame = numbers()
    frame.loc[[0, 3], "y"] = ["strange", ""]
    frame.to_csv(tmp_path / "new.csv", index=False, sep=";", decimal=",")
    some = evaluate_file(comma, tmp_path / "new.csv")
    assert some.count == 38
    assert "2 examples have no answer that training knew, left out: strange" in some.notes
    frame.drop(columns="y").to_csv(tmp_path / "bare.csv", index=False, sep=";", decimal=",")
    with pytest.raises(Invalid, match="the answers are missing: no column y"):
        evaluate_file(comma, tmp_path / "bare.csv")


def test_that_data_moved_with_its_run_is_found_and_data_moved_alone_is_given(tmp_path: Path) -> None:
    (tmp_path / "a" / "data").mkdir(parents=True)
    numbers().to_csv(tmp_path / "a" / "data" / "d.csv", index=False)
    data = {"kind": "table", "path": str(tmp_path / "a" / "data" / "d.csv"), "target": "y"}
    before = trained(tmp_path / "a", data)
    scores = evaluate_run(before, "test").loss
    (tmp_path / "a").rename(tmp_path / "b")
    moved = RunFolder(tmp_path / "b" / "runs" / before.path.name)
    assert evaluate_run(moved, "test").loss == scores
    (tmp_path / "b" / "data" / "d.csv").rename(tmp_path / "e.csv")
    with pytest.raises(Invalid, match="there is no file"):
        evaluate_run(moved, "test")
    assert evaluate_run(moved, "test", told={"path": str(tmp_path / "e.csv")}).loss == scores
    assert command(["evaluate", str(moved.path), "--data", str(tmp_path / "e.csv")]) == 0


def test_that_a_link_is_followed_and_told_and_a_device_stays_one(
    comma: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "real.csv").chmod(0o600)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")

    def predict(out: str) -> int:
        return command(["predict", str(comma.path), str(tmp_path / "train.csv"), "-o", out])

    assert predict(str(tmp_path / "link.csv")) == 0
    assert "is a link; what it points to was written" in capsys.readouterr().err
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8").startswith("number;x;y;prediction")
    assert (tmp_path / "real.csv").stat().st_mode & 0o077 == 0  # nobody else may read it now
    assert predict("/dev/null") == 0
    assert not Path("/dev/null").is_file()


def test_that_all_rows_may_be_learnt(tmp_path: Path) -> None:
    numbers().to_csv(tmp_path / "train.csv", index=False)
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    split = {"train": 1.0, "validation": 0.0, "test": 0.0}
    folder = trained(tmp_path, data, split=split)
    assert list(folder.read_json(folder.metrics)) == ["train"]
    assert evaluate_run(folder, "train").count == 40
    with pytest.raises(Invalid, match="the validation part of this run is empty"):
        evaluate_run(folder, "validation")
