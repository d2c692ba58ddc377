"""The layout of parameters in one vector: which entries are whose, in which shape, of which kind of layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.events import LayerSort

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Parameter:
    """Where one parameter lies in the flat vector: its entries from `start` up to `end`.

    `name` is that in the network, `layer` the sort of layer it belongs to. `head`: whether that is the last
    layer with weights; `above`: how many layers or blocks an example passes after it.
    """

    name: str
    start: int
    end: int
    shape: tuple[int, ...]
    layer: LayerSort = "other"
    head: bool = False
    above: int = 0

    @property
    def decays(self) -> bool:
        """Return whether weight decay acts on it: biases and gains, which have one axis, are spared.

        To shrink them keeps no function simple.
        """
        return len(self.shape) >= 2

    def of(self, vector: Tensor) -> Tensor:
        """Return the entries of this parameter in a flat vector (P,), as a view of its shape."""
        return vector[self.start : self.end].view(self.shape)


Layout = tuple[Parameter, ...]
"""All parameters in the order in which they lie; between them may be gaps, whose entries stay 0."""


def norms(vector: Tensor, layout: Layout) -> Tensor:
    """Return for each entry of a flat vector (P,) the Euclidean norm of its parameter, 0 in gaps; (P,)."""
    import torch

    # One vector and no list of numbers: settings that differ by parameter go on being plain arithmetic.
    found = torch.zeros_like(vector)
    for place in layout:
        own = vector[place.start : place.end]
        found[place.start : place.end] = torch.linalg.vector_norm(own)  # a tensor: nothing waits for it
    return found
