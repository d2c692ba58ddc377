"""What is given to a run but is not for it: data of another kind, and the very data that it learnt from."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.inference.evaluation import evaluate_file
from engine.runs.folder import RunFolder
from tests.engine.inference.test_new_files import numbers, predicted, trained


def pictures(place: Path, count: int = 8) -> Path:
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (place / name).mkdir(parents=True)
        for number in range(count):
            Image.fromarray(random.integers(0, 256, (8, 8), np.uint8)).save(place / name / f"{number}.png")
    return place


@pytest.fixture
def on_pictures(tmp_path: Path) -> RunFolder:
    return trained(tmp_path, {"kind": "images", "path": str(pictures(tmp_path / "pets"))})


@pytest.fixture
def on_table(tmp_path: Path) -> RunFolder:
    numbers().to_csv(tmp_path / "train.csv", index=False)
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y", "ignore": "number"}
    return trained(tmp_path, data)


# ------------------------------------------------------------------------------------- another kind


def test_that_a_refused_file_is_told_with_what_the_network_takes(
    on_pictures: RunFolder, tmp_path: Path
) -> None:
    numbers().to_csv(tmp_path / "new.csv", index=False)
    for ask in (predicted, evaluate_file):
        with pytest.raises(Invalid, match=r"was trained on pictures; new\.csv holds a table") as refused:
            ask(on_pictures, tmp_path / "new.csv")
        assert any("There are: number, x, y" in problem.message for problem in refused.value.problems)
    (tmp_path / "letter.txt").write_text("Dear all,\nthis is a letter.\nIt says little.\n")
    with pytest.raises(Invalid, match=r"was trained on pictures; letter\.txt holds texts"):
        predicted(on_pictures, tmp_path / "letter.txt")


def test_that_a_file_of_the_right_kind_is_told_what_it_lacks_alone(
    on_table: RunFolder, tmp_path: Path
) -> None:
    (tmp_path / "new.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(Invalid) as refused:
        predicted(on_table, tmp_path / "new.csv")
    assert "was trained on" not in str(refused.value)


# ------------------------------------------------------------------------------------- what was learnt from


def learnt(folder: RunFolder, path: Path) -> str:
    return " ".join(note for note in evaluate_file(folder, path).notes if "learnt" in note)


def test_that_scoring_the_file_of_the_training_says_how_many_examples_were_learnt_from(
    on_table: RunFolder, tmp_path: Path
) -> None:
    count = on_table.read_json(on_table.metrics)["train"]["count"]
    words = f"the network learnt from {count} of its 40 examples"
    assert words in learnt(on_table, tmp_path / "train.csv")
    shutil.copy(tmp_path / "train.csv", tmp_path / "copy.csv")
    assert words in learnt(on_table, tmp_path / "copy.csv")
    numbers(50).iloc[40:].to_csv(tmp_path / "new.csv", index=False)
    assert learnt(on_table, tmp_path / "new.csv") == ""


def test_that_scoring_the_folder_of_the_training_is_told_and_what_lies_in_it_or_holds_it(
    on_pictures: RunFolder, tmp_path: Path
) -> None:
    assert "learnt from" in learnt(on_pictures, tmp_path / "pets")
    shutil.copytree(tmp_path / "pets", tmp_path / "others" / "pets")
    assert "this is the data of the training" in learnt(on_pictures, tmp_path / "others" / "pets")
    (tmp_path / "pets" / "some").mkdir()
    for name in ("cat", "dog"):
        shutil.copytree(tmp_path / "pets" / name, tmp_path / "pets" / "some" / name)
    assert "lies in the data of the training" in learnt(on_pictures, tmp_path / "pets" / "some")
    assert learnt(on_pictures, pictures(tmp_path / "new", 9)) == ""


def test_that_a_test_part_in_a_file_of_its_own_was_not_learnt_from(tmp_path: Path) -> None:
    numbers().to_csv(tmp_path / "train.csv", index=False)
    numbers(50).iloc[40:].to_csv(tmp_path / "test.csv", index=False)
    paths = {"path": str(tmp_path / "train.csv"), "test_path": str(tmp_path / "test.csv")}
    folder = trained(tmp_path, {"kind": "table", **paths, "target": "y", "ignore": "number"})
    assert learnt(folder, tmp_path / "test.csv") == ""
    assert "learnt from" in learnt(folder, tmp_path / "train.csv")


def test_that_another_sheet_of_the_workbook_of_training_was_not_learnt_from(tmp_path: Path) -> None:
    book = tmp_path / "years.xlsx"
    with pd.ExcelWriter(book) as writer:
        numbers().to_excel(writer, sheet_name="2023", index=False)
        numbers(50).iloc[40:].to_excel(writer, sheet_name="2024", index=False)
    folder = trained(tmp_path, {"kind": "table", "path": str(book), "target": "y", "ignore": "number"})
    assert "learnt from" in learnt(folder, book)

    def notes(sheet: str) -> str:
        return " ".join(note for note in evaluate_file(folder, book, told={"sheet": sheet}).notes)

    assert "learnt from" in notes("2023")
    assert "learnt from" not in notes("2024")
