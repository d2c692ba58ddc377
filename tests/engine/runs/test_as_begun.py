"""A run goes on, is judged and forecasts with its data as it read it, whatever rules read today."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import experiment_file
from engine.data.series.sources.time_series import TimeSeries
from engine.data.source import Source
from engine.data.tables.sources.table_file import TableFile
from engine.events import RunStarted
from engine.inference.evaluation import evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.suggestions import begun
from engine.training.control import Control


def begun_by_other_rules(tmp_path: Path, data: Source, then: dict[str, Any]) -> RunFolder:
    """A run whose version found `then` by itself, interrupted before its first step."""
    experiment = begun(data.replaced(**then), "before")
    experiment = experiment.replaced(training=experiment.training.replaced(epochs=2, device="cpu"))
    folder, control = create(tmp_path / "runs", experiment), Control()
    execute(folder, control, lambda event: control.interrupt() if isinstance(event, RunStarted) else None)
    # As that version would have written it: what it found stands in the record, not among the choices.
    today = experiment.replaced(data=experiment.data.replaced(**{name: getattr(data, name) for name in then}))
    folder.experiment.write_text(experiment_file.dump(today), "utf-8")
    return folder


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    draw = random.Random(2)
    rows = [(draw.choice(["0101", "0202", "0303"]), draw.randint(10, 99)) for _ in range(60)]
    path = tmp_path / "codes.csv"
    path.write_text("code,x,y\n" + "".join(f"{code},{x},{'ab'[x > 50]}\n" for code, x in rows), "utf-8")
    return path


def test_that_a_column_keeps_the_type_that_the_run_found(tmp_path: Path, codes: Path) -> None:
    data = TableFile(path=str(codes), target=("y",))
    folder = begun_by_other_rules(tmp_path, data, {"types": (("x", "words"),)})
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    assert evaluate_run(folder, "test").count
    kept = folder.read_experiment().data
    assert isinstance(kept, TableFile)
    assert not kept.types, "nobody has chosen them"


def test_that_a_column_that_the_run_did_not_find_is_no_input_of_it(tmp_path: Path, codes: Path) -> None:
    data = TableFile(path=str(codes), target=("y",))
    folder = begun_by_other_rules(tmp_path, data, {"ignore": ("code",)})
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    assert evaluate_run(folder, "test").count
    # a new file has the column, too
    assert predict_run(folder, GivenInputs(codes)).values.shape[0] == 60


def test_that_a_forecast_follows_the_rows_as_the_run_read_them(tmp_path: Path) -> None:
    path = tmp_path / "course.csv"
    rows = [f"{day};{day % 7},{day % 10};{day % 5}" for day in range(400)]
    path.write_text("\n".join(["day;y;x", *rows]) + "\n", "utf-8")
    data = TimeSeries(path=str(path), target=("y",), history=8, horizon=2)
    folder = begun_by_other_rules(tmp_path, data, {"types": (("x", "leave_out"),)})
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    assert np.isfinite(predict_run(folder, GivenInputs()).values).all()


def test_that_other_data_is_still_refused(tmp_path: Path, codes: Path) -> None:
    data = TableFile(path=str(codes), target=("y",))
    folder = begun_by_other_rules(tmp_path, data, {"types": (("x", "words"),)})
    codes.write_text(codes.read_text("utf-8").replace(",a\n", ",b\n", 1), "utf-8")
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "failed"
    assert "changed since the run began" in ended.why
