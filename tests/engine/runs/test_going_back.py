"""Going back in run folders: what is kept of it, and that a run killed around it comes out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.command_line import experiments
from engine.events import Event, Warned, WentBack
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.reading import replay
from engine.runs.recipe import read_edits
from engine.training.control import Control

CHANGES = [
    "training.device=cpu",
    "training.epochs=30",
    "optimizer.learning_rate=10",
    'training.recovery={kind="go_back", factor=0.05, most=4}',
]


class Killed(BaseException):
    """The process is gone."""


def trained(folder: RunFolder, kill: Any = None) -> list[Event]:
    events: list[Event] = []

    def say(event: Event) -> None:
        events.append(event)
        if kill is not None and kill(event):
            raise Killed

    execute(folder, Control(), say)
    return events


def content(folder: RunFolder) -> Any:
    with HistoryReader(folder.history) as history:
        series = {name: history.column(name).values.tolist() for name in ("loss", "validation.loss")}
    return (folder.path / "model.safetensors").read_bytes(), series


def test_that_going_back_is_kept_with_its_words(tmp_path: Path) -> None:
    folder = create(tmp_path, experiments.load("iris", CHANGES))
    events = trained(folder)
    backs = [event for event in events if isinstance(event, WentBack)]
    assert backs
    assert [why for edit in read_edits(folder) for why in edit.because] == [back.text for back in backs]
    told = [event.text for event in replay(folder) if isinstance(event, Warned)]
    assert told[: len(backs)] == [back.text for back in backs]
    with HistoryReader(folder.history) as history:
        steps = history.last_step("loss")
        assert len(history.column("loss").values) == steps


@pytest.mark.parametrize("when", [0, 1, 200])
def test_that_a_run_killed_around_a_return_goes_on_from_what_is_kept(tmp_path: Path, when: int) -> None:
    """Killed as it says that it goes back, at its next word, or later; then its recipe comes to the same."""
    folder, since = create(tmp_path, experiments.load("iris", CHANGES)), [-1]

    def kill(event: Event) -> bool:
        if isinstance(event, WentBack) or since[0] >= 0:
            since[0] += 1
        return since[0] == when

    try:
        trained(folder, kill)
    except Killed:
        trained(folder)
    # who repeats the recipe needs no return
    again = create(tmp_path, folder.read_experiment(), read_edits(folder))
    assert not [event for event in trained(again) if isinstance(event, WentBack)]
    assert content(again) == content(folder)
