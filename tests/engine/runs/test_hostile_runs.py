"""A run folder from a stranger: whatever stands in its files, it is read or refused, and that is all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.inference.evaluation import evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs import status
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.history.writer import HistoryWriter
from engine.runs.lists.listing import read_entry
from engine.runs.reading import replay
from engine.runs.status import Status
from engine.training.control import Control

JSON = ("status.json", "environment.json", "preprocessing.json", "metrics.json", "started.json")
TENSORS = ("model.safetensors", "split.safetensors")
FILES = (*JSON, *TENSORS, "history.sqlite", "experiment.toml")
SAMPLE = Path(__file__).parents[3] / "resources" / "samples" / "wine.csv"


@contextmanager
def copied(run: RunFolder) -> Iterator[RunFolder]:
    """Give a copy of a run in a folder that holds nothing else, nor does it afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place) / "run")
        shutil.copytree(run.path, folder.path)
        yield folder
        assert os.listdir(place) == ["run"]


def use(folder: RunFolder) -> None:
    """Do everything that can be done with a run; each may be refused in words, none may fail otherwise."""
    assert read_entry(folder.path).folder
    uses: tuple[Callable[[], Any], ...] = (
        lambda: list(replay(folder)),
        lambda: evaluate_run(folder, "test"),
        lambda: predict_run(folder, GivenInputs(path=SAMPLE)),
        lambda: execute(folder, Control(), lambda event: None),
    )
    for one in uses:
        with suppress(Invalid, OSError):
            one()


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*place, key))


def _changed(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = value.copy()
    copy[place[0]] = _changed(value[place[0]], place[1:], new)
    return copy


junk = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        1,
        10**9,
        2**64,
        10**400,
        1e308,
        float("nan"),
        "",
        "x" * 1000,
        "../../x",
        "\x00",
        [],
        {},
    ]
)


@settings(max_examples=25)
@given(name=st.sampled_from(JSON), new=junk, data=st.data())
def test_that_a_changed_value_anywhere_is_read_or_refused(
    wine_run: RunFolder, name: str, new: Any, data: st.DataObject
) -> None:
    with copied(wine_run) as folder:
        path = folder.path / name
        value = json.loads(path.read_bytes())
        place = data.draw(st.sampled_from(list(_places(value))))
        path.write_text(json.dumps(_changed(value, place, new)), encoding="utf-8")
        use(folder)


@settings(max_examples=25)
@given(
    name=st.sampled_from(FILES),
    cut=st.floats(0, 1),
    place=st.floats(0, 1),
    bytes_=st.binary(max_size=20),
    going_on=st.booleans(),
)
def test_that_damaged_files_are_read_or_refused(
    wine_run: RunFolder, name: str, cut: float, place: float, bytes_: bytes, going_on: bool
) -> None:
    with copied(wine_run) as folder:
        path = folder.path / name
        content = bytearray(path.read_bytes())
        start = int(place * len(content))
        content[start : start + len(bytes_)] = bytes_
        path.write_bytes(bytes(content[: int(len(content) * max(cut, 0.1))] if cut < 0.7 else content))
        if going_on and name != "status.json":
            status.write(folder, Status("interrupted"))
        use(folder)


def _safetensors(header: bytes, content: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + content


def _one(shape: str, offsets: str, kind: str = "F32") -> bytes:
    header = f'{{"a":{{"dtype":"{kind}","shape":{shape},"data_offsets":{offsets}}}}}'
    return _safetensors(header.encode(), b"1234")


LIES = {
    "a header of 2^63 bytes": _safetensors(b"{}", length=2**63),
    "a shape of 10^18": _one("[1000000000,1000000000]", "[0,4]"),
    "offsets beyond the end": _one("[1]", "[0,999999999]"),
    "offsets backwards": _one("[1]", "[4,0]"),
    "an unknown type": _one("[1]", "[0,4]", "PICKLE"),
    "deep nesting": _safetensors(b"[" * 100_000),
    "a pickle": b"\x80\x04cos\nsystem\n(S'touch HACKED'\ntR.",
    "no text": _safetensors(b"\xff\xfe\x00"),
}  # fmt: skip


@pytest.mark.parametrize("content", LIES.values(), ids=LIES)
@pytest.mark.parametrize("name", TENSORS)
def test_that_tensors_that_lie_are_refused(wine_run: RunFolder, name: str, content: bytes) -> None:
    with copied(wine_run) as folder:
        (folder.path / name).write_bytes(content)
        with pytest.raises(Invalid, match="safetensors"):
            predict_run(folder, GivenInputs(path=SAMPLE))
        assert not Path("HACKED").exists()


@pytest.mark.parametrize(
    "setting",
    [
        '[architecture]\nkind = "mlp"\nhidden = [1000000, 1000000]',
        '[data]\nkind = "sample"\nname = "../../x"',
    ],
)
def test_that_an_absurd_experiment_is_refused(wine_run: RunFolder, setting: str) -> None:
    with copied(wine_run) as folder:
        text = folder.experiment.read_text(encoding="utf-8")
        section = setting.partition("\n")[0]
        start = text.index(section)
        end = text.find("\n[", start)
        folder.experiment.write_text(text[:start] + setting + text[end:], encoding="utf-8")
        with pytest.raises(Invalid):
            evaluate_run(folder, "test")


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "loop"])
@pytest.mark.parametrize("name", [*FILES, ".lock", "history.sqlite-wal", "history.sqlite-journal"])
def test_that_links_pipes_and_folders_in_place_of_files_are_refused(
    wine_run: RunFolder, tmp_path: Path, name: str, kind: str
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    with copied(wine_run) as folder:
        path = folder.path / name
        path.unlink(missing_ok=True)
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(outside if kind == "link" else path)
        if name != "status.json":
            status.write(folder, Status("interrupted"))
        use(folder)
    assert outside.read_bytes() == b"precious"


def test_that_a_journal_that_names_another_file_is_refused(wine_run: RunFolder, tmp_path: Path) -> None:
    """SQLite would remove the file that a super-journal names, wherever it lies."""
    outside = tmp_path / "precious"
    outside.write_bytes(b"content that is no journal")
    name = str(outside).encode()
    trailer = struct.pack(">I", 1) + name + struct.pack(">II", len(name), sum(name))
    with copied(wine_run) as folder:
        journal = folder.path / "history.sqlite-journal"
        head = bytes.fromhex("d9d505f920a163d7") + struct.pack(">IIIII", 0, 0, 1, 512, 4096)
        journal.write_bytes(head.ljust(512, b"\0") + trailer + bytes.fromhex("d9d505f920a163d7"))
        with pytest.raises(OSError, match="names another file"):
            HistoryWriter(folder.history)
        with suppress(Invalid), HistoryReader(folder.history) as history:
            history.names()
    assert outside.exists()


def test_that_a_database_with_code_in_it_runs_none_of_it(wine_run: RunFolder) -> None:
    with copied(wine_run) as folder:
        base = sqlite3.connect(folder.history)
        base.execute("CREATE TRIGGER t AFTER INSERT ON chunks BEGIN DELETE FROM warnings; END")
        base.commit()
        base.close()
        with pytest.raises(Invalid, match="not the history"):
            HistoryWriter(folder.history)
        with pytest.raises(Invalid, match="not the history"):
            HistoryReader(folder.history)


def test_that_predictions_of_a_copied_run_are_the_same_without_its_data(wine_run: RunFolder) -> None:
    with copied(wine_run) as folder:
        ours, theirs = (predict_run(run, GivenInputs(path=SAMPLE)) for run in (wine_run, folder))
    np.testing.assert_array_equal(ours.values, theirs.values)
