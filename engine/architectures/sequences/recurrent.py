"""Recurrent networks: a state carried along a text or series; Elman's, GRU and LSTM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.architecture import Architecture
from engine.architectures.settings import (
    Dropout,
    EmbeddingDropout,
    EmbeddingWidth,
    PoolingOfPlaces,
    RecurrentDropoutKind,
    StateActivation,
)
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


# without a kind: settings that three choices share, and no choice itself
class _Recurrent(Architecture):
    layers: Annotated[int, Setting("Layers", "Recurrent layers on top of each other.", least=1, most=16)] = 1
    width: Annotated[
        int, Setting("Units", "Units in the state of a layer and direction.", least=1, most=8192)
    ] = 64
    embedding: EmbeddingWidth = 64
    bidirectional: Annotated[
        bool,
        Setting(
            "Both directions",
            "Every layer also reads backwards, so that a place knows what follows; not for guessing it.",
        ),
    ] = False
    # the state of the last place has read everything; no mean is needed as after convolutions
    pooling: PoolingOfPlaces = "last"
    dropout: Dropout = 0.0
    dropout_kind: RecurrentDropoutKind = "plain"
    embedding_dropout: EmbeddingDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series", "tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example", "place", "next"})
    cell: ClassVar[Literal["rnn", "gru", "lstm"]]

    @property
    def runs(self) -> Literal["rnn", "rnn_relu", "gru", "lstm"]:
        """Return the cell, the simple one with the bend of its state."""
        return self.cell

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what comes next is to be guessed by a network that reads it."""
        if (found := super().problems(about)) or about.form != "next" or not self.bidirectional:
            return found
        why = "must be false where the next word is to be guessed: reading backwards, the network has seen it"
        return (Problem("bidirectional", why),)

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding (tokens), the recurrent layers, pooling (one answer) and a linear output."""
        from torch import nn

        from engine.networks.sequences.embeddings import TokenEmbedding
        from engine.networks.sequences.network import SequenceNetwork, entrance
        from engine.networks.sequences.recurrent import RecurrentLayers
        from engine.networks.sequences.transformer import DecoderNetwork

        embedding, entering = entrance(inputs, self.embedding, self.embedding_dropout)
        body = RecurrentLayers(
            self.runs,
            entering,
            self.width,
            self.layers,
            bidirectional=self.bidirectional,
            dropout=self.dropout,
            variational=self.dropout_kind == "variational",
        )
        output = nn.Linear(body.width, outputs.size)
        if outputs.form == "next" and isinstance(embedding, TokenEmbedding):
            return DecoderNetwork(
                embedding, body, output
            )  # a language model, which can also go on step by step
        # With an answer at every place there is nothing to sum up.
        pooling = body.pooling(self.pooling) if outputs.form == "example" else None
        return SequenceNetwork(embedding, body, pooling, output)


class Rnn(_Recurrent, kind="rnn", title="RNN (Elman)", rank=21):
    """A layer that also receives its own state of the place before: the simplest network with a memory.

    It reads a text or series place by place and keeps what it has read in one vector. The same weights act at
    every place, so that any length can be read. Its memory is short: on the way back through many places,
    gradients fade or explode. GRU and LSTM were made against that.

    Formula: hₜ = φ(W xₜ + U hₜ₋₁ + b), φ = tanh or ReLU, z = V h + c

    Source: Elman, Finding Structure in Time, 1990; both directions: Schuster and Paliwal, Bidirectional
    Recurrent Neural Networks, 1997; variational dropout, and that of words: Gal and Ghahramani, A
    Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    """

    activation: StateActivation = "tanh"
    cell: ClassVar[Literal["rnn", "gru", "lstm"]] = "rnn"

    @property
    def runs(self) -> Literal["rnn", "rnn_relu", "gru", "lstm"]:
        """Return the cell with the bend of its state."""
        return "rnn_relu" if self.activation == "relu" else "rnn"


class Gru(_Recurrent, kind="gru", title="GRU", rank=22):
    """A recurrent network with two gates, which say how much of its state is kept and how much is new.

    Where the update gate z is near 1, the state passes unchanged, and with it the gradient, so that it
    remembers for long. It has three quarters of the weights of an LSTM and often learns as well. The reset
    gate acts after the weights, as in fast implementations.

    Formula: r = σ(W_r xₜ + U_r hₜ₋₁ + b_r), z = σ(W_z xₜ + U_z hₜ₋₁ + b_z), n = tanh(W_n xₜ + b_n + r ⊙ (U_n
    hₜ₋₁ + c_n)), hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine
    Translation, 2014; variational dropout, and that of words: Gal and Ghahramani, A Theoretically Grounded
    Application of Dropout in Recurrent Neural Networks, 2016.
    """

    cell: ClassVar[Literal["rnn", "gru", "lstm"]] = "gru"


class Lstm(_Recurrent, kind="lstm", title="LSTM", rank=23):
    """A recurrent network with a cell that gates write to, keep and read: it remembers over many places.

    The forget gate f says what stays in the cell, the input gate i what is added, the output gate o what is
    shown. As the cell is only added to, gradients pass back through many places. The forget gate starts open,
    with a bias of 1, which learns faster.

    Formula: i, f, o = σ(W xₜ + U hₜ₋₁ + b), g = tanh(W_g xₜ + U_g hₜ₋₁ + b_g), cₜ = f ⊙ cₜ₋₁ + i ⊙ g, hₜ = o
    ⊙ tanh(cₜ)

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; forget gate: Gers, Schmidhuber and
    Cummins, Learning to Forget, 2000; its bias: Jozefowicz, Zaremba and Sutskever, An Empirical Exploration
    of Recurrent Network Architectures, 2015; variational dropout, and that of words: Gal and Ghahramani, A
    Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    """

    usual_for = frozenset({("series", "example"), ("tokens", "place")})

    cell: ClassVar[Literal["rnn", "gru", "lstm"]] = "lstm"
