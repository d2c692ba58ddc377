"""Windows of a course over time, and the borders between the parts of its split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.description import PARTS, PartName
from engine.data.split import Split

USUAL_HISTORY, USUAL_HORIZON = 48, 24
_FEWEST = 24
"""Rows of a course from which on windows can be advised."""


@dataclass(frozen=True)
class Borders:
    """Where the parts of a course of `rows` rows begin: forecasts never reach over a border.

    Rows before `validation` are the training stretch, those from there on before `test` the validation
    stretch, and so on. Inputs of a stretch may look back into the one before, which is past by then.
    """

    history: int
    validation: int
    test: int
    rows: int

    def stretch(self, part: PartName) -> tuple[int, int]:
        """Return the first row that is forecast in a part, and the one after its last."""
        edges = (self.history, self.validation, self.test, self.rows)
        index = PARTS.index(part)
        return edges[index], edges[index + 1]


def borders(rows: int, history: int, horizon: int, split: Split) -> Borders:
    """Return the borders that give each part its share of the rows that can be forecast.

    Raises Invalid, naming what to change, where a part that has a share cannot hold one forecast.
    """
    room = rows - history
    if room < horizon:
        raise Invalid([Problem("data.history", _too_short(rows, history, horizon))])
    validation = history + round(room * split.train)
    # without a test part the last row goes to validation, whatever the shares round to
    test = rows if split.test == 0 else history + round(room * (split.train + split.validation))
    found = Borders(history, validation, test, rows)
    problems = []
    for part, share in zip(PARTS, (split.train, split.validation, split.test), strict=True):
        first, end = found.stretch(part)
        if share > 0 and end - first < horizon:
            problems.append(
                Problem(
                    f"split.{part}",
                    Message(
                        "leaves {end} rows to forecast in this part, and one forecast is {horizon}: raise "
                        "the share, shorten history or horizon, or give more rows{advice}",
                        end=end - first,
                        horizon=horizon,
                        advice=_advice(rows, history, horizon),
                    ),
                )
            )
    if problems:
        raise Invalid(problems)
    return found


def windows_for(rows: int) -> tuple[int, int]:
    """Return a history and a horizon that leave each part of a course of so many rows some forecasts.

    Twelve years of months are forecast by a year, of which three years are seen.
    """
    return max(1, min(USUAL_HISTORY, rows // 4)), max(1, min(USUAL_HORIZON, rows // 12))


def _advice(rows: int, history: int, horizon: int) -> str:
    """Return shorter windows, where they would fit."""
    fits = windows_for(rows)
    if rows < _FEWEST or fits == (history, horizon):
        return ""
    return Message(
        "; of {rows} rows, {history} of history and {horizon} to forecast fit",
        rows=rows,
        history=fits[0],
        horizon=fits[1],
    )


def _too_short(rows: int, history: int, horizon: int) -> str:
    return Message(
        "{history} rows of history and {horizon} to forecast need at least {least} rows "
        "in each window, and there are {rows}: shorten them, or give more rows{advice}",
        history=history,
        horizon=horizon,
        least=history + horizon,
        rows=rows,
        advice=_advice(rows, history, horizon),
    )


def first_forecasts(rows: int, history: int, horizon: int, stride: int = 1) -> NDArray[np.int64]:
    """Return the first forecast row of every window in a course of `rows` rows, ascending."""
    return np.arange(history, rows - horizon + 1, stride, dtype=np.int64)


def starts_of(
    stretches: Sequence[tuple[int, int]], history: int, horizon: int, stride: int = 1
) -> NDArray[np.int64]:
    """Return the first forecast row of every window of courses one below another; none reaches over two."""
    each = [first_forecasts(end - start, history, horizon, stride) + start for start, end in stretches]
    return np.concatenate(each) if each else np.empty(0, np.int64)


def within(first: NDArray[np.int64], horizon: int, stretch: tuple[int, int]) -> NDArray[np.int64]:
    """Return which windows forecast rows of a stretch alone, as indices into `first`."""
    start, end = stretch
    return np.flatnonzero((first >= start) & (first + horizon <= end)).astype(np.int64)


def windows(values: NDArray[np.float32], begins: NDArray[np.int64], length: int) -> NDArray[np.float32]:
    """Return (N, length, columns): the rows of `values` (rows, columns) from each of `begins` on."""
    # the view refuses a window longer than the course
    if not len(begins):
        return np.empty((0, length, values.shape[1]), np.float32)
    # a view of all windows takes no memory; only the chosen ones are copied
    view = np.lib.stride_tricks.sliding_window_view(values, length, axis=0)
    return np.ascontiguousarray(view[begins].transpose(0, 2, 1))
