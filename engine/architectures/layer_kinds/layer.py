"""The layers family: single layers, each of which says what it makes of a shape before it is built."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from engine.choices import Problem
from engine.data.about import Kinds, Limited, lacking
from engine.data.description import InputKind, Inputs
from engine.networks.images.windows import Window

if TYPE_CHECKING:
    from torch import nn

Group = Literal[
    "Fully connected", "Pictures and series", "Sequences", "Normalization and dropout", "Blocks", "Shape"
]
"""What a layer is for, as menus group it."""


@dataclass(frozen=True)
class Effect:
    """What a layer makes of one example, worked out without building it.

    `outputs` is what it puts out, `parameters` its learnt numbers, `multiply_adds` its multiplications with
    weights for one example. `window` is what moves over the places of a series, where that shortens it.
    """

    outputs: Inputs
    parameters: int = 0
    multiply_adds: int = 0
    window: Window | None = None


class ListedLayer(Limited, family="layers"):
    """One layer of a layer list with its sizes chosen; what it receives comes from the layer before."""

    accepts: ClassVar[frozenset[InputKind]]
    """What it can receive: numbers in a row (vector), in places of a picture or series, or tokens."""
    group: ClassVar[Group]

    @classmethod
    @override
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return the kind of inputs, where it cannot receive them."""
        return lacking(given.inputs, cls.accepts)

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return what does not fit what the layer receives, one of the kinds it accepts (paths relative)."""
        return ()

    @property
    def looks_ahead(self) -> bool:
        """Return whether a place of a series receives something of those after it."""
        # most layers work on each place by itself; the others say so
        return False

    @abstractmethod
    def effect(self, inputs: Inputs) -> Effect:
        """Return what the layer makes of such inputs; it fits them. Needs no torch."""

    @abstractmethod
    def build(self, inputs: Inputs) -> nn.Module:
        """Return the module, from (B, *inputs.shape) to (B, *outputs.shape); for series see `OverPlaces`."""


def vector(features: int) -> Inputs:
    """Return what a layer puts out that leaves so many numbers without places."""
    return Inputs("vector", (features,))


def channels_of(inputs: Inputs) -> int:
    """Return how many numbers stand at one place; all of a vector."""
    # channels lie first in a picture and last in a series, as torch's layers want each
    return inputs.shape[0] if inputs.kind != "series" else inputs.shape[1]


def places_of(inputs: Inputs) -> int:
    """Return at how many places numbers stand; 1 for a vector."""
    return inputs.size // channels_of(inputs)


def with_channels(inputs: Inputs, channels: int) -> Inputs:
    """Return the same places with so many numbers at each."""
    if inputs.kind == "series":
        return Inputs("series", (inputs.shape[0], channels))
    return Inputs(inputs.kind, (channels, *inputs.shape[1:]))


def alone(path: str, count: int) -> tuple[Problem, ...]:
    """Return the problem that a normalization over so many numbers leaves nothing, if that is so."""
    if count > 1:
        return ()
    return (Problem(path, "would make every number 0: there is one number only, which is its own mean"),)
