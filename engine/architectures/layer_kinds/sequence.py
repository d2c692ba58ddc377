"""Layers for series and texts: recurrence, attention, embedding, positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer, vector
from engine.choices import Message, Problem, Setting
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn

_SERIES: frozenset[InputKind] = frozenset({"series"})
# not `GATES` of the networks, whose module loads torch
_GATES = {"rnn": 1, "gru": 3, "lstm": 4}


class Embedding(ListedLayer, kind="embedding", title="Embedding", rank=20):
    """A learnt vector for every token of the vocabulary; every text network begins with it.

    Tokens that are used alike come to lie near each other.

    Formula: yₜ = E[token t]

    Source: Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model, 2003.
    """

    width: Annotated[
        int, Setting("Width", "Numbers that stand for one token.", symbol="d", least=1, most=4096)
    ] = 64
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    group: ClassVar[Group] = "Sequences"

    def effect(self, inputs: Inputs) -> Effect:
        """Return a series; looking up multiplies nothing."""
        return Effect(Inputs("series", (inputs.shape[0], self.width)), inputs.vocabulary * self.width)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the embedding."""
        from torch import nn

        return nn.Embedding(inputs.vocabulary, self.width)


class Positions(ListedLayer, kind="positions", title="Positions", rank=21):
    """Adds to every place something that tells which one it is; attention alone could not know the order.

    Formula: yₜ = xₜ + pₜ; waves: pₜ,₂ᵢ = sin(t / 10000^(2i/d)), pₜ,₂ᵢ₊₁ = cos(t / 10000^(2i/d))

    Source: Vaswani et al., Attention Is All You Need, 2017, section 3.5.
    """

    positions: Annotated[
        Literal["sinusoidal", "learnt"],
        Setting(
            "Positions",
            "What is added to a place.",
            options={"sinusoidal": "waves of many lengths", "learnt": "learnt, a vector for every place"},
        ),
    ] = "sinusoidal"
    accepts: ClassVar[frozenset[InputKind]] = _SERIES
    group: ClassVar[Group] = "Sequences"

    def effect(self, inputs: Inputs) -> Effect:
        """Return the series as large as it came."""
        return Effect(inputs, inputs.size if self.positions == "learnt" else 0)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return what adds."""
        from engine.networks.sequences.positions import LearntPositions, SinusoidalPositions

        learnt = self.positions == "learnt"
        return LearntPositions(*inputs.shape) if learnt else SinusoidalPositions()


class RecurrentLayer(ListedLayer, kind="recurrent", title="Recurrent", rank=22):
    """Reads a series from place to place and carries a state along.

    The state holds what was worth remembering of everything read so far. LSTM and GRU have gates that decide
    what is kept and what is forgotten, so that they remember over long distances; a plain RNN forgets.

    Formula: RNN: hₜ = φ(W xₜ + U hₜ₋₁ + b), φ = tanh or ReLU

    Source: Elman, Finding Structure in Time, 1990; Hochreiter and Schmidhuber, Long Short-Term Memory, 1997;
    Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014.
    """

    cell: Annotated[
        Literal["rnn", "gru", "lstm"],
        Setting(
            "Cell",
            "How the state changes at every place.",
            options={"rnn": "Elman RNN, no gates", "gru": "GRU, two gates", "lstm": "LSTM, three gates"},
        ),
    ] = "lstm"
    activation: Annotated[
        Literal["tanh", "relu"],
        Setting(
            "Activation",
            "The bend of the state of an Elman RNN; the gates of the others need their own.",
            symbol="φ",
            options={"tanh": "tanh, from −1 to 1", "relu": "ReLU, max(0, z)"},
            applies=("cell", ("rnn",)),
        ),
    ] = "tanh"
    units: Annotated[int, Setting("Units", "Numbers in the state of one direction.", least=1, most=4096)] = 32
    bidirectional: Annotated[
        bool, Setting("Both directions", "Read the series backwards as well, with weights of its own.")
    ] = False
    puts_out: Annotated[
        Literal["last", "all"],
        Setting(
            "Puts out",
            "Which states go to the next layer.",
            options={"last": "the last one", "all": "those at all places"},
        ),
        # so that a list can end here: one answer for an example needs a vector
    ] = "last"
    accepts: ClassVar[frozenset[InputKind]] = _SERIES
    group: ClassVar[Group] = "Sequences"

    @property
    def looks_ahead(self) -> bool:
        """Return whether it reads backwards as well."""
        return self.bidirectional

    def effect(self, inputs: Inputs) -> Effect:
        """Return the states; every gate has weights for inputs and state, and two biases."""
        length, entering = inputs.shape
        directions = 2 if self.bidirectional else 1
        weights = _GATES[self.cell] * self.units * (entering + self.units)
        # Two biases that add up, as in torch's layers and their files of weights, though one would do.
        parameters = directions * (weights + 2 * _GATES[self.cell] * self.units)
        width = directions * self.units
        outputs = Inputs("series", (length, width)) if self.puts_out == "all" else vector(width)
        return Effect(outputs, parameters, directions * length * weights)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the recurrence, ahead and, where wished, back."""
        from engine.networks.listed import ListedRecurrence

        # another cell may hold a bend from before, which the form hides
        relu = self.cell == "rnn" and self.activation == "relu"
        return ListedRecurrence(
            "rnn_relu" if relu else self.cell,
            inputs.shape[1],
            self.units,
            bidirectional=self.bidirectional,
            whole=self.puts_out == "all",
        )


class AttentionLayer(ListedLayer, kind="attention", title="Self-attention", rank=23):
    """Every place looks at all others and takes from those that matter to it.

    Several heads look for different things. The order of places is unknown to it: add positions before it.

    Formula: y = x + softmax(Q Kᵀ / √d) V W, Q = x W_q, K = x W_k, V = x W_v, in every head

    Source: Vaswani et al., Attention Is All You Need, 2017.
    """

    heads: Annotated[
        int, Setting("Heads", "How many times each place looks around, in a part of the width each.",
                     symbol="h", least=1, most=64)
    ] = 4  # fmt: skip
    residual: Annotated[
        bool, Setting("Add to the input", "Add what is found to the place, instead of replacing it.")
    ] = True
    causal: Annotated[
        bool,
        Setting("Look back only", "Every place looks at itself and those before it, as the next is guessed."),
    ] = False
    accepts: ClassVar[frozenset[InputKind]] = _SERIES
    group: ClassVar[Group] = "Sequences"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where the channels cannot be shared among the heads."""
        width = inputs.shape[1]
        if width % self.heads == 0:
            return ()
        # up to 64, which is the bound of the setting
        fitting = ", ".join(str(count) for count in range(1, min(width, 64) + 1) if width % count == 0)
        message = Message(
            "{width} channels cannot be shared among {heads} heads; fitting: {fitting}",
            width=width,
            heads=self.heads,
            fitting=fitting,
        )
        return (Problem("heads", message),)

    @property
    def looks_ahead(self) -> bool:
        """Return whether places look at those after them."""
        return not self.causal

    def effect(self, inputs: Inputs) -> Effect:
        """Return the series as large as it came: four square layers, and every place against every other."""
        length, width = inputs.shape
        # places times places as well, though no weights: in long texts they are most of the work
        return Effect(inputs, 4 * width * (width + 1), 4 * length * width**2 + 2 * length**2 * width)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the attention, `attention`."""
        from engine.networks.listed import SelfAttention

        return SelfAttention(inputs.shape[1], self.heads, residual=self.residual, causal=self.causal)
