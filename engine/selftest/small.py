"""Small experiments on small data of every kind, one for each task: what the self-test trains."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.choices import Choice, Family, Record, fields
from engine.data.description import Description, TargetKind
from engine.experiment import Experiment
from engine.runs.preparation import prepare_experiment
from engine.tasks.task import Task

_SENTENCE = "Ada B-person\nByron I-person\nwent O\nto O\nRome B-place\nagain O\n"
_SENTENCES = 120
_LABELLED = "a,b,labels\n" + "0.5,1,x;y\n1,-1,y\n-1,0.5,x\n-2,-0.5,x;z\n0,2,z\n" * 40
_WRITTEN = {
    "tagged_text": ("tagged.conll", "\n".join([_SENTENCE] * _SENTENCES)),
    "table": ("labels.csv", _LABELLED),
}
"""Files that the self-test writes, by the source that reads them."""
_TEXTS = {"tokenizer": "words", "length": 16, "vocabulary": 300}
_SORTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "points": ({"kind": "blobs", "samples": 300, "classes": 3}, "classification"),
    "pictures": ({"kind": "sample", "name": "digits"}, "classification"),
    "larger pictures": ({"kind": "sample", "name": "fashion_mnist"}, "classification"),
    "rows": ({"kind": "sample", "name": "diabetes"}, "regression"),
    "series": ({"kind": "sample", "name": "japanese_vowels"}, "classification"),
    "a course": ({"kind": "sample", "name": "sunspots", "history": 16, "horizon": 2}, "forecasting"),
    "texts": ({"kind": "sample", "name": "film_sentences"}, "classification"),
    "labels": ({"kind": "table", "target": "labels"}, "multi_label"),
    "tagged words": ({"kind": "tagged_text"}, "tagging"),
    "translations": ({"kind": "sample", "name": "spanish_verses"}, "translation"),
    "running text": ({"kind": "sample", "name": "austen"}, "language_modelling"),
    "texts with gaps": ({"kind": "sample", "name": "film_sentences"}, "masked_language_modelling"),
}
"""Data of every kind and what is learnt from it; the simplest first. All but two come with the program."""


def experiment_with(choice: type[Choice], place: Path) -> Experiment:
    """Return a small experiment with the choice: the first it fits into, so that it can be trained.

    Files that are needed are written into `place`. Raises RuntimeError where the choice fits nowhere.
    """
    of_architectures = choice.family.name == "architectures"
    architectures = [choice.kind] if of_architectures else list(Family.every["architectures"])
    sorts = list(_SORTS)
    if issubclass(choice, Task):  # data that other tasks of such a target learn from; usually that of its own
        fitting = [name for name, (_, task) in _SORTS.items() if _target(task) == choice.target]
        sorts = sorted(fitting, key=lambda name: _SORTS[name][1] != choice.kind)
    for name in sorts:
        description = _description(name, place)
        for architecture in architectures:
            experiment = _experiment(name, place, architecture, choice)
            if not experiment.problems(description):
                return experiment
    raise RuntimeError(f"no small data fits {choice.family.name}.{choice.kind}")


def _target(task: str) -> TargetKind:
    return Task.kinds()[task].target


def simple_experiment(data: Mapping[str, Any], batch_size: int = 32) -> Experiment:
    """Return a short experiment that classifies what is in the data."""
    training = {"batch_size": batch_size, "epochs": 2, "device": "auto"}
    return Experiment.model_validate({"name": "Self-test", "data": dict(data), "training": training})


def plain_experiment() -> Experiment:
    """Return a short experiment on generated points."""
    return simple_experiment(_SORTS["points"][0])


def _experiment(name: str, place: Path, architecture: str, choice: type[Choice] | None = None) -> Experiment:
    data, task = _SORTS[name]
    values: dict[str, Any] = {
        "name": "Self-test",
        "data": {**data, "path": str(_file(data["kind"], place))} if data["kind"] in _WRITTEN else dict(data),
        "task": {"kind": task},
        "preprocessing": _TEXTS,
        "architecture": {"kind": architecture},
        "training": {"batch_size": 32, "epochs": 2, "device": "auto"},
    }
    if choice is not None:
        field, several = _field_of(choice)
        values[field] = [choice()] if several else choice()
    return Experiment.model_validate(values)


def _file(source: str, place: Path) -> Path:
    """Return the file that such a source reads, written at the first call."""
    name, text = _WRITTEN[source]
    file = place / name
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    return file


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
def _description(name: str, place: Path) -> Description:
    return prepare_experiment(_experiment(name, place, "linear")).description
