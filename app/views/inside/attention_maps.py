"""Attention maps: which places the network looks at from which, layer by layer and head by head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import percent
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.named import titles
from app.views.tokens import names_of
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.attention import AttentionMap, AttentionMaps, AttentionWeights


class AttentionMapsView(
    ReadingView, shows=AttentionMaps, kind="attention_maps", title="Attention maps", rank=32
):
    """From each place (row) of one validation example, how much the network looks at each place (column).

    Every row adds up to 1. Choose the layer in the title and one of its heads, or their mean; of a network
    that translates, "cross" shows which words of the source each word of the translation was made from.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    zoomable: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what the network looks at."

    attention: Annotated[str, Setting("Attention", "Which attention; empty: the last.", role="hidden")] = ""
    head: Annotated[int, Setting("Head", "Which head; 0 is the mean of all.", least=0, most=16)] = 0
    example: Annotated[int, Setting("Example", "Which validation example.", least=0, most=99)] = 0

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        sequence = facts.input_kind in ("tokens", "series")
        return sequence and (facts.network is None or "attention" in facts.network)

    @override
    def picture(self, found: AttentionWeights, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.maps:
            return Nothing(tr("This network has no attention."))
        shown = next((one for one in found.maps if one.name == self.attention), found.maps[-1])
        weights = shown.weights.astype(np.float64)
        # the head may have been chosen for a network that had more of them
        head = weights.mean(0) if self.head == 0 else weights[min(self.head, len(weights)) - 1]
        return attention_matrix(head, *_sides(shown))

    @override
    def subjects(self, found: AttentionWeights) -> Mapping[str, Mapping[str, str]]:
        names = {one.name: one.name for one in found.maps}
        return {"attention": titles(tr("Attention maps"), self.attention, names)}

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["attention", "head", "from", "to", "weight"]

    @override
    def table(self, found: AttentionWeights, facts: Facts) -> Iterator[Sequence[object]]:
        for one in found.maps:
            queries, keys = _sides(one)
            for (head, query, key), weight in np.ndenumerate(one.weights):
                # from 1, as in the options, where 0 is the mean
                yield [one.name, head + 1, queries[query], keys[key], weight]


def _sides(shown: AttentionMap) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands at the queries and at the keys, "" at padding."""
    _, queries, keys = shown.weights.shape
    return _named(shown.queries, queries), _named(shown.keys, keys)


def _named(tokens: Sequence[str], count: int) -> tuple[str, ...]:
    found = names_of(tokens[:count])
    return (*found, *[""] * (count - len(found)))


def attention_matrix(weights: NDArray[np.float64], queries: Sequence[str], keys: Sequence[str]) -> Matrix:
    """Return one map; places that are padding are left out."""
    rows = max((index + 1 for index, name in enumerate(queries) if name), default=len(queries))
    columns = max((index + 1 for index, name in enumerate(keys) if name), default=len(keys))
    shown = weights[:rows, :columns] if weights.shape[0] > 1 else weights[:, :columns]
    # where attention gathers a sequence for one answer, there is a single query
    names = queries[:rows] if weights.shape[0] > 1 else [tr("answer")]
    notes = tuple(
        tuple(
            tr("{query} looks at {key}: {weight}", query=query, key=key, weight=percent(float(weight), 1))
            for key, weight in zip(keys, row, strict=False)
        )
        for query, row in zip(names, shown, strict=True)
    )
    texts = tuple(("",) * shown.shape[1] for _ in range(len(shown)))
    # over a long text every weight is small: shades are shares of the strongest
    most = float(shown.max()) or 1.0
    return Matrix(
        shown / most, texts, notes, tuple(names), tuple(keys[:columns]), tr("looks from"), tr("looks at")
    )
