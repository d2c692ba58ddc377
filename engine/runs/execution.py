"""Executing a run: who may work on it, how it stands meanwhile, and what becomes of what goes wrong.

The work itself is in `work`.
"""

from __future__ import annotations

import dataclasses
import errno
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.atomic import remove_drafts, write_bytes
from engine.choices import Invalid, Message, joined
from engine.events import AT_REST, RunEnded
from engine.runs import status
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder
from engine.runs.history.file import Busy
from engine.runs.lock import Held, Lock
from engine.runs.preparation import MakePlan, Preparations
from engine.runs.releasing import do_or_wait
from engine.runs.status import Keeper, Status
from engine.runs.work import Say, Work
from engine.training.control import Control

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system says of a full disk, and of a share of it that is used up."""
_RESERVE = 1 << 16


def execute(folder: RunFolder, control: Control, say: Say, make_plan: MakePlan | None = None) -> RunEnded:
    """Begin or go on with the run in `folder` until it ends; return its last event, which was also said.

    A finished run is left as it is, and nothing is said. Raises `lock.Held` when another process works on
    the run, and Invalid when the folder holds none; whatever else goes wrong ends the run as failed.
    """
    if ended := _finished(folder):
        return ended  # without a lock: nothing is written, so a folder that is read-only will do
    with _lock_of(folder) as lock:
        # again under the lock: who held it until now may just have finished the run
        if ended := _finished(folder):
            return ended
        before = _status_before(folder)
        if before.state not in AT_REST and status.works_elsewhere(before):
            raise Held(
                Message("{path} is worked on by process {process}", path=folder.path, process=before.process)
            )
        ended = (
            _execute(folder, before, lock, control, say, make_plan or Preparations().plan)
            if lock
            else _unwritable(before, folder)
        )
    say(ended)  # only now: whoever hears it may go on with the run at once
    return ended


@contextmanager
def _lock_of(folder: RunFolder) -> Iterator[Lock | None]:
    """Hold the run's lock in here, if it can be made: where a folder is read-only, nothing can be done."""
    try:
        lock = Lock(folder.lock)
    # an OSError too, yet it says the opposite: somebody does write here
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
        # a run that goes on keeps its place in lists, which are sorted by this
        started=(before.state != "waiting" and before.started) or time.time(),
    )
    with Keeper(folder, now) as keeper:
        # From here on everybody reads who works on the run. Who deleted the lock before that, and made a new
        # one, may not have read it.
        if not lock.stands(folder.lock):
            raise Held(Message("the lock of {path} was taken by another process", path=folder.path))
        # Bytes kept back on the disk, so that a run on a full one can still write why it ended.
        reserve = folder.path / ".reserve"
        ended = _guarded(Work(folder, experiment, control, say, keeper, make_plan), reserve)
        # what went wrong while its memory was released has left it open
        control.close()
        # freed before the status is written, which needs the room
        with suppress(OSError):
            reserve.unlink(missing_ok=True)
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


def _guarded(work: Work, reserve: Path) -> RunEnded:
    """Do the work; whatever goes wrong becomes the run's end, with a sentence for the person."""
    try:
        # Not zeros: a file system may keep no room for those.
        # not waited for: only its room counts, never its content
        write_bytes(reserve, b"\xff" * _RESERVE, durable=False)
        return do_or_wait(work)
    except Invalid as error:
        why = joined("; ", *map(str, error.problems))
    except OSError as error:
        why = _why_not_written(error)
    except MemoryError:
        traceback.print_exc(file=sys.stderr)
        why = "The memory of the machine is not enough. A smaller network or smaller batches need less."
    except Exception as error:  # noqa: BLE001 - a run may fail in any way; its folder has to say so
        traceback.print_exc(file=sys.stderr)
        kind = type(error).__name__
        why = Message("Something in Ravine went wrong: {kind}: {error}", kind=kind, error=str(error))
    return RunEnded("failed", work.keeper.status.step, work.keeper.status.epoch, why, {})


def _why_not_written(error: OSError) -> str:
    """Return what the system refused, where, and what to do about it."""
    where = Message(" ({file})", file=str(error.filename)) if error.filename else ""
    cure = "see that the folder of the run can be written and its disk is whole, then resume"
    if error.errno in _FULL:
        cure = "make room on the disk, then resume"
    elif isinstance(error, Busy):
        cure = "close the program that has the history of the run open for writing, then resume"
    return Message(
        "Reading or writing failed: {refused}{where}. Everything up to the last checkpoint is kept: {cure}.",
        refused=str(error.strerror or error),
        where=where,
        cure=Message(cure),
    )
