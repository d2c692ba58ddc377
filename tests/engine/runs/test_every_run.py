"""Predictions are those that a run was judged by; every choice there is trains, goes on and is judged."""

from __future__ import annotations

import csv
import json
from collections.abc import Hashable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.choices import Choice, Family, Invalid
from engine.data.description import Description
from engine.data.images.raw import ImageSet
from engine.data.prepared import Prepared
from engine.data.sample import Sample
from engine.data.source import Report, silent
from engine.data.tables.raw import Table
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import prepare_experiment
from engine.training.control import Control
from engine.training.plan import Plan
from tests.engine.conftest import train_here
from tests.engine.text_data import TASKS, write_all

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


def _mixed(path: Path, task: str) -> None:
    """Write a table with everything that a column can be: numbers, words, yes and no, dates, gaps."""
    chance = np.random.default_rng(5)
    with path.open("w", newline="", encoding="gb18030") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["größe", "stadt", "offen", "tag", "leer", "ziel"])
        for number in range(120):
            size = chance.normal(5, 2)
            writer.writerow([
                "" if number % 9 == 0 else f"{size:.3f}".replace(".", ","),
                ["北京", "Köln", "", "Oslo"][number % 4],
                ["ja", "nein"][number % 2],
                f"{1 + number % 28:02}.{1 + number % 12:02}.2024",
                "",
                _target(size, task),
            ])  # fmt: skip


def _target(size: float, task: str) -> str:
    if task == "classification":
        return "hoch" if size > 5 else "tief"
    return f"{size * 1000 + 1e6:.1f}".replace(".", ",")


def _texts(rows: list[dict[Hashable, Any]]) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in rows]


def _judged(folder: RunFolder, prepared: Prepared) -> None:
    """Compare predictions for the raw rows of the test part with the scores of that part."""
    rows, raw = prepared.test.rows, prepared.raw
    if isinstance(raw, ImageSet):
        pixels = raw.pixels[rows]
        found = predict_run(folder, GivenInputs(pixels=pixels if pixels.shape[-1] == 3 else pixels[..., 0]))
    else:
        assert isinstance(raw, Table)
        given = raw.frame.drop(columns=list(raw.targets)).iloc[rows].to_dict("records")
        found = predict_run(folder, GivenInputs(rows=_texts(given)))  # fmt: skip
    evaluated = evaluate_run(folder, "test")
    assert evaluated.count == len(rows) == len(found.values)
    if found.kind == "classes":
        share = float(np.mean(found.values.argmax(axis=1) == prepared.test.targets))
        assert share == pytest.approx(evaluated.metrics["accuracy"], abs=1e-9)
    else:
        assert isinstance(raw, Table)
        truth = raw.frame[list(raw.targets)].iloc[rows].to_numpy(np.float64)
        error = float(np.mean((found.values.astype(np.float64) - truth) ** 2))
        assert error == pytest.approx(evaluated.metrics["mean_squared_error"], rel=1e-4)


@pytest.mark.parametrize("name", ["wine", "diabetes", "digits_cnn"])
def test_that_predictions_for_the_rows_of_the_test_part_are_those_it_was_judged_by(
    name: str, tmp_path: Path
) -> None:
    folder = train_here(tmp_path, name, "training.epochs=1")
    _judged(folder, prepare_experiment(folder.read_experiment()))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_that_a_file_is_predicted_as_it_was_judged(task: str, tmp_path: Path) -> None:
    _mixed(tmp_path / "t.csv", task)
    values: dict[str, Any] = {
        "data": {"kind": "table", "path": str(tmp_path / "t.csv"), "target": "ziel"},
        "task": {"kind": task},
        "loss": {"kind": "cross_entropy" if task == "classification" else "mean_squared"},
        "training": {"epochs": 3, "device": "cpu"},
    }
    folder = create(tmp_path / "runs", Experiment.model_validate(values))
    assert execute(folder, Control(), lambda event: None).state == "finished"
    prepared = prepare_experiment(folder.read_experiment())
    _judged(folder, prepared)
    by_file = predict_run(folder, GivenInputs(path=tmp_path / "t.csv"))
    raw = prepared.raw
    assert isinstance(raw, Table)
    given = raw.frame.iloc[prepared.test.rows].drop(columns="ziel").to_dict("records")
    by_row = predict_run(folder, GivenInputs(rows=_texts(given)))  # fmt: skip
    np.testing.assert_allclose(by_file.values[prepared.test.rows], by_row.values, rtol=1e-5)


# --------------------------------------------------------------------------------- whatever is registered

TABLE = {"kind": "sample", "name": "iris"}
NUMBERS = {"kind": "sample", "name": "diabetes"}
SMALL = {"tokenizer": "words", "length": 16, "vocabulary": 100}
SECTIONS = {"architectures": "architecture", "losses": "loss", "optimizers": "optimizer",
            "initializers": "initializer", "schedules": "schedule"}  # fmt: skip
