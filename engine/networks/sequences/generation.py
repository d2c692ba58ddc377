"""Generation: texts that a network writes token by token, each drawn or chosen given those before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from engine.data.description import END, MASK, PADDING, START, UNKNOWN
from engine.networks.sequences.decoding import Cache, EncodedSource
from engine.randomness import derive

NEVER_WRITTEN = (PADDING, UNKNOWN, START, MASK)
"""Tokens that stand for something else than text."""
PENALTY = 0.6
"""How much longer texts are favoured in a beam; Wu et al. found 0.6 to 0.7 best."""


class Writer(Protocol):
    """A network that is asked, for several texts at once, what comes next."""

    def __call__(self, texts: Tensor) -> Tensor:
        """Return outputs (B, vocabulary) for the token after the texts (B, places), which only grow."""
        ...

    def select(self, rows: Tensor) -> None:
        """Go on with these texts, int64 (any number,): one may be dropped or taken several times."""
        ...


@runtime_checkable
class Stepwise(Protocol):
    """A network that continues texts and need not work out anew what it has seen."""

    def step(self, tokens: Tensor, cache: Cache) -> Tensor:
        """Return outputs (B, places, vocabulary) for tokens (B, places) that follow those in the cache."""
        ...


@runtime_checkable
class StepwiseTranslator(Protocol):
    """A network that translates and need not work out anew what it has written."""

    def encode(self, source: Tensor) -> EncodedSource:
        """Return what is to be remembered of the source (B, length)."""
        ...

    def step(self, memory: EncodedSource, tokens: Tensor, cache: Cache) -> Tensor:
        """Return outputs (B, places, vocabulary) for tokens (B, places) that follow those in the cache."""
        ...


def translator(network: nn.Module, source: Tensor) -> Writer:
    """Return what writes translations of `source` (B, length); the network is in evaluation mode."""
    if isinstance(network, StepwiseTranslator):
        return _StepwiseTranslation(network, source)
    return _WholeTranslation(network, source)


def continuer(network: nn.Module, places: int, device: torch.device) -> Writer:
    """Return what continues texts; the network, in evaluation mode, never sees more than `places` of them."""
    if isinstance(network, Stepwise):
        return _StepwiseText(network, places, device)
    return _WholeText(network, places, device)


class _StepwiseTranslation:
    """Runs the network over what is new in the translation."""

    def __init__(self, network: StepwiseTranslator, source: Tensor) -> None:
        self._network, self._memory, self._cache = network, network.encode(source), Cache()

    def __call__(self, texts: Tensor) -> Tensor:
        new = texts[:, self._cache.places :].to(self._memory.values.device)
        return self._network.step(self._memory, new, self._cache)[:, -1]

    def select(self, rows: Tensor) -> None:
        self._memory = self._memory.select(rows)
        self._cache.select(rows)


class _WholeTranslation:
    """Runs the network over the whole translation so far."""

    def __init__(self, network: nn.Module, source: Tensor) -> None:
        self._network, self._source = network, source

    def __call__(self, texts: Tensor) -> Tensor:
        outputs: Tensor = self._network(self._source, texts.to(self._source.device))
        return outputs[:, -1]

    def select(self, rows: Tensor) -> None:
        self._source = self._source.index_select(0, rows)


class _StepwiseText:
    """Runs the network over what is new in the text, or where the window moves over all that is in it."""

    def __init__(self, network: Stepwise, places: int, device: torch.device) -> None:
        self._network, self._places, self._device = network, places, device
        self._start, self._cache = 0, Cache()

    def __call__(self, texts: Tensor) -> Tensor:
        start = window_start(texts.shape[1], self._places)
        if start != self._start:
            # Positions are counted from the window's first token: what was kept is of other positions now.
            self._start, self._cache = start, Cache()
        new = texts[:, start + self._cache.places :].to(self._device)
        return self._network.step(new, self._cache)[:, -1]

    def select(self, rows: Tensor) -> None:
        self._cache.select(rows)


class _WholeText:
    """Runs the network over the last places of the text so far."""

    def __init__(self, network: nn.Module, places: int, device: torch.device) -> None:
        self._network, self._places, self._device = network, places, device

    def __call__(self, texts: Tensor) -> Tensor:
        start = window_start(texts.shape[1], self._places)
        outputs: Tensor = self._network(texts[:, start:].to(self._device))
        return outputs[:, -1]

    def select(self, rows: Tensor) -> None:
        """Nothing is kept."""


def window_start(length: int, places: int) -> int:
    """Return where the window of at most `places` begins that is seen of a text of `length` tokens.

    It moves on by half its length at once, so that most tokens only add to what was seen before.
    """
    step = max(1, places // 2)
    return max(0, -(-(length - places) // step) * step)


@dataclass(frozen=True)
class TokenSampling:
    """How a token is drawn.

    `temperature` divides the outputs: 1 as learnt, smaller surer, 0 always the most probable. Of what is then
    left, only the `top_k` most probable (0: all), and of these the fewest that together have `top_p` of the
    probability.

    Formula: P(k) ∝ exp(zₖ / T) for k among the most probable ones, else 0

    Source: Ackley, Hinton and Sejnowski, A Learning Algorithm for Boltzmann Machines, 1985; top k: Fan, Lewis
    and Dauphin, Hierarchical Neural Story Generation, 2018; top p: Holtzman et al., The Curious Case of
    Neural Text Degeneration, 2020.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    def probabilities(self, outputs: Tensor) -> Tensor:
        """Return the probabilities (B, vocabulary), float64, with which each token is drawn."""
        outputs = _writable(outputs.double())
        if self.temperature == 0:
            return torch.zeros_like(outputs).scatter_(1, outputs.argmax(1, keepdim=True), 1.0)
        top = outputs.max(1, keepdim=True).values  # first, or small temperatures overflow
        softened = ((outputs - top) / self.temperature).softmax(1)
        # Stable: of equals the lower number comes first on every device.
        falling, order = torch.sort(softened, dim=1, descending=True, stable=True)
        if self.top_k:
            falling[:, self.top_k :] = 0.0
            falling /= falling.sum(1, keepdim=True)
        before = falling.cumsum(1) - falling
        # The most probable one always stays, however small top_p is.
        falling[:, 1:][before[:, 1:] >= self.top_p] = 0.0
        return torch.zeros_like(outputs).scatter_(1, order, falling / falling.sum(1, keepdim=True))


