"""What is dropped onto the window is opened as what it is, by the names of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dropped import sort_of, source_of


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"), "idx"),
        (("data_batch_1.bin", "test_batch.bin"), "cifar"),
        (("train.bin", "fine_label_names.txt"), "cifar"),
        (("cat/1.png", "dog/1.png"), "images"),
    ],
)
def test_that_a_folder_of_pictures_is_opened_by_the_source_of_its_layout(
    tmp_path: Path, files: tuple[str, ...], kind: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sort_of(tmp_path) == "pictures"
    source = source_of(tmp_path)
    assert source is not None
    assert (source.kind, getattr(source, "path", None)) == (kind, str(tmp_path))


def test_that_one_file_of_pictures_of_mnist_is_opened_as_such(tmp_path: Path) -> None:
    file = tmp_path / "t10k-images-idx3-ubyte"
    file.touch()
    assert sort_of(file) == "pictures"
    assert getattr(source_of(file), "kind", "") == "idx"


@pytest.mark.parametrize("name", ["train.bin", "notes.md"])
def test_that_other_folders_stay_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert sort_of(tmp_path) == "unknown"


NOVEL = (
    "It was a bright cold day, and the clocks were striking.\nHe went in.\n\n“Who, me?” she said, at last.\n"
)
TAGGED = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nIt O\nrains O\n"


@pytest.mark.parametrize(
    ("name", "text", "sort", "kind"),
    [
        ("novel.txt", NOVEL, "texts", "text_files"),
        ("eng.train.txt", TAGGED, "texts", "tagged_text"),
        ("names.conll", TAGGED, "texts", "tagged_text"),
        ("walk.ts", "@data\n1,2:a\n", "series", "series_table"),
        ("table.txt", "a;b\n1;2\n3;4\n", "table", "table"),
        ("numbers.txt", "1.0 2.0\n3.0 4.0\n\n5.0 6.0\n", "table", "table"),
        ("table.csv", "a,b\n1,2\n", "table", "table"),
        ("pairs.txt", "Good day.\tBuenos días.\nYes.\tSí.\n", "table", "table"),
    ],
)
def test_that_a_file_is_opened_by_what_it_looks_like(
    tmp_path: Path, name: str, text: str, sort: str, kind: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert sort_of(file) == sort
    assert getattr(source_of(file), "kind", "") == kind


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("pos/1.txt", "neg/1.txt"), "text_folders"),
        (("train/pos/1.txt", "train/neg/1.txt", "test/pos/2.txt", "README"), "text_folders"),
        (("one.txt", "two.txt", "LICENSE.txt"), "text_files"),
        (("walk/1.csv", "run/1.csv"), "series_table"),
        (("a_TRAIN.ts", "a_TEST.ts"), "series_table"),
    ],
)
def test_that_a_folder_of_texts_or_series_is_opened_by_the_source_of_its_layout(
    tmp_path: Path, files: tuple[str, ...], kind: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(NOVEL, encoding="utf-8")
    assert getattr(source_of(tmp_path), "kind", "") == kind
    assert sort_of(tmp_path) in ("texts", "series")


def test_that_a_folder_of_tagged_files_is_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(TAGGED)
    assert getattr(source_of(tmp_path), "kind", "") == "tagged_text"
