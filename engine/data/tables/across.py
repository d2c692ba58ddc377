"""Tables in which time goes on across the row: a year in each, with a column for every month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.choices import Message
from engine.data.cells.date_words import MONTHS
from engine.data.refusal import refused

_ACROSS = (
    ("months", re.compile("|".join(MONTHS) + r"|\d{4}-\d\d", re.IGNORECASE), 12, "2024-01"),
    ("years", re.compile(r"(?:18|19|20)\d\d年?"), 5, "2024"),
    ("days", re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}"), 12, "2024-01-31"),
    # d_1 to d_1913 are the columns of the M5 sales, 1/22/20 those of the COVID-19 counts of Johns Hopkins
    ("days", re.compile(r"d_?\d+|day[ _]?\d+|\d{1,2}/\d{1,2}/\d\d(\d\d)?|\d{4}-\d\d-\d\d", re.IGNORECASE), 20,
     "2024-01-31"),
    ("hours", re.compile(r"(?:h|hour|hr)[ _]?\d\d?|\d\d?:00", re.IGNORECASE), 24, "2024-01-31 18:00"),
)  # fmt: skip
"""What columns may be, how they are called, from how many on they go on in time, and a time as it is read."""


def _across(columns: Sequence[str]) -> tuple[str, list[str], str]:
    """Return what the columns are that follow each other in time, which, and a time as it is read."""
    for what, called, fewest, example in _ACROSS:
        # shortened months may end in a point: Jan., Feb.
        found = [name for name in columns if called.fullmatch(name.strip().rstrip("."))]
        if len(found) >= fewest:
            return what, found, example
    return "", [], ""


def _cure(what: str, example: str) -> str:
    return Message(
        "write a row for each of the {what}, with a column of times (as {example}) and one of values",
        what=what,
        example=example,
    )


def told_across(columns: Sequence[str]) -> str:
    """Return how a message goes on where time goes on across the rows of a table; "" where it does not."""
    what, found, example = _across(columns)
    if not found:
        return ""
    return Message(
        ". {count} of them are {what}: time goes on across the row. To forecast what comes next, {cure}",
        count=len(found),
        what=what,
        cure=_cure(what, example),
    )


def predicted_across(columns: Sequence[str], targets: Sequence[str]) -> list[str]:
    """Return the notice that what is predicted is one of many columns that follow each other in time."""
    what, found, example = _across(columns)
    return [
        Message(
            "{target!r} is one of {count} columns of {what}: time goes on across the row, and the "
            "others, later ones too, predict it. To forecast what comes next, {cure}",
            target=name,
            count=len(found),
            what=what,
            cure=_cure(what, example),
        )
        for name in targets
        if name in found
    ]


def refuse_across(columns: Sequence[str], targets: Sequence[str]) -> None:
    """Raise Invalid where a column to forecast is one of many that follow each other in time.

    It would be forecast from row to row, as if every January followed another.
    """
    what, found, example = _across(columns)
    wrong = [name for name in targets if name in found]
    if wrong:
        raise refused(
            "data.target",
            Message(
                "{wrong!r} is one of {count} columns of {what}: time goes on across the row: {cure}",
                wrong=wrong[0],
                count=len(found),
                what=what,
                cure=_cure(what, example),
            ),
        )
