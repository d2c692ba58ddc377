"""What the data turned out to be: the facts an architecture, a loss and a view have to fit.

What a person chose is in the experiment; what was found is here. The two never share an object.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

from engine.events import Facts

InputKind = Literal["vector", "image"]
"""`vector`: shape (features,); `image`: shape (channels, height, width)."""

TargetKind = Literal["classes", "numbers"]
"""`classes`: one class index per example; `numbers`: one or several real numbers per example."""

PartName = Literal["train", "validation", "test"]
PARTS: tuple[PartName, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Inputs:
    """One example as the network receives it.

    `names` are the features of a vector, after encoding ("colour = red"); empty for images.
    """

    kind: InputKind
    shape: tuple[int, ...]
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Return how many numbers one example is."""
        return prod(self.shape)


@dataclass(frozen=True)
class Targets:
    """What is to be predicted for one example.

    `names` are the target columns ("label" for pictures), `classes` the names of the classes in the order of
    their indices (empty for numbers). Numbers are learnt as (value - mean) / scale; `mean` and `scale` hold
    one entry per name and bring predictions back to the units of the data.
    """

    kind: TargetKind
    names: tuple[str, ...]
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """Return the number of classes, or of numbers per example."""
        return len(self.classes) if self.kind == "classes" else len(self.names)


@dataclass(frozen=True)
class Description:
    """The data after splitting and preprocessing, in facts: shapes, names and how many examples per part."""

    inputs: Inputs
    targets: Targets
    train: int
    validation: int
    test: int

    def facts(self) -> Facts:
        """Return what views have to know of this data, for the event that starts a run."""
        return Facts(
            self.inputs.kind,
            self.inputs.shape,
            self.inputs.names,
            self.targets.kind,
            self.targets.names,
            self.targets.classes,
        )
