"""Commands as data: menus, transport, shortcuts and the shortcut sheet all read this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.document.run_controls import EngineState, RunState
from app.document.runs_meant import RunsMeant
from app.shell.workbench import Workbench


@dataclass(frozen=True)
class Situation:
    """All that decides which commands can be given now."""

    can_undo: bool = False
    can_redo: bool = False
    engine: EngineState = "absent"
    run: RunState = "none"
    released: bool = False
    """Whether the run in training, which is paused, holds no memory."""
    meant: RunsMeant = field(default_factory=RunsMeant)


def _never(_: Situation) -> str:
    return ""


def _untrained(now: Situation) -> str:
    """Return why no run can begin."""
    # Not where the experiment has a problem: a key that is dead says nothing, while Train says what is
    # missing and leads there. Nor while the engine starts: what is asked of it waits until it is there.
    if now.run != "none":
        return "A run is in training: add this one to the queue, or stop that one first"
    return "" if now.engine in ("starting", "ready") else "The engine is not running"


def _unsteered(now: Situation) -> str:
    """Return why there is no run to steer."""
    if now.run == "none" and now.meant.others:
        return "Another process trains that run: only a run that this window trains can be steered here"
    return {
        "none": "No run is in training",
        "starting": "The run is about to begin",
        "stopping": "The run is ending",
        "discarding": "The run is ending",
    }.get(now.run, "")


def _unreleased(now: Situation) -> str:
    """Return why there is no memory to release."""
    return "Its memory is released: Continue takes it back" if now.released else _unsteered(now)


def _unbranched(now: Situation) -> str:
    """Return why no run can begin from the one that is shown."""
    if now.run == "none":
        opened = now.meant.moment is not None
        return "" if opened else "Open a run first: a branch begins with the one that is shown"
    if now.meant.elsewhere:
        return "Another run is in training than the one that is shown: stop that one first, or open it"
    return _unsteered(now)


@dataclass(frozen=True)
class Action:
    """A command: what it is called, where it is found, when it can be given and what it does."""

    key: str
    words: str
    shortcut: str
    run: Callable[[Workbench], object]
    refused: Callable[[Situation], str] = _never
    """Returns why it cannot be given now, "" where it can."""
    icon: str = ""
    help: str = ""
    also: str = ""
    """Another shortcut, for those used to it from elsewhere."""
    standard: str = ""
    """Name of the system's own shortcut (QKeySequence.StandardKey), which then comes first."""


