"""BLEU: how much of a translation's wording is found in the reference, counted from tokens or words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import exp, log

LONGEST = 4
"""Runs of one to so many tokens are compared."""
STATISTICS = 2 * LONGEST + 2


def bleu_counts(candidate: Sequence[Hashable], reference: Sequence[Hashable]) -> list[int]:
    """Return what adds up over all texts.

    How many runs of 1 to 4 tokens of the candidate are found in the reference (each at most as often as it
    occurs there), how many it has of each length, and the lengths of candidate and reference.
    """
    found, there = [], []
    for length in range(1, LONGEST + 1):
        runs, wanted = _runs(candidate, length), _runs(reference, length)
        # Else "the the the" would be a fine translation: each run counts as often as the reference has it.
        found.append(sum(min(count, wanted[run]) for run, count in runs.items()))
        there.append(sum(runs.values()))
    return [*found, *there, len(candidate), len(reference)]


def bleu_score(counts: Sequence[float]) -> float:
    """Return BLEU from summed counts: 0 where no run of some length was found, NaN without any reference.

    Formula: BLEU = min(1, e^(1 − r/c)) · (p₁ p₂ p₃ p₄)^(1/4)

    Source: Papineni, Roukos, Ward and Zhu, BLEU: a Method for Automatic Evaluation of Machine Translation,
    2002.
    """
    found, there = counts[:LONGEST], counts[LONGEST : 2 * LONGEST]
    candidate, reference = counts[2 * LONGEST :]
    if reference == 0:
        return float("nan")
    # The logarithm of 0 is not there; the paper smooths nothing over a whole corpus.
    if min(found) == 0:
        return 0.0
    precision = sum(log(part) - log(whole) for part, whole in zip(found, there, strict=True)) / LONGEST
    # the candidate is not empty here, as something of it was found
    return exp(min(0.0, 1 - reference / candidate) + precision)


def _runs(tokens: Sequence[Hashable], length: int) -> Counter[tuple[Hashable, ...]]:
    return Counter(tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1))
