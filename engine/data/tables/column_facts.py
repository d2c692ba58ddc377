"""Facts about one column of a table: what it is, what is in it and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import days_since_1970, is_date, is_number, numbers, shifted, unsorted_codes
from engine.data.inspection.records import ColumnFacts, Kind, Role
from engine.data.split import Split
from engine.data.tables.encode import TableEncoder
from engine.data.tables.fit_columns import WORTH_TELLING
from engine.data.tables.fitted_columns import Boolean, Column, Number
from engine.data.tables.raw import Table

if TYPE_CHECKING:
    from engine.data.prepared import Prepared

_BINS = 24
_MOST_WORDS = 24

Fate = tuple[Role, Kind, str]
"""Role, kind and what became of a column."""


def left_out_by_hand(name: str) -> ColumnFacts:
    """Return the facts of a column that the person ignores; it was not read."""
    return ColumnFacts(name, "ignored", "", became="ignored, as you chose")


def column_facts(name: str, column: pd.Series[Any], fate: Fate) -> ColumnFacts:
    """Return the facts of a column over all rows."""
    role, kind, became = fate
    if is_number(column) or is_date(column):
        values = numbers(column)[0] if is_number(column) else days_since_1970(column)
        present = values[~np.isnan(values)]
        counts, edges = _histogram(present)
        return ColumnFacts(
            name,
            role,
            kind,
            len(values) - len(present),
            _different(present),
            became,
            _statistics(present),
            edges,
            (),
            counts,
        )
    codes, words = unsorted_codes(column)
    counted = np.bincount(codes[codes >= 0], minlength=len(words))
    # stable: words that are as frequent stay in the order of the file
    order = np.argsort(-counted, kind="stable")[:_MOST_WORDS]
    shown = tuple(words[index] for index in order)
    return ColumnFacts(
        name,
        role,
        kind,
        int((codes < 0).sum()),
        len(words),
        became,
        (),
        (),
        shown,
        tuple(counted[order].tolist()),
    )


def fates(raw: Table, prepared: Prepared | None, split: Split) -> dict[str, Fate]:
    """Return what became of every column that was read."""
    found: dict[str, Fate] = {}
    for name in raw.frame.columns:
        column = raw.frame[name]
        kind: Kind = "number" if is_number(column) else "date" if is_date(column) else "words"
        found[name] = ("input", kind, "")
        if name in raw.targets:
            found[name] = ("target", kind, _target_words(name, prepared))
    if prepared is not None and isinstance(prepared.preprocessor.encoder, TableEncoder):
        encoder = prepared.preprocessor.encoder
        for left_out in encoder.left_out:
            found[left_out.name] = (
                "left out",
                found[left_out.name][1],
                Message("left out, because {why}", why=left_out.why),
            )
        for fitted in encoder.columns:
            kind = "yes or no" if isinstance(fitted, Boolean) else found[fitted.name][1]
            found[fitted.name] = ("input", kind, fitted.summary() + _untold(fitted, raw, encoder))
    if split.group in found:
        why = "no input: says which rows stay in one part of the split"
        found[split.group] = ("identifier", found[split.group][1], why)
    if split.weight in found:
        why = "no input: says how much each row counts in learning"
        found[split.weight] = ("left out", found[split.weight][1], why)
    return found


def _untold(fitted: Column, raw: Table, encoder: TableEncoder) -> str:
    """Return why no input tells of the missing numbers of a column, where there are some."""
    if not isinstance(fitted, Number) or fitted.indicator or encoder.drop_missing:
        return ""
    if not raw.frame[fitted.name].isna().any():
        return ""
    return Message(
        " (from {value:g} % missing in training on, one more input tells so)", value=100 * WORTH_TELLING
    )


def _target_words(name: str, prepared: Prepared | None) -> str:
    if prepared is None:
        return "to be predicted"
    targets = prepared.description.targets
    if targets.kind == "classes":
        return Message("to be predicted: {size} classes", size=targets.size)
    if targets.kind == "labels":
        return (
            "to be predicted: whether it applies" if len(targets.names) > 1 else _labels_words(targets.size)
        )
    index = targets.names.index(name)
    return Message(
        "to be predicted: number, {shifted}",
        shifted=shifted("y", targets.mean[index], targets.scale[index], 6),
    )


def _labels_words(count: int) -> str:
    return Message("to be predicted: which of {count} labels apply", count=count)


def _different(present: NDArray[np.float64]) -> int:
    return len(pd.unique(present))


def _statistics(present: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    if not present.size:
        return ()
    # facts are shown before anything is refused: numbers near 1e308 come here, too, and overflow below
    low, lower, middle, upper, high = np.quantile(present, [0, 0.25, 0.5, 0.75, 1]).tolist()
    with np.errstate(over="ignore", invalid="ignore"):
        mean, deviation = float(present.mean()), float(present.std())
    return (
        ("mean", mean),
        ("deviation", deviation),
        ("least", low),
        ("lower quarter", lower),
        ("median", middle),
        ("upper quarter", upper),
        ("most", high),
    )


def _histogram(present: NDArray[np.float64]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    if not present.size:
        return (), ()
    low, high = float(present.min()), float(present.max())
    if low == high:
        return (len(present),), (low, high)
    with np.errstate(over="ignore", invalid="ignore"):
        # from -1e308 to 1e308 is farther than a double reaches
        if not np.isfinite(high - low):
            return (), ()
        edges = np.linspace(low, high, _BINS + 1)
        # clipped, as the largest number stands on the upper edge of the last bin
        place = np.clip(((present - low) * (_BINS / (high - low))).astype(np.int64), 0, _BINS - 1)
    return tuple(np.bincount(place, minlength=_BINS).tolist()), tuple(edges.tolist())
