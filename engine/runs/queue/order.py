"""The order of the queue: a small file in the folder of runs that every window and command shares.

A run that waits is an ordinary run folder in the state "waiting", or one to be gone on with. The file only
names them in order, so it holds nothing that could be lost with it but the order.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.atomic import write_bytes, write_json
from engine.choices import Invalid, Message, Problem
from engine.events import Edit
from engine.experiment import Experiment
from engine.experiment_file import dump
from engine.ordinary import read_ordinary
from engine.runs import status
from engine.runs.creation import create
from engine.runs.folder import RunFolder, opened
from engine.runs.lock import Held, Lock, born, lives

FORMAT = 1
_FILE, _LOCK = ".queue.json", ".queue.lock"
_MOST = 16 << 20
_TRIES = 3
"""A run that was begun so often, and went away each time before another step was kept, is held."""


@dataclass(frozen=True)
class Waiting:
    """One run of the queue. `run` is the name of its folder."""

    run: str
    held: bool = False
    """It keeps its place, and others are trained first."""
    process: int = 0
    born: float = 0.0
    """The process that took it, and when that was started; 0 where nobody has."""
    tries: int = 0
    step: int = 0
    """It was taken so often while it stood at this step."""

    @property
    def taken(self) -> bool:
        """Whether a living process has taken it."""
        return lives(self.process, self.born)


@dataclass(frozen=True)
class Order:
    """The runs of the queue, the next one first."""

    waiting: tuple[Waiting, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Return the names of the runs' folders in order."""
        return tuple(entry.run for entry in self.waiting)

    def entries(self, *runs: str) -> tuple[Waiting, ...]:
        """Return what is known of these runs, in order."""
        return tuple(entry for entry in self.waiting if entry.run in runs)

    def with_last(self, *runs: str) -> Order:
        """Return the order with these runs behind all others; those in it keep their place."""
        known = set(self.names())
        return Order((*self.waiting, *(Waiting(run) for run in dict.fromkeys(runs) if run not in known)))

    def without(self, *runs: str) -> Order:
        """Return the order without these runs."""
        return Order(tuple(entry for entry in self.waiting if entry.run not in runs))

    def moved(self, run: str, by: int) -> Order:
        """Return the order with a run that many places further back, towards the front where negative."""
        names = self.names()
        if run not in names:
            return self
        here = names.index(run)
        entry, others = self.waiting[here], self.without(run).waiting
        place = min(max(here + by, 0), len(others))
        return Order((*others[:place], entry, *others[place:]))

    def arranged(self, names: Sequence[str]) -> Order:
        """Return the order with these runs first, as they are named; the others keep theirs."""
        place = {name: number for number, name in enumerate(names)}
        return Order(tuple(sorted(self.waiting, key=lambda entry: place.get(entry.run, len(place)))))

    def held(self, run: str, held: bool) -> Order:
        """Return the order with a run held, or released; what is released may be tried anew."""
        return self._changed(run, held=held, tries=0)

    def _changed(self, run: str, **changes: Any) -> Order:
        return Order(
            tuple(
                dataclasses.replace(entry, **changes) if entry.run == run else entry for entry in self.waiting
            )
        )


_WAITING: TypeAdapter[tuple[Waiting, ...]] = TypeAdapter(tuple[Waiting, ...])


def read_order(runs: Path) -> Order:
    """Return the order of the queue below `runs`; raises Invalid where its file is damaged."""
    file = runs / _FILE
    try:
        document = json.loads(read_ordinary(file, _MOST))
        if document["format"] != FORMAT:
            raise ValueError
        found = _WAITING.validate_python(document["waiting"])
    except FileNotFoundError:
        return Order()
    except (OSError, ValueError, KeyError, TypeError, RecursionError, ValidationError):
        why = Message(
            "{file} holds no queue that can be understood; delete it, and queue the waiting runs anew",
            file=file,
        )
        raise Invalid([Problem("", why)]) from None
    # a name with a separator would lead out of the folder of runs
    sound = [entry for entry in found if Path(entry.run).name == entry.run]
    return Order(tuple({entry.run: entry for entry in sound}.values()))


