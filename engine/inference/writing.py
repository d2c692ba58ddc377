"""Writing: texts that a network continues, token by token, and how."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from engine.choices import Invalid, Record, Setting, problems_in
from engine.data.description import PADDING
from engine.inference.results import Begun, Guesses
from engine.probes.writing import Temperature
from engine.tasks.task import Task

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.texts.encode import TokensEncoder
    from engine.networks.sequences.generation import TokenSampling
    from engine.training.model import Model

_TOGETHER = 32
"""So many texts are written at once, where their beginnings are equally long."""
_GUESSES = 12
_TOLD = 100
"""So often it is told how far it is, if there are as many tokens to write."""

Hear = Callable[[float, tuple[str, ...]], None]
"""Is told the share that is written, and all texts so far; raises where nobody wants them any more."""


class Writing(Record):
    """How a network writes. What does not write has no settings."""


class Continuing(Writing):
    """How texts are gone on with: each token is drawn given those before it.

    The defaults are a little surer than learnt, and nothing far-fetched.
    """

    temperature: Temperature = 0.8
    top_k: Annotated[
        int,
        Setting(
            "Top k",
            "Draw among so many of the likeliest tokens; 0 takes all.",
            least=0,
            most=100_000,
        ),
    ] = 0
    top_p: Annotated[
        float,
        Setting(
            "Top p",
            "Draw among the fewest likeliest tokens that together have this probability; 1 takes all.",
            above=0,
            most=1,
        ),
    ] = 0.95
    length: Annotated[
        int, Setting("Length", "How much is written, at most.", unit="tokens", least=0, most=2000)
    ] = 100
    count: Annotated[int, Setting("Texts", "How many are written for each beginning.", least=1, most=50)] = 1
    draw: Annotated[
        int, Setting("Draw", "Another number draws other texts.", least=0, most=1_000_000, role="hidden")
    ] = 0

    def sampling(self) -> TokenSampling:
        """Return how tokens are drawn."""
        from engine.networks.sequences.generation import TokenSampling

        return TokenSampling(self.temperature, self.top_k, self.top_p)


class Searching(Writing):
    """How translations are looked for."""

    width: Annotated[
        int,
        Setting(
            "Beam width",
            "So many translations are followed at once and the best is taken; 1 (greedy) takes the likeliest "
            "token every time, which is quicker and mostly a little worse.",
            least=1,
            most=20,
        ),
    ] = 1


def writing_of(task: Task) -> type[Writing]:
    """Return which settings there are for how a task's predictions are written."""
    known: Mapping[str, type[Writing]] = {"next": Continuing, "translation": Searching}
    return known.get(task.form, Writing)


def read_writing(task: Task, given: Mapping[str, Any]) -> Writing:
    """Return the settings; raises Invalid with every problem."""
    try:
        return writing_of(task).model_validate(dict(given))
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def continued(
    model: Model,
    encoder: TokensEncoder,
    prompts: NDArray[np.generic],
    writing: Continuing,
    threads: int | None,
    hear: Hear,
) -> tuple[tuple[str, ...], tuple[Begun, ...]]:
    """Return each text with tokens drawn after it until the network ends it, and what could have come first.

    `prompts`: int64 (N, length), PADDING after the end. The same prompts in another order give other texts.
    """
    import torch

    from engine.networks.sequences.generation import continuer, sampled
    from engine.training.devices import settled
    from engine.training.evaluate import evaluating

    # texts are learnt without their last token, so that the network knows one place less
    device, places = model.device.torch, encoder.length - 1
    decode, sampling = encoder.tokenizer.decode, writing.sampling()
    texts = [decode(row[row != PADDING].tolist()) for row in prompts]
    begun: list[Begun] = []
    with settled(model.device, threads or torch.get_num_threads()), evaluating(model):
        for rows, tokens in _batches(prompts, places):
            # with a writer of its own: one that has seen the tokens would go on behind them
            first = continuer(model.network, places, device)(tokens).cpu()
            following = sampling.probabilities(first)
            # of what is shown and not of what was typed: tokens may read otherwise
            letters = [len(decode(row)) for row in tokens.tolist()]
            begun += [
                Begun(size, most_probable(encoder, shares))
                for size, shares in zip(letters, following, strict=True)
            ]
            writer = continuer(model.network, places, device)
            end = tokens.shape[1] + writing.length
            due = _Pace(len(prompts), rows, writing.length)
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
        # a share for every token would send as many messages as there are tokens
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
    from engine.data.texts.read.spacing import spaced

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
        # Equally long, as a network that goes on step by step knows no padding before a text.
        other = np.flatnonzero(lengths[start : start + _TOGETHER] != lengths[start])
        stop = start + (int(other[0]) if len(other) else min(_TOGETHER, len(prompts) - start))
        size = int(lengths[start])
        # Of a beginning longer than the network sees, the end: that is what is gone on with.
        rows = [row[row != PADDING][-size:] for row in prompts[start:stop]]
        yield range(start, stop), torch.tensor(np.array(rows), dtype=torch.int64)
        start = stop
