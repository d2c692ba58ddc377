"""Losses: what a wrong prediction costs."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Problem
from engine.data.description import TargetKind, Targets

if TYPE_CHECKING:
    from torch import Tensor


class Loss(Choice, family="losses"):
    """What a wrong prediction costs, and how raw network outputs are to be read."""

    accepts: ClassVar[frozenset[TargetKind]]

    def problems(self, targets: Targets) -> tuple[Problem, ...]:
        """Return what does not fit these targets (paths relative to the loss); needs no torch."""
        return ()

    @abstractmethod
    def outputs(self, targets: Targets) -> int:
        """Return how many numbers the network has to put out for one example."""

    @abstractmethod
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each example, shape (B,), from outputs (B, outputs) and the batch's targets."""

    @abstractmethod
    def read(self, outputs: Tensor) -> Tensor:
        """Return what outputs mean: class probabilities (B, K), or numbers (B, T)."""
