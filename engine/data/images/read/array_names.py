"""What the arrays in a file of NumPy (.npz) are, by their names. Needs no NumPy, as the window asks it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

ENDING = ".npz"
_PICTURES = frozenset({"x", "images", "image", "imgs", "pictures", "data"})
_LABELS = frozenset({"y", "labels", "label", "targets", "target"})


def array_names(path: Path) -> list[str]:
    """Return the names of the arrays in a file; none where it is no such file."""
    try:
        # an .npz is a zip of .npy files, whose names are the names of the arrays
        with zipfile.ZipFile(path) as file:
            return [name.removesuffix(".npy") for name in file.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []


def are_images(name: str) -> bool:
    """Return whether an array is called as those of pictures are: x_train, test_images."""
    return _is_called(name, _PICTURES)


def are_labels(name: str) -> bool:
    """Return whether an array is called as those of labels are: y_train, test_labels."""
    return _is_called(name, _LABELS)


def holds_images(path: Path) -> bool:
    """Return whether a file of arrays holds one that is called as those of pictures are; none is read."""
    return path.suffix.lower() == ENDING and path.is_file() and any(map(are_images, array_names(path)))


def _is_called(name: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(re.split(r"[\W\d_]+", name.casefold()))
