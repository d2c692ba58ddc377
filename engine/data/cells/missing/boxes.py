"""Boxes that are ticked: a column of one mark and empty cells, where an empty one says no.

Empty cells are missing where the same rows lack cells of other columns, too: a record that was not filled in.
A lone number is a weaker sign than a mark, as it may also be a count of which no other occurs.
"""

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
_NEARLY_ALL = 0.9
_GLANCE = 100
"""Cells."""


def are_boxes(column: pd.Series[Any]) -> bool:
    """Return whether all that stands in a column is one mark, again and again, beside empty cells."""
    empty = int(column.isna().sum())
    filled = len(column) - empty
    # the first cells end most columns here
    if empty < _FEWEST or filled < _FEWEST:
        return False
    known = column.dropna()
    # most columns hold several words among the first, and need not be read to their end
    different = known.head(_GLANCE).unique()
    different = known.unique() if len(different) == 1 else different
    return len(different) == 1 and as_text(different[0]).strip().casefold() in _YES


def ticks(column: pd.Series[Any]) -> bool:
    """Return whether the one mark of a column is no number."""
    return not as_text(column.dropna().iloc[0]).strip().isdigit()


def lacking_together(frame: pd.DataFrame) -> frozenset[str]:
    """Return the columns of one mark whose empty cells stand in rows where another column lacks its, too.

    That other column holds more than one mark, is empty nearly everywhere where the first is, and is filled
    nearly everywhere where the first is filled: two columns that are mostly empty do not tell of each other.
    """
    boxes = [name for name in frame.columns if are_boxes(frame[name])]
    if not boxes:
        return frozenset()
    others = frame.drop(columns=boxes).isna()
    others = others.loc[:, others.any()]
    found = set()
    for name in boxes:
        empty = frame[name].isna().to_numpy()
        both, alone = others[empty].mean(), others[~empty].mean()
        if ((both >= _NEARLY_ALL) & (alone <= 1 - _NEARLY_ALL)).any():
            found.add(str(name))
    return frozenset(found)


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
    return decided(said, TYPES, "category", column=name, now="ticked")


def asked_of_boxes(name: str, column: pd.Series[Any]) -> str:
    """Return the question whether empty cells, which are read as missing, say no."""
    mark = as_text(column.dropna().iloc[0]).strip()
    said = Message(
        "{name}: all that stands in it is {mark}, and it is empty in {rows}, which counts as missing; if an "
        "empty cell says no, set the type of the column to ticked",
        name=name,
        mark=mark,
        rows=counted(int(column.isna().sum()), "row"),
    )
    return decided(said, TYPES, "ticked", column=name, doubtful=True)
