"""Feature maps: what every convolution and pooling makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Picture, Pictures, Viewport
from app.views.named import name_of, titles
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.convolutions import FeatureMaps, LayerMaps, LayerwiseMaps

_EACH = 76
"""Pixels of the panel for each map, where all layers are shown: a row each, or some of them side by side."""


class FeatureMapsView(ReadingView, shows=FeatureMaps, kind="feature_maps", title="Feature maps", rank=30):
    """What each convolution finds in one validation picture, and what pooling leaves of it.

    A bright place is one where the filter found its pattern. The first layers find edges and spots, later
    ones larger patterns; pooling makes the maps smaller and keeps what was found. Of every layer the maps
    that answer most are shown; choose one layer in the title to see more of it.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    of_network: ClassVar[bool] = True
    waiting: ClassVar[str] = "Press Train to see what each layer makes of a picture."

    layer: Annotated[str, Setting("Layer", "Which layer is shown; empty: all of them.", role="hidden")] = ""
    example: Annotated[
        int, Setting("Picture", "Which picture of the validation part.", least=0, most=100_000)
    ] = 0

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "image" and (facts.network is None or "convolution" in facts.network)

    @override
    def picture(self, found: LayerwiseMaps, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.layers:
            return Nothing(tr("This network has no convolutions."))
        shown = [_input(found, facts)]
        for layer in found.layers:
            if layer.name == self.layer:
                return Pictures((*shown, *_maps(layer, 99)))
        # rounded up: layers that find no room below each other stand side by side
        beside = -(-len(found.layers) // max(viewport.height // _EACH, 1))
        fewest = min(len(layer.maps) for layer in found.layers)
        each = max(min(viewport.width // _EACH // beside, fewest), 2)
        for layer in found.layers:
            # the first row begins with the picture itself
            shown += _maps(layer, each - (len(shown) == 1))
        return Pictures(tuple(shown), columns=each * beside)

    @override
    def subjects(self, found: LayerwiseMaps) -> Mapping[str, Mapping[str, str]]:
        names = {layer.name: _title(layer) for layer in found.layers}
        return {"layer": titles(tr("Feature maps"), self.layer, names)}

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["layer", "channel", "row", "column", "value"]

    @override
    def table(self, found: LayerwiseMaps, facts: Facts) -> Iterator[Sequence[object]]:
        for layer in found.layers:
            for channel, shown in zip(layer.channels, layer.maps, strict=True):
                for (row, column), shade in np.ndenumerate(shown):
                    # only shades are sent: a value is exact to 1/255 of the range of its layer
                    value = layer.low + (layer.high - layer.low) * float(shade) / 255
                    yield [layer.name, int(channel), row, column, value]


def _title(layer: LayerMaps) -> str:
    sort = tr("pooling") if layer.sort == "pooling" else tr("convolution")
    return f"{layer.name} ({sort})"


def _input(found: LayerwiseMaps, facts: Facts) -> Picture:
    pixels = found.picture
    shown = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    if found.truth is None or found.predicted is None:
        return Picture(shown, tr("the picture"))
    truth, predicted = (name_of(facts.classes, index) for index in (found.truth, found.predicted))
    right = truth == predicted
    note = tr("It is {truth}, taken for {predicted}", truth=truth, predicted=predicted)
    return Picture(shown, truth, "success" if right else "series.3", note)


def _shortly(name: str) -> str:
    """Return "convolution 1" for convolution_1.convolution, "pooling 1" for convolution_1.pooling."""
    # the "" stands for the block of a name without a point
    *_, block, last = ["", *name.replace("_", " ").split(".")]
    if block.startswith(last):
        return block
    kind, _, number = block.rpartition(" ")
    return f"{last} {number}" if kind == "convolution" else f"{block} {last}".strip()


def _maps(layer: LayerMaps, most: int) -> list[Picture]:
    size = "×".join(str(side) for side in layer.maps.shape[1:])
    return [
        Picture(
            shown,
            _shortly(layer.name) if place == 0 else tr("map {number}", number=int(channel) + 1),
            note=tr(
                "{layer}, map {number}, {size}\nblack {low}, white {high}",
                layer=_title(layer), number=int(channel) + 1, size=size,
                low=number(layer.low), high=number(layer.high),
            ),
        )
        for place, (shown, channel) in enumerate(zip(layer.maps[:most], layer.channels[:most], strict=True))
    ]  # fmt: skip
