"""How fast we train, beside a bare torch loop that takes the same steps and measures the same things.

Processor time on one thread is compared, so that other programs on the machine matter little.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from engine.data.preparation.prepare import prepare
from engine.experiment import Experiment
from engine.training.assemble import Assembly, assemble
from engine.training.control import Control
from engine.training.devices import Device, settled
from engine.training.loop import train
from engine.training.plan import Plan
from tests.benchmarks.harness import Benchmark, Way

CPU = Device(torch.device("cpu"), "CPU")

TINY: dict[str, Any] = {
    "data": {"kind": "random_vectors", "samples": 100, "inputs": 10, "outputs": 2},
    "split": {"train": 0.8, "validation": 0.2, "test": 0.0},
    "task": {"kind": "regression"},
    "architecture": {"kind": "mlp", "hidden": [5]},
    "loss": {"kind": "mean_squared"},
    "optimizer": {"kind": "adam", "learning_rate": 0.01},
    "training": {"batch_size": "all", "epochs": 1000, "keep": "last", "device": "cpu"},
}
"""The textbook warm-up: 10-5-2 on 100 random rows, full batch. Measuring costs as much as the step."""


def wide(batch_size: int, epochs: int) -> dict[str, Any]:
    """An experiment with four hidden layers of 512 units on 4,000 rows."""
    return {
        "data": {"kind": "random_vectors", "samples": 4000, "inputs": 784, "outputs": 10},
        "split": {"train": 0.8, "validation": 0.2, "test": 0.0},
        "task": {"kind": "regression"},
        "architecture": {"kind": "mlp", "hidden": [512] * 4},
        "loss": {"kind": "mean_squared"},
        "optimizer": {"kind": "adam", "learning_rate": 0.0003},
        "training": {"batch_size": batch_size, "epochs": epochs, "keep": "last", "device": "cpu"},
    }


@cache
def _assembly(name: str) -> Assembly:
    experiment = Experiment.model_validate(EXPERIMENTS[name])
    prepared = prepare(
        experiment.data, experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )
    with settled(CPU, 1):
        return assemble(Plan(experiment, prepared), CPU)


def ours(assembly: Assembly) -> None:
    """Train with our loop; checkpoints are taken, but not written."""
    for _ in train(assembly, None, Control(), lambda checkpoint: None, {}):
        pass


def bare(assembly: Assembly) -> None:
    """Train with what a person would write, measuring the same losses and scores every epoch."""
    inputs, targets = assembly.inputs, assembly.targets
    units = assembly.model.in_units
    sizes = [inputs["train"].shape[1], *assembly.experiment.architecture.hidden, targets["train"].shape[1]]  # type: ignore[attr-defined]
    network = _perceptron(sizes)
    optimizer = torch.optim.Adam(network.parameters(), lr=assembly.experiment.optimizer.learning_rate)
    loss_of, count = nn.MSELoss(), len(targets["train"])
    curves: list[list[float]] = []
    for _ in range(assembly.epochs):
        losses = []
        for rows in _batches(count, assembly.plan.batch_size):
            loss = loss_of(network(inputs["train"][rows]), targets["train"][rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            predicted = network(inputs["validation"])
            loss = loss_of(predicted, targets["validation"])
            scores = _scores(units(predicted), units(targets["validation"]))
        curves.append([sum(losses) / len(losses), loss.item(), *(score.item() for score in scores)])


def _batches(count: int, size: int) -> Sequence[Tensor | slice]:
    """Return the rows of each batch: all of them as they lie, or shuffled and cut."""
    if size >= count:
        return [slice(None)]
    batches: Sequence[Tensor] = torch.randperm(count).split(size)  # type: ignore[no-untyped-call]
    return batches


def _perceptron(sizes: list[int]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _scores(predicted: Tensor, truth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    errors = (predicted - truth).square()
    spread = (truth - truth.mean(0)).square().sum(0)
    return (1 - errors.sum(0) / spread).mean(), (predicted - truth).abs().mean(), errors.mean()


def _steps_per_second(name: str, way: Callable[[Assembly], None]) -> Callable[[], float]:
    def measure() -> float:
        assembly = _assembly(name)
        with settled(CPU, 1):
            began = time.process_time()
            way(assembly)
            return assembly.epochs * assembly.plan.steps_per_epoch / (time.process_time() - began)

    return measure


def _benchmark(name: str, title: str) -> Benchmark:
    return Benchmark(
        name=name,
        title=title,
        unit="steps/s",
        ways=(
            Way(name="bare loop", measure=_steps_per_second(name, bare)),
            Way(name="ours", measure=_steps_per_second(name, ours)),
        ),
        rounds=7,
        quick_rounds=1,
    )


EXPERIMENTS = {"train tiny": TINY, "train 32": wide(32, 2), "train 128": wide(128, 4)}

BENCHMARKS = (
    _benchmark("train tiny", "Training 10-5-2, full batch, beside a bare loop"),
    _benchmark("train 32", "Training four layers of 512, batches of 32, beside a bare loop"),
    _benchmark("train 128", "Training four layers of 512, batches of 128, beside a bare loop"),
)
