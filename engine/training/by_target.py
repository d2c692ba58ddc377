"""The scores of each target where several numbers are predicted: their mean hides the one that fails."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.examples import Examples
from engine.training.evaluate import predict
from engine.training.model import Model


def scores_by_target(
    model: Model, examples: Examples, threads: int | None = None
) -> Mapping[str, Mapping[str, float]]:
    """Return R², mean absolute and mean squared error of every target, in the units of the data.

    Empty where the targets are no numbers, or there is only one: the metrics say it all then. R² is NaN where
    the truth is the same everywhere; so is every score of a target without any known truth.
    """
    targets = model.description.targets
    if targets.kind != "numbers" or len(targets.names) < 2 or not len(examples):
        return {}
    guessed = np.asarray(predict(model, examples.inputs, threads), np.float64)
    truth = model.in_units(torch.tensor(examples.targets).to(model.device.torch)).cpu().numpy()
    if guessed.shape != truth.shape or guessed.ndim != 2:
        return {}
    columns = zip(targets.names, truth.astype(np.float64).T, guessed.T, strict=True)
    return {name: _scores(right, found) for name, right, found in columns}


def _scores(truth: NDArray[np.float64], guessed: NDArray[np.float64]) -> dict[str, float]:
    known = np.isfinite(truth)
    if not known.any():
        return dict.fromkeys(("r2", "mean_absolute_error", "mean_squared_error"), float("nan"))
    truth, error = truth[known], (guessed - truth)[known]
    spread = float(((truth - truth.mean()) ** 2).sum())
    return {
        "r2": 1 - float((error**2).sum()) / spread if spread > 0 else float("nan"),
        "mean_absolute_error": float(np.abs(error).mean()),
        "mean_squared_error": float((error**2).mean()),
    }
