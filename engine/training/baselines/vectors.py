"""Baselines of anything that is a vector, a picture or a series: a constant, and a linear model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.data.description import PartName
from engine.data.examples import Examples, spread
from engine.data.prepared import Prepared
from engine.learning.metrics import Metric
from engine.training.baselines.beside import Beside, Scores, in_units, scored, thinned
from engine.training.baselines.linear import logistic, logistic_of_labels, ridge

MOST_PRODUCTS = 200_000_000
"""Examples × features × classes that logistic regression is given: some 10 s on one core."""
MOST_SQUARES = 10_000_000_000
"""Examples × features × the smaller of both: what solving for the weights at once takes, also some 10 s."""


def constant(kind: str, prepared: Prepared, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge who always says the same: the shares of the classes in training, the most frequent set of labels,
    or the mean of the numbers.
    """
    targets = torch.from_numpy(prepared.train.targets)
    facts = prepared.description.targets
    if facts.kind == "classes":
        said = torch.bincount(targets, minlength=facts.size).double() / len(targets)
    elif facts.kind == "labels":
        # the most frequent set as a whole: the most frequent labels one by one may never occur together
        sets, counts = torch.unique(targets, dim=0, return_counts=True)
        said = sets[counts.argmax()].double()
    else:
        said = targets.double().mean(0)
    return always(kind, said, prepared, metrics, part)


def always(kind: str, said: Tensor, prepared: Prepared, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge who always says this, float64 (outputs,): a share of each class, or standardised numbers."""
    return Beside({kind: _judged(prepared, said.expand(len(prepared.part(part)), -1), metrics, part)})


def linear(kind: str, prepared: Prepared, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge a linear model of the standardised inputs: logistic regression of classes and of each label,
    ridge regression of numbers.
    """
    # evenly spread, as files are often sorted by class
    rows = spread(len(prepared.train), most_examples(prepared))
    learnt = prepared.train
    learnt = Examples(learnt.inputs[rows], learnt.targets[rows], learnt.rows[rows])
    inputs, others = _standardised(learnt, prepared.part(part))
    targets, facts = torch.from_numpy(learnt.targets), prepared.description.targets
    if facts.kind == "classes":
        found = logistic(inputs, targets, facts.size, others)
    elif facts.kind == "labels":
        found = logistic_of_labels(inputs, targets, others)
    else:
        found = ridge(inputs, targets.double(), others)
    scores = _judged(prepared, found, metrics, part)
    return Beside({kind: scores}, thinned(kind, len(rows), len(prepared.train)))


def most_examples(prepared: Prepared) -> int:
    """Return how many examples of such data a linear model can learn from in time."""
    facts = prepared.description
    features, outputs = facts.inputs.size, facts.targets.size
    # ridge solves once; only logistic regression repeats its products at every iteration
    most = MOST_PRODUCTS // (features * outputs) if facts.targets.kind != "numbers" else len(prepared.train)
    # two answers, as which of both is smaller depends on the result; where one does not hold, it is the lower
    squares = max(MOST_SQUARES // features**2, int((MOST_SQUARES / features) ** 0.5))
    return max(2, min(most, squares))


def _judged(prepared: Prepared, found: Tensor, metrics: Sequence[Metric], part: PartName) -> Scores:
    truth = torch.from_numpy(prepared.part(part).targets)
    if prepared.description.targets.kind == "numbers":
        found, truth = in_units(prepared, found), in_units(prepared, truth)
    return scored(found, truth, metrics)


def _standardised(train: Examples, judged: Examples) -> tuple[Tensor, Tensor]:
    """Return the inputs as vectors in double precision, standardised by the training part.

    What is no number, after the end of a series, is 0, as the mean is of what was standardised before.
    """
    inputs, others = (
        torch.from_numpy(part.inputs).double().flatten(1).nan_to_num(0.0) for part in (train, judged)
    )
    mean, scale = inputs.mean(0), inputs.std(0, correction=0)
    # a pixel that is black in all training pictures has no spread to divide by
    scale = torch.where(scale > 1e-12, scale, 1.0)
    return (inputs - mean) / scale, (others - mean) / scale
