"""Transformer: an encoder reads a text, a decoder writes another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.sequences.transformer_blocks import FeedForward, MadeOfBlocks, Tied
from engine.architectures.settings import Activation
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class Transformer(MadeOfBlocks, kind="transformer", title="Transformer", rank=33):
    """Reads a text in one language and writes it in another.

    The encoder reads the source, every place looking at all others. The decoder writes word by word: each
    place looks back at what has been written, and at the source as the encoder left it (cross-attention),
    which shows what a word was translated from.

    Formula: cross-attention: softmax(Q Kᵀ / √d) V, Q from the target, K and V from the encoded source

    Source: Vaswani et al., Attention Is All You Need, 2017; stochastic depth: Huang, Sun, Liu, Sedra and
    Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    usual_for = frozenset({("tokens", "translation")})

    layers: Annotated[
        int, Setting("Encoder blocks", "Blocks of the encoder on top of each other.", least=1, most=96)
    ] = 2
    decoder_layers: Annotated[
        # bounds alone: what a person reads stands in the setting around it
        Annotated[int, Setting("", "", least=1, most=96)] | Literal["same"],
        Setting(
            "Decoder blocks",
            "Blocks of the decoder on top of each other. A shallow decoder writes faster.",
            options={"same": "as many as the encoder"},
        ),
    ] = "same"
    # four times the width and ReLU, as in the paper
    feed_forward: FeedForward = 512
    activation: Activation = "relu"
    shared_embedding: Annotated[
        bool,
        Setting(
            "One embedding for both",
            "The same weights stand for a token in the source and in the target, which share a vocabulary.",
        ),
    ] = True
    tied: Tied = True
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"translation"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return embeddings, encoder, decoder and an output for every token."""
        from engine.networks.sequences.embeddings import token_output
        from engine.networks.sequences.transformer import Stack, TranslationNetwork

        source = self.embedding(inputs.vocabulary)
        target = None if self.shared_embedding else self.embedding(outputs.size)
        encoder = Stack(self.blocks, inputs.shape[0])
        depth = self.layers if self.decoder_layers == "same" else self.decoder_layers
        decoder = Stack(replace(self.blocks, layers=depth), outputs.length, causal=True, cross=True)
        output = token_output(source if target is None else target, outputs.size, tied=self.tied)
        return TranslationNetwork((source, target), (encoder, decoder), output, outputs.length)
