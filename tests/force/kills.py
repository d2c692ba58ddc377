"""Kills: at any moment, within the first two seconds of a run, and while a checkpoint is written.

After each the list of runs shows whole runs only, and what had begun ends as the run that nobody killed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine import experiment_file
from engine.events import Edit
from engine.runs.creation import create
from engine.runs.folder import opened
from engine.runs.lists.listing import list_runs
from engine.runs.lock import is_held
from tests.engine.runs.real_runs import results
from tests.force.tries import Try, emptied, ended, forked, killed, wait_until
from tests.patience import PATIENCE

EXPERIMENT = """
format = 1
name = "Killed"
seed = 3
[data]
kind = "spirals"
samples = 300
[architecture]
kind = "mlp"
hidden = [64, 64]
dropout = 0.2
[optimizer]
kind = "adam"
[training]
batch_size = 16
epochs = 150
device = "cpu"
"""
_FIRST = 2.0


def _load() -> None:
    """Bring all that a run needs into this process, whose copies then begin at once."""
    import torch

    import engine.command_line.main
    import engine.inference.evaluation
    import engine.training.loop  # noqa: F401

    torch.set_num_threads(1)


class _Killing:
    """One experiment that is trained whole once, and killed over and over."""

    def __init__(self, home: Path, text: str = EXPERIMENT, edits: Sequence[Edit] = ()) -> None:
        """`text` is the experiment; `edits` are repeated at their steps."""
        _load()
        self.home = emptied(home)
        # a run that was never trained: of the folder of a run its recipe is trained, edits and all
        self.recipe = str(create(home / "recipe", experiment_file.parse(text).experiment, edits).path)
        began = time.monotonic()
        assert ended(forked(["train", self.recipe, "--runs", "whole"], home)) == 0, self.errors
        self.seconds = time.monotonic() - began
        (whole,) = (home / "whole").iterdir()
        self.wanted = results(whole)
        self.chance = random.Random(7)
        self.hits = self.unmade = 0

    @property
    def errors(self) -> str:
        return (self.home / "errors.txt").read_text("utf-8")[-2000:]

    def begin(self) -> tuple[Path, int]:
        """Start a new run in a folder of runs of its own; return that folder and the process."""
        runs = emptied(self.home / "killed")
        return runs, forked(["train", self.recipe, "--runs", "killed"], self.home)

    def check(self, runs: Path) -> Path | None:
        """Raise AssertionError where anything half lies among the runs; return the run, if there is one."""
        entries = list_runs(runs, self.home / "cache")
        assert all(not entry.trouble for entry in entries), entries
        assert all(entry.state in ("interrupted", "finished") for entry in entries), entries
        if not entries:
            self.unmade += 1
            return None
        folder = Path(entries[0].folder)
        assert not is_held(folder / ".lock")
        if (opened(folder).history).exists():
            results_so_far(folder)
        return folder

    def finish(self, folder: Path | None) -> None:
        """Resume until the end; raises AssertionError where it is not that of the run nobody killed."""
        if folder is None:
            return
        assert ended(forked(["resume", str(folder)], self.home)) == 0, self.errors
        found = results(folder)
        assert found.keys() == self.wanted.keys()
        wrong = [name for name in found if found[name] != self.wanted[name]]
        assert not wrong, wrong
        left = [path.name for path in folder.rglob("*.part*")]
        assert not left, left


def results_so_far(folder: Path) -> dict[str, Any]:
    """Return the series of a run that was killed; raises Invalid where they cannot be read."""
    from engine.runs.history.reader import HistoryReader

    with HistoryReader(opened(folder).history) as history:
        return {name: history.column(name) for name in history.names()}


def early(home: Path, count: int) -> str:
    """Kill within two seconds of the moment in which the folder of runs is first written to."""
    killing = _Killing(home)
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
    return _anywhere(_Killing(home), count)


def edited(home: Path, count: int) -> str:
    """Do as `anywhere` with a CNN and a Transformer that are edited while they learn."""
    found = [_anywhere(_Killing(home / name, *EDITED[name]), count) for name in EDITED]
    return "; ".join(f"{name}: {one}" for name, one in zip(EDITED, found, strict=True))


def _anywhere(killing: _Killing, count: int) -> str:
    while killing.hits < count:
        runs, child = killing.begin()
        time.sleep(killing.chance.random() * killing.seconds)
        killing.hits += killed(child)
        folder = killing.check(runs)
        for _ in range(killing.chance.randrange(4)):
            if folder is None or killing.hits >= count:
                break
            child = forked(["resume", str(folder)], killing.home)
            time.sleep(killing.chance.random() * killing.seconds)
            killing.hits += killed(child)
            folder = killing.check(runs)
        killing.finish(folder)
    return f"{killing.hits} kills, {killing.unmade} before the run was there; 0 half, all exact"


def checkpoints(home: Path, count: int) -> str:
    """Kill as soon as the draft of a checkpoint stands in the folder: the process was told to end."""
    killing = _Killing(home)
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
    shutil.rmtree(home / "killed", ignore_errors=True)
    return f"{killing.hits} kills in {tries} tries; 0 half, all exact"


_DIGITS = """
format = 1
name = "Edited CNN"
[data]
kind = "sample"
name = "digits"
[architecture]
kind = "cnn"
channels = [8]
dense = [16]
normalization = "batch"
dropout = 0.2
[training]
batch_size = 32
epochs = 12
device = "cpu"
"""
_SENTENCES = """
format = 1
name = "Edited Transformer"
[data]
kind = "sample"
name = "film_sentences"
[preprocessing]
length = 24
[architecture]
kind = "transformer_encoder"
layers = 1
width = 16
heads = 2
dropout = 0.1
[training]
batch_size = 32
epochs = 8
device = "cpu"
"""
_EDITS = (
    Edit(11, "architecture.dropout", None, 0.0),
    Edit(50, "loss.label_smoothing", 0.0, 0.1),
    Edit(50, "training.averaging", None, {"kind": "exponential"}),
    Edit(97, "architecture.dropout", None, 0.4),
    Edit(130, "optimizer.learning_rate", None, 0.001),
    Edit(171, "loss.class_weights", None, {"kind": "balanced"}),
    Edit(203, "training.sampling", None, {"kind": "balanced"}),
    Edit(251, "regularizers", [], [{"kind": "clip_norm"}]),
    Edit(288, "training.averaging", None, {"kind": "none"}),
    Edit(300, "schedule", None, {"kind": "cosine"}),
)
EDITED = {"CNN": (_DIGITS, _EDITS), "Transformer": (_SENTENCES, _EDITS)}

TRIES = (
    Try("kills-early", "Kills within the first two seconds of a run", early, 3, 60),
    Try("kills-checkpoint", "Kills while a checkpoint is written", checkpoints, 1, 20),
    Try("kills-anywhere", "Kills at any moment", anywhere, 3, 120),
    Try("kills-edited", "Kills at any moment of a CNN and a Transformer that are edited", edited, 2, 40),
)
