"""Temperatures: every hour of a year in Seattle."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet


def make(packages: Sequence[Path], folder: Path) -> None:
    shutil.copyfile(
        packages[0] / "vega_datasets" / "_data" / "seattle-temps.csv", folder / "temperatures.csv"
    )


SET = DataSet(
    title="Temperatures: 8,759 hours in Seattle, 2010",
    licence="package MIT; the normals of NOAA are in the public domain",
    size="0.2 MB",
    packages=(PyPI("vega_datasets", "0.9.0"),),
    make=make,
    open_with='kind = "time_series"\npath = "FOLDER/temperatures.csv"',
)
