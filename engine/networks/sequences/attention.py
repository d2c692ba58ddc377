"""Attention: what is looked for is compared with every place, and the places are mixed as they fit.

Weights can be looked at while a network runs:

    with capturing(network) as maps:
        network(inputs)
    maps["block_1.attention"]  # (B, heads, queries, keys)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import sqrt
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.choices import Message
from engine.networks.sequences.decoding import Cache
from engine.networks.starting import UNBENT, StartingLinear

Role = Literal["self", "decoder", "cross"]
"""Who looks at whom: the places of what is given at each other, those of the answer that is written at each
other, or those of the answer at what is given."""


class Watched(nn.Module):
    """A module with attention weights that `capturing` can look at.

    `notice`, where somebody looks, is given the weights of every call, (B, heads, queries, keys), detached.
    """

    sort = "attention"
    role: Role = "self"
    notice: Callable[[Tensor], None] | None = None


def attentions(network: nn.Module) -> dict[str, Watched]:
    """Return the modules of a network that can be watched, by name."""
    return {name: module for name, module in network.named_modules() if isinstance(module, Watched)}


@contextmanager
def capturing(network: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collect the attention weights of one forward pass: (B, heads, queries, keys) by name of the module.

    Calls of one module are joined along the queries, so that a network which attends step by step gives one
    map; keys that a step did not have yet count 0. Weights are those before dropout. Places that the network
    cut off because they are padding in the whole batch are missing at the end of both axes. Results stay the
    same but for rounding.
    """
    maps: dict[str, Tensor] = {}
    watched = attentions(network)
    for name, module in watched.items():
        module.notice = partial(_join, maps, name)
    try:
        yield maps
    finally:
        for module in watched.values():
            module.notice = None


def _join(maps: dict[str, Tensor], name: str, weights: Tensor) -> None:
    before = maps.get(name)
    if before is not None:
        keys = max(before.shape[-1], weights.shape[-1])
        parts = (functional.pad(part, (0, keys - part.shape[-1])) for part in (before, weights))
        weights = torch.cat(tuple(parts), 2)
    maps[name] = weights


def softmax_over(scores: Tensor, allowed: Tensor | None) -> Tensor:
    """Return the softmax of (..., keys) over the allowed keys; all 0 where none is allowed.

    `allowed`: bool, of a shape that broadcasts to the scores', or None for every key.
    """
    if allowed is None:
        return scores.softmax(-1)
    low = scores.masked_fill(~allowed, torch.finfo(scores.dtype).min)  # -inf alone would divide 0 by 0
    return low.softmax(-1).masked_fill(~allowed, 0)


class WeightedMean(nn.Module):
    """softmax(scores) V: a mean of the values, (B, queries, width), as the scores weigh them."""

    words = "Weighted mean"
    sort = "attention"

    def __init__(self) -> None:
        super().__init__()
        self._keys = 0

    def forward(
        self,
        scores: Tensor,
        values: Tensor,
        present: Tensor | None,
        notice: Callable[[Tensor], None] | None,
    ) -> Tensor:
        """Return the mean of values (B, keys, width) by scores (B, queries, keys).

        `present`: bool (B, keys), False where a value is padding; 0 comes out where nothing is present.
        """
        # remembered, as `multiply_adds` is told the outputs only
        self._keys = values.shape[1]
        weights = softmax_over(scores, None if present is None else present[:, None])
        if notice is not None:
            notice(weights.detach()[:, None])
        return weights @ values

    def multiply_adds(self, outputs: Tensor) -> int:
        """Return the multiplications of one pass."""
        return outputs.numel() * self._keys


