"""A test part in a file of its own, for every kind of data that is split by examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.command_line.experiments import load
from engine.data.decisions import Decided
from engine.data.prepared import Prepared
from engine.data.tables.raw import Table
from engine.opening import source_of
from engine.runs.preparation import prepare_experiment

COUNT, MORE = 60, 9


def table(path: Path, count: int, seed: int, columns: str = "a,b,kind") -> None:
    random = np.random.default_rng(seed)
    rows = [f"{random.normal():.3f},{random.normal():.3f},{'xy'[row % 2]}" for row in range(count)]
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")


def images(path: Path, count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    for row in range(count):
        place = path / "xy"[row % 2] / f"{row}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 255, (8, 8, 3)).astype(np.uint8)).save(place)


def texts(path: Path, count: int, seed: int) -> None:
    rows = [f"word{row * seed % 17} and word{row % 5} here {row},{'xy'[row % 2]}" for row in range(count)]
    path.write_text("\n".join(["text,label", *rows]) + "\n", encoding="utf-8")


def folders(path: Path, count: int, seed: int) -> None:
    for row in range(count):
        place = path / "xy"[row % 2] / f"{row}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"text number {row} of {seed}", encoding="utf-8")


def tagged(path: Path, count: int, seed: int) -> None:
    sentences = [f"Ada{row} N\nsees V\nBob{seed} N\n" for row in range(count)]
    path.write_text("\n".join(sentences), encoding="utf-8")


def series(path: Path, count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    for row in range(count):
        place = path / "xy"[row % 2] / f"{row}.csv"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            "v\n" + "\n".join(f"{value:.3f}" for value in random.normal(size=12)), encoding="utf-8"
        )


Make = Callable[[Path, int, int], None]
KINDS: dict[str, tuple[Make, str, list[str]]] = {
    "table": (table, ".csv", ["data.target=kind"]),
    "images": (images, "", ["architecture.kind=cnn"]),
    "series_table": (series, "", ["architecture.kind=temporal_cnn"]),
    "text_table": (texts, ".csv", ["architecture.kind=embedding_bag"]),
    "text_folders": (folders, "", ["architecture.kind=embedding_bag"]),
    "tagged_text": (tagged, ".conll", ["architecture.kind=lstm", "task.kind=tagging"]),
}


def prepared(kind: str, folder: Path, *changes: str) -> Prepared:
    make, ending, own = KINDS[kind]
    data, test = folder / f"data{ending}", folder / f"later{ending}"
    if not data.exists():
        make(data, COUNT, 1)
        make(test, MORE, 2)
    settings = [f"data.kind={kind}", f"data.path={data}", f"data.test_path={test}", *own, *changes]
    return prepare_experiment(load("iris", settings))


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_test_part_is_the_file_and_nothing_else(kind: str, tmp_path: Path) -> None:
    made = prepared(kind, tmp_path)
    assert len(made.test) == MORE
    assert len(made.train) + len(made.validation) == COUNT
    assert min(made.test.rows) >= COUNT > max(*made.train.rows, *made.validation.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_that_what_is_fitted_knows_nothing_of_the_test_file(kind: str, tmp_path: Path) -> None:
    made = prepared(kind, tmp_path)
    make, ending, _ = KINDS[kind]
    test = tmp_path / f"later{ending}"
    if test.is_dir():
        for file in test.rglob("*.*"):
            file.unlink()
    make(test, MORE, 3)
    again = prepared(kind, tmp_path)
    assert again.preprocessor.to_json() == made.preprocessor.to_json()
    np.testing.assert_array_equal(again.train.inputs, made.train.inputs)


def test_that_the_split_may_join_it_all_the_same(tmp_path: Path) -> None:
    made = prepared("table", tmp_path, "split.published=false")
    assert len(made.train) + len(made.validation) + len(made.test) == COUNT + MORE
    assert min(made.test.rows) < COUNT


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.unlink(), "later.csv"),
        (lambda path: path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8"), "lacks the columns kind"),
    ],
    ids=["not there", "no target"],
)
def test_that_a_test_file_that_does_not_fit_is_refused_by_its_name(
    tmp_path: Path, spoil: Callable[[Path], Any], why: str
) -> None:
    prepared("table", tmp_path)
    spoil(tmp_path / "later.csv")
    with pytest.raises(Invalid, match=r"data\.test_path") as refused:
        prepared("table", tmp_path)
    assert why in str(refused.value)


def test_that_a_misspelled_target_beside_a_test_file_is_refused_with_the_names(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="did you mean 'kind'"):
        prepared("table", tmp_path, "data.target=kint")


def test_that_a_point_behind_every_answer_of_the_test_file_is_left_out(tmp_path: Path) -> None:
    """The test part of the Adult data is written so: <=50K. where its training part has <=50K."""
    prepared("table", tmp_path)
    later = tmp_path / "later.csv"
    later.write_text(later.read_text("utf-8").replace("x\n", "x.\n").replace("y\n", "y.\n"), "utf-8")
    made = prepared("table", tmp_path)
    assert made.description.targets.classes == ("x", "y")
    assert len(made.test) == MORE
    assert "test file: kind: the point behind each answer is left out" in made.notices


PARTS_BY_NAME = {
    ("train.csv", "dev.csv", "test.csv"): (MORE, MORE),
    ("train.csv", "valid.csv"): (MORE, 0),
    ("train.csv", "test.csv"): (0, MORE),
}


@pytest.mark.parametrize("names", PARTS_BY_NAME)
def test_that_the_files_of_a_folder_are_the_parts_that_they_are_called(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    for place, name in enumerate(names):
        table(tmp_path / name, MORE if place else COUNT, place)
    source = source_of(tmp_path)
    assert source is not None
    raw = source.read_ordinary(0)
    assert isinstance(raw, Table)
    assert raw.published is not None
    validation, test = PARTS_BY_NAME[names]
    assert ((raw.published == "validation").sum(), (raw.published == "test").sum()) == (validation, test)
    said = " ".join(raw.notices)
    assert ("the validation part is what stands in validation_path" in said) == bool(validation)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_validation_part_may_be_a_file_of_its_own_as_well(kind: str, tmp_path: Path) -> None:
    make, ending, _ = KINDS[kind]
    make(tmp_path / f"checked{ending}", 7, 3)
    made = prepared(kind, tmp_path, f"data.validation_path={tmp_path / f'checked{ending}'}")
    assert (len(made.train), len(made.validation), len(made.test)) == (COUNT, 7, MORE)


def test_that_parts_which_were_not_taken_are_told_with_the_setting_that_takes_them(tmp_path: Path) -> None:
    for place, name in enumerate(("train.csv", "dev.csv", "test.csv")):
        table(tmp_path / name, COUNT, place)
    source = source_of(tmp_path / "train.csv")
    assert source is not None
    told = [notice for notice in source.read_ordinary(0).notices if isinstance(notice, Decided)]
    wanted = {"data.validation_path": "dev.csv", "data.test_path": "test.csv"}
    found = {one.decision.setting: Path(str(one.decision.others[0].value)).name for one in told}
    assert {name: found.get(name) for name in wanted} == wanted


def test_that_a_test_part_without_answers_is_told_by_its_one_answer(tmp_path: Path) -> None:
    texts(tmp_path / "train.csv", COUNT, 1)
    rows = "\n".join(f"word{row} and more,-1" for row in range(MORE))
    (tmp_path / "test.csv").write_text(f"text,label\n{rows}\n", "utf-8")
    made = prepare_experiment(
        load("iris", ["data.kind=text_table", f"data.path={tmp_path / 'train.csv'}",
                      f"data.test_path={tmp_path / 'test.csv'}", "architecture.kind=embedding_bag"])
    )  # fmt: skip
    assert any("all examples of the test part have the answer -1" in notice for notice in made.notices)
