"""A run says in the table which run it branched from."""

from __future__ import annotations

from typing import Any

import pytest

from app.runs.columns import column_of, offered
from app.runs.rows import Details, RunRow
from engine.experiment import Experiment
from engine.runs.lists.listing import RunEntry


def row(**start: Any) -> RunRow:
    experiment = Experiment.model_validate({"start": start}).model_dump(mode="json")
    return RunRow(RunEntry("/runs/child", "Child", "finished"), Details(experiment))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ({}, ""),
        ({"weights": "/runs/2026_digits", "step": 40}, "2026_digits at step 40"),
        ({"weights": "/runs/2026_digits", "step": 0}, "2026_digits at step 0"),
        ({"weights": "/runs/2026_digits"}, "2026_digits"),
    ],
)
def test_that_the_parent_and_its_step_are_told(start: dict[str, Any], said: str) -> None:
    found = row(**start)
    assert column_of("parent").text(found) == said
    assert ("parent" in offered([row(), found])) == bool(said)
