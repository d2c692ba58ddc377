"""Decision surface: what the network says everywhere in a plane of two inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

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
    Plot,
    PointMarks,
    Regions,
    Viewport,
    series_tone,
)
from app.views.named import name_of
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.fitted_functions import DecisionSurface, Surface

VALIDATION = 1
_SHADES = 9
"""How many shades the scale "diverging" has."""


class DecisionSurfaceView(
    ReadingView, shows=DecisionSurface, kind="decision_surface", title="Predictions", rank=10
):
    """What the network would say for every point of the plane, with the examples on top.

    Each colour is a class, the stronger the surer; full points are training examples, hollow ones validation
    examples, and those on the wrong colour are mistakes. For a number, blue is low and orange high;
    points have the colour of their own value, so that those that stand out are predicted wrongly.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see the prediction for every point of the plane."
    zoomable: ClassVar[bool] = True

    points: Annotated[bool, Setting("Points", "Show the examples on the surface.")] = True

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "vector" and facts.input_shape == (2,) and len(facts.target_names) <= 1

    @override
    def picture(self, found: Surface, facts: Facts, viewport: Viewport) -> Drawing:
        wide, high = _ends(found.x0), _ends(found.x1)
        names = (*facts.input_names, "x₁", "x₂")[:2] if len(facts.input_names) == 2 else ("x₁", "x₂")
        return Plot(
            Axis(names[0], *(viewport.x or wide)),
            Axis(names[1], *(viewport.y or high)),
            points=_examples(found, facts) if self.points else (),
            ground=_ground(found, facts),
            square=True,
        )

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["x0", "x1", *(["winner", "confidence"] if facts.classes else ["value"])]

    @override
    def table(self, found: Surface, facts: Facts) -> Iterator[Sequence[object]]:
        layers = [layer for layer in (found.winner, found.confidence, found.value) if layer is not None]
        rows, columns = layers[0].shape
        for row, y in enumerate(_middles(_ends(found.x1), rows)):
            for column, x in enumerate(_middles(_ends(found.x0), columns)):
                yield [x, y, *(layer[row, column] for layer in layers)]


def _ground(found: Surface, facts: Facts) -> Regions | Heights:
    wide, high = _ends(found.x0), _ends(found.x1)
    if found.winner is not None and found.confidence is not None:
        # a network that knows nothing gives each class this share: the plane is then pale
        least = 1 / max(len(facts.classes), 2)
        strength = np.clip((found.confidence - least) / (1 - least), 0, 1)
        return Regions(wide, high, found.winner, strength.astype(np.float32), facts.classes)
    values = found.value if found.value is not None else np.empty((0, 0), np.float32)
    known = values[np.isfinite(values)]
    low, top = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    return Heights(wide, high, values, low, top)


def _examples(found: Surface, facts: Facts) -> tuple[PointMarks, ...]:
    ground, validation = _ground(found, facts), found.part == VALIDATION
    if isinstance(ground, Heights):
        return _valued(found.points.astype(np.float64), found.labels.astype(np.float64), validation, ground)
    made = []
    for hollow in (False, True):
        for label in np.unique(found.labels).astype(int).tolist():
            chosen = (found.labels == label) & (validation == hollow)
            marker = MARKERS[label % len(MARKERS)]
            # once in the legend: hollow ones are of the same classes
            legend = "" if hollow else name_of(facts.classes, label)
            made.append(_some(found.points, chosen, legend, series_tone(label), marker, hollow))
    return tuple(made)


def _valued(
    places: NDArray[np.float64], values: NDArray[np.float64], validation: NDArray[np.bool_], ground: Heights
) -> tuple[PointMarks, ...]:
    """Return points in the colours of the surface by their own values: those that stand out are mistakes."""
    share = np.clip((values - ground.low) / (ground.high - ground.low or 1.0), 0, 1)
    shade = np.round(np.nan_to_num(share, nan=0.5) * (_SHADES - 1)).astype(int)
    made = []
    for chosen, name, marker in (
        (~validation, tr("train"), MARKERS[0]),
        (validation, tr("validation"), MARKERS[1]),
    ):
        made.append(PointMarks(name, np.empty(0), np.empty(0), "text_muted", marker))  # for the legend
        for index in range(_SHADES):
            here = places[chosen & (shade == index)]
            made.append(PointMarks("", here[:, 0], here[:, 1], f"diverging.{index}", marker, edge="text"))
    return tuple(made)


def _some(
    places: NDArray[np.generic],
    chosen: NDArray[np.generic],
    name: str,
    tone: str,
    marker: Marker,
    hollow: bool,
) -> PointMarks:
    here = places[chosen].astype(np.float64)
    return PointMarks(name, here[:, 0], here[:, 1], tone, marker, 6.0 if len(places) < 600 else 4.5, hollow)


def _ends(extent: NDArray[np.generic]) -> tuple[float, float]:
    low, high = extent.astype(np.float64).tolist()
    return low, high


def _middles(ends: tuple[float, float], count: int) -> list[float]:
    return (ends[0] + (np.arange(count) + 0.5) / count * (ends[1] - ends[0])).tolist()  # type: ignore[no-any-return]
