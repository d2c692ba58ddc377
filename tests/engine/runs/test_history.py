from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.events import MOST_OF_A_KIND, Block, Reading, Warned
from engine.probes.predictions import ConfusionMatrix, PredictedAgainstTrue, PredictedNumbers
from engine.runs.history.file import joined
from engine.runs.history.packing import DTYPES, Malformed, Packing, pack_array, unpack_array
from engine.runs.history.reader import HistoryReader
from engine.runs.history.writer import HistoryWriter


def _block(series: str, first: int, values: list[float], stride: int = 1) -> Block:
    return Block(series, first, stride, np.array(values, np.float32))


def _filled(path: Path, *, finish: bool = True) -> None:
    with HistoryWriter(path) as writer:
        for first in range(1, 1001, 10):
            writer.add([_block("loss", first, [float(step) for step in range(first, first + 10)])])
            if first % 100 == 91:
                writer.add([_block("validation.loss", first + 9, [first / 7], stride=100)])
        writer.warn(Warned(50, "careful"))
        writer.read(Reading("confusion", 60, ConfusionMatrix(np.arange(9).reshape(3, 3))))
        if finish:
            writer.finish()


@given(st.lists(st.lists(st.floats(width=32), min_size=1, max_size=40), min_size=1, max_size=200))
@settings(max_examples=25)
def test_that_every_value_is_read_back_bit_for_bit(chunks: list[list[float]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "history.sqlite"
        with HistoryWriter(path) as writer:
            step = 1
            for chunk in chunks:
                writer.add([_block("loss", step, chunk)])
                step += len(chunk)
            with HistoryReader(path) as reader:
                live = reader.column("loss")
            writer.finish()
        with HistoryReader(path) as reader:
            done = reader.column("loss")
        wanted = np.array([value for chunk in chunks for value in chunk], np.float32)
        for found in (live, done):
            assert found.values.tobytes() == wanted.tobytes()
            assert found.steps.tolist() == list(range(1, len(wanted) + 1))


def test_that_a_finished_history_is_one_file_that_opens_on_a_read_only_disk(tmp_path: Path) -> None:
    _filled(tmp_path / "h.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["h.sqlite"]
    with sqlite3.connect(tmp_path / "h.sqlite") as base:
        assert base.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert base.execute("SELECT COUNT(*) FROM chunks").fetchone() == (2,)
    base.close()
    (tmp_path / "h.sqlite").chmod(stat.S_IRUSR)
    with HistoryReader(tmp_path / "h.sqlite") as reader:
        assert reader.names() == ("loss", "validation.loss")
        assert reader.warnings() == (Warned(50, "careful"),)
        reading = reader.readings()[0]
        assert (reading.probe, reading.step, reading.found.matrix.shape) == ("confusion", 60, (3, 3))


def test_that_readings_of_one_kind_with_other_settings_are_kept_beside_one_another(tmp_path: Path) -> None:
    """And the oldest go: whoever turns an option leaves a reading at each stop."""
    with HistoryWriter(tmp_path / "h.sqlite") as writer:
        writer.read(Reading("confusion", 5, ConfusionMatrix(np.eye(2, dtype=np.int64))))
        for step in range(1, 2 * MOST_OF_A_KIND):
            probe = PredictedAgainstTrue(count=step)
            numbers = np.full((step, 1), 7.0)
            writer.read(Reading(probe.key, step, PredictedNumbers(numbers, numbers, np.arange(step))))
        writer.finish()
    with HistoryReader(tmp_path / "h.sqlite") as reader:
        found = {one.probe: one.step for one in reader.readings()}
    assert found.pop("confusion") == 5
    assert sorted(found.values()) == list(range(MOST_OF_A_KIND, 2 * MOST_OF_A_KIND))
    assert found[f"predicted_against_true(count={MOST_OF_A_KIND})"] == MOST_OF_A_KIND


def test_that_blocks_after_a_step_are_exactly_those(tmp_path: Path) -> None:
    _filled(tmp_path / "h.sqlite", finish=False)
    with HistoryReader(tmp_path / "h.sqlite") as reader:
        loss, epochs = reader.blocks(after=255)
    assert (loss.first, len(loss.values), loss.values[0]) == (256, 745, 256.0)
    assert (epochs.first, epochs.stride, len(epochs.values)) == (300, 100, 8)


@given(st.integers(0, 1100))
@settings(max_examples=20)
def test_that_truncation_forgets_what_is_later_and_nothing_else(step: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "history.sqlite"
        _filled(path)
        with HistoryWriter(path) as writer:
            writer.truncate(step)
            assert writer.last_step("loss") == min(step, 1000)
            assert len(writer.series().get("validation.loss", [])) == min(step, 1000) // 100
            writer.add([_block("loss", min(step, 1000) + 1, [-1.0])])
        with HistoryReader(path) as reader:
            assert reader.column("loss").values.tolist() == [*map(float, range(1, min(step, 1000) + 1)), -1.0]
            assert len(reader.warnings()) == (step >= 50)
            assert len(reader.readings()) == (step >= 60)


def test_that_what_was_added_survives_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from engine.events import Block\n"
        "from engine.runs.history.writer import HistoryWriter\n"
        "writer = HistoryWriter(Path(sys.argv[1]))\n"
        "for first in range(1, 500, 5):\n"
        "    writer.add([Block('loss', first, 1, np.arange(first, first + 5, dtype=np.float32))])\n"
        "print('added', flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    path = tmp_path / "h.sqlite"
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=False)
    assert done.stdout.split() == [b"added"]
    with HistoryReader(path) as reader:
        assert reader.column("loss").values.tolist() == [float(step) for step in range(1, 501)]


def test_that_a_history_is_whole_from_the_moment_in_which_its_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    connect = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        if arguments[0] == tmp_path / "h.sqlite":
            copy = tmp_path / "as a kill would leave it.sqlite"
            copy.write_bytes((tmp_path / "h.sqlite").read_bytes())
            with HistoryReader(copy) as reader:
                seen.append(reader.names())
        return connect(*arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", watched)
    HistoryWriter(tmp_path / "h.sqlite").close()
    assert seen == [()]


def test_that_a_history_that_an_earlier_version_only_began_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
    with HistoryWriter(path) as writer:
        writer.add([_block("loss", 1, [0.5])])
    with HistoryReader(path) as reader:
        assert reader.column("loss").values.tolist() == [0.5]


@pytest.mark.skipif(os.name == "nt", reason="file size limits are a matter of POSIX")
def test_that_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    script = (
        "import resource, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from engine.events import Block\n"
        "from engine.runs.history.writer import HistoryWriter\n"
        "writer = HistoryWriter(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "first = 1\n"
        "try:\n"
        "    while True:\n"
        "        writer.add([Block('loss', first, 1, np.full(100, 7, np.float32))])\n"
        "        first += 100\n"
        "except OSError:\n"
        "    print(first - 1)\n"
    )
    path = tmp_path / "h.sqlite"
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=True)
    with HistoryReader(path) as reader:
        assert len(reader.column("loss").values) == int(done.stdout) > 0


def _read_all(path: Path) -> None:
    with HistoryReader(path) as reader:
        reader.blocks()
        reader.readings()
        reader.warnings()


def _hostile(path: Path, *statements: str, start: bool = True) -> None:
    if start:
        _filled(path)
    base = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        base.execute(statement)
    base.close()


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE chunks SET count = count + 1"],
        ["UPDATE chunks SET data = 'text'"],
        ["UPDATE chunks SET first = -5"],
        ["UPDATE chunks SET stride = 0"],
        ["UPDATE chunks SET first = 'x'"],
        ["UPDATE pictures SET data = zeroblob(100)"],
        ["UPDATE warnings SET text = x'ff00'"],
        ["PRAGMA user_version = 7"],
        ["DROP TABLE chunks", "CREATE VIEW chunks AS SELECT 'loss', 1, 1, 1, zeroblob(4)"],
        ["CREATE TRIGGER t AFTER INSERT ON warnings BEGIN DELETE FROM chunks; END"],
        ["CREATE TABLE more (x)"],
    ],
)
def test_that_a_strangers_history_is_refused_where_it_is_not_ours(
    statements: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "history.sqlite"
    _hostile(path, *statements)
    with pytest.raises(Invalid, match=r"history\.sqlite"):
        _read_all(path)


@given(st.binary(max_size=300), st.integers(0, 20_000))
@settings(max_examples=40)
def test_that_damaged_bytes_are_refused_or_read_but_never_crash(junk: bytes, place: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        _filled(path)
        content = bytearray(path.read_bytes())
        content[place : place + len(junk)] = junk
        path.write_bytes(bytes(content))
        with suppress(Invalid):
            _read_all(path)


def test_that_tables_whose_words_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    _filled(path)
    path.write_bytes(path.read_bytes().replace(b"INTEGER", b"\xffNTEGER"))
    with pytest.raises(Invalid, match=r"history\.sqlite: is damaged"):
        _read_all(path)
    with pytest.raises(Invalid, match=r"history\.sqlite: is damaged"):
        HistoryWriter(path)


def test_that_links_and_missing_files_are_refused(tmp_path: Path) -> None:
    _filled(tmp_path / "real.sqlite")
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "real.sqlite")
    for name in ("link.sqlite", "none.sqlite"):
        with pytest.raises(Invalid):
            HistoryReader(tmp_path / name)
    with pytest.raises(OSError, match="link"):
        HistoryWriter(tmp_path / "link.sqlite")


def test_that_joining_keeps_gaps_apart() -> None:
    blocks = [_block("a", 1, [1, 2]), _block("a", 3, [3]), _block("a", 5, [5]), _block("b", 6, [6])]
    assert [(block.series, block.first, block.values.tolist()) for block in joined(blocks)] == [
        ("a", 1, [1, 2, 3]),
        ("a", 5, [5]),
        ("b", 6, [6]),
    ]


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_that_arrays_of_every_type_and_shape_survive_packing(name: str, shape: tuple[int, ...]) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(name)
    for found in (unpack_array(*pack_array(array)), Packing({}).unpack(Packing({}).pack(array))):
        assert found.dtype == array.dtype
        assert found.shape == array.shape
        assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    ("dtype", "shape", "content"),
    [
        ("object", (1,), b"12345678"),
        ("float32", (2,), b"1234"),
        ("float32", (-1,), b"1234"),
        ("float32", (2**62, 2**62), b""),
        ("float32", "x", b"1234"),
        ("float32", (1.0,), b"1234"),
        (3, (1,), b"1234"),
        ("uint8", (1,) * 40, b"1"),
    ],
)
def test_that_absurd_arrays_are_refused(dtype: object, shape: object, content: object) -> None:
    with pytest.raises(Malformed):
        unpack_array(dtype, shape, content)


def test_that_whole_numbers_come_back_whole_and_absurd_ones_are_refused() -> None:
    packing = Packing({})
    for value in (10**150, -(10**4_000) + 7):
        assert packing.unpack(packing.pack(value)) == value
    with pytest.raises(Malformed):
        packing.unpack(msgpack.packb(msgpack.ExtType(3, b"9" * 5_000)))