def change(runs: Path, change_order: Callable[[Order], Order]) -> Order:
    """Change the order of the queue while nobody else does; return it as it is then.

    Raises Invalid where the file is damaged or cannot be written.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        with Lock(runs / _LOCK):
            before = read_order(runs)
            after = change_order(before)
            if after != before:
                entries = [dataclasses.asdict(entry) for entry in after.waiting]
                write_json(runs / _FILE, {"format": FORMAT, "waiting": entries})
            return after
    except Held:
        raise Invalid([Problem("", "the queue is being changed by another process; try again")]) from None
    except OSError as error:
        why = Message("the queue cannot be kept in {runs}: {why}", runs=runs, why=error.strerror or error)
        raise Invalid([Problem("", why)]) from None


def enqueue(runs: Path, experiment: Experiment, edits: Iterable[Edit] = ()) -> RunFolder:
    """Make the folder of a run of `experiment` (paths absolute) that waits behind all others.

    See `create`, also for what is raised.
    """
    folder = create(runs, experiment, tuple(edits), state="waiting")
    change(runs, lambda order: order.with_last(folder.path.name))
    return folder


def rewrite(runs: Path, run: str, experiment: Experiment) -> bool:
    """Let a waiting run train another experiment (paths absolute); return whether it still waited.

    It keeps its place, and is released where it was held. Raises Invalid where it cannot be written.
    """
    folder = RunFolder(runs.absolute() / run)
    rewritten: list[bool] = []

    def written(order: Order) -> Order:
        now = _standing(folder)
        # under the lock, so that nobody begins it meanwhile
        if now is None or now.state != "waiting" or any(entry.taken for entry in order.entries(run)):
            return order
        write_bytes(folder.experiment, dump(experiment).encode())
        status.write(
            folder, dataclasses.replace(now, name=experiment.name, epochs=experiment.training.epochs)
        )
        rewritten.append(True)
        return order.with_last(run).held(run, False)

    change(runs, written)
    return bool(rewritten)


def take(runs: Path, but_not: Iterable[str] = ()) -> RunFolder | None:
    """Take the next run that may be trained now for this process; None where there is none.

    Passed over are runs that are held, taken by another process or named in `but_not`. Those that have
    finished, or whose folder is gone, leave the queue. Whoever takes a run says by `put_back` or `leave`
    what became of it; that of a process that died may be taken again.
    """
    taken: list[RunFolder] = []

    def next_taken(order: Order) -> Order:
        kept = []
        for entry in order.waiting:
            folder = RunFolder(runs.absolute() / entry.run)
            now = _standing(folder)
            if now is None or now.state == "finished":
                continue
            free = not (taken or entry.held or entry.taken or entry.run in but_not)
            if free and not status.is_worked_on(folder):
                tries = entry.tries + 1 if entry.step == now.step else 1
                if tries > _TRIES:
                    entry = dataclasses.replace(entry, held=True)
                else:
                    taken.append(folder)
                    entry = Waiting(entry.run, False, os.getpid(), born(), tries, now.step)
            kept.append(entry)
        return Order(tuple(kept))

    if not read_order(runs).waiting:
        return None  # the usual case, for which nothing is written
    change(runs, next_taken)
    return taken[0] if taken else None


def hold(runs: Path, run: str, held: bool = True) -> None:
    """Let a run keep its place while others are trained first; or release it."""
    change(runs, lambda order: order.held(run, held))


def leave(runs: Path, run: str) -> None:
    """Let a run leave the queue: it has ended, or is to be trained no more."""
    change(runs, lambda order: order.without(run))


def withdraw(runs: Path, run: str) -> None:
    """Take a run out of the queue that nobody trains; one that had not begun says so, and can still begin."""
    leave(runs, run)
    folder = RunFolder(runs / run)
    now = _standing(folder)
    if now is not None and now.state == "waiting":
        why = "It was taken out of the queue before its first step."
        status.write(folder, dataclasses.replace(now, why=why))


def put_back(runs: Path, run: str) -> None:
    """Let others take a run that this process had taken: it was interrupted and keeps its place."""
    change(runs, lambda order: order._changed(run, process=0, born=0.0))


def settle(runs: Path, run: str) -> None:
    """Let a run that this process had taken leave the queue or keep its place, by how it stands now."""
    now = _standing(RunFolder(runs / run))
    # one that could not even begin says nothing: it is held
    if now is not None and now.state in ("waiting", "interrupted"):
        put_back(runs, run)
    else:
        leave(runs, run)


def _standing(folder: RunFolder) -> status.Status | None:
    """Return how a run stands, None where there is no folder of a run."""
    try:
        return status.read(opened(folder.path))
    except Invalid:
        # a status that cannot be read is no reason to lose the run: it begins again from what is there
        return status.Status("interrupted") if folder.experiment.is_file() else None
