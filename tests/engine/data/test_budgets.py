"""Few bytes that claim very much, and what is no file at all: answered in seconds, with a sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as arrow
import pytest
from PIL import Image
from pyarrow import parquet

from engine import experiment_file
from engine.choices import Family, Invalid, fields
from engine.choices.settings import PATHS
from engine.data.inspection.inspect import inspect
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.series.read.ts_files import read_ts
from engine.data.source import Source
from engine.data.tables.read.workbooks import limits as workbook_limits
from engine.data.texts.tokens.learning import learn_tokenizer
from engine.experiment import Experiment
from engine.inference.prediction import GivenInputs, predict_run
from engine.learning.start import Start
from engine.ordinary import NotOrdinary, is_ordinary, read_ordinary
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.start import read_weights
from engine.training.control import Control
from tests.engine.runs.real_runs import REPOSITORY

needs_pipes = pytest.mark.skipif(os.name == "nt", reason="there are no pipes among the files there")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


ODD = [_pipe, _socket, _device]


@needs_pipes
@pytest.mark.parametrize("make", ODD)
def test_that_only_files_are_read(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "odd"
    make(path)
    assert not is_ordinary(path)
    with pytest.raises(OSError, match=r"ordinary|address|device"):
        read_ordinary(path, 100)
    (tmp_path / "file").write_bytes(b"12345")
    assert read_ordinary(tmp_path / "file", 5) == b"12345"
    assert read_ordinary(tmp_path / "file", 1 << 62) == b"12345"  # what is allowed is not asked of the memory
    with pytest.raises(OSError, match="larger than 4"):
        read_ordinary(tmp_path / "file", 4)
    with pytest.raises((NotOrdinary, IsADirectoryError)):
        read_ordinary(tmp_path, 4)


def _with_paths() -> Iterator[tuple[str, str]]:
    for kind, choice in Family.every["data"].items():
        for field in fields(choice):
            if field.setting.role in PATHS:
                yield kind, field.name


@needs_pipes
@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize(("kind", "name"), list(_with_paths()))
def test_that_no_source_reads_what_is_no_file(
    kind: str, name: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "odd.txt"
    make(path)
    source = Family.every["data"].parse({"kind": kind, name: str(path)})
    assert isinstance(source, Source)
    experiment = Experiment()
    with pytest.raises(Invalid, match="is a device, a pipe or a socket") as refusal:
        inspect(source, experiment.split, experiment.preprocessing, experiment.task.target, 0)
    assert {problem.path for problem in refusal.value.problems} == {f"data.{name}"}


@needs_pipes
@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize("kind", ["spirals", *dict(_with_paths())])
def test_that_no_run_predicts_what_is_no_file(
    kind: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "odd.txt"
    make(path)
    source = Family.every["data"].parse({"kind": kind})
    assert isinstance(source, Source)
    trained = Trained(Experiment().recipe.prepared().preprocessor, source)
    with pytest.raises(Invalid, match="is a device, a pipe or a socket"):
        read_new(path, trained)


@needs_pipes
@pytest.mark.parametrize("make", ODD)
def test_that_no_tokenizer_weights_or_experiment_are_read_from_what_is_no_file(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "odd.json"
    make(path)
    experiment = Experiment.model_validate(
        {
            "data": {"kind": "sample", "name": "film_sentences"},
            "preprocessing": {"tokenizer": "file", "tokenizer_file": str(path)},
            "architecture": {"kind": "lstm"},
        }
    )
    found = inspect(
        experiment.data, experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )
    assert "preprocessing.tokenizer_file" in {problem.path for problem in found.problems}
    with pytest.raises(Invalid):
        read_weights(Start(weights=str(path)))
    with pytest.raises(Invalid):
        experiment_file.load(path)


# ------------------------------------------------------------------------------------- what few bytes claim

_PARTS = {
    "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>%s</sheetData></worksheet>",
    "xl/sharedStrings.xml": b"<sst>%s</sst>",
    "xl/styles.xml": b"<styleSheet>%s</styleSheet>",
    "xl/workbook.xml": b"<workbook>%s</workbook>",
}


@pytest.mark.parametrize(
    ("part", "unit", "count"),
    [
        ("xl/worksheets/sheet1.xml", b"<row/>", 1_100_000),
        ("xl/worksheets/sheet1.xml", b"<c/>", 1_100_000),
        ("xl/worksheets/sheet1.xml", b'<x:c r="A1"/>', 1_100_000),
        ("xl/sharedStrings.xml", b"<si><t>a</t></si>", 1_100_000),
        ("xl/styles.xml", b"<xf/>", 600_000),
        ("xl/styles.xml", b"<font><b/></font>", 300_000),
        ("xl/workbook.xml", b"<definedName/>", 600_000),
    ],
)
def test_that_a_workbook_that_claims_too_much_is_refused_unread(
    part: str, unit: bytes, count: int, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in _PARTS.items():
            archive.writestr(name, frame % (unit * count if name == part else b""))
    with zipfile.ZipFile(path) as archive, pytest.raises(Invalid, match="which no workbook has"):
        workbook_limits.refuse_bombs(archive, path, lambda *_: None)


def test_that_tags_are_counted_across_the_pieces_they_are_read_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "_PIECE", 7)
    monkeypatch.setattr(workbook_limits, "_FEW_TAGS", 10)
    path = tmp_path / "small.xlsx"
    rows = b'<row r="1"><c r="A1"><v>1</v></c><c/></row>' * 20
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet><cols/>" + rows + b"</worksheet>")
    with zipfile.ZipFile(path) as archive:
        look = workbook_limits._Look(archive, path, lambda *_: None)
        assert look.cells(archive.infolist()[0]) == 40
        assert look.count(archive.infolist()[0], "row", 1000) == 20


def test_that_one_long_text_in_every_row_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "small.parquet"
    long = arrow.DictionaryArray.from_arrays(arrow.array([0] * 4_000, arrow.int32()), ["x" * 500_000])
    parquet.write_table(arrow.table({"a": [1.0] * 4_000, "c": long}), path, compression="zstd")
    assert path.stat().st_size < 10_000
    with pytest.raises(Invalid, match=r"becomes|memory"):
        Family.every["data"].parse({"kind": "table", "path": str(path)}).read(0)


def test_that_the_words_of_a_parquet_file_are_read_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "plain.parquet"
    words = [None if index % 7 == 0 else f"word {index % 50}" for index in range(300)]
    parquet.write_table(arrow.table({"a": list(range(300)), "c": words}), path)
    frame = Family.every["data"].parse({"kind": "table", "path": str(path)}).read(0).frame
    assert [value if isinstance(value, str) else None for value in frame["c"]] == words


@pytest.mark.parametrize("line", ["1,2:" * 30_000 + "a", "(00:01:02,3):" * 30_000 + "a"])
def test_that_many_channels_take_time_in_proportion(line: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.ts"
    stamped = str("(" in line).lower()
    path.write_text(f"@problemName x\n@timeStamps {stamped}\n@classLabel true a b\n@data\n{line}\n", "utf-8")
    began = time.process_time()
    assert read_ts(path, 1000, lambda *_: None, 1 << 32).values is not None
    assert time.process_time() - began < 20  # it took minutes


def test_that_a_line_without_gaps_is_learnt_from_in_time() -> None:
    letters = "".join(chr(0x4E00 + (index * index + index // 7) % 900) for index in range(120_000))
    began = time.process_time()
    assert len(learn_tokenizer("byte_pairs", [letters], 2_000, lowercase=False).vocabulary) > 300
    assert time.process_time() - began < 20  # 700,000 letters took 46 s


def test_that_keys_with_points_take_no_time_at_saving() -> None:
    text = "format = 2\n[training]\n" + "".join(f"a.b{index}=1\n" for index in range(1_000))
    began = time.process_time()
    with pytest.raises(Invalid, match="names with a point"):
        experiment_file.parse(text)
    merged = experiment_file.merged(text, Experiment())
    assert experiment_file.parse(merged).experiment == Experiment()
    assert time.process_time() - began < 5  # 45 kB took 49 s
    few = "".join(f"training.{name}\n" for name in ("epochs = 3", "batch_size = 8"))
    assert experiment_file.parse(few).experiment.training.epochs == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system's limit on memory differs")
def test_that_a_reader_that_counts_nothing_gets_no_more_memory_than_is_free() -> None:
    script = (
        "import engine.data.memory as memory\n"
        "memory.free_memory = lambda: 50_000_000\n"
        "memory.bound_memory()\n"
        "try:\n"
        "    bytearray(200_000_000)\n"
        "except MemoryError:\n"
        "    print('refused', len(bytearray(20_000_000)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused 20000000\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_that_classes_named_by_bytes_that_are_no_text_are_learnt_and_predicted(tmp_path: Path) -> None:
    places = [tmp_path / "pictures" / name for name in (os.fsdecode(b"kat\xe9"), "hund")]
    for number, place in enumerate(places):
        place.mkdir(parents=True)
        for index in range(8):
            Image.new("RGB", (8, 8), (index * 9, 30, 200 * number)).save(place / f"{index}.png")
    experiment = Experiment.model_validate(
        {
            "data": {"kind": "images", "path": str(tmp_path / "pictures")},
            "architecture": {"kind": "mlp", "hidden": [4]},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    folder = create(tmp_path / "runs", experiment)
    assert execute(folder, Control(), lambda _: None).state == "finished"
    predicted = predict_run(folder, GivenInputs(path=tmp_path / "pictures"))
    assert predicted.values.shape == (16, 2)
    classes = folder.read_json(folder.preprocessing)["targets"]["classes"]
    assert set(classes) == {"hund", r"kat\xe9"}
