"""What baselines come to, and how their predictions are scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from engine.choices import Message
from engine.data.prepared import Prepared
from engine.learning.metrics import Metric

Scores = dict[str, float]
_ROWS = 256


@dataclass(frozen=True)
class Beside:
    """Scores of baselines by their name and the key of the metric; `notes` are sentences for the person."""

    scores: Mapping[str, Scores]
    notes: tuple[str, ...] = ()


def scored(predictions: Tensor, truth: Tensor, metrics: Sequence[Metric]) -> Scores:
    """Return the scores of predictions, as metrics read them."""
    return scored_batches(iter([(predictions, truth)]), metrics)


def scored_batches(batches: Iterator[tuple[Tensor, Tensor]], metrics: Sequence[Metric]) -> Scores:
    """Return the scores of (predictions, truth) that come in batches, at least one."""
    # baselines are columns of a table: an array such as a confusion matrix has no place there
    single = [metric for metric in metrics if metric.scalar]
    # lazily: the one-hot predictions of all batches at once would not fit into memory
    seen = ([metric.observe(*batch) for metric in single] for batch in batches)
    sums = reduce(
        lambda one, other: [metric.combine(*both) for metric, *both in zip(single, one, other, strict=True)],
        seen,
    )
    return {
        metric.key: float(metric.value(statistics)) for metric, statistics in zip(single, sums, strict=True)
    }


def sure(codes: Tensor, classes: int) -> Tensor:
    """Return probabilities (..., classes) that are 1 for the given class."""
    return torch.nn.functional.one_hot(codes, classes).float()


def row_batches(count: int) -> Iterator[slice]:
    """Cut rows into batches."""
    return (slice(start, start + _ROWS) for start in range(0, count, _ROWS))


def thinned(name: str, kept: int, count: int, what: str = "examples") -> tuple[str, ...]:
    """Return the note that a baseline has learnt from part of the data only; none where it has seen all."""
    if kept >= count:
        return ()
    return (
        Message(
            "{name} has learnt from {kept:,} of {count:,} {what}, so that it is done in time",
            name=name,
            kept=kept,
            count=count,
            what=what,
        ),
    )


def in_units(prepared: Prepared, values: Tensor) -> Tensor:
    """Return standardised numbers in the units of the data, float64."""
    facts = prepared.description.targets
    # float64, or targets far from 0 (years, times) lose the digits in which they differ
    scale, mean = (torch.tensor(numbers, dtype=torch.float64) for numbers in (facts.scale, facts.mean))
    return values.double() * scale + mean
