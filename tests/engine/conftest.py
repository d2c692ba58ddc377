"""Runs that were trained once and are shared by all tests that only read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.command_line.experiments import load
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.training.control import Control


def train_here(runs: Path, preset: str, *changes: str) -> RunFolder:
    """Train a preset in this process, where torch is loaded but once."""
    folder = create(runs, load(preset, ["training.device=cpu", "training.epochs=2", *changes]))
    ended = execute(folder, Control(), lambda event: None)
    assert ended.state == "finished", ended.why
    return folder


@pytest.fixture(scope="session")
def wine_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run of the wine preset. Read it only, or copy it."""
    return train_here(tmp_path_factory.mktemp("shared") / "runs", "wine")


@pytest.fixture(scope="session")
def digits_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run of the digits preset, a convolutional network. Read it only, or copy it."""
    return train_here(tmp_path_factory.mktemp("shared") / "runs", "digits_cnn", "training.epochs=1")
