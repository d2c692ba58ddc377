"""Commands as data: menus, transport, shortcuts and the shortcut sheet all read this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.document.run_controls import EngineState, RunState
from app.shell.workbench import Workbench


@dataclass(frozen=True)
class Situation:
    """All that decides which commands can be given now."""

    can_undo: bool = False
    can_redo: bool = False
    edited: bool = False
    engine: EngineState = "absent"
    run: RunState = "none"

    @property
    def can_train(self) -> bool:
        # starting, too: what is asked of an engine waits until it is there. And where the experiment has a
        # problem: a key that is dead says nothing, while Train says what is missing and leads there.
        return self.run == "none" and self.engine in ("starting", "ready")

    @property
    def under_way(self) -> bool:
        return self.run in ("running", "paused")


def _always(_: Situation) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """A command: what it is called, where it is found, when it can be given and what it does."""

    key: str
    words: str
    shortcut: str
    run: Callable[[Workbench], object]
    enabled: Callable[[Situation], bool] = _always
    icon: str = ""
    help: str = ""
    also: str = ""
    """Another shortcut, for those used to it from elsewhere."""
    standard: str = ""
    """Name of the system's own shortcut (QKeySequence.StandardKey), which then comes first."""


ACTIONS: tuple[Action, ...] = (
    Action("file.new", "New experiment", "Ctrl+N", Workbench.new, icon="file-plus", standard="New"),
    Action(
        "run.finetune", "Fine-tune this run", "", Workbench.finetune, lambda s: s.run == "none",
        "brain", "A new experiment that begins with the weights of the run that is shown",
    ),
    Action("file.open", "Open experiment…", "Ctrl+O", Workbench.open, icon="folder-open", standard="Open"),
    Action("file.data", "Open data file…", "Ctrl+D", Workbench.open_data, icon="table-2"),
    Action("file.pictures", "Open data folder…", "Ctrl+Shift+D", Workbench.open_pictures, icon="images"),
    Action("file.run", "Open run folder…", "Ctrl+Shift+O", Workbench.open_run_folder, icon="history"),
    Action("file.save", "Save", "Ctrl+S", Workbench.save, icon="save", standard="Save"),
    Action("file.save_as", "Save as…", "Ctrl+Shift+S", Workbench.save_as, standard="SaveAs"),
    Action("file.quit", "Quit", "Ctrl+Q", Workbench.quit, icon="log-out"),
    Action("edit.undo", "Undo", "Ctrl+Z", Workbench.undo, lambda s: s.can_undo, "undo-2", standard="Undo"),
    Action("edit.redo", "Redo", "Ctrl+Y", Workbench.redo, lambda s: s.can_redo, "redo-2",
           also="Ctrl+Shift+Z", standard="Redo"),
    Action(
        "run.train", "Train", "F5", Workbench.train, lambda s: s.can_train, "play",
        "Start a new run of this experiment", also="Ctrl+R",
    ),
    Action(
        "run.train_paused", "Start paused at step 0", "Ctrl+F5", Workbench.train_paused,
        lambda s: s.can_train, "circle-dot",
        "Start a new run that waits before its first step, so that it can be followed from there",
    ),
    Action(
        "run.queue", "Add to the queue", "F9", Workbench.queue, icon="clock",
        help="Let a run of this experiment wait until those before it have ended",
    ),
    Action(
        "run.pause", "Pause", "F6", Workbench.pause_or_continue, lambda s: s.under_way, "pause",
        "Hold the run before its next step, or go on with it",
    ),
    Action(
        "run.batch", "One batch", "F7", Workbench.step_batch, lambda s: s.under_way, "step-forward",
        "Take one step with the next batch, then pause",
    ),
    Action(
        "run.epoch", "One epoch", "F8", Workbench.step_epoch, lambda s: s.under_way, "skip-forward",
        "Go to the end of the epoch, then pause",
    ),
    Action(
        "run.stop", "Stop and keep", "Shift+F5", Workbench.stop, lambda s: s.under_way, "square",
        "End the run now and keep what was learnt",
    ),
    Action(
        "run.discard", "Stop and discard", "", Workbench.discard,
        # the scores after a stop take their time: until they are there it can still be thrown away
        lambda s: s.under_way or s.run == "stopping", "trash-2",
        "End the run now and put it into the waste basket, where it can be taken back from",
    ),
    Action(
        "run.branch", "Branch from here", "", Workbench.branch, lambda s: s.under_way, "split",
        "Interrupt this run, and begin a new one with its weights of now and with all that is edited",
    ),
    Action(
        "view.card", "Go to a card…", "Ctrl+G", Workbench.choose_card, icon="panel-left",
        help="Choose a card of the experiment by its letter, and go to its first field",
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

BY_KEY = {action.key: action for action in ACTIONS}

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "File",
        ("file.new", "file.open", "recent", "", "file.data", "file.pictures", "file.run", "",
         "file.save", "file.save_as", "", "file.quit"),
    ),
    ("Edit", ("edit.undo", "edit.redo")),
    (
        "Run",
        ("run.train", "run.train_paused", "run.queue", "run.pause", "run.batch", "run.epoch", "pace", "",
         "run.stop", "run.discard", "", "run.branch", "run.finetune"),
    ),
    ("View", ("pages", "view.card", "", "theme", "language")),
    ("Help", ("help.start", "help.panels", "help.keyboard", "", "help.selftest", "help.about")),
)  # fmt: skip
"""Menus: keys of actions, "" for a line, and what the window fills in: recent, pages, pace and so on."""
