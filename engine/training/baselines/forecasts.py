"""Baselines of forecasts: the last value, and the value one season before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.description import PartName
from engine.data.prepared import Prepared
from engine.data.series.raw import Timeline
from engine.learning.metrics import Metric
from engine.training.baselines.beside import Beside, in_units, scored


def naive_forecast(
    kind: str, season: int, prepared: Prepared, metrics: Sequence[Metric], part: PartName
) -> Beside:
    """Judge who says what was one season before; a season of one row: that all stays as it is."""
    raw, judged = prepared.raw_of(part), prepared.part(part)
    assert isinstance(raw, Timeline)
    columns = [raw.columns.index(name) for name in raw.targets]
    values = raw.values[:, columns].astype(np.float64)
    # the windows of a course know of no other
    begins = np.array([start for start, _ in raw.stretches])
    begins = begins[np.searchsorted(begins, judged.rows, side="right") - 1]
    said = torch.from_numpy(repeated(values, judged.rows, raw.horizon, season, begins))
    truth = in_units(prepared, torch.from_numpy(judged.targets))
    return Beside({kind: scored(said, truth, metrics)})


def repeated(
    values: NDArray[np.float64],
    first: NDArray[np.int64],
    horizon: int,
    season: int,
    begins: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Return forecasts (N, targets · horizon) from the rows `first` (N,) on, by repeating the last season.

    Formula: ŷ(t + h) = y(t + h − m ⌈h/m⌉), t the last row that is known; the first value there is where that
    lies before the beginning: the row of `begins` (N,), 0 without

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2021, section 5.2.
    """
    steps = np.arange(horizon)
    rows = first[:, None] + steps - season * (steps // season + 1)
    found = values[np.maximum(rows, 0 if begins is None else begins[:, None])]  # (N, horizon, targets)
    # as the network puts forecasts out: all steps of one target, then those of the next
    return np.ascontiguousarray(found.transpose(0, 2, 1)).reshape(len(first), -1)