LISTS = ("augmentations", "regularizers", "metrics")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], str]]:
    """Small data of every kind, and what is learnt from each."""
    folder = tmp_path_factory.mktemp("data")
    texts = write_all(folder)
    return [
        (TABLE, "classification"),
        (_images(folder / "pictures"), "classification"),
        (NUMBERS, "regression"),
        (_labels(folder / "films.csv"), "multi_label"),
        *((texts[name], task) for name, tasks in TASKS.items() for task in tasks),
    ]


def _labels(path: Path) -> dict[str, Any]:
    """Write a table whose rows have none to two of two labels."""
    chance = np.random.default_rng(2)
    numbers = chance.normal(size=(60, 2))
    names = [
        ";".join(name for name, value in zip(("funny", "long"), row, strict=True) if value > 0)
        for row in numbers
    ]
    lines = [f"{one:.3f},{other:.3f},{said}" for (one, other), said in zip(numbers, names, strict=True)]
    path.write_text("\n".join(["a,b,genre", *lines]), encoding="utf-8")
    return {"kind": "table", "path": str(path), "target": "genre", "label_separator": ";"}


def _images(folder: Path) -> dict[str, Any]:
    """Write a folder of few pictures, so that large networks are through quickly."""
    folder.mkdir()
    chance = np.random.default_rng(1)
    for label in ("dark", "light"):
        (folder / label).mkdir()
        for number in range(20):
            pixels = chance.integers(0, 128, (16, 16), np.uint8) + np.uint8(127 * (label == "light"))
            Image.fromarray(pixels).save(folder / label / f"{number}.png")
    return {"kind": "images", "path": str(folder)}


def _fitting(
    family: str, choice: type[Choice], data: list[tuple[dict[str, Any], str]]
) -> Iterator[Experiment]:
    """Yield small experiments with the choice, one for each sort of data and task that it fits."""
    chosen: Any = [choice()] if family in LISTS else choice()
    for source, task in data:
        base = {
            "data": source,
            "preprocessing": SMALL,
            "task": {"kind": task},
            "training": {"epochs": 2, "batch_size": 16, "device": "cpu"},
        }
        section = {SECTIONS.get(family, family): chosen}
        experiment = Experiment.model_validate({**base, **section})
        description = prepared_of(source, task).description
        if family != "architectures" and (other := _usual(experiment, description)):
            experiment = Experiment.model_validate({**base, **section, "architecture": {"kind": other}})
        if not experiment.problems(description):
            yield experiment


@cache
def _prepared(source: str) -> Prepared:
    return prepare_experiment(Experiment.model_validate_json(source))


def prepared_of(source: dict[str, Any], task: str) -> Prepared:
    """Prepare data, each only once."""
    values = {"data": source, "preprocessing": SMALL, "task": {"kind": task}}
    return _prepared(json.dumps(values))


def _usual(experiment: Experiment, description: Description) -> str:
    """Return an architecture that fits such data and task, where the usual one does not."""
    family = Family.every["architectures"]
    kinds = [experiment.architecture.kind, *reversed(list(family))]
    small: Any = experiment.replaced(metrics=(), loss=Family.every["losses"][experiment.task.default_loss]())
    return next(
        (
            kind for kind in kinds
            if not small.replaced(architecture=family[kind]()).problems(description)
        ),
        "",
    )  # fmt: skip


def _choices() -> list[Any]:
    families = (*SECTIONS, *LISTS)
    return [pytest.param(name, choice, id=f"{name}-{kind}") for name in families
            for kind, choice in Family.every[name].items()]  # fmt: skip


@pytest.mark.parametrize(("family", "choice"), _choices())
def test_that_every_choice_trains_goes_on_and_is_judged(
    family: str, choice: type[Choice], data: list[tuple[dict[str, Any], str]], tmp_path: Path
) -> None:
    fitting = list(_fitting(family, choice, data))
    assert fitting, "fits no data"
    if family not in ("architectures", "losses"):
        fitting = fitting[:1]
    for experiment in fitting:
        folder = create(tmp_path, experiment)
        control = Control()
        control.advance(1)
        ended = execute(folder, control, lambda event, control=control: _interrupt(event, control), _planned)
        assert ended.state == "interrupted", ended.why
        ended = execute(folder, Control(), lambda event: None, _planned)
        assert ended.state in ("finished", "failed"), ended.why
        assert ended.state == "finished" or "step" in ended.why
        if ended.state == "finished":
            assert evaluate_run(folder, "validation", _given).count > 0


def _planned(experiment: Experiment, report: Report = silent) -> Plan:
    return Plan(experiment, _given(experiment, report))


def _given(experiment: Experiment, report: Report = silent) -> Prepared:
    return prepared_of(experiment.data.model_dump(mode="json"), experiment.task.kind)


def _interrupt(event: object, control: Control) -> None:
    if getattr(event, "state", "") == "paused":
        control.interrupt()


def test_that_a_run_without_weights_says_so(tmp_path: Path) -> None:
    folder = create(tmp_path, Experiment(data=Sample(name="iris")))
    with pytest.raises(Invalid, match="no weights yet"):
        evaluate_run(folder, "test")
