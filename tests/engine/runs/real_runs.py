"""Helpers: runs trained by real processes, and what is compared between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader

REPOSITORY = Path(__file__).resolve().parents[3]

MLP = """
format = 1
name = "MLP"
seed = 3
[data]
kind = "spirals"
samples = 300
[architecture]
kind = "mlp"
hidden = [32, 32]
dropout = 0.2
[optimizer]
kind = "adam"
[training]
batch_size = 16
epochs = 120
device = "cpu"
"""

CNN = """
format = 1
name = "CNN"
seed = 5
[data]
kind = "sample"
name = "digits"
[split]
train = 0.4
validation = 0.1
test = 0.5
[architecture]
kind = "cnn"
channels = [4, 8]
dense = [16]
normalization = "batch"
[optimizer]
kind = "momentum"
[training]
batch_size = 32
epochs = 20
device = "cpu"
"""

TRANSLATION = """
format = 1
name = "Translation"
seed = 6
[data]
kind = "text_pairs"
path = "pairs.tsv"
[preprocessing]
tokenizer = "words"
length = 12
[task]
kind = "translation"
[architecture]
kind = "transformer"
layers = 1
width = 16
heads = 2
dropout = 0.1
[[augmentations]]
kind = "token_drop"
[training]
batch_size = 8
epochs = 25
device = "cpu"
"""
PAIRS = "".join(
    f"{number} {word} {other}\t{other} {word} {number}\n"
    for number in ("one", "two", "three", "four", "five")
    for word in ("red", "green", "blue", "black", "white")
    for other in ("cats", "dogs", "hens", "cows")
)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process whose folders of its own lie below `home`."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(REPOSITORY),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }


def engine(home: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def start_engine(home: Path, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start the command line and return at once."""
    command = [sys.executable, "-m", "engine", *arguments]
    return subprocess.Popen(command, env=environment(home), cwd=home, **options)


def results(folder: Path) -> dict[str, Any]:
    """Return all that a run came to: weights as bytes, every series, warnings and scores."""
    run = RunFolder(folder)
    with HistoryReader(run.history) as history:
        columns = {name: history.column(name) for name in history.names()}
        warnings = history.warnings()
    return {
        "weights": run.model.read_bytes(),
        "metrics": json.loads(run.metrics.read_bytes()),
        "warnings": warnings,
        **{f"{name}.steps": column.steps.tobytes() for name, column in columns.items()},
        **{name: np.ascontiguousarray(column.values).tobytes() for name, column in columns.items()},
    }
