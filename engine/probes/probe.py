"""The probes family: extra measurements taken while training, for views, within a time budget."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from engine.choices import Choice
from engine.data.description import Description, PartName
from engine.data.examples import Examples

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from engine.data.prepared import Prepared


@dataclass(frozen=True)
class Subject:
    """What a probe may look at: the data, and what the network makes of it in evaluation mode.

    `network` is in evaluation mode and on `device`. `predict` takes inputs (N, *shape), on the device or not,
    and returns what the task predicts: class probabilities (N, K) or numbers (N, T) in the units of the data;
    `losses` takes inputs and targets and returns (N,). `weights` is the flat vector of all parameters,
    `gradient` that of the last step (None before the first), and `layout` holds name, start and end in them
    of each parameter.
    """

    data: Prepared
    network: nn.Module
    device: torch.device
    # functions, so that no probe has to cut batches or to know what outputs mean
    predict: Callable[[Tensor], Tensor]
    losses: Callable[[Tensor, Tensor], Tensor]
    weights: Tensor
    gradient: Tensor | None
    layout: tuple[tuple[str, int, int], ...]

    @property
    def description(self) -> Description:
        """Return the facts about the data."""
        return self.data.description


class Probe(Choice, family="probes"):
    """An extra measurement. Must not draw random numbers or change the network.

    `measure` is annotated with what it returns: a frozen dataclass of numbers, texts, arrays of numbers,
    tuples of these and other such records, small enough to be sent thirty times a second. The annotation is
    all that the protocol, the history and the views need to know of it. Where numbers may be NaN, the
    record's docstring says so.
    """

    needs_gradient: ClassVar[bool] = False
    """Whether the gradient of every step has to be kept for it."""

    @abstractmethod
    def fits(self, description: Description) -> bool:
        """Return whether this measurement is defined for such data; needs no torch."""

    @abstractmethod
    def measure(self, subject: Subject) -> Any:
        """Return what is found, as a record of this probe's own class. Runs under `torch.no_grad`."""

    @classmethod
    def record(cls) -> type:
        """Return the class of what `measure` returns."""
        # resolved: `from __future__ import annotations` leaves a text in its place
        found: type = get_type_hints(cls.measure)["return"]
        return found


def thinned(examples: Examples, most: int) -> Examples:
    """Return at most so many of the examples, evenly spaced: data sorted by class keeps all its classes."""
    if len(examples) <= most:
        return examples
    # not drawn: the same examples at every reading, and a probe may use no random numbers
    chosen = np.linspace(0, len(examples) - 1, most).astype(np.int64)
    return Examples(examples.inputs[chosen], examples.targets[chosen], examples.rows[chosen])


def seen_parts(subject: Subject, most: int) -> tuple[Examples, NDArray[np.uint8]]:
    """Return training and validation examples, at most `most` of each, and the part of each (0, 1).

    The test part is never shown: it is kept for the end.
    """
    parts: tuple[PartName, ...] = ("train", "validation")
    found = [thinned(subject.data.part(part), most) for part in parts]
    number = np.concatenate([np.full(len(part), index, np.uint8) for index, part in enumerate(found)])
    inputs, targets, rows = (
        np.concatenate([getattr(part, name) for part in found]) for name in ("inputs", "targets", "rows")
    )
    return Examples(inputs, targets, rows), number


def class_indices(targets: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return targets that are classes as their indices."""
    return np.asarray(targets, np.int64)
