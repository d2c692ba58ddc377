"""The `queue` command: the runs that wait, their order, and training them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.choices import Invalid, Message, Problem
from engine.command_line.codes import DONE, INTERRUPTED
from engine.command_line.output import json_text, tell
from engine.command_line.training import code_of, executed
from engine.events import RunEnded
from engine.processes import command_of, surroundings_of_one
from engine.runs import places
from engine.runs.folder import RunFolder, opened
from engine.runs.lists.listing import read_entry
from engine.runs.preparation import Preparations
from engine.runs.queue.order import change, hold, read_order, withdraw
from engine.runs.queue.working import beside, end, work_through, workers


@dataclass(frozen=True)
class AtWork:
    """How the queue is worked through and told."""

    at_once: int = 1
    most: int | None = None
    """Runs after which to end; None: when none waits."""
    stop_at_failure: bool = False
    as_json: bool = False


def queue(runs: Path | None, action: str, names: Sequence[str], manner: AtWork) -> int:
    """Print the queue after an action on some of its runs, or train them all; return the exit code."""
    place = (runs or places.default_runs()).absolute()
    if action == "train":
        return _train_queue(place, manner)
    named = [Path(name).name for name in names]
    order = read_order(place)
    if not named and action != "list":
        raise Invalid([Problem("", Message("{action} what? Give the folders of runs", action=action))])
    unknown = [name for name in named if name not in order.names()]
    if unknown and action != "add":
        raise Invalid([Problem("", Message("{run} is not in the queue", run=name)) for name in unknown])
    for name in named:
        _ACTIONS[action](place, name)
    _print_queue(place, as_json=manner.as_json)
    return DONE


def _add(runs: Path, name: str) -> None:
    opened(runs / name)  # refuses what is no run
    change(runs, lambda order: order.with_last(name))


_ACTIONS: Mapping[str, Callable[[Path, str], object]] = {
    "add": _add,
    "remove": withdraw,
    "hold": hold,
    "release": lambda runs, name: hold(runs, name, held=False),
    "first": lambda runs, name: change(runs, lambda order: order.moved(name, -len(order.waiting))),
    "last": lambda runs, name: change(runs, lambda order: order.moved(name, len(order.waiting))),
}


def _print_queue(runs: Path, *, as_json: bool) -> None:
    waiting = [(entry, read_entry(runs / entry.run)) for entry in read_order(runs).waiting]
    if as_json:
        rows = [
            {"folder": run.folder, "name": run.name, "state": run.state, "held": entry.held, "step": run.step}
            for entry, run in waiting
        ]
        tell(sys.stdout, json_text(rows))
    for number, (entry, run) in enumerate(() if as_json else waiting, start=1):
        held = Message(", held") if entry.held else ""
        tell(sys.stdout, Message("{number}. {name} ({state}{held})  {folder}\n", number=number, name=run.name,
                                 state=run.state, held=held, folder=run.folder))  # fmt: skip
    if not waiting and not as_json:
        tell(sys.stdout, Message("nothing waits in {folder}\n", folder=runs))


def _train_queue(runs: Path, manner: AtWork) -> int:
    if manner.at_once > 1:
        # those that are started below inherit it
        os.environ.update(surroundings_of_one(manner.at_once))
    at_failure = ("--stop-at-failure",) if manner.stop_at_failure else ()
    helpers = workers(command_of("queue", "train", "--runs", str(runs), *at_failure), manner.at_once - 1)

    def train(folder: RunFolder) -> RunEnded:
        return executed(folder, Preparations(), as_json=manner.as_json)

    codes = []
    with beside(helpers):
        for ended in work_through(runs, train, most=manner.most, stop_at_failure=manner.stop_at_failure):
            codes.append(code_of(ended))
        if INTERRUPTED in codes:
            end(helpers)
    # what went wrong first counts: of ten runs one that failed is what a script has to hear of
    return next((code for code in codes if code != DONE), DONE)
