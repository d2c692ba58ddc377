"""A history as a table for other programs: a row a step, a column a series."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd

from engine.choices import Invalid, Message, Problem
from engine.runs.history.reader import HistoryReader

ENDINGS = (".csv", ".parquet")


def history_table(history: HistoryReader) -> pd.DataFrame:
    """Return every number of a run: the steps as index, float32 in a column for each series.

    Where a series has no value at a step, as scores of epochs within one, the cell is NaN. Raises Invalid.
    """
    columns = {name: history.column(name) for name in history.names()}
    series = [pd.Series(found.values, found.steps, name=name) for name, found in columns.items()]
    # outer: the series of steps and of epochs have different steps
    table = pd.concat(series, axis=1, join="outer").sort_index() if series else pd.DataFrame()
    table.index.name = "step"
    return table


def history_bytes(history: HistoryReader, path: Path) -> bytes:
    """Return that table as the file that the ending of a name tells: CSV or Parquet. Raises Invalid."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        why = Message("{name} must end in {endings}", name=path.name, endings=" or ".join(ENDINGS))
        raise Invalid([Problem("", why)])
    table = history_table(history)
    if ending == ".csv":
        # nine figures tell every single-precision number from its neighbours
        return table.to_csv(float_format="%.9g", lineterminator="\n").encode()
    written = BytesIO()
    table.to_parquet(written)
    return written.getvalue()
