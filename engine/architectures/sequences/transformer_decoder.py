"""Transformer decoder: every place looks back, to tell what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.architectures.sequences.transformer_blocks import (
    FeedForward,
    Layers,
    MadeOfBlocks,
    Positions,
    Tied,
)
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class TransformerDecoder(MadeOfBlocks, kind="transformer_decoder", title="Transformer decoder", rank=32):
    """A language model: every place of a text looks back at those before it and guesses what comes next.

    It is the encoder with a mask over the future, so that all places of a text are examples at once while it
    learns. Asked again and again for the next word, it writes. With many blocks, much text and little else
    this is GPT.

    Formula: headᵢ = softmax(Q Kᵀ / √d + M) V, M = 0 for places up to one's own and −∞ beyond

    Source: Radford, Narasimhan, Salimans and Sutskever, Improving Language Understanding by Generative
    Pre-Training, 2018; shared weights: Press and Wolf, Using the Output Embedding to Improve Language Models,
    2017; stochastic depth: Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    usual_for = frozenset({("tokens", "next")})

    layers: Layers = 3
    # four times the width and learnt positions, as in GPT
    feed_forward: FeedForward = 512
    positions: Positions = "learnt"
    tied: Tied = True
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"next"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding, the blocks and an output for every token."""
        from engine.networks.sequences.embeddings import token_output
        from engine.networks.sequences.transformer import DecoderNetwork, Stack

        embedding = self.embedding(inputs.vocabulary)
        body = Stack(self.blocks, inputs.shape[0], causal=True)
        return DecoderNetwork(embedding, body, token_output(embedding, outputs.size, tied=self.tied))
