"""What the cells of a column may be."""

from __future__ import annotations

from typing import Literal

ColumnType = Literal["number", "category", "words", "date", "leave_out"]
"""What the cells of a column are.

"number": odd cells are missing; "category": the cells as written, each an input of its own however many there
are; "words": the cells as written; "date"; "leave_out": the column is not read.
"""
