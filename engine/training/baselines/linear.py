"""Linear models: ridge and logistic regression, fitted exactly.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, sections 3.4 and 4.4.
"""

from __future__ import annotations

import torch
from torch import Tensor

STRENGTH = 1.0
"""Strength of the L2 penalty: ½ STRENGTH ∑ w² beside the summed losses of the training part."""
# both, and the strength above, as in scikit-learn, against which tests compare the probabilities
_MOST_ITERATIONS = 100
_TOLERANCE = 1e-4


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

    Inputs may be sparse (COO) where most of their entries are 0.

    Formula: minimise ∑ₙ −log softmax(W xₙ + b)[yₙ] + λ/2 ∑ W², by L-BFGS; for two classes the penalty is on
    their difference w = W₁ − W₀ (λ/2 ∑ w² = λ ∑ W², as the best W₁ is −W₀).
    """
    count, features = inputs.shape
    # a decomposition would fill in sparse inputs, which have far more columns than fit so
    if features > count and not inputs.is_sparse:
        inputs, others = _in_row_space(inputs, others)
        features = inputs.shape[1]
    # the loss below is a mean and no sum, so that penalty and tolerance are divided by the count, too
    penalty = STRENGTH / count * (1.0 if classes == 2 else 0.5)
    # zeros and no random start: the problem is convex, and the answer the same in every run
    weights = torch.zeros((features + 1, classes), dtype=torch.float64, requires_grad=True)
    inputs, others = _with_one(inputs), _with_one(others)
    optimizer = torch.optim.LBFGS(
        [weights],
        max_iter=_MOST_ITERATIONS,
        tolerance_grad=_TOLERANCE / count,
        # below torch's 1e-9: the gradient is to decide, and not a loss that changes little
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    )

    def objective() -> Tensor:
        """Return the objective per example, with its gradient in `weights.grad`."""
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(inputs @ weights, targets)
        # without the last row, the bias: to shrink it would pull all towards equally frequent classes
        total = loss + penalty * weights[:-1].square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(objective)  # type: ignore[no-untyped-call]
    scores: Tensor = others @ weights.detach()
    return scores.softmax(1)


def logistic_of_labels(inputs: Tensor, targets: Tensor, others: Tensor) -> Tensor:
    """Return the probability of each label (M, K) for `others` (M, F), fitted on targets (N, K) of 0 and 1.

    One logistic regression for each label (binary relevance); one that all or none of the examples have is
    what it always was.
    """
    found = []
    for applies in targets.T:
        share = float(applies.double().mean())
        # the bias has no penalty, so that it would grow without end where there is only one answer
        if share in (0.0, 1.0):
            found.append(torch.full((len(others),), share, dtype=torch.float64))
        else:
            found.append(logistic(inputs, applies.long(), 2, others)[:, 1])
    return torch.stack(found, dim=1)


def _in_row_space(inputs: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Turn N examples of more than N features into N features, on which the penalty is the same.

    The best weights lie in the space the examples span: with X = U S Vᵀ, X V = U S does.
    """
    _, _, directions = torch.linalg.svd(inputs, full_matrices=False)
    return inputs @ directions.T, others @ directions.T


def _with_one(inputs: Tensor) -> Tensor:
    ones = torch.ones((len(inputs), 1), dtype=inputs.dtype)
    return torch.cat([inputs, ones.to_sparse() if inputs.is_sparse else ones], dim=1)
