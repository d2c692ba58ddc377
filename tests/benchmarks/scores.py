"""Test scores of presets over several seeds, beside the best simpler model on the same splits.

    python -m tests.benchmarks.scores wine diabetes --seeds 10 --set optimizer.learning_rate=0.01

The seed changes split, weights and order of batches. Every run is a whole one, in a folder of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from engine.command_line.experiments import load
from engine.experiment import Experiment
from engine.learning.metrics import Metric
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.training.control import Control

PRESETS = ("wine", "breast_cancer", "diabetes", "digits_cnn", "fashion_mnist_cnn", "spirals")


@dataclass(frozen=True)
class Run:
    """What one run came to: the score of the network and of the best simpler model, and its seconds."""

    network: float
    simpler: float
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.benchmarks.scores", description=__doc__)
    parser.add_argument("presets", nargs="*", default=PRESETS, metavar="PRESET")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--set", action="append", default=[], metavar="path=value", dest="changes")
    chosen = parser.parse_args()
    print("| preset | metric | mean | spread | worst | simpler, mean | spread | seconds a run |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for name in chosen.presets:
        experiment = load(name, chosen.changes)
        runs = [_run(experiment.replaced(seed=seed)) for seed in range(chosen.seeds)]
        print(_row(name, experiment.scores[0], runs), flush=True)
    return 0


def _run(experiment: Experiment) -> Run:
    with tempfile.TemporaryDirectory() as runs:
        folder = create(Path(runs), experiment)
        begin = time.perf_counter()
        ended = execute(folder, Control(), lambda event: None)
        seconds = time.perf_counter() - begin
        if ended.state != "finished":
            raise SystemExit(f"{experiment.name}, seed {experiment.seed}: {ended.why}")
        found: dict[str, Any] = json.loads(folder.metrics.read_text())["test"]
    metric = experiment.scores[0].kind
    best = max if experiment.scores[0].higher_is_better else min
    known = [scores[metric] for scores in found["baselines"].values() if metric in scores]
    return Run(found["metrics"][metric], best(known), seconds)


def _row(name: str, metric: Metric, runs: list[Run]) -> str:
    network, simpler = [run.network for run in runs], [run.simpler for run in runs]
    spread = [stdev(values) if len(values) > 1 else 0.0 for values in (network, simpler)]
    worst = min if metric.higher_is_better else max
    return (
        f"| {name} | {metric.kind} | {mean(network):.4f} | {spread[0]:.4f} | {worst(network):.4f} "
        f"| {mean(simpler):.4f} | {spread[1]:.4f} | {mean(run.seconds for run in runs):.1f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
