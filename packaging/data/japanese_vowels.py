"""Japanese vowels: 640 spoken vowels of nine men, as the archive of multivariate series publishes them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet

FILES = ("JapaneseVowels_TRAIN.ts", "JapaneseVowels_TEST.ts")


def make(packages: Sequence[Path], folder: Path) -> None:
    for name in FILES:
        shutil.copyfile(packages[0] / "sktime" / "datasets" / "data" / "JapaneseVowels" / name, folder / name)


SET = DataSet(
    title="Japanese vowels: 270 + 370 recordings of nine speakers, 12 channels",
    licence="package BSD-3-Clause; the recordings of the UCI archive CC BY 4.0",
    size="1.1 MB",
    packages=(PyPI("sktime", "1.2.0"),),
    make=make,
    open_with='kind = "series_table"\npath = "FOLDER"',
)
