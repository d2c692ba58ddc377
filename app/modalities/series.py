"""Series, and courses over time that are to be forecast: shown as curves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.language.words import tr
from app.look.theme import Theme
from app.modalities.appearance import Appearance, Group, appears
from app.modalities.plots import plot
from app.modalities.strokes import draw_line, steps
from app.modalities.wanted import Wanted
from app.views.drawing import Curve, Drawing, Nothing, Upright, series_tone
from app.views.predictions.forecasts import series_label
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment

_MOST_COURSES = 12
_TONES = 8


def series_curves(found: Inspection) -> Drawing:
    """Return series as curves: the first channel of one series of each class."""
    if not found.courses:
        return Nothing(tr("There is nothing to show of this data."))
    classes = sorted({one.label for one in found.courses})
    chosen = [next(one for one in found.courses if one.label == label) for label in classes[:_MOST_COURSES]]
    curves = tuple(
        Curve(
            one.name,
            np.arange(len(one.values), dtype=np.float64),
            one.values[:, 0].astype(np.float64),
            series_tone(index),
            1,
            "solid" if index < _TONES else "dash",
            legend=one.label,
        )
        for index, one in enumerate(chosen)
    )
    return plot(tr("place in the series"), found.channels[0] if found.channels else "", curves)


def _timeline(found: Inspection) -> Drawing:
    """Return what is to be forecast as curves, with where the parts of the split begin."""
    if not found.courses:
        return Nothing(tr("There is nothing to show of this data."))
    (course,) = found.courses[:1]
    wanted = found.description.targets.names if found.description else ()
    # a target is called by its column and how far ahead it lies: "load +3"
    shown = [name for name in found.channels if any(target.startswith(f"{name} +") for target in wanted)]
    shown = shown or list(found.channels[:1])
    count = len(course.values)
    # a long course comes thinned out; where its rows have times, each point stands at its own
    rows = float(count - 1 if course.times else found.drawn_rows - 1)
    curves = tuple(
        Curve(
            name,
            np.linspace(0, rows, count),
            course.values[:, found.channels.index(name)].astype(np.float64),
            series_tone(index),
            legend=name,
        )
        for index, name in enumerate(shown[:_MOST_COURSES])
    )
    label = series_label(shown[0] if len(shown) == 1 else "", course.label)
    shown_plot = plot(found.header[0] if course.times else tr("row"), label, curves)
    if course.times:
        shown_plot = replace(shown_plot, x=replace(shown_plot.x, whole=True, names=course.times))
    scale = rows / max(found.drawn_rows - 1, 1)
    names = (tr("validation from here"), tr("test from here"))
    # between the last row of one part and the first of the next
    borders = tuple(
        Upright((row - 0.5) * scale, name) for row, name in zip(found.borders, names, strict=False)
    )
    return replace(shown_plot, uprights=borders)


def _sketch(painter: QPainter, theme: Theme, area: QRectF, task: str) -> None:
    """Draw a course that goes on as a forecast, or three series of a class each."""
    if task == "forecasting":
        waves = [(x, 0.5 + 0.32 * math.sin(5 * math.pi * x) + 0.12 * x) for _, x in steps(60)]
        # both hold point 40, so that the forecast begins where the course ends
        draw_line(painter, area, waves[:41], QPen(theme.series(0), 2))
        draw_line(painter, area, waves[40:], QPen(theme.series(1), 2, Qt.PenStyle.DotLine))
        return
    for group in range(3):
        wave = [
            (x, 0.2 + 0.3 * group + (0.09 + 0.02 * group) * math.sin((3 + 2 * group) * math.pi * x + group))
            for _, x in steps(60)
        ]
        draw_line(painter, area, wave, QPen(theme.series(group), 2))


def _wants_series(inputs: Mapping[str, Any], experiment: Experiment) -> Wanted:
    files = tr("Series as they were for training: CSV, .ts, or a folder of such.")
    return Wanted(tr("takes series"), files, "files", folders=True, roomy=True)


def _wants_course(inputs: Mapping[str, Any], experiment: Experiment) -> Wanted:
    history, horizon = (_count(inputs.get(name)) for name in ("history", "horizon"))
    words = tr("looks at {history} rows and forecasts the next {horizon}", history=history, horizon=horizon)
    files = tr("A table that ends with the rows after which the forecast is to begin.")
    return Wanted(words, files, "files", roomy=True, forecasts=True)


def _count(value: object) -> int:
    # JSON's true is an int in Python
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


SERIES = Group("series", lambda: tr("Series"), 4, _sketch)

appears(
    Appearance(
        "series",
        SERIES,
        "activity",
        lambda: tr("1 series"),
        lambda count: tr("{count} series", count=count),
        lambda: tr("One series of each class"),
        series_curves,
        _wants_series,
    ),
    Appearance(
        "timeline",
        SERIES,
        "activity",
        lambda: tr("1 row in time"),
        lambda count: tr("{count} rows in time", count=count),
        lambda: tr("What is to be forecast"),
        _timeline,
        _wants_course,
        windows=True,
        ahead=True,
    ),
)
