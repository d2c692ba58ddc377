"""Predicted numbers beside the true ones, and the scores of each course, target or label by itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import LIKELY, PartName
from engine.data.examples import Examples, spread
from engine.data.prepared import Prepared
from engine.data.raw import Raw
from engine.data.series.raw import Timeline
from engine.runs.scoring.scores import SHARES_OF_LABEL, ScoredNumbers
from engine.training.evaluate import predict
from engine.training.model import Model

MOST_DRAWN = 2000
"""So many examples are drawn, predicted against true."""


def pairs_of(
    model: Model, prepared: Prepared, part: PartName, threads: int | None = None
) -> ScoredNumbers | None:
    """Return every true number of a part beside what the model predicts; None where there are none."""
    targets, examples = model.description.targets, prepared.part(part)
    if targets.kind != "numbers" or not len(examples):
        return None
    predicted, truth = predict(model, examples.inputs, threads), prepared.truth(examples)
    if predicted.shape != truth.shape or predicted.ndim != 2:
        return None
    return ScoredNumbers(
        targets.names, truth, predicted.astype(np.float64, copy=False), examples.rows.astype(np.int64)
    )


def few_of(pairs: ScoredNumbers | None, most: int = MOST_DRAWN) -> ScoredNumbers | None:
    """Return at most so many of the pairs, evenly spaced: more points than that only cover one another."""
    if pairs is None or len(pairs.rows) <= most:
        return pairs
    some = spread(len(pairs.rows), most)
    return ScoredNumbers(pairs.names, pairs.truth[some], pairs.predicted[some], pairs.rows[some])


def scores_apart(
    model: Model, prepared: Prepared, part: PartName, pairs: ScoredNumbers | None, threads: int | None = None
) -> Mapping[str, Mapping[str, float]]:
    """Return scores of each course, target or label by itself: a mean hides the one that fails."""
    return (
        scores_by_course(pairs, prepared.raw)
        or scores_by_target(pairs)
        or scores_by_label(model, prepared.part(part), threads)
    )


def scores_by_target(pairs: ScoredNumbers | None) -> Mapping[str, Mapping[str, float]]:
    """Return R², mean absolute and mean squared error of every target, in the units of the data.

    Empty where no numbers are predicted, or only one: the metrics say it all then. R² is NaN where the truth
    is the same everywhere; so is every score of a target without any known truth.
    """
    if pairs is None or len(pairs.names) < 2:
        return {}
    columns = zip(pairs.names, pairs.truth.T, pairs.predicted.T, strict=True)
    return {name: _scores(right, found) for name, right, found in columns}


def scores_by_course(pairs: ScoredNumbers | None, raw: Raw) -> Mapping[str, Mapping[str, float]]:
    """Return the same scores of every course, all steps ahead taken together; of several columns that are
    forecast, of each column of each course.

    Empty where the data is no course over time, or a single one.
    """
    if pairs is None or not isinstance(raw, Timeline) or not raw.names:
        return {}
    starts = np.array([start for start, _ in raw.stretches])
    places = np.searchsorted(starts, pairs.rows, side="right") - 1
    found: dict[str, Mapping[str, float]] = {}
    for place in np.unique(places).tolist():
        own = places == place
        # all steps of the first column stand before those of the next
        for number, name in enumerate(raw.targets):
            steps = slice(number * raw.horizon, (number + 1) * raw.horizon)
            course = raw.names[place]
            called = Message("{course}: {name}", course=course, name=name) if len(raw.targets) > 1 else course
            found[called] = _scores(pairs.truth[own, steps], pairs.predicted[own, steps])
    return found


def scores_by_label(
    model: Model, examples: Examples, threads: int | None = None
) -> Mapping[str, Mapping[str, float]]:
    """Return precision, recall and F1 of every label, and how many examples have it (support).

    Empty where no labels are predicted. Precision is NaN for a label that is never predicted, recall for one
    that no example has, F1 where both are so.
    """
    targets = model.description.targets
    if targets.kind != "labels" or not len(examples):
        return {}
    predicted = np.asarray(predict(model, examples.inputs, threads) >= LIKELY)
    truth = np.asarray(examples.targets >= LIKELY)
    both = zip(targets.classes, truth.T, predicted.T, strict=True)
    return {name: _scores_of_label(right, found) for name, right, found in both}


def _scores_of_label(truth: NDArray[np.bool_], guessed: NDArray[np.bool_]) -> dict[str, float]:
    """Return the scores of one label.

    Formula: precision = TP / (TP + FP), recall = TP / (TP + FN), F₁ = 2 TP / (2 TP + FP + FN)
    """
    right, there, said = (int(marks.sum()) for marks in (truth & guessed, truth, guessed))
    parts = ((right, said), (right, there), (2 * right, there + said))
    shares = (part / whole if whole else float("nan") for part, whole in parts)
    return {**dict(zip(SHARES_OF_LABEL, shares, strict=True)), "support": float(there)}


def _scores(truth: NDArray[np.float64], guessed: NDArray[np.float64]) -> dict[str, float]:
    # a target may be unknown in some examples: NaN
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
