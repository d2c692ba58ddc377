"""How a run stands: a small file, renewed at least every second while a process works on the run."""

from __future__ import annotations

import dataclasses
import math
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, get_args

from engine.atomic import write_json
from engine.choices import Invalid, Message, Problem
from engine.events import AT_REST, State
from engine.runs.folder import RunFolder, finite
from engine.runs.lock import born, is_held, lives

_EVERY = 0.5
"""Seconds between two renewals; half of what the contract allows."""
_FRESH = 30.0
"""So long after its last renewal a status is believed without a lock: longer than a disk is usually slow."""


@dataclass(frozen=True)
class Status:
    """How a run stands. `latest` holds the newest value of every epoch series.

    `process` and `born` are the number of the process that works on the run, and when that was started.
    """

    state: State
    step: int = 0
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    why: str = ""
    name: str = ""
    process: int = field(default_factory=os.getpid)
    born: float = field(default_factory=born)
    started: float = 0.0
    updated: float = 0.0
    latest: Mapping[str, float] = field(default_factory=dict)


def write(folder: RunFolder, status: Status, *, durable: bool = True) -> None:
    """Write the status of a run; raises OSError."""
    content = finite(dataclasses.asdict(dataclasses.replace(status, updated=round(time.time(), 3))))
    write_json(folder.status, content, durable=durable)


def read(folder: RunFolder) -> Status:
    """Return how a run stands; raises Invalid when its status file is missing or no status.

    A run that says it is running or paused while no process holds its lock was interrupted; so was one
    that waits for a process that is gone.
    """
    status = parse(folder.read_json(folder.status))
    waits = status.state == "queued" and lives(status.process, status.born)  # it holds the lock in a moment
    if status.state not in AT_REST and not (waits or is_held(folder.lock) or works_elsewhere(status)):
        why = "The process that trained this run went away. Resume goes on from the last checkpoint."
        return dataclasses.replace(status, state="interrupted", why=why)
    return status


def is_worked_on(folder: RunFolder) -> bool:
    """Return whether another living process works on the run, so that nobody else may."""
    if is_held(folder.lock):
        return True
    try:
        status = parse(folder.read_json(folder.status))
    except Invalid:
        return False
    return status.state not in AT_REST and works_elsewhere(status)


def works_elsewhere(status: Status) -> bool:
    """Return whether another living process says that it works on the run, whatever the lock says.

    The lock may have been deleted, or the disk keeps none. A process that could not write how its run ended
    is believed no longer than half a minute.
    """
    # abs: a clock that was set back must not make an old status fresh for hours
    fresh = abs(time.time() - status.updated) < _FRESH
    return fresh and status.process != os.getpid() and lives(status.process, status.born)


def parse(values: Mapping[str, Any]) -> Status:
    """Return the status that a JSON object describes; raises Invalid."""
    if values.get("state") not in get_args(State):
        raise Invalid(
            [
                Problem(
                    "status.json",
                    Message("state must be one of {states}", states=", ".join(get_args(State))),
                )
            ]
        )
    latest = values.get("latest")
    return Status(
        state=values["state"],
        step=_whole(values.get("step")),
        epoch=_whole(values.get("epoch")),
        epochs=_whole(values.get("epochs")),
        seconds=_time(values.get("seconds")),
        # Cut, as the file may be a stranger's and the window lays out every letter.
        why=str(values.get("why", ""))[:10_000],
        name=str(values.get("name", ""))[:200],
        process=_whole(values.get("process")),
        born=_time(values.get("born")),
        started=_time(values.get("started")),
        updated=_time(values.get("updated")),
        latest={str(key): _number(value) for key, value in latest.items()}
        if isinstance(latest, dict)
        else {},
    )


def _whole(value: object) -> int:
    # not isinstance: True is an int, too
    return value if type(value) is int and 0 <= value < 2**63 else 0


def _number(value: object) -> float:
    if value is None:
        return math.nan  # `finite` wrote it so, as JSON has no NaN
    return float(value) if isinstance(value, float) or (type(value) is int and abs(value) < 2**63) else 0.0


def _time(value: object) -> float:
    """Return seconds as a number that can be sorted and shown, 0 for what is none."""
    number = _number(value)
    return number if math.isfinite(number) else 0.0


class Keeper:
    """Renews a run's status file from a thread of its own, so that it stays fresh whatever the run does.

    Between `with` and its end the file is written every half second; `set` changes what it says, at once
    where the state changes. A full disk does not end the run here: the history says so first.
    """

    def __init__(self, folder: RunFolder, status: Status) -> None:
        self._folder, self._status = folder, status
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="status", daemon=True)

    @property
    def status(self) -> Status:
        """Return what the file says now."""
        return self._status

    def set(self, **changes: Any) -> None:
        """Change the status; a new state is on disk when this returns."""
        with self._lock:
            before = self._status
            self._status = dataclasses.replace(before, **changes)
            if before.state != self._status.state:
                self._write(durable=True)

    def __enter__(self) -> Self:
        with self._lock:
            self._write(durable=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        with self._lock:
            self._write(durable=True)

    def _renew(self) -> None:
        # Not durable: to wait for the disk twice a second would wear it, and the last word is durable.
        while not self._ended.wait(_EVERY):
            with self._lock:
                self._write(durable=False)

    def _write(self, *, durable: bool) -> None:
        try:
            write(self._folder, self._status, durable=durable)
        except OSError:
            # Nothing better can be done: the file there stays whole, and reads as interrupted.
            return
