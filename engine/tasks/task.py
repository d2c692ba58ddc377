"""The tasks family: what is to be learnt. The training loop knows nothing but a task's step."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice
from engine.data.description import InputKind, OutputForm, TargetKind

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.learning.losses import Loss


@dataclass(frozen=True)
class Batch:
    """A batch on the device: inputs (B, *shape); targets (B,) class indices, (B, T) numbers or (B, length)
    tags or tokens.
    """

    inputs: Tensor
    targets: Tensor


class Task(Choice, family="tasks"):
    """What is to be learnt: turns a batch into the objective of a step, and inputs into predictions."""

    target: ClassVar[TargetKind]
    """The kind of target; losses, metrics and views that accept it can be used."""
    inputs: ClassVar[frozenset[InputKind]]
    """The kinds of input this task is defined for."""
    form: ClassVar[OutputForm] = "example"
    """The form of output the network has to give."""
    default_loss: ClassVar[str]
    """Kind of the loss that is usual for this task."""
    default_metrics: ClassVar[tuple[str, ...]]
    """Kinds of the metrics that are shown when the experiment names none; the first is the headline."""

    @abstractmethod
    def losses(self, network: nn.Module, batch: Batch, loss: Loss) -> Tensor:
        """Return the loss of each example, shape (B,). The step's objective is its mean."""

    @abstractmethod
    def predict(self, network: nn.Module, inputs: Tensor, loss: Loss) -> Tensor:
        """Return predictions.

        Class probabilities (B, K), numbers (B, T) in standardized units, probabilities of tags (B, length, K)
        or of the next token (B, vocabulary), or the tokens of a translation (B, length).
        """

    def judge(self, network: nn.Module, batch: Batch, loss: Loss) -> tuple[Tensor, Tensor]:
        """Return what the task's metrics compare: predictions and the truth."""
        return self.predict(network, batch.inputs, loss), batch.targets
