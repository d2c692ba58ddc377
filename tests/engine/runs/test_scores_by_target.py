"""Where several numbers are predicted, the scores of each are told, and agree with those over all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.scoring.by_target import few_of
from engine.training.control import Control


def trained(folder: Path, targets: list[str]) -> RunFolder:
    """Return a short run on a table whose first target can be learnt and whose second is noise."""
    noise = np.random.default_rng(0).normal(size=120)
    lines = [f"{place % 12},{3 * (place % 12)},{noise[place]:.6f}" for place in range(120)]
    (folder / "data.csv").write_text("\n".join(["x,easy,noise", *lines]))
    chosen = {
        "data": {"kind": "table", "path": str(folder / "data.csv"), "target": targets},
        "task": {"kind": "regression"},
        "loss": {"kind": "mean_squared"},
        "metrics": [{"kind": "r2"}, {"kind": "mean_absolute_error"}, {"kind": "mean_squared_error"}],
        "training": {"epochs": 30, "device": "cpu"},
    }
    run = create(folder / "runs", Experiment.model_validate(chosen))
    execute(run, Control(), lambda _: None)
    return run


def test_that_each_target_has_its_scores_whose_means_are_those_over_all(tmp_path: Path) -> None:
    run = trained(tmp_path, ["easy", "noise"])
    found = evaluate_run(run, "test")
    assert list(found.targets) == ["easy", "noise"]
    assert found.targets["easy"]["r2"] > 0.9 > found.targets["noise"]["r2"]
    for kind in ("mean_absolute_error", "mean_squared_error"):
        mean = np.mean([scores[kind] for scores in found.targets.values()])
        assert mean == pytest.approx(found.metrics[kind], rel=1e-6)
    assert list(evaluate_file(run, tmp_path / "data.csv").targets) == ["easy", "noise"]


def test_that_each_course_has_its_scores_whose_means_are_those_over_all(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(size=200)
    lines = [
        f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},{shop},{sold:.4f}"
        for shop, values in {"calm": np.arange(200) % 7 / 10, "wild": noise}.items()
        for day, sold in enumerate(values)
    ]
    (tmp_path / "shops.csv").write_text("\n".join(["date,shop,sold", *lines]))
    chosen = {
        "data": {"kind": "time_series", "path": str(tmp_path / "shops.csv"), "target": "sold", "history": 14,
                 "horizon": 2, "course": "shop"},
        "task": {"kind": "forecasting"},
        "loss": {"kind": "mean_squared"},
        "metrics": [{"kind": "mean_absolute_error"}, {"kind": "mean_squared_error"}],
        "architecture": {"kind": "gru"},
        "training": {"epochs": 4, "device": "cpu"},
    }  # fmt: skip
    run = create(tmp_path / "runs", Experiment.model_validate(chosen))
    execute(run, Control(), lambda _: None)
    found = evaluate_run(run, "test")
    assert list(found.targets) == ["calm", "wild"]
    assert found.targets["calm"]["mean_absolute_error"] < found.targets["wild"]["mean_absolute_error"]
    # both have as many windows
    for kind in ("mean_absolute_error", "mean_squared_error"):
        mean = np.mean([scores[kind] for scores in found.targets.values()])
        assert mean == pytest.approx(found.metrics[kind], rel=1e-6)
    assert list(evaluate_file(run, tmp_path / "shops.csv").targets) == ["calm", "wild"]
    kept = run.read_json(run.metrics)["test"]["targets"]
    assert kept["wild"]["mean_absolute_error"] == pytest.approx(found.targets["wild"]["mean_absolute_error"])


def test_that_the_numbers_themselves_are_told_to_be_drawn(tmp_path: Path) -> None:
    run = trained(tmp_path, ["easy", "noise"])
    found = evaluate_file(run, tmp_path / "data.csv")
    assert found.pairs is not None
    assert found.pairs.names == ("easy", "noise")
    np.testing.assert_allclose(found.pairs.truth[:, 0], 3 * (found.pairs.rows % 12), atol=1e-4)
    error = (found.pairs.predicted - found.pairs.truth).astype(np.float64)
    assert np.abs(error).mean() == pytest.approx(found.metrics["mean_absolute_error"], rel=1e-5)
    few = few_of(found.pairs, 7)
    assert few is not None
    assert (len(few.rows), few.rows[0], few.rows[-1]) == (7, 0, 119)
    np.testing.assert_array_equal(few.truth[-1], found.pairs.truth[-1])


def test_that_one_target_needs_no_list_of_its_own(tmp_path: Path) -> None:
    assert evaluate_run(trained(tmp_path, ["easy"]), "test").targets == {}
