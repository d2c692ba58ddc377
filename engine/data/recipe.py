"""The recipe of the data: everything among the choices that the data of a run depends on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.choices import paths_in
from engine.data.description import TargetKind
from engine.data.preprocessing import Preprocessing
from engine.data.source import Report, Source, silent
from engine.data.split import Split

if TYPE_CHECKING:
    from engine.data.inspection.records import Inspection
    from engine.data.prepared import Prepared
    from engine.data.raw import Raw

_MOST_ENTRIES = 200_000
"""So many files of a folder are looked at for its stamp; larger folders are hardly edited by hand."""

Stamp = tuple[tuple[str, int, int], ...]
"""Names, sizes and times of change of all files that the data is read from."""


@dataclass(frozen=True)
class DataRecipe:
    """What the data depends on: the same recipe gives the same data, as long as no file changes."""

    data: Source
    split: Split
    preprocessing: Preprocessing
    target: TargetKind
    seed: int

    def prepared(self, report: Report = silent) -> Prepared:
        """Return the data ready for training; raises Invalid with every problem."""
        from engine.data.preparation.prepare import prepare

        return prepare(self.data, self.split, self.preprocessing, self.target, self.seed, report)

    def inspected(self, report: Report = silent, raw: Raw | None = None) -> Inspection:
        """Return what the data is, for a person to look at; `raw`: as it was read just before.

        Raises Invalid where nothing can be read.
        """
        from engine.data.inspection.inspect import inspect

        return inspect(self.data, self.split, self.preprocessing, self.target, self.seed, report, raw)

    def stamp(self) -> Stamp:
        """Return what changes when any file is written to, added or removed that the data is read from.

        That is every path among the settings; of a folder, all that lies below it.
        """
        paths = (*paths_in(self.data), *paths_in(self.preprocessing))
        return tuple(mark for path in paths for mark in _marks(Path(path)))


def _marks(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the marks of a file, or of a folder and everything below it, in a steady order."""
    waiting, seen = [path], 0
    while waiting and seen < _MOST_ENTRIES:
        place = waiting.pop()
        try:
            facts = place.stat()
            # the chosen folder may be a link; links below it may lead back to it
            inside = sorted(os.listdir(place)) if place.is_dir() and not (seen and place.is_symlink()) else []
        except (OSError, ValueError):
            # a file that is missing is a state as well: when it comes back the stamp changes
            yield str(place), -1, -1
            continue
        seen += 1
        yield str(place), facts.st_size, facts.st_mtime_ns
        # reversed, as pop() takes from the end
        waiting += [place / name for name in reversed(inside)]
