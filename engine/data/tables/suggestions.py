"""Tables that are more than a table: columns of texts, rows in time, lists of images."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from engine.data.modality import modalities

_LOOKED_AT = 2000
"""Rows."""


def better_source(frame: pd.DataFrame, folder: Path | None = None, targets: Collection[str] = ()) -> str:
    """Return the kind of source that reads a table as what it is; "" for any other table.

    `folder` is the one it lies in, `targets` are the columns to be predicted, where some are chosen.
    """
    # what a table is shows in its beginning, and long tables are asked at every edit
    first = frame.head(_LOOKED_AT)
    asked = sorted(modalities().values(), key=lambda modality: modality.precedence)
    return next((one.usual_source for one in asked if one.stands_in(first, folder, targets)), "")
