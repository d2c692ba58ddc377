"""Preparing the data of an experiment, and keeping it ready for those who ask again. Needs no torch."""

from __future__ import annotations

from collections.abc import Callable

from engine.data.prepared import Prepared
from engine.data.source import Report, silent
from engine.experiment import Experiment

Prepare = Callable[[Experiment, Report], Prepared]


def prepare_experiment(experiment: Experiment, report: Report = silent) -> Prepared:
    """Return the experiment's data, ready for training; raises Invalid with every problem."""
    return experiment.recipe.prepared(report)


class Preparations:
    """Prepares data and remembers the newest, so that a changed architecture does not read the data anew."""

    def __init__(self) -> None:
        self._key: object = None
        self._prepared: Prepared | None = None

    def of(self, experiment: Experiment, report: Report = silent) -> Prepared:
        """Do as `prepare_experiment`, from memory where neither choices nor files have changed."""
        recipe = experiment.recipe
        key = recipe, recipe.stamp()
        if self._prepared is None or key != self._key:
            self._prepared = None  # before reading: two large data sets need not fit into memory
            self._prepared, self._key = recipe.prepared(report), key
        return self._prepared
