"""The GPU worker: the one thread that trains, and answers requests between two steps or when it is idle."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast, get_args

from pydantic import ValidationError

from engine import __version__
from engine.choices import Family, Invalid, Problem, problems_in
from engine.data.description import PartName
from engine.data.source import Report
from engine.events import Event, RunEnded, State
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import Manner, NewInputs, predict_run
from engine.inference.results import Augmented, Checked, SelfTest, Sketched
from engine.probes.probe import Probe
from engine.runs import status
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder, opened
from engine.runs.lock import Held
from engine.runs.moved import experiment_of, give_new_place
from engine.runs.preparation import Preparations, foresee, plan_beginning
from engine.runs.scoring.scores import Evaluated
from engine.selftest.checks import checks, trouble_with, versions
from engine.serving.outbox import Outbox
from engine.serving.protocol import (
    Advance,
    Answer,
    Augment,
    Cancel,
    Cancelled,
    Check,
    Command,
    Continue,
    EngineFailed,
    Evaluate,
    ListChecks,
    Memory,
    Pause,
    Predict,
    Quit,
    Ready,
    Refused,
    Resume,
    Said,
    Sketch,
    Stop,
    Train,
    Watch,
    Working,
    Written,
)
from engine.training.control import Control

if TYPE_CHECKING:
    from engine.training.devices import Device

_MEMORY_EVERY = 1.0
"""Seconds between two sayings of the memory taken."""

_PICTURES, _VARIANTS = 4, 7
"""How many training pictures show what augmentation does, and how often each is changed."""

_MOST_CLOSELY = 200
"""Of so many inputs it is told what lies behind the prediction."""

Request = Sketch | Augment | Evaluate | Predict | ListChecks | Check
RunRequest = Train | Resume


class GivenUp(Exception):
    """The request that is being worked on was cancelled."""


@dataclass
class _Active:
    """The run in training, or about to be."""

    request: int
    control: Control


class Worker:
    """Takes commands from the reader thread (`handle`) and does the work in its own (`work`)."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._requests: deque[Request] = deque()
        self._given_up: set[int] = set()
        self._preparations = Preparations()
        self._lock = threading.Lock()
        self._active: _Active | None = None
        self._watched: tuple[Probe, ...] = ()
        self._quitting = False
        self._device: Device | None = None
        self._memory_said = -_MEMORY_EVERY

    # --- in the reader's thread ------------------------------------------------------------------------

    def handle(self, command: Command) -> None:
        """Heed one command; returns at once."""
        match command:
            case Train() | Resume():
                self._begin(command)
            case Sketch() | Augment() | Evaluate() | Predict() | ListChecks() | Check():
                self._ask(command)
            case Watch():
                self._watched = _probes(command.probes)
                self._steer(lambda control: control.watch(self._watched))
            case Pause():
                self._steer(Control.pause)
            case Continue():
                self._steer(Control.resume)
            case Advance():
                self._steer(lambda control: control.advance(max(1, command.steps), command.epoch))
            case Stop():
                self._steer(Control.stop if command.keep else Control.interrupt)
            case Cancel():
                self._given_up.add(command.request)
            case Quit():
                self.quit()
            case _:
                self._outbox.put(Refused(command.request, (Problem("", "is a request for the inspector"),)))

    def quit(self) -> None:
        """Checkpoint and end what runs, then let `work` return."""
        self._quitting = True
        self._steer(Control.interrupt)
        self._jobs.put(None)

    def _steer(self, lever: Callable[[Control], object]) -> None:
        with self._lock:
            if self._active is not None:
                lever(self._active.control)

    def _begin(self, command: RunRequest) -> None:
        with self._lock:
            if self._active is not None:
                why = "another run is in training; stop it first, or wait for its end"
                self._outbox.put(Refused(command.request, (Problem("", why),)))
                return
            self._active = active = _Active(command.request, Control())
        active.control.watch(self._watched)
        self._jobs.put(lambda: self._run(command, active.control))

    def _ask(self, request: Request) -> None:
        """Queue a request; the run in training takes it between two steps, else the idle worker does."""
        self._requests.append(request)
        self._jobs.put(self._answer_next)
        self._steer(lambda control: control.ask(self._answer_next))

    # --- in the worker's thread ------------------------------------------------------------------------

    def work(self) -> None:
        """Load torch, then do what is asked until `quit`."""
        if not self._get_ready():
            return
        while not self._quitting and (job := self._jobs.get()) is not None:
            job()

    def _get_ready(self) -> bool:
        try:
            import torch

            from engine.training.devices import memory, pick

            device = self._device = pick("auto")
            used, total = memory(device)
        except (ImportError, OSError, RuntimeError) as error:
            traceback.print_exc(file=sys.stderr)
            self._outbox.put(EngineFailed(f"torch cannot be loaded: {error}"))
            return False
        self._outbox.put(Ready(__version__, str(torch.__version__), device.words, used, total))
        return True

    def _run(self, command: RunRequest, control: Control) -> None:
        """Prepare, create or open the run's folder, answer with it, and train."""
        folder: RunFolder | None = None
        with suppress(GivenUp):
            folder = self._folder(command)
        if folder is not None:
            self._outbox.put(Answer(command.request, str(folder.path)))
            place = str(folder.path)

            def say(event: Event) -> None:
                if isinstance(event, RunEnded):
                    self._release(control)  # first: whoever hears it may begin the next run at once
                self._outbox.put(Said(place, event))
                self._say_memory()

            try:
                execute(folder, control, say, self._preparations.plan)
            except Held:  # since `_folder` looked
                say(_not_gone_on(folder, "interrupted", "Another process is working on this run now."))
            except Exception as error:  # noqa: BLE001 - what began must end, or the window waits for ever
                traceback.print_exc(file=sys.stderr)
                say(_not_gone_on(folder, "failed", f"Something in Ravine went wrong: {error}"))
        self._release(control)

    def _release(self, control: Control) -> None:
        """Let the next run begin; where that has begun already, it stays the one that is steered."""
        with self._lock:
            if self._active is not None and self._active.control is control:
                self._active = None

    def _say_memory(self) -> None:
        """Say how much memory of the device is taken, at most once a second."""
        from engine.training.devices import memory

        now = time.monotonic()
        if self._device is not None and now - self._memory_said >= _MEMORY_EVERY:
            self._memory_said = now
            self._outbox.put(Memory(*memory(self._device)))

    def _folder(self, command: RunRequest) -> RunFolder | None:
        def find(report: Report) -> RunFolder:
            if isinstance(command, Resume):
                found = _resumable(command.folder)
                if command.told:
                    give_new_place(found, command.told, self._preparations.of)
                self._preparations.plan(experiment_of(found), report)
                return found
            experiment = _experiment(command.experiment)
            foresee(plan_beginning(experiment, self._preparations.plan, report))
            return create(Path(command.runs), experiment)

        return cast("RunFolder | None", self._guarded(command.request, find))

    def _answer_next(self) -> None:
        """Answer the request that has waited longest, unless somebody else has."""
        try:
            request = self._requests.popleft()
        except IndexError:
            return
        found = self._guarded(request.request, lambda report: self._result(request, report))
        if found is not None:
            self._outbox.put(Answer(request.request, found))

    def _result(self, request: Request, report: Report) -> Any:
        match request:
            case Sketch():
                return self._sketched(_experiment(request.experiment), report)
            case Augment():
                return self._augmented(_experiment(request.experiment), report)
            case Evaluate():
                return self._evaluated(request, report)
            case Predict():
                path = None if request.path is None else Path(request.path)
                new = NewInputs(path, request.rows, request.pixels, request.told)
                manner = Manner(request.writing, _MOST_CLOSELY, self._teller(request.request))
                return predict_run(opened(request.folder), new, report, manner, self._preparations.of)
            case ListChecks():
                return SelfTest(versions(), tuple(checks()))
            case Check():
                return _checked(request)

    def _evaluated(self, request: Evaluate, report: Report) -> Evaluated:
        folder = opened(request.folder)
        if request.path is not None:
            return evaluate_file(folder, Path(request.path), report, request.told)
        if request.part not in get_args(PartName):
            raise Invalid([Problem("", f"there is no part {request.part!r}")])
        part = cast("PartName", request.part)
        return evaluate_run(folder, part, self._preparations.of, report, request.told)

    def _teller(self, request: int) -> Callable[[tuple[str, ...]], None]:
        return lambda texts: self._outbox.put(Written(request, texts))

    def _sketched(self, experiment: Experiment, report: Report) -> Sketched:
        plan = plan_beginning(experiment, self._preparations.plan, report)
        fit, drawn = foresee(plan), plan.blueprint
        return Sketched(drawn.layers, drawn.parameters, drawn.multiply_adds, *fit, parts=drawn.parts)

    def _augmented(self, experiment: Experiment, report: Report) -> Augmented:
        from engine.training.augmenting import variants

        data = self._preparations.of(experiment, report)
        return Augmented(variants(experiment, data, _PICTURES, _VARIANTS))

    def _guarded(self, request: int, work: Callable[[Report], Any]) -> Any:
        """Return what `work` gives, or say Refused or Cancelled and return None."""

        def report(share: float, words: str) -> None:
            if request in self._given_up or self._quitting:
                raise GivenUp
            self._outbox.put(Working(request, share, words))

        try:
            if request in self._given_up:
                raise GivenUp
            return work(report)
        except GivenUp:
            self._given_up.discard(request)
            self._outbox.put(Cancelled(request))
        except Invalid as error:
            self._outbox.put(Refused(request, error.problems))
        except OSError as error:
            why = f"{error.filename or 'the disk'}: {error.strerror or error}"
            self._outbox.put(Refused(request, (Problem("", why),)))
        except Exception as error:  # noqa: BLE001 - a request may fail in any way; the engine must not
            traceback.print_exc(file=sys.stderr)
            why = f"something in Ravine went wrong: {type(error).__name__}: {error}"
            self._outbox.put(Refused(request, (Problem("", why),)))
        return None


