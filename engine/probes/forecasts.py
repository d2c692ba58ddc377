"""Forecasts: what the network sees coming, beside what came."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from engine.choices import Setting
from engine.data.description import Description
from engine.data.raw import Timeline
from engine.probes.probe import Arrays, Probe, Subject, as_lines

MOST_ROWS = 2000
"""Of a longer history the end is shown."""


class Forecasts(Probe, kind="forecasts", title="Forecasts"):
    """One forecast of the validation stretch: the rows the network saw, what it made of them and what came.

    Arrays, in the units of the data: `history` float32 (rows, targets), the newest row last; `truth`,
    `predicted` float32 (horizon, targets); `windows` int64 (1,), how many forecasts there are to choose from;
    `rows` int64 (1,), the first row that is forecast; `times` uint8, when each row was, as UTF-8, a line
    each, those of the history and then those forecast; `names` uint8, the targets, a line each.
    """

    window: Annotated[
        float,
        Setting("Position", "Where in the validation part: 0 its beginning, 1 its end.", least=0, most=1),
    ] = 0.0

    def fits(self, description: Description) -> bool:
        """Return whether numbers are predicted of series."""
        return description.inputs.kind == "series" and description.targets.kind == "numbers"

    def measure(self, subject: Subject) -> Arrays:
        """Return the forecast; nothing where the series are no course over time."""
        import torch

        from engine.data.series.encoders import TimelineEncoder

        examples, raw = subject.data.validation, subject.data.raw
        encoder = subject.data.preprocessor.encoder
        if not isinstance(raw, Timeline) or not isinstance(encoder, TimelineEncoder):
            return {"windows": np.zeros(1, np.int64)}
        chosen = round(self.window * (len(examples) - 1))
        first = int(examples.rows[chosen])
        own = [raw.columns.index(name) for name in encoder.targets]
        begin, end = first - min(encoder.history, MOST_ROWS), first + encoder.horizon
        predicted = subject.predict(torch.from_numpy(examples.inputs[chosen : chosen + 1]))[0].cpu().numpy()
        steps = predicted.reshape(len(own), encoder.horizon).T
        return {
            "history": np.ascontiguousarray(raw.values[begin:first, own]),
            "truth": np.ascontiguousarray(raw.values[first:end, own]),
            "predicted": np.ascontiguousarray(steps.astype(np.float32)),
            "windows": np.array([len(examples)]),
            "rows": np.array([first]),
            "times": as_lines(raw.times[begin:end].tolist()),
            "names": as_lines(encoder.targets),
        }
