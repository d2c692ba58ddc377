"""Columns of recordings that count the samples, and measure nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from engine.data.cells.values import is_number
from engine.data.series.read.elapsed import tells_elapsed
from engine.data.series.read.series_tables import tells_time
from engine.data.tables.identifiers import counts_rows

_CALLED = re.compile(
    r"x|n|(sample|seq(uence)?|packet|pkt|frame|scan|point|reading|counter|index|tick)s?"
    r"([ _-]?(#|index|idx|no\.?|nr\.?|num(ber)?|count(er)?|id))?|count|序号|编号|样本号?|点号|帧号?|包序号?",
    re.IGNORECASE,
)
"""What instruments call the number of a sample. Without such a name a ramp is a ramp."""
_MOSTLY = 0.9
"""Share of the steps that are one; the others are packets that were lost, or a counter that begins anew."""
_FEWEST = 5


def counts_samples(name: str, column: pd.Series[Any]) -> bool:
    """Return whether a column is called as counters are and counts the rows, perhaps from 0 to 255 again."""
    if counts_rows(name, column):
        return True
    if not _CALLED.fullmatch(name.strip()) or not is_number(column) or len(column) < _FEWEST:
        return False
    steps = np.diff(column.to_numpy(np.float64, na_value=np.nan))
    # a logger that keeps every tenth sample counts by ten; an axis is called x, too, and may be a ramp
    each = float(np.median(steps)) if np.isfinite(steps).all() and len(name.strip()) > 1 else 1.0
    return bool(each > 0 and (steps == each).mean() >= _MOSTLY and (steps % 1 == 0).all())


def tells_growing_time(name: str, column: pd.Series[Any]) -> bool:
    """Return whether a column of numbers is called as times are, and only grows."""
    if not (tells_time(name) or tells_elapsed(name)) or not is_number(column) or len(column) < _FEWEST:
        return False
    return bool((np.diff(column.to_numpy(np.float64, na_value=np.nan)) > 0).all())
