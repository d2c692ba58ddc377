"""Temporal CNN: convolutions along a text or series that reach ever farther."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import (
    Activation,
    ChannelDropoutKind,
    DepthDropout,
    Dropout,
    EmbeddingDropout,
    EmbeddingWidth,
    NormalizationOfPlaces,
    PoolingOfPlaces,
)
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class TemporalCnn(Architecture, kind="temporal_cnn", title="Temporal CNN", rank=24):
    """Convolutions along a text or series, in residual blocks, each reaching twice as far as the one before.

    The filters of block b leave out 2ᵇ⁻¹ − 1 places between those they look at, so that a few blocks see
    hundreds of places; all places are worked out at once, which is faster than a recurrent network. Causal
    filters look back only; without that, a place also sees what follows. The weight normalization of the
    paper is replaced by layer normalization of every place, which can be chosen.

    Formula: h ← φ(h + F(h)), F twice φ(W ∗ h + b) with dilation 2ᵇ⁻¹; it sees 1 + 2 (k − 1)(2ᴮ − 1) places

    Source: Bai, Kolter and Koltun, An Empirical Evaluation of Generic Convolutional and Recurrent Networks
    for Sequence Modeling, 2018; dropout of filters: Tompson, Goroshin, Jain, LeCun and Bregler, Efficient
    Object Localization Using Convolutional Networks, 2015; stochastic depth: Huang, Sun, Liu, Sedra and
    Weinberger, Deep Networks with Stochastic Depth, 2016; dropout of words: Gal and Ghahramani, A
    Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    """

    blocks: Annotated[
        int,
        Setting(
            "Blocks", "Residual blocks, each reaching twice as far as the one before.", symbol="B",
            least=1, most=16,
        ),
    ] = 4  # fmt: skip
    width: Annotated[int, Setting("Filters", "Filters of every convolution.", least=1, most=4096)] = 32
    kernel: Annotated[
        int,
        Setting("Filter size", "Places a filter looks at.", symbol="k", unit="places", least=1, most=64),
    ] = 5
    # causal by default, as in the paper, so that the same network also guesses what comes next
    causal: Annotated[
        bool,
        Setting("Causal", "A place sees itself and those before it only; needed where the next is guessed."),
    ] = True
    embedding: EmbeddingWidth = 64
    pooling: PoolingOfPlaces = "mean"
    activation: Activation = "relu"
    normalization: NormalizationOfPlaces = "none"
    dropout: Dropout = 0.0
    dropout_kind: ChannelDropoutKind = "plain"
    stochastic_depth: DepthDropout = 0.0
    embedding_dropout: EmbeddingDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series", "tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example", "place", "next"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what comes next is to be guessed by filters that see it."""
        if (found := super().problems(about)) or about.form != "next" or self.causal:
            return found
        return (
            Problem(
                "causal", "must be true where the next word is to be guessed: otherwise filters look ahead"
            ),
        )

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding (tokens), the blocks, pooling (one answer) and a linear output."""
        from torch import nn

        from engine.networks.sequences.network import SequenceNetwork, entrance
        from engine.networks.sequences.pooled import pooled
        from engine.networks.sequences.temporal import Temporal, TemporalBlocks

        embedding, entering = entrance(inputs, self.embedding, self.embedding_dropout)
        form = Temporal(
            self.width,
            self.blocks,
            self.kernel,
            self.causal,
            self.normalization == "layer",
            self.activation,
            self.dropout,
            self.dropout_kind,
            self.stochastic_depth,
        )
        # with an answer at every place there is nothing to sum up
        pooling = pooled(self.pooling, self.width) if outputs.form == "example" else None
        output = nn.Linear(self.width, outputs.size)
        return SequenceNetwork(embedding, TemporalBlocks(entering, form), pooling, output)
