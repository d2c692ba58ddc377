"""Scores: what a run's kept weights came to on one part of its data, as records without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

SHARES_OF_LABEL = ("precision", "recall", "f1")
"""What is told of each label beside the metrics over all of them: shares from 0 to 1."""


@dataclass(frozen=True)
class ScoredNumbers:
    """The true numbers of some examples and what the network predicts for them, in the units of the data.

    `truth` and `predicted`: float64 (examples, targets), a column for each of `names`; `rows`: int64
    (examples,), where the examples lie in their source.
    """

    names: tuple[str, ...]
    truth: NDArray[np.float64]
    predicted: NDArray[np.float64]
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Evaluated:
    """The scores of a run's kept weights on one part of its split.

    `metrics` are numbers by the kind of the metric, fractions and not percent; `arrays` those metrics that
    are none (a confusion matrix); `baselines` the same numbers of models without a network, fitted on the
    same training part; `notes` are sentences about them. `targets` are the scores of each target by its
    name, where several numbers are predicted, of each course where several are forecast; `pairs` some of
    the numbers themselves, to be drawn. `unequal`: nearly all examples are of one class, in training or of
    those that are scored, so that accuracy says little.
    """

    part: str
    count: int
    loss: float
    metrics: Mapping[str, float]
    arrays: Mapping[str, NDArray[np.generic]]
    baselines: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...] = ()
    targets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    pairs: ScoredNumbers | None = None
    unequal: bool = False
