"""Forecasts: what the network sees coming, beside what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.words import tr
from app.views.course.reduction import y_range
from app.views.drawing import Axis, Curve, Drawing, Nothing, Plot, Upright, Viewport, series_tone
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.forecasts import Forecasts, ForecastWindow

_SEEN = 4
"""So many times the horizon is shown of what was before, when there is as much."""


class ForecastsView(ReadingView, shows=Forecasts, kind="forecasts", title="Forecast", rank=12):
    """One forecast of the validation stretch: what the network saw, what it makes of it, and what came.

    Right of the dashed line the network saw nothing: the thin line is what came, the strong one its forecast.
    Move the position to see forecasts from other moments.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("side",)
    waiting: ClassVar[str] = "Press Train to see a forecast."
    zoomable: ClassVar[bool] = True

    window: Annotated[
        float,
        Setting("Position", "Where in the validation part: 0 begins, 1 ends it.", least=0, most=1),
    ] = 0.5

    @classmethod
    @override
    def fits(cls, facts: Facts) -> bool:
        return facts.input_kind == "series" and facts.target_kind == "numbers"

    @override
    def picture(self, found: ForecastWindow, facts: Facts, viewport: Viewport) -> Drawing:
        if not found.names:
            return Nothing(tr("Shown for data in the order of time."))
        first, horizon = found.first, len(found.truth)
        seen = min(len(found.history), _SEEN * horizon)
        curves = [curve for index in range(len(found.names)) for curve in _curves(found, index, seen)]
        known = len(found.history)
        when = found.times[known] if len(found.times) > known else str(first + 1)
        x = viewport.x or (float(first - seen), float(first + horizon - 1))
        y = viewport.y or y_range([curve.y for curve in curves])
        label = series_label(found.names[0] if len(found.names) == 1 else "", found.course)
        # half a row before: the line stands between what was seen and what came
        here = Upright(first - 0.5, "")
        across = tr("forecast from {time} on", time=when)
        axis = Axis(across, *x, whole=True, names=found.times, first=first - known)
        return Plot(axis, Axis(label, *y), tuple(curves), uprights=(here,))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["time", "series", "target", "truth", "forecast"]

    @override
    def table(self, found: ForecastWindow, facts: Facts) -> Iterator[Sequence[object]]:
        for index, name in enumerate(found.names):
            values = [*found.history[:, index], *found.truth[:, index]]
            # a float32 holds seven digits; a program that reads them knows no thin blanks between thousands
            guesses = [""] * len(found.history) + [float(f"{v:.7g}") for v in found.predicted[:, index]]
            for time, truth, guess in zip(found.times, values, guesses, strict=False):
                yield [time, found.course, name, truth, guess]


def _curves(found: ForecastWindow, index: int, seen: int) -> list[Curve]:
    """Return what was seen, what came and what was forecast of one target."""
    name, several = found.names[index], len(found.names) > 1
    before = found.history[len(found.history) - seen :, index]
    history, forecast = forecast_curves(
        name, before, found.predicted[:, index], found.first, index, several=several
    )
    # From the last value that was seen on, or the line would begin with a gap.
    came = np.concatenate([history.y[-1:], found.truth[:, index].astype(np.float64)])
    truth = Curve(
        tr("{name}, what came", name=name), forecast.x, came, "text_muted", 1, "dash",
        legend=_legend(name, tr("what came"), several=several),
    )  # fmt: skip
    return [history, truth, forecast]


def forecast_curves(
    name: str, before: NDArray[Any], said: NDArray[Any], first: int, index: int, *, several: bool
) -> tuple[Curve, Curve]:
    """Return the values of a target before row `first`, and its forecast from there on, joined to them."""
    known, ahead = (values.astype(np.float64) for values in (before, said))
    return (
        Curve(name, np.arange(first - len(known), first, dtype=np.float64), known, "text_muted"),
        Curve(
            tr("{name}, forecast", name=name),
            np.arange(first - 1, first + len(ahead), dtype=np.float64),
            np.concatenate([known[-1:], ahead]),
            series_tone(2 * index + 1),
            2,
            legend=_legend(name, tr("forecast"), several=several),
        ),
    )


def series_label(target: str, series: str) -> str:
    """Return what the axis of a forecast is of: its target, and which of several series."""
    return ", ".join(part for part in (target, series) if part)


def _legend(name: str, what: str, *, several: bool) -> str:
    return f"{name}: {what}" if several else what
