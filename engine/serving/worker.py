"""The GPU worker: the one thread that trains, and answers requests between two steps or when it is idle."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast, get_args

from pydantic import ValidationError
from typing_extensions import override

from engine import __version__
from engine.choices import Family, Invalid, Problem
from engine.data.description import PartName
from engine.data.source import Report
from engine.events import Edited, Event, RunEnded, State
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import GivenInputs, Manner, predict_run
from engine.inference.results import Augmented, Checked, Looked, Predicted, SelfTest, Sketched
from engine.probes.probe import Probe
from engine.runs import status
from engine.runs.creation import create
from engine.runs.data.as_begun import read_as_begun
from engine.runs.data.moved import experiment_of, give_new_place
from engine.runs.execution import execute
from engine.runs.finding import find_batch, find_rate
from engine.runs.folder import RunFolder, opened
from engine.runs.going_on import go_on
from engine.runs.kept import KeptWeights, Weights
from engine.runs.lock import Held
from engine.runs.preparation import Preparations, foresee
from engine.runs.repeating.moment import KeptMoment, WeightsAt
from engine.runs.repeating.proof import Proof
from engine.runs.repeating.proving import prove
from engine.runs.scoring.scores import Evaluated
from engine.selftest.checks import checks, trouble_with, versions
from engine.serving import service
from engine.serving.outbox import Outbox
from engine.serving.protocol import (
    Advance,
    Augment,
    Check,
    Continue,
    DeviceMemory,
    EditRun,
    EngineFailed,
    Evaluate,
    FindBatch,
    FindRate,
    ListChecks,
    LookBack,
    Pause,
    Predict,
    Prove,
    Ready,
    Release,
    Request,
    Resume,
    RunEvent,
    SetPace,
    Sketch,
    SoFar,
    Steering,
    Stop,
    Train,
    Watch,
)
from engine.serving.service import Service
from engine.training.control import Control
from engine.training.finding.sizes_tried import SizesTried
from engine.training.finding.tried import RatesTried

if TYPE_CHECKING:
    from engine.training.devices import Device

_MEMORY_EVERY = 1.0
"""Seconds between two sayings of the memory taken."""

_PICTURES, _VARIANTS = 4, 7
"""How many training pictures show what augmentation does, and how often each is changed."""

_MOST_CLOSELY = 200
"""Of so many inputs it is told what lies behind the prediction."""


class Worker(Service):
    """Trains, one run at a time, and answers requests between two of its steps, in the thread of `work`."""

    answers = (
        Train,
        Resume,
        EditRun,
        Sketch,
        Augment,
        Evaluate,
        Predict,
        FindBatch,
        LookBack,
        FindRate,
        Prove,
        ListChecks,
        Check,
    )

    def __init__(self, outbox: Outbox) -> None:
        super().__init__(outbox)
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._requests: deque[Request] = deque()
        self._preparations = Preparations()
        self._moments = KeptMoment(self._preparations.plan)
        self._lock = threading.Lock()
        self._active: Control | None = None
        """How the run in training, or about to be, is steered."""
        self._watched: tuple[Probe, ...] = ()
        self._pace: float | None = None
        self._device: Device | None = None
        self._memory_said = -_MEMORY_EVERY

    # --- in the reader's thread ------------------------------------------------------------------------

    @override
    def take(self, request: Request) -> None:
        if isinstance(request.command, Train | Resume):
            # in the reader's thread: a second Train is refused while the first is still being prepared
            self._begin(request.number, request.command)
            return
        if isinstance(request.command, EditRun):
            self._edit(request.number, request.command)
            return
        # The run in training takes it between two steps, else the idle worker does: whoever comes first.
        self._requests.append(request)
        self._jobs.put(self._answer_next)
        self._steer(lambda control: control.ask(self._answer_next))

    @override
    def steer(self, message: Steering) -> None:
        match message:
            case Watch():
                self._watched = _probes(message.probes)
                self._steer(lambda control: control.watch(self._watched))
            case Pause():
                self._steer(Control.pause)
            case Release():
                self._steer(Control.release)
            case Continue():
                self._steer(Control.resume)
            case Advance():
                self._steer(lambda control: control.advance(max(1, message.steps), message.epoch))
            case SetPace():
                self._pace = message.steps_per_second
                self._steer(lambda control: control.set_pace(self._pace))
            case Stop():
                self._steer(Control.stop if message.keep else Control.interrupt)

    @override
    def quit(self) -> None:
        """Checkpoint and end what runs, then let `work` return."""
        self.quitting = True
        self._steer(Control.interrupt)
        self._jobs.put(None)

    def _steer(self, lever: Callable[[Control], object]) -> None:
        with self._lock:
            if self._active is not None:
                lever(self._active)

    def _edit(self, number: int, command: EditRun) -> None:
        with self._lock:
            edited = None if self._active is None else self._active.edit(command.values)
        if edited is None:
            self.refuse(number, "no run is in training")
            return

        def told(found: Future[Edited]) -> None:
            if found.cancelled():
                self.refuse(number, "the run has ended")
            else:
                self.answer(number, lambda _: found.result())

        edited.add_done_callback(told)

    def _begin(self, number: int, command: Train | Resume) -> None:
        with self._lock:
            if self._active is not None:
                self.refuse(number, "another run is in training; stop it first, or wait for its end")
                return
            self._active = control = Control()
        control.watch(self._watched)
        control.set_pace(self._pace)
        if isinstance(command, Train) and command.paused:
            control.pause()
        self._jobs.put(lambda: self._run(number, command, control))

    # --- in the worker's thread ------------------------------------------------------------------------

    def work(self) -> None:
        """Load torch, then do what is asked until `quit`."""
        if not self._get_ready():
            return
        while not self.quitting and (job := self._jobs.get()) is not None:
            job()

    def _get_ready(self) -> bool:
        try:
            import torch

            from engine.training.devices import memory, pick

            device = self._device = pick("auto")
            used, total = memory(device)
        # OSError: a library beside torch is missing (a DLL of Windows); RuntimeError: the driver does not fit
        except (ImportError, OSError, RuntimeError) as error:
            traceback.print_exc(file=sys.stderr)
            self.outbox.put(EngineFailed(f"torch cannot be loaded: {error}"))
            return False
        self.outbox.put(Ready(__version__, str(torch.__version__), device.words, used, total))
        return True

    def _run(self, number: int, command: Train | Resume, control: Control) -> None:
        """Prepare, create or open the run's folder, answer with it, and train."""
        place = self.answer(number, lambda report: str(self._folder(command, report).path))
        if place is not None:
            folder = RunFolder(Path(place))

            def say(event: Event) -> None:
                if isinstance(event, RunEnded):
                    self._release(control)  # first: whoever hears it may begin the next run at once
                self.outbox.put(RunEvent(place, event))
                self._say_memory()

            try:
                execute(folder, control, say, self._preparations.plan)
            except Held:  # since `_folder` looked
                say(_not_gone_on(folder, "interrupted", "Another process is working on this run now."))
            except Exception as error:  # noqa: BLE001 - what began must end, or the window waits for ever
                traceback.print_exc(file=sys.stderr)
                say(_not_gone_on(folder, "failed", f"Something in Ravine went wrong: {error}"))
        # again, for a run that was refused and so has said nothing
        self._release(control)

    def _release(self, control: Control) -> None:
        """Let the next run begin; where that has begun already, it stays the one that is steered."""
        with self._lock:
            if self._active is not None and self._active is control:
                self._active = None

    def _say_memory(self) -> None:
        """Say how much memory of the device is taken, at most once a second."""
        from engine.training.devices import memory

        now = time.monotonic()
        if self._device is not None and now - self._memory_said >= _MEMORY_EVERY:
            self._memory_said = now
            self.outbox.put(DeviceMemory(*memory(self._device)))

    def _folder(self, command: Train | Resume, report: Report) -> RunFolder:
        if isinstance(command, Resume):
            found = _resumable(command.folder, more=command.epochs is not None)
            if command.told:
                give_new_place(found, command.told, self._preparations.of)
            # before the answer: what is wrong is then refused in the form, and no run fails because of it
            read_as_begun(found, experiment_of(found), lambda chosen: self._preparations.plan(chosen, report))
            if command.epochs is not None:
                go_on(found, command.epochs)
            return found
        experiment = service.experiment_of(command.experiment)
        # before the folder is made: what training would refuse at once leaves no run behind
        foresee(self._preparations.beginning(experiment, report))
        return create(Path(command.runs), experiment)

    def _answer_next(self) -> None:
        """Answer the request that has waited longest, unless somebody else has."""
        if self._requests:
            request = self._requests.popleft()
            self.answer(request.number, lambda report: self._result(request, report))

    def _result(self, request: Request, report: Report) -> Any:
        match request.command:
            case Sketch(experiment=values):
                return self._sketched(service.experiment_of(values), report)
            case Augment(experiment=values):
                return self._augmented(service.experiment_of(values), report)
            case FindBatch() as command:
                return self._sizes_tried(request.number, command, report)
            case FindRate() as command:
                return self._rates_tried(request.number, command, report)
            case ListChecks():
                return SelfTest(versions(), tuple(checks()))
            case Check() as command:
                return _checked(command)
            case _:
                return self._of_run(request, report)

    def _of_run(self, request: Request, report: Report) -> Any:
        """Return what is asked of a run that there is."""
        match request.command:
            case Evaluate() as command:
                return self._evaluated(command, report)
            case Predict() as command:
                return self._predicted(request.number, command, report)
            case LookBack() as command:
                folder = opened(command.folder)
                if command.told:
                    give_new_place(folder, command.told, self._preparations.of)
                moment = WeightsAt(folder, command.step, self._preparations.plan, report)
                return Looked(moment.readings(experiment_of(folder), _probes(command.probes)))
            case Prove() as command:

                def tell(proof: Proof) -> None:
                    self.outbox.put(SoFar(request.number, proof))

                return prove(opened(command.folder), self._preparations.plan, report, tell)

    def _predicted(self, number: int, command: Predict, report: Report) -> Predicted:
        path = None if command.path is None else Path(command.path)
        new = GivenInputs(path, command.rows, command.pixels, command.told)
        manner = Manner(command.writing, _MOST_CLOSELY, lambda texts: self.outbox.put(SoFar(number, texts)))
        folder = opened(command.folder)
        weights = self._weights(folder, command.step, report)
        return predict_run(folder, new, report, manner, self._preparations.of, weights)

    def _sizes_tried(self, number: int, command: FindBatch, report: Report) -> SizesTried:
        def tell(tried: SizesTried, share: float) -> None:
            report(share, "Trying batch sizes")
            self.outbox.put(SoFar(number, tried))

        experiment = service.experiment_of(command.experiment)
        return find_batch(experiment, self._preparations, report, tell)

    def _rates_tried(self, number: int, command: FindRate, report: Report) -> RatesTried:
        def tell(tried: RatesTried) -> None:
            # also where the request is given up: it then raises
            report(len(tried.rates) / tried.span.steps, "Trying learning rates")
            self.outbox.put(SoFar(number, tried))

        folder = None if command.run is None else opened(command.run)
        experiment = service.experiment_of(command.experiment)
        return find_rate(experiment, folder, self._preparations, report, tell)

    def _evaluated(self, request: Evaluate, report: Report) -> Evaluated:
        folder = opened(request.folder)
        weights = self._weights(folder, request.step, report)
        if request.path is not None:
            prepare = self._preparations.of
            return evaluate_file(folder, Path(request.path), report, request.told, weights, prepare)
        if request.part not in get_args(PartName):
            raise Invalid([Problem("", f"there is no part {request.part!r}")])
        part = cast("PartName", request.part)
        return evaluate_run(folder, part, self._preparations.of, report, request.told, weights)

    def _weights(self, folder: RunFolder, step: int | None, report: Report) -> Weights:
        return KeptWeights(folder) if step is None else self._moments.weights(folder, step, report)

    def _sketched(self, experiment: Experiment, report: Report) -> Sketched:
        plan = self._preparations.beginning(experiment, report)
        fit, drawn = foresee(plan), plan.blueprint
        return Sketched(drawn.layers, drawn.parameters, drawn.multiply_adds, *fit, parts=drawn.parts)

    def _augmented(self, experiment: Experiment, report: Report) -> Augmented:
        from engine.training.augmenting import variants

        data = self._preparations.of(experiment, report)
        return Augmented(variants(experiment, data, _PICTURES, _VARIANTS))


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
    with suppress(OSError, psutil.Error):  # not every system allows it, and nothing depends on it
        psutil.Process(os.getpid()).nice(lower)


def _checked(request: Check) -> Checked:
    attempt = checks().get(request.name)
    if attempt is None:
        raise Invalid([Problem("", f"there is no check {request.name!r}")])
    return Checked(request.name, trouble_with(attempt, Path(request.place)))


def _probes(values: tuple[Mapping[str, Any], ...]) -> tuple[Probe, ...]:
    """Return the probes that can be understood; a window of another version may know more."""
    found = []
    for value in values:
        try:
            found.append(cast("Probe", Family.every["probes"].parse(value)))
        except ValidationError as error:
            sys.stderr.write(f"engine: a probe is not understood: {error.errors()[0]['msg']}\n")
    return tuple(found)


def _resumable(path: str, *, more: bool) -> RunFolder:
    folder = opened(path)
    if status.is_worked_on(folder):
        raise Invalid([Problem("", "another process is working on this run; wait for it, or end it")])
    if not more and folder.status.exists() and status.read(folder).state == "finished":
        raise Invalid([Problem("", "this run is finished; there is nothing left to do")])
    return folder
