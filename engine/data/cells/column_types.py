"""What the cells of a column may be."""

from __future__ import annotations

from typing import Literal

ColumnType = Literal[
    "number",
    "positive",
    "measure",
    "first_number",
    "share",
    "duration",
    "range",
    "ticked",
    "as_above",
    "category",
    "choices",
    "words",
    "date",
    "leave_out",
]
"""What the cells of a column are.

"number": odd cells are missing; "positive": a number above 0, and all others are missing; "measure": numbers
of several units, as 800 m beside 1.2 km, in one of them; "first_number": the first number of each cell,
whatever stands behind it; "share": 8/10 is 0.8; "duration": 3:45 is 225 seconds; "range": 15-25 is
20, the middle; "ticked": a mark, and an
empty cell says no; "as_above": words, where a ditto mark repeats the row above; "category": the cells as
written, each an input of its own however many there are; "choices": several words a cell, each word an input
of its own; "words": the cells as written; "date"; "leave_out": the column is not read.
"""

AS_WRITTEN: tuple[ColumnType, ...] = ("category", "choices", "words")
"""Types by which cells stay as they are written."""

WORDED: tuple[ColumnType, ...] = ("ticked", "as_above")
"""Types by which cells become other words than are written."""

MEASURES: tuple[ColumnType, ...] = ("number", "measure", "share", "duration", "range", "first_number")
"""Types by which cells become numbers, those first that read most of what is written in a cell."""

NUMERIC: tuple[ColumnType, ...] = (*MEASURES, "positive")
"""All types that make numbers; the last reads cells as "number" does, so that both are never offered."""
