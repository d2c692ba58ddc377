"""Numbers at the edge: each table is trained on, or refused with the place of what to change."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from engine.choices import Invalid, problems_in
from engine.events import RunEnded
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_run
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.preparation import prepare_experiment
from engine.training.control import Control
from tests.force.tries import Try, emptied

Rows = list[Sequence[object]]
_RANDOM = np.random.default_rng(3)


def _table(inputs: np.ndarray[Any, Any], target: Sequence[object]) -> Rows:
    names = [f"x{index}" for index in range(inputs.shape[1])]
    return [[*names, "y"], *([*row, last] for row, last in zip(inputs.tolist(), target, strict=True))]


def _normal(rows: int, columns: int = 3) -> np.ndarray[Any, Any]:
    return _RANDOM.normal(size=(rows, columns))


def _with(value: object) -> Rows:
    """Return a table with `value` in every seventh row of its first column."""
    rows = _table(_normal(140), [float(index % 5) for index in range(140)])
    return [rows[0], *([value, *row[1:]] if number % 7 == 0 else row for number, row in enumerate(rows[1:]))]


def _classes(count: int, each: int) -> Rows:
    return _table(_normal(count * each), [f"class {index % count}" for index in range(count * each)])


REGRESSION: dict[str, Any] = {
    "task": {"kind": "regression"},
    "loss": {"kind": "mean_squared"},
    "metrics": [{"kind": "r2"}],
}
EDGES: dict[str, tuple[Callable[[], Rows], dict[str, Any]]] = {
    "rate 1e6": (lambda: _classes(3, 40), {"optimizer": {"kind": "gradient_descent", "learning_rate": 1e6}}),
    "rate 10": (lambda: _classes(3, 40), {"optimizer": {"kind": "gradient_descent", "learning_rate": 10}}),
    "rate 1e6, Adam": (lambda: _classes(3, 40), {"optimizer": {"kind": "adam", "learning_rate": 1e6}}),
    "rate 1e-30": (
        lambda: _classes(3, 40),
        {"optimizer": {"kind": "gradient_descent", "learning_rate": 1e-30}},
    ),
    "equal targets": (lambda: _table(_normal(100), [5.0] * 100), REGRESSION),
    "targets of 1e30": (lambda: _table(_normal(100), list(1e30 * _normal(100)[:, 0])), REGRESSION),
    "targets of 1e308": (lambda: _table(_normal(100), list(1e308 * np.sign(_normal(100)[:, 0]))), REGRESSION),
    "targets of 1e-300": (lambda: _table(_normal(100), list(1e-300 * _normal(100)[:, 0])), REGRESSION),
    "infinite inputs": (lambda: _with("inf"), REGRESSION),
    "inputs of 1e308": (lambda: _with(1e308), REGRESSION),
    "inputs of 1e-320": (lambda: _with(1e-320), REGRESSION),
    "inputs that are NaN": (lambda: _with("nan"), REGRESSION),
    "whole numbers of 30 digits": (lambda: _with(10**30), REGRESSION),
    "equal inputs": (lambda: _table(np.ones((100, 3)), [index % 4 for index in range(100)]), REGRESSION),
    "one feature": (lambda: _table(_normal(100, 1), ["a", "b"] * 50), {}),
    "a class of one": (lambda: [*_classes(2, 40), [0.1, 0.2, 0.3, "alone"]], {}),
    "every class of one": (lambda: _classes(60, 1), {}),
    "one row": (lambda: _classes(1, 1), {}),
    "three rows": (lambda: _classes(3, 1), {}),
    "one class": (lambda: _classes(1, 60), {}),
    "batch of a million": (lambda: _classes(3, 40), {"training": {"batch_size": 1_000_000}}),
    "batch of one": (lambda: _classes(3, 20), {"training": {"batch_size": 1}}),
    "5,000 features": (lambda: _table(_normal(120, 5000), ["a", "b"] * 60), {}),
    "1,000 classes": (lambda: _classes(1000, 6), {}),
}


def edge(home: Path, name: str) -> str:
    """Try one edge; return why it was refused or how it ended. Raises AssertionError where Ravine failed."""
    make, chosen = EDGES[name]
    with (home / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(make())
    values = {
        "name": "Edge",
        "data": {"kind": "table", "path": str(home / "table.csv"), "target": ["y"]},
        "architecture": {"kind": "mlp", "hidden": [8]},
        **chosen,
        "training": {"epochs": 3, "device": "cpu", "batch_size": 16, **chosen.get("training", {})},
    }
    try:
        experiment = Experiment.model_validate(values)
        found = prepare_experiment(experiment)
        problems = experiment.problems(found.description)
    except ValidationError as error:
        problems = tuple(problems_in(error))
    except Invalid as error:
        problems = error.problems
    if problems:
        assert all(problem.message for problem in problems)
        return f"refused ({problems[0]})"
    folder = create(home / "runs", experiment)
    ended: RunEnded = execute(folder, Control(), lambda _: None)
    assert "went wrong" not in ended.why, ended.why
    assert ended.why
    if ended.state == "finished":
        evaluate_run(folder, "test", lambda *_: found, lambda *_: None)
    return ended.state


def edges(home: Path, count: int) -> str:
    """Try the first so many edges."""
    chosen = list(EDGES)[:count]
    ends = {name: edge(emptied(home / "edge"), name) for name in chosen}
    return ", ".join(f"{name}: {end}" for name, end in ends.items())


TRIES = (Try("edges", "Numbers at the edge", edges, len(EDGES) - 2, len(EDGES)),)
