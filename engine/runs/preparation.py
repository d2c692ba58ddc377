"""Preparing the data of an experiment, and keeping it ready for those who ask again. Needs no torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.source import Report, silent
from engine.experiment import Experiment

Prepare = Callable[[Experiment, Report], Prepared]


def prepare_experiment(experiment: Experiment, report: Report = silent) -> Prepared:
    """Return the experiment's data, ready for training; raises Invalid with every problem."""
    return prepare(
        experiment.data,
        experiment.split,
        experiment.preprocessing,
        experiment.task.target,
        experiment.seed,
        report,
    )


class Preparations:
    """Prepares data and remembers the newest, so that a changed architecture does not read the data anew."""

    def __init__(self) -> None:
        self._key: object = None
        self._prepared: Prepared | None = None

    def of(self, experiment: Experiment, report: Report = silent) -> Prepared:
        """Do as `prepare_experiment`, from memory where neither choices nor files have changed."""
        key = (
            experiment.data,
            experiment.split,
            experiment.preprocessing,
            experiment.task.target,
            experiment.seed,
            _stamp(experiment),
        )
        if self._prepared is None or key != self._key:
            self._prepared = None  # before reading: two large data sets need not fit into memory
            self._prepared, self._key = prepare_experiment(experiment, report), key
        return self._prepared


def _stamp(experiment: Experiment) -> tuple[int, int] | None:
    """Return what changes when the file or folder of the data is written to."""
    path = getattr(experiment.data, "path", None)
    if not isinstance(path, str):
        return None
    try:
        facts = Path(path).stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