ACTIONS: tuple[Action, ...] = (
    Action("file.new", "New experiment", "Ctrl+N", Workbench.new, icon="file-plus", standard="New"),
    Action(
        "run.finetune", "Fine-tune this run", "", Workbench.finetune,
        lambda s: "" if s.run == "none" else "A run is in training", "brain",
        "A new experiment that begins with the weights of the run that is shown, at the moment shown",
    ),
    Action("file.open", "Open experiment…", "Ctrl+O", Workbench.open, icon="folder-open", standard="Open"),
    Action("file.data", "Open data file…", "Ctrl+D", Workbench.open_data, icon="table-2"),
    Action("file.pictures", "Open data folder…", "Ctrl+Shift+D", Workbench.open_pictures, icon="images"),
    Action("file.run", "Open run folder…", "Ctrl+Shift+O", Workbench.open_run_folder, icon="history"),
    Action(
        "file.packed", "Open packed run…", "", Workbench.open_packed, icon="download",
        help="Take a run out of a file (.ravine) that somebody packed it into",
    ),
    Action(
        "file.pack", "Pack this run…", "", Workbench.pack, icon="upload",
        help="Write the run that is shown into one file, to be sent or kept",
    ),
    Action(
        "shown.prove", "Prove exact resume…", "", Workbench.prove,
        lambda s: "" if s.engine == "ready" else "The engine is not running", "circle-check",
        "Take the steps of the run that is shown again, with interruptions, and compare all to the last bit",
    ),
    Action("file.save", "Save", "Ctrl+S", Workbench.save, icon="save", standard="Save"),
    Action("file.save_as", "Save as…", "Ctrl+Shift+S", Workbench.save_as, standard="SaveAs"),
    Action("file.quit", "Quit", "Ctrl+Q", Workbench.quit, icon="log-out"),
    Action(
        "edit.undo", "Undo", "Ctrl+Z", Workbench.undo,
        lambda s: "" if s.can_undo else "Nothing to undo", "undo-2", standard="Undo",
    ),
    Action(
        "edit.redo", "Redo", "Ctrl+Y", Workbench.redo,
        lambda s: "" if s.can_redo else "Nothing to redo", "redo-2", also="Ctrl+Shift+Z", standard="Redo",
    ),
    Action(
        "run.train", "Train", "F5", Workbench.train, _untrained, "play",
        "Start a new run of this experiment", also="Ctrl+R",
    ),
    Action(
        "run.train_paused", "Start paused at step 0", "Ctrl+F5", Workbench.train_paused,
        _untrained, "circle-dot",
        "Start a new run that waits before its first step, so that it can be followed from there",
    ),
    Action(
        "run.queue", "Add to the queue", "F9", Workbench.queue, icon="clock",
        help="Let a run of this experiment wait until those before it have ended",
    ),
    Action(
        "run.pause", "Pause", "F6", Workbench.pause_or_continue, _unsteered, "pause",
        "Hold the run before its next step, or go on with it",
    ),
    Action(
        "run.release", "Release memory", "Shift+F6", Workbench.release, _unreleased, "memory-stick",
        "Hold the run and give back the memory that it takes, for other programs; Continue takes it again",
    ),
    Action(
        "run.batch", "One batch", "F7", Workbench.step_batch, _unsteered, "step-forward",
        "Take one step with the next batch, then pause",
    ),
    Action(
        "run.epoch", "One epoch", "F8", Workbench.step_epoch, _unsteered, "skip-forward",
        "Go to the end of the epoch, then pause",
    ),
    Action(
        "run.stop", "Stop and keep", "Shift+F5", Workbench.stop, _unsteered, "square",
        "End the run now and keep what was learnt",
    ),
    Action(
        "run.discard", "Stop and discard", "", Workbench.discard,
        # the scores after a stop take their time: until they are there it can still be thrown away
        lambda s: "" if s.run == "stopping" else _unsteered(s), "trash-2",
        "End the run now and put it into the waste basket, where it can be taken back from",
    ),
    Action(
        "run.branch", "Branch from here", "", Workbench.branch, _unbranched, "split",
        "Begin a new run with the weights that are shown, and with all that is edited; "
        "a run in training is interrupted for it, and can be resumed",
    ),
    Action(
        "view.card", "Go to a setting…", "Ctrl+G", Workbench.choose_card, icon="panel-left",
        help="Find a card or a setting of the experiment by a part of its name, and go there",
    ),
    Action("help.start", "Getting started", "F1", lambda w: w.help("getting-started"), icon="graduation-cap"),
    Action("help.panels", "What the panels show", "", lambda w: w.help("panels"), icon="circle-help"),
    Action("help.keyboard", "Keyboard shortcuts", "Ctrl+/", lambda w: w.help("keyboard"), icon="keyboard"),
    Action(
        "help.selftest", "Self-test…", "", Workbench.selftest, icon="flask-conical",
        help="Try whether this installation can train, save and export",
    ),
    Action("help.about", "About Ravine", "", lambda w: w.help("about"), icon="info"),
)  # fmt: skip

STEERING = ("run.pause", "run.release", "run.batch", "run.epoch", "run.stop", "run.discard")
"""What is done to the run that this window trains, whichever is shown."""

BY_KEY = {action.key: action for action in ACTIONS}

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "File",
        ("file.new", "file.open", "recent", "", "file.data", "file.pictures", "file.run", "",
         "file.packed", "file.pack", "",
         "file.save", "file.save_as", "", "file.quit"),
    ),
    ("Edit", ("edit.undo", "edit.redo")),
    (
        "Run",
        ("run.train", "run.train_paused", "run.queue", "run.pause", "run.release", "run.batch", "run.epoch",
         "pace", "", "run.stop", "run.discard", "", "run.branch", "run.finetune", "", "shown.prove"),
    ),
    ("View", ("pages", "view.card", "", "theme", "language")),
    ("Help", ("help.start", "help.panels", "help.keyboard", "", "help.selftest", "help.about")),
)  # fmt: skip
"""Menus: keys of actions, "" for a line, and what the window fills in: recent, pages, pace and so on."""
