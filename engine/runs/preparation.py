"""Preparing the data of an experiment and planning its run, and keeping both for those who ask again.

Needs no torch, but for what a plan foresees of the network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.choices import Invalid
from engine.data.prepared import Prepared
from engine.data.source import Report, silent
from engine.experiment import Experiment
from engine.training.plan import Plan

Prepare = Callable[[Experiment, Report], Prepared]
MakePlan = Callable[[Experiment, Report], Plan]


def prepare_experiment(experiment: Experiment, report: Report = silent) -> Prepared:
    """Return the experiment's data, ready for training; raises Invalid with every problem."""
    return experiment.recipe.prepared(report)


class Preparations:
    """Prepares data and plans runs, and remembers the newest of each.

    A changed architecture does not read the data anew; a run that begins as it was drawn is not planned anew.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._prepared: Prepared | None = None
        self._plan: Plan | None = None

    def of(self, experiment: Experiment, report: Report = silent) -> Prepared:
        """Do as `prepare_experiment`, from memory where neither choices nor files have changed."""
        recipe = experiment.recipe
        # The stamp as well: files may have changed under the same choices.
        key = recipe, recipe.stamp()
        if self._prepared is None or key != self._key:
            self._prepared = self._plan = None  # before reading: two large data sets need not fit into memory
            self._prepared, self._key = recipe.prepared(report), key
        return self._prepared

    def plan(self, experiment: Experiment, report: Report = silent) -> Plan:
        """Return the plan, from memory where neither choices nor files have changed.

        Raises Invalid with every problem among choices and data.
        """
        try:
            prepared = self.of(experiment, report)
        except Invalid as error:
            # All at once: data that cannot be read must not hide what is wrong in the form.
            raise Invalid([*experiment.problems(), *error.problems]) from None
        if self._plan is None or self._plan.experiment != experiment:
            self._plan = Plan(experiment, prepared)
        return self._plan

    def beginning(self, experiment: Experiment, report: Report = silent) -> Plan:
        """Return the plan of a run that begins, whose pretrained weights have to be there.

        Raises Invalid with every problem among choices, data and files.
        """
        missing = experiment.start.problems()
        try:
            plan = self.plan(experiment, report)
        except Invalid as error:
            raise Invalid([*error.problems, *missing]) from None
        if missing:
            raise Invalid(missing)
        return plan


class Fit(NamedTuple):
    """How many tensors of a network its pretrained weights fill, and how many it has; 0 without weights."""

    taken: int = 0
    tensors: int = 0


def foresee(plan: Plan) -> Fit:
    """Return how far the pretrained weights fit the network that is planned; loads torch.

    Raises Invalid where training would be refused at its very beginning: where the device is not there or
    its memory too small, where weights fit nothing, where nothing would be left to learn.
    """
    from engine.runs.start import fitting
    from engine.training.devices import pick
    from engine.training.footprint import refuse_too_large
    from engine.training.precision import refuse_unfit

    device = pick(plan.experiment.training.device)
    refuse_unfit(plan.experiment.training.precision, device)
    refuse_too_large(plan, device)
    return Fit(*fitting(plan)) if plan.experiment.start.source else Fit()
