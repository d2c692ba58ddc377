"""The augmentations family: training examples are changed a little, anew in every step."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Problem
from engine.data.description import Description, InputKind

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


class Augmentation(Choice, family="augmentations"):
    """A change of training examples that leaves their meaning; several are applied in the order listed.

    It acts on batches of the training part, on the device, after preprocessing. Validation, test and
    predictions never see it.
    """

    accepts: ClassVar[frozenset[InputKind]]
    """The kinds of input it can change."""
    mixes: ClassVar[bool] = False
    """Whether it mixes examples with each other, targets included; at most one of a list may."""

    def problems(self, description: Description) -> tuple[Problem, ...]:
        """Return what does not fit such data (paths relative to the augmentation); needs no torch."""
        if description.inputs.kind in self.accepts:
            return self.misfits(description)
        fitting = [
            name
            for name, other in self.family.items()
            if issubclass(other, Augmentation) and description.inputs.kind in other.accepts
        ]
        kinds = " or ".join(sorted(self.accepts))
        return (
            Problem(
                "kind",
                f"{self.title} needs inputs of kind {kinds}, but the data gives {description.inputs.kind}; "
                f"one that fits: {', '.join(fitting)}",
            ),
        )

    def misfits(self, description: Description) -> tuple[Problem, ...]:
        """Return what of such data, of a kind that is accepted, does not fit."""
        return ()

    @abstractmethod
    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the changed batch; the tensors given stay as they are.

        What is random is drawn from the device's default generator, which is seeded for the step.
        """


def problems_of(augmentations: tuple[Augmentation, ...], description: Description) -> tuple[Problem, ...]:
    """Return what of a list of augmentations does not fit such data, paths beginning with its index."""
    found = [
        problem.under(str(index))
        for index, one in enumerate(augmentations)
        for problem in one.problems(description)
    ]
    mixing = [index for index, one in enumerate(augmentations) if one.mixes]
    found += [Problem(f"{index}.kind", "examples can be mixed once only; remove it") for index in mixing[1:]]
    return tuple(found)
