"""Colours of runs: a number each, kept beside the runs, so that a run has one colour in every list and plot.

Numbers are given in the order in which runs began, and never again to another run of the folder. Of the
number, the tone is the remainder by the tones there are; where tones repeat, dashes tell runs apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from engine.atomic import write_json
from engine.runs.lists.listing import RunEntry

_FILE = ".colours.json"
"""What we put into a folder of runs ourselves begins with a dot."""
_GROUPS = ".group_colours.json"
_MOST_BYTES = 16 << 20

Colours = dict[str, int]
"""The number of the colour of each run, by the name of its folder."""


def colours_of(runs: Path, entries: Sequence[RunEntry]) -> Colours:
    """Return the number of each run, new ones getting the next; a folder that cannot be written forgets."""
    known = _read(runs / _FILE)
    after = max(known.values(), default=-1) + 1
    new = [
        name
        for entry in sorted(entries, key=lambda entry: (entry.started, entry.folder))
        if (name := Path(entry.folder).name) not in known
    ]
    if new:
        known |= {name: after + place for place, name in enumerate(new)}
        with suppress(OSError):
            # colours are not worth waiting for the disk
            write_json(runs / _FILE, known, durable=False)
    return known


def group_colours(runs: Path, numbers: Mapping[str, int]) -> Colours:
    """Return the number of each group of runs, by its key; one that is new keeps what `numbers` says.

    A group has the number of one of its runs, so that no other has it; which one must not hang on what a
    filter leaves of it, nor on how runs are sorted.
    """
    known = _read(runs / _GROUPS)
    if new := {key: number for key, number in numbers.items() if key not in known}:
        known |= new
        with suppress(OSError):
            write_json(runs / _GROUPS, known, durable=False)
    return {key: known[key] for key in numbers}


def _read(file: Path) -> Colours:
    """Return what the file says, as far as it can be understood."""
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return {}
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    # type, not isinstance: JSON's true is an int in Python
    return {name: number for name, number in found.items() if type(number) is int and 0 <= number < 1 << 31}
