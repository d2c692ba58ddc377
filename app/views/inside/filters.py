"""Filters: the patterns that convolutions look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Picture, Pictures, Viewport
from app.views.named import titles
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.convolutions import Filters, LayerwiseFilters


class FiltersView(ReadingView, shows=Filters, kind="filters", title="Filters", rank=31):
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
    def picture(self, found: LayerwiseFilters, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.layers:
            return Nothing(tr("This network has no convolutions."))
        layer = next((one for one in found.layers if one.name == self.layer), found.layers[0])
        return Pictures(
            tuple(
                Picture(shown, "", note=tr("{layer}, filter {number}", layer=layer.name, number=index + 1))
                for index, shown in enumerate(layer.filters)
            )
        )

    @override
    def subjects(self, found: LayerwiseFilters) -> Mapping[str, Mapping[str, str]]:
        # the first is what the bare title stands for
        names = {layer.name: layer.name for layer in found.layers[1:]}
        return {"layer": titles(tr("Filters"), self.layer, names)}

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["layer", "filter", "row", "column", "shade"]

    @override
    def table(self, found: LayerwiseFilters, facts: Facts) -> Iterator[Sequence[object]]:
        for layer in found.layers:
            # coloured filters are told by their brightness, so that every row of the file is one number
            grey = layer.filters if layer.filters.ndim == 3 else layer.filters.mean(3)
            for (index, row, column), shade in np.ndenumerate(grey):
                yield [layer.name, index, row, column, float(shade)]
