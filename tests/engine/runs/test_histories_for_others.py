"""Histories for other programs: CSV, Parquet, and event files as TensorBoard's format is written down."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from engine.command_line.main import run as run_command
from engine.events import Block
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.folder import RunFolder
from engine.runs.history.tensorboard import masked_crc
from engine.runs.history.writer import HistoryWriter

STEPS = {
    "loss": (1, 1, np.geomspace(1e6, 1e-30, 300, dtype=np.float32)),
    "validation.loss": (50, 50, np.array([3, np.nan, 1, 0.5, 0.25, np.inf], np.float32)),
}


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def called(*arguments: str) -> Answer:
        code = run_command(arguments)
        return Answer(code, *capsys.readouterr())

    return called


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = create(tmp_path / "runs", Experiment.model_validate({"name": "Digits"}))
    with HistoryWriter(folder.history) as history:
        history.add([Block(name, *rest) for name, rest in STEPS.items()])
        history.finish()
    status.write(folder, status.Status("finished", 300, 6, 6, 30.0, "", "Digits", started=1_700_000_000.0))
    return folder


def test_that_a_table_holds_every_number_at_its_step(run: RunFolder, tmp_path: Path, call: Call) -> None:
    for name in ("x.csv", "x.parquet"):
        assert call("history", str(run.path), "-o", str(tmp_path / name)).code == 0
    read = pd.read_csv(tmp_path / "x.csv", index_col="step")
    kept = pd.read_parquet(tmp_path / "x.parquet")
    assert call("history", str(run.path)).out == (tmp_path / "x.csv").read_text("utf-8")
    for table in (read, kept):
        for name, (first, stride, values) in STEPS.items():
            steps = first + stride * np.arange(len(values))
            np.testing.assert_array_equal(table[name].loc[steps].to_numpy(np.float32), values)
            assert table[name].drop(steps).isna().all()


def test_that_another_ending_is_refused(run: RunFolder, tmp_path: Path, call: Call) -> None:
    answer = call("history", str(run.path), "-o", str(tmp_path / "x.xlsx"))
    assert answer.code != 0
    assert ".csv or .parquet" in answer.err
    assert not (tmp_path / "x.xlsx").exists()


# ------------------------------------------------- a reader of event files, from the format's description


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 * (crc & 1)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[place] & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if data[place - 1] < 0x80:
            return number, place


def message(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of every field."""
    place = 0
    while place < len(data):
        key, place = varint(data, place)
        match key & 7:
            case 0:
                value, place = varint(data, place)
                yield key >> 3, value
            case 2:
                length, place = varint(data, place)
                yield key >> 3, data[place : place + length]
                place += length
            case wire:
                size = {1: 8, 5: 4}[wire]
                yield key >> 3, data[place : place + size]
                place += size


def raw(value: int | bytes) -> bytes:
    assert isinstance(value, bytes)
    return value


def events(data: bytes) -> Iterator[dict[int, int | bytes]]:
    place = 0
    while place < len(data):
        head = data[place : place + 8]
        (length,) = struct.unpack("<Q", head)
        assert struct.unpack("<I", data[place + 8 : place + 12])[0] == masked(head)
        body = data[place + 12 : place + 12 + length]
        assert struct.unpack("<I", data[place + 12 + length : place + 16 + length])[0] == masked(body)
        yield dict(message(body))
        place += 16 + length


def test_that_the_checksum_is_the_published_one() -> None:
    # the check value of CRC-32C in the catalogue of parametrised CRC algorithms
    assert crc32c(b"123456789") == 0xE3069283
    rows = np.random.default_rng(0).integers(0, 256, (50, 37), dtype=np.uint8)
    assert masked_crc(rows).tolist() == [masked(row.tobytes()) for row in rows]


def test_that_an_event_file_gives_every_number_back(run: RunFolder, tmp_path: Path, call: Call) -> None:
    assert call("log", str(run.path), "--tensorboard", str(tmp_path / "logs")).code == 0
    (file,) = (tmp_path / "logs" / run.path.name).glob("*tfevents*")
    first, *others = events(file.read_bytes())
    assert first[3] == b"brain.Event:2"
    found: dict[str, list[tuple[int, float]]] = {}
    for event in others:
        value = dict(message(raw(dict(message(raw(event[5])))[1])))
        (wall,) = struct.unpack("<d", raw(event[1]))
        assert 1_700_000_000 <= wall <= 1_700_000_030
        (scalar,) = struct.unpack("<f", raw(value[2]))
        found.setdefault(raw(value[1]).decode(), []).append((int(event[2]), scalar))
    assert set(found) == {"loss", "validation/loss"}
    for name, (begins, stride, values) in STEPS.items():
        steps, scalars = zip(*found[name.replace(".", "/")], strict=True)
        assert list(steps) == [begins + stride * place for place in range(len(values))]
        np.testing.assert_array_equal(np.array(scalars, np.float32), values)
    before = file.read_bytes()
    assert call("log", str(run.path), "--tensorboard", str(tmp_path / "logs")).code == 0
    assert [one.read_bytes() for one in file.parent.iterdir()] == [before]


def test_that_a_folder_that_cannot_be_made_is_told(run: RunFolder, tmp_path: Path, call: Call) -> None:
    (tmp_path / "file").write_text("")
    answer = call("log", str(run.path), "--tensorboard", str(tmp_path / "file"))
    assert answer.code != 0
    assert "cannot be made" in answer.err
