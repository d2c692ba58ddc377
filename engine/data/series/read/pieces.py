"""Recordings whose label changes along them, as what somebody does while a sensor writes on: cut into
pieces of one label and so many rows, each of which is an example.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import as_text, is_date, is_number
from engine.data.decisions import decided
from engine.data.refusal import refused

PIECE, STRETCH = "piece", "stretch"
"""What the columns are called that number the pieces, and the stretches where nothing says of whom."""
_USUAL, _PIECES = 100, 4
"""Rows of a piece at most, and how many a usual stretch of one label has at least."""
_LONG, _MOST_LABELS = 20, 50
"""Rows of one label on end on average, from which on they are stretches of a recording."""
_MOSTLY = 0.95
_FAST = 10e9
"""Nanoseconds between the rows of a recording at most; what is measured less often is a course."""


@dataclass(frozen=True)
class Stretches:
    """What a table of recordings holds: the column of labels, that of times, and that which says of whom."""

    label: str
    time: str
    identifier: str


def stretches_in(frame: pd.DataFrame, targets: Collection[str] = (), *, label: str = "") -> Stretches | None:
    """Return the columns of a table whose rows follow each other fast, label by label; None for any other.

    Times go on within a stretch, and no two stretches lie at the same times: so a table that was sorted by
    its classes, or of several courses, is none.
    """
    # codes of activities are numbers, and known as labels only where somebody says so
    codes = [name for name in targets if name in frame.columns and _may_code(frame[name])]
    words = [str(name) for name in frame.columns if _may_label(frame[name])]
    named = [label] if label else codes if len(codes) == 1 else words
    if len(named) != 1 or len(frame) < 2 * _LONG or not {*targets} <= {named[0]}:
        return None
    runs = _runs(frame[named[0]])
    count = int(runs[-1]) + 1
    rest = [name for name in frame.columns if str(name) != named[0]]
    # in a table that was sorted by its classes none comes back
    if count < frame[named[0]].nunique() + 2 or len(frame) < _LONG * count:
        return None
    times = [str(name) for name in rest if _goes_on(frame[name], runs)]
    measured = [name for name in rest if is_number(frame[name]) and str(name) not in times]
    if not times or not measured:
        return None
    who = [str(name) for name in measured if _says_who(frame[name], runs, frame[named[0]])]
    # of several, which is meant is not known
    return Stretches(named[0], times[0], who[0] if len(who) == 1 else "")


def seen_stretches(frame: pd.DataFrame, targets: Collection[str] = ()) -> str:
    """Return how many stretches of one label a table of recordings holds; "" where it is none."""
    found = stretches_in(frame, targets)
    if found is None:
        return ""
    return Message(
        "the rows are a recording in {count} stretches, told apart by {label}",
        count=int(_runs(frame[found.label])[-1]) + 1,
        label=found.label,
    )


def _may_label(column: pd.Series[Any]) -> bool:
    words = not is_number(column) and not is_date(column)
    return words and 1 < column.nunique() <= _MOST_LABELS


def _may_code(column: pd.Series[Any]) -> bool:
    whole = is_number(column) and not column.isna().any() and bool((column % 1 == 0).all())
    return whole and 1 < column.nunique() <= _MOST_LABELS


def _runs(*columns: pd.Series[Any]) -> NDArray[np.int64]:
    """Return the number of the stretch of each row: a new one begins where any of the columns changes."""
    codes = [pd.factorize(column)[0] for column in columns]
    changes = np.any([np.diff(code, prepend=code[:1]) != 0 for code in codes], axis=0)
    return np.cumsum(changes).astype(np.int64)


def _goes_on(column: pd.Series[Any], runs: NDArray[np.int64]) -> bool:
    """Return whether a column tells times that go on within stretches, fast, and are never told twice."""
    if not (is_date(column) or is_number(column)) or column.isna().any():
        return False
    values = column.astype("int64").to_numpy() if is_date(column) else column.to_numpy(np.float64)
    steps = np.diff(values)[np.diff(runs) == 0]
    fast = not is_date(column) or float(np.median(steps)) <= _FAST
    return bool(fast and (steps > 0).mean() >= _MOSTLY and len(np.unique(values)) >= _MOSTLY * len(values))


def _says_who(column: pd.Series[Any], runs: NDArray[np.int64], label: pd.Series[Any]) -> bool:
    """Return whether whole numbers are the same along each stretch, and come again with other labels."""
    values = column.to_numpy(np.float64)
    if np.isnan(values).any() or (values % 1 != 0).any():
        return False
    inside = np.diff(values)[np.diff(runs) == 0]
    again = label.groupby(values).nunique() > 1
    return bool((inside == 0).all() and again.all()) and len(again) > 1


def usual_window(frame: pd.DataFrame, name: str, label: str) -> int:
    """Return how many rows make a piece: a quarter of a usual stretch, at most a hundred."""
    columns = [frame[label], *([frame[name]] if name else [])]
    lengths = np.bincount(_runs(*columns))
    return int(max(2, min(_USUAL, np.median(lengths) // _PIECES)))


def in_pieces(
    frame: pd.DataFrame, name: str, label: str, window: int, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Return rows in the order of time with the column `PIECE`, and which of them are in a whole piece.

    What is left at the end of a stretch is no example, as pieces are of one length.
    """
    columns = [frame[column] for column in (name, label) if column]
    runs = _runs(*columns) if columns else np.zeros(len(frame), np.int64)
    begins = np.flatnonzero(np.diff(runs, prepend=-1))
    within = (np.arange(len(frame)) - begins[runs]) // window
    pieces = np.cumsum(np.diff(runs * (len(frame) + 1) + within, prepend=-1) != 0) - 1
    whole = np.bincount(pieces)[pieces] == window
    if not whole.any():
        raise refused("data.window", Message("no stretch of one label has {window} rows", window=window))
    owners = [as_text(one) for one in frame[name]] if name else [""] * len(frame)
    called = [
        f"{owner} · {piece + 1}" if owner else str(piece + 1)
        for owner, piece in zip(owners, pieces.tolist(), strict=True)
    ]
    # as words: who was measured is no channel, but may keep the pieces together in the split
    kept = {name: owners} if name else {STRETCH: [f"stretch {run + 1}" for run in runs.tolist()]}
    count = len(np.unique(pieces[whole]))
    said = Message(
        "the rows are cut into {count:,} pieces of {window} rows with one label each; {left:,} rows at the "
        "ends of stretches are left out",
        count=count,
        window=window,
        left=int((~whole).sum()),
    )
    notices.append(decided(said, "data.window", max(2, window // 2), 2 * window))
    return frame.assign(**kept, **{PIECE: called}), whole


def told_alike(group: str) -> list[str]:
    """Return the question whether pieces of one person, or of one stretch, are to stay together."""
    said = Message(
        "pieces of one {group} are alike: keep them together in the split, or scores look better than they "
        "will be on another",
        group=group,
    )
    return [decided(said, "split.group", group, doubtful=True)]
