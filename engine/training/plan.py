"""The plan of a run: an experiment and its data, found to fit each other once, and what follows from both.

It is made before anything is trained and handed on: to the diagram of the window, to `check`, to the loop.
Who holds a plan need not look again whether the choices fit. Needs no torch until its network is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from engine.data.batches import batches_per_epoch
from engine.data.decisions import Decision, decisions_of
from engine.data.description import Description
from engine.data.prepared import Prepared
from engine.experiment import Experiment

if TYPE_CHECKING:
    from engine.training.sketch import Blueprint

DataMemory = Literal["device", "host"]
"""Whether the data of a run lies on the device, or in the machine's memory and is moved batch by batch."""


@dataclass(frozen=True)
class Plan:
    """An experiment with its data, which fit each other.

    Raises Invalid as it is made, with every problem among the choices and between them and the data.
    """

    experiment: Experiment
    prepared: Prepared

    def __post_init__(self) -> None:
        """Refuse what does not fit: then no plan has to be looked at again."""
        self.experiment.refuse_misfits(self.description)

    @property
    def description(self) -> Description:
        """Return the facts about the data."""
        return self.prepared.description

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what a person should know: what of the data was left out, filled or guessed."""
        return self.prepared.notices

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Return what was decided while the data was read and prepared, what is in doubt first."""
        return decisions_of(self.experiment.data, self.prepared.found, self.notices)

    @property
    def data_hash(self) -> str:
        """Return what tells the data from other data."""
        return self.prepared.data_hash

    @property
    def batch_size(self) -> int:
        """Return the number of examples in a batch; the last of an epoch may have fewer."""
        size = self.experiment.training.batch_size
        return self.description.train if size == "all" else min(size, self.description.train)

    @property
    def at_once(self) -> int:
        """Return how many examples of a batch are worked out at once, at most."""
        size = self.experiment.training.micro_batch
        return self.batch_size if size == "whole" else min(size, self.batch_size)

    @property
    def steps_per_epoch(self) -> int:
        """Return how many batches an epoch has."""
        return batches_per_epoch(self.description.train, self.experiment.training.batch_size)

    @property
    def last_batch(self) -> float:
        """Return the share of a full batch that the last batch of an epoch has."""
        # nothing left over means that the last batch is full
        return (self.description.train % self.batch_size or self.batch_size) / self.batch_size

    @cached_property
    def blueprint(self) -> Blueprint:
        """Return the network without any numbers in it, worked out at the first call, which loads torch.

        Raises Invalid where what is to be frozen does not fit the network.
        """
        # Only now: who plans at the prompt or in the window has not loaded torch, which takes seconds.
        from engine.training.sketch import blueprint

        return blueprint(self.experiment, self.description)

    @property
    def step_work(self) -> int:
        """Return the multiplications of weights in a step, forward."""
        return self.batch_size * self.blueprint.multiply_adds
