"""RunRecord: everything the window knows of a run. Events go in, views read; no Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.document.series import Series
from app.language.edits import edit_words
from app.language.words import tr
from engine.choices import kind_of
from engine.events import (
    ENDED,
    MOST_OF_A_KIND,
    Block,
    Edit,
    Edited,
    Event,
    Facts,
    Layer,
    Measured,
    Reading,
    RunEnded,
    RunStarted,
    State,
    StateChanged,
    Warned,
    WentBack,
)
from engine.probes.probe import Probe
from engine.timetable import Timetable


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step and is worth a line on every curve."""

    step: int
    text: str
    edit: bool = False
    """Whether the experiment was edited there."""


@dataclass(frozen=True)
class BranchPoint:
    """Where a branch begins on the axis that it shares with its parent."""

    steps: int
    epochs: float
    parent: RunRecord
    step: int
    """The step of the parent with whose weights it began."""
    changed: str
    """What it does otherwise than its parent did then."""

    @classmethod
    def of(cls, parent: RunRecord, step: int, changed: str) -> Self:
        """Return the beginning of a branch at a step of a run, which may be a branch itself."""
        before = parent.beginning
        steps, epochs = (0, 0.0) if before is None else (before.steps, before.epochs)
        return cls(steps + step, epochs + parent.epoch_at(step), parent, step, changed)


