"""A packed run: elsewhere the same run to the bit, and of a stranger's file nothing but a run comes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.choices import Invalid, paths_in
from engine.runs.folder import RunFolder
from engine.runs.lists.label import Label, write_label
from engine.runs.lists.listing import list_runs
from engine.runs.packed.contents import DATA, LIST, RUN, RUN_FILES, is_data
from engine.runs.packed.packing import pack, places_within, size_of_data
from engine.runs.packed.unpacking import unpack
from tests.engine.runs.real_runs import PAIRS, TRANSLATION, engine, results

SAMPLE = Path(__file__).parents[3] / "resources" / "samples" / "wine.csv"
TABLE = """
format = 1
name = "Wine"
seed = 4
[data]
kind = "table"
path = "wine.csv"
target = "cultivar"
[training]
epochs = 4
device = "cpu"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a finished run of a table and one of texts, and the data of both."""
    home = tmp_path_factory.mktemp("home")
    shutil.copy(SAMPLE, home / "wine.csv")
    (home / "pairs.tsv").write_text(PAIRS)
    (home / "table.toml").write_text(TABLE)
    (home / "texts.toml").write_text(TRANSLATION.replace("epochs = 25", "epochs = 2"))
    for name in ("table", "texts"):
        engine(home, "train", f"{name}.toml", "--runs", name)
    return home


def run_of(home: Path, name: str) -> RunFolder:
    (path,) = (home / name).glob("[!.]*")
    return RunFolder(path)


@pytest.mark.parametrize("name", ["table", "texts"])
def test_that_a_packed_run_with_its_data_goes_on_elsewhere_to_the_bit(
    home: Path, tmp_path: Path, name: str
) -> None:
    run, file = run_of(home, name), tmp_path / "a run 运行.ravine"
    pack(run, file, with_data=True)
    # nothing of before may be of help: another folder, and the data only where it was packed
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(home, elsewhere)
    away = home.with_name("away")
    home.rename(away)
    try:
        for data in ("wine.csv", "pairs.tsv"):
            (elsewhere / data).unlink()
        unpacked = unpack(file, tmp_path / "other place")
        assert results(unpacked.path) == results(away / name / run.path.name)
        epochs = unpacked.read_experiment().training.epochs + 3
        engine(elsewhere, "resume", str(unpacked.path), "--epochs", str(epochs))
    finally:
        away.rename(home)
    engine(home, "resume", str(shutil.copytree(run.path, home / "kept" / name)), "--epochs", str(epochs))
    assert results(unpacked.path) == results(home / "kept" / name)


def test_that_without_its_data_a_packed_run_predicts_and_says_what_it_lacks(
    home: Path, tmp_path: Path
) -> None:
    run, file = run_of(home, "table"), tmp_path / "run.ravine"
    packed = pack(run, file, with_data=False)
    assert packed.left_out == (str(home / "wine.csv"),)
    assert size_of_data(run) == SAMPLE.stat().st_size
    unpacked = unpack(file, tmp_path / "runs")
    shutil.copy(SAMPLE, tmp_path / "new.csv")
    there, here = (engine(tmp_path, "predict", str(of.path), "new.csv").stdout for of in (unpacked, run))
    assert there == here
    assert there.count("\n") > 170
    refused = engine(tmp_path, "resume", str(unpacked.path), "--epochs", "9", check=False)
    assert refused.returncode == 2  # and the run stays what it is
    assert "packed without wine.csv" in refused.stderr
    found = engine(tmp_path, "resume", str(unpacked.path), "--epochs", "9", "--data", str(SAMPLE))
    assert found.returncode == 0


def test_that_nothing_in_a_packed_run_says_where_it_lay(home: Path, tmp_path: Path) -> None:
    for name in ("table", "texts"):
        pack(run_of(home, name), tmp_path / "run.ravine", with_data=True)
        with zipfile.ZipFile(tmp_path / "run.ravine") as archive:
            for member in archive.namelist():
                assert str(home.parent).encode() not in archive.read(member), member


def test_that_all_that_a_run_writes_is_packed(home: Path, tmp_path: Path) -> None:
    for name in ("table", "texts"):
        run = run_of(home, name)
        write_label(run, Label(note="kept", tags=("paper",)))
        pack(run, tmp_path / "run.ravine", with_data=False)
        with zipfile.ZipFile(tmp_path / "run.ravine") as archive:
            packed = {member.removeprefix(RUN) for member in archive.namelist()} - {LIST}
        files = (path for path in run.path.rglob("*") if path.is_file())
        lying = {path.relative_to(run.path).as_posix() for path in files} - {run.lock.name}
        assert packed == lying
    # what the folder of a run may hold is said there once, as properties
    names = [name for name, what in vars(RunFolder).items() if isinstance(what, property)]
    paths = {getattr(RunFolder(Path("run")), name).name for name in names}
    assert paths - {".lock", "checkpoints"} == RUN_FILES


def test_that_the_same_run_is_packed_to_the_same_bytes(home: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        pack(run_of(home, "table"), tmp_path / f"{number}.ravine", with_data=True)
    assert (tmp_path / "1.ravine").read_bytes() == (tmp_path / "2.ravine").read_bytes()


def test_that_a_second_one_of_the_same_name_stands_beside_the_first(home: Path, tmp_path: Path) -> None:
    pack(run_of(home, "table"), tmp_path / "run.ravine", with_data=False)
    runs = [unpack(tmp_path / "run.ravine", tmp_path / "runs") for _ in range(3)]
    assert len({run.path for run in runs}) == 3
    assert len(list_runs(tmp_path / "runs", tmp_path / "cache")) == 3


def test_that_the_commands_tell_where_and_what_is_left_out(home: Path, tmp_path: Path) -> None:
    run = run_of(home, "table")
    done = engine(tmp_path, "pack", str(run.path))
    file = Path(done.stdout.strip())
    assert file == tmp_path / f"{run.path.name}.ravine"
    assert "--with-data" in done.stderr
    told = engine(tmp_path, "pack", str(run.path), "-o", "a.ravine", "--with-data", "--json").stdout
    assert json.loads(told)["left_out"] == []
    folder = Path(engine(tmp_path, "unpack", file.name, "--runs", "runs").stdout.strip())
    assert folder.parent == tmp_path / "runs"
    assert RunFolder(folder).read_experiment().name == "Wine"


def test_that_what_is_interrupted_leaves_nothing_and_the_older_file(home: Path, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        assert 0 < done <= total
        raise Cancelled

    file = tmp_path / "run.ravine"
    pack(run_of(home, "table"), file, with_data=True)
    before = file.read_bytes()
    with pytest.raises(Cancelled):
        pack(run_of(home, "table"), file, with_data=False, told=cancel)
    with pytest.raises(Cancelled):
        unpack(file, tmp_path / "runs", told=cancel)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path / "runs") == []
    assert sorted(os.listdir(tmp_path)) == ["run.ravine", "runs"]


def test_that_a_run_that_has_not_begun_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('format = 1\n[data]\nkind = "moons"\n')
    folder = engine(tmp_path, "train", "a.toml", "--runs", "runs", "--later").stdout.strip()
    with pytest.raises(Invalid, match="has not begun"):
        pack(RunFolder(Path(folder)), tmp_path / "a.ravine", with_data=False)
    assert not (tmp_path / "a.ravine").exists()


# ------------------------------------------------------------------------------------------ names of data


def test_that_data_lies_as_it_lay_together() -> None:
    assert places_within(["/d/a.csv", "/d", "/e/d", "/f/A.csv", "/g/a.csv"]) == {
        "/d": "data/d",
        "/d/a.csv": "data/d/a.csv",
        "/e/d": "data/2/d",
        "/f/A.csv": "data/A.csv",
        "/g/a.csv": "data/2/a.csv",
    }


@given(st.text(max_size=300))
def test_that_a_name_of_data_stays_in_its_folder_on_every_system(name: str) -> None:
    if is_data(f"{DATA}/{name}"):
        inside = os.path.normpath(os.path.join("/run", DATA, name))
        assert inside.startswith("/run/data/")
        assert not set(name) & set("\\:\0")
        assert not any(part in ("..", ".", "") for part in name.split("/"))
    assert not is_data(name) or name.startswith("data/")


# ---------------------------------------------------------------------------------------------- strangers


def repacked(file: Path, out: Path, change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> Path:
    """Write what `change` makes of the files of a packed run, its list made anew but where it is given."""
    with zipfile.ZipFile(file) as archive:
        files = {member: archive.read(member) for member in archive.namelist()}
        listed = json.loads(files.pop(LIST))
    changed = dict(change(files))
    listed["files"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in changed.items()
    }
    listed.update(json.loads(changed.pop(LIST, b"{}")))
    listed["files"].pop(LIST, None)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**changed, LIST: json.dumps(listed).encode()}.items():
            archive.writestr(name, content)
    return out


def with_file(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], Mapping[str, bytes]]:
    return lambda files: {**files, name: content}


def with_path(path: str) -> Callable[[dict[str, bytes]], Mapping[str, bytes]]:
    def change(files: dict[str, bytes]) -> Mapping[str, bytes]:
        text = files["run/experiment.toml"].decode()
        assert "data/wine.csv" in text
        return {**files, "run/experiment.toml": text.replace("data/wine.csv", path).encode()}

    return change


HOSTILE: Mapping[str, Callable[[dict[str, bytes]], Mapping[str, bytes]]] = {
    "above": with_file("run/../../evil.txt"),
    "above in data": with_file("run/data/../../../evil.txt"),
    "absolute": with_file("/tmp/evil.txt"),
    "drive": with_file("run/data/C:/evil.txt"),
    "backslash": with_file("run/data/..\\..\\evil.txt"),
    "device": with_file("run/data/CON"),
    "stream": with_file("run/data/wine.csv:evil"),
    "code": with_file("run/code.py"),
    "pickle": with_file("run/checkpoints/step-000000000001.pt"),
    "lock": with_file("run/.lock"),
    "outside": with_file("evil.txt"),
    "two of one name": lambda files: {**files, "run/data/A.csv": b"1", "run/data/a.csv": b"2"},
    "no experiment": lambda files: {name: file for name, file in files.items() if "experiment" not in name},
    "another experiment": with_file("run/experiment.toml", b"format = 1\n[data]\nkind = 'nothing'\n"),
    "a file as history": with_file("run/history.sqlite", b"no database"),
    "absolute path": with_path("/etc/passwd"),
    "path above": with_path("data/../../../../etc/passwd"),
    "path of the network": with_path("//server/share/wine.csv"),
    "list of no form": with_file(LIST, b'{"format": "1"}'),
    "later format": with_file(LIST, b'{"format": 2}'),
    "negative": with_file(LIST, b'{"name": 5}'),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_that_of_a_strangers_file_nothing_but_a_run_comes(home: Path, tmp_path: Path, how: str) -> None:
    pack(run_of(home, "table"), tmp_path / "good.ravine", with_data=True)
    file = repacked(tmp_path / "good.ravine", tmp_path / "bad.ravine", HOSTILE[how])
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(Invalid):
        unpack(file, inside / "runs")
    assert [path for path in inside.rglob("*") if path.is_file()] == []
    assert sorted(os.listdir(tmp_path)) == ["bad.ravine", "good.ravine", "inside"]


def test_that_the_same_file_repacked_unchanged_is_taken(home: Path, tmp_path: Path) -> None:
    pack(run_of(home, "table"), tmp_path / "good.ravine", with_data=True)
    file = repacked(tmp_path / "good.ravine", tmp_path / "same.ravine", lambda files: files)
    run = unpack(file, tmp_path / "runs")
    for path in paths_in(run.read_experiment().data):
        assert Path(path).is_relative_to(run.path)


def test_that_a_few_bytes_do_not_fill_the_disk(home: Path, tmp_path: Path) -> None:
    pack(run_of(home, "table"), tmp_path / "good.ravine", with_data=False)

    def understate(files: dict[str, bytes]) -> Mapping[str, bytes]:
        listed = {name: {"bytes": len(file), "sha256": ""} for name, file in files.items()}
        listed["run/data/wine.csv"] = {"bytes": 10, "sha256": ""}
        bomb = bytes(20 << 20)
        return {"run/data/wine.csv": bomb, **files, LIST: json.dumps({"files": listed}).encode()}

    def overstate(files: dict[str, bytes]) -> Mapping[str, bytes]:
        listed = {name: {"bytes": 1 << 55, "sha256": ""} for name in files}
        return {**files, LIST: json.dumps({"files": listed}).encode()}

    for change in (understate, overstate):
        file = repacked(tmp_path / "good.ravine", tmp_path / "bad.ravine", change)
        with pytest.raises(Invalid, match=r"larger than it says|are free|not what was packed"):
            unpack(file, tmp_path / "runs")
        assert os.listdir(tmp_path / "runs") == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_that_any_damage_is_told_or_harmless(
    home: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = tmp_path_factory.mktemp("damage")
    pack(run_of(home, "table"), place / "run.ravine", with_data=False)
    content = bytearray((place / "run.ravine").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    (place / "run.ravine").write_bytes(content[:cut] if data.draw(st.booleans()) else content)
    try:
        run = unpack(place / "run.ravine", place / "runs")
    except Invalid:
        assert not (place / "runs").exists() or os.listdir(place / "runs") == []
    else:
        assert results(run.path) == results(run_of(home, "table").path)
    shutil.rmtree(place)
