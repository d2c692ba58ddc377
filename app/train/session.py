"""The session: joins the experiment being edited, the engine, the run in training and the transport.

    document --Train--> engine --events--> live record --> whoever shows it; transport tells how it stands

It holds two records: `live`, the run in training, and `shown`, the one on the screen (often the same).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.moved_data import lost_data, lost_words
from app.document.record import RunRecord
from app.document.run_controls import ENDING, RunControls, RunState
from app.document.run_reading import baselines_of, read_run
from app.document.runs_meant import TrainedBeside, same_folder
from app.language.numbers import percent, whole
from app.language.sentences import sentence
from app.language.words import tr
from app.link.background import Background
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.train.as_document import as_document
from app.train.branching import InForm, branch_of, no_branch
from app.train.engine_standing import EngineStanding
from app.train.farewell import engine_lost, farewell, interrupted
from app.train.following import Following
from app.train.gaps import Gaps
from app.train.live_edits import LiveEdits
from app.train.outcome import outcome_words
from app.train.pace import Pace
from app.widgets.notice import Notice
from engine.choices import Invalid, Problem
from engine.events import Edited, Event, Measured, RunEnded, RunStarted, Scoring, StateChanged, WentBack
from engine.experiment import Experiment
from engine.probes.probe import Probe
from engine.runs.folder import RunFolder
from engine.serving.protocol import (
    Advance,
    Continue,
    Pause,
    Release,
    Resume,
    Stop,
    Train,
)

Baselines = dict[str, dict[str, float]]

_PROBLEMS, _ENGINE, _RUN, _ROOM = "problems", "engine", "run", "room"
"""What notices are about that go when it is settled."""


@dataclass(frozen=True)
class Branch:
    """A branch that was asked for: from which step, and with what."""

    step: int | None
    """None: the one at which the run is then."""
    form: InForm | None
    """What stands in the form, where that is of the run; None: the run is branched as it was."""


class TrainingSession(QObject):
    """Everything that happens between the window and the engine's runs."""

    shown_changed = Signal(object)
    """Another record (or None) is to be shown."""
    live_changed = Signal(object)
    """Another record (or None) is in training."""
    noticed = Signal(object)
    """A Notice."""
    problems_found = Signal()
    """Train was asked for, but the experiment has problems; they stand in the document."""
    begins = Signal()
    """A new run is about to be asked for: who will show it says now, by `watch`, what it is to measure."""
    runs_changed = Signal()
    """A run was begun or ended: lists of runs are out of date."""
    settled = Signal(str)
    cleared = Signal()
    """A run is about to begin or to go on: what was said is of the one before."""
    """What was noticed about this holds no more."""
    test_asked = Signal()
    """The person wants to see what the network that was just trained is worth."""
    run_ended = Signal(object)
    """The live record, just after its run ended."""
    place_asked = Signal(str, object)
    """The data of that run is gone, and the person wants to say where it lies now.

    With it goes until how many epochs the run was to go on, None where nobody asked for more.
    """
    refused = Signal(str)
    """The folder of a run that was to go on and cannot; a notice has said why."""
    discarded = Signal(str)
    """The folder of a run that has ended and is to be thrown away, as the person asked."""

    def __init__(
        self,
        document: Document,
        transport: RunControls,
        engine: EngineLink,
        runs: Path,
        name_of: Callable[[str], str] = lambda folder: "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._transport, self._engine = document, transport, engine
        self.runs = runs
        """The folder in which runs are kept."""
        self._name_of = name_of
        self.live: RunRecord | None = None
        self.shown: RunRecord | None = None
        self.edits = LiveEdits(document, engine, self)
        self._asked: Experiment | None = None
        """What the run that is about to begin was asked with, as the document had it."""
        self._discards = False
        """Whether the run in training is thrown away once it has ended."""
        self._branch: Branch | None = None
        """The branch of the run in training that begins once that has ended."""
        self.moment: int | None = None
        """The step at which the run that is shown is looked back at; None: it is shown as it is."""
        self._left_at = document.experiment
        """What was in the form when the person began to look back."""
        self.may_leave: Callable[[], bool] = lambda: True
        """Asks whether the experiment in the form may make room for another one."""
        self.standing = EngineStanding(transport, engine, self)
        self._beginning = 0
        """The number of the newest request to train or to go on."""
        self._reader: Background[RunRecord] = Background(self)
        self._following = Following(lambda: None if self.shown is self.live else self.shown, self)
        self._following.renewed.connect(self.show)
        self._gaps = Gaps(lambda: (self.live, self.shown), self)
        self._judge: Background[tuple[RunRecord, Baselines]] = Background(self)
        self._resuming = ""
        """The folder of a run that is to go on as soon as it is read."""
        self._moved_to = ""  # where its data lies now, where a person said so
        self._epochs: int | None = None
        """How many epochs the run that is to go on gets, where a person said so."""
        self._reader.done.connect(self._opened)
        self._reader.failed.connect(self._cannot_open)
        self._judge.done.connect(self._take_baselines)
        self._pace = Pace(transport, self)
        self._told: Problem | None = None
        """The problem of the experiment that the person was told."""
        self._join(engine, transport, document)

    def _join(self, engine: EngineLink, transport: RunControls, document: Document) -> None:
        self.edits.noticed.connect(self.noticed)
        self.edits.settled.connect(self.settled)
        self.edits.changed.connect(self._tell_following)
        document.replaced.connect(self._tell_following)
        transport.follow_asked.connect(self.edits.follow)
        self.standing.is_ready.connect(lambda: self.settled.emit(_ENGINE))
        engine.spoke.connect(self._pace.hear)
        engine.happened.connect(self._hear)
        engine.missed.connect(self._miss)
        engine.lost.connect(self._lose)
        transport.train_asked.connect(self.train)
        transport.pause_asked.connect(lambda: engine.tell(Pause()))
        transport.release_asked.connect(lambda: engine.tell(Release()))
        transport.continue_asked.connect(lambda: engine.tell(Continue()))
        transport.advance_asked.connect(lambda steps, epoch: engine.tell(Advance(steps, epoch)))
        transport.stop_asked.connect(self._stop)
        transport.discard_asked.connect(partial(self._stop, keep=False))
        transport.branch_asked.connect(self.branch)
        document.replaced.connect(self._leave)
        self.live_changed.connect(lambda _: self._tell_shown())
        document.problems_changed.connect(self._settle_problem)
        # the run that ended, or one that was begun elsewhere, takes nothing up
        self.live_changed.connect(lambda live: self.edits.set_trained(None if live is None else self._asked))

    # --- what the person wants ------------------------------------------------------------------------

    def train(self, paused: bool = False) -> None:
        """Train the experiment being edited, where nothing is wrong with it; `paused`: wait at step 0."""
        if self._transport.standing.under_way:
            return
        if not self.sound():
            return
        self._asked = self._document.experiment
        self.edits.begin()
        # before Train is sent: a small run has ended by the time that a panel says what it needs
        self.begins.emit()
        # the engine works in another folder: a relative path would mean something else there
        experiment = self._document.located(self._document.experiment)
        self._begin(experiment.name)
        self._beginning = self._engine.ask(
            Train(experiment.model_dump(), str(self.runs), paused),
            lambda reply: self._begun(reply, experiment),
            asker=self,
        )

    def sound(self) -> bool:
        """Return whether the experiment being edited can be trained; what is missing is told and led to."""
        if self._document.problems:
            self._tell_problems()
            return False
        return True

    def resume(self, folder: str, data: str = "", epochs: int | None = None) -> None:
        """Go on with a run that was interrupted, stopped or failed; with `epochs`, also with a finished one.

        `data` is where its data lies now.
        """
        if self._transport.standing.under_way:
            self.noticed.emit(Notice(tr("A run is in training. Stop it first, then resume this one.")))
            return
        self._moved_to, self._epochs = data, epochs
        if self.shown is not None and same_folder(self.shown.folder, folder):
            self._go_on(folder)
        else:  # what it has measured so far is shown first
            self._resuming = folder
            self._reader.run(lambda: read_run(Path(folder)))

    def branch(self) -> None:
        """Begin a run with the weights of the run that is shown, at the moment that is shown.

        It is trained with what the run had at that moment. Where its experiment is in the form, what has been
        edited there since the person looks back, or for the next run, goes along. The run in training is
        interrupted for a branch of its own, and for no other.
        """
        record, status = self.shown, self._transport.standing
        lives = record is not None and record is self.live
        if record is None or (lives and status.run not in ("running", "paused")):
            return
        if not lives and (status.meant.moment is None or status.under_way):
            return
        form = InForm(self._document.experiment, self._left_at) if self._of_form(record) else None
        asked = Branch(status.meant.moment, form)
        # said before anything is interrupted
        if form is not None and not self.sound():
            return
        if why := self._unbranched(record, asked):
            self.noticed.emit(Notice(why, "danger", about=_RUN))
        elif form is None and not self.may_leave():
            return
        elif lives:
            self._branch = asked
            self._transport.tell(run="stopping")
            # without scores, and to be resumed: both branches may go on
            self._engine.tell(Stop(keep=False))
        else:
            self._begin_branch(record, asked)

    def _unbranched(self, record: RunRecord, asked: Branch) -> str:
        """Return why no branch of a run can begin; "" where it can."""
        try:
            return no_branch(self._document, record) if asked.form is not None else ""
        except (Invalid, OSError) as error:
            return tr("The experiment of this run cannot be read: {why}", why=str(error))

    def _begin_branch(self, record: RunRecord, asked: Branch) -> None:
        """Begin the branch of a run that is not in training, or not any more."""
        step = record.step if asked.step is None else asked.step
        try:
            experiment = branch_of(record, step, asked.form)
        except (Invalid, OSError) as error:
            words = tr("The experiment of this run cannot be read: {why}", why=str(error))
            self.noticed.emit(Notice(words, "danger", about=_RUN))
            return
        if asked.form is not None:
            self._document.edit(experiment)
        else:
            self._document.open(experiment, None, saved=False)
        self.train()

    def _of_form(self, record: RunRecord) -> bool:
        """Return whether what is edited is the experiment of a run."""
        # a waiting run in the form often has the same name
        return record.name == self._document.experiment.name and not self.edits.waiting

    def open_run(self, folder: str) -> None:
        """Show an earlier run, or the one in training."""
        if self.live is not None and same_folder(self.live.folder, folder):
            self.show(self.live)
            return
        self._resuming = ""
        self._reader.run(lambda: read_run(Path(folder)))

    def show(self, record: RunRecord | None) -> None:
        self.shown, self.moment = record, None
        self._tell_shown()
        self.shown_changed.emit(record)

    def set_others(self, others: tuple[TrainedBeside, ...]) -> None:
        """Say what other processes train; where one of them trains what is shown, that is followed."""
        # lists have just been read: what they call the own run is known, too
        self._transport.mean(others=others)
        self._tell_shown()
        if self.moment is None:
            self._following.hear(self._transport.standing.meant.followed)

    def look_back(self, step: int | None) -> None:
        """Say at which step the run that is shown is looked back at; None: it is shown as it is."""
        if self.moment is None:
            self._left_at = self._document.experiment
        self.moment = step
        self._tell_shown()

    def _tell_shown(self) -> None:
        """Tell which run is shown, and from which of its steps a branch would begin."""
        shown, live = self.shown, self.live
        ended = shown is not None and shown is not live
        newest = shown.step if shown is not None and ended and shown.step > 0 else None
        self._transport.mean(
            live="" if live is None else live.folder,
            name="" if live is None else self._name_of(live.folder),
            shown="" if shown is None else shown.folder,
            moment=newest if self.moment is None else self.moment,
        )

    def _leave(self) -> None:
        """Another experiment was opened: an earlier run of something else says nothing of it."""
        if self.live is None and self.shown is not None and self.shown.name != self._document.experiment.name:
            self.show(None)
            self._transport.tell(outcome="")

    def watch(self, probes: Iterable[Probe]) -> None:
        """Have these probes measured: those of the views on the screen."""
        self.standing.watch(probes)

    def _tell_following(self) -> None:
        takes = self.edits.follows if self.edits.under_way else None
        self._transport.tell(takes_edits=takes, left=self.edits.fixed)
        self._transport.mean(waiting=self.edits.waiting)

    def _stop(self, *, keep: bool = True) -> None:
        if not self._transport.standing.under_way:
            return  # it ended while the hand was on its way
        self._discards = not keep
        self._transport.tell(run="stopping" if keep else "discarding")
        self._engine.tell(Stop(keep))

    # --- the run --------------------------------------------------------------------------------------

    def _begin(self, name: str) -> None:
        self.cleared.emit()
        words = "" if self._engine.ready else tr("waiting for the engine to start")
        self._transport.tell(
            run="starting", run_name=name, step=0, steps=0, epoch=0, epochs=0, words=words, outcome=""
        )

    def _begun(self, reply: Reply[str], experiment: Experiment | None) -> None:
        folder = reply.value
        if folder is None:
            self._not_begun(reply, experiment)
            return
        # a run that goes on keeps the curves that are shown already; a new one begins empty
        known = self.shown if self.shown is not None and same_folder(self.shown.folder, folder) else None
        record = known if known is not None and experiment is None else RunRecord()
        self._discards = False
        record.folder = folder
        record.name = experiment.name if experiment is not None else record.name or Path(folder).name
        record.state = "queued"
        self.live = record
        self.live_changed.emit(record)
        self.show(record)
        self.runs_changed.emit()

    def _not_begun(self, reply: Reply[str], experiment: Experiment | None) -> None:
        self._transport.tell(run="none")
        if reply.lost:
            return
        if experiment is not None:
            self._document.set_found_problems(reply.problems)
            self._tell_problems()
        elif reply.problems:
            self.noticed.emit(Notice(tr("The run cannot go on: {why}", why=reply.why), "danger", about=_RUN))

    def _tell_problems(self) -> None:
        problems = self._document.problems
        more = tr(" (and {count} more)", count=len(problems) - 1) if len(problems) > 1 else ""
        if problems:
            self._told = problems[0]
            first = sentence(problems[0], self._document.experiment)
            words = tr("Not ready to train. {problem}", problem=first) + more
            self.noticed.emit(Notice(words, "danger", about=_PROBLEMS))
        self.problems_found.emit()

    def _settle_problem(self) -> None:
        if self._told is not None and self._told not in self._document.problems:
            self._told = None
            self.settled.emit(_PROBLEMS)

    # --- what the engine says -------------------------------------------------------------------------

    def _hear(self, folder: str, event: Event) -> None:
        if self.live is not None and same_folder(self.live.folder, folder):
            self._happen(self.live, event)

    def _miss(self, folder: str) -> None:
        if self.live is not None and same_folder(self.live.folder, folder):
            self._gaps.read(self.live)

    def _happen(self, record: RunRecord, event: Event) -> None:
        record.apply(event)
        match event:
            case RunStarted():
                self.settled.emit(_ROOM)
                self._transport.tell(
                    run="running",
                    freed=None,
                    run_name=event.name,
                    step=event.step,
                    steps=record.total_steps,
                    epoch=record.timetable.epoch(event.step),
                    epochs=event.epochs,
                    device=event.device,
                    seconds_left=None,
                    words="",
                )
                self.runs_changed.emit()
            case Measured():
                self._pace.tell(record)
            case StateChanged():
                self._stand(record, event)
            case WentBack():
                self._transport.tell(step=event.step, epoch=event.epoch)
                self.noticed.emit(Notice(event.text, "danger"))
            case Scoring(share=share, words=words):
                done = tr("{words} ({share} done)", words=tr(words), share=percent(share))
                self._transport.tell(words=done)
            case Edited():
                self.edits.hear(event)
                self._transport.tell(epochs=event.epochs, steps=record.total_steps)
            case RunEnded():
                self._end(record, event)

    def _stand(self, record: RunRecord, event: StateChanged) -> None:
        """Tell that a run was paused, goes on, or could not."""
        # a state sent before the engine heard of the wish to end must not bring the buttons back
        if self._transport.standing.run not in ENDING:
            run = _RUN_STATES.get(event.state, "running")
            self._transport.tell(run=run, step=event.step, epoch=record.epoch, freed=event.freed)
        if event.freed is not None and not event.why:
            size = whole(event.freed / 1e6)
            words = tr("{size} MB of memory released. Continue takes it back.", size=size)
            self.noticed.emit(Notice(words, about=_ROOM))
        if event.why:
            words = tr("Still paused, as there is no room for the run: {why}", why=tr(event.why))
            self.noticed.emit(Notice(words, "danger", tr("Try again"), self._go_on_again, _ROOM))

    def _end(self, record: RunRecord, event: RunEnded) -> None:
        self.settled.emit(_ROOM)
        self._transport.tell(
            run="none",
            freed=None,
            step=event.step,
            epoch=event.epoch,
            steps_per_second=0.0,
            seconds_left=None,
            words="",
            outcome=outcome_words(record),
        )
        self.live = None
        self.live_changed.emit(None)
        branch, self._branch = self._branch, None
        if self._discards:
            self._throw_away(record)
            return
        if branch is not None and event.state != "failed":
            # before the queue hears of the end: else its next run has the turn
            self._begin_branch(record, branch)
        began = self._transport.standing.under_way
        if began:
            words = tr(
                "{name} waits at step {step} and can be resumed; its branch begins.",
                name=self._name_of(record.folder) or record.name,
                step=whole(record.step),
            )
            self.noticed.emit(Notice(words, "good", about=_RUN))
        # only these were judged: what broke has no metrics to read
        if event.state in ("finished", "stopped"):
            self._judge.run(lambda: (record, baselines_of(RunFolder(Path(record.folder)))))
        self.runs_changed.emit()
        self.run_ended.emit(record)
        if began:
            return
        name = self._name_of(record.folder) or record.name
        resume = partial(self.resume, record.folder)
        self.noticed.emit(farewell(name, event, resume, self.test_asked.emit))

    def _go_on_again(self) -> None:
        self._transport.continue_asked.emit()

    def _throw_away(self, record: RunRecord) -> None:
        """Show the run no longer; whoever keeps the runs puts it into the waste basket."""
        self._transport.tell(outcome="")
        if self.shown is record:
            self.show(None)
        self.runs_changed.emit()
        self.discarded.emit(record.folder)

    def _lose(self, why: str, again: bool) -> None:
        """The engine went away: what was in training is interrupted, and nothing else changes."""
        standing = tr("engine lost: {why}", why=why)
        waits: RunState = "starting" if self._engine.waits(self._beginning) else "none"
        self._transport.tell(
            engine="lost", run=waits, words=standing, steps_per_second=0.0, seconds_left=None
        )
        record, self.live, self._branch = self.live, None, None
        self.live_changed.emit(None)
        text = engine_lost(why, again=again)
        if record is None:
            act = None if again else self._engine.start
            self.noticed.emit(Notice(text, "danger", "" if again else tr("Start it"), act, _ENGINE))
            return
        record.apply(RunEnded("interrupted", record.step, record.epoch, text, {}))
        self.runs_changed.emit()
        self.run_ended.emit(record)
        self.noticed.emit(interrupted(text, record, partial(self.resume, record.folder)))

    # --- runs that are opened or gone on with ---------------------------------------------------------

    def _opened(self, record: RunRecord) -> None:
        self.settled.emit(_RUN)
        self.show(record)
        folder, self._resuming = self._resuming, ""
        if folder:
            self._go_on(folder)

    def _go_on(self, folder: str) -> None:
        self._asked = None
        self._begin(Path(folder).name)
        told = {"path": self._moved_to} if self._moved_to else {}
        self._beginning = self._engine.ask(
            Resume(folder, told, self._epochs),
            lambda reply: self._resumed(reply, folder),
            asker=self,
        )

    def _resumed(self, reply: Reply[str], folder: str) -> None:
        if reply.value is None and not reply.lost:
            self.refused.emit(folder)
        path = lost_data(folder) if reply.problems else ""
        if path:
            self._transport.tell(run="none")
            act = partial(self.place_asked.emit, folder, self._epochs)
            # who has said where it lies is told what is wrong with that
            why = tr("The run cannot go on: {why}", why=reply.why)
            words = why if self._moved_to else lost_words(folder, path)
            self.noticed.emit(Notice(words, "danger", tr("Where is it now…"), act, _RUN))
        else:
            self._asked = as_document(self._document, RunFolder(Path(folder)))
            if self._asked is not None:
                # what was edited is left to the next run, until the person says otherwise
                self.edits.begin()
                self.edits.follow(self._document.experiment == self._asked)
            self._begun(reply, None)

    def tell_edited(self, folder: str) -> None:
        """Say that the form holds what that run trains: while it is in training, edits reach it."""
        if self.live is not None and same_folder(self.live.folder, folder):
            self._asked = self._document.experiment
            self.edits.begin()
            self.edits.set_trained(self._asked)

    def _take_baselines(self, found: tuple[RunRecord, Baselines]) -> None:
        record, baselines = found
        record.reference = baselines or record.reference
        # no event brought them, so that who draws would see no change
        record.changes += 1

    def _cannot_open(self, why: str) -> None:
        folder, self._resuming = self._resuming, ""
        if folder:  # half there: the engine goes on from what it finds, or says why it cannot
            self._go_on(folder)
            return
        self.noticed.emit(Notice(tr("The run cannot be opened: {why}", why=why), "danger", about=_RUN))


_RUN_STATES: Mapping[str, RunState] = {"queued": "starting", "running": "running", "paused": "paused"}
