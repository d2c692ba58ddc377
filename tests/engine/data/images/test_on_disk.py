"""Pictures that memory does not hold are kept in a file: the same data and the same run to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.data import memory
from engine.data.batches import Cutting
from engine.data.memory import lies_on_disk, picked, room
from engine.experiment import Experiment
from engine.runs.preparation import Preparations
from engine.training.batches import TrainingBatches
from tests.engine.training.support import Ran, assert_same, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of two classes, a broken one among them."""
    place, random = tmp_path_factory.mktemp("pictures"), np.random.default_rng(4)
    for name, level in (("dark", 60), ("light", 160)):
        (place / name).mkdir()
        for index in range(60):
            values = random.integers(0, level, (8, 9, 3)).astype(np.uint8)
            Image.fromarray(values).save(place / name / f"{index:02}.png")
    (place / "dark" / "broken.png").write_bytes(b"no picture")
    return place


def chosen(folder: Path, limit: float | str, **changes: Any) -> Experiment:
    values = {
        "data": {"kind": "images", "path": str(folder), "memory_limit": limit, **changes.pop("data", {})},
        "architecture": {"kind": "cnn", "channels": [4], "dense": [8]},
        "training": {"epochs": 3, "batch_size": 16},
    }
    return Experiment.model_validate({**values, **changes})


def ran(experiment: Experiment) -> Ran:
    return run(experiment, prepared=Preparations().plan(experiment).prepared)


@pytest.mark.parametrize("data", [{}, {"colour": "grey"}, {"height": 5, "fit": "crop"}], ids=str)
def test_that_data_on_the_disk_is_that_in_memory(folder: Path, data: dict[str, Any]) -> None:
    held, disk = (Preparations().plan(chosen(folder, limit, data=data)).prepared for limit in ("auto", 0))
    assert not lies_on_disk(held.train.inputs)
    for part in (disk.train, disk.validation, disk.test):
        assert lies_on_disk(part.inputs)
    assert disk.data_hash == held.data_hash
    assert disk.preprocessor == held.preprocessor
    assert disk.description == held.description
    told = set(disk.notices) - set(held.notices)
    assert len(told) == 1
    assert "kept in a file on the disk" in told.pop()


def test_that_pictures_beyond_the_limit_go_to_the_disk_by_themselves(folder: Path) -> None:
    # 120 pictures of 8 × 9 in colour, nine bytes a number, and the broken one
    needed = 121 * 8 * 9 * 3 * 9 / 1e9
    beyond, within = (Preparations().plan(chosen(folder, needed * share)) for share in (0.99, 1.01))
    assert lies_on_disk(beyond.prepared.train.inputs)
    assert not lies_on_disk(within.prepared.train.inputs)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training": {"epochs": 3, "batch_size": "all"}},
        {"training": {"epochs": 3, "batch_size": 16, "sampling": {"kind": "balanced"}}},
        {"augmentations": [{"kind": "flip"}]},
    ],
    ids=str,
)
def test_that_a_run_is_the_same_to_the_bit(folder: Path, changes: dict[str, Any]) -> None:
    assert_same(ran(chosen(folder, 0, **changes)), ran(chosen(folder, "auto", **changes)))


def test_that_batches_may_be_asked_for_in_any_order(folder: Path) -> None:
    import torch

    inputs, targets, cutting = torch.arange(20.0)[:, None], torch.arange(20), Cutting(20, ((0, 3),))
    plain, read = (
        TrainingBatches((inputs, targets), cutting=cutting, seed=1, device=torch.device("cpu"), on_disk=ahead)
        for ahead in (False, True)
    )
    # on, back, beyond the end of an epoch, and twice the same
    for step in (0, 1, 2, 0, 6, 7, 20, 20, 21):
        for one, other in zip(plain.of(step), read.of(step), strict=True):
            assert torch.equal(one, other)
    for batches in (plain, read):
        batches.draw_by(np.full(20, 0.05))
    assert torch.equal(plain.of(21)[1], read.of(21)[1])


def test_that_a_full_disk_is_told_before_anything_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = memory.shutil.disk_usage(folder)._replace(free=100)
    monkeypatch.setattr(memory.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(Invalid, match="make room, or make them smaller"):
        Preparations().plan(chosen(folder, 0))


def test_that_the_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(memory.tempfile, "tempdir", None)
    array = room((5, 2), np.float32, on_disk=True)
    array[:] = np.arange(10).reshape(5, 2)
    assert not list(tmp_path.iterdir())
    rows = np.array([3, 0])
    assert np.array_equal(picked(array, rows), np.array([[6, 7], [0, 1]], np.float32))
    assert lies_on_disk(picked(array, rows))
    assert not lies_on_disk(array[rows])
