"""Forecasts: what the network sees coming, beside what came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.curves import y_range
from app.views.drawing import Axis, Curve, Drawing, Nothing, Plot, Upright, Viewport, series_tone
from app.views.probed import lines_of
from app.views.view import Records, View
from engine.choices import Setting
from engine.events import Facts

_SEEN = 4
"""So many times the horizon is shown of what was before, when there is as much."""


class ForecastsView(View, kind="forecasts", title="Forecast", rank=12):
    """One forecast of the validation stretch: what the network saw, what it makes of it, and what came.

    Right of the dashed line the network saw nothing: the thin line is what came, the strong one its forecast.
    Move the position to see forecasts from other moments.
    """

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
    def probe(self) -> Mapping[str, Any] | None:
        return {"kind": "forecasts", "window": self.window}

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        found = records[0].picture("forecasts") if records else None
        if found is None:
            return Nothing(tr(self.waiting))
        if "history" not in found:
            return Nothing(tr("Shown for data in the order of time."))
        names = lines_of(found["names"])
        first, horizon = int(found["rows"][0]), len(found["truth"])
        seen = min(len(found["history"]), _SEEN * horizon)
        curves: list[Curve] = []
        for index, name in enumerate(names):
            curves += _curves(found, index, name, seen)
        times = lines_of(found["times"])
        when = times[len(found["history"])] if len(times) > len(found["history"]) else str(first + 1)
        x = viewport.x or (float(first - seen), float(first + horizon - 1))
        y = viewport.y or y_range([curve.y for curve in curves])
        label = names[0] if len(names) == 1 else ""
        here = Upright(first - 0.5, "")
        across = tr("forecast from {time} on", time=when)
        axis = Axis(across, *x, whole=True, names=tuple(times), first=first - len(found["history"]))
        return Plot(axis, Axis(label, *y), tuple(curves), uprights=(here,))

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        found = records[0].picture("forecasts") if records else None
        yield ["time", "target", "truth", "forecast"]
        if found is None or "history" not in found:
            return
        times = lines_of(found["times"])
        for index, name in enumerate(lines_of(found["names"])):
            values = [*found["history"][:, index], *found["truth"][:, index]]
            guesses = [""] * len(found["history"]) + [number(v, 7) for v in found["predicted"][:, index]]
            for time, truth, guess in zip(times, values, guesses, strict=False):
                yield [time, name, truth, guess]


def _curves(found: Mapping[str, Any], index: int, name: str, seen: int) -> list[Curve]:
    """Return what was seen, what came and what was forecast of one target."""
    first = int(found["rows"][0])
    before = found["history"][len(found["history"]) - seen :, index]
    several = index > 0 or len(found["truth"][0]) > 1
    history, forecast = forecast_curves(
        name, before, found["predicted"][:, index], first, index, several=several
    )
    came = np.concatenate([history.y[-1:], found["truth"][:, index].astype(np.float64)])
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


def _legend(name: str, what: str, *, several: bool) -> str:
    return f"{name}: {what}" if several else what
