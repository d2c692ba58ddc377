"""A run that is killed, whenever and however often, ends as the uninterrupted one does: bit for bit.

RAVINE_KILLS=10 kills each of the runs ten times, and trains longer, so that the kills hit all over it.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.events import Edit
from engine.runs.folder import RunFolder
from engine.runs.lists.listing import read_entry
from engine.runs.recipe import write_edits
from tests.engine.runs.real_runs import CNN, MLP, PAIRS, TRANSLATION, results, start_engine
from tests.patience import PATIENCE

KILLS = int(os.environ.get("RAVINE_KILLS", "2"))


def _longer(experiment: str) -> str:
    """Return the experiment with so many epochs that checkpoints lie between the kills."""
    return re.sub(r"epochs = (\d+)", lambda found: f"epochs = {int(found[1]) * (1 + KILLS // 2)}", experiment)


def _train_with_kills(home: Path, recipe: str, kills: int, chance: random.Random) -> tuple[Path, int]:
    """Train, killing the process at random moments of its work; return the folder and how many kills hit."""
    process = start_engine(home, "train", recipe, "--runs", "killed", stderr=-3)
    hits = 0
    while not list((home / "killed").glob("[!.]*/status.json")) and process.poll() is None:
        time.sleep(0.01)
    (folder,) = (path.parent for path in (home / "killed").glob("[!.]*/status.json"))
    while hits < kills:
        step = _step(folder)
        # A third of the kills hit at any moment of the start, the others some time after steps were taken.
        until = time.monotonic() + PATIENCE
        if hits % 3:
            while _step(folder) <= step and process.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(chance.random() * 1.0)
        else:
            time.sleep(chance.random() * 3.0)
        finished = process.poll() is not None
        process.kill()
        process.wait()
        if finished:
            break
        hits += 1
        assert read_entry(folder).state in ("interrupted", "finished", "queued")
        process = start_engine(home, "resume", str(folder), stderr=-3)
    assert process.wait() == 0
    return folder, hits


def _step(folder: Path) -> int:
    try:
        step = json.loads((folder / "status.json").read_bytes())["step"]
    except (OSError, ValueError):
        return 0
    return int(step)


def _compare(home: Path, experiment: str, kills: int, edits: Sequence[Edit] = ()) -> None:
    recipe = RunFolder(home / "recipe")
    recipe.path.mkdir()
    # what it names lies beside the folder
    recipe.experiment.write_text(experiment.replace("pairs.tsv", "../pairs.tsv"), encoding="utf-8")
    write_edits(recipe, edits)
    (home / "pairs.tsv").write_text(PAIRS, encoding="utf-8")
    undisturbed = start_engine(home, "train", "recipe", "--runs", "whole", stdout=-3)  # beside the other
    folder, hits = _train_with_kills(home, "recipe", kills, random.Random(experiment))
    assert undisturbed.wait() == 0
    whole = results(next((home / "whole").glob("[!.]*/status.json")).parent)
    assert hits >= min(kills, 2), "the runs are too short to be killed"
    found = results(folder)
    assert found.keys() == whole.keys()
    for name, value in whole.items():
        assert found[name] == value, name
    assert not list(folder.glob(".*.part"))
    assert not RunFolder(folder).path.joinpath(".reserve").exists()


@pytest.mark.slow
@pytest.mark.timeout(120 + 60 * KILLS)
@pytest.mark.parametrize(
    "experiment",
    [MLP, CNN, TRANSLATION],
    ids=["mlp-dropout-adam", "cnn-batchnorm-momentum", "transformer-augmented-translation"],
)
def test_that_a_killed_run_ends_like_the_uninterrupted_one(experiment: str, tmp_path: Path) -> None:
    _compare(tmp_path, _longer(experiment), KILLS)


@pytest.mark.slow
@pytest.mark.timeout(120 + 60 * KILLS)
def test_that_a_killed_run_repeats_its_edits(tmp_path: Path) -> None:
    rates = (0.003, 0.02, 0.001, 0.005, 0.01, 0.002, 0.004)
    edits = [
        *(Edit(180 * number, "optimizer.learning_rate", 0.0, rate) for number, rate in enumerate(rates, 1)),
        Edit(431, "training.batch_size", 0, 47),
        Edit(500, "schedule", {}, {"kind": "cosine"}),
        Edit(700, "regularizers", [], [{"kind": "l2", "strength": 0.001}]),
        Edit(777, "training.batch_size", 47, 20),
        Edit(900, "training.epochs", 240, 250),
    ]
    _compare(tmp_path, _longer(MLP), KILLS, sorted(edits, key=lambda edit: edit.step))
