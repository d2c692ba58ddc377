"""Classification: one of several classes per example."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import InputKind, TargetKind, Targets
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class Classification(Task, kind="classification", title="Classification", rank=1):
    """Tell which of several classes an example belongs to.

    The target is a column of words or numbers that name classes, or the folder a picture lies in. The network
    answers with a probability for every class; the most probable one is its prediction.

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, chapter 4.
    """

    target: ClassVar[TargetKind] = "classes"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series", "tokens"})
    default_loss: ClassVar[str] = "cross_entropy"
    # the first is the headline of a run: no `headlines` are named
    default_metrics: ClassVar[tuple[str, ...]] = ("accuracy", "macro_f1", "confusion")
    unequal_metrics: ClassVar[tuple[str, ...]] = ("macro_f1", "rarest_recall")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs for each example, and its class."""
        return network(batch.inputs), batch.targets

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return class probabilities (B, K)."""
        # by the loss and no softmax here: binary cross entropy has one output for two classes
        return loss.read(network(inputs), facts)
