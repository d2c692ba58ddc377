"""Branches of runs as a tree of futures: which runs belong to one, and where each begins on its axis.

A branch begins with the weights that its parent had after a step: `start.weights` and `start.step` of its
experiment say so, whoever began it. A run that was gone on with is one run, and no branch.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from app.document.record import BranchPoint, RunRecord
from app.language.words import tr
from app.runs.differences import changed_words
from app.runs.rows import RunRow
from engine.edits import put_value

Origins = Mapping[str, tuple[str, int]]
"""By the folder of a branch that of its parent, and the step whose weights it began with."""
_MOST_NAMED = 2
"""So many changes name a branch in the legend; its mark on the plot tells all."""


@dataclass(frozen=True)
class Tree:
    """Runs and their branches, every parent before its branches."""

    rows: tuple[RunRow, ...]
    origins: Origins = field(default_factory=dict)
    """Of those of its runs that are branches of others of them."""
    trunks: frozenset[str] = frozenset()
    """Runs that nobody chose: they lead to a chosen one, and are drawn as far as its beginning."""

    def first(self, most: int) -> Tree:
        """Return the tree of its first runs."""
        rows = self.rows[:most]
        kept = {row.folder for row in rows}
        return replace(self, rows=rows, origins={one: of for one, of in self.origins.items() if one in kept})


def origins_of(rows: Iterable[RunRow]) -> Origins:
    """Return of which run each is a branch, where both are among these."""
    every = tuple(rows)
    branches = [(row.folder, row.origin) for row in every if row.origin is not None]
    if not branches:
        return {}
    known = {row.folder for row in every}
    # where a whole folder of runs was moved, their names still tell them
    named = {os.path.basename(folder): folder for folder in known}
    found = {}
    for folder, (parent, step) in branches:
        there = parent if parent in known else named.get(os.path.basename(parent), "")
        if there and there != folder:
            found[folder] = there, step
    return found


class RunFamily:
    """All runs that are known, and which of them are branches of which."""

    def __init__(self, rows: Iterable[RunRow]) -> None:
        self._rows = {row.folder: row for row in rows}
        self._origins = origins_of(self._rows.values())

    def tree_of(self, chosen: Sequence[RunRow]) -> Tree:
        """Return the chosen runs with the runs that they are branches of, and all branches of theirs."""
        rows, origins = self._rows, self._origins
        if not origins:
            return Tree(tuple(chosen))
        below: dict[str, list[str]] = {}
        for folder, (parent, _) in sorted(origins.items(), key=lambda one: one[1][1]):
            below.setdefault(parent, []).append(folder)
        taken: dict[str, None] = {}
        theirs: set[str] = set()
        for row in chosen:
            taken.update(dict.fromkeys(reversed(tuple(_above(row.folder, origins)))))
            # a stack, as branches of branches may go deeper than Python calls
            waiting = [row.folder]
            while waiting:
                folder = waiting.pop()
                if folder not in theirs:
                    theirs.add(folder)
                    taken[folder] = None
                    waiting += reversed(below.get(folder, ()))
        own = {row.folder: row for row in chosen}
        kept = {folder: of for folder, of in origins.items() if folder in taken and of[0] in taken}
        found = tuple(own.get(folder) or rows[folder] for folder in taken)
        return Tree(found, kept, frozenset(taken.keys() - theirs))


def _above(folder: str, origins: Origins) -> Iterator[str]:
    """Yield the runs that a run is a branch of, its parent first; never in circles, as files may say."""
    met = {folder}
    while (origin := origins.get(folder)) is not None and origin[0] not in met:
        folder = origin[0]
        met.add(folder)
        yield folder


def placed(tree: Tree, records: Mapping[str, RunRecord]) -> dict[str, RunRecord]:
    """Return the records by folder, each branch on the axis of its parent and named by what was changed."""
    found: dict[str, RunRecord] = {}
    rows = {row.folder: row for row in tree.rows}
    ends: dict[str, int] = {}
    for parent, step in tree.origins.values():
        ends[parent] = max(ends.get(parent, 0), step)
    for folder, row in rows.items():
        record = records.get(folder)
        if record is None:
            continue
        parent, step = tree.origins.get(folder, ("", 0))
        if parent in found:
            whole = ", ".join(changes := _changes(rows[parent], found[parent], row, step)) or tr("unchanged")
            short = ", ".join(changes[:_MOST_NAMED]) + (", …" if len(changes) > _MOST_NAMED else "")
            beginning = BranchPoint.of(found[parent], step, whole)
            record = replace(record, beginning=beginning, name=short or record.name)
        if folder in tree.trunks:
            record = replace(record, until=ends[folder])
        found[folder] = record
    return found


def _changes(parent: RunRow, record: RunRecord, branch: RunRow, step: int) -> tuple[str, ...]:
    """Return what a branch does otherwise than its parent did at that step, a sentence each."""
    if parent.details is None or branch.details is None:
        return ()
    before: dict[str, Any] = deepcopy(dict(parent.details.experiment))
    for edit in record.edits:
        if edit.step <= step:
            put_value(before, edit.setting, edit.value)
    # where it comes from is what makes it a branch
    then, now = (
        {name: value for name, value in one.items() if name != "start"}
        for one in (before, branch.details.experiment)
    )
    return changed_words(then, now)
