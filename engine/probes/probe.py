"""The probes family: extra measurements taken while training, for views, within a time budget."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.choices import Choice
from engine.data.description import Description, PartName
from engine.data.examples import Examples

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from engine.data.prepared import Prepared

Arrays = Mapping[str, NDArray[np.generic]]
"""What a probe found, by name; every array small enough to be sent thirty times a second."""


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
    """An extra measurement. Must not draw random numbers or change the network."""

    needs_gradient: ClassVar[bool] = False
    """Whether the gradient of every step has to be kept for it."""

    @abstractmethod
    def fits(self, description: Description) -> bool:
        """Return whether this measurement is defined for such data; needs no torch."""

    @abstractmethod
    def measure(self, subject: Subject) -> Arrays:
        """Return the measurement as arrays of plain numbers. Runs under `torch.no_grad`."""


def as_lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Return texts as one array of their UTF-8 letters, a line each."""
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def thinned(examples: Examples, most: int) -> Examples:
    """Return at most so many of the examples, evenly spaced: data sorted by class keeps all its classes."""
    if len(examples) <= most:
        return examples
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


def targets_in_units(subject: Subject, targets: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return standardised numbers (N, T) in the units of the data."""
    facts = subject.description.targets
    return np.asarray(targets * np.array(facts.scale) + np.array(facts.mean), np.float32)
