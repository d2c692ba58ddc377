"""Baseline of language models, masked ones too: n-grams of the same tokens, at the same places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.description import IGNORED, PADDING, PartName
from engine.data.examples import spread
from engine.data.prepared import Prepared
from engine.data.texts.raw import Corpus
from engine.learning.metrics import Metric
from engine.tasks.masking import masked
from engine.tasks.places import counted_tokens
from engine.tasks.task import Task
from engine.training.baselines.beside import Beside, scored, thinned
from engine.training.baselines.ngrams import JoinedTexts, NGrams, Tokens

MOST_TOKENS = 3_000_000
"""So many tokens are learnt from; counting them takes some seconds."""


def n_grams(kind: str, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Judge five-grams with back-off by the probability they give the right tokens.

    They see the tokens before each place, all of them true, also where tokens are hidden from the network,
    and in running text those of the window before.
    """
    windows = isinstance(prepared.raw, Corpus)
    train, judged = prepared.train.inputs, prepared.part(part).inputs
    kept = max(1, MOST_TOKENS // train.shape[1])
    # windows follow each other in one text; spread out, runs would go over gaps
    rows = np.arange(min(kept, len(train))) if windows else spread(len(train), kept)
    vocabulary = prepared.description.targets.vocabulary
    # int64, as runs are numbered by products with the vocabulary, which overflow the int32 of tokens
    model = NGrams.learnt(running(np.asarray(train[rows], np.int64), windows), vocabulary)
    tokens = np.asarray(judged, np.int64)
    chances = log_chances(model, tokens, windows)
    truth = _truth(torch.from_numpy(tokens), task, vocabulary)
    truth = truth.where(chances.isfinite(), IGNORED)
    unknown = torch.full_like(chances, torch.nan)  # which token is the most probable, nobody works out
    found = scored(torch.stack([chances, unknown], dim=-1), truth, metrics)
    # NaN is not equal to itself: metrics of the most probable token are left out
    scores = {name: value for name, value in found.items() if value == value}
    return Beside({kind: scores}, thinned(kind, len(rows), len(train), "texts"))


def shares_of_tokens(
    kind: str, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName
) -> Beside:
    """Judge who gives each token the share that it has in training, one more of each being counted.

    Formula: P(v) = (n_v + 1) / (N + V), N tokens of V different ones

    Source: Manning and Schütze, Foundations of Statistical Natural Language Processing, 1999, section 6.2.
    """
    train, judged = (
        torch.from_numpy(np.asarray(_asked(prepared, name), np.int64)) for name in ("train", part)
    )
    vocabulary = prepared.description.targets.vocabulary
    seen = counted_tokens(train)[:, 1:]
    counts = seen[seen != IGNORED].bincount(minlength=vocabulary).double() + 1
    chances = (counts / counts.sum()).log()
    truth = _truth(judged, task, vocabulary)
    right = truth.clamp(min=0)
    hits = (right == counts.argmax()).double()
    # what a network writes by itself has no counterpart here
    metrics = [metric for metric in metrics if not metric.generates]
    return Beside({kind: scored(torch.stack([chances[right], hits], dim=-1), truth, metrics)})


def _asked(prepared: Prepared, part: PartName) -> NDArray[np.generic]:
    """Return the texts (N, length) whose tokens are asked for: those read, or their translations."""
    examples = prepared.part(part)
    return examples.targets if prepared.description.targets.kind == "translation" else examples.inputs


def running(texts: Tokens, windows: bool) -> JoinedTexts:
    """Return texts (N, length) behind one another without padding; windows are pieces of one text, each
    beginning with the last token of the one before.
    """
    if windows:
        tokens = np.concatenate([texts[:1, 0], texts[:, 1:].ravel()])
        tokens = tokens[tokens != PADDING]
        return JoinedTexts.of(tokens, np.array([len(tokens)]))
    there = texts != PADDING
    return JoinedTexts.of(texts[there], there.sum(axis=1))


def log_chances(model: NGrams, texts: Tokens, windows: bool) -> Tensor:
    """Return log P of each token (N, length); -inf where there is none, or nothing before it."""
    said = running(texts, windows)
    chances = np.where(said.depth > 0, model.log_chances(said), -np.inf)
    found = np.full(texts.shape, -np.inf)
    if windows:
        inner = np.full(texts[:, 1:].shape, -np.inf)
        inner[texts[:, 1:] != PADDING] = chances[1:]
        found[:, 1:] = inner
        # the first token of a window is the last of the one before; masked models may be asked for it there
        found[1:, 0] = found[:-1, -1]
    else:
        found[texts != PADDING] = chances
    return torch.from_numpy(found)


def _truth(tokens: Tensor, task: Task, vocabulary: int) -> Tensor:
    """Return the tokens that the task asks for, each at its own place."""
    if task.form == "place":
        return masked(tokens, vocabulary, False)[1]
    truth = counted_tokens(tokens)
    # the network is not asked for a first token, either: nothing stands before it
    truth[:, 0] = IGNORED
    return truth
