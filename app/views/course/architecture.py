"""Architecture: the network as a diagram, from input to output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Annotated, ClassVar, Literal

from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Viewport
from app.views.graph import Graph, LayerBlock
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Layer, LayerSort

_MOST_SHOWN = 24
"""Groups are opened by themselves, the outermost first, as long as there are no more blocks than this."""

_SHORTCUTS = ("downsample", "shortcut")
"""What ways around other layers are called."""

_TONES: Mapping[LayerSort, str] = {
    "convolution": "series.0",
    "dense": "series.1",
    "pooling": "series.2",
    "normalization": "series.4",
    "attention": "series.3",
    "recurrent": "series.3",
    "embedding": "series.5",
    "other": "text_faint",
}
"""The colour of each sort of layer."""


class ArchitectureView(View, kind="architecture", title="Architecture", rank=45):
    """The network as a diagram, from input to output: what each layer is, puts out and costs.

    Blocks follow each other like words in a text. A block with a plus stands for several layers: a
    double-click opens it, and a click on the name above an open group closes it. The bar at the foot of a
    block is its share of all parameters. Between blocks that run side by side, branches and shortcuts,
    stand two lines instead of an arrow: both receive what came before. The wheel zooms, dragging moves, a
    click tells more about a block.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("main", "left")
    waiting: ClassVar[str] = "Press Train, or wait until the data is read, to see the network."
    planned: ClassVar[bool] = True

    show: Annotated[
        Literal["automatic", "groups", "layers"],
        Setting(
            "Show",
            "Whether groups of layers are shown as one block.",
            options={
                "automatic": "automatic",
                "groups": "Groups",
                "layers": "Every layer",
            },
        ),
    ] = "automatic"

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        started = records[0].started if records else None
        if started is None or not started.layers:
            return Nothing(tr(self.waiting))
        return graph_of(started.layers, started.facts.input_shape, self.show)

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        yield ["layer", "what", "shape", "parameters", "multiply-adds"]
        started = records[0].started if records else None
        for layer in started.layers if started is not None else ():
            shape = "x".join(map(str, layer.shape))
            yield [layer.name, layer.what, shape, layer.parameters, layer.multiply_adds]


@lru_cache(maxsize=8)
def graph_of(layers: tuple[Layer, ...], input_shape: tuple[int, ...], show: str) -> Graph:
    """Return the diagram of a network; the same one for the same layers, so that it is painted once."""
    blocks = _blocks([(layer.name.split("."), layer) for layer in layers], "")
    entrance = LayerBlock("input", tr("Input"), "", input_shape, 0, 0, "text_faint", layers=0)
    most = {"layers": len(layers), "groups": 0, "automatic": _MOST_SHOWN}[show]
    return Graph((entrance, *blocks) if input_shape else blocks, _opened(blocks, most))


def _opened(blocks: tuple[LayerBlock, ...], most: int) -> frozenset[str]:
    """Return the groups to open, depth by depth, so that at most so many blocks are shown."""
    opened: frozenset[str] = frozenset()
    shown = blocks
    while groups := [block for block in shown if block.inner]:
        below = tuple(inner for block in shown for inner in (block.inner or (block,)))
        if len(below) > most:
            break
        shown, opened = below, opened | {group.key for group in groups}
    return opened


def _blocks(named: Sequence[tuple[Sequence[str], Layer]], above: str) -> tuple[LayerBlock, ...]:
    """Group layers that follow each other by the first part of their names, then by the second, ..."""
    found: list[LayerBlock] = []
    names = [head for head, _ in groupby(named, key=lambda item: item[0][0])]
    for index, (head, members) in enumerate(groupby(named, key=lambda item: item[0][0])):
        # a layer called as the group is has no name of its own in it
        inside = [(parts[1:] or [""], layer) for parts, layer in members]
        # the index: parts of one name need not stand together, and each run of them is a block
        key = f"{above}/{index}.{head}"
        single = len(inside) == 1
        block = _leaf(key, head, inside[0][1]) if single else _group(key, head, _blocks(inside, key))
        found.append(_beside(block) if _runs_beside(names[:index], head) else block)
    return tuple(found)


def _runs_beside(before: Sequence[str], head: str) -> bool:
    """Return whether a part is named as one that does not follow those before it in the same group."""
    branches = head.startswith("branch") and bool(before) and before[-1].startswith("branch")
    return branches or (bool(before) and head in _SHORTCUTS)


def _beside(block: LayerBlock) -> LayerBlock:
    """Return the block, and the first one inside of it, as running beside the one before."""
    inner = (_beside(block.inner[0]), *block.inner[1:]) if block.inner else ()
    return replace(block, inner=inner, beside=True)


def _leaf(key: str, head: str, layer: Layer) -> LayerBlock:
    cost = layer.parameters, layer.multiply_adds
    return LayerBlock(
        key,
        _readable(head) or layer.what,
        layer.what,
        layer.shape,
        *cost,
        _TONES.get(layer.sort, "text_faint"),
    )


def _group(key: str, head: str, inner: tuple[LayerBlock, ...]) -> LayerBlock:
    heaviest = max(inner, key=lambda block: block.parameters)
    count = sum(block.layers for block in inner)
    parameters = sum(block.parameters for block in inner)
    work = sum(block.multiply_adds for block in inner)
    what = tr("{count} layers", count=count)
    # layers without weights (activations, dropout) stand in most groups, so they tell none apart
    words = tuple(dict.fromkeys(block.what for block in inner if block.parameters and not block.inner))
    what = " · ".join((what, *words[:1]))
    tone = heaviest.tone
    return LayerBlock(key, _readable(head), what, inner[-1].shape, parameters, work, tone, inner, count)


def _readable(name: str) -> str:
    """Return "convolution 1" for convolution_1; a bare number is the part of that number."""
    # torch counts such parts from 0, people from 1
    return tr("part {number}", number=int(name) + 1) if name.isdigit() else name.replace("_", " ")
