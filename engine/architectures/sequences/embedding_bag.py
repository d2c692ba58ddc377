"""Embedding bag: the mean of a text's words, and a small network on top."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, EmbeddingDropout, EmbeddingWidth, Width
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class EmbeddingBag(Architecture, kind="embedding_bag", title="Embedding bag", rank=11):
    """The mean of the vectors of a text's words, whatever their order, then a linear layer.

    Each word gets a vector, which is learnt; their mean stands for the text. Without hidden layers this is
    fastText's classifier: it learns in seconds and often comes close to much larger networks. What depends on
    order, as in "not bad, good" and "not good, bad", it cannot see.

    Formula: h = mean over t of E[wₜ], z = W h + b

    Source: Joulin, Grave, Bojanowski and Mikolov, Bag of Tricks for Efficient Text Classification, 2017; with
    hidden layers: Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods for Text Classification,
    2015; dropout of words: Gal and Ghahramani, A Theoretically Grounded Application of Dropout in Recurrent
    Neural Networks, 2016.
    """

    usual_for = frozenset({("tokens", "example")})

    embedding: EmbeddingWidth = 64
    hidden: Annotated[
        tuple[Width, ...],
        Setting("Hidden layers", "Units in each layer between the mean and the output, as in 64.", most=20),
    ] = ()
    activation: Activation = "relu"
    dropout: Dropout = 0.0
    embedding_dropout: EmbeddingDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding, the mean over places, dropout, hidden layers and a linear output."""
        from torch import nn

        from engine.networks.dense import dense_block
        from engine.networks.finish import Finish
        from engine.networks.sequences.network import SequenceNetwork, entrance
        from engine.networks.sequences.pooled import pooled
        from engine.networks.sequences.texts import Unchanged

        embedding, entering = entrance(inputs, self.embedding, self.embedding_dropout)
        finish = Finish(self.activation, dropout=self.dropout)
        # first of all on the mean itself, so that it also acts without hidden layers
        layers: OrderedDict[str, nn.Module] = OrderedDict(finish.drop())
        width = entering
        for number, units in enumerate(self.hidden, 1):
            layers[f"hidden_{number}"] = dense_block(width, units, finish)
            width = units
        # named, so that the weights are called the same with and without dropout
        layers["linear"] = nn.Linear(width, outputs.size)
        return SequenceNetwork(embedding, Unchanged(), pooled("mean", entering), nn.Sequential(layers))
