"""The self-test covers every choice that can be trained, and tells what goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.choices import Family
from engine.data.modality import Modality, SmallData, modalities
from engine.selftest import checks as selftest
from engine.selftest.checks import checks, trouble_with
from engine.selftest.small import experiment_on, experiment_with


def test_that_every_architecture_optimizer_task_and_augmentation_is_tried() -> None:
    names = set(checks())
    for family, words in (
        ("architectures", "train {}"),
        ("optimizers", "train with {}"),
        ("tasks", "learn {}"),
        ("augmentations", "change examples by {}"),
    ):
        assert {words.format(kind) for kind in Family.every[family]} <= names


@pytest.mark.parametrize("family", ["architectures", "optimizers", "tasks", "augmentations"])
def test_that_a_small_experiment_fits_every_choice(family: str, tmp_path: Path) -> None:
    for choice in Family.every[family].values():
        experiment = experiment_with(choice, tmp_path)
        assert experiment.problems() == ()
        assert choice.kind in experiment.model_dump_json()


@pytest.mark.parametrize("modality", modalities().values(), ids=lambda modality: modality.kind)
def test_that_data_of_every_modality_is_learnt_from(modality: Modality[Any], tmp_path: Path) -> None:
    assert modality.small, "give it small data, from which the self-test learns"
    for small in modality.small:
        assert trouble_with(checks()[f"learn {small.task} from {modality.name}"], tmp_path) == ""


def test_that_small_data_of_several_files_is_learnt_from_their_folder(tmp_path: Path) -> None:
    files = {
        f"notes/{word}/{index}.txt": f"{word} {index}\n".encode()
        for word in ("yes", "no")
        for index in range(9)
    }
    small = SmallData({"kind": "text_folders"}, "classification", rank=0, files=files)
    experiment = experiment_on(small, tmp_path)
    assert experiment.data.named_paths() == {"path": str(tmp_path / "notes")}
    assert len(experiment.data.read(0)) == len(files)


@pytest.mark.parametrize(
    "name", ["train lstm", "train transformer", "learn tagging", "change examples by mixup"]
)
def test_that_a_check_trains_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    assert trouble_with(checks()[name], tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_that_what_a_check_raises_is_told_and_its_files_go(tmp_path: Path) -> None:
    def attempt(place: Path) -> None:
        (place / "file").write_text("x")
        raise ValueError("no")

    assert trouble_with(attempt, tmp_path) == "ValueError: no"
    assert list(tmp_path.iterdir()) == []


def test_that_what_was_there_when_the_program_was_built_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "registries.json"
    built.write_text(
        '{"choices": {"optimizers": ["adam", "lost"], "gone": ["x"]}, "files": ["LICENSE", "no.svg"]}'
    )
    monkeypatch.setattr(selftest, "_AS_BUILT", built)
    trouble = trouble_with(checks()["everything this program was built with"], tmp_path)
    assert trouble == "RuntimeError: the installation lacks optimizers.lost, gone.x, no.svg"
