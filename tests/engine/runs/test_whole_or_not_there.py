"""Killed at any moment, a run's folder is whole or not there, and nothing that was saved is lost."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.events import Block, Reading
from engine.experiment import Experiment
from engine.probes.predictions import ConfusionMatrix
from engine.runs import status
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder, opened
from engine.runs.history import writer as history_writer
from engine.runs.history.file import Busy
from engine.runs.history.reader import HistoryReader
from engine.runs.history.writer import HistoryWriter
from engine.runs.lists.listing import list_runs
from engine.runs.lock import Held, is_held, lives
from engine.runs.status import Status, is_worked_on
from engine.training.control import Control
from engine.training.plan import Plan
from tests.engine.runs.real_runs import REPOSITORY

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied and killed")


def _killed_at(moment: int, work: Callable[[], object], below: Path) -> bool:
    """Do `work` in a copy of this process, which kills itself before its so-manyth act below a folder.

    Returns whether it came so far.
    """
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    acts = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal acts
        acted = event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir")
        if acted and str(arguments[0]).startswith(str(below)):
            acts += 1
            if acts == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    work()
    os._exit(0)


# ------------------------------------------------------------------------------------------ run folders


@needs_fork
def test_that_a_folder_is_whole_or_not_there_wherever_its_making_is_killed(tmp_path: Path) -> None:
    runs, moment = tmp_path / "runs", 1
    runs.mkdir()
    while _killed_at(moment, lambda: create(runs, Experiment(name="Wine")), runs):
        moment += 1
        for entry in list_runs(runs, tmp_path / "cache"):
            assert not entry.trouble
            assert opened(entry.folder).read_experiment() == Experiment(name="Wine")
    assert moment > 5
    create(runs, Experiment(name="Wine"))
    assert not [path.name for path in runs.iterdir() if path.name.startswith(".")]


def test_that_the_draft_of_a_living_process_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        started = status.born()
        assert lives(os.getpid(), started)
        assert not lives(other.pid, 1.0)
        ours = tmp_path / f".a.{os.getpid()}.{started:.0f}.1.draft"
        dead = tmp_path / f".a.{other.pid}.1.1.draft"
        strange = tmp_path / ".b.draft"
        for folder in (ours, dead, strange):
            folder.mkdir()
        create(tmp_path, Experiment(name="Wine"))
        other.communicate(b"\n")
    assert (ours.is_dir(), dead.exists(), strange.is_dir()) == (True, False, True)


def test_that_what_a_killed_process_was_writing_goes_with_the_next_start(tmp_path: Path) -> None:
    folder = create(tmp_path, Experiment(name="Wine").replaced(training={"epochs": 1, "device": "cpu"}))
    drafts = [
        folder.path / ".status.json.1.part",
        folder.checkpoints / ".step-000000000001.safetensors.1.part",
    ]
    for draft in drafts:
        draft.write_bytes(b"half")
    assert execute(folder, Control(), lambda _: None).state == "finished"
    assert not list(folder.path.rglob("*.part"))


# ------------------------------------------------------------------------------------- one process only

WORKING = """
import sys
from pathlib import Path
from engine.runs.folder import RunFolder
from engine.runs.lock import Lock
from engine.runs.status import Keeper, Status
folder = RunFolder(Path(sys.argv[1]))
with Lock(folder.lock), Keeper(folder, Status("running", step=7, name="Wine")):
    print("held", flush=True)
    input()
