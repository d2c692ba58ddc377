"""Runs that differ in their seed alone, taken together: their mean, and how far they spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.document.record import RunRecord
from app.document.series import Series
from app.language.words import tr
from app.runs.colours import group_colours
from app.runs.differences import ABSENT, flattened, short_names
from app.runs.rows import RunRow


@dataclass(frozen=True)
class RunGroup:
    """What is compared as one: a run, or runs that differ in their seed alone."""

    name: str
    rows: tuple[RunRow, ...]
    experiment: Mapping[str, Any]
    """What was chosen; of several runs without their seeds. Empty where it was not read yet."""
    colour: int = 0

    @property
    def key(self) -> str:
        """Return what the group is known by, whichever of its runs are shown: what was chosen."""
        chosen = repr(_but_for_the_seed(self.experiment))
        return blake2b(chosen.encode(), digest_size=16).hexdigest()

    @property
    def seeds(self) -> str:
        """Return the seeds of its runs in order: "1, 2, 3"."""
        known = sorted(row.seed for row in self.rows if row.seed is not None)
        return ", ".join(map(str, known)) or ABSENT


def each_alone(rows: Sequence[RunRow]) -> tuple[RunGroup, ...]:
    """Return a group for each run, by the name that the table of runs has for it."""
    return tuple(RunGroup(row.entry.name, (row,), _experiment(row), row.colour) for row in rows)


def alike_but_for_seeds(rows: Sequence[RunRow]) -> tuple[tuple[int, ...], ...]:
    """Return the places of the rows whose experiments are the same but for the seed, group by group.

    A run that has no like is a group of itself. The groups stand in the order of their first rows.
    """
    groups: dict[object, list[int]] = {}
    for place, row in enumerate(rows):
        # nothing is known of a run that was not read yet: it is like no other
        key = _but_for_the_seed(_experiment(row)) or row.folder
        groups.setdefault(key, []).append(place)
    return tuple(tuple(places) for places in groups.values())


def over_seeds(rows: Sequence[RunRow]) -> tuple[RunGroup, ...]:
    """Return a group for all runs that differ in their seed alone, named by what tells it from the others."""
    groups = alike_but_for_seeds(rows)
    heads = [rows[places[0]] for places in groups]
    stems = [head.entry.name.rpartition(" #")[0] or head.entry.name for head in heads]
    # what still tells the groups apart, once it is not the seed
    experiments = [{**_experiment(head), "seed": 0} for head in heads]
    made = []
    for places, name, experiment in zip(groups, short_names(stems, experiments), experiments, strict=True):
        words = tr("{name}, {count} seeds", name=name, count=len(places)) if len(places) > 1 else name
        own = tuple(rows[place] for place in places)
        made.append(RunGroup(words, own, experiment, min(row.colour for row in own)))
    return tuple(made)


def coloured(groups: Sequence[RunGroup]) -> tuple[RunGroup, ...]:
    """Return groups with the colours that they keep; a run that is alone has its own."""
    several = [group for group in groups if len(group.rows) > 1]
    if not several:
        return tuple(groups)
    runs = Path(several[0].rows[0].folder).parent
    kept = group_colours(runs, {group.key: group.colour for group in several})
    return tuple(replace(group, colour=kept[group.key]) if len(group.rows) > 1 else group for group in groups)


def _but_for_the_seed(experiment: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return every setting of an experiment by its path, in order, without the seed."""
    return tuple(sorted((path, value) for path, value in flattened(experiment).items() if path != "seed"))


def drawn(groups: Sequence[RunGroup], records: Mapping[str, RunRecord]) -> list[RunRecord]:
    """Return a record for each group: the mean of its runs, or the run itself where it is alone."""
    made = []
    for group in groups:
        known = [records[row.folder] for row in group.rows if row.folder in records]
        made += [mean_record(group.name, known, group.colour)] if len(known) > 1 else known
    return made


def _experiment(row: RunRow) -> Mapping[str, Any]:
    return row.details.experiment if row.details is not None else {}


def mean_record(name: str, records: Sequence[RunRecord], colour: int | None = None) -> RunRecord:
    """Return a record whose series are the means of those of several runs, with how far these spread.

    The band is one standard deviation, over n − 1, to each side, but no further than a run reaches: a loss
    below 0 or an accuracy beyond 1 was none of theirs. It is there where all of the runs have a value: where
    one has ended, a mean of the others would leap. Series of single steps are left out, their epochs' stand
    for them.
    """
    mean = RunRecord(name=name, colour=colour, started=records[0].started)
    mean.state, mean.step = records[0].state, max(record.step for record in records)
    mean.epoch = max(record.epoch for record in records)
    for series in records[0].series:
        found = [record.series[series] for record in records if series in record.series]
        if "." in series and len(found) == len(records):
            first, last = max(one.first for one in found), min(one.last_step for one in found)
            steps, inside = found[0].steps(), [_between(one, first, last) for one in found]
            steps = steps[inside[0]]
            # batches of one size give epochs of one length; of other runs there is no common step
            if len(steps) and all(
                np.array_equal(one.steps()[at], steps) for one, at in zip(found, inside, strict=True)
            ):
                values = np.stack([one.values[at] for one, at in zip(found, inside, strict=True)])
                middle, away = values.mean(axis=0), values.std(axis=0, ddof=1)
                edges = (
                    np.maximum(middle - away, values.min(axis=0)),
                    np.minimum(middle + away, values.max(axis=0)),
                )
                mean.series[series] = found[0].between(first, last, middle)
                low, high = (found[0].between(first, last, edge) for edge in edges)
                mean.spread[series] = low, high
    return mean


def _between(series: Series, first: int, last: int) -> NDArray[np.bool_]:
    """Return which values of a series stand from step `first` to `last`."""
    steps = series.steps()
    return (steps >= first) & (steps <= last)
