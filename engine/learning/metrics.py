"""Metrics: how good predictions are, in terms a person can judge."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice
from engine.data.description import TargetKind

if TYPE_CHECKING:
    from torch import Tensor


class Metric(Choice, family="metrics"):
    """A score built from statistics that add up over batches (and over devices)."""

    accepts: ClassVar[frozenset[TargetKind]]
    higher_is_better: ClassVar[bool]
    scalar: ClassVar[bool] = True
    """Whether the result is one number (a curve over epochs) or an array (a confusion matrix)."""

    @abstractmethod
    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the float64 statistics of a batch; the sum over batches is given to `value`.

        Predictions are class probabilities (B, K) with targets (B,) of indices, or numbers (B, T) with
        targets (B, T), both in the units of the data.
        """

    @abstractmethod
    def value(self, statistics: Tensor) -> Tensor:
        """Return the score from the summed statistics: a scalar tensor, or an array where not `scalar`."""
