"""Pictures in tables: the pixels of each in one cell, or in a column each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.suggestions import better_source

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 10, 10), np.uint8)
FLAT = PIXELS.reshape(40, 100)
CELLS = [" ".join(map(str, row)) for row in FLAT]
USAGE = ["Training"] * 30 + ["PrivateTest"] * 10
COLUMNS = {f"pixel{place}": FLAT[:, place] for place in range(100)}
CLASSES = np.arange(40) % 4
FORMS: dict[str, tuple[dict[str, Any], bool]] = {
    "FER-2013": ({"emotion": CLASSES, "pixels": CELLS, "Usage": USAGE}, True),
    "ages and genders": (
        {"label": CLASSES, "img_name": [f"{n}.jpg" for n in range(40)], "pixels": CELLS},
        True,
    ),
    "MNIST of Kaggle": ({"label": CLASSES, **COLUMNS}, True),
    "label last": ({**COLUMNS, "label": CLASSES}, True),
    "MNIST without names": ({"label": CLASSES, **COLUMNS}, False),
}


def read(path: Path, **settings: Any) -> ImageSet:
    found = Images(path=str(path), **settings).read(0)
    assert isinstance(found, ImageSet)
    return found


@pytest.mark.parametrize(("columns", "named"), FORMS.values(), ids=FORMS)
def test_that_pictures_in_a_table_are_read_and_predicted_as_such(
    tmp_path: Path, columns: dict[str, Any], named: bool
) -> None:
    frame = pd.DataFrame(columns)
    frame.to_csv(tmp_path / "t.csv", index=False, header=named)
    found = read(tmp_path / "t.csv")
    assert np.array_equal(found.pixels[..., 0], PIXELS)
    assert found.labels.tolist() == [str(code) for code in CLASSES]
    assert (found.published is not None) == ("Usage" in columns)
    assert "10 × 10 pictures" in " ".join(found.notices)
    network = prepare_raw(found, Split(), Preprocessing(), "classes", 0).preprocessor
    if named:
        frame.drop(columns=[name for name in ("emotion", "label") if name in columns]).head(3).to_csv(
            tmp_path / "new.csv", index=False
        )
        new = Images(path=str(tmp_path / "new.csv")).filled(found.found).read_new(network)
        assert isinstance(new, ImageSet)
        assert np.array_equal(new.pixels[..., 0], PIXELS[:3])


@pytest.mark.parametrize("name", ["FER-2013", "MNIST of Kaggle", "label last"])
def test_that_a_table_of_pixels_is_offered_as_pictures(name: str) -> None:
    assert better_source(pd.DataFrame(FORMS[name][0])) == "images"


@pytest.mark.parametrize(
    "columns",
    [
        {"label": CLASSES, **{name: column % 17 for name, column in COLUMNS.items()}},  # too faint
        {"label": CLASSES, **{name: column + 0.5 for name, column in COLUMNS.items()}},
        {"label": CLASSES, **{name: COLUMNS[name] for name in list(COLUMNS)[:90]}},  # no square
        {"label": CLASSES, "text": [f"{row} and so on" for row in CELLS]},
    ],
)
def test_that_other_numbers_are_no_pixels(columns: dict[str, Any]) -> None:
    assert better_source(pd.DataFrame(columns)) != "images"


def test_that_a_row_with_too_few_pixels_is_named(tmp_path: Path) -> None:
    cells = [*CELLS[:-1] * 4, "1 2 3"]
    pd.DataFrame({"emotion": [0, 1] * 78 + [0], "pixels": cells}).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(Invalid, match="pixels in row 157 holds 3 numbers, and 100 make a picture"):
        read(tmp_path / "t.csv")


def test_that_colours_and_another_size_are_as_chosen(tmp_path: Path) -> None:
    colours = np.random.default_rng(1).integers(0, 256, (6, 9, 9, 3), np.uint8)
    cells = [str(row.ravel().tolist()) for row in colours]
    pd.DataFrame({"label": ["a", "b"] * 3, "pixels": cells}).to_csv(tmp_path / "t.csv", index=False)
    assert np.array_equal(read(tmp_path / "t.csv").pixels, colours)
    assert read(tmp_path / "t.csv", height=4, width=4, colour="grey").pixels.shape == (6, 4, 4, 1)
