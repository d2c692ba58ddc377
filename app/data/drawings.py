"""What the data page draws: pure functions from an inspection to drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.language.numbers import whole
from app.language.words import tr
from app.views.drawing import (
    MARKERS,
    Axis,
    Bar,
    BarList,
    BarRow,
    Curve,
    Drawing,
    Marker,
    Nothing,
    Passage,
    Passages,
    Picture,
    Pictures,
    Plot,
    Points,
    Upright,
    Word,
    series_tone,
)
from app.views.tagged_texts import tagged_words
from app.views.tokens import ordinary, words_of
from engine.data.description import PARTS
from engine.data.inspection import records as inspected
from engine.data.inspection.records import Inspection
from engine.inference.results import Augmented

VALIDATION, TEST = 1, 2
_MOST_COURSES = 12
_TONES = 8
"""Colours there are for series; after them dashes tell courses apart."""

Group = tuple[str, NDArray[np.bool_], Marker, str]
"""Points drawn alike: their name, which they are, marker and tone."""


def balance(found: Inspection) -> Drawing:
    """Return how many examples of each class each part has, as bars beside the largest of them."""
    if found.description is None or not found.balance:
        return Nothing(tr("Shown for classes: how many examples each one has."))
    counts = {part: found.balance.get(part, ()) for part in PARTS}
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
        note = "\n".join(f"{names[part]}: {whole(each[part])}" for part in PARTS)
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
                drawn.append(Points(name if part == 0 else "", x, y, tone, marker, size, hollow=part != 0))
    x, y = points.inputs.astype(np.float64).T
    return Plot(_axis(names[0], x), _axis(names[1], y), points=tuple(drawn), square=True)


def _groups(points: inspected.Points, classes: tuple[str, ...]) -> list[Group]:
    """Return the points in groups of one colour: the classes, or five ranges of the value."""
    if classes:
        return [
            (name, points.targets == index, MARKERS[index % len(MARKERS)], series_tone(index))
            for index, name in enumerate(classes)
        ]
    edges = np.unique(np.quantile(points.targets, np.linspace(0, 1, 6)))
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
        Points(names[part], x[here], y[here], tones[part], "disc", size, hollow=part != 0)
        for part in (0, VALIDATION, TEST)
        if (here := points.part == part).any()
    )
    return Plot(_axis(across, x), _axis(up, y), points=drawn)


def _axis(name: str, values: NDArray[np.float64]) -> Axis:
    low, high = float(values.min()), float(values.max())
    air = 0.05 * (high - low) or 0.5
    return Axis(name, low - air, high + air)


def examples(found: Inspection) -> Drawing:
    """Return the examples of data that is no table: pictures, texts or series."""
    if found.pixels is not None:
        return pictures(found)
    return passages(found) if found.passages else courses(found)


def pictures(found: Inspection) -> Drawing:
    """Return a grid of pictures as the network receives them, each with its label."""
    if found.pixels is None:
        return Nothing("")
    made = []
    for pixels, label, name in zip(found.pixels, found.labels, found.names, strict=False):
        shown = pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels
        made.append(Picture(shown, label, note=f"{label}\n{name}"))
    return Pictures(tuple(made))


def augmented(found: Augmented) -> Drawing:
    """Return pictures in rows: each as it is, then as augmentation changed it."""
    made = [
        Picture(pixels, "" if place else tr("as it is"), note=tr("changed") if place else tr("as it is"))
        for row in found.pixels
        for place, pixels in enumerate(row)
    ]
    return Pictures(tuple(made), columns=found.pixels.shape[1])


def passages(found: Inspection) -> Drawing:
    """Return texts with their labels, tags or translations; where nothing else is said, cut into tokens."""
    classes = sorted({one.label for one in found.passages})
    shown = tuple(_passage(one, classes) for one in found.passages)
    return Passages(shown, max(found.count - len(shown), 0))


def _passage(one: inspected.Passage, classes: Sequence[str]) -> Passage:
    tone = series_tone(classes.index(one.label)) if one.label else "text_muted"
    title = " · ".join(part for part in (one.label, one.name) if part)
    return Passage(_words(one), title, tone, one.translation)


def _words(one: inspected.Passage) -> tuple[Word, ...]:
    """Return the words with their tags, or the tokens in two shades by turns, to see where each ends."""
    if one.tags:
        return tagged_words(one.words, one.tags)
    if one.tokens:
        tokens = one.tokens[ordinary(one.tokens)]
        return tuple(words_of(tokens, ["accent"] * len(tokens), [0.15, 0.4] * len(tokens)))
    return tuple(Word(word) for text in one.words for word in text.split())


def courses(found: Inspection) -> Drawing:
    """Return series as curves: what is to be forecast, or the first channel of one series of each class."""
    if not found.courses:
        return Nothing(tr("There is nothing to show of this data."))
    if found.kind == "timeline":
        return _timeline(found)
    classes = sorted({one.label for one in found.courses})
    chosen = [next(one for one in found.courses if one.label == label) for label in classes[:_MOST_COURSES]]
    curves = tuple(
        Curve(
            one.name,
            _steps(one),
            one.values[:, 0].astype(np.float64),
            series_tone(index),
            1,
            "solid" if index < _TONES else "dash",
            legend=one.label,
        )
        for index, one in enumerate(chosen)
    )
    return _plot(tr("place in the series"), found.channels[0] if found.channels else "", curves)


def _timeline(found: Inspection) -> Plot:
    (course,) = found.courses[:1]
    wanted = found.description.targets.names if found.description else ()
    shown = [name for name in found.channels if any(target.startswith(f"{name} +") for target in wanted)]
    shown = shown or list(found.channels[:1])
    curves = tuple(
        Curve(
            name,
            np.linspace(0, found.count - 1, len(course.values)),
            course.values[:, found.channels.index(name)].astype(np.float64),
            series_tone(index),
            legend=name,
        )
        for index, name in enumerate(shown[:_MOST_COURSES])
    )
    plot = _plot(tr("row"), shown[0] if len(shown) == 1 else "", curves)
    names = (tr("validation from here"), tr("test from here"))
    borders = tuple(Upright(row - 0.5, name) for row, name in zip(found.borders, names, strict=False))
    return replace(plot, uprights=borders)


def _steps(one: inspected.Course) -> NDArray[np.float64]:
    return np.arange(len(one.values), dtype=np.float64)


def _plot(across: str, up: str, curves: tuple[Curve, ...]) -> Plot:
    x = np.concatenate([curve.x for curve in curves])
    y = np.concatenate([curve.y for curve in curves])
    y = y[np.isfinite(y)] if np.isfinite(y).any() else np.zeros(1)
    return Plot(_axis(across, x), _axis(up, y), curves=curves)
