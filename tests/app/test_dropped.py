"""What is dropped onto the window is opened as what it is, by the names of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dropped import sort_of
from app.workbench import source_of


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
