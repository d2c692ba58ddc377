"""Pictures in files of NumPy arrays, as Keras and MedMNIST publish them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from tests.engine.data.guesses import guess_task

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 9, 8), np.uint8)
CODES = np.arange(30) % 3
COLOURS = np.random.default_rng(1).integers(0, 256, (30, 9, 8, 3), np.uint8)


def saved(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "set.npz", **arrays)
    return folder / "set.npz"


def read(path: Path, **settings: Any) -> ImageSet:
    found = Images(path=str(path), **settings).read(0)
    assert isinstance(found, ImageSet)
    return found


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as raised:
        read(path)
    return str(raised.value.problems[0])


KERAS = {"x_train": PIXELS[:20], "y_train": CODES[:20], "x_test": PIXELS[20:], "y_test": CODES[20:]}
MED = {
    "train_images": COLOURS[:20], "train_labels": CODES[:20, None], "val_images": COLOURS[20:25],
    "val_labels": CODES[20:25, None], "test_images": COLOURS[25:], "test_labels": CODES[25:, None],
}  # fmt: skip


@pytest.mark.parametrize(
    ("arrays", "pixels"), [(KERAS, PIXELS[..., None]), (MED, COLOURS)], ids=["Keras", "MedMNIST"]
)
def test_that_arrays_are_pictures_in_the_parts_that_their_names_say(
    tmp_path: Path, arrays: dict[str, Any], pixels: Any
) -> None:
    path = saved(tmp_path, **arrays)
    assert Images.recognizes(path)
    found = read(path)
    assert np.array_equal(found.pixels, pixels)
    assert found.labels.tolist() == [str(code) for code in CODES]
    assert found.published is not None
    assert found.published.tolist().count("test") == len(pixels) - (25 if arrays is MED else 20)
    network = prepare_raw(found, Split(), Preprocessing(), "classes", 0).preprocessor
    new = Images(path=str(saved(tmp_path, x=pixels[:4]))).filled(found.found).read_new(network)
    assert isinstance(new, ImageSet)
    assert np.array_equal(new.pixels, pixels[:4])


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (COLOURS / 255.0, np.eye(3)[CODES]),
        ((COLOURS / 255.0).astype(np.float32), np.array(["0", "1", "2"])[CODES]),
        (COLOURS.astype(np.int64), CODES.astype(float)),
        (np.moveaxis(COLOURS, -1, 1), CODES),
    ],
)
def test_that_fractions_codes_and_the_order_of_pytorch_are_understood(
    tmp_path: Path, values: Any, labels: Any
) -> None:
    found = read(saved(tmp_path, images=values, labels=labels))
    assert np.array_equal(found.pixels, COLOURS)
    assert found.labels.tolist() == [str(code) for code in CODES]
    assert found.published is None


def test_that_rows_of_several_labels_are_sets(tmp_path: Path) -> None:
    found = read(saved(tmp_path, x=PIXELS, y=np.array([[1, 1, 0], [0, 0, 0], [0, 1, 1]] * 10)))
    assert found.labels[:3].tolist() == ["0;1", "[]", "1;2"]
    assert guess_task(found) == "labels"


def test_that_what_holds_no_pictures_is_refused_with_the_array(tmp_path: Path) -> None:
    assert "x holds no pictures but 30 × 8 values" in refusal(saved(tmp_path, x=PIXELS[:, 0], y=CODES))
    assert "x has no labels; the arrays are x" in refusal(saved(tmp_path, x=PIXELS))
    assert "x holds 30 pictures, y 3 labels" in refusal(saved(tmp_path, x=PIXELS, y=CODES[:3]))
    words = np.array([["a"], ["b", "c"]], dtype=object)
    assert "cannot be read as plain numbers" in refusal(saved(tmp_path, x_train=words, y_train=CODES))
    assert not Images.recognizes(saved(tmp_path, weights=PIXELS))
    broken = tmp_path / "broken.npz"
    broken.write_bytes(saved(tmp_path, x=PIXELS, y=CODES).read_bytes()[:300])
    assert not Images.recognizes(broken)
