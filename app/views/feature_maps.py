"""Feature maps: what every convolution and pooling makes of one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Drawing, Nothing, Picture, Pictures, Viewport
from app.views.probed import name_of, names_in, subjects
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts

_EACH = 76
"""Pixels of the panel for each map, where all layers are shown: a row each, or some of them side by side."""


class FeatureMapsView(View, kind="feature_maps", title="Feature maps", rank=30):
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
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "feature_maps", "example": self.example}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("feature_maps") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        layers = _layers(found)
        if not layers:
            return Nothing(tr("This network has no convolutions."))
        chosen = [layer for layer in layers if layer[1] == self.layer]
        shown = [_input(found, records[0].facts)]
        if chosen:
            (index, name, what) = chosen[0]
            return Pictures((*shown, *_maps(found, index, f"{name} ({what})", 99)))
        beside = -(-len(layers) // max(viewport.height // _EACH, 1))
        fewest = min(len(found[f"maps.{index}"]) for index, _, _ in layers)
        each = max(min(viewport.width // _EACH // beside, fewest), 2)
        for index, name, what in layers:
            shown += _maps(found, index, f"{name} ({what})", each - (len(shown) == 1))
        return Pictures(tuple(shown), columns=each * beside)

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = records[0].picture("feature_maps") if records else None
        layers = _layers(found) if found is not None else []
        names = {name: f"{name} ({what})" for _, name, what in layers}
        return {"layer": subjects(tr("Feature maps"), self.layer, names)}

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("feature_maps") if records else None
        yield ["layer", "channel", "row", "column", "value"]
        for index, name, _ in _layers(found) if found is not None else ():
            low, high = (float(edge) for edge in found[f"range.{index}"])  # type: ignore[index]
            maps = found[f"maps.{index}"]  # type: ignore[index]
            for channel, shown in zip(found[f"channels.{index}"], maps, strict=True):  # type: ignore[index]
                for (row, column), shade in np.ndenumerate(shown):
                    yield [name, int(channel), row, column, low + (high - low) * float(shade) / 255]


def _layers(found: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    """Return number, name and sort of each layer."""
    layers = []
    for index, line in enumerate(names_in(found)):
        name, _, what = line.partition("\t")
        layers.append((index, name, tr("pooling") if what == "pooling" else tr("convolution")))
    return layers


def _input(found: Mapping[str, Any], facts: Facts) -> Picture:
    pixels = found["picture"]
    shown = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    if "truth" not in found:
        return Picture(shown, tr("the picture"))
    truth, predicted = (name_of(facts.classes, int(found[key][0])) for key in ("truth", "predicted"))
    right = truth == predicted
    note = tr("It is {truth}, taken for {predicted}", truth=truth, predicted=predicted)
    return Picture(shown, truth, "success" if right else "series.3", note)


def _shortly(name: str) -> str:
    """Return "convolution 1" for convolution_1.convolution, "pooling 1" for convolution_1.pooling."""
    *_, block, last = ["", *name.replace("_", " ").split(".")]
    if block.startswith(last):
        return block
    kind, _, number = block.rpartition(" ")
    return f"{last} {number}" if kind == "convolution" else f"{block} {last}".strip()


def _maps(found: Mapping[str, Any], index: int, title: str, most: int) -> list[Picture]:
    low, high = (number(float(edge)) for edge in found[f"range.{index}"])
    maps, channels = found[f"maps.{index}"], found[f"channels.{index}"]
    size = "×".join(str(side) for side in maps.shape[1:])
    short = _shortly(title.rpartition(" (")[0])
    return [
        Picture(
            shown,
            short if place == 0 else tr("map {number}", number=int(channel) + 1),
            note=tr(
                "{layer}, map {number}, {size}\nblack {low}, white {high}",
                layer=title, number=int(channel) + 1, size=size, low=low, high=high,
            ),
        )
        for place, (shown, channel) in enumerate(zip(maps[:most], channels[:most], strict=True))
    ]  # fmt: skip
