"""What pretrained weights are worth: MobileNetV2 on 300 pictures of clothes, from scratch and fine-tuned.

Test accuracy on 600 other pictures; every round is another seed, that is another split, other weights where
they are random, and another order. Needs `dev.py data mobilenet_weights`; without it there is nothing here.

Over seeds 0 to 2, ten epochs each, five minutes of one core in all: from scratch 0.65 (0.53 to 0.67), the
last layer alone 0.76 (0.75 to 0.77), the whole network 0.82 (0.73 to 0.83).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.preparation import Preparations
from engine.training.control import Control
from tests.benchmarks.harness import Benchmark, Way
from tests.full_sets import place_of

WEIGHTS = place_of("mobilenet_weights") / "mobilenet_v2.pth"
SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "samples" / "fashion_mnist.npz"
PER_CLASS = 100
PREPARE = Preparations().plan

STANDARD: Mapping[str, Any] = {
    "kind": "mobilenet_v2",
    "stem": "original",
    "width": 1.0,
    "blocks": [1, 2, 3, 4, 3, 3, 1],
}
"""The sizes that the public weights were made with."""
SCRATCH: Mapping[str, Any] = {"start": {}, "rate": 0.003}
HEAD: Mapping[str, Any] = {"start": {"weights": str(WEIGHTS), "freeze": "all_but_head"}, "rate": 0.003}
WHOLE: Mapping[str, Any] = {"start": {"weights": str(WEIGHTS)}, "rate": 0.0005}


@cache
def _pictures() -> tempfile.TemporaryDirectory[str]:
    """Write the first pictures of each class as files; the folder goes with the process."""
    folder = tempfile.TemporaryDirectory()
    with np.load(SAMPLE, allow_pickle=False) as sample:
        pixels, labels = sample["images"], sample["labels"]
    for label in np.unique(labels):
        place = Path(folder.name) / f"class {label}"
        place.mkdir()
        for number, picture in enumerate(pixels[labels == label][:PER_CLASS]):
            Image.fromarray(picture).save(place / f"{number}.png")
    return folder


def experiment(way: Mapping[str, Any], seed: int, epochs: int) -> Experiment:
    """Return MobileNetV2 on 300 pictures of 64 × 64 in colour, 100 more to choose the epoch."""
    return Experiment.model_validate(
        {
            "seed": seed,
            "data": {
                "kind": "images",
                "path": _pictures().name,
                "height": 64,
                "width": 64,
                "colour": "colour",
            },
            "split": {"train": 0.3, "validation": 0.1, "test": 0.6},
            "task": {"kind": "classification"},
            "architecture": STANDARD,
            "start": way["start"],
            "optimizer": {"kind": "adam", "learning_rate": way["rate"]},
            "schedule": {"kind": "cosine"},
            "training": {"batch_size": 16, "epochs": epochs, "device": "cpu"},
        }
    )


def accuracy(way: Mapping[str, Any], epochs: int) -> Callable[[], float]:
    """Return a measure: train with the next seed, give the share of right answers on the test part."""
    seeds = count()

    def measure() -> float:
        with tempfile.TemporaryDirectory() as runs:
            folder = create(Path(runs), experiment(way, next(seeds), epochs))
            ended = execute(folder, Control(), lambda event: None, PREPARE)
            if ended.state != "finished":
                raise SystemExit(ended.why)
            return float(json.loads(folder.metrics.read_text("utf-8"))["test"]["metrics"]["accuracy"])

    return measure


BENCHMARKS = (
    Benchmark(
        name="finetuning",
        title="Fine-tuning MobileNetV2 on 300 pictures",
        unit="test accuracy",
        ways=tuple(
            Way(name=name, measure=accuracy(way, 10), quick=accuracy(way, 1))
            for name, way in (("from scratch", SCRATCH), ("last layer", HEAD), ("whole network", WHOLE))
        ),
        rounds=3,
        quick_rounds=1,
    ),
) * WEIGHTS.is_file()
