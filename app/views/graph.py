"""Graphs: drawings of blocks one after the other, of which some hold others."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.views.drawing import Drawing


@dataclass(frozen=True)
class LayerBlock:
    """A layer, or with `inner` a group of them. `key` is its own in the graph; `tone` tells its sort.

    `layers` is how many layers it stands for; parameters and multiply-adds are of all of them.

    `beside`: it does not follow the block before, but receives what that received (a branch, a shortcut).
    """

    key: str
    title: str
    what: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    tone: str
    inner: tuple[LayerBlock, ...] = ()
    layers: int = 1
    beside: bool = False


@dataclass(frozen=True)
class Sight:
    """How a graph is looked at.

    `zoom` is a factor on the size at which it is shown by itself, `x` and `y` the corner at the top left, in
    units of the unzoomed graph. `turned` are the groups that are open or closed other than by themselves,
    `chosen` is the key of the block whose details are told.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    turned: frozenset[str] = frozenset()
    chosen: str = ""


# eq=False: a graph is known again by identity, and to compare whole networks would cost
@dataclass(frozen=True, eq=False)
class Graph(Drawing):
    """Blocks from input to output; `opened` are the keys of the groups that are open by themselves."""

    blocks: tuple[LayerBlock, ...]
    opened: frozenset[str] = frozenset()
    sight: Sight = field(default_factory=Sight)

    def is_open(self, block: LayerBlock) -> bool:
        """Return whether what is inside of a group is shown in its stead."""
        # `is not` of two truths: turned by hand, it is the other way round
        return bool(block.inner) and (block.key in self.opened) is not (block.key in self.sight.turned)

    def shown(self) -> tuple[tuple[LayerBlock, tuple[LayerBlock, ...]], ...]:
        """Return the blocks that are shown, each with the open groups around it, outermost first."""
        found: list[tuple[LayerBlock, tuple[LayerBlock, ...]]] = []

        def walk(blocks: tuple[LayerBlock, ...], around: tuple[LayerBlock, ...]) -> None:
            for block in blocks:
                if self.is_open(block):
                    walk(block.inner, (*around, block))
                else:
                    found.append((block, around))

        walk(self.blocks, ())
        return tuple(found)
