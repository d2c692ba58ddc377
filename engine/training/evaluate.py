"""Evaluation: how good a model is on some examples, and what it predicts for new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.about import About
from engine.data.examples import Examples
from engine.data.memory import lies_on_disk
from engine.learning.metrics import Metric
from engine.training.devices import settled
from engine.training.model import Model

MOST_ROWS = 1024
MOST_NUMBERS = 1 << 20
"""Examples go through the network in batches of at most so many rows and so many numbers that go in or
come out. The size depends on the shape of an example alone, so that an evaluation comes out the same wherever
it is made."""
_MULTIPLE = 16
"""Batches begin at multiples of so many rows, that is of 64 bytes, on which the last bits of a product
depend. For the same reason arrays are copied: where numpy puts them is left to chance."""
_ALONE = 1 << 24
"""An example of more numbers goes alone: sixteen texts of thousands of places, each with a number for every
token of a large vocabulary, would not fit into memory."""


@dataclass(frozen=True)
class Evaluation:
    """How good a model is on `count` examples: mean loss, scores by key of the metric, arrays (confusion)."""

    count: int
    loss: float
    metrics: Mapping[str, float]
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


def evaluate(
    model: Model, examples: Examples, metrics: Sequence[Metric], threads: int | None = None
) -> Evaluation:
    """Return the mean loss and every metric of the model on these examples, in the units of the data.

    The metrics are sums over batches, in double precision. No examples: every number is NaN; so is a metric
    that does not fit the targets, as one that is usual for a task may not fit all data.
    """
    with settled(model.device, threads or torch.get_num_threads()):
        inputs, targets = tensor_of(examples.inputs), tensor_of(examples.targets)
        return evaluate_tensors(model, inputs, targets, metrics)


def evaluate_tensors(model: Model, inputs: Tensor, targets: Tensor, metrics: Sequence[Metric]) -> Evaluation:
    """Do as `evaluate` with tensors, on the device or not; called in the loop, once an epoch."""
    count = len(targets)
    nothing = {metric.key: float("nan") for metric in metrics if metric.scalar}
    if count == 0:
        return Evaluation(0, float("nan"), nothing)
    device = model.device.torch
    about = About(targets=model.description.targets)
    # such a metric cannot be worked out at all; its NaN is put back at the end
    metrics = [metric for metric in metrics if not metric.problems(about)]
    # only where somebody asks: to write takes a run of the network for each token
    generates = any(metric.generates for metric in metrics)
    total, sums = None, None
    with evaluating(model):
        for rows in batches_of(len(inputs), model.numbers):
            some, truth = inputs[rows].to(device), targets[rows].to(device)
            judged = model.task.judge(model.network, model.batch(some, truth), model.loss, generates)
            predicted, right = model.in_units(judged.predictions), model.in_units(judged.truth)
            seen = [metric.observe(predicted, right) for metric in metrics]
            # float32 would lose digits over millions of examples; one example's loss is exact enough
            loss = judged.losses.double().sum()
            total = loss if total is None else total + loss
            sums = seen if sums is None else _combined(metrics, sums, seen)
        assert total is not None
        assert sums is not None
        values = [metric.value(statistics) for metric, statistics in zip(metrics, sums, strict=True)]
    found = _gathered(count, total, metrics, values)
    return replace(found, metrics={**nothing, **found.metrics})


def predict(
    model: Model, inputs: NDArray[np.float32] | NDArray[np.int32], threads: int | None = None
) -> NDArray[np.float32] | NDArray[np.float64] | NDArray[np.int64]:
    """Return what the task predicts for prepared inputs, numbers in the units of the data.

    Class probabilities (N, K), numbers (N, T) in float64, probabilities of tags (N, length, K), tokens
    (N, length).
    """
    with settled(model.device, threads or torch.get_num_threads()):
        return predict_tensors(model, tensor_of(inputs)).cpu().numpy()


def predict_tensors(model: Model, inputs: Tensor) -> Tensor:
    """Do as `predict` with a tensor, on the device or not; the result is on the device."""
    with evaluating(model):
        found = [
            model.read(inputs[rows].to(model.device.torch)) for rows in batches_of(len(inputs), model.numbers)
        ]
    # cat refuses an empty list
    return torch.cat(found) if found else torch.empty((0, model.description.targets.size))


def losses_tensors(model: Model, inputs: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of each example, (N,), on the device."""
    device = model.device.torch
    with evaluating(model):
        found = [
            model.losses(model.batch(inputs[rows].to(device), targets[rows].to(device)))
            for rows in batches_of(len(inputs), model.numbers)
        ]
    return torch.cat(found) if found else torch.empty(0)


def tensor_of(values: NDArray[np.generic]) -> Tensor:
    """Return a copy of the values, or where they lie on the disk, a tensor whose rows are read from there."""
    # a file is mapped to whole pages of memory, which begin at a multiple of any vector's size
    return torch.from_numpy(values) if lies_on_disk(values) else torch.tensor(values)


def batches_of(count: int, numbers: int) -> Iterator[slice]:
    """Cut `count` rows into batches for evaluation; `numbers` go in or come out for one of them."""
    least = 1 if numbers > _ALONE else _MULTIPLE
    size = max(least, min(MOST_ROWS, MOST_NUMBERS // max(1, numbers) // _MULTIPLE * _MULTIPLE))
    return (slice(start, start + size) for start in range(0, count, size))


@contextmanager
def evaluating(model: Model) -> Iterator[None]:
    """Hold the network in evaluation mode without gradients; afterwards it is in the mode it was in."""
    training = model.network.training
    # not `network.eval()`, after which its opposite would also wake the modules that rest
    model.set_training(False)
    try:
        with torch.no_grad():
            yield
    finally:
        model.set_training(training)


def _combined(metrics: Sequence[Metric], sums: list[Tensor], seen: list[Tensor]) -> list[Tensor]:
    return [metric.combine(*both) for metric, *both in zip(metrics, sums, seen, strict=True)]


def _gathered(count: int, total: Tensor, metrics: Sequence[Metric], values: Sequence[Tensor]) -> Evaluation:
    """Bring all single numbers from the device at once."""
    single = [(metric.key, value) for metric, value in zip(metrics, values, strict=True) if metric.scalar]
    # as one tensor: each number by itself would make the processor wait for the card once more
    loss, *scores = torch.stack([total / count, *(value.double() for _, value in single)]).tolist()
    arrays = {
        metric.key: value.cpu().numpy()
        for metric, value in zip(metrics, values, strict=True)
        if not metric.scalar
    }
    return Evaluation(count, loss, dict(zip((key for key, _ in single), scores, strict=True)), arrays)
