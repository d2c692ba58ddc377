"""Baseline of classes and labels of texts: logistic regression of words and pairs of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
import torch
from torch import Tensor

from engine.data.description import PartName
from engine.data.examples import spread
from engine.data.prepared import Prepared
from engine.data.texts.raw import Texts
from engine.learning.metrics import Metric
from engine.training.baselines.beside import Beside, scored, thinned
from engine.training.baselines.linear import logistic, logistic_of_labels

MOST_ENTRIES = 4_000_000
"""Words and pairs of words, different ones of each text, times classes, that are learnt from: some 10 s."""
# words, pairs and the formula below as scikit-learn's TfidfVectorizer, with which tests compare them
_WORD = re.compile(r"\b\w\w+\b")


def weighted_words(kind: str, prepared: Prepared, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge logistic regression of TF-IDF weights, fitted on the raw texts of the training part."""
    raw, judged = prepared.raw, prepared.raw_of(part)
    assert isinstance(raw, Texts)
    assert isinstance(judged, Texts)
    count, classes = len(prepared.train), prepared.description.targets.size
    # a thousand texts tell the mean number; to count the words of all takes long itself
    sample = [len(grams(raw.texts[row])) for row in prepared.train.rows[spread(count, 1000)]]
    kept = spread(count, int(MOST_ENTRIES / classes / max(1.0, float(np.mean(sample)))))
    learnt = [raw.texts[row] for row in prepared.train.rows[kept]]
    asked = [judged.texts[row] for row in prepared.part(part).rows]
    inputs, others = tf_idf(learnt, asked)
    targets = torch.from_numpy(prepared.train.targets[kept])
    if prepared.description.targets.kind == "labels":
        found = logistic_of_labels(inputs, targets, others)
    else:
        found = logistic(inputs, targets, classes, others)
    truth = torch.from_numpy(prepared.part(part).targets)
    return Beside({kind: scored(found, truth, metrics)}, thinned(kind, len(kept), count, "texts"))


def tf_idf(learnt: Sequence[str], asked: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return weights (N, F) and (M, F), sparse, of the words and pairs of words that `learnt` holds.

    Formula: x = tf · (ln((1 + N) / (1 + df)) + 1), divided by its length √∑x²

    Source: Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """
    counts = [grams(text) for text in learnt]
    texts_with = Counter(gram for found in counts for gram in found)
    # sorted, so that sums over columns come out with the same last bits in every process
    places = {gram: place for place, gram in enumerate(sorted(texts_with))}
    rarity = {gram: log((1 + len(counts)) / (1 + texts)) + 1 for gram, texts in texts_with.items()}
    return _weighted(counts, places, rarity), _weighted([grams(text) for text in asked], places, rarity)


def grams(text: str) -> Counter[str]:
    """Return how often each word of two letters or more, and each pair of them in a row, occurs."""
    words = _WORD.findall(text.lower())
    return Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))])


def _weighted(counts: Sequence[Counter[str]], places: dict[str, int], rarity: dict[str, float]) -> Tensor:
    rows, columns, values = [], [], []
    for row, found in enumerate(counts):
        # a word that training has not seen has no weight, and no share in the length either
        known = [(places[gram], often * rarity[gram]) for gram, often in found.items() if gram in places]
        length = sum(value * value for _, value in known) ** 0.5
        rows += [row] * len(known)
        columns += [place for place, _ in known]
        values += [value / length for _, value in known]
    index = torch.tensor([rows, columns], dtype=torch.int64).reshape(2, -1)
    shape = (len(counts), max(1, len(places)))
    # checked, as an index out of range in a sparse product may end the process instead of raising
    return torch.sparse_coo_tensor(
        index, torch.tensor(values, dtype=torch.float64), shape, check_invariants=True
    ).coalesce()
