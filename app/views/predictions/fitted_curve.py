"""Fitted curve: the prediction over a single input, through the examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.course.reduction import y_range
from app.views.drawing import (
    MARKERS,
    Axis,
    Curve,
    Drawing,
    Plot,
    PointMarks,
    Readout,
    Viewport,
    series_tone,
)
from app.views.view import ReadingView, Slot
from engine.events import Facts
from engine.probes.fitted_functions import FittedCurve, FittedValues


class FittedCurveView(ReadingView, shows=FittedCurve, kind="fitted_curve", title="Fitted curve", rank=11):
    """What the network predicts for every value of the input, with the examples it learns from.

    Full points are training examples, hollow ones validation examples. A curve that runs through every full
    point and misses the hollow ones has learnt them by heart.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see the curve bend towards the points."
    zoomable: ClassVar[bool] = True

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "vector" and facts.input_shape == (1,) and facts.target_kind == "numbers"

    @override
    def picture(self, found: FittedValues, facts: Facts, viewport: Viewport) -> Drawing:
        names = facts.target_names
        x, y = found.x.astype(np.float64), found.y.astype(np.float64)
        point_x, point_y = found.point_x.astype(np.float64), found.point_y.astype(np.float64)
        curves, points = [], []
        for target in range(y.shape[1]):
            tone = series_tone(target)
            name = names[target] if target < len(names) else tr("prediction")
            curves.append(Curve(name, x, y[:, target], tone, 2, legend=name if y.shape[1] > 1 else ""))
            for which, hollow in ((0, False), (1, True)):
                here = found.part == which
                # of several targets the legend names the curves; points have their tones
                label = "" if y.shape[1] > 1 else tr("validation") if hollow else tr("train")
                points.append(
                    PointMarks(
                        label, point_x[here], point_y[here, target], tone, MARKERS[target % 6], 5.0, hollow
                    )
                )
        wide = viewport.x or _air(x, point_x)
        high = viewport.y or y_range([point_y, y])
        label = facts.input_names[0] if facts.input_names else "x"
        return Plot(
            Axis(label, *wide), Axis(names[0] if len(names) == 1 else "", *high), tuple(curves), tuple(points)
        )

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["x", *(facts.target_names or ["y"])]

    @override
    def table(self, found: FittedValues, facts: Facts) -> Iterator[Sequence[object]]:
        for x, y in zip(found.x, found.y, strict=True):
            yield [x, *y]

    @override
    def read(self, found: FittedValues, facts: Facts, x: float) -> tuple[Readout, ...]:
        if not len(found.x):
            return ()
        at, values = found.x.astype(np.float64), found.y.astype(np.float64)
        name = facts.input_names[0] if facts.input_names else "x"
        readouts = [Readout(name, number(x), "text_muted")]
        for target in range(values.shape[1]):
            label = facts.target_names[target] if target < len(facts.target_names) else tr("prediction")
            readouts.append(
                # the probe's places rise evenly, as interp needs them to
                Readout(label, number(float(np.interp(x, at, values[:, target]))), series_tone(target))
            )
        return tuple(readouts)


def _air(*arrays: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    values = np.concatenate(arrays)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
