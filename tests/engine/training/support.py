"""What the tests of training share: small experiments on real data, and a run taken apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import torch

from engine.data.description import Description, Inputs, Targets
from engine.data.examples import Examples
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.edits import Recipe
from engine.events import Event, Measured, Reading, RunEnded, StateChanged
from engine.experiment import Experiment
from engine.training.assemble import Assembly, assemble
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.devices import Device, pick
from engine.training.loop import train
from engine.training.plan import Plan

MLP: Mapping[str, Any] = {
    "seed": 3,
    "data": {"kind": "spirals", "samples": 200},
    "architecture": {"kind": "mlp", "hidden": [16, 16], "dropout": 0.2},
    "optimizer": {"kind": "adam", "learning_rate": 0.01},
    "schedule": {"kind": "cosine"},
    "regularizers": [{"kind": "l2"}, {"kind": "clip_norm"}],
    "training": {"epochs": 4, "batch_size": 32},
}
"""140 training examples: 5 steps an epoch, the last of 12 examples; 20 steps in all."""

CNN: Mapping[str, Any] = {
    "seed": 5,
    "data": {"kind": "sample", "name": "digits"},
    "split": {"train": 0.15, "validation": 0.1, "test": 0.75},
    "architecture": {"kind": "cnn", "channels": [4, 8], "dense": [16], "normalization": "batch"},
    "optimizer": {"kind": "momentum", "learning_rate": 0.05},
    "training": {"epochs": 3, "batch_size": 50},
}
"""About 270 training examples: 6 steps an epoch, 18 in all."""


def experiment_of(values: Mapping[str, Any], **changes: Any) -> Experiment:
    return Experiment.model_validate({**values, **changes})


@cache
def _prepared(source: str) -> Prepared:
    experiment = Experiment.model_validate_json(source)
    return prepare(
        experiment.data, experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )


def prepared_for(experiment: Experiment) -> Prepared:
    """Prepare the experiment's data, each only once."""
    parts = {"seed", "data", "split", "preprocessing", "task"}
    return _prepared(experiment.model_dump_json(include=parts))


def assembled(
    experiment: Experiment, prepared: Prepared | None = None, device: Device | None = None
) -> Assembly:
    return assemble(Plan(experiment, prepared or prepared_for(experiment)), device or pick("cpu"))


def plan_of(experiment: Experiment, description: Description) -> Plan:
    """Return a plan for data of which nothing but the facts is known."""
    nothing = made_of(np.zeros((4, 1)), np.zeros(4), classes=2)
    return Plan(experiment, replace(nothing, description=description))


def made_of(
    inputs: np.ndarray[Any, Any], targets: np.ndarray[Any, Any], validation: int = 0, classes: int = 0
) -> Prepared:
    """Return data made of these very arrays; the last `validation` rows are the validation part."""
    count = len(inputs) - validation
    parts = [
        Examples(inputs[rows].astype(np.float32), targets[rows], np.arange(len(inputs))[rows])
        for rows in (slice(0, count), slice(count, None), slice(0, 0))
    ]
    if classes:
        facts = Targets("classes", ("class",), tuple(f"class {index}" for index in range(classes)))
    else:
        width = targets.shape[1]
        facts = Targets("numbers", tuple(f"y{i}" for i in range(width)), (), (0.0,) * width, (1.0,) * width)
    kind = "vector" if inputs.ndim == 2 else "image"
    description = Description(Inputs(kind, inputs.shape[1:]), facts, count, validation, 0)
    return Prepared(description, *parts, preprocessor=None, raw=None)  # type: ignore[arg-type]


@dataclass
class Ran:
    """A run taken apart: its events, checkpoints and series, and what remained."""

    assembly: Assembly
    events: list[Event] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    series: dict[str, dict[int, float]] = field(default_factory=dict)
    """Value by step, of every series."""

    @property
    def ended(self) -> RunEnded:
        last = self.events[-1]
        assert isinstance(last, RunEnded)
        return last

    @property
    def last(self) -> Checkpoint:
        return self.checkpoints[-1]

    @property
    def epochs(self) -> dict[str, list[float]]:
        """The series of epochs, as the history gives them to a run that goes on."""
        return {name: list(values.values()) for name, values in self.series.items() if "." in name}

    def readings(self, probe: str) -> list[Reading]:
        return [event for event in self.events if isinstance(event, Reading) and event.probe == probe]

    def weights(self) -> dict[str, torch.Tensor]:
        return self.assembly.model.tensors()


def run(
    experiment: Experiment,
    *,
    prepared: Prepared | None = None,
    start: Checkpoint | None = None,
    earlier: Mapping[str, Sequence[float]] | None = None,
    control: Control | None = None,
    heard: Callable[[Event, Control], None] | None = None,
    device: Device | None = None,
    recipe: Recipe | None = None,
) -> Ran:
    """Train and take apart what happens; `heard` is told every event and may use the control."""
    control = control or Control()
    ran = Ran(assembled(experiment, prepared, device))
    for event in train(ran.assembly, start, control, ran.checkpoints.append, earlier or {}, recipe):
        ran.events.append(event)
        if isinstance(event, Measured):
            for block in event.blocks:
                series = ran.series.setdefault(block.series, {})
                for index, value in enumerate(block.values.tolist()):
                    step = block.first + index * block.stride
                    assert step not in series, f"{block.series} says step {step} twice"
                    series[step] = value
        if heard:
            heard(event, control)
    return ran


def by_hand(steps: int = 1, epoch: bool = False) -> tuple[Control, Callable[[Event, Control], None]]:
    """Return a control and a listener that take a run through in moves of so many steps, pausing between."""
    control = Control()
    control.advance(steps, epoch)

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.advance(steps, epoch)

    return control, heard


def assert_same(one: Ran, other: Ran, since: int = 0) -> None:
    """Assert that two runs came to the same in every bit; series from the step after `since` on."""
    assert_same_tensors(one.last.tensors, other.last.tensors)
    assert_same_tensors(one.weights(), other.weights())
    assert _after(since, one.series) == _after(since, other.series)
    assert one.ended == other.ended


def _after(since: int, series: Mapping[str, Mapping[int, float]]) -> dict[tuple[str, int], str]:
    # every bit written out: as numbers, those of a run that broke would not even equal themselves
    return {
        (name, step): value.hex()
        for name, some in series.items()
        for step, value in some.items()
        if step > since
    }


def assert_same_tensors(one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    different = [name for name in one if not torch.equal(one[name], other[name])]
    assert not different
