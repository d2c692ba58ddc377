"""Predicted against true: every validation example as a point that should lie on the diagonal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.words import tr
from app.views.course.reduction import y_range
from app.views.drawing import MARKERS, Axis, Drawing, Plot, PointMarks, Viewport, series_tone
from app.views.named import row_number
from app.views.view import ReadingView, Slot, View
from engine.events import Facts
from engine.probes.predictions import PredictedAgainstTrue, PredictedNumbers

_FEW = 500
"""Of fewer examples every point is drawn larger."""
_MOST_NAMED = 6
"""More targets than these (the moments of a forecast) are drawn alike, without a legend."""


class PredictedAgainstTrueView(
    ReadingView,
    shows=PredictedAgainstTrue,
    kind="predicted_against_true",
    title="Predicted against true",
    rank=20,
):
    """Each point is a validation example: to the right its true value, upwards what the network predicts.

    Points on the dashed diagonal are exactly right; above it the prediction is too high, below it too low. A
    flat cloud means that the network says the same for everything.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side", "left")
    waiting: ClassVar[str] = "Press Train to see predictions against the true values."
    zoomable: ClassVar[bool] = True

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.target_kind == "numbers"

    @classmethod
    @override
    def first(cls, facts: Facts, slot: Slot) -> View | None:
        """Return it, but of forecasts only where there is nothing better: each window has many numbers."""
        return None if slot == "left" and facts.task == "forecasting" else cls()

    @override
    def picture(self, found: PredictedNumbers, facts: Facts, viewport: Viewport) -> Drawing:
        return against_diagonal(facts.target_names, found.truth, found.predicted, found.rows, viewport)

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["row", *(f"{part} {name}" for name in facts.target_names for part in ("true", "predicted"))]

    @override
    def table(self, found: PredictedNumbers, facts: Facts) -> Iterator[Sequence[object]]:
        for row, truth, predicted in zip(found.rows, found.truth, found.predicted, strict=True):
            yield [row_number(row), *(value for pair in zip(truth, predicted, strict=True) for value in pair)]


def against_diagonal(
    names: Sequence[str],
    truth: NDArray[Any],
    predicted: NDArray[Any],
    rows: NDArray[Any],
    viewport: Viewport = Viewport(),  # noqa: B008 - frozen
) -> Plot:
    """Return the plot of predicted numbers over the true ones: (examples, targets) each, named by target."""
    truth, predicted = truth.astype(np.float64), predicted.astype(np.float64)
    told = 1 < truth.shape[1] <= _MOST_NAMED
    numbers = np.array([row_number(row) for row in rows.tolist()], np.int64)
    points = [
        PointMarks(
            names[target] if target < len(names) and told else "",
            truth[:, target],
            predicted[:, target],
            series_tone(target if told else 0),
            MARKERS[target % len(MARKERS) if told else 0],
            # a cloud of many large points would be one patch
            6.0 if len(truth) < _FEW else 4.5,
            rows=numbers,
        )
        for target in range(truth.shape[1])
    ]
    both = _ends(truth, predicted)
    return Plot(
        Axis(tr("True value"), *(viewport.x or both)),
        Axis(tr("Predicted"), *(viewport.y or both)),
        points=tuple(points),
        diagonal=True,
        square=True,
    )


def _ends(
    truth: np.ndarray[Any, np.dtype[np.float64]], predicted: np.ndarray[Any, Any]
) -> tuple[float, float]:
    """Return the range of both axes: all true values, and predictions that are not absurdly far from them."""
    low, high = y_range([truth])
    span = high - low
    # one prediction that is far off would press all others into a corner
    near = predicted[np.isfinite(predicted) & (predicted > low - span) & (predicted < high + span)]
    values = np.concatenate((truth.ravel(), near.ravel()))
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    # 0.5: a single value has no span, and an axis needs one
    air = 0.05 * (float(values.max()) - float(values.min())) or 0.5
    return float(values.min()) - air, float(values.max()) + air
