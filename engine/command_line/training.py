"""The `train` and `resume` commands."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from engine import experiment_file, signals
from engine.choices import Invalid, Message, Problem
from engine.command_line import experiments
from engine.command_line.codes import DONE, FAILED, INTERRUPTED
from engine.command_line.lines import line_of
from engine.command_line.output import json_text, tell
from engine.command_line.progress import Progress
from engine.command_line.told import MOVED, asking_for_data
from engine.edits import with_edits
from engine.events import Edit, Event, RunEnded
from engine.experiment import Experiment
from engine.runs import places
from engine.runs.creation import create
from engine.runs.data.as_begun import read_as_begun
from engine.runs.data.moved import experiment_of, give_new_place
from engine.runs.execution import execute
from engine.runs.folder import RunFolder, opened
from engine.runs.going_on import go_on
from engine.runs.lock import Held
from engine.runs.preparation import Preparations
from engine.runs.queue.order import enqueue
from engine.runs.recipe import read_edits
from engine.runs.repeating.moment import refuse_other_steps
from engine.runs.start import branched
from engine.training.control import Control


def train(
    name: str,
    changes: Sequence[str],
    runs: Path | None,
    device: str | None,
    *,
    as_json: bool,
    later: bool = False,
) -> int:
    """Train an experiment in a new run, or put that into the queue (`later`); return the exit code.

    Of the folder of a run its recipe is trained anew: the same experiment, and each edit at its step.
    """
    edits: tuple[Edit, ...] = ()
    run = RunFolder(Path(name).absolute())
    if run.experiment.is_file():
        name, edits = str(run.experiment), read_edits(run)
    # last, so that --device holds against a --set of the same
    changes = [*changes, *([f'training.device="{device}"'] if device else [])]
    experiment = experiments.load(name, changes)
    with_edits(experiment, edits)  # where something else was set, they may not fit any more
    return _begin(experiment, edits, runs, as_json=as_json, later=later)


def branch(
    name: str, step: int, changes: Sequence[str], runs: Path | None, *, as_json: bool, later: bool = False
) -> int:
    """Train a new run that begins with the weights of a run after `step`; return the exit code.

    Its experiment is that of the run with what was edited up to there, and then with `changes`.
    """
    run = opened(name)
    refuse_other_steps(run, step)
    # what was edited later is of the other branch
    edited = with_edits(run.read_experiment(), [edit for edit in read_edits(run) if edit.step <= step])
    begun = branched(
        edited, run, step, lambda name, at: Message("{name}, from step {step}", name=name, step=at)
    )
    experiment = experiments.changed(experiment_file.plain(begun), changes).experiment
    return _begin(experiment.located(run.path), (), runs, as_json=as_json, later=later)


def _begin(
    experiment: Experiment, edits: Sequence[Edit], runs: Path | None, *, as_json: bool, later: bool
) -> int:
    """Train in a new run, or put that into the queue."""
    preparations = Preparations()
    experiments.tell_notices(preparations.beginning(experiment))  # bad input makes no run
    place = runs or places.default_runs()
    if later:
        tell(sys.stdout, f"{enqueue(place, experiment, edits).path}\n")
        return DONE
    folder = create(place, experiment, edits)
    return _execute(folder, preparations, as_json=as_json)


def resume(run: str, data: str | None, epochs: int | None, *, as_json: bool) -> int:
    """Go on with a run; return the exit code. A finished run is left as it is, but where it gets more epochs.

    `data` is where its data lies now, where that was moved.
    """
    folder, preparations = opened(run), Preparations()
    if data is not None:
        told = {"path": str(Path(data).expanduser().absolute())}
        give_new_place(folder, told, preparations.of)
    with asking_for_data(experiment_of(folder).data, MOVED):
        if epochs is not None:
            # before anything of it changes: a run that has finished must not fail for want of its data
            read_as_begun(folder, experiment_of(folder), preparations.plan)
            go_on(folder, epochs)
        return _execute(folder, preparations, as_json=as_json)


def _execute(folder: RunFolder, preparations: Preparations, *, as_json: bool) -> int:
    try:
        ended = executed(folder, preparations, as_json=as_json)
    except Held:
        message = Message("another process is working on {path}; wait for it, or end it", path=folder.path)
        raise Invalid([Problem("", message)]) from None
    return code_of(ended)


def executed(folder: RunFolder, preparations: Preparations, *, as_json: bool) -> RunEnded:
    """Begin or go on with a run, and print what it says; return how it ended."""
    control = Control()
    if as_json:
        tell(sys.stdout, json_text({"event": "folder", "folder": str(folder.path)}))
    # stdout says nothing but the folder of the run, for scripts
    progress = Progress(sys.stderr)

    def say(event: Event) -> None:
        if as_json:
            tell(sys.stdout, line_of(event))
        else:
            progress.show(event)

    with _interruptible(control):
        # the same preparations: the data was read to see whether it fits, and is not read again
        ended = execute(folder, control, say, preparations.plan)
    if not as_json:
        tell(sys.stdout, f"{folder.path}\n")
    return ended


def code_of(ended: RunEnded) -> int:
    """Return the exit code of a command that trained a run which ended so."""
    if ended.state == "failed":
        return FAILED
    return INTERRUPTED if ended.state == "interrupted" else DONE


@contextmanager
def _interruptible(control: Control) -> Iterator[None]:
    """Let Ctrl-C, a request to terminate or the end of the terminal interrupt the run after its step.

    A second ends it at once.
    """

    def interrupt(number: int, _: FrameType | None) -> None:
        control.interrupt()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, *signals.that_end())}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
