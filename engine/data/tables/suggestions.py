"""Tables that are more than a table: columns of texts, rows in time, lists of images."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from engine.data.modality import modalities


def better_source(frame: pd.DataFrame, folder: Path | None = None, targets: Collection[str] = ()) -> str:
    """Return the kind of source that reads a table as what it is; "" for any other table.

    `folder` is the one it lies in, `targets` are the columns to be predicted, where some are chosen.
    """
    asked = sorted(modalities().values(), key=lambda modality: modality.precedence)
    found = (one for one in asked if one.stands_in(frame.head(one.looks_at), folder, targets))
    return next((one.usual_source for one in found), "")


def rows_of_each(frame: pd.DataFrame, kind: str) -> int:
    """Return how many rows each course of a table has, read by a source of that kind; else all its rows."""
    read = next((one for one in modalities().values() if one.usual_source == kind), None)
    return len(frame) if read is None else read.rows_of_each(frame)
