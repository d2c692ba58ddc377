"""Run folders without an engine: whole ones, half ones and damaged ones."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from engine.atomic import write_json
from engine.events import Block, Facts, RunStarted, State
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.folder import RunFolder
from engine.runs.history.writer import HistoryWriter
from engine.runs.reading import write_started


def run(
    runs: Path, name: str = "Iris", state: State = "finished", optimizer: str = "adam", falling: float = 1.0
) -> RunFolder:
    """Return the folder of a run of ten epochs whose validation loss ends at `falling` / 10."""
    experiment = Experiment.model_validate({"name": name, "optimizer": {"kind": optimizer}})
    folder = create(runs, experiment)
    facts = Facts("vector", (4,), ("a", "b", "c", "d"), "classes", ("kind",), ("x", "y"))
    write_started(folder, RunStarted(str(folder.path), name, 0, 10, 5, "CPU", 1, (), facts))
    with HistoryWriter(folder.history) as history:
        losses = np.linspace(1, falling / 10, 10, dtype=np.float32)
        history.add([Block("loss", 1, 1, np.linspace(1, 0.1, 50, dtype=np.float32))])
        history.add([Block("validation.loss", 5, 5, losses), Block("train.loss", 5, 5, losses)])
        history.finish()
    latest = {"validation.loss": falling / 10, "validation.accuracy": 0.9}
    stood = status.Status(state, 50, 10, 10, 12.0, "", name, started=time.time(), latest=latest)
    status.write(folder, stood)
    if state == "finished":
        scores = {"count": 20, "loss": 0.2, "metrics": {"accuracy": 0.95}}
        write_json(folder.metrics, {"validation": scores, "test": scores | {"loss": 0.3}})
    return folder
