"""Forecasts: what the network sees coming, beside what came."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.data.series.raw import Timeline
from engine.probes.probe import Probe, Subject

MOST_ROWS = 2000
"""Of a longer history the end is shown."""


@dataclass(frozen=True, eq=False)
class ForecastWindow:
    """One forecast, in the units of the data.

    `history` (rows, targets) is what was before, the newest row last; `truth` and `predicted` (horizon,
    targets) what came and what was forecast. `first` is the first row that is forecast; `times` says when
    each row was, those of the history and then those forecast; `names` are the targets. `course` names the
    series where there are several.
    """

    history: NDArray[np.float32]
    truth: NDArray[np.float32]
    predicted: NDArray[np.float32]
    first: int
    times: tuple[str, ...]
    names: tuple[str, ...]
    course: str = ""


class Forecasts(Probe, kind="forecasts", title="Forecasts"):
    """One forecast of the validation stretch: what the network saw, what it made of it and what came."""

    window: Annotated[
        float,
        Setting("Position", "Where in the validation part: 0 its beginning, 1 its end.", least=0, most=1),
    ] = 0.0

    def fits(self, description: Description) -> bool:
        """Return whether numbers are predicted of series."""
        return description.inputs.kind == "series" and description.targets.kind == "numbers"

    def measure(self, subject: Subject) -> ForecastWindow:
        """Return the forecast; one without targets where the series are no course over time."""
        import torch

        from engine.data.series.encode import TimelineEncoder

        examples, raw = subject.data.validation, subject.data.raw
        encoder = subject.data.preprocessor.encoder
        if not isinstance(raw, Timeline) or not isinstance(encoder, TimelineEncoder):
            # numbers may also be predicted of series that lie one by one, which have no next row
            return ForecastWindow(*(np.empty((0, 0), np.float32),) * 3, 0, (), ())
        chosen = round(self.window * (len(examples) - 1))
        first = int(examples.rows[chosen])
        own = [raw.columns.index(name) for name in encoder.targets]
        begin, end = first - min(encoder.history, MOST_ROWS), first + encoder.horizon
        predicted = subject.predict(torch.from_numpy(examples.inputs[chosen : chosen + 1]))[0].cpu().numpy()
        # in the network's answer all steps of one target stand together
        steps = predicted.reshape(len(own), encoder.horizon).T
        ends = [end for _, end in raw.stretches]
        return ForecastWindow(
            # of the raw course: what was encoded is standardised
            history=np.ascontiguousarray(raw.values[begin:first, own]),
            truth=np.ascontiguousarray(raw.values[first:end, own]),
            predicted=np.ascontiguousarray(steps.astype(np.float32)),
            first=first,
            times=tuple(raw.times[begin:end].tolist()),
            names=tuple(encoder.targets),
            course=raw.names[bisect_right(ends, first)] if raw.names else "",
        )
