"""Writing: texts that a network continues, token by token, and how."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Problem
from engine.data.description import PADDING
from engine.runs.results import Begun, Guesses

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.texts.encoders import TokensEncoder
    from engine.networks.generation import Sampling
    from engine.training.model import Model

MOST_LENGTH, MOST_WIDTH = 2000, 20
_TOGETHER = 32
"""So many texts are written at once, where their beginnings are equally long."""
_GUESSES = 12
_TOLD = 100
"""So often it is told how far it is, if there are as many tokens to write."""

Hear = Callable[[float, tuple[str, ...]], None]
"""Is told the share that is written, and all texts so far; raises where nobody wants them any more."""


@dataclass(frozen=True)
class Writing:
    """How a network writes.

    A text is gone on with by `length` tokens, each drawn as `generation.Sampling` says; another `draw` gives
    other texts. A translation is the best of `width` that are followed at once; with a width of 1 the most
    probable token is taken every time.

    The defaults are a little surer than learnt, and nothing far-fetched. `length` None: as many tokens as the
    network looks at.
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 0.95
    length: int | None = None
    draw: int = 0
    width: int = 1

    def problems(self) -> tuple[Problem, ...]:
        """Return what cannot be meant."""
        found = [
            (not 0 <= self.temperature <= 100, "temperature", "must lie between 0 and 100"),
            (self.top_k < 0, "top_k", "must be 0 (all) or more"),
            (not 0 < self.top_p <= 1, "top_p", "must be more than 0 and at most 1"),
            (not 0 <= (self.length or 0) <= MOST_LENGTH, "length", f"must lie between 0 and {MOST_LENGTH}"),
            (not 1 <= self.width <= MOST_WIDTH, "width", f"must lie between 1 and {MOST_WIDTH}"),
        ]
        return tuple(Problem(name, text) for wrong, name, text in found if wrong)

    def checked(self) -> Writing:
        """Return this; raises Invalid with all problems."""
        if problems := self.problems():
            raise Invalid(problems)
        return self

    def sampling(self) -> Sampling:
        """Return how tokens are drawn."""
        from engine.networks.generation import Sampling

        return Sampling(self.temperature, self.top_k, self.top_p)


def continued(
    model: Model,
    encoder: TokensEncoder,
    prompts: NDArray[np.generic],
    writing: Writing,
    threads: int | None,
    hear: Hear,
) -> tuple[tuple[str, ...], tuple[Begun, ...]]:
    """Return each text with tokens drawn after it until the network ends it, and what could have come first.

    `prompts`: int64 (N, length), PADDING after the end. The same prompts in another order give other texts.
    """
    import torch

    from engine.networks.generation import continuer, sampled
    from engine.training.devices import settled
    from engine.training.evaluate import evaluating

    device, places = model.device.torch, encoder.length - 1
    length = places if writing.length is None else writing.length
    decode, sampling = encoder.tokenizer.decode, writing.sampling()
    texts = [decode(row[row != PADDING].tolist()) for row in prompts]
    begun: list[Begun] = []
    with settled(model.device, threads or torch.get_num_threads()), evaluating(model):
        for rows, tokens in _batches(prompts, places):
            first = continuer(model.network, places, device)(tokens).cpu()
            following = sampling.probabilities(first)
            letters = [len(decode(row)) for row in tokens.tolist()]
            begun += [
                Begun(size, most_probable(encoder, shares))
                for size, shares in zip(letters, following, strict=True)
            ]
            writer = continuer(model.network, places, device)
            end = tokens.shape[1] + length
            due = _Pace(len(prompts), rows, length)
            for longer in sampled(writer, tokens, end, sampling, writing.draw, rows.start):
                if due.now():
                    texts[rows.start : rows.stop] = [decode(row) for row in longer.tolist()]
                    hear(due.share, tuple(texts))
                tokens = longer
            texts[rows.start : rows.stop] = [decode(row) for row in tokens.tolist()]
    return tuple(texts), tuple(begun)


class _Pace:
    """Says when it is time to tell how far the writing is."""

    def __init__(self, texts: int, rows: range, length: int) -> None:
        self._before, self._part = rows.start / texts, len(rows) / texts / max(length, 1)
        self._every, self._steps = max(1, math.ceil(length / _TOLD)), 0

    @property
    def share(self) -> float:
        """Return the share that is done."""
        return self._before + self._part * self._steps

    def now(self) -> bool:
        """Count a step, and return whether to tell of it."""
        self._steps += 1
        return self._steps % self._every == 0


def most_probable(encoder: TokensEncoder, shares: Tensor) -> Guesses:
    """Return the tokens with the greatest of the probabilities (vocabulary,), none that cannot be."""
    from engine.data.texts.spacing import spaced

    found = shares.topk(min(_GUESSES, len(shares)))
    known = found.values > 0
    tokens = found.indices[known].tolist()
    return Guesses(spaced(encoder.tokenizer, tokens), tuple(found.values[known].tolist()))


def _batches(prompts: NDArray[np.generic], places: int) -> Iterator[tuple[range, Tensor]]:
    """Yield rows that follow each other and are equally long, and their tokens (B, n), n at most `places`."""
    import torch

    lengths = np.minimum((prompts != PADDING).sum(axis=1), places)
    start = 0
    while start < len(prompts):
        other = np.flatnonzero(lengths[start : start + _TOGETHER] != lengths[start])
        stop = start + (int(other[0]) if len(other) else min(_TOGETHER, len(prompts) - start))
        size = int(lengths[start])
        rows = [row[row != PADDING][-size:] for row in prompts[start:stop]]
        yield range(start, stop), torch.tensor(np.array(rows), dtype=torch.int64)
        start = stop
