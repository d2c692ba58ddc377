"""Transformer encoder: every place looks at all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.architectures.sequences.transformer_blocks import MadeOfBlocks, Summary
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class TransformerEncoder(MadeOfBlocks, kind="transformer_encoder", title="Transformer encoder", rank=31):
    """Every place of a text or series looks at all others and takes from them what fits.

    In each block, attention compares what a place looks for with what all others offer, in several heads, and
    mixes what they have accordingly; two fully connected layers then work on every place by itself. Distant
    places are as near as neighbours, in contrast to a recurrent network, and all are worked out at once. It
    needs more examples than the others, or to be trained first on guessing masked words, as BERT was.

    Formula: x ← x + [head₁, ..., headₕ] W, headᵢ = softmax(Q Kᵀ / √d) V, then x ← x + B φ(A x + a) + b

    Source: Vaswani et al., Attention Is All You Need, 2017; Devlin, Chang, Lee and Toutanova, BERT, 2019;
    stochastic depth: Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    pooling: Summary = "mean"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series", "tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example", "place"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding, the blocks, pooling (one answer) and a linear output."""
        from torch import nn

        from engine.networks.sequences.embeddings import SeriesEmbedding
        from engine.networks.sequences.network import SequenceNetwork
        from engine.networks.sequences.pooled import pooled
        from engine.networks.sequences.transformer import Stack

        # not `entrance`: blocks keep their width, so that a series has to be brought to it first
        embedding = (
            SeriesEmbedding(inputs.shape[1], self.width)
            if inputs.kind == "series"
            else self.embedding(inputs.vocabulary)
        )
        # with an answer at every place there is nothing to sum up
        pooling = pooled(self.pooling, self.width) if outputs.form == "example" else None
        output = nn.Linear(self.width, outputs.size)
        return SequenceNetwork(embedding, Stack(self.blocks, inputs.shape[0]), pooling, output)
