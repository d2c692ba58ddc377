"""Transformers: blocks of attention and a small network at every place, and the networks made of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from engine.data.description import START
from engine.networks.dropping import share_at, stochastic_depth
from engine.networks.finish import Finish
from engine.networks.sequences.attention import Attention, Role
from engine.networks.sequences.decoding import Cache, EncodedSource
from engine.networks.sequences.embeddings import TiedOutput, TokenEmbedding, put_out
from engine.networks.sequences.padding import present, restored, trimmed
from engine.networks.sequences.positions import positions
from engine.networks.starting import StartingLinear, residual_share


@dataclass(frozen=True)
class Blocks:
    """The form of a stack: `layers` blocks of `width`, with `inner` units inside a feed-forward part.

    `norm`: "pre" (before each part of a block, and at the end of the stack) or "post" (after each sum).
    `positions`: "sinusoidal", "learnt" or "none".
    """

    width: int
    heads: int
    layers: int
    inner: int
    dropout: float = 0.0
    activation: str = "relu"
    norm: str = "pre"
    positions: str = "sinusoidal"
    stochastic_depth: float = 0.0

    def drop(self) -> nn.Dropout | None:
        """Return the dropout, where chosen."""
        return nn.Dropout(self.dropout) if self.dropout > 0 else None


class TransformerBlock(nn.Module):
    """Attention, attention to a memory (of a decoder) and a feed-forward part, each added to what it gets.

    Of (B, places, width). pre: x + F(norm(x)); post: norm(x + F(x)). Source: Vaswani et al., Attention Is All
    You Need, 2017; pre: Xiong et al., On Layer Normalization in the Transformer Architecture, 2020.
    """

    def __init__(
        self, form: Blocks, *, causal: bool = False, cross: bool = False, skipped: float = 0.0
    ) -> None:
        """`skipped`: the share of examples that each part is left out for, in training."""
        super().__init__()
        self.depth = stochastic_depth(skipped)
        self.pre = form.norm == "pre"
        width, inside = form.width, Finish(form.activation, dropout=form.dropout)
        # so many parts are added one after the other: in each block two, with a memory three
        share = residual_share((3 if cross else 2) * form.layers)
        role: Role = "decoder" if cross else "self"
        self.attention = Attention(width, form.heads, form.dropout, causal=causal, share=share, role=role)
        self.attention_norm = nn.LayerNorm(width)
        self.cross = Attention(width, form.heads, form.dropout, share=share, role="cross") if cross else None
        self.cross_norm = nn.LayerNorm(width) if cross else None
        layers = {"expand": nn.Linear(width, form.inner), **inside.bend(form.inner), **inside.drop()}
        layers["shrink"] = StartingLinear(form.inner, width, share)
        self.feed_forward = nn.Sequential(OrderedDict(layers))
        self.feed_forward_norm = nn.LayerNorm(width)
        self.dropout = form.drop()

    def forward(
        self,
        values: Tensor,
        present: Tensor | None = None,
        memory: EncodedSource | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Return what the block makes of the values, shape kept; `present` and `cache` as in `Attention`."""
        around = partial(self.attention, present=present, cache=cache)
        values = self._added(values, self.attention_norm, around)
        # the last two only tell the type checker: both are there, or neither
        if memory is not None and self.cross is not None and self.cross_norm is not None:
            back = partial(self.cross, context=memory.values, present=memory.present, cache=cache)
            values = self._added(values, self.cross_norm, back)
        return self._added(values, self.feed_forward_norm, self.feed_forward)

    def _added(self, values: Tensor, norm: nn.Module, part: Callable[[Tensor], Tensor]) -> Tensor:
        change = part(norm(values) if self.pre else values)
        if self.dropout is not None:
            change = self.dropout(change)
        if self.depth is not None:
            change = self.depth(change)
        added: Tensor = values + change
        return added if self.pre else norm(added)


