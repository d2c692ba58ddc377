"""The simplest guess: what the training part alone would say of a new file, whatever its inputs are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.about import About
from engine.data.description import Targets
from engine.data.prepared import Prepared
from engine.learning.metrics import Metric
from engine.runs.folder import RunFolder

if TYPE_CHECKING:
    import torch

_MOSTLY, _FEWEST = 0.8, 5
"""Share of the examples that are of one class, from which it is told, and examples that show it."""


def simplest_guess(
    folder: RunFolder, judged: Prepared, metrics: Sequence[Metric]
) -> Mapping[str, dict[str, float]]:
    """Return the scores on new examples, the test part of `judged`, of who always says the same.

    That are the shares of the classes in the training part, as the run has counted them, or the mean of its
    numbers; it is the baseline "majority" or "mean" of the run's own parts. Empty where the run does not know
    them: before it has ended, or where numbers were not scaled.
    """
    from engine.training.baselines.vectors import always

    targets = judged.description.targets
    said = _shares(folder, targets) if targets.kind == "classes" else _mean(targets)
    if said is None or not len(judged.test):
        return {}
    about = About(targets=targets)
    fitting = [metric for metric in metrics if not metric.problems(about)]
    kind = "majority" if targets.kind == "classes" else "mean"
    return always(kind, said, judged, fitting, "test").scores


def told_of_one_class(judged: Prepared) -> tuple[str, ...]:
    """Return that nearly all examples are of one class, which makes the scores of any guess of it high."""
    targets = judged.description.targets
    if targets.kind != "classes" or len(judged.test) < _FEWEST:
        return ()
    counts = np.bincount(judged.test.targets.reshape(-1), minlength=targets.size)
    share = counts.max() / counts.sum()
    if share < _MOSTLY:
        return ()
    said = Message(
        "{count:,} of {all:,} examples are {name!r}: who always says so is right in {share:.1%}",
        count=int(counts.max()),
        all=int(counts.sum()),
        name=targets.classes[int(counts.argmax())],
        share=float(share),
    )
    return (said,)


def shares_of(folder: RunFolder, targets: Targets) -> tuple[float, ...]:
    """Return the share of each class in the training part, as the run has counted them; empty: not known."""
    counts = _counts(folder) if targets.kind == "classes" else None
    if counts is None or len(counts) != targets.size or not counts.sum() > 0:
        return ()
    return tuple((counts / counts.sum()).tolist())


def _shares(folder: RunFolder, targets: Targets) -> torch.Tensor | None:
    import torch

    shares = shares_of(folder, targets)
    return torch.tensor(shares, dtype=torch.float64) if shares else None


def _counts(folder: RunFolder) -> NDArray[np.float64] | None:
    """Return how many examples of each class the training part has, by the run's confusion matrix of it."""
    try:
        found = folder.read_json(folder.metrics)["train"]["arrays"]["confusion"]
        counts: NDArray[np.float64] = np.array(found, np.float64).sum(axis=1)
    except (Invalid, OSError, KeyError, TypeError, ValueError):
        return None
    return counts


def _mean(targets: Targets) -> torch.Tensor | None:
    import torch

    # who did not scale numbers has 0 and 1 in place of their mean and deviation
    scaled = targets.kind == "numbers" and any(one != 1 for one in targets.scale)
    return torch.zeros(targets.size, dtype=torch.float64) if scaled else None
