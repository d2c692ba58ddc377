"""Text CNN: filters over a few neighbouring words, and the strongest answer of each."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, EmbeddingDropout, EmbeddingWidth
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


def _once(sizes: tuple[int, ...]) -> tuple[int, ...]:
    # the parts of the network are named by size (over_3), and a name is there once
    if len(set(sizes)) < len(sizes):
        raise ValueError("must name every size once; more filters of one size make it count more")
    return sizes


class TextCnn(Architecture, kind="text_cnn", title="Text CNN", rank=12):
    """Filters look for phrases of a few words anywhere in a text; of each, the strongest answer counts.

    Every filter slides over windows of 3, 4 or 5 words and answers strongly where it finds what it looks for.
    Its largest answer over the text goes to a linear layer: it matters that a phrase occurs, not where. A
    strong and fast classifier of sentences; much of what it needs is in the embedding.

    Formula: h_k = max over t of φ(W_k [xₜ₊₁, ..., xₜ₊ₖ] + b_k), z = V dropout([h₃, h₄, h₅]) + c

    Source: Kim, Convolutional Neural Networks for Sentence Classification, 2014; dropout of words: Gal and
    Ghahramani, A Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    """

    embedding: EmbeddingWidth = 64
    kernels: Annotated[
        tuple[Annotated[int, Setting("Words", "Words in a window.", least=1, most=64)], ...],
        Setting("Window sizes", "How many words filters look at, as in 3, 4, 5.", least=1, most=10),
        AfterValidator(_once),
    ] = (3, 4, 5)
    filters: Annotated[
        int, Setting("Filters", "Filters of each window size; 100 in the paper.", least=1, most=4096)
    ] = 64
    activation: Activation = "relu"
    # that of the paper
    dropout: Dropout = 0.5
    embedding_dropout: EmbeddingDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding, the filters, the maximum over places, dropout and a linear output."""
        from torch import nn

        from engine.networks.activations import activation
        from engine.networks.finish import Finish
        from engine.networks.sequences.network import SequenceNetwork, entrance
        from engine.networks.sequences.texts import MaxOfPlaces, WindowsOfWords

        embedding, entering = entrance(inputs, self.embedding, self.embedding_dropout)
        body = WindowsOfWords(entering, self.filters, self.kernels, activation(self.activation))
        linear = nn.Linear(self.filters * len(self.kernels), outputs.size)
        # named, so that the weights are called the same with and without dropout
        output = nn.Sequential(OrderedDict({**Finish(dropout=self.dropout).drop(), "linear": linear}))
        return SequenceNetwork(embedding, body, MaxOfPlaces(), output)
