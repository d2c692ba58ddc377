"""What the data page draws: pure functions from an inspection to drawings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.language.numbers import whole
from app.language.words import tr
from app.modalities.plots import axis
from app.views.drawing import (
    MARKERS,
    Bar,
    BarList,
    BarRow,
    Drawing,
    Marker,
    Nothing,
    Picture,
    Pictures,
    Plot,
    PointMarks,
    series_tone,
)
from engine.data.description import PARTS
from engine.data.inspection import records as inspected
from engine.data.inspection.records import Inspection
from engine.inference.results import Augmented

VALIDATION, TEST = 1, 2
"""Colours there are for series; after them dashes tell courses apart."""

Group = tuple[str, NDArray[np.bool_], Marker, str]
"""Points drawn alike: their name, which they are, marker and tone."""


def balance(found: Inspection) -> Drawing:
    """Return how many examples of each class each part has, as bars beside the largest of them."""
    if found.description is None or not found.balance:
        return Nothing(tr("Shown for classes: how many examples each one has."))
    counts = {part: found.balance.get(part, ()) for part in PARTS}
    # 1: every class may be without examples, and bars are divided by it
    most = max((count for part in counts.values() for count in part), default=1) or 1
    names = {"train": tr("train"), "validation": tr("validation"), "test": tr("test")}
    tones = {"train": "accent", "validation": "series.1", "test": "text_faint"}
    rows = []
    for index, name in enumerate(found.description.targets.classes):
        each = {part: counts[part][index] if index < len(counts[part]) else 0 for part in PARTS}
        bars = tuple(
            Bar(each[part] / most, whole(each[part]), tones[part], names[part])
            for part in PARTS
            if counts[part]
        )
        note = "\n".join([name, *(f"{names[part]}: {whole(each[part])}" for part in PARTS)])
        all_of_it = sum(each.values())
        detail = tr("1 example") if all_of_it == 1 else tr("{count} examples", count=whole(all_of_it))
        rows.append(BarRow(name, detail, bars, note=note))
    return BarList(tuple(rows))


def scatter(found: Inspection) -> Drawing:
    """Return the examples as points: two inputs, coloured by class or value; or one input and its target."""
    points, description = found.points, found.description
    if points is None or description is None or not len(points.inputs):
        return Nothing(tr("Shown for data with one or two inputs."))
    names = (*description.inputs.names, "")
    size = 6.0 if len(points.inputs) < 600 else 4.0
    if points.inputs.shape[1] == 1:
        return _line(points, names[0], description.targets.names[0], size)
    groups = _groups(points, description.targets.classes)
    drawn = []
    for name, chosen, marker, tone in groups:
        for part in (0, VALIDATION, TEST):
            here = chosen & (points.part == part)
            if here.any():
                x, y = points.inputs[here].astype(np.float64).T
                drawn.append(
                    # in the legend once: the hollow ones are of the same classes
                    PointMarks(name if part == 0 else "", x, y, tone, marker, size, hollow=part != 0)
                )
    x, y = points.inputs.astype(np.float64).T
    return Plot(axis(names[0], x), axis(names[1], y), points=tuple(drawn), square=True)


def _groups(points: inspected.Points, classes: tuple[str, ...]) -> list[Group]:
    """Return the points in groups of one colour: the classes, or five ranges of the value."""
    if classes:
        return [
            (name, points.targets == index, MARKERS[index % len(MARKERS)], series_tone(index))
            for index, name in enumerate(classes)
        ]
    # where many values are equal, quantiles fall together
    edges = np.unique(np.quantile(points.targets, np.linspace(0, 1, 6)))
    # the largest value stands on the last edge, and belongs to the range below it
    place = np.clip(np.searchsorted(edges, points.targets, "right") - 1, 0, max(len(edges) - 2, 0))
    tones = ("series.0", "series.5", "series.2", "series.1", "series.3")
    return [
        (
            f"{edges[index]:.3g} … {edges[min(index + 1, len(edges) - 1)]:.3g}",
            place == index,
            "disc",
            tones[index],
        )
        for index in range(max(len(edges) - 1, 1))
    ]


def _line(points: inspected.Points, across: str, up: str, size: float) -> Plot:
    x, y = points.inputs[:, 0].astype(np.float64), points.targets.astype(np.float64)
    names = {0: tr("train"), VALIDATION: tr("validation"), TEST: tr("test")}
    tones = {0: "series.0", VALIDATION: "series.1", TEST: "text_faint"}
    drawn = tuple(
        PointMarks(names[part], x[here], y[here], tones[part], "disc", size, hollow=part != 0)
        for part in (0, VALIDATION, TEST)
        if (here := points.part == part).any()
    )
    return Plot(axis(across, x), axis(up, y), points=drawn)


def augmented(found: Augmented) -> Drawing:
    """Return pictures in rows: each as it is, then as augmentation changed it."""
    made = [
        Picture(pixels, "" if place else tr("as it is"), note=tr("changed") if place else tr("as it is"))
        for row in found.pixels
        for place, pixels in enumerate(row)
    ]
    return Pictures(tuple(made), columns=found.pixels.shape[1])
