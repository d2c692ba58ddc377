"""The augmentations family: training examples are changed a little, anew in every step."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.data.about import ForInputs

if TYPE_CHECKING:
    from torch import Tensor

    from engine.tasks.task import Batch


@dataclass(frozen=True)
class Levels:
    """What some inputs mean in the network's units, that is after preprocessing.

    For pictures: a black and a white pixel, and the mean over the training part, (channels, 1, 1) each. Other
    inputs have no black and white: 0 and 1 then.
    """

    black: Tensor
    white: Tensor
    mean: Tensor


class Augmentation(ForInputs, family="augmentations"):
    """A change of training examples that leaves their meaning; several are applied in the order listed.

    It acts on batches of the training part, on the device, after preprocessing. Validation, test and
    predictions never see it.
    """

    live = "whole"

    mixes: ClassVar[bool] = False
    """Whether it mixes examples with each other, targets included; at most one of a list may."""

    # no change in place: with the full batch, the tensors given are the training part itself
    @abstractmethod
    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the changed batch; the tensors given stay as they are.

        What is random is drawn from the device's default generator, which is seeded for the step.
        """
