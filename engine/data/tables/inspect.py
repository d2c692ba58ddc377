"""What the data page shows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.data.cells.values import as_text, is_date, is_number
from engine.data.description import PARTS
from engine.data.inspection.records import Inspection, Points, evenly
from engine.data.prepared import Prepared
from engine.data.split import Split
from engine.data.tables.column_facts import column_facts, fates, left_out_by_hand
from engine.data.tables.raw import Table
from engine.data.tables.suggestions import better_source, rows_of_each, seen_in
from engine.data.tables.target_kind import guess

MOST_ROWS = 100
MOST_POINTS = 3_000


def inspect_table(raw: Table, prepared: Prepared | None, split: Split, folder: Path | None) -> Inspection:
    """Return the first rows and the facts of every column; where there are few inputs, a scatter."""
    frame = raw.frame
    better = better_source(frame, folder, raw.targets)
    first = frame.head(MOST_ROWS)
    shown = tuple(zip(*(_cells(first[name]) for name in frame.columns), strict=True))
    fate = fates(raw, prepared, split)
    received = (
        None if prepared is None else prepared.preprocessor.inputs(Table(first, raw.targets, raw.names))
    )
    return Inspection(
        "table",
        len(raw),
        columns=tuple(
            left_out_by_hand(name) if name in raw.ignored else column_facts(name, frame[name], fate[name])
            for name in raw.names
        ),
        candidates=tuple(
            name
            for name in frame.columns
            if name not in (split.group, split.weight)
            if not is_date(frame[name]) and frame[name].notna().any()
        ),
        guess=guess(raw),
        suggests=better,
        suggests_rows=rows_of_each(raw.frame, better),
        suggests_why=seen_in(raw.frame, better, raw.targets),
        header=tuple(str(name) for name in frame.columns),
        rows=shown,
        received=received,
        points=None if prepared is None else _points(raw, prepared),
    )


def _cells(column: pd.Series[Any]) -> list[str]:
    """Return the cells as text, "" where they are missing."""
    missing = column.isna().tolist()
    # a cell may hold a whole document, and this travels to the window
    return [
        "" if gone else as_text(value)[:200] for value, gone in zip(column.tolist(), missing, strict=True)
    ]


def _points(raw: Table, prepared: Prepared) -> Points | None:
    """Return a scatter where the inputs are one or two plain columns of numbers and there is one target."""
    facts = prepared.description
    if facts.inputs.size > 2:
        return None
    names = list(facts.inputs.names)
    plain = all(name in raw.frame.columns and is_number(raw.frame[name]) for name in names)
    if not plain or len(facts.targets.names) > 1 or facts.targets.kind == "labels":
        return None
    rows = np.concatenate([prepared.part(part).rows for part in PARTS])
    part = np.repeat(np.arange(3, dtype=np.uint8), [len(prepared.part(name)) for name in PARTS])
    chosen = evenly(len(rows), MOST_POINTS)
    rows, part = rows[chosen], part[chosen]
    inputs = raw.frame[names].iloc[rows].to_numpy(np.float32)
    if facts.targets.kind == "classes":
        targets = prepared.preprocessor.targets(raw)[rows].astype(np.float32)
    else:
        # as in the file, for the axes of the scatter: `targets` would scale them
        targets = raw.frame[facts.targets.names[0]].iloc[rows].to_numpy(np.float32)
    return Points(inputs, targets, part)
