"""What classes that are called by numbers are called in a list beside the pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.cells.values import listed, natural
from engine.data.images.read.lists import cells_of
from engine.data.source import Report

_NUMBERED = re.compile(r"[a-z]{0,2}\d+|class[ _-]?\d+", re.IGNORECASE)
"""What classes are called that say nothing: n0, 00012, n01443537, class_3."""
_FEW = 3
_LARGEST_MAP = 1 << 20
"""Bytes."""


def named_elsewhere(
    labels: Collection[str], tables: Collection[Path], report: Report, memory: int
) -> list[str]:
    """Return what a list says of classes that are called by numbers alone, as monkey_labels.txt of n0 to n9.

    The classes stay as their folders are called, so that new folders of pictures are called alike.
    """
    if not labels or not all(map(_NUMBERED.fullmatch, labels)):
        return []
    for path in tables:
        names = _names_in(path, labels, report, memory)
        if names:
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


def _names_in(path: Path, labels: Collection[str], report: Report, memory: int) -> dict[str, list[str]]:
    """Return what a file says of every class; nothing where it is about something else."""
    try:
        rows = _rows_of_map(path) if path.suffix.lower() == ".json" else cells_of(path, report, memory)
    # most tables beside pictures are about something else
    except (Invalid, OSError, ValueError):
        return {}
    for column in range(min(map(len, rows), default=0)):
        told = [row for row in rows if row[column] in labels]
        names = {row[column]: _words(row, column) for row in told}
        # each class in one row, or the table lists pictures and not classes
        if len(names) == len(labels) == len(told) and all(names.values()):
            return names
    return _in_order(rows, labels)


def _in_order(rows: Sequence[Sequence[str]], labels: Collection[str]) -> dict[str, list[str]]:
    """Return the names of classes that are numbered from 0 or 1 on, of a list with a name in each line."""
    alone = [cells[0] for row in rows if len(cells := [cell for cell in row if cell]) == 1]
    numbers = sorted(int(label) for label in labels if label.isdecimal())
    whole = len(alone) == len(rows) == len(labels) == len(numbers) == len(set(alone))
    first = numbers[0] if whole else -1
    if first not in (0, 1) or numbers != list(range(first, first + len(numbers))):
        return {}
    return {label: [alone[int(label) - first]] for label in labels}


def _rows_of_map(path: Path) -> list[list[str]]:
    """Return the keys and words of a map in JSON as rows; none where it is no map of words."""
    if path.stat().st_size > _LARGEST_MAP:
        return []
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    plain = isinstance(found, dict) and all(isinstance(one, (str, int)) for one in found.values())
    return [[str(key), str(word)] for key, word in found.items()] if plain else []


def _words(row: Sequence[str], column: int) -> list[str]:
    """Return the cells of a row that hold words, but for the one that is asked about."""
    return [cell for place, cell in enumerate(row) if place != column and re.search(r"[^\W\d_]{2}", cell)]