"""


def test_that_a_run_whose_lock_is_deleted_still_has_one_master(tmp_path: Path) -> None:
    folder = create(tmp_path, Experiment(name="Wine"))
    with subprocess.Popen(
        [sys.executable, "-c", WORKING, str(folder.path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        folder.lock.unlink()
        assert not is_held(folder.lock)
        assert is_worked_on(folder)
        assert status.read(folder).state == "running"
        with pytest.raises(Held):
            execute(folder, Control(), lambda _: None)
        other.kill()
    assert not is_worked_on(folder)
    assert status.read(folder).state == "interrupted"


def test_that_who_loses_the_lock_before_saying_that_he_works_withdraws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = create(tmp_path, Experiment(name="Wine"))

    def taken_away(_: Path) -> None:  # the other read the status before this process wrote its name into it
        folder.lock.unlink()
        folder.lock.touch()

    monkeypatch.setattr("engine.runs.execution.remove_drafts", taken_away)
    with pytest.raises(Held):
        execute(folder, Control(), lambda _: None)
    assert not folder.history.exists()


def test_that_the_number_of_a_dead_process_that_lives_again_keeps_no_run_waiting(tmp_path: Path) -> None:
    folder = create(tmp_path, Experiment(name="Wine"))
    status.write(folder, Status("queued", process=os.getppid(), born=5.0))
    assert status.read(folder).state == "interrupted"
    status.write(folder, Status("running", process=os.getppid(), born=5.0))
    assert status.read(folder).state == "interrupted"


# ------------------------------------------------------------------------------------------ the history


def _writer(path: Path, values: int = 5000) -> HistoryWriter:
    writer = HistoryWriter(path)
    for first in range(1, values + 1, 100):
        writer.add([Block("loss", first, 1, np.arange(first, first + 100, dtype=np.float32))])
    return writer


def _losses(path: Path) -> list[float]:
    with HistoryReader(path) as reader:
        found: list[float] = reader.column("loss").values.tolist()
        return found


@needs_fork
def test_that_a_history_killed_while_it_was_compacted_in_place_is_read(tmp_path: Path) -> None:
    """As earlier versions did it: a journal is left, without which the file is malformed."""
    path = tmp_path / "history.sqlite"
    with _writer(path) as writer:
        writer.finish()

    def half() -> None:
        base = sqlite3.connect(path, isolation_level=None)
        base.execute("PRAGMA cache_size = 1")
        base.execute("BEGIN")
        base.execute("UPDATE chunks SET data = zeroblob(length(data))")
        base.execute("INSERT INTO warnings VALUES (1, 1, hex(randomblob(100000)))")
        os.kill(os.getpid(), signal.SIGKILL)

    _killed_at(0, half, tmp_path)
    assert (tmp_path / "history.sqlite-journal").stat().st_size
    before = path.read_bytes()
    assert _losses(path) == list(range(1, 5001))
    assert path.read_bytes() == before


@needs_fork
def test_that_compacting_a_history_may_be_killed_anywhere(tmp_path: Path) -> None:
    for moment in range(1, 50):
        path = tmp_path / str(moment) / "history.sqlite"
        path.parent.mkdir()

        def work(path: Path = path) -> None:
            _writer(path, 1000).finish()

        killed = _killed_at(moment, work, tmp_path)
        if path.exists() and killed and moment > 1:
            assert _losses(path) in ([], list(range(1, 1001)))
        if not killed:
            break
    assert [file.name for file in path.parent.iterdir()] == ["history.sqlite"]
    assert _losses(path) == list(range(1, 1001))


def test_that_whoever_reads_the_history_fails_no_run(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    writer = _writer(path)
    reader = sqlite3.connect(path, isolation_level=None)
    rows = reader.execute("SELECT * FROM chunks")
    rows.fetchone()
    writer.add([Block("loss", 5001, 1, np.float32([1]))])
    writer.finish()
    reader.close()
    assert _losses(path) == [*range(1, 5001), 1]


def test_that_numbers_wait_while_another_program_holds_the_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_writer, "_CHECKPOINT", 0.01)
    path = tmp_path / "history.sqlite"
    writer = _writer(path, 100)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    writer.add([Block("loss", 101, 1, np.float32([5]))])
    for step in (101, 102):
        writer.read(Reading("confusion", step, ConfusionMatrix(np.eye(2, dtype=np.int64))))
    assert not writer.flush()  # no checkpoint may stand after numbers that are not on the disk
    letting_go = threading.Timer(0.3, other.close)
    letting_go.start()
    writer.finish()
    letting_go.join()
    assert _losses(path) == [*range(1, 101), 5]
    with HistoryReader(path) as reader:
        assert [reading.step for reading in reader.readings()] == [102]


def test_that_a_busy_history_is_called_busy_and_not_damaged(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with _writer(folder.history, 100) as writer:
        writer.finish()
    other = sqlite3.connect(folder.history, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Exception, match="held by another program"):
        HistoryReader(folder.history)
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="the system there always keeps locks")
def test_that_a_run_trains_on_a_disk_that_keeps_no_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    folder = create(tmp_path, Experiment(name="Wine").replaced(training={"epochs": 1, "device": "cpu"}))
    assert not is_worked_on(folder)
    assert execute(folder, Control(), lambda _: None).state == "finished"


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "make room on the disk"),
        (OSError(errno.EIO, "Input/output error", "history.sqlite"), "its disk is whole"),
        (PermissionError(errno.EACCES, "Permission denied", "history.sqlite"), "can be written"),
        (Busy(errno.EBUSY, "another program holds the file"), "close the program"),
    ],
)
def test_that_only_a_full_disk_is_to_be_given_room(error: OSError, cure: str, tmp_path: Path) -> None:
    folder = create(tmp_path, Experiment(name="Wine").replaced(training={"device": "cpu"}))

    def plan(*_: object) -> Plan:
        raise error

    ended = execute(folder, Control(), lambda _: None, plan)
    assert ended.state == "failed"
    assert cure in ended.why
    assert ("make room" in ended.why) == (error.errno == errno.ENOSPC)


# ------------------------------------------------------------------------------------- lists of runs


@pytest.mark.parametrize("name", ["started", "updated", "seconds", "born"])
@pytest.mark.parametrize("value", [None, float("inf"), float("nan"), "x", [], 10**400])
def test_that_no_value_of_one_status_breaks_the_list_of_all(name: str, value: object, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for state in ("finished", "stopped"):
        status.write(create(runs, Experiment(name="Whole")), Status(state, name="Whole", started=5.0))
    odd = create(runs, Experiment(name="Odd"))
    odd.status.write_text(json.dumps({"state": "finished", "name": "Odd", name: value}), "utf-8")
    first = list_runs(runs, tmp_path / "cache")
    again = list_runs(runs, tmp_path / "cache")
    assert first == again
    assert len(first) == 3
    assert all(math.isfinite(entry.started) and math.isfinite(entry.seconds) for entry in first)


@pytest.mark.parametrize("value", [None, float("inf"), "x"])
def test_that_an_index_with_a_wrong_value_is_made_anew(value: object, tmp_path: Path) -> None:
    status.write(create(tmp_path / "runs", Experiment(name="Wine")), Status("stopped", started=5.0))
    first = list_runs(tmp_path / "runs", tmp_path / "cache")
    (index,) = (tmp_path / "cache" / "runs").iterdir()
    content = json.loads(index.read_bytes())
    for _, entry in content["runs"].values():
        entry["started"] = value
    index.write_text(json.dumps(content), "utf-8")
    assert list_runs(tmp_path / "runs", tmp_path / "cache") == first
