"""The experiment being edited: its value, every earlier one, where it is saved and what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from engine.choices import Problem
    from engine.data.description import Description, InputKind, TargetKind
    from engine.experiment import Experiment

MERGE_SECONDS = 1.0
"""Edits of one field that follow each other within this time are one step of undo: typing, a slider."""
MOST_STEPS = 1000
_OF_THE_DATA = ("data", "task", "name")
"""What is chosen with the data and with what is to be predicted; loss and metrics follow."""


@dataclass(frozen=True)
class DataFacts:
    """What was found out about the data, for forms: filled by whoever inspects it.

    `columns` are the names of the data's columns; `notes` a few words per section to stand in the summary
    of its card ("data": "1 797 images 8×8", "architecture": "38 026 parameters").
    """

    columns: tuple[str, ...] = ()
    inputs: InputKind | None = None
    target: TargetKind | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    unavailable: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Options that this computer lacks: (field, option) -> why."""
    targets: tuple[TargetKind, ...] = ()
    """The kinds of target such data has; empty: not known."""
    found: Mapping[str, object] = field(default_factory=dict)
    """What reading found out, by the setting of the data that was left to be found out."""
    sheets: tuple[str, ...] = ()
    """The sheets of a workbook that can be read."""
    description: Description | None = None
    """What an example is for the network and what is to be predicted, once the data is read."""
    doubts: int = 0
    """How many decisions about how the data is read a person should look at."""

    def of(self, experiment: Experiment) -> DataFacts:
        """Return the facts with what the choice of data tells before it is read."""
        from engine.data.modality import modality_of

        holds = experiment.data.holds
        if holds is None:
            return self
        modality = modality_of(holds)
        return replace(self, inputs=self.inputs or modality.receives, targets=modality.predicts)


