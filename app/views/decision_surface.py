"""Decision surface: what the network says everywhere in a plane of two inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.words import tr
from app.views.drawing import (
    MARKERS,
    Axis,
    Drawing,
    Heights,
    Marker,
    Nothing,
    Plot,
    Points,
    Regions,
    Viewport,
    series_tone,
)
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts

Arrays = Mapping[str, NDArray[np.generic]]
VALIDATION = 1
_SHADES = 9
"""How many shades the scale "diverging" has."""


class DecisionSurfaceView(View, kind="decision_surface", title="Predictions", rank=10):
    """What the network would say for every point of the plane, with the examples on top.

    Each colour is a class, the stronger the surer; full points are training examples, hollow ones validation
    examples, and those on the wrong colour are mistakes. For a number, blue is low and orange high;
    points have the colour of their own value, so that those that stand out are predicted wrongly.
    """

    waiting: ClassVar[str] = "Press Train to see the prediction for every point of the plane."
    zoomable: ClassVar[bool] = True

    points: Annotated[bool, Setting("Points", "Show the examples on the surface.")] = True

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "vector" and facts.input_shape == (2,) and len(facts.target_names) <= 1

    @override
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "decision_surface"}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("decision_surface") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        facts = records[0].facts
        wide, high = _ends(found["x0"]), _ends(found["x1"])
        ground = _regions(found, facts, wide, high) if "winner" in found else _heights(found, wide, high)
        names = (*facts.input_names, "x₁", "x₂")[:2] if len(facts.input_names) == 2 else ("x₁", "x₂")
        return Plot(
            Axis(names[0], *(viewport.x or wide)),
            Axis(names[1], *(viewport.y or high)),
            points=self._points(found, facts) if self.points else (),
            ground=ground,
            square=True,
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = (records[0].picture("decision_surface") if records else None) or {}
        surface = "winner" in found
        yield ["x0", "x1", *(["winner", "confidence"] if surface else ["value"])]
        if found:
            wide, high = _ends(found["x0"]), _ends(found["x1"])
            cells = found["winner"] if surface else found["value"]
            rows, columns = cells.shape
            for row, y in enumerate(_middles(high, rows)):
                for column, x in enumerate(_middles(wide, columns)):
                    extra = [found["confidence"][row, column]] if surface else []
                    yield [x, y, cells[row, column], *extra]

    def _points(self, found: Arrays, facts: Facts) -> tuple[Points, ...]:
        places, labels, part = found["points"], found["labels"], found["part"]
        if "winner" not in found:
            return _valued(places.astype(np.float64), labels.astype(np.float64), part == VALIDATION, found)
        made = []
        for which in (0, VALIDATION):
            for label in np.unique(labels).astype(int).tolist():
                name = facts.classes[label] if label < len(facts.classes) else str(label)
                chosen = (labels == label) & (part == which)
                marker = MARKERS[label % len(MARKERS)]
                legend = name if which == 0 else ""
                made.append(_some(places, chosen, legend, series_tone(label), marker, which == VALIDATION))
        return tuple(made)


def _valued(
    places: NDArray[np.float64], values: NDArray[np.float64], validation: NDArray[np.bool_], found: Arrays
) -> tuple[Points, ...]:
    """Return points in the colours of the surface by their own values: those that stand out are mistakes."""
    ground = _heights(found, (0, 1), (0, 1))
    share = np.clip((values - ground.low) / (ground.high - ground.low or 1.0), 0, 1)
    shade = np.round(np.nan_to_num(share, nan=0.5) * (_SHADES - 1)).astype(int)
    made = []
    for chosen, name, marker in (
        (~validation, tr("train"), MARKERS[0]),
        (validation, tr("validation"), MARKERS[1]),
    ):
        made.append(Points(name, np.empty(0), np.empty(0), "text_muted", marker))  # for the legend
        for index in range(_SHADES):
            here = places[chosen & (shade == index)]
            made.append(Points("", here[:, 0], here[:, 1], f"diverging.{index}", marker, edge="text"))
    return tuple(made)


def _some(
    places: NDArray[np.generic],
    chosen: NDArray[np.generic],
    name: str,
    tone: str,
    marker: Marker,
    hollow: bool,
) -> Points:
    here = places[chosen].astype(np.float64)
    return Points(name, here[:, 0], here[:, 1], tone, marker, 6.0 if len(places) < 600 else 4.5, hollow)


def _regions(found: Arrays, facts: Facts, wide: tuple[float, float], high: tuple[float, float]) -> Regions:
    confidence = found["confidence"].astype(np.float32)
    least = 1 / max(len(facts.classes), 2)
    strength = np.clip((confidence - least) / (1 - least), 0, 1)
    return Regions(wide, high, found["winner"].astype(np.uint8), strength.astype(np.float32), facts.classes)


def _heights(found: Arrays, wide: tuple[float, float], high: tuple[float, float]) -> Heights:
    values = found["value"].astype(np.float32)
    known = values[np.isfinite(values)]
    low, top = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    return Heights(wide, high, values, low, top)


def _ends(extent: NDArray[np.generic]) -> tuple[float, float]:
    low, high = extent.astype(np.float64).tolist()
    return low, high


def _middles(ends: tuple[float, float], count: int) -> list[float]:
    return (ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])).tolist()  # type: ignore[no-any-return]
