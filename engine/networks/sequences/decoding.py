"""Decoding step by step: what a network has to remember so that no place is worked out twice."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class EncodedSource:
    """A source as the encoder left it: `values` (B, places, width); `present` (B, places)."""

    values: Tensor
    present: Tensor

    def select(self, rows: Tensor) -> EncodedSource:
        """Return the memory of these examples, int64 (any number,); one may be taken several times."""
        return EncodedSource(self.values.index_select(0, rows), self.present.index_select(0, rows))


class Cache:
    """What a decoder remembers of the places it has passed; a new one stands before the first place.

    Every module keeps tensors of its own in it, examples along the first axis: attention its keys and values,
    a recurrent layer its state. `places` is how many places have been passed.
    """

    def __init__(self) -> None:
        self.places = 0
        self._kept: dict[nn.Module, tuple[Tensor, ...]] = {}

    def get(self, module: nn.Module) -> tuple[Tensor, ...] | None:
        """Return what the module kept, or None before it kept anything."""
        return self._kept.get(module)

    def put(self, module: nn.Module, *tensors: Tensor) -> None:
        """Keep these tensors for the module instead of what it kept before."""
        self._kept[module] = tensors

    def select(self, rows: Tensor) -> None:
        """Go on with these examples, int64 (any number,); a beam that forks is taken several times."""
        for module, tensors in self._kept.items():
            # no key changes, so the mapping may be walked
            self._kept[module] = tuple(tensor.index_select(0, rows) for tensor in tensors)