@dataclass
class RunRecord:
    """A run as it is known so far.

    `changes` counts up with everything that is applied: who draws, draws again when it has grown.
    `colour` is the number of the colour in which it is drawn among others, None where nobody gave it one.
    `spread` has the lower and the upper edge of a band about each series where the record is a mean of runs.
    `reference` holds scores to compare with ("logistic regression" -> {"accuracy": 0.97}), if any are known.
    """

    folder: str = ""
    name: str = ""
    colour: int | None = None
    started: RunStarted | None = None
    state: State = "queued"
    step: int = 0
    epoch: int = 0
    seconds: float = 0.0
    steps_per_second: float = 0.0
    series: dict[str, Series] = field(default_factory=dict)
    spread: dict[str, tuple[Series, Series]] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    ended: RunEnded | None = None
    reference: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    changes: int = 0
    edits: tuple[Edit, ...] = ()
    """What was edited while it was in training, by step."""
    beginning: BranchPoint | None = None
    """Where it begins, if it is drawn as a branch."""
    until: int | None = None
    """The last step that is drawn, where not all of it is."""

    @classmethod
    def from_history(
        cls,
        started: RunStarted,
        blocks: Iterable[Block],
        readings: Iterable[Reading] = (),
        ended: RunEnded | None = None,
    ) -> Self:
        """Build the record of an earlier run from what its history holds."""
        record = cls()
        record.apply(started)
        for block in blocks:
            record.write(block)
        for reading in readings:
            record.apply(reading)
        # a run that was killed has no end that says how far it came
        record.step = max((series.last_step for series in record.series.values()), default=started.step)
        record.epoch = started.timetable.epoch(record.step)
        if ended is not None:
            record.apply(ended)
        return record

    @classmethod
    def planned(cls, layers: tuple[Layer, ...], parameters: int, facts: Facts) -> Self:
        """Return the record of a network that would be trained, for views that show the network alone."""
        record = cls()
        record.apply(RunStarted("", "", 0, 0, 0, "", parameters, layers, facts))
        return record

    @property
    def facts(self) -> Facts:
        """What is known of the data (empty before the run has started)."""
        return self.started.facts if self.started else Facts()

    @property
    def timetable(self) -> Timetable:
        """Which step belongs to which epoch, as the run says of itself; no second place says it."""
        return self.started.timetable if self.started else Timetable.even(1)

    @property
    def total_steps(self) -> int:
        """The steps the run is planned to take, or has taken where that is more."""
        planned = self.timetable.end(self.started.epochs) if self.started else 0
        return max(planned, self.step, 1)

    @property
    def running(self) -> bool:
        return self.started is not None and self.state not in ENDED

    @property
    def scores(self) -> Mapping[str, Mapping[str, float]]:
        """The final metrics by part; empty while the run goes on."""
        return self.ended.scores if self.ended else {}

    def reading(self, probe: Probe) -> Reading | None:
        """Return the newest reading of a probe, or None before the first.

        Where nothing was measured with its settings, as after the end of a run, it is the newest with others.
        One whose record is of another class is none: no view could draw it.
        """
        # A history is a file, and may have been written by another version or by a stranger.
        fitting = [one for one in self.readings.values() if type(one.found) is probe.record()]
        own = [one for one in fitting if kind_of(one.probe) == probe.kind]
        return max(own, key=lambda one: (one.probe == probe.key, one.step), default=None)

    def at(self, step: int, readings: Iterable[Reading]) -> RunRecord:
        """Return the record of the moment after a step: all curves, and what was measured then."""
        mark = Mark(step, tr("the moment that is shown"))
        measured = {reading.probe: reading for reading in readings}
        return replace(self, readings=measured, marks=[*self.marks, mark], changes=self.changes + 1)

    def epoch_at(self, step: float) -> float:
        """Return how many epochs are done at `step`."""
        return float(self.timetable.epochs(step)) if self.started else 0.0

    def write(self, block: Block) -> None:
        """Take over the values of a block, live or from the history."""
        if not len(block.values):
            return
        if block.series not in self.series:
            # a series may begin late: a metric of validation has no value before the first epoch ends
            of_epochs = "." in block.series
            self.series[block.series] = Series(
                block.first, block.stride, None if of_epochs else self._shares_of_batches
            )
        self.series[block.series].write(block.first, block.values, block.stride)
        self.changes += 1

    def apply(self, event: Event) -> None:
        """Take over what an event says."""
        self.changes += 1
        match event:
            case RunStarted():
                self._start(event)
            case Measured():
                for block in event.blocks:
                    self.write(block)
                self.step, self.epoch, self.seconds = event.step, event.epoch, event.seconds
                self.steps_per_second = event.steps_per_second
            case Reading():
                # at the end, so that the oldest stand first
                self.readings.pop(event.probe, None)
                self.readings[event.probe] = event
                alike = [one for one in self.readings if kind_of(one) == kind_of(event.probe)]
                for key in alike[:-MOST_OF_A_KIND]:
                    del self.readings[key]
            case StateChanged():
                self.state, self.step = event.state, event.step
            case Edited():
                self._edit(event)
            case Warned() | WentBack():
                self._warn(event)
            case RunEnded():
                self.state, self.step, self.epoch, self.ended = event.state, event.step, event.epoch, event

    def _warn(self, event: Warned | WentBack) -> None:
        if isinstance(event, WentBack):
            # what was measured beyond is void
            self._cut(event.step)
            self.step, self.epoch = event.step, event.epoch
        else:
            self.warnings.append(event)
        self.marks.append(Mark(event.step, event.text))

    def _edit(self, event: Edited) -> None:
        # all of that step are told each time: a slider under the hand makes many of one
        others = [mark for mark in self.marks if not (mark.edit and mark.step == event.step)]
        before = (edit for edit in self.edits if edit.step < event.step)
        self.edits = (*before, *event.edits)
        self.marks = [*others, *(Mark(event.step, edit_words(edit), True) for edit in event.edits)]
        if self.started is not None:
            self.started = replace(self.started, epochs=event.epochs, recut=event.recut)

    def _shares_of_batches(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how much each step counts in a smooth line: the last batch of an epoch may be smaller."""
        return self.timetable.shares(steps)

    def _cut(self, step: int) -> None:
        for series in self.series.values():
            series.cut(step)
        self.marks = [mark for mark in self.marks if mark.step <= step]

    def _start(self, event: RunStarted) -> None:
        """Begin, or go on at an earlier step: what was measured after it is measured anew."""
        self._cut(event.step)
        self.started = event
        self.folder, self.name = event.folder, event.name
        self.state, self.step, self.ended = "running", event.step, None
        # what is fitted beside it is known at the end; until then the simplest guesses stand there
        self.reference = self.reference or event.simplest
