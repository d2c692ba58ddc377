from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import atomic
from engine.choices import Invalid
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create, slug
from engine.runs.folder import RunFolder, finite, opened
from engine.runs.lists.label import MOST_NAME, Label, read_label, write_label
from engine.runs.lists.listing import list_runs, read_entry
from engine.runs.lock import Held, Lock, is_held
from engine.runs.reading import replay
from engine.runs.status import Keeper, Status
from tests.engine.runs.real_runs import REPOSITORY
from tests.patience import PATIENCE


def _run(runs: Path, name: str = "Wine") -> RunFolder:
    return create(runs, Experiment(name=name))


# ------------------------------------------------------------------------------------ making and locking


def test_that_runs_made_at_the_same_moment_get_folders_of_their_own(tmp_path: Path) -> None:
    folders: list[RunFolder] = []
    threads = [threading.Thread(target=lambda: folders.append(_run(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({folder.path for folder in folders}) == 8
    assert all(folder.read_experiment() == Experiment(name="Wine") for folder in folders)
    assert all("wine" in folder.path.name for folder in folders)


@given(st.text(max_size=200))
def test_that_any_name_becomes_a_plain_part_of_a_file_name(name: str) -> None:
    found = slug(name)
    assert 0 < len(found) <= 40
    assert not set(found) & set('/\\:*?"<>|. \x00')


def test_that_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Invalid, match="choose another folder"):
        _run(tmp_path / "file")


def test_that_a_lock_is_held_by_one_process_and_freed_by_its_death(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom engine.runs.lock import Lock\n"
        "lock = Lock(Path(sys.argv[1]))\nprint('held', flush=True)\ntime.sleep(60)\n"
    )
    assert not is_held(path)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, cwd=REPOSITORY
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert is_held(path)
        with pytest.raises(Held):
            Lock(path)
        other.kill()
        other.wait()
    assert not is_held(path)
    with Lock(path):
        assert is_held(path)
    assert not is_held(path)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_that_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".lock").symlink_to(tmp_path / "outside")
    assert not is_held(tmp_path / ".lock")
    with pytest.raises(OSError, match="link"):
        Lock(tmp_path / ".lock")
    assert not (tmp_path / "outside").exists()


# ----------------------------------------------------------------------------------------- whole files


def test_that_readers_find_the_old_or_the_new_content_never_half(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    contents = [json.dumps({"value": [number] * 2000}).encode() for number in range(2)]
    atomic.write_bytes(path, contents[0])
    ended = threading.Event()

    def write() -> None:
        for number in range(150):
            atomic.write_bytes(path, contents[number % 2], durable=False)
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not ended.is_set():
        assert path.read_bytes() in contents
    writer.join()
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]


def test_that_numbers_json_cannot_hold_become_null() -> None:
    nan = float("nan")
    assert finite({"a": nan, "b": [1.0, float("inf")], "c": {"d": nan}}) == {
        "a": None,
        "b": [1.0, None],
        "c": {"d": None},
    }


# ------------------------------------------------------------------------------------------------ status


def test_that_running_without_a_held_lock_reads_as_interrupted(tmp_path: Path) -> None:
    folder = _run(tmp_path)
    assert status.read(folder).state == "queued"
    status.write(folder, Status("running", step=3))
    assert status.read(folder).state == "interrupted"
    with Lock(folder.lock):
        assert (status.read(folder).state, status.read(folder).step) == ("running", 3)
    status.write(folder, Status("queued", process=2**22 + 1))
    assert status.read(folder).state == "interrupted"


def test_that_the_status_file_is_renewed_every_second_and_at_once_on_a_new_state(tmp_path: Path) -> None:
    folder = _run(tmp_path)
    with Lock(folder.lock), Keeper(folder, Status("running")) as keeper:
        keeper.set(state="paused")
        assert status.read(folder).state == "paused"
        first = status.read(folder).updated
        until = time.monotonic() + PATIENCE
        while status.read(folder).updated == first:
            assert time.monotonic() < until
            time.sleep(0.05)
        keeper.set(state="stopped", why="enough")
    assert (status.read(folder).state, status.read(folder).why) == ("stopped", "enough")


# ------------------------------------------------------------------------------------- lists of runs


def test_that_half_there_folders_are_listed_with_what_is_wrong(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    whole, no_status, torn = (_run(runs, name) for name in ("Whole", "No status", "Torn"))
    status.write(whole, Status("stopped", step=7, name="Whole", started=5.0))
    no_status.status.unlink()
    torn.status.write_bytes(b'{"state": "runn')
    (runs / "empty").mkdir()
    (runs / ".ours").mkdir()
    (runs / "a file.txt").write_text("x", encoding="utf-8")
    (runs / "link").symlink_to(whole.path)
    entries = {Path(entry.folder).name: entry for entry in list_runs(runs, tmp_path / "cache")}
    assert set(entries) == {whole.path.name, no_status.path.name, torn.path.name, "empty", "link"}
    assert (entries[whole.path.name].state, entries[whole.path.name].trouble) == ("stopped", "")
    for folder in (no_status, torn):
        assert entries[folder.path.name].state == "interrupted"
        assert "status.json" in entries[folder.path.name].trouble
    assert "experiment.toml" in entries["empty"].trouble
    assert "link" in entries["link"].trouble
    assert list_runs(tmp_path / "nowhere", tmp_path / "cache") == ()


def test_that_the_index_is_used_renewed_and_rebuilt(tmp_path: Path) -> None:
    runs, cache = tmp_path / "runs", tmp_path / "cache"
    folder = _run(runs)
    status.write(folder, Status("stopped", step=1, name="Wine"))
    first = list_runs(runs, cache)
    assert list_runs(runs, cache) == first
    (index,) = (cache / "runs").iterdir()
    status.write(folder, Status("stopped", step=2, name="Wine"))
    assert list_runs(runs, cache)[0].step == 2
    for junk in (b"", b"{}", b"[" * 5000, b'{"format": 2, "runs": {"a": ["x", {"folder": 3}]}}', b"\xff"):
        index.write_bytes(junk)
        assert list_runs(runs, cache)[0].step == 2


@given(
    st.builds(
        Label,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=MOST_NAME),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    )
)
def test_that_a_run_is_listed_by_the_name_it_was_given_and_keeps_its_own(label: Label) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = _run(Path(place) / "runs")
        before, written = (
            read_entry(folder.path),
            (folder.experiment.read_bytes(), folder.status.read_bytes()),
        )
        write_label(folder, label)
        assert read_label(folder) == label
        entry = read_entry(folder.path)
        assert (entry.name, entry.note) == (label.name or before.name, label.note)
        assert (folder.experiment.read_bytes(), folder.status.read_bytes()) == written
        write_label(folder, Label())
        assert read_entry(folder.path) == before
        assert not folder.label.exists()


def test_that_a_list_learns_of_a_new_label_although_it_has_an_index(tmp_path: Path) -> None:
    runs, cache = tmp_path / "runs", tmp_path / "cache"
    folder = _run(runs)
    status.write(folder, Status("stopped", step=1, name="Wine"))
    assert list_runs(runs, cache)[0].name == "Wine"
    write_label(folder, Label("Base", "the one to beat"))
    assert [(entry.name, entry.note) for entry in list_runs(runs, cache)] == [("Base", "the one to beat")]


@pytest.mark.parametrize("junk", [b"[]", b"{", b'{"name": 3}', b'{"note": "' + b"x" * 5000 + b'"}'])
def test_that_a_damaged_label_takes_no_run_away(junk: bytes, tmp_path: Path) -> None:
    folder = _run(tmp_path / "runs")
    before = read_entry(folder.path)
    folder.label.write_bytes(junk)
    entry = read_entry(folder.path)
    assert (entry.name, entry.state, entry.trouble) == (before.name, before.state, before.trouble)
    assert "label.json" in entry.note
    with pytest.raises(Invalid, match="letters"):
        write_label(folder, Label("x" * (MOST_NAME + 1)))


FILES = ["experiment.toml", "status.json", "metrics.json", "environment.json", "preprocessing.json",
         "started.json", "history.sqlite", "model.safetensors", "split.safetensors",
         "label.json"]  # fmt: skip
junk_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())
junk_status = st.fixed_dictionaries(
    {"state": st.sampled_from(["running", "finished", "bogus", 3])},
    optional={
        name: st.integers() | st.floats() | st.text() | st.none()
        for name in ("step", "epoch", "why", "latest")
    },
).map(lambda value: json.dumps(value).encode())


@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=80) | junk_json | junk_status, max_size=5))
def test_that_hostile_run_folders_are_listed_and_read_without_crash(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = _run(Path(place) / "runs")
        for name, content in files.items():
            (folder.path / name).write_bytes(content)
        entry = read_entry(folder.path)
        assert entry.folder
        for read in (lambda: list(replay(folder)), folder.read_experiment, lambda: opened(folder.path)):
            with suppress(Invalid):
                read()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("name", ["experiment.toml", "status.json", "metrics.json"])
def test_that_nothing_outside_the_folder_is_read_through_links(name: str, tmp_path: Path) -> None:
    folder = _run(tmp_path / "runs")
    outside = tmp_path / name
    (folder.path / name).rename(outside) if (folder.path / name).exists() else outside.write_text(
        "{}", "utf-8"
    )
    (folder.path / name).symlink_to(outside)
    with pytest.raises(Invalid, match="link"):
        folder.read_bytes(folder.path / name, 1 << 20)
    with pytest.raises(Invalid):
        folder.read_bytes(folder.path / ".." / name, 1 << 20)


def test_that_a_pickle_in_place_of_weights_is_refused_and_not_run(tmp_path: Path) -> None:
    import pickle

    from engine.inference.evaluation import evaluate_run
    from engine.inference.prediction import GivenInputs, predict_run

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path / 'ran'}",)

    folder = _run(tmp_path / "runs")
    for path in (folder.model, folder.split, folder.preprocessing, folder.environment):
        path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(Invalid):
        evaluate_run(folder, "test")
    with pytest.raises(Invalid):
        predict_run(folder, GivenInputs(rows=[{"a": 1}]))
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_that_nothing_outside_the_folder_is_written_through_links(tmp_path: Path) -> None:
    import torch

    from engine.runs import checkpoints
    from engine.training.checkpoint import Checkpoint

    folder, outside = _run(tmp_path / "runs"), tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("old", encoding="utf-8")
    for name in ("status.json", f".status.json.{os.getpid()}.part"):
        (folder.path / name).unlink(missing_ok=True)
        (folder.path / name).symlink_to(outside / "precious")
    status.write(folder, Status("stopped"))
    folder.checkpoints.rmdir()
    folder.checkpoints.symlink_to(outside)
    with pytest.raises(OSError, match="link"):
        checkpoints.save(folder, Checkpoint(1, 1.0, {"parameters": torch.zeros(3)}))
    assert [path.name for path in outside.iterdir()] == ["precious"]
    assert (outside / "precious").read_text(encoding="utf-8") == "old"


def test_that_a_torn_checkpoint_falls_back_to_the_one_before(tmp_path: Path) -> None:
    import torch

    from engine.runs import checkpoints
    from engine.training.checkpoint import Checkpoint

    folder = _run(tmp_path)
    for step in (10, 20, 30):
        checkpoints.save(folder, Checkpoint(step, 1.0, {"parameters": torch.full((3,), float(step))}))
    names = sorted(path.name for path in folder.checkpoints.iterdir())
    assert names == ["step-000000000020.safetensors", "step-000000000030.safetensors"]
    newest = folder.checkpoints / names[1]
    newest.write_bytes(newest.read_bytes()[:-5])
    assert [found.step for found in checkpoints.readable(folder)] == [20]
    newest.write_bytes(b"")
    assert [found.step for found in checkpoints.readable(folder)] == [20]
