"""What a packed run is: a ZIP archive of the files of a run's folder, of its data by choice, and a list.

    run/experiment.toml     paths are of the folder that the run will have: data/wine.csv
    run/model.safetensors   and whatever else `RUN_FILES` names
    run/data/wine.csv       only where the data was taken along
    ravine.json             {"format": 1, "ravine": "0.1.0", "name": ..., "files": {name: {bytes, sha256}}}

The list stands at the end, as it holds what is only known when all else is written. The same run gives the
same bytes: no time is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PureWindowsPath

from engine.runs.places import DATA

FORMAT = 1
ENDING = ".ravine"
LIST = "ravine.json"
RUN = "run/"

RUN_FILES = frozenset(
    {
        "edits.json",
        "environment.json",
        "experiment.toml",
        "history.sqlite",
        "label.json",
        "metrics.json",
        "model.safetensors",
        "preprocessing.json",
        "split.safetensors",
        "start.json",
        "started.json",
        "status.json",
        "tokenizer.json",
    }
)
"""The files of a run; what else may lie in its folder is not packed, and refused in a packed run."""

_MOST_NAME = 255
"""Bytes that the name of a file may have on most disks."""

CHECKPOINT = re.compile(r"checkpoints/step-\d{12}\.safetensors")

CHUNK = 1 << 20
"""Bytes that are copied at once: of files of any size next to nothing is held in memory."""

Told = Callable[[int, int], None]
"""Hears how many bytes of how many are done. What it raises ends the work, and nothing is left of it."""


def untold(_done: int, _all: int) -> None:
    """Tell nobody."""


def is_data(name: str) -> bool:
    """Return whether a name is that of a file below data/, and a name on every system."""
    parts = name.split("/")
    return len(parts) > 1 and parts[0] == DATA and all(_is_plain(part) for part in parts)


def _is_plain(part: str) -> bool:
    # On Windows a colon opens a stream beside a file, or names a drive, a backslash parts folders, and CON
    # is a device; points and blanks at the end vanish.
    # Letters that cannot be printed are bytes that are no text, or turn the direction of writing.
    if part in ("", ".", "..") or any(letter in part for letter in "\\:") or not part.isprintable():
        return False
    return (
        len(part.encode()) <= _MOST_NAME
        and part.rstrip(". ") == part
        and not PureWindowsPath(part).is_reserved()
    )


@dataclass(frozen=True)
class Member:
    """What the list says of a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """The list of a packed run."""

    format: int
    ravine: str
    """The version that packed it."""
    name: str
    """The name of the run's folder."""
    files: dict[str, Member]