class DotProduct(nn.Module):
    """softmax(Q Kᵀ / √d) V for every head, (B, heads, queries, d), d being the width of a head.

    `dropout` is the share of weights set to 0 while training.
    """

    sort = "attention"

    def __init__(self, heads: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.words = f"Attention, {heads} {'head' if heads == 1 else 'heads'}"
        self._keys = 0

    def forward(
        self,
        parts: tuple[Tensor, Tensor, Tensor],
        present: Tensor | None,
        causal: bool,
        notice: Callable[[Tensor], None] | None,
    ) -> Tensor:
        """Return the mixed values of `parts`: queries, keys and values, (B, heads, places, d) each.

        `present`: bool (B, keys), False where a key is padding. `causal`: the last query belongs to the last
        key, and none looks further than its own key. Queries without any key get 0.
        """
        queries, keys, values = parts
        self._keys = keys.shape[2]
        dropout = self.dropout if self.training else 0.0
        # One query that stands at the last key may look at all of them; a square mask torch knows itself.
        causal = causal and queries.shape[2] > 1
        plain = causal and present is None and queries.shape[2] == keys.shape[2]
        allowed = None if plain else _allowed(queries, keys, present, causal)
        if notice is None:
            # The fused kernel never has the weights; where somebody looks at them they are worked out below.
            mixed: Tensor = functional.scaled_dot_product_attention(
                queries, keys, values, allowed, dropout, is_causal=plain
            )
            return mixed
        # once more: where the network is plainly causal the mask was left to the kernel
        allowed = _allowed(queries, keys, present, causal)
        scores = queries @ keys.transpose(2, 3) / sqrt(queries.shape[3])
        weights = softmax_over(scores, allowed)
        notice(weights.detach())
        return functional.dropout(weights, dropout) @ values

    def multiply_adds(self, outputs: Tensor) -> int:
        """Return the multiplications of one pass: comparing every query with every key, mixing the values."""
        return 2 * outputs.numel() * self._keys


def _allowed(queries: Tensor, keys: Tensor, present: Tensor | None, causal: bool) -> Tensor | None:
    """Return which keys a query may look at, (B or 1, 1, queries or 1, keys), or None for all."""
    allowed = None if present is None else present[:, None, None, :]
    if causal:
        rows, columns = queries.shape[2], keys.shape[2]
        # Shifted to the lower right corner: the last query stands at the last key, also with a cache.
        past = torch.ones(rows, columns, dtype=torch.bool, device=queries.device).tril(columns - rows)
        allowed = past if allowed is None else allowed & past
    return allowed


class Attention(Watched):
    """Attention with several heads: each compares in a part of the width of its own.

    head = softmax(Q Kᵀ / √d) V with Q = x W_q, K = c W_k, V = c W_v; output = [head₁, ..., headₕ] W_o, where
    x are the queries and c the context: the same places (self-attention) or those of another text
    (cross-attention). All four have biases. Source: Vaswani et al., Attention Is All You Need, 2017.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        dropout: float = 0.0,
        *,
        causal: bool = False,
        share: float = UNBENT,
        role: Role = "self",
    ) -> None:
        """Make it for queries and contexts of `width`, a multiple of `heads`.

        `causal`: a place looks at itself and those before it only. `share`: how large the weights of the
        output start, beside what the initializer draws.
        """
        super().__init__()
        if width % heads:
            raise ValueError(
                Message("width {width} cannot be shared among {heads} heads", width=width, heads=heads)
            )
        self.heads, self.causal, self.role = heads, causal, role
        self.query = StartingLinear(width, width, UNBENT)
        self.key = StartingLinear(width, width, UNBENT)
        self.value = StartingLinear(width, width, UNBENT)
        self.mix = DotProduct(heads, dropout)
        self.output = StartingLinear(width, width, share)

    def forward(
        self,
        queries: Tensor,
        context: Tensor | None = None,
        *,
        present: Tensor | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Return (B, queries, width) of queries (B, queries, width) that look at a context (B, keys, width).

        Without a context they look at themselves. `present`: bool (B, keys), False where the context is
        padding; a query for which nothing is left gets the output's bias alone. With a cache, queries also
        look at those of the calls before, and a context is read at the first call only.
        """
        keys, values = self._looked_at(queries, context, cache)
        parts = (self._split(self.query(queries)), keys, values)
        mixed = self.mix(parts, present, self.causal, self.notice)
        output: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return output

    def _looked_at(
        self, queries: Tensor, context: Tensor | None, cache: Cache | None
    ) -> tuple[Tensor, Tensor]:
        kept = None if cache is None else cache.get(self)
        # The source does not change while its translation grows.
        if kept is not None and context is not None:
            return kept[0], kept[1]
        source = queries if context is None else context
        keys, values = self._split(self.key(source)), self._split(self.value(source))
        if kept is not None:
            keys, values = torch.cat([kept[0], keys], 2), torch.cat([kept[1], values], 2)
        if cache is not None:
            cache.put(self, keys, values)
        return keys, values

    def _split(self, values: Tensor) -> Tensor:
        """Return (B, places, width) as (B, heads, places, width / heads)."""
        return values.view(*values.shape[:2], self.heads, -1).transpose(1, 2)


class AdditiveAttention(Watched):
    """Attention by a small network instead of a product: weights = softmax(vᵀ tanh(W q + U m)).

    What comes out is the memory itself, mixed; captured weights have one head. Source: Bahdanau, Cho and
    Bengio, Neural Machine Translation by Jointly Learning to Align and Translate, 2015.
    """

    role: Role = "cross"

    def __init__(self, query_width: int, memory_width: int, width: int) -> None:
        """Make it for queries and a memory of these widths, which are compared in `width` units."""
        super().__init__()
        # the bias of the key does for both, as they are added
        self.query = nn.Linear(query_width, width, bias=False)
        self.key = nn.Linear(memory_width, width)
        # no bias: softmax does not see what is added to all scores alike
        self.score = nn.Linear(width, 1, bias=False)
        self.mix = WeightedMean()

    def forward(
        self, queries: Tensor, memory: Tensor, present: Tensor | None = None, keys: Tensor | None = None
    ) -> Tensor:
        """Return (B, queries, memory width) of (B, queries, query width) and memory (B, keys, memory width).

        `present`: bool (B, keys), False where the memory is padding; a query with nothing left gets 0.
        `keys`: `self.key(memory)`, (B, keys, width), where it is worked out once for many calls.
        """
        compared = self.key(memory) if keys is None else keys
        scores = self.score(torch.tanh(self.query(queries)[:, :, None] + compared[:, None])).squeeze(-1)
        mixed: Tensor = self.mix(scores, memory, present, self.notice)
        return mixed
