"""What the simplest guess scores stands beside a run from its first step on; unequal classes have more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.events import Event, RunEnded, RunStarted
from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.reading import read_started
from engine.tasks.task import Task
from engine.training.baselines.every import BASELINES
from engine.training.control import Control


def test_that_every_task_has_a_guess_for_which_nothing_is_fitted() -> None:
    known = {target for baseline in BASELINES.values() if baseline.at_once for target in baseline.targets}
    assert {task.target for task in Task.kinds().values()} <= known


def said(folder: Path, share: float, **changes: object) -> tuple[RunStarted, RunEnded, Path]:
    """The start and the end of a run whose rare class has this share of the rows."""
    rng = np.random.default_rng(0)
    rare = np.arange(300) < 300 * share
    table = pd.DataFrame({"a": rng.normal(size=300) + 3 * rare, "b": rng.normal(size=300)})
    table["state"] = np.where(rare, "faulty", "fine")
    table.sample(frac=1, random_state=0).to_csv(folder / "parts.csv", index=False)
    chosen = {
        "data": {"kind": "table", "path": str(folder / "parts.csv"), "target": "state"},
        "architecture": {"kind": "linear"},
        "training": {"epochs": 2, "device": "cpu"},
    }
    heard: list[Event] = []
    run = create(folder / "runs", Experiment.model_validate({**chosen, **changes}))
    ended = execute(run, Control(), heard.append)
    assert isinstance(ended, RunEnded)
    return next(one for one in heard if isinstance(one, RunStarted)), ended, run.path


def test_that_the_commonest_class_stands_beside_the_score_before_the_first_step(tmp_path: Path) -> None:
    started, ended, path = said(tmp_path, 0.05)
    assert started.simplest["majority"]["accuracy"] == pytest.approx(0.95, abs=0.03)
    assert "logistic" not in started.simplest  # it has to be fitted
    from engine.runs.folder import opened

    assert read_started(opened(path)).simplest == started.simplest
    assert started.facts.unequal
    assert started.facts.rarest == "faulty"
    assert started.facts.class_shares == pytest.approx((0.05, 0.95), abs=0.02)
    # whoever says "fine" to all finds none of the rare ones
    assert started.simplest["majority"]["rarest_recall"] == 0
    assert 0 <= ended.scores["validation"]["rarest_recall"] <= 1


def test_that_classes_that_are_about_equal_have_no_score_of_the_rarest(tmp_path: Path) -> None:
    started, ended, _ = said(tmp_path, 0.4)
    assert not started.facts.unequal
    assert "rarest_recall" not in ended.scores["validation"]


def test_that_metrics_that_were_chosen_stay_alone(tmp_path: Path) -> None:
    _, ended, _ = said(tmp_path, 0.05, metrics=[{"kind": "accuracy"}])
    assert set(ended.scores["validation"]) == {"loss", "accuracy"}


def test_that_without_a_validation_part_guesses_are_scored_on_what_is_followed(tmp_path: Path) -> None:
    started, _, _ = said(tmp_path, 0.05, split={"train": 0.8, "validation": 0.0, "test": 0.2})
    assert started.facts.watched == "train"
    assert started.simplest["majority"]["accuracy"] == pytest.approx(0.95, abs=0.03)
