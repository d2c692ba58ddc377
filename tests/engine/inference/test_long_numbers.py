"""Numbers of many digits keep them: what is true stays as it was read, what is predicted is told in full."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.command_line.main import run as command
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.training.control import Control

COUNT = 60
SECONDS = 1_732_730_000 + 7 * np.arange(COUNT) ** 2 % 901
"""Moments of one quarter of an hour, in seconds since 1970: single precision knows only every 128th."""
CENTS = 123_456_789.01 + 1_000_003.17 * np.arange(COUNT)
SMALL = 1e-7 * (1 + np.arange(COUNT) % 7)


def table(place: Path) -> Path:
    path = place / "data.csv"
    frame = pd.DataFrame({"x": np.arange(COUNT), "seconds": SECONDS, "price": CENTS, "small": SMALL})
    frame.to_csv(path, index=False)
    return path


def trained(place: Path, scaling: str = "standardize") -> RunFolder:
    chosen = {
        "data": {"kind": "table", "path": str(table(place)), "target": ["seconds", "price", "small"]},
        "task": {"kind": "regression"},
        "preprocessing": {"target_scaling": scaling},
        "loss": {"kind": "mean_squared"},
        "probes": [{"kind": "predicted_against_true"}],
        "architecture": {"kind": "mlp", "hidden": [4]},
        "training": {"epochs": 2, "device": "cpu"},
    }
    folder = create(place / "runs", Experiment.model_validate(chosen))
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(tmp_path_factory.mktemp("long"))


def test_that_true_numbers_stay_as_they_were_read(run: RunFolder) -> None:
    for found in (evaluate_run(run, "test"), evaluate_file(run, run.path.parent.parent / "data.csv")):
        assert found.pairs is not None
        rows = found.pairs.rows
        wanted = np.stack([SECONDS[rows], CENTS[rows], SMALL[rows]], axis=1)
        np.testing.assert_array_equal(found.pairs.truth, wanted)
        error = np.abs(found.pairs.predicted - wanted).mean(axis=0)
        told = [found.targets[name]["mean_absolute_error"] for name in ("seconds", "price", "small")]
        np.testing.assert_allclose(told, error, rtol=1e-12)


def test_that_a_panel_shows_them_as_they_were_read(run: RunFolder) -> None:
    with HistoryReader(run.history) as history:
        reading = history.readings()[-1]
    np.testing.assert_array_equal(reading.found.truth[:, 0], SECONDS[reading.found.rows])


def test_that_predictions_lie_between_what_single_precision_knows(run: RunFolder) -> None:
    found = predict_run(run, GivenInputs(path=run.path.parent.parent / "data.csv"))
    seconds = found.values[:, 0]
    assert len(np.unique(seconds)) > 900 // 128 + 2
    assert (seconds != seconds.astype(np.float32)).any()


def test_that_a_saved_table_and_the_numbers_told_agree(run: RunFolder, tmp_path: Path) -> None:
    path, out = run.path.parent.parent / "data.csv", tmp_path / "out.csv"
    assert command(["predict", str(run.path), str(path), "-o", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    written = np.array([[float(row[f"prediction of {name}"]) for name in ("seconds", "price", "small")]
                        for row in rows])  # fmt: skip
    found = predict_run(run, GivenInputs(path=path))
    np.testing.assert_array_equal(written, found.values)
    # of a quarter of an hour nine figures end with the microsecond, and no more is written
    assert all(len(row["prediction of seconds"].partition(".")[2]) <= 6 for row in rows)


def test_that_small_numbers_learnt_unscaled_keep_their_figures(tmp_path: Path) -> None:
    found = predict_run(trained(tmp_path, "none"), GivenInputs(rows=[{"x": "3"}]))
    single = found.values.astype(np.float32)
    np.testing.assert_allclose(found.values, single, rtol=1e-8)
