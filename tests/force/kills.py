"""Kills: at any moment, within the first two seconds of a run, and while a checkpoint is written.

After each the list of runs shows whole runs only, their history holds all that was shown, and what had begun
ends as the run that nobody killed. All of it lies below a path of spaces, umlauts and Chinese.
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from engine import experiment_file
from engine.events import Edit
from engine.runs.creation import create
from engine.runs.folder import opened
from engine.runs.history.reader import HistoryReader
from engine.runs.lists.listing import list_runs
from engine.runs.lock import is_held
from tests.engine.runs.real_runs import results
from tests.force.killed_runs import EDITED, SMALL, STATEFUL, KilledRun
from tests.force.tries import Try, emptied, ended, forked, killed, wait_until
from tests.patience import PATIENCE

_FIRST = 2.0


def _load() -> None:
    """Bring all that a run needs into this process, whose copies then begin at once."""
    import torch

    import engine.command_line.main
    import engine.inference.evaluation
    import engine.training.loop  # noqa: F401

    torch.set_num_threads(1)


class Killing:
    """One experiment that is trained whole once, and killed over and over."""

    def __init__(self, home: Path, text: str = SMALL, edits: Sequence[Edit] = ()) -> None:
        """`text` is the experiment; `edits` are repeated at their steps."""
        _load()
        self.home = emptied(home / "Läufe von Jürgen 训练")
        self.said = self.home / "said.txt"
        home = self.home
        # a run that was never trained: of the folder of a run its recipe is trained, edits and all
        self.recipe = str(create(home / "recipe", experiment_file.parse(text).experiment, edits).path)
        began = time.monotonic()
        assert ended(forked(["train", self.recipe, "--runs", "whole"], home)) == 0, self.errors
        self.seconds = time.monotonic() - began
        (whole,) = (home / "whole").iterdir()
        self.wanted = results(whole)
        self.chance = random.Random(7)
        self.hits = self.unmade = self.shown = 0

    @property
    def errors(self) -> str:
        return (self.home / "errors.txt").read_text("utf-8")[-2000:]

    def begin(self) -> tuple[Path, int]:
        """Start a new run in a folder of runs of its own; return that folder and the process."""
        runs = emptied(self.home / "killed")
        return runs, self.begin_in(runs)

    def begin_in(self, runs: Path) -> int:
        """Start a new run in a folder of runs; return the process."""
        self.said.unlink(missing_ok=True)
        return self._start("train", self.recipe, "--runs", str(runs))

    def go_on(self, folder: Path) -> int:
        """Resume a run; return the process."""
        return self._start("resume", str(folder))

    def _start(self, *arguments: str) -> int:
        return forked([*arguments, "--json"], self.home, self.said)

    def check(self, runs: Path) -> Path | None:
        """Raise AssertionError where anything half lies among the runs; return the run, if there is one."""
        entries = list_runs(runs, self.home / "cache")
        assert all(not entry.trouble for entry in entries), entries
        assert all(entry.state in ("interrupted", "failed", "finished") for entry in entries), entries
        if not entries:
            self.unmade += 1
            return None
        folder = Path(entries[0].folder)
        assert not is_held(folder / ".lock")
        self.compare_with_shown(folder)
        return folder

    def compare_with_shown(self, folder: Path) -> None:
        """Raise AssertionError where the history lacks a value that was said since the run began."""
        shown = shown_in(self.said)
        if not shown and not opened(folder).history.exists():
            return
        with HistoryReader(opened(folder).history) as history:
            columns = {name: history.column(name) for name in history.names()}
        for name, values in shown.items():
            kept = dict(zip(columns[name].steps.tolist(), columns[name].values.tolist(), strict=True))
            lost = {step: value for step, value in values.items() if not same(kept.get(step), value)}
            assert not lost, (name, lost)
        self.shown += sum(map(len, shown.values()))

    def finish(self, folder: Path | None) -> None:
        """Resume until the end; raises AssertionError where it is not that of the run nobody killed."""
        if folder is None:
            return
        assert ended(self.go_on(folder)) == 0, self.errors
        self.compare_with_shown(folder)
        found = results(folder)
        assert found.keys() == self.wanted.keys()
        wrong = [name for name in found if found[name] != self.wanted[name]]
        assert not wrong, wrong
        left = [path.name for path in folder.rglob("*.part*")]
        assert not left, left


def shown_in(said: Path) -> dict[str, dict[int, float]]:
    """Return what processes said of each series, by step; of a line that a kill cut in two nothing."""
    shown: dict[str, dict[int, float]] = {}
    for line in said.read_text("utf-8").splitlines() if said.exists() else ():
        with suppress(json.JSONDecodeError):
            for block in json.loads(line).get("blocks", ()):
                steps = range(block["first"], sys.maxsize, block["stride"])
                shown.setdefault(block["series"], {}).update(zip(steps, block["values"], strict=False))
    return shown


def same(kept: float | None, said: float | None) -> bool:
    """Return whether a kept value is the one that was said, where JSON has no word for what is no number."""
    if kept is None or said is None:
        return kept is not None and not math.isfinite(kept)
    return kept == said


def early(home: Path, count: int) -> str:
    """Kill within two seconds of the moment in which the folder of runs is first written to."""
    killing = Killing(home)
    for number in range(count):
        runs, child = killing.begin()
        after = _FIRST * number / count
        # The first kills follow the first sign of a folder as closely as can be: there folders were half.
        wait_until(lambda runs=runs: any(runs.iterdir()), pause=0.0)
        time.sleep(after**2 / _FIRST)
        killing.hits += killed(child)
        killing.finish(killing.check(runs))
    return f"{killing.hits} kills of {count}, {killing.unmade} before the run was there; 0 half, all exact"


def anywhere(home: Path, count: int) -> str:
    """Kill the same run several times at random moments, until it is finished, over and over."""
    return _anywhere(Killing(home), count)


def edited(home: Path, count: int) -> str:
    """Do as `anywhere` with a CNN and a Transformer that are edited while they learn."""
    return _of_each(home, EDITED, count)


def stateful(home: Path, count: int) -> str:
    """Do as `anywhere` where optimizer and schedule remember much; where it is to be short, with a few."""
    return _of_each(home, dict(list(STATEFUL.items())[: 2 * count]), count)


def branches(home: Path, count: int) -> str:
    """Do as `anywhere` with runs that begin with the weights of a step of another run, and are edited."""
    parents = home / "parents"
    recipes = {}
    for name, (text, edits) in EDITED.items():
        parent = Killing(parents / name, text, edits)
        (whole,) = (parent.home / "whole").iterdir()
        start = f"[start]\nweights = {json.dumps(str(whole))}\nstep = 123\n"
        recipes[f"branch of the {name}"] = text + start, edits
    return _of_each(home, recipes, count)


def _of_each(home: Path, recipes: Mapping[str, KilledRun], count: int) -> str:
    found = [
        _anywhere(Killing(home / str(number), *one), count) for number, one in enumerate(recipes.values())
    ]
    return "; ".join(f"{name}: {one}" for name, one in zip(recipes, found, strict=True))


def _anywhere(killing: Killing, count: int) -> str:
    while killing.hits < count:
        runs, child = killing.begin()
        time.sleep(killing.chance.random() * killing.seconds)
        killing.hits += killed(child)
        folder = killing.check(runs)
        for _ in range(killing.chance.randrange(4)):
            if folder is None or killing.hits >= count:
                break
            child = killing.go_on(folder)
            time.sleep(killing.chance.random() * killing.seconds)
            killing.hits += killed(child)
            folder = killing.check(runs)
        killing.finish(folder)
    assert killing.shown
    return (
        f"{killing.hits} kills, {killing.unmade} before the run was there; 0 half, all exact, "
        f"{killing.shown} shown values compared, 0 lost"
    )


def again(home: Path, count: int) -> str:
    """Kill runs that are gone on with as soon as they say the first of the steps that they take again."""
    killing = Killing(home)
    while killing.hits < count:
        runs, child = killing.begin()
        wait_until(lambda: killing.said.exists() and b"blocks" in killing.said.read_bytes())
        time.sleep(killing.chance.random())
        stopped = killed(child)
        folder = killing.check(runs)
        if folder is None or not stopped:
            continue
        said = killing.said.stat().st_size
        child = killing.go_on(folder)
        wait_until(lambda said=said: b"blocks" in killing.said.read_bytes()[said:])
        killing.hits += killed(child)
        killing.finish(killing.check(runs))
    assert killing.shown
    return f"{killing.hits} kills; 0 half, all exact, {killing.shown} shown values compared, 0 lost"


def checkpoints(home: Path, count: int) -> str:
    """Kill as soon as the draft of a checkpoint stands in the folder: the process was told to end."""
    killing = Killing(home)
    tries = 0
    while killing.hits < count:
        tries += 1
        assert tries < 20 * count, "the drafts are too quick to be seen"
        runs, child = killing.begin()
        wait_until(lambda runs=runs: list(runs.glob("*/history.sqlite")))
        (place,) = runs.glob("*/checkpoints")
        time.sleep(killing.chance.random() * killing.seconds / 3)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        seen = False
        until = time.monotonic() + PATIENCE
        while not seen and time.monotonic() < until and os.waitpid(child, os.WNOHANG)[0] == 0:
            seen = any(name.endswith(".part") for name in os.listdir(place))
        if not seen:
            continue
        killing.hits += killed(child)
        killing.finish(killing.check(runs))
    shutil.rmtree(killing.home / "killed", ignore_errors=True)
    return f"{killing.hits} kills in {tries} tries; 0 half, all exact"


TRIES = (
    Try("kills-early", "Kills within the first two seconds of a run", early, 3, 60),
    Try("kills-checkpoint", "Kills while a checkpoint is written", checkpoints, 1, 20),
    Try("kills-anywhere", "Kills at any moment", anywhere, 3, 120),
    Try("kills-again", "Kills of runs that take steps again", again, 2, 20),
    Try("kills-edited", "Kills at any moment of a CNN and a Transformer that are edited", edited, 2, 40),
    Try("kills-stateful", "Kills at any moment of optimizers and schedules that remember", stateful, 1, 10),
    Try("kills-branches", "Kills at any moment of branches that are edited", branches, 1, 20),
)