def sample(writer: Writer, texts: Tensor, places: int, sampling: TokenSampling, seed: int) -> Tensor:
    """Return the texts (B, n) with further tokens drawn, (B, places): after END there is PADDING.

    The i-th text's chance depends on (seed, i) alone, not on how many are written together.
    """
    newest = deque(sampled(writer, texts, places, sampling, seed), maxlen=1)
    return _padded(newest[0] if newest else texts, places)


def sampled(
    writer: Writer, texts: Tensor, places: int, sampling: TokenSampling, seed: int, first: int = 0
) -> Iterator[Tensor]:
    """Do as `sample`, yielding the texts each time they have grown by a token, until all have ended.

    `first` is the number of the first text, where these are some of many.
    """
    chance = _chances(seed, range(first, first + len(texts)), max(0, places - texts.shape[1]))
    ended = torch.zeros(len(texts), dtype=torch.bool, device=texts.device)
    for drawn in chance.unbind(1):
        if ended.all():
            return
        # On the CPU, in double precision: the same draws whatever the device.
        cumulated = sampling.probabilities(writer(texts).cpu()).cumsum(1)
        # Scaled by the sum, which rounding may leave just below 1: a draw beyond it would be no token.
        found = torch.searchsorted(cumulated, drawn[:, None] * cumulated[:, -1:], right=True)[:, 0]
        texts, ended = _longer(texts, found.to(texts.device), ended)
        yield texts


