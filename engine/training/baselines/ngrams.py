"""N-grams: how often runs of up to five tokens occur, smoothed after Kneser and Ney. The counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORDER = 5
# a discount of 0 leaves nothing for what was never seen (a log of 0), one of 1 nothing for what was seen once
_LEAST_DISCOUNT, _MOST_DISCOUNT = 0.05, 0.95

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class JoinedTexts:
    """Texts behind one another: `tokens` (T,), and for each at which place of its text it stands, `depth`."""

    tokens: Tokens
    depth: Tokens

    @classmethod
    def of(cls, tokens: Tokens, lengths: Tokens) -> JoinedTexts:
        """Return texts of these lengths that lie behind one another."""
        starts = np.cumsum(lengths) - lengths
        return cls(tokens, np.arange(len(tokens)) - np.repeat(starts, lengths))


@dataclass(frozen=True)
class _RunLength:
    """Runs of one length: `keys` (number of the context · vocabulary + last token), ascending.

    `counts` says what each counts; `total` and `kinds` of each context what its runs count together, and how
    many there are; `discount` is taken off every count.
    """

    keys: Tokens
    counts: NDArray[np.float64]
    total: NDArray[np.float64]
    kinds: NDArray[np.float64]
    discount: float

    def find(self, keys: Tokens) -> Tokens:
        """Return the number of each run, -1 where it is not among them."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        places = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)

    def smoothed(self, context: Tokens, run: Tokens, shorter: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each run's last token, given that with one token less before it."""
        counts, total, kinds = (np.append(one, 0.0) for one in (self.counts, self.total, self.kinds))
        own = np.maximum(counts[run] - self.discount, 0.0)  # -1, unknown: the 0 at the end
        left = self.discount * kinds[context] * shorter
        whole = total[context]
        return np.where(whole > 0, (own + left) / np.where(whole > 0, whole, 1.0), shorter)


@dataclass(frozen=True)
class NGrams:
    """Interpolated Kneser-Ney n-grams of tokens.

    Formula: P(w|h) = max(0, c(hw) − d)/c(h) + d N(h)/c(h) · P(w|h'), h' = h without its first token, N(h) =
    how many different tokens follow h, d = n₁/(n₁ + 2n₂), nᵢ = how many runs count i. c says how often a run
    of the full length occurs, and of a shorter one after how many different tokens (how often, where it only
    begins texts). The shortest P is 1/vocabulary.

    Source: Kneser and Ney, Improved backing-off for m-gram language modeling, 1995; interpolated: Chen and
    Goodman, An Empirical Study of Smoothing Techniques for Language Modeling, 1998.
    """

    levels: tuple[_RunLength, ...]
    vocabulary: int

    @classmethod
    def learnt(cls, texts: JoinedTexts, vocabulary: int, order: int = ORDER) -> NGrams:
        """Count runs of up to `order` tokens, 2 or more. The first of a text is only looked back at."""
        run = texts.tokens
        shorter = np.arange(vocabulary), np.zeros(vocabulary)
        contexts, levels = 1, []
        for length in range(2, order + 1):
            places = np.flatnonzero(texts.depth >= length - 1)
            # by the number of the shorter run: five tokens of a vocabulary of 50,000 are no number of 64 bits
            keys, first, number, often = np.unique(
                run[places - 1] * vocabulary + texts.tokens[places],
                return_index=True, return_inverse=True, return_counts=True,
            )  # fmt: skip
            # each different run once: how many different tokens stand before a run, not how often it occurs
            after = np.bincount(run[places[first]], minlength=len(shorter[0]))
            counts = np.where(after > 0, after, shorter[1]).astype(np.float64)
            levels.append(_level(shorter[0], counts, contexts, vocabulary))
            contexts, shorter = len(shorter[0]), (keys, often.astype(np.float64))
            run = np.full(len(texts.tokens), -1, np.int64)
            run[places] = number
        levels.append(_level(*shorter, contexts, vocabulary))
        return cls(tuple(levels), vocabulary)

    def log_chances(self, texts: JoinedTexts) -> NDArray[np.float64]:
        """Return log P of each token, given those before it in its text; 0 for the first of a text."""
        chance = np.full(len(texts.tokens), 1 / self.vocabulary)
        guessed = np.flatnonzero(texts.depth >= 1)
        empty = np.zeros(len(guessed), np.int64)
        chance[guessed] = self.levels[0].smoothed(empty, texts.tokens[guessed], chance[guessed])
        run = texts.tokens
        for length, level in enumerate(self.levels[1:], 2):
            places = np.flatnonzero(texts.depth >= length - 1)
            context = run[places - 1]
            number = level.find(context * self.vocabulary + texts.tokens[places])
            number = np.where(context >= 0, number, -1)
            chance[places] = level.smoothed(context, number, chance[places])
            run = np.full(len(texts.tokens), -1, np.int64)
            run[places] = number
        chance[texts.depth == 0] = 1.0
        return np.asarray(np.log(chance))


def _level(keys: Tokens, counts: NDArray[np.float64], contexts: int, vocabulary: int) -> _RunLength:
    owner = keys // vocabulary
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    # where nothing occurs once the rule says 0, or divides 0 by 0
    discount = once / (once + 2 * twice) if once else 0.5
    return _RunLength(
        keys,
        counts,
        np.bincount(owner, counts, contexts).astype(np.float64),
        np.bincount(owner, counts > 0, contexts).astype(np.float64),
        min(max(discount, _LEAST_DISCOUNT), _MOST_DISCOUNT),
    )
