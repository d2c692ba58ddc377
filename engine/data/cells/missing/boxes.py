"""Boxes that are ticked: a column of one mark and empty cells, where an empty one says no."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.choices import Message
from engine.data.cells.values import as_text, counted
from engine.data.decisions import TYPES, decided

TICKS = frozenset({"x", "✓", "✔", "☑", "☒", "√", "●", "■", "v"})
"""Marks that tick a box."""
_YES = TICKS | {"1", "true", "yes", "y", "是", "ja", "oui", "on", "checked", "selected"}
NO = "no"
"""What an empty box says."""
_FEWEST = 3
"""Boxes that are ticked, and that are not: fewer tell nothing."""


def are_boxes(column: pd.Series[Any]) -> bool:
    """Return whether all that stands in a column is one mark, again and again, beside empty cells."""
    empty = int(column.isna().sum())
    filled = len(column) - empty
    # the first cells end most columns here
    if empty < _FEWEST or filled < _FEWEST:
        return False
    different = column.dropna().unique()
    return len(different) == 1 and as_text(different[0]).strip().casefold() in _YES


def as_boxes(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of words, in which an empty cell says no."""
    words = column.astype(object).where(column.notna(), None)
    return words.map(lambda cell: NO if cell is None or not as_text(cell).strip() else as_text(cell).strip())


def told_of_boxes(name: str, column: pd.Series[Any]) -> str:
    """Return that empty cells say no, with the type by which they are missing."""
    mark = as_text(column.dropna().iloc[0]).strip()
    said = Message(
        "{name}: {mark} is a box that is ticked, and an empty cell says no, in {rows}; if it is missing "
        "there, set the type of the column to category",
        name=name,
        mark=mark,
        rows=counted(int(column.isna().sum()), "row"),
    )
    return decided(said, TYPES, "category", column=name, cells=(mark,))