def greedy(writer: Writer, count: int, places: int) -> Tensor:
    """Return `count` texts (count, places) of the most probable tokens: END after the last, then PADDING.

    START, which they begin with, is left out.
    """
    texts = torch.full((count, 1), START)
    ended = torch.zeros(count, dtype=torch.bool)
    while texts.shape[1] <= places and not ended.all():
        outputs = _writable(writer(texts))
        # only now it is known on which device the network answers
        texts, ended = texts.to(outputs.device), ended.to(outputs.device)
        texts, ended = _longer(texts, outputs.argmax(1), ended)
    return _padded(texts, places + 1)[:, 1:]


def beam(
    writer: Writer, count: int, places: int, width: int, penalty: float = PENALTY
) -> tuple[Tensor, Tensor]:
    """Return the best texts found, (count, places) as of `greedy`, and their scores, float64 (count,).

    At every place only the `width` best of all texts one token longer are followed. A text that has ended
    keeps its place among them until others are better. With a width of 1 this is `greedy`.

    Formula: score(y) = log P(y | x) / ((5 + |y|) / 6)ᵅ, |y| the number of tokens with END

    Source: Wu et al., Google's Neural Machine Translation System, 2016, equation 14.
    """
    texts = torch.full((count, 1), START)
    chances = torch.zeros((count, 1), dtype=torch.float64)
    lengths = torch.zeros((count, 1), dtype=torch.float64)
    ended = torch.zeros((count, 1), dtype=torch.bool)
    while texts.shape[1] <= places and not ended.all():
        outputs = _writable(writer(texts).double()).log_softmax(1)
        device, vocabulary = outputs.device, outputs.shape[1]
        texts, chances, lengths, ended = (one.to(device) for one in (texts, chances, lengths, ended))
        outputs = outputs.reshape(count, -1, vocabulary)
        still = torch.full_like(outputs, -torch.inf)
        still[..., PADDING] = 0.0  # a text that has ended stays as it is
        longer = chances[..., None] + outputs.where(~ended[..., None], still)
        reached = (lengths + ~ended)[..., None]
        scores = (longer / _favour(reached, penalty)).flatten(1)
        # The first place has one text alone, and so no more followers than there are tokens.
        kept = min(width, scores.shape[1])
        best = scores.topk(kept, dim=1).indices
        parents, tokens = best // vocabulary, best % vocabulary
        chances, lengths = longer.flatten(1).gather(1, best), reached[..., 0].gather(1, parents)
        ended = ended.gather(1, parents) | (tokens == END)
        rows = (parents + torch.arange(count, device=device)[:, None] * outputs.shape[1]).flatten()
        # Before the texts grow: what the network remembers must follow the texts that are kept.
        writer.select(rows)
        texts = torch.cat([texts.index_select(0, rows), tokens.reshape(-1, 1)], dim=1)
    scores = chances / _favour(lengths.clamp(min=1), penalty)
    found, best = scores.max(1)
    texts = texts.view(count, -1, texts.shape[1])[torch.arange(count, device=texts.device), best]
    return _padded(texts, places + 1)[:, 1:], found


def _favour(lengths: Tensor, penalty: float) -> Tensor:
    return ((5 + lengths) / 6) ** penalty


def _writable(outputs: Tensor) -> Tensor:
    """Return the outputs with nothing left for tokens that are no text."""
    # A copy: the outputs are the caller's.
    outputs = outputs.clone()
    outputs[:, list(NEVER_WRITTEN)] = -torch.inf
    return outputs


def _longer(texts: Tensor, tokens: Tensor, ended: Tensor) -> tuple[Tensor, Tensor]:
    tokens = tokens.masked_fill(ended, PADDING)
    return torch.cat([texts, tokens[:, None]], dim=1), ended | (tokens == END)


def _padded(texts: Tensor, places: int) -> Tensor:
    return nn.functional.pad(texts, (0, max(0, places - texts.shape[1])), value=PADDING)


def _chances(seed: int, texts: range, steps: int) -> Tensor:
    """Return a number in [0, 1) for each text and step, (texts, steps), on the CPU, the same everywhere."""
    generator, rows = torch.Generator(), []
    for text in texts:
        generator.manual_seed(derive(seed, "sample", text))
        rows.append(torch.rand(steps, generator=generator, dtype=torch.float64))
    return torch.stack(rows) if rows else torch.empty((0, steps), dtype=torch.float64)
