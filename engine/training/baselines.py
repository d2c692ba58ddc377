"""Baselines: what is reached without a network, on the same split and by the same metrics."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.data.description import PartName
from engine.data.examples import Examples
from engine.data.prepared import Prepared
from engine.learning.metrics import Metric
from engine.tasks.task import Task

STRENGTH = 1.0
"""Strength of the L2 penalty: ½ STRENGTH ∑ w² beside the summed losses of the training part."""
_MOST_ITERATIONS = 100
_TOLERANCE = 1e-4


def baselines(
    prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName
) -> dict[str, dict[str, float]]:
    """Return the scores on `part` of two models fitted on the training part alone, by name and metric kind.

    Classes: "majority" (always the most frequent class, with the frequencies as probabilities) and "logistic"
    (multinomial logistic regression). Numbers: "mean" (always the mean) and "ridge" (linear regression). Both
    linear models see the inputs standardised and carry an L2 penalty of strength 1, biases free.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, sections 3.4 and 4.4.
    """
    train, judged = prepared.train, prepared.part(part)
    if not len(train) or not len(judged):
        return {}
    inputs, others = _standardised(train, judged)
    targets = torch.from_numpy(train.targets)
    if task.target == "classes":
        classes = prepared.description.targets.size
        shares = torch.bincount(targets, minlength=classes).double() / len(targets)
        found = {
            "majority": shares.expand(len(others), classes),
            "logistic": logistic(inputs, targets, classes, others),
        }
        truth = torch.from_numpy(judged.targets)
    else:
        numbers = targets.double()
        found = {
            "mean": numbers.mean(0).expand(len(others), -1),
            "ridge": ridge(inputs, numbers, others),
        }
        found = {name: _in_units(prepared, values) for name, values in found.items()}
        truth = _in_units(prepared, torch.from_numpy(judged.targets).double())
    return {name: _scores(values, truth, metrics) for name, values in found.items()}


def ridge(inputs: Tensor, targets: Tensor, others: Tensor) -> Tensor:
    """Return predictions (M, T) for `others` (M, F), fitted on inputs (N, F) and targets (N, T).

    Formula: W = (XᵀX + λI)⁻¹ XᵀY with centred X and Y, or Xᵀ(XXᵀ + λI)⁻¹ Y, whichever is smaller.
    """
    centre, mean = inputs.mean(0), targets.mean(0)
    centred, wanted = inputs - centre, targets - mean
    count, features = centred.shape
    if features <= count:
        square = centred.T @ centred + STRENGTH * torch.eye(features, dtype=torch.float64)
        weights = torch.linalg.solve(square, centred.T @ wanted)
    else:
        square = centred @ centred.T + STRENGTH * torch.eye(count, dtype=torch.float64)
        weights = centred.T @ torch.linalg.solve(square, wanted)
    predicted: Tensor = (others - centre) @ weights + mean
    return predicted


def logistic(inputs: Tensor, targets: Tensor, classes: int, others: Tensor) -> Tensor:
    """Return class probabilities (M, classes) for `others` (M, F), fitted on inputs (N, F) and targets (N,).

    Formula: minimise ∑ₙ −log softmax(W xₙ + b)[yₙ] + λ/2 ∑ W², by L-BFGS; for two classes the penalty is on
    their difference w = W₁ − W₀ (λ/2 ∑ w² = λ ∑ W², as the best W₁ is −W₀).
    """
    count, features = inputs.shape
    if features > count:
        inputs, others = _in_row_space(inputs, others)
        features = inputs.shape[1]
    penalty = STRENGTH / count * (1.0 if classes == 2 else 0.5)
    weights = torch.zeros((features + 1, classes), dtype=torch.float64, requires_grad=True)
    inputs, others = _with_one(inputs), _with_one(others)
    optimizer = torch.optim.LBFGS(
        [weights],
        max_iter=_MOST_ITERATIONS,
        tolerance_grad=_TOLERANCE / count,
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    )

    def objective() -> Tensor:
        """Return the objective per example, with its gradient in `weights.grad`."""
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(inputs @ weights, targets)
        total = loss + penalty * weights[:-1].square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(objective)  # type: ignore[no-untyped-call]
    scores: Tensor = others @ weights.detach()
    return scores.softmax(1)


def _standardised(train: Examples, judged: Examples) -> tuple[Tensor, Tensor]:
    """Return the inputs as vectors in double precision, standardised by the training part."""
    inputs, others = (torch.from_numpy(part.inputs).double().flatten(1) for part in (train, judged))
    mean, scale = inputs.mean(0), inputs.std(0, correction=0)
    scale = torch.where(scale > 1e-12, scale, 1.0)
    return (inputs - mean) / scale, (others - mean) / scale


def _in_row_space(inputs: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Turn N examples of more than N features into N features, on which the penalty is the same.

    The best weights lie in the space the examples span: with X = U S Vᵀ, X V = U S does.
    """
    _, _, directions = torch.linalg.svd(inputs, full_matrices=False)
    return inputs @ directions.T, others @ directions.T


def _with_one(inputs: Tensor) -> Tensor:
    return torch.cat([inputs, torch.ones((len(inputs), 1), dtype=inputs.dtype)], dim=1)


def _in_units(prepared: Prepared, values: Tensor) -> Tensor:
    facts = prepared.description.targets
    scale, mean = (torch.tensor(numbers, dtype=torch.float64) for numbers in (facts.scale, facts.mean))
    return values * scale + mean


def _scores(predictions: Tensor, truth: Tensor, metrics: Sequence[Metric]) -> dict[str, float]:
    return {
        metric.kind: float(metric.value(metric.observe(predictions, truth)))
        for metric in metrics
        if metric.scalar
    }
