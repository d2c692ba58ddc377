"""Regression: one or several numbers per example."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import InputKind, TargetKind, Targets
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class Regression(Task, kind="regression", title="Regression", rank=2):
    """Predict one or several numbers for an example.

    The targets are columns of numbers. They are learnt in standardized units (mean 0, standard deviation 1 on
    the training part) and shown in their own.

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, chapter 3.
    """

    target: ClassVar[TargetKind] = "numbers"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series", "tokens"})
    default_loss: ClassVar[str] = "mean_squared"
    # R² first, the headline of a run: it has no unit, so that one sees at once whether it is good
    default_metrics: ClassVar[tuple[str, ...]] = ("r2", "mean_absolute_error", "mean_squared_error")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs for each example, and its numbers."""
        return network(batch.inputs), batch.targets

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return numbers (B, T) in standardized units."""
        return loss.read(network(inputs), facts)