class Document(QObject):
    """One experiment with its history of edits. What shows it listens; nothing edits it in place.

    The first experiment may be made when it is first asked for: the engine, which knows what there is to
    choose, takes a second to load, and the window is painted before.
    """

    changed = Signal(object)
    """The experiment, after an edit, undo, redo or the opening of another one."""
    replaced = Signal()
    """Another experiment was opened (sent after `changed`)."""
    standing_changed = Signal()
    """Path, unsaved changes, or what can be undone, are different."""
    problems_changed = Signal()
    facts_changed = Signal(object)

    def __init__(
        self,
        experiment: Experiment | Callable[[], Experiment] | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._begin = experiment
        self._values: list[Experiment] = []
        self._at = 0
        self._forgotten = 0
        """How many values stood before the first one that is kept."""
        self._saved: Experiment | None = None
        self._merging = ("", 0.0)
        self._typed: tuple[Problem, ...] = ()
        self._found: tuple[Problem, ...] = ()
        self.path: Path | None = None
        self.saved_at: float | None = None
        """When it was last saved, on the clock."""
        self.facts = DataFacts()
        self.reading = False
        """Whether the data is being read for the first time, so that nothing is known of it yet."""

    # --- the value ------------------------------------------------------------------------------------------

    @property
    def begun(self) -> bool:
        """Whether the first experiment is there already."""
        return bool(self._values)

    @property
    def experiment(self) -> Experiment:
        if not self._values:
            from engine.experiment import Experiment

            made = self._begin() if callable(self._begin) else self._begin or Experiment()
            self._values, self._saved = [made], made
        return self._values[self._at]

    @property
    def edited(self) -> bool:
        """Whether something would be lost that a person worked out: not where only the data was chosen.

        What data was opened is among the recent ones, and every run keeps its whole experiment. The marks of
        the window and the question before it is left are both about this: what is marked is asked about.
        """
        # asked for first: where none is there yet, it is made, and counts as saved
        experiment, saved = self.experiment, self._saved
        if experiment == saved or self.path is not None or saved is None:
            return experiment != saved
        from engine.suggestions import following

        chosen = {name: getattr(experiment, name) for name in _OF_THE_DATA}
        # a loss or metric that a person has set follows from nothing
        return following(saved, saved.replaced(**chosen)) != experiment

    @property
    def can_undo(self) -> bool:
        return self._at > 0 or bool(self._typed)

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._values)

    @property
    def position(self) -> int:
        """Return where its value stands among all that it had: less after undo, more after an edit."""
        return self._forgotten + self._at

    @property
    def undoes(self) -> tuple[Experiment, Experiment] | None:
        """Return what undo would take back, as (before, after); None where it is no edit of the value."""
        if self._typed or self._at == 0:
            return None
        return self._values[self._at - 1], self._values[self._at]

    @property
    def redoes(self) -> tuple[Experiment, Experiment] | None:
        """Return what redo would do again, as (before, after)."""
        return (self._values[self._at], self._values[self._at + 1]) if self.can_redo else None

    def seal(self) -> None:
        """Let the next edit be a step of its own: undo must be able to lead back to what stands now."""
        self._merging = ("", 0.0)

    def edit(self, experiment: Experiment, merge: str = "") -> None:
        """Take a new value. Edits with the same `merge` (the path of a field) in quick succession are one."""
        # it imports the engine's choices, for which the first paint does not wait
        from engine.suggestions import following

        experiment = following(self.experiment, experiment)
        if experiment == self.experiment:
            return
        now = self._clock()
        key, before = self._merging
        # the first value is what was opened: it is never merged into, so that undo leads back to it
        together = bool(merge) and merge == key and now - before < MERGE_SECONDS and self._at > 0
        # after another edit nothing can be redone
        del self._values[self._at + 1 :]
        if together:
            self._values[self._at] = experiment
        else:
            self._values.append(experiment)
            surplus = max(0, len(self._values) - MOST_STEPS)
            del self._values[:surplus]
            self._forgotten += surplus
            self._at = len(self._values) - 1
        self._merging = (merge, now)
        self._tell()

    def undo(self) -> None:
        """Go one edit back; an entry that could not be read is taken back first, to the last good value."""
        if self._typed:
            self._typed = ()
            self._go(self._at)
        elif self._at > 0:
            self._go(self._at - 1)

    def redo(self) -> None:
        if self.can_redo:
            self._go(self._at + 1)

    def open(self, experiment: Experiment, path: Path | None, *, saved: bool = True) -> None:
        """Edit another experiment; its history starts anew. With `saved` false it counts as not yet saved."""
        self._forgotten += len(self._values)
        self._values, self._at = [experiment], 0
        self._saved = experiment if saved else None
        self.path, self.saved_at = path, None
        self._merging = ("", 0.0)
        self._typed = self._found = ()
        self.facts = DataFacts()
        self._tell()
        self.facts_changed.emit(self.facts)
        self.replaced.emit()

    def mark_saved(self, path: Path) -> None:
        self._saved, self.path, self.saved_at = self.experiment, path, self._clock()
        self.seal()
        self.standing_changed.emit()

    def seconds_since_saved(self) -> float | None:
        return None if self.saved_at is None else self._clock() - self.saved_at

    def _go(self, place: int) -> None:
        self._at = place
        self.seal()
        self._tell()

    def _tell(self) -> None:
        self._found = ()  # they were about the value before
        self.changed.emit(self.experiment)
        self.standing_changed.emit()
        self.problems_changed.emit()

    # --- what is wrong with it, and what is known of its data -----------------------------------------------

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return every problem: of what is typed, of the choices among each other, and with the data."""
        return tuple(dict.fromkeys((*self._typed, *self.outer_problems)))

    def located(self, experiment: Experiment) -> Experiment:
        """Return an experiment with its paths absolute; relative ones are taken from this document's file."""
        return experiment.located(self.path.parent if self.path is not None else Path.home())

    @property
    def typed_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the text of fields; the experiment is without it."""
        return self._typed

    @property
    def outer_problems(self) -> tuple[Problem, ...]:
        """Return the problems that the fields do not know of themselves."""
        # each once: against the data, choices say again what they said against each other
        return tuple(dict.fromkeys((*self.experiment.problems(), *self._found)))

    @property
    def valid(self) -> bool:
        return not self.problems

    def set_typed_problems(self, problems: tuple[Problem, ...]) -> None:
        """Keep what is wrong with the text of fields (the experiment keeps its last good value meanwhile)."""
        if problems != self._typed:
            self._typed = problems
            self.problems_changed.emit()
            self.standing_changed.emit()

    def set_found_problems(self, problems: tuple[Problem, ...], about: Experiment | None = None) -> None:
        """Keep what the inspector or the engine found wrong; ignored where it is `about` an earlier value."""
        if about is not None and about != self.experiment:
            return
        if problems != self._found:
            self._found = problems
            self.problems_changed.emit()

    def set_reading(self, reading: bool) -> None:
        if reading != self.reading:
            self.reading = reading
            self.problems_changed.emit()

    def set_facts(self, facts: DataFacts) -> None:
        if facts != self.facts:
            self.facts = facts
            self.facts_changed.emit(facts)
