"""Watches the experiment being edited: has its data inspected and its network sketched whenever they change.

What is found goes into the document: facts for forms and cards, problems for the fields they are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import DataFacts, Document
from app.language.numbers import whole
from app.language.words import title_of, tr
from app.link.background import Background
from app.link.engine_link import EngineLink
from app.link.inspector_link import InspectorLink
from app.link.reply import Reply
from app.modalities.appearance import appearance_of
from engine.choices import Problem
from engine.data.inspection.records import Inspection
from engine.data.recipe import DataRecipe, Stamp
from engine.data.tables.read.workbooks.sheet_names import sheet_names
from engine.experiment import Experiment
from engine.inference.results import Sketched
from engine.serving.protocol import Sketch
from engine.tasks.task import Task

_SKETCH_MILLISECONDS = 250
_CUDA = ("device", "cuda")
_MOST_NAMES = 3


class DataWatch(QObject):
    """Keeps `inspection` true to the document. Begins with `start`, so that the first paint comes first."""

    changed = Signal()
    """`inspection`, `problems` or `busy` is different."""
    sketched = Signal()
    """`sketch` is the network of the experiment as it stands."""
    working = Signal(float, str)
    reread = Signal()
    """A file of the data was written to, added or removed since it was read: it is read again."""

    def __init__(
        self, document: Document, inspector: InspectorLink, engine: EngineLink, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._inspector, self._engine = document, inspector, engine
        self._asked: Experiment | None = None
        self._sketching = 0
        self._started = False
        self._target_changed = False
        """Whether another target was chosen since the data was read."""
        self._read_from: object = None
        """The path of the data that was read last."""
        self.inspection: Inspection | None = None
        self.problems: tuple[Problem, ...] = ()
        """Why the data cannot be read at all; empty where there is an inspection."""
        self.busy = False
        self.sketch: Sketched | None = None
        self._stamp: Stamp | None = None
        """The files of the data as they were when its reading began."""
        self._stamper: Background[tuple[DataRecipe, Stamp]] = Background(self)
        self._stamper.done.connect(self._compare_files)
        self._timer = QTimer(self, singleShot=True, interval=_SKETCH_MILLISECONDS)
        self._timer.timeout.connect(self._sketch)
        document.changed.connect(self._edit)
        document.replaced.connect(self._forget)
        inspector.working.connect(self._work)
        inspector.done.connect(self._take)
        engine.became_ready.connect(self._know_engine)
        engine.spoke.connect(self._sketch_soon)

    def start(self) -> None:
        """Begin to look at the data."""
        self._started = True
        self._edit(self._document.experiment)

    def again(self) -> None:
        """Read the data once more."""
        self._asked = None
        self._edit(self._document.experiment)

    def cancel(self) -> None:
        self._inspector.cancel()

    def look(self) -> None:
        """Read the data again where its files have changed; they are looked at in another thread."""
        if self._asked is not None and not self._unchosen(self._asked):
            recipe = self._document.located(self._asked).recipe
            # with its recipe, for the answer may come after the next edit
            self._stamper.run(lambda: (recipe, recipe.stamp()))

    def _compare_files(self, found: tuple[DataRecipe, Stamp]) -> None:
        recipe, stamp = found
        # the experiment was edited while the files were looked at
        if self._asked is None or recipe != self._document.located(self._asked).recipe:
            return
        before, self._stamp = self._stamp, stamp
        if before is not None and before != stamp:
            self.reread.emit()
            self._inspector.inspect(self._document.located(self._asked).model_dump())

    def fit_task(self) -> None:
        """Take the task for what the target holds, as one edit."""
        found, experiment = self.inspection, self._document.experiment
        if found is not None and found.guess is not None and found.guess != experiment.task.target:
            # the first for such targets, which is the one that links name
            task = next(kind() for kind in Task.kinds().values() if kind.target == found.guess)
            self._document.edit(experiment.replaced(task=task), "task")

    def _know_engine(self) -> None:
        self._tell_facts(self._document.facts)
        if self.inspection is not None and not self.busy:
            self._check(self._document.experiment, self.inspection)

    def _sketch_soon(self) -> None:
        if self._sketch_due():
            self._timer.start()

    def _tell_facts(self, facts: DataFacts) -> None:
        """Give the document what was found, with what this computer lacks, as far as the engine has said."""
        ready = self._engine.ready
        lacking: Mapping[tuple[str, str], str] = {}
        if ready is not None and ready.device.startswith("CPU"):
            lacking = {_CUDA: tr("There is no NVIDIA card here that PyTorch can use.")}
        self._document.set_facts(replace(facts, unavailable=lacking))

    # --- the data -------------------------------------------------------------------------------------

    def _edit(self, experiment: Experiment) -> None:
        if not self._started:
            return
        if self._asked is None or experiment.recipe != self._asked.recipe:
            if self._asked is not None and _place(experiment) != _place(self._asked):
                # what is shown is of other data, and says nothing of this
                self.inspection, self.problems = None, ()
                self.changed.emit()
            # what undo and redo bring back has the task that it had
            edited = self._asked is not None and not self._document.can_redo
            if self._asked is not None and edited and _place(experiment) == _place(self._asked):
                self._target_changed |= _target(experiment) != _target(self._asked)
            else:
                self._target_changed = False
            self._asked = experiment
            self._inspect(experiment)
        elif self._unchosen(experiment):
            self._document.set_found_problems((_nothing_chosen(),))
        elif self.inspection is not None and self.inspection.description is not None:
            self._check(experiment, self.inspection)
        self._timer.start()

    def _forget(self) -> None:
        """Another experiment was opened: what is known of the old data says nothing of it."""
        self._asked, self.sketch, self._target_changed = None, None, False
        self.inspection, self.problems = None, ()
        self._edit(self._document.experiment)
        self.changed.emit()

    @staticmethod
    def _unchosen(experiment: Experiment) -> bool:
        return getattr(experiment.data, "path", None) == ""

    def _inspect(self, experiment: Experiment) -> None:
        if self._unchosen(experiment):
            self._inspector.cancel()
            self.inspection, self.problems, self.busy = None, (), False
            self._tell_facts(DataFacts())
            self._document.set_found_problems((_nothing_chosen(),))
            self._document.set_reading(False)
            self.changed.emit()
            return
        self._document.set_reading(self.inspection is None)
        # looked at as reading begins, so that what is written meanwhile counts as a change
        self._stamp = None
        self.look()
        self._inspector.inspect(self._document.located(experiment).model_dump())

    def _work(self, share: float, words: str) -> None:
        if not self.busy:
            self.busy = True
            self.changed.emit()
        self.working.emit(share, words)

    def _take(self, reply: Reply[Inspection]) -> None:
        self.busy = self._inspector.busy
        self._document.set_reading(False)
        experiment = self._document.experiment
        if self.busy:  # a slider moves on: worth drawing, but nothing that the document should know
            if reply.value is not None:
                self.inspection, self.problems = reply.value, ()
                self.changed.emit()
            return
        if reply.value is not None:
            self.inspection, self.problems = reply.value, ()
            self._read_from = getattr(experiment.data, "path", "")
            self._tell_facts(self._facts(experiment, reply.value))
            self._check(experiment, reply.value)
            chosen, self._target_changed = self._target_changed, False
            if chosen:
                self.fit_task()
        elif reply.problems:
            self.inspection, self.problems = None, reply.problems
            self._tell_facts(DataFacts(self._columns(experiment), sheets=self._sheets(experiment)))
            self._document.set_found_problems(reply.problems)
        else:
            self.inspection = None
            self.problems = (Problem("data", tr("Reading was cancelled.")),)
        self._timer.start()
        self.changed.emit()

    def _check(self, experiment: Experiment, found: Inspection) -> None:
        """Say at their fields what does not fit the data."""
        problems = found.problems
        if found.description is not None:
            problems += experiment.problems(found.description)
        why = self._document.facts.unavailable.get(("device", experiment.training.device), "")
        if why:
            problems += (Problem("training.device", why + " " + tr("Choose Auto or CPU.")),)
        self._document.set_found_problems(problems)

    def _columns(self, experiment: Experiment) -> tuple[str, ...]:
        """Return the columns that were found before, where the file is the same: another may be chosen."""
        path = getattr(experiment.data, "path", "")
        return self._document.facts.columns if path == self._read_from else ()

    def _sheets(self, experiment: Experiment) -> tuple[str, ...]:
        """Return the sheets that can be read, also where the one that is named is not there."""
        data = self._document.located(experiment).data
        return sheet_names(Path(data.path)) if hasattr(data, "sheet") and hasattr(data, "path") else ()

    def _facts(self, experiment: Experiment, found: Inspection) -> DataFacts:
        description = found.description
        columns = tuple(column.name for column in found.columns) or found.header
        doubts = sum(decision.doubtful for decision in found.decisions)
        if description is None:
            notes = {"data": counted(found)}
            sheets = self._sheets(experiment)
            return DataFacts(columns, notes=notes, found=found.found, sheets=sheets, doubts=doubts)
        notes = {"data": counted(found)}
        if description.targets.kind == "classes":
            notes["task"] = tr("{count} classes", count=description.targets.size)
        elif description.targets.kind == "labels":
            notes["task"] = tr("{count} labels", count=description.targets.size)
        else:
            notes["task"] = target_words(found)
        # the network is sketched after the reading: until then its card says what it said
        kept = self._document.facts.notes.get("architecture")
        if kept:
            notes["architecture"] = kept
        kinds = description.inputs.kind, description.targets.kind
        return DataFacts(
            columns,
            *kinds,
            notes,
            found=found.found,
            sheets=self._sheets(experiment),
            description=description,
            doubts=doubts,
        )

    # --- the network ----------------------------------------------------------------------------------

    def _sketch_due(self) -> bool:
        return (
            self._engine.ready is not None
            and self.sketch is None
            and not self._timer.isActive()
            and not self._sketching
        )

    def _sketch(self) -> None:
        """Ask what the network looks like, once the engine is there and nothing is wrong."""
        ready = self._engine.ready is not None and self.inspection is not None
        if not ready or self.busy or self._document.problems:
            return
        experiment = self._document.located(self._document.experiment)
        if self._sketching:
            self._engine.cancel(self._sketching)
        self._sketching = self._engine.ask(Sketch(experiment.model_dump()), self._sketched, asker=self)

    def _sketched(self, reply: Reply[Sketched]) -> None:
        self._sketching = 0
        if reply.value is not None:
            self.sketch = reply.value
            self.sketched.emit()
            notes: Mapping[str, str] = {**self._document.facts.notes, **_notes(reply.value)}
            self._tell_facts(replace(self._document.facts, notes=notes))
        elif reply.problems and not reply.lost:
            self._document.set_found_problems(reply.problems)


def _notes(found: Sketched) -> dict[str, str]:
    """Return what the cards of the network and of its pretrained weights say of it."""
    words = tr("{count} parameters", count=whole(found.parameters))
    frozen = sum(layer.frozen for layer in found.layers)
    if frozen:
        trained = whole(found.parameters - frozen)
        words = tr("{count} parameters, {trained} trained", count=whole(found.parameters), trained=trained)
    fit = tr("{taken} of {tensors} sets of weights fit", taken=found.taken, tensors=found.tensors)
    return {"architecture": words, "start": fit if found.tensors else ""}


def _nothing_chosen() -> Problem:
    return Problem("data.path", tr("Choose a file, or a sample or a generated set above."))


def _place(experiment: Experiment) -> tuple[object, ...]:
    """Return where the data is and what it is read as; the settings of generated data only redraw it."""
    data = experiment.data
    # another sample is other data, though none of them has a path
    return data.kind, getattr(data, "path", None), data.kind == "sample" and data


def _target(experiment: Experiment) -> tuple[object, object]:
    """Return what is to be predicted, and as what its columns are read where a person has said so."""
    target, types = getattr(experiment.data, "target", None), getattr(experiment.data, "types", {})
    names = target if isinstance(target, tuple) else (target,)
    return target, {name: kind for name, kind in dict(types).items() if name in names}


def counted(found: Inspection) -> str:
    """Return the size of the data in a few words: "178 rows, 13 inputs", "1 797 pictures 8×8"."""
    shown = appearance_of(found.kind)
    return (shown.one() if found.count == 1 else shown.several(whole(found.count))) + shown.size(found)


def target_words(found: Inspection) -> str:
    """Return what is predicted: the names of the targets; of a forecast, how far each one is looked ahead."""
    description = found.description
    if description is None or description.targets.kind == "tokens":
        return ""
    names = description.targets.names
    if not appearance_of(found.kind).ahead:
        return ", ".join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
    # targets of a forecast are called by column and distance: "load +3"
    ahead = list(dict.fromkeys(name.rpartition(" +")[0] for name in names))
    return tr(
        "{names}, {count} ahead",
        names=", ".join(ahead[:_MOST_NAMES]) + ("…" if len(ahead) > _MOST_NAMES else ""),
        count=whole(len(names) // len(ahead)),
    )


def task_title(kind: str) -> str:
    """Return what the first task that predicts `kind` is called."""
    return next((title_of(task) for task in Task.kinds().values() if task.target == kind), kind)
