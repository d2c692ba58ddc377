"""What the data view shows of series and of courses over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import natural, shifted
from engine.data.description import TargetKind
from engine.data.inspection.records import Course, Inspection
from engine.data.prepared import Prepared
from engine.data.series.encode import TimelineEncoder
from engine.data.series.prepare import measured
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.thinning import thinned
from engine.data.series.windows import borders
from engine.data.split import Split
from engine.data.tables.column_facts import Fate, column_facts

MOST_SERIES = 60
MOST_PLACES = 600
MOST_ROWS = 100
_MOST_POINTS = 4_000
_MOST_SHOWN = 30
"""Channels of a course that are drawn."""


def inspect_series(raw: SeriesSet, guess: TargetKind | None) -> Inspection:
    """Return series of every class, evenly chosen, long ones thinned."""
    return Inspection(
        "series",
        len(raw),
        guess=guess,
        candidates=(raw.target,) if (raw.labels != "").any() else (),
        labels=tuple(sorted(set(raw.labels.tolist()) - {""}, key=natural)),
        courses=tuple(
            Course(raw.names[row], thinned(raw.values[row], MOST_PLACES), str(raw.labels[row]))
            for row in _chosen(raw)
        ),
        channels=raw.channels,
    )


def inspect_timeline(
    raw: Timeline, prepared: Prepared | None, split: Split, guess: TargetKind | None
) -> Inspection:
    """Return the course, thinned, with the facts of its columns and where the parts of the split begin.

    Targets and as many other columns as can be shown are in the course, in the order of `channels`.
    """
    shown = [*raw.targets, *(name for name in raw.columns if name not in raw.targets)][:_MOST_SHOWN]
    shown = [name for name in shown if name in raw.columns]
    # one course, with its own borders: of several the first
    drawn = raw.alone(0)
    values = drawn.values[:, [raw.columns.index(name) for name in shown]]
    first = raw.values[:MOST_ROWS]
    edges = None if prepared is None else borders(len(drawn), raw.history, raw.horizon, split)
    return Inspection(
        "timeline",
        len(raw),
        columns=tuple(
            column_facts(name, pd.Series(raw.values[:, place].astype(np.float64)), _fate(name, raw, prepared))
            for place, name in enumerate(raw.columns)
        ),
        candidates=measured(raw),
        guess=guess,
        header=(raw.time or "row", *raw.columns),
        rows=tuple(
            (str(time), *(f"{value:.6g}" for value in row))
            for time, row in zip(raw.times.tolist(), first.tolist(), strict=False)
        ),
        courses=(_drawn_course(drawn, raw, thinned(values, _MOST_POINTS)),),
        drawn_rows=len(drawn),
        channels=tuple(shown),
        borders=() if edges is None else (edges.validation, edges.test),
    )


def _drawn_course(drawn: Timeline, raw: Timeline, values: NDArray[np.float32]) -> Course:
    """Return the course that is drawn, with its times where the rows have some."""
    series = raw.names[0] if raw.names else ""
    rows = np.linspace(0, len(drawn) - 1, len(values)).round().astype(np.int64)
    times = tuple(str(time) for time in drawn.times[rows]) if raw.time else ()
    return Course(series or raw.time or "row", values, series, times)


def _chosen(raw: SeriesSet) -> list[int]:
    """Return rows spread over the set, and the first of every class as far as there is room."""
    spread = np.linspace(0, len(raw) - 1, min(len(raw), MOST_SERIES)).round().astype(np.int64)
    _, first = np.unique(raw.labels, return_index=True)
    # half of the room at most, so that sets of very many classes are still shown evenly
    kept = first[: MOST_SERIES // 2].tolist()
    rest = [row for row in spread.tolist() if row not in kept]
    return sorted([*kept, *rest[: MOST_SERIES - len(kept)]])


def _fate(name: str, raw: Timeline, prepared: Prepared | None) -> Fate:
    encoder = None if prepared is None else prepared.preprocessor.encoder
    if not isinstance(encoder, TimelineEncoder):
        return ("target" if name in raw.targets else "input", "number", "")
    if name not in encoder.columns:
        return "left out", "number", "left out, because it is the same in every row of the training part"
    place = encoder.columns.index(name)
    how = shifted("x", encoder.offset[place], encoder.scale[place], 4)
    if name in raw.targets:
        return "target", "number", Message("input and forecast: {how}", how=how)
    return "input", "number", Message("1 channel: {how}", how=how)
