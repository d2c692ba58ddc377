"""Ending: rows below the data that are no rows of it: notes, sources, and totals of the rows above."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from engine.data.tables.summaries import TOTAL
from engine.data.values import counted, listed

_LOOKED_AT = 12
_TOLD = re.compile(r"[^\W\d_]\s?[:\uff1a]|\[|^共\s?\d|^[-=~*_#]{2}")
"""What says something of the table, though it holds digits: Saved: 5 March, 共80笔."""


def without_ending(frame: pd.DataFrame, notices: list[str]) -> pd.DataFrame:
    """Return the rows without notes and totals at the end; what is left out is told.

    A note is a lone text in the first column of several; a total says so in its first cell, in a word that
    stands nowhere else in its column.
    """
    if len(frame.columns) < 2 or len(frame) < 3:
        return frame
    tail = frame.tail(_LOOKED_AT)
    keep = len(frame)
    shown: list[str] = []
    for place in range(len(tail) - 1, 0, -1):
        cells = [(index, value) for index, value in enumerate(tail.iloc[place].tolist()) if _there(value)]
        if not cells or not (_is_note(cells, len(frame.columns)) or _is_total(cells, frame)):
            break
        shown.insert(0, str(cells[0][1]))
        keep -= 1
    if not shown:
        return frame
    notices.append(f"{counted(len(shown), 'row')} at the end left out as notes or totals: {listed(shown, 3)}")
    return frame.iloc[:keep]


def _there(value: Any) -> bool:
    return value is not None and value == value and value is not pd.NaT and str(value).strip() != ""


def _is_note(cells: list[tuple[int, Any]], width: int) -> bool:
    index, value = cells[0]
    if index != 0 or not isinstance(value, str):
        return False
    few = len(cells) == 1 and (width > 2 or len(value.split()) > 2)
    # facts in several cells, as the file it was made from
    beside = cells[-1][0] == len(cells) - 1 < width - 1 and ":" in value
    few = few or (beside and (len(cells) <= width / 2 or all(":" in str(other) for _, other in cells)))
    return few and (not _is_numeric(value) or _TOLD.search(value) is not None)


def _is_total(cells: list[tuple[int, Any]], frame: pd.DataFrame) -> bool:
    index, value = cells[0]
    if not isinstance(value, str) or not TOTAL.fullmatch(value.strip().rstrip(":").strip()):
        return False
    numbers = sum(_is_numeric(other) for _, other in cells[1:])
    return numbers > 0 and int((frame.iloc[:, index] == value).sum()) == 1


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) or any(sign.isdigit() for sign in str(value)[:20])
