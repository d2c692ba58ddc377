"""Runs of people's data that an earlier version began go on, and predict, as they learnt.

They were written by the version before 9ae1247, which read 45分钟 as the number 45 and took a column # that
counts the rows for a channel, and interrupted before their first step. Both are read otherwise today.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from engine import experiment_file
from engine.data.texts.raw import Corpus
from engine.data.texts.sources.text_files import TextFiles
from engine.inference.evaluation import evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.runs.data.moved import experiment_of
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.suggestions import begun
from engine.training.control import Control


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The folder of the data, with the runs below it: all was moved, and is found again."""
    with ZipFile(Path(__file__).with_name("runs_of_before.zip")) as files:
        files.extractall(tmp_path)
    return tmp_path


def gone_on(folder: RunFolder) -> RunFolder:
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    # once it has gone on, nothing tells any more where it lay
    assert evaluate_run(folder, "test").count
    return folder


def test_that_minutes_that_were_learnt_as_numbers_stay_numbers(before: Path) -> None:
    run = gone_on(RunFolder(before / "runs" / "minutes"))
    found = predict_run(run, GivenInputs(path=before / "minutes.csv"))
    assert not any("seconds" in text or "far from" in text for text in found.warnings)
    minutes = [cells[0].removesuffix("分钟") for cells in found.cells]
    typed = [{"时间": number, "x": cells[1]} for number, cells in zip(minutes, found.cells, strict=True)]
    np.testing.assert_allclose(predict_run(run, GivenInputs(rows=typed)).values, found.values)
    with_unit = [{**row, "时间": row["时间"] + "分钟"} for row in typed]
    np.testing.assert_allclose(predict_run(run, GivenInputs(rows=with_unit)).values, found.values)
    # one bad cell, and each is read by itself
    (before / "new.csv").write_text("时间,x\n45分钟,1\n?!,1\n", encoding="utf-8")
    wanted = predict_run(run, GivenInputs(rows=[{"时间": "45", "x": "1"}])).values[0]
    np.testing.assert_allclose(predict_run(run, GivenInputs(path=before / "new.csv")).values[0], wanted)


def test_that_a_counter_that_was_a_channel_stays_one(before: Path) -> None:
    run = gone_on(RunFolder(before / "runs" / "course"))
    after = predict_run(run, GivenInputs()).values
    again = predict_run(run, GivenInputs(path=before / "course.csv")).values
    np.testing.assert_array_equal(after, again)


def test_that_heads_that_were_learnt_as_text_stay_text(tmp_path: Path) -> None:
    """A run's experiment names every setting: one that lacks `heads` is of before they were left out."""
    (tmp_path / "chat.txt").write_text("2024-03-05 10:22 - Ann: Hello\n" * 40, "utf-8")
    today = experiment_file.dump(begun(TextFiles(path=str(tmp_path / "chat.txt")), "chat"))
    before = "".join(line for line in today.splitlines(keepends=True) if not line.startswith("heads"))
    for written, heads in ((before, "keep"), (today, "leave_out")):
        (tmp_path / "experiment.toml").write_text(written, "utf-8")
        data = experiment_of(RunFolder(tmp_path)).data
        assert isinstance(data, TextFiles)
        assert data.heads == heads
        found = data.read(0)
        assert isinstance(found, Corpus)
        assert ("Ann" in found.documents[0]) == (heads == "keep")
