"""What classes that are called by numbers are called in a list beside the pictures."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.cells.values import listed, natural
from engine.data.images.read.lists import cells_of
from engine.data.source import Report

_NUMBERED = re.compile(r"[a-z]{0,2}\d+|class[ _-]?\d+", re.IGNORECASE)
"""What classes are called that say nothing: n0, 00012, n01443537, class_3."""
_FEW = 3


def named_elsewhere(
    labels: Collection[str], tables: Collection[Path], report: Report, memory: int
) -> list[str]:
    """Return what a list says of classes that are called by numbers alone, as monkey_labels.txt of n0 to n9.

    The classes stay as their folders are called, so that new folders of pictures are called alike.
    """
    if not labels or not all(map(_NUMBERED.fullmatch, labels)):
        return []
    for path in tables:
        try:
            rows = cells_of(path, report, memory)
        # most tables beside pictures are about something else
        except Invalid:
            continue
        for column in range(min(map(len, rows), default=0)):
            told = [row for row in rows if row[column] in labels]
            names = {row[column]: _words(row, column) for row in told}
            # each class in one row, or the table lists pictures and not classes
            if len(names) == len(labels) == len(told) and all(names.values()):
                ordered = sorted(names, key=natural)
                said = [f"{label} is {' or '.join(names[label][:2])}" for label in ordered[:_FEW]]
                more = Message(" and {count} more", count=len(ordered) - _FEW) if len(ordered) > _FEW else ""
                return [
                    Message(
                        "{name} says what the classes are: {listed}{more}; they keep their names here",
                        name=path.name,
                        listed=listed(said),
                        more=more,
                    )
                ]
    return []


def _words(row: list[str], column: int) -> list[str]:
    """Return the cells of a row that hold words, but for the one that is asked about."""
    return [cell for place, cell in enumerate(row) if place != column and re.search(r"[^\W\d_]{2}", cell)]
