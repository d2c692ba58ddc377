"""Pictures that stand whole in the cells of a Parquet file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
import pytest
from PIL import Image
from pyarrow import parquet

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.opening import source_of


def _written(path: Path, labels: Sequence[int], named: bool = True, broken: bool = False) -> Path:
    cells = []
    for place, label in enumerate(labels):
        file = io.BytesIO()
        Image.fromarray(np.full((8, 9, 3), 40 + 50 * label + place % 3, np.uint8)).save(file, "PNG")
        cells.append({"bytes": file.getvalue(), "path": "same.png"})
    if broken:
        cells[0] = {"bytes": b"no picture", "path": "odd.png"}
    kind = arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
    columns: dict[str, Any] = {"image": arrow.array(cells, kind), "label": arrow.array(labels)}
    table = arrow.table(columns)
    if named:
        label_type = {"names": ["cat", "dog"], "_type": "ClassLabel"}
        features = {"image": {"_type": "Image"}, "label": label_type}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path)
    return path


def test_that_a_published_folder_is_pictures_with_its_test_part(tmp_path: Path) -> None:
    _written(tmp_path / "data" / "train-00000-of-00001.parquet", [0, 1] * 10)
    _written(tmp_path / "data" / "test-00000-of-00001.parquet", [0, 1] * 3)
    (tmp_path / "README.md").write_text("# Cats and dogs\n")
    source = source_of(tmp_path)
    assert isinstance(source, Images)
    raw = source.read_ordinary(0)
    assert isinstance(raw, ImageSet)
    assert raw.classes == ("cat", "dog")
    assert len(raw) == 26
    assert raw.pixels.shape[1:3] == (8, 9)
    assert raw.published is not None
    assert (raw.published == "test").sum() == 6


@pytest.mark.parametrize(("named", "classes"), [(True, ("cat", "dog")), (False, ("0", "1"))])
def test_that_classes_have_the_names_that_the_file_has_for_them(
    named: bool, classes: tuple[str, ...], tmp_path: Path
) -> None:
    raw = Images(path=str(_written(tmp_path / "a.parquet", [0, 1] * 6, named))).read(0)
    assert isinstance(raw, ImageSet)
    assert raw.classes == classes


def test_that_a_cell_that_holds_no_picture_is_left_out_and_told(tmp_path: Path) -> None:
    raw = Images(path=str(_written(tmp_path / "a.parquet", [0, 1] * 6, broken=True))).read(0)
    assert isinstance(raw, ImageSet)
    assert len(raw) == 11
    assert any("odd.png" in notice for notice in raw.notices)


def test_that_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.parquet", [0, 1] * 60)
    path.write_bytes(path.read_bytes()[:200] + bytes(3000) + path.read_bytes()[3200:])
    with pytest.raises(Invalid):
        Images(path=str(path)).read(0)
