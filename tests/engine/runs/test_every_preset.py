"""Every preset trains: shrunk to a few examples and two steps, with all that it chooses."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import pytest

from engine.command_line.experiments import load, presets
from engine.data.description import PARTS
from engine.data.examples import Examples
from engine.data.prepared import Prepared
from engine.experiment import Experiment
from engine.runs.preparation import foresee, prepare_experiment
from engine.training.plan import Plan
from tests.engine.training.support import run

FEW = {"train": 24, "validation": 12, "test": 8}


def shrunk(prepared: Prepared) -> Prepared:
    """Keep a few examples of each part, evenly chosen so that no class is lost."""
    parts = {}
    for part in PARTS:
        whole = prepared.part(part)
        chosen = slice(0, None, max(1, len(whole) // FEW[part]))
        parts[part] = Examples(
            whole.inputs[chosen][: FEW[part]],
            whole.targets[chosen][: FEW[part]],
            whole.rows[chosen][: FEW[part]],
        )
    counts = {part: len(examples) for part, examples in parts.items()}
    return replace(prepared, description=replace(prepared.description, **counts), **parts)


def small(experiment: Experiment) -> Experiment:
    return experiment.replaced(training=experiment.training.replaced(batch_size=12, epochs=1), stopping=())


@pytest.mark.parametrize("name", presets())
def test_that_a_preset_trains_and_is_judged(name: str) -> None:
    experiment = small(load(name, []))
    prepared = prepare_experiment(experiment)
    foresee(Plan(load(name, ["training.device=cpu"]), prepared))  # refuses nothing, at its full size
    ran = run(experiment, prepared=shrunk(prepared))
    assert ran.ended.state == "finished", ran.ended.why
    losses = [loss for step, loss in ran.series["loss"].items()]
    assert len(losses) == 2
    assert all(isfinite(loss) for loss in losses)
    headline = experiment.scores[0].kind
    assert isfinite(next(iter(ran.series[f"validation.{headline}"].values())))