def _not_gone_on(folder: RunFolder, state: State, why: str) -> RunEnded:
    """Return the end of a run that could not even write how it ended."""
    try:
        known = status.read(folder)
    except Invalid:
        return RunEnded(state, 0, 0, why, {})
    return RunEnded(state, known.step, known.epoch, why, {})


def lower_priority() -> None:
    """Let the window come first where both want the processor."""
    import psutil

    if sys.platform == "win32":
        lower = psutil.BELOW_NORMAL_PRIORITY_CLASS
    else:
        lower = 5
    with suppress(OSError, psutil.Error):
        psutil.Process(os.getpid()).nice(lower)


def _checked(request: Check) -> Checked:
    attempt = checks().get(request.name)
    if attempt is None:
        raise Invalid([Problem("", f"there is no check {request.name!r}")])
    return Checked(request.name, trouble_with(attempt, Path(request.place)))


def _experiment(values: Mapping[str, Any]) -> Experiment:
    try:
        return Experiment.model_validate(dict(values))
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def _probes(values: tuple[Mapping[str, Any], ...]) -> tuple[Probe, ...]:
    """Return the probes that can be understood; a window of another version may know more."""
    found = []
    for value in values:
        try:
            found.append(cast("Probe", Family.every["probes"].parse(value)))
        except ValidationError as error:
            sys.stderr.write(f"engine: a probe is not understood: {error.errors()[0]['msg']}\n")
    return tuple(found)


def _resumable(path: str) -> RunFolder:
    folder = opened(path)
    if status.is_worked_on(folder):
        raise Invalid([Problem("", "another process is working on this run; wait for it, or end it")])
    if folder.status.exists() and status.read(folder).state == "finished":
        raise Invalid([Problem("", "this run is finished; there is nothing left to do")])
    return folder
