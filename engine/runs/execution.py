"""Executing a run: from its folder alone to its end, writing everything it produces.

Nothing is said before it is saved. The order of writing makes every moment one from which the run can go on:
numbers before the checkpoint that stands after them, weights and scores before the state "finished".
"""

from __future__ import annotations

import dataclasses
import errno
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.atomic import remove_drafts, write_bytes, write_json
from engine.choices import Invalid, Message, Problem
from engine.data.description import PARTS
from engine.data.prepared import Prepared
from engine.data.source import silent
from engine.events import ENDED, Event, Measured, Reading, RunEnded, RunStarted, StateChanged, Warned
from engine.experiment import Experiment
from engine.runs import checkpoints, status
from engine.runs.fitted import write_preprocessor
from engine.runs.folder import RunFolder, finite
from engine.runs.history.file import Busy
from engine.runs.history.writer import HistoryWriter
from engine.runs.lock import Held, Lock
from engine.runs.moved import experiment_of
from engine.runs.preparation import MakePlan, plan_experiment
from engine.runs.reading import write_started
from engine.runs.start import said_of, take_weights
from engine.runs.status import Keeper, Status
from engine.training.control import Control

if TYPE_CHECKING:
    from engine.training.assemble import Assembly
    from engine.training.checkpoint import Checkpoint
    from engine.training.devices import Device
    from engine.training.plan import DataMemory, Plan

Say = Callable[[Event], None]
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system says of a full disk, and of a share of it that is used up."""
_RESERVE = 1 << 16
"""Bytes kept back on the disk, so that a run on a full one can still write why it ended."""


def execute(folder: RunFolder, control: Control, say: Say, make_plan: MakePlan = plan_experiment) -> RunEnded:
    """Begin or go on with the run in `folder` until it ends; return its last event, which was also said.

    A finished run is left as it is, and nothing is said. Raises `lock.Held` when another process works on
    the run, and Invalid when the folder holds none; whatever else goes wrong ends the run as failed.
    """
    if ended := _finished(folder):
        return ended  # without a lock: nothing is written, so a folder that is read-only will do
    with _lock_of(folder) as lock:
        if ended := _finished(folder):
            return ended
        before = _status_before(folder)
        if before.state not in ENDED and status.works_elsewhere(before):
            raise Held(
                Message("{path} is worked on by process {process}", path=folder.path, process=before.process)
            )
        ended = (
            _execute(folder, before, lock, control, say, make_plan) if lock else _unwritable(before, folder)
        )
    say(ended)  # only now: whoever hears it may go on with the run at once
    return ended


@contextmanager
def _lock_of(folder: RunFolder) -> Iterator[Lock | None]:
    """Hold the run's lock in here, if it can be made: where a folder is read-only, nothing can be done."""
    try:
        lock = Lock(folder.lock)
    except Held:
        raise
    except OSError:
        yield None
        return
    with lock:
        yield lock


def _unwritable(before: Status, folder: RunFolder) -> RunEnded:
    why = Message(
        "Nothing can be written in {path}. Make the folder writable, or copy the run, then resume.",
        path=folder.path,
    )
    return RunEnded("failed", before.step, before.epoch, why, {})


def _execute(
    folder: RunFolder, before: Status, lock: Lock, control: Control, say: Say, make_plan: MakePlan
) -> RunEnded:
    """Do the run's work in its locked folder; return how it ended."""
    experiment = experiment_of(folder)
    with suppress(OSError):  # what cannot be removed does not hinder
        remove_drafts(folder.path)
        remove_drafts(folder.checkpoints)
    now = dataclasses.replace(
        Status("running", name=experiment.name, epochs=experiment.training.epochs),
        step=before.step,
        epoch=before.epoch,
        seconds=before.seconds,
        latest=before.latest,
        started=before.started or time.time(),
    )
    with Keeper(folder, now) as keeper:
        # From here on everybody reads who works on the run. Who deleted the lock before that, and made a new
        # one, may not have read it.
        if not lock.stands(folder.lock):
            raise Held(Message("the lock of {path} was taken by another process", path=folder.path))
        ended = _guarded(_Run(folder, experiment, control, say, keeper), make_plan)
        with suppress(OSError):
            _drop_reserve(folder)
        keeper.set(state=ended.state, step=ended.step, epoch=ended.epoch, why=ended.why)
    return ended


