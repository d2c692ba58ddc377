"""Photographs of one's own are told apart with what the program suggests for them, nothing set by hand."""

from __future__ import annotations

import json
from pathlib import Path

from engine.data.images.sources.images import Images
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.preparation import Preparations
from engine.suggestions import begun
from engine.training.control import Control
from tests.benchmarks.photographs import SETS, write_photographs


def test_that_two_dozen_photographs_of_each_shape_are_enough_to_tell_new_ones(tmp_path: Path) -> None:
    """From random weights the same run stays near chance, a third; fewer epochs, so that it is soon over."""
    write_photographs(tmp_path / "photos", SETS["shapes"], 24, seed=5)
    found = begun(Images(path=str(tmp_path / "photos")), "photos")
    shortened = found.replaced(training=found.training.replaced(epochs=15, device="cpu"))
    folder = create(tmp_path / "runs", shortened)
    ended = execute(folder, Control(), lambda event: None, Preparations().plan)
    assert ended.state == "finished"
    scores = json.loads(folder.metrics.read_text("utf-8"))
    assert scores["validation"]["metrics"]["accuracy"] >= 0.8
    assert scores["test"]["metrics"]["accuracy"] >= 0.8
