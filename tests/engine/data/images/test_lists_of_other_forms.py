"""Lists of pictures in JSON, and lists as MXNet writes them, are read as tables of pictures are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images


def _images(folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{place:04}.png" for place in range(12)]
    for place, name in enumerate(names):
        Image.new("RGB", (8, 8), (20 * place, 60, 200)).save(folder / name)
    return names


@pytest.mark.parametrize("path", ["", "list.json"])
@pytest.mark.parametrize(("name", "label"), [("image_id", "disease_class"), ("file_name", "label")])
def test_that_records_of_pictures_are_a_list(path: str, name: str, label: str, tmp_path: Path) -> None:
    records = [{label: place % 3, name: one} for place, one in enumerate(_images(tmp_path / "images"))]
    (tmp_path / "list.json").write_text(json.dumps(records))
    raw = Images(path=str(tmp_path / path)).read(0)
    assert isinstance(raw, ImageSet)
    assert raw.classes == ("0", "1", "2")
    assert len(raw) == 12


def test_that_lines_of_records_in_the_folder_of_a_part_are_a_list(tmp_path: Path) -> None:
    names = _images(tmp_path)
    lines = [json.dumps({"file_name": one, "label": "cat" if one > "0005" else "dog"}) for one in names]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines))
    raw = Images(path=str(tmp_path)).read(0)
    assert isinstance(raw, ImageSet)
    assert raw.classes == ("cat", "dog")


def test_that_boxes_are_refused_as_before(tmp_path: Path) -> None:
    names = _images(tmp_path / "images")
    images = [{"id": place, "file_name": one} for place, one in enumerate(names)]
    boxes = [{"image_id": place, "bbox": [1, 1, 2, 2], "category_id": 1} for place in range(12)]
    found = {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "cat"}]}
    (tmp_path / "instances.json").write_text(json.dumps(found))
    for path in (tmp_path, tmp_path / "instances.json"):
        with pytest.raises(Invalid, match="boxes or outlines"):
            Images(path=str(path)).read(0)


def test_that_a_list_of_mxnet_asks_for_its_class(tmp_path: Path) -> None:
    rows = [
        f"{place}\t{place % 2}.000000\timages/{one}" for place, one in enumerate(_images(tmp_path / "images"))
    ]
    (tmp_path / "train.lst").write_text("\n".join(rows))
    with pytest.raises(Invalid, match="lists the pictures; name its column"):
        Images(path=str(tmp_path)).read(0)
    raw = Images(path=str(tmp_path), label="column 2").read(0)
    assert isinstance(raw, ImageSet)
    assert len(raw.classes) == 2


@pytest.mark.parametrize("folders", [("cars_train", "cars_test"), ("jpg",)])
def test_that_a_table_of_another_program_that_may_say_the_classes_is_told(
    folders: tuple[str, ...], tmp_path: Path
) -> None:
    for folder in folders:
        _images(tmp_path / folder)
    (tmp_path / "annotations.mat").write_bytes(b"MATLAB 5.0 MAT-file" + bytes(200))
    with pytest.raises(Invalid, match=r"annotations\.mat beside them is a MATLAB file.*write it as CSV"):
        Images(path=str(tmp_path)).read(0)
