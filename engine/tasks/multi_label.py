"""Multi-label classification: each of several labels applies to an example or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.data.description import InputKind, TargetKind, Targets
from engine.tasks.task import Batch, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses.loss import Loss


class MultiLabel(Task, kind="multi_label", title="Multi-label classification", rank=3):
    """Tell which of several labels apply to an example: one, several or none.

    The target is a column whose cells hold several labels (action;comedy), or several columns of yes and no.
    The network answers with a probability for every label, each by itself; those of at least 0.5 are
    predicted.

    Source: Tsoumakas and Katakis, Multi-Label Classification: An Overview, 2007; Zhang and Zhou, A Review on
    Multi-Label Learning Algorithms, 2014.
    """

    target: ClassVar[TargetKind] = "labels"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series", "tokens"})
    default_loss: ClassVar[str] = "binary_cross_entropy"
    # F1 first: to name no label at all has a low Hamming loss already
    default_metrics: ClassVar[tuple[str, ...]] = ("micro_f1", "macro_f1", "subset_accuracy", "hamming_loss")

    def answer(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the outputs for each example, and its labels as 0 and 1."""
        return network(batch.inputs), batch.targets

    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss, facts: Targets) -> Tensor:
        """Return the probability of each label, (B, K); they do not add up to 1."""
        return loss.read(network(inputs), facts)
