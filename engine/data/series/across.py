"""Tables in which time goes on across the row: a year in each, with a column for every month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.data.date_words import MONTHS
from engine.data.refusal import refused

_ACROSS = (
    ("months", re.compile("|".join(MONTHS) + r"|\d{4}-\d\d", re.IGNORECASE), 12, "2024-01"),
    ("years", re.compile(r"(?:18|19|20)\d\d"), 5, "2024"),
    ("days", re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}"), 12, "2024-01-31"),
    ("hours", re.compile(r"(?:h|hour|hr)[ _]?\d\d?|\d\d?:00", re.IGNORECASE), 24, "2024-01-31 18:00"),
)
"""What columns may be, how they are called, from how many on they go on in time, and a time as it is read."""


def refuse_across(columns: Sequence[str], targets: Sequence[str]) -> None:
    """Raise Invalid where a column to forecast is one of many that follow each other in time.

    It would be forecast from row to row, as if every January followed another.
    """
    for what, called, fewest, example in _ACROSS:
        across = [name for name in columns if called.fullmatch(name.strip().rstrip("."))]
        wrong = [name for name in targets if name in across]
        if wrong and len(across) >= fewest:
            raise refused(
                "data.target",
                f"{wrong[0]!r} is one of {len(across)} columns of {what}: time goes on across the row. Write "
                f"a row for each of the {what}, with a column of times (as {example}) and one of values",
            )