def _finished(folder: RunFolder) -> RunEnded | None:
    """Return how a finished run ended, None where it has not."""
    before = _status_before(folder)
    if before.state != "finished":
        return None
    return RunEnded("finished", before.step, before.epoch, before.why, {})


def _status_before(folder: RunFolder) -> Status:
    try:
        return status.parse(folder.read_json(folder.status))
    except Invalid:  # torn or missing: the run begins again from what is there
        return Status("queued")


def _guarded(run: _Run, make_plan: MakePlan) -> RunEnded:
    """Carry the run out; whatever goes wrong becomes its end, with a sentence for the person."""
    try:
        return run.carry_out(make_plan)
    except Invalid as error:
        why = "; ".join(str(problem) for problem in error.problems)
    except OSError as error:
        why = _why_not_written(error)
    except MemoryError:
        traceback.print_exc(file=sys.stderr)
        why = "The memory of the machine is not enough. A smaller network or smaller batches need less."
    except Exception as error:  # noqa: BLE001 - a run may fail in any way; its folder has to say so
        traceback.print_exc(file=sys.stderr)
        why = Message(
            "Something in Ravine went wrong: {kind}: {error}", kind=type(error).__name__, error=error
        )
    return RunEnded("failed", run.keeper.status.step, run.keeper.status.epoch, why, {})


def _why_not_written(error: OSError) -> str:
    """Return what the system refused, where, and what to do about it."""
    where = f" ({error.filename})" if error.filename else ""
    cure = Message("see that the folder of the run can be written and its disk is whole, then resume")
    if error.errno in _FULL:
        cure = Message("make room on the disk, then resume")
    elif isinstance(error, Busy):
        cure = Message("close the program that has the history of the run open for writing, then resume")
    return Message(
        "Reading or writing failed: {why}{where}. Everything up to the last checkpoint is kept: {cure}.",
        why=error.strerror or error,
        where=where,
        cure=cure,
    )


