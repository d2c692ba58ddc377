"""Attention maps: which places the network looks at from which, layer by layer and head by head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import percent
from app.language.words import tr
from app.views.drawing import Drawing, Matrix, Nothing, Viewport
from app.views.probed import SPACE, cells_of, lines_of, names_in, subjects
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts


class AttentionMapsView(View, kind="attention_maps", title="Attention maps", rank=32):
    """From each place (row) of one validation example, how much the network looks at each place (column).

    Every row adds up to 1. Choose the layer in the title and one of its heads, or their mean; of a network
    that translates, "cross" shows which words of the source each word of the translation was made from.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
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
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "attention_maps", "example": self.example}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("attention_maps") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        names = names_in(found)
        if not names:
            return Nothing(tr("This network has no attention."))
        index = names.index(self.attention) if self.attention in names else len(names) - 1
        weights = found[f"map.{index}"].astype(np.float64)
        shown = weights.mean(0) if self.head == 0 else weights[min(self.head, len(weights)) - 1]
        return attention_matrix(shown, *_places(found, names[index], shown.shape))

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = records[0].picture("attention_maps") if records else None
        names = {name: name for name in names_in(found)}
        return {"attention": subjects(tr("Attention maps"), self.attention, names)}

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("attention_maps") if records else None
        yield ["attention", "head", "from", "to", "weight"]
        for index, name in enumerate(names_in(found)):
            weights = found[f"map.{index}"]  # type: ignore[index]
            queries, keys = _places(found, name, weights.shape[1:])  # type: ignore[arg-type]
            for (head, query, key), weight in np.ndenumerate(weights):
                yield [name, head + 1, queries[query], keys[key], weight]


def _places(
    found: Mapping[str, Any], name: str, shape: tuple[int, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what stands at the queries and at the keys: of the example, or of its translation."""
    inputs, outputs = (cells_of((lines_of(found[key]) or [""])[0]) for key in ("inputs", "outputs"))
    within = "decoder" in name.split(".")
    queries = outputs if within or "cross" in name else inputs
    keys = outputs if within and "cross" not in name else inputs
    return _named(queries, shape[0]), _named(keys, shape[1])


def _named(places: Sequence[str], count: int) -> tuple[str, ...]:
    found = [place.removeprefix(SPACE) for place in places[:count]]
    return (*found, *[""] * (count - len(found)))


def attention_matrix(weights: NDArray[np.float64], queries: Sequence[str], keys: Sequence[str]) -> Matrix:
    """Return one map; places that are padding are left out."""
    rows = max((index + 1 for index, name in enumerate(queries) if name), default=len(queries))
    columns = max((index + 1 for index, name in enumerate(keys) if name), default=len(keys))
    shown = weights[:rows, :columns] if weights.shape[0] > 1 else weights[:, :columns]
    names = queries[:rows] if weights.shape[0] > 1 else [tr("answer")]
    notes = tuple(
        tuple(
            tr("{query} looks at {key}: {weight}", query=query, key=key, weight=percent(float(weight), 1))
            for key, weight in zip(keys, row, strict=False)
        )
        for query, row in zip(names, shown, strict=True)
    )
    texts = tuple(("",) * shown.shape[1] for _ in range(len(shown)))
    most = float(shown.max()) or 1.0
    return Matrix(
        shown / most, texts, notes, tuple(names), tuple(keys[:columns]), tr("looks from"), tr("looks at")
    )
