"""LSTM encoder-decoder with attention: the way texts were translated before the Transformer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Dropout, EmbeddingDropout, EmbeddingWidth, RecurrentDropoutKind
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class LstmEncoderDecoder(
    Architecture, kind="lstm_encoder_decoder", title="LSTM encoder-decoder with attention", rank=29
):
    """One LSTM reads a text in both directions, another writes its translation, looking back at it.

    At each word it writes, the decoder's state is compared with every place of the source, and the places are
    mixed as they fit: so a long text need not pass through a single vector. The weights show which word was
    translated from which. This attention came before the Transformer, which drops the recurrence.

    Formula: sₜ = LSTM(E[yₜ], sₜ₋₁), αₜ = softmax over j of vᵀ tanh(W sₜ + U mⱼ), cₜ = Σⱼ αₜⱼ mⱼ, z = V tanh(C
    [cₜ; sₜ]) + b

    Source: Bahdanau, Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and Translate,
    2015; the order of its parts: Luong, Pham and Manning, Effective Approaches to Attention-based Neural
    Machine Translation, 2015; variational dropout, and that of words: Gal and Ghahramani, A Theoretically
    Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    """

    layers: Annotated[
        int, Setting("Layers", "LSTM layers in the encoder, and as many in the decoder.", least=1, most=8)
    ] = 1
    width: Annotated[
        int,
        Setting("Units", "Units of a layer in the decoder, and for each direction in the encoder.", least=1,
                most=4096),
    ] = 128  # fmt: skip
    embedding: EmbeddingWidth = 64
    dropout: Dropout = 0.2
    dropout_kind: RecurrentDropoutKind = "plain"
    embedding_dropout: EmbeddingDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"tokens"})
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"translation"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an embedding for each language, encoder, decoder with attention and an output."""
        from torch import nn

        from engine.networks.sequences.embeddings import TokenEmbedding
        from engine.networks.sequences.recurrent import RecurrentLayers
        from engine.networks.sequences.recurrent_decoder import RecurrentDecoder
        from engine.networks.sequences.transformer import TranslationNetwork

        source = TokenEmbedding(inputs.vocabulary, self.embedding, dropout=self.embedding_dropout)
        target = TokenEmbedding(outputs.size, self.embedding, dropout=self.embedding_dropout)
        # both directions: the decoder starts from where each of them ended
        variational = self.dropout_kind == "variational"
        encoder = RecurrentLayers(
            "lstm",
            self.embedding,
            self.width,
            self.layers,
            bidirectional=True,
            dropout=self.dropout,
            variational=variational,
        )
        decoder = RecurrentDecoder(
            self.embedding,
            self.width,
            self.layers,
            encoder.width,
            self.dropout,
            variational=variational,
        )
        output = nn.Linear(self.width, outputs.size)
        return TranslationNetwork((source, target), (encoder, decoder), output, outputs.length)
