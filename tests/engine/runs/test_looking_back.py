"""What probes measure of a moment that is gone is what they measured then, bit by bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.choices import Invalid
from engine.events import Event, Reading
from engine.probes.probe import Probe
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.repeating.moment import WeightsAt
from engine.training.control import Control
from tests.engine.runs.test_proving import RUNS
from tests.engine.training.support import experiment_of

PROBES = [{"kind": "gradient_norms"}, {"kind": "confusion"}]


def equal(one: Any, other: Any) -> bool:
    if is_dataclass(one):
        return type(one) is type(other) and all(
            equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return bool(one == other) or (one != one and other != other)


def measured(tmp_path: Path, values: Mapping[str, Any]) -> tuple[RunFolder, list[Reading]]:
    folder = create(tmp_path / "runs", experiment_of({**values, "probes": PROBES}))
    heard: list[Event] = []
    assert execute(folder, Control(), heard.append).state == "finished"
    # the last are of the weights that were kept
    readings = [event for event in heard if isinstance(event, Reading)]
    return folder, readings[: -len(PROBES)]


@pytest.mark.parametrize("name", ["dropout and Adam", "batch normalization, augmentation, a mean of weights"])
def test_that_a_moment_is_measured_as_it_was_then(tmp_path: Path, name: str) -> None:
    folder, then = measured(tmp_path, RUNS[name])
    assert {reading.step for reading in then} >= {0}
    experiment = folder.read_experiment()
    for reading in then:
        now = WeightsAt(folder, reading.step, Preparations().plan).readings(experiment, experiment.probes)
        (same,) = [one for one in now if one.probe == reading.probe]
        assert same.step == reading.step
        assert equal(same.found, reading.found), (reading.probe, reading.step)


def test_that_another_moment_is_another_measurement(tmp_path: Path) -> None:
    folder, _ = measured(tmp_path, RUNS["dropout and Adam"])
    experiment = folder.read_experiment()
    one, other = (
        WeightsAt(folder, step, Preparations().plan).readings(experiment, experiment.probes)[0]
        for step in (4, 5)
    )
    assert not equal(one.found, other.found)


def test_that_probes_that_do_not_fit_the_data_are_left_out_and_unknown_steps_refused(tmp_path: Path) -> None:
    folder, _ = measured(tmp_path, RUNS["a schedule that listens"])
    experiment = folder.read_experiment()
    every = tuple(kind() for kind in Probe.family.values())
    found = WeightsAt(folder, 3, Preparations().plan).readings(experiment, every)
    fitting = [probe.key for probe in every if probe.fits(Preparations().plan(experiment).description)]
    assert [reading.probe for reading in found] == fitting
    with pytest.raises(Invalid, match="steps 0 to"):
        WeightsAt(folder, 10_000, Preparations().plan)