class Stack(nn.Module):
    """Positions, then `block_1`, `block_2`, ..., from (B, at most `places`, width) to the same shape."""

    stacked = True

    def __init__(self, form: Blocks, places: int, *, causal: bool = False, cross: bool = False) -> None:
        super().__init__()
        self.positions = positions(form.positions, places, form.width)
        self.dropout = form.drop()
        self.blocks = tuple(f"block_{number}" for number in range(1, form.layers + 1))
        for number, name in enumerate(self.blocks, 1):
            share = share_at(form.stochastic_depth, number, form.layers)
            self.add_module(name, TransformerBlock(form, causal=causal, cross=cross, skipped=share))
        # with "pre" the sum of all blocks has never been normalized
        self.normalization = nn.LayerNorm(form.width) if form.norm == "pre" else None

    def forward(
        self,
        values: Tensor,
        present: Tensor | None = None,
        memory: EncodedSource | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Return what the blocks make of the values; with a cache, of the places after those it knows."""
        if self.positions is not None:
            # before the counter moves on: these places follow those that were passed
            values = self.positions(values, 0 if cache is None else cache.places)
        if self.dropout is not None:
            values = self.dropout(values)
        if cache is not None:
            cache.places += values.shape[1]
        for name in self.blocks:
            values = self.get_submodule(name)(values, present, memory, cache)
        return values if self.normalization is None else self.normalization(values)


class DecoderNetwork(nn.Module):
    """A stack in which every place sees itself and those before it, to tell which token comes next.

    From (B, length) to (B, length, tokens). Padding needs no mask, for it follows what it could disturb.
    Source: Radford et al., Improving Language Understanding by Generative Pre-Training, 2018.
    """

    def __init__(self, embedding: TokenEmbedding, body: nn.Module, output: nn.Linear | TiedOutput) -> None:
        super().__init__()
        self.embedding, self.body, self.output = embedding, body, output

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the outputs at every place, without a final activation."""
        return restored(self._outputs(trimmed(tokens), None), tokens.shape[1])

    def step(self, tokens: Tensor, cache: Cache) -> Tensor:
        """Return the outputs (B, places, tokens) of tokens (B, places) that follow those the cache has seen.

        Together the steps give what `forward` gives for the whole; the cache is moved on.
        """
        return self._outputs(tokens, cache)

    def _outputs(self, tokens: Tensor, cache: Cache | None) -> Tensor:
        return put_out(self.output, self.body(self.embedding(tokens), cache=cache), self.embedding)


class TranslationNetwork(nn.Module):
    """An encoder of the source and a decoder that also looks at what the encoder made of it.

    From source (B, source length) and target tokens so far (B, places) to (B, places, tokens). One embedding
    serves both languages unless there is a `target_embedding`. `length`: places of a target where none is
    given. Source: Vaswani et al., Attention Is All You Need, 2017.
    """

    def __init__(
        self,
        embeddings: tuple[TokenEmbedding, TokenEmbedding | None],
        stacks: tuple[nn.Module, nn.Module],
        output: nn.Linear | TiedOutput,
        length: int,
    ) -> None:
        super().__init__()
        self.embedding, self.target_embedding = embeddings
        self.encoder, self.decoder = stacks
        self.output, self.length = output, length

    def forward(self, source: Tensor, target_so_far: Tensor | None = None) -> Tensor:
        """Return the outputs after every target token; START at every place where no target is given."""
        # a sketch knows the inputs alone
        if target_so_far is None:
            target_so_far = torch.full((len(source), self.length), START, device=source.device)
        outputs = self._decoded(self.encode(source), trimmed(target_so_far), None)
        return restored(outputs, target_so_far.shape[1])

    def encode(self, source: Tensor) -> EncodedSource:
        """Return what the decoder looks at, for `step`."""
        source = trimmed(source)
        there = present(source)
        return EncodedSource(self.encoder(self.embedding(source), there), there)

    def step(self, memory: EncodedSource, tokens: Tensor, cache: Cache) -> Tensor:
        """Return the outputs (B, places, tokens) of target tokens (B, places) that follow those in the cache.

        Together the steps give what `forward` gives for the whole; the cache is moved on.
        """
        return self._decoded(memory, tokens, cache)

    def _decoded(self, memory: EncodedSource, tokens: Tensor, cache: Cache | None) -> Tensor:
        embedding = self.embedding if self.target_embedding is None else self.target_embedding
        # no `present`: the padding of a target stands behind every token that could look at it
        values = self.decoder(embedding(tokens), memory=memory, cache=cache)
        return put_out(self.output, values, embedding)
