"""Facts of a run: what was measured when it began holds when it goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.events import RunStarted, Scoring
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.training import assemble as assembling
from engine.training.control import Control
from tests.engine.training.support import MLP, experiment_of


@pytest.mark.parametrize("recorded", ["host", "device", None])
def test_that_a_run_goes_on_with_its_data_where_it_lay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded: str | None
) -> None:
    measured = ["host"]
    asked: list[str] = []
    plainly = assembling.assemble

    def watched(plan: Any, device: Any, memory: Any) -> Any:
        asked.append(memory)
        return plainly(plan, device, memory)

    monkeypatch.setattr("engine.training.footprint.data_memory", lambda plan, device: measured[-1])
    monkeypatch.setattr("engine.training.assemble.assemble", watched)
    folder, control = create(tmp_path, experiment_of(MLP)), Control()
    execute(folder, control, lambda event: control.interrupt() if isinstance(event, RunStarted) else None)

    # What was recorded: the run's own answer, another's, or nothing, as earlier versions of Ravine left it.
    facts = folder.read_json(folder.environment)
    assert facts.pop("data_memory") == "host"
    if recorded is not None:
        facts["data_memory"] = recorded
    folder.environment.write_text(json.dumps(facts))
    measured.append("device")  # by now there would be room
    assert execute(folder, Control(), lambda event: None).state == "finished"
    assert asked == ["host", recorded or "device"]


def test_that_how_far_the_scores_are_is_said_before_each_part(tmp_path: Path) -> None:
    heard: list[Scoring] = []
    folder = create(tmp_path, experiment_of(MLP))
    execute(folder, Control(), lambda event: heard.append(event) if isinstance(event, Scoring) else None)
    parts = list(folder.read_json(folder.metrics))
    assert [one.words for one in heard] == [f"scores of the {part} part" for part in parts]
    assert [one.share for one in heard] == [place / len(parts) for place in range(len(parts))]
