"""Filters: the patterns that convolutions look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Picture, Pictures, Viewport
from app.views.probed import names_in, subjects
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts


class FiltersView(View, kind="filters", title="Filters", rank=31):
    """The weights of a convolution as small pictures: a filter answers most where the picture looks like it.

    Bright weights want light, dark ones want darkness, grey ones do not care. At the start they are noise;
    the first layer usually becomes edges, spots and, for coloured pictures, colours. Of later layers the
    mean over all channels they look at is shown.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what the filters look for."

    layer: Annotated[str, Setting("Layer", "Which convolution; empty: the first.", role="hidden")] = ""

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "image" and (facts.network is None or "convolution" in facts.network)

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "filters"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("filters") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        names = names_in(found)
        if not names:
            return Nothing(tr("This network has no convolutions."))
        index = names.index(self.layer) if self.layer in names else 0
        return Pictures(
            tuple(
                Picture(shown, "", note=tr("{layer}, filter {number}", layer=names[index], number=place + 1))
                for place, shown in enumerate(found[f"filters.{index}"])
            )
        )

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = records[0].picture("filters") if records else None
        names = {name: name for name in names_in(found)[1:]}
        return {"layer": subjects(tr("Filters"), self.layer, names)}

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("filters") if records else None
        yield ["layer", "filter", "row", "column", "shade"]
        for index, name in enumerate(names_in(found)):
            for place, *shade in _cells(found[f"filters.{index}"]):  # type: ignore[index]
                yield [name, place, *shade]


def _cells(filters: Any) -> Iterator[tuple[int, int, int, float]]:
    for place, shown in enumerate(filters):
        grey = shown if shown.ndim == 2 else shown.mean(2)
        for (row, column), shade in np.ndenumerate(grey):
            yield place, row, column, float(shade)
