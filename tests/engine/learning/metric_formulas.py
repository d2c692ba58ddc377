"""An independent formula of every metric, on whole arrays: scikit-learn's, or counting in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as oracle

Array = NDArray[Any]
IGNORED = -1
ENDS = (-1, 0, 3)
"""Where a text is over: at what is ignored, padding, or the token that says so."""


def counted(predictions: Array, truth: Array) -> tuple[Array, Array]:
    """The codes guessed and the true ones, of examples or of the words that count, one after the other."""
    there = truth != IGNORED
    return predictions[there].argmax(-1), truth[there]


def macro_f1(predictions: Array, truth: Array) -> float:
    """Of labels, the mean over those that occur or are predicted; of classes, scikit-learn's."""
    if predictions.shape != truth.shape:
        codes, right = counted(predictions, truth)
        return float(oracle.f1_score(right, codes, average="macro", zero_division=0))
    guessed, true = predictions >= 0.5, truth > 0
    right, wrong = (guessed & true).sum(0), (guessed ^ true).sum(0)
    there = right + wrong > 0
    return float(np.mean(2 * right[there] / (2 * right + wrong)[there]))


def confusion(predictions: Array, truth: Array) -> Array:
    codes, right = counted(predictions, truth)
    classes = range(predictions.shape[-1])
    return np.array([[((right == row) & (codes == column)).sum() for column in classes] for row in classes])


def rarest_recall(predictions: Array, truth: Array) -> float:
    codes, right = counted(predictions, truth)
    classes, counts = np.unique(right, return_counts=True)
    if not len(classes):
        return math.nan
    rarest = classes[counts.argmin()]
    return float(oracle.recall_score(right, codes, labels=[rarest], average="macro", zero_division=0))


def names_in(tags: list[str]) -> set[tuple[int, int, str]]:
    """Names as (first word, word after the last, type), by the rules of the conlleval script."""
    found, begun = set(), None
    before = "O"
    for place, tag in enumerate([*tags, "O"]):
        mark, _, kind = tag.partition("-")
        mark_before, _, kind_before = before.partition("-")
        ends = mark_before in ("B", "I") and (mark in ("B", "O") or kind != kind_before)
        starts = mark == "B" or (mark == "I" and (mark_before == "O" or kind != kind_before))
        if ends and begun is not None:
            found.add((begun, place, kind_before))
        if starts:
            begun = place
        before = tag
    return found


def entity_f1(predictions: Array, truth: Array) -> float:
    """Tags are O, then B- and I- of one type after the other."""
    names = ["O", *(f"{mark}-{k}" for k in range(predictions.shape[-1] // 2) for mark in "BI")]
    right = found = there = 0
    for row, codes in enumerate(truth):
        words = np.flatnonzero(codes != IGNORED)
        guessed, true = (
            names_in([names[code] for code in some])
            for some in (predictions[row, words].argmax(-1), codes[words])
        )
        right, found, there = right + len(guessed & true), found + len(guessed), there + len(true)
    return 2 * right / (found + there) if found + there else math.nan


def bleu_by_fractions(pairs: list[tuple[list[Any], list[Any]]]) -> float:
    """Papineni's formula: clipped counts of runs as exact fractions."""
    product = Fraction(1)
    for length in (1, 2, 3, 4):
        found = there = 0
        for candidate, reference in pairs:
            runs = [tuple(candidate[i : i + length]) for i in range(len(candidate) - length + 1)]
            wanted = [tuple(reference[i : i + length]) for i in range(len(reference) - length + 1)]
            there += len(runs)
            found += sum(min(runs.count(run), wanted.count(run)) for run in set(runs))
        product *= Fraction(found, there) if there else 0
    c, r = (sum(len(pair[side]) for pair in pairs) for side in (0, 1))
    return min(1.0, math.exp(1 - r / c)) * float(product) ** 0.25


def bleu(predictions: Array, truth: Array) -> float:
    """Of the tokens written and wanted, each text up to its end."""

    def text(tokens: Array) -> list[int]:
        ends = np.flatnonzero(np.isin(tokens, ENDS))
        return [int(token) for token in (tokens[: ends[0]] if len(ends) else tokens)]

    return bleu_by_fractions(
        [(text(written), text(wanted)) for written, wanted in zip(predictions[..., 2], truth, strict=True)]
    )


FORMULAS: dict[str, Callable[..., Any]] = {
    "accuracy": lambda p, t: np.mean(np.equal(*counted(p, t))),
    "macro_f1": macro_f1,
    "rarest_recall": rarest_recall,
    "confusion": confusion,
    "micro_f1": lambda p, t: oracle.f1_score(t.ravel() > 0, p.ravel() >= 0.5),
    "subset_accuracy": lambda p, t: oracle.accuracy_score(t > 0, p >= 0.5),
    "hamming_loss": lambda p, t: np.mean((t > 0) != (p >= 0.5)),
    "mean_squared_error": lambda p, t: oracle.mean_squared_error(t, p),
    "mean_absolute_error": lambda p, t: oracle.mean_absolute_error(t, p),
    "r2": lambda p, t: oracle.r2_score(t, p) if len(t) > 1 else math.nan,
    "token_accuracy": lambda p, t: np.mean(p[t != IGNORED][:, 1]),
    "perplexity": lambda p, t: np.prod(np.exp(p[t != IGNORED][:, 0] / (t != IGNORED).sum())) ** -1,
    "entity_f1": entity_f1,
    "bleu": bleu,
}
"""By the kind of a metric: its score from predictions and truth, and from its settings by their names."""
