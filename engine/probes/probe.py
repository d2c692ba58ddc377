"""The probes family: extra measurements taken while training, for views, within a time budget."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.choices import Choice
from engine.data.description import Description

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.data.prepare import Prepared
    from engine.learning.losses import Loss
    from engine.tasks.task import Task

Arrays = Mapping[str, NDArray[np.generic]]
"""What a probe found, by name; every array small enough to be sent thirty times a second."""


@dataclass(frozen=True)
class Subject:
    """What a probe may look at: the network in evaluation mode, its data and how its outputs are read."""

    network: nn.Module
    task: Task
    loss: Loss
    data: Prepared
    device: str
    gradient: Tensor | None
    """The flat gradient of the last step, or None before the first."""
    layers: tuple[tuple[str, int, int], ...]
    """Name, start and end in the flat vector of each parameter."""

    @property
    def description(self) -> Description:
        """Return the facts about the data."""
        return self.data.description


class Probe(Choice, family="probes"):
    """An extra measurement. Must not draw random numbers or change the network."""

    @abstractmethod
    def fits(self, description: Description) -> bool:
        """Return whether this measurement is defined for such data; needs no torch."""

    @abstractmethod
    def measure(self, subject: Subject) -> Arrays:
        """Return the measurement as arrays of plain numbers. Runs under `torch.no_grad`."""