class _Run:
    """One execution, from reading the data to writing the scores."""

    def __init__(
        self, folder: RunFolder, experiment: Experiment, control: Control, say: Say, keeper: Keeper
    ) -> None:
        self.folder, self.experiment, self.control = folder, experiment, control
        self.say, self.keeper = say, keeper

    def carry_out(self, make_plan: MakePlan) -> RunEnded:
        """Plan, train, save and judge; return how the run ended."""
        _make_reserve(self.folder)
        plan = make_plan(self.experiment, silent)
        import torch  # only now: the folder is there and the data is known to be fit

        from engine.training.devices import pick
        from engine.training.threads import threads_for

        usual = torch.get_num_threads()
        torch.set_num_threads(self.folder.read_threads() or threads_for(plan))
        try:
            return self._work(plan, pick(self.experiment.training.device))
        finally:
            torch.set_num_threads(usual)

    def _work(self, plan: Plan, device: Device) -> RunEnded:
        import torch

        from engine.training.assemble import assemble
        from engine.training.footprint import data_memory

        memory = self.folder.read_data_memory() or data_memory(plan, device)
        self._write_facts(plan.prepared, device.words, torch.get_num_threads(), memory)
        assembly = assemble(plan, device, memory)
        with HistoryWriter(self.folder.history) as history:
            start = self._start(history)
            if start is None and self.experiment.start.source:
                take_weights(self.folder, self.experiment.start, assembly.model)
            self._say_start(assembly, start)
            return self._train(assembly, start, history)

    def _train(self, assembly: Assembly, start: Checkpoint | None, history: HistoryWriter) -> RunEnded:
        from engine.training.loop import train

        def save(checkpoint: Checkpoint) -> None:
            if history.flush():  # a checkpoint beyond the numbers on the disk could not be gone on from
                checkpoints.save(self.folder, checkpoint)

        for event in train(assembly, start, self.control, save, history.series()):
            if isinstance(event, RunEnded):
                return self._end(assembly, event, history)
            self._record(event, history)
            self.say(event)
        raise RuntimeError("the training loop ended without saying how")

    def _record(self, event: Event, history: HistoryWriter) -> None:
        """Save what an event says before anybody hears of it."""
        match event:
            case Measured():
                history.add(event.blocks)
                latest = {
                    block.series: float(block.values[-1]) for block in event.blocks if "." in block.series
                }
                self.keeper.set(
                    step=event.step,
                    epoch=event.epoch,
                    seconds=round(event.seconds, 3),
                    latest={**self.keeper.status.latest, **latest},
                )
            case Reading():
                history.read(event)
            case Warned():
                history.warn(event)
            case StateChanged():
                self.keeper.set(state=event.state, step=event.step)

    def _end(self, assembly: Assembly, ended: RunEnded, history: HistoryWriter) -> RunEnded:
        """Write weights and scores of a run that is over; one that can go on, or never began, has none."""
        if ended.state == "interrupted" or (ended.state == "failed" and ended.step == 0):
            return ended
        from engine.runs.judging import judge
        from engine.runs.kept import save_model

        save_model(self.folder, assembly.model)
        write_json(self.folder.metrics, finite(judge(self.experiment, assembly.model, assembly.prepared)))
        history.finish()
        return ended

    def _start(self, history: HistoryWriter) -> Checkpoint | None:
        """Return the newest checkpoint that the history reaches, or None, and forget what is beyond it."""
        reached = history.last_step("loss")
        start = next((found for found in checkpoints.readable(self.folder) if found.step <= reached), None)
        step = 0 if start is None else start.step
        history.truncate(step)
        checkpoints.remove_after(self.folder, step)
        return start

    def _say_start(self, assembly: Assembly, start: Checkpoint | None) -> None:
        started = RunStarted(
            folder=str(self.folder.path),
            name=self.experiment.name,
            step=0 if start is None else start.step,
            epochs=assembly.epochs,
            steps_per_epoch=assembly.plan.steps_per_epoch,
            device=assembly.device.words,
            parameters=assembly.parameters,
            layers=assembly.layers,
            facts=dataclasses.replace(
                assembly.description.facts(),
                task=self.experiment.task.kind,
                loss_factor=self.experiment.loss.factor(assembly.description.targets),
                network=assembly.plan.blueprint.parts,
            ),
            frozen=assembly.frozen,
            start=said_of(self.folder),
            last_batch=assembly.plan.last_batch,
        )
        write_started(self.folder, started)
        self.say(started)

    def _write_facts(self, prepared: Prepared, device: str, threads: int, memory: DataMemory) -> None:
        """Write environment, preprocessing and split once; a run that goes on must find the same data."""
        folder, data_hash = self.folder, prepared.data_hash
        if folder.environment.exists() and folder.split.exists():
            known = folder.read_json(folder.environment).get("data_hash")
            if known != data_hash:
                raise Invalid([Problem("data", "has changed since the run began, so it cannot go on with it; "
                                       "put the old data back, or start a new run")])  # fmt: skip
            return
        write_preprocessor(folder, prepared)
        write_json(folder.environment, _environment(self.experiment, device, threads, memory, data_hash))
        write_bytes(folder.split, _split_bytes(prepared))


def _environment(
    experiment: Experiment, device: str, threads: int, memory: DataMemory, data_hash: str
) -> dict[str, Any]:
    """Return what the numbers of the run may depend on besides the experiment."""
    import platform

    import numpy as np
    import torch

    from engine import __version__

    return {
        "versions": {
            "ravine": __version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
        "system": platform.system(),
        "machine": platform.machine(),
        "device": device,
        "threads": threads,
        "data_memory": memory,
        "seed": experiment.seed,
        "data_hash": data_hash,
    }


def _split_bytes(prepared: Prepared) -> bytes:
    """Return which rows of the source are in which part, as int64 by name of the part."""
    from safetensors.numpy import save

    content: bytes = save({part: prepared.part(part).rows for part in PARTS})
    return content


def _reserve(folder: RunFolder) -> Path:
    return folder.path / ".reserve"


def _make_reserve(folder: RunFolder) -> None:
    write_bytes(_reserve(folder), b"\xff" * _RESERVE, durable=False)


def _drop_reserve(folder: RunFolder) -> None:
    _reserve(folder).unlink(missing_ok=True)
