"""Coefficients: what a linear network says of every input, in the units of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.description import Description
from engine.probes.probe import Probe, Subject

if TYPE_CHECKING:
    from torch import nn

_MOST_FEATURES = 2_000
_MOST_FOR_ERRORS = 200
"""Inputs for which standard errors are worked out at most: they cost the cube of their number."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Slopes:
    """What a network without hidden layers makes of each input, each (outputs, inputs).

    `slope` is b; `effect` the change for one standard deviation of the input in training; `error` the
    standard errors of the slopes, NaN where they are not known. All are (0, 0) where there are hidden layers.
    """

    slope: NDArray[np.float32]
    effect: NDArray[np.float32]
    error: NDArray[np.float32]


class Coefficients(Probe, kind="coefficients", title="Coefficients"):
    """The weights of a network without hidden layers: how the answer changes with each input, all else equal.

    For numbers it is the change of the prediction, in units of the data, when an input grows by one of its
    units; for classes the change of the logit (the logarithm of the odds) of a class against the mean of all,
    of two classes of the second against the first. The standard errors are those of least squares, and hold
    once training has come to its end without regularization.

    Formula: b_j = w_j · s_y / s_j, with s the scales of the preprocessing; s.e.(b) = √(σ̂² (XᵀX)⁻¹)_jj,
    σ̂² = ∑ residual² / (n − p − 1)

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, sections 3.2 and 4.4.
    """

    def fits(self, description: Description) -> bool:
        """Return whether the inputs are plain numbers and numbers or classes are predicted."""
        plain = description.inputs.kind == "vector" and description.inputs.size <= _MOST_FEATURES
        return plain and description.targets.kind in ("numbers", "classes")

    def measure(self, subject: Subject) -> Slopes:
        """Return slopes, effects and standard errors."""
        weight = linear_weight(subject.network)
        if weight is None:
            empty = np.empty((0, 0), np.float32)
            return Slopes(empty, empty, empty)
        targets, inputs = subject.description.targets, subject.data.train.inputs.astype(np.float64)
        weight = (
            weight * np.array(targets.scale)[:, None] if targets.kind == "numbers" else _contrasts(weight)
        )
        slope = weight / _scales(subject)
        error = np.full_like(slope, np.nan)
        if targets.kind == "numbers":
            error = _errors(subject, inputs) / _scales(subject)
        return Slopes(
            slope=slope.astype(np.float32),
            effect=(weight * inputs.std(axis=0)).astype(np.float32),
            error=error.astype(np.float32),
        )


def linear_weight(network: nn.Module) -> Doubles | None:
    """Return the only weight matrix of a network, (outputs, inputs), or None where there are others."""
    matrices = [parameter for parameter in network.parameters() if parameter.dim() >= 2]
    vectors = [parameter for parameter in network.parameters() if parameter.dim() < 2]
    # one vector is the bias; a second one would be the gain of a normalization, which changes the slopes
    if len(matrices) != 1 or len(vectors) > 1 or matrices[0].dim() != 2:
        return None
    return np.asarray(matrices[0].detach().cpu().numpy(), np.float64)


def _contrasts(weight: Doubles) -> Doubles:
    """Return the weights of logits as differences: adding the same to all outputs changes no probability."""
    if len(weight) == 1:  # one logit says the second class
        return weight
    return weight[1:] - weight[:1] if len(weight) == 2 else weight - weight.mean(axis=0)


def _scales(subject: Subject) -> Doubles:
    """Return how many units of the data one unit of each input is."""
    return subject.data.preprocessor.encoder.units[:, 1]


def _errors(subject: Subject, inputs: Doubles) -> Doubles:
    """Return (targets, inputs), the standard errors of the weights, NaN where the inputs leave none."""
    import torch

    count, features = inputs.shape
    shape = (len(subject.description.targets.names), features)
    free = count - features - 1
    if features > _MOST_FOR_ERRORS or free < 1:
        return np.full(shape, np.nan)
    design = np.column_stack([np.ones(count), inputs])
    moments = design.T @ design
    if np.linalg.matrix_rank(moments) < len(moments):  # one input follows from others: no weight is certain
        return np.full(shape, np.nan)
    predicted = subject.predict(torch.from_numpy(subject.data.train.inputs)).cpu().numpy()
    facts = subject.description.targets
    truth = subject.data.train.targets * np.array(facts.scale) + np.array(facts.mean)
    variance = ((predicted - truth) ** 2).sum(axis=0) / free
    spread = np.diag(np.linalg.inv(moments))[1:]
    # rounding may leave a variance just below 0
    return np.asarray(np.sqrt(np.outer(variance, np.maximum(spread, 0.0))), np.float64)
