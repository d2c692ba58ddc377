"""Small experiments on small data of every kind, one for each task: what the self-test trains."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from engine.choices import Choice, Family, Record, fields
from engine.data.description import Description
from engine.data.modality import SmallData, modalities
from engine.experiment import Experiment
from engine.runs.preparation import prepare_experiment
from engine.tasks.task import Task

_TEXTS = {"tokenizer": "words", "length": 16, "vocabulary": 300}


@cache
def small_data() -> tuple[SmallData, ...]:
    """Return small data of every modality, the simplest first."""
    found = [small for modality in modalities().values() for small in modality.small]
    return tuple(sorted(found, key=lambda small: small.rank))


def experiment_with(choice: type[Choice], place: Path) -> Experiment:
    """Return a small experiment with the choice: the first it fits into, so that it can be trained.

    Files that are needed are written into `place`. Raises RuntimeError where the choice fits nowhere.
    """
    of_architectures = choice.family.name == "architectures"
    architectures = [choice.kind] if of_architectures else list(Family.every["architectures"])
    every = small_data()
    if issubclass(choice, Task):  # data that other tasks of such a target learn from; usually that of its own
        fitting = [small for small in every if Task.kinds()[small.task].target == choice.target]
        every = tuple(sorted(fitting, key=lambda small: small.task != choice.kind))
    for small in every:
        description = _description(small, place)
        for architecture in architectures:
            experiment = _experiment(small, place, architecture, choice)
            if not experiment.problems(description):
                return experiment
    raise RuntimeError(f"no small data fits {choice.family.name}.{choice.kind}")


def experiment_on(small: SmallData, place: Path) -> Experiment:
    """Return a small experiment on such data, with the first architecture that fits it.

    Raises RuntimeError where none does.
    """
    description = _description(small, place)
    for architecture in Family.every["architectures"]:
        experiment = _experiment(small, place, architecture)
        if not experiment.problems(description):
            return experiment
    raise RuntimeError(f"no architecture learns {small.task} from {small.data['kind']}")


def simple_experiment(data: Mapping[str, Any], batch_size: int = 32) -> Experiment:
    """Return a short experiment that classifies what is in the data."""
    training = {"batch_size": batch_size, "epochs": 2, "device": "auto"}
    return Experiment.model_validate({"name": "Self-test", "data": dict(data), "training": training})


def plain_experiment() -> Experiment:
    """Return a short experiment on generated points."""
    return simple_experiment(small_data()[0].data)


def _experiment(
    small: SmallData, place: Path, architecture: str, choice: type[Choice] | None = None
) -> Experiment:
    values: dict[str, Any] = {
        "name": "Self-test",
        "data": {**small.data, "path": str(_written(small.files, place))}
        if small.files
        else dict(small.data),
        "task": {"kind": small.task},
        "preprocessing": _TEXTS,
        "architecture": {"kind": architecture},
        "training": {"batch_size": 32, "epochs": 2, "device": "auto"},
    }
    if choice is not None:
        field, several = _field_of(choice)
        values[field] = [choice()] if several else choice()
    return Experiment.model_validate(values)


def _written(files: Mapping[str, bytes], place: Path) -> Path:
    """Return where the file of small data lies, or the folder of several; written at the first call."""
    for name, content in files.items():
        path = place / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    # the outermost name of each is the same: the file itself, or the folder that holds all
    return place / PurePath(next(iter(files))).parts[0]


def _field_of(choice: type[Choice]) -> tuple[str, bool]:
    """Return the part of an experiment that holds such choices, and whether it holds several."""
    base: type[Record] = choice.family.base
    for field in fields(Experiment):
        if field.annotation is base:
            return field.name, False
        if base in getattr(field.annotation, "__args__", ()):
            return field.name, True
    raise RuntimeError(f"an experiment has no part for {choice.family.name}")


@cache
def _description(small: SmallData, place: Path) -> Description:
    return prepare_experiment(_experiment(small, place, "linear")).description
