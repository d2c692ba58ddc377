"""Embeddings: vectors for the tokens of a text or the places of a series, and outputs tied to them."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.choices import Message
from engine.networks.dropping import kept
from engine.networks.sequences.padding import filled
from engine.networks.starting import StartsSmaller


class TokenEmbedding(StartsSmaller, nn.Embedding):
    """A vector for each token, from (B, places) to (B, places, width).

    Multiplied by √width unless `scaled` is False: starting with a variance of 1 / width, the vectors are then
    about as large as the positions that are added. Source: Vaswani et al., Attention Is All You Need, 2017,
    section 3.4. `dropout`: the share of tokens whose vectors are 0 in a training step, wherever they stand.
    Source: Gal and Ghahramani, A Theoretically Grounded Application of Dropout in Recurrent Neural Networks,
    2016, section 4.2; drawn for the batch as in Merity, Keskar and Socher, Regularizing and Optimizing LSTM
    Language Models, 2018.
    """

    def __init__(self, tokens: int, width: int, *, scaled: bool = True, dropout: float = 0.0) -> None:
        super().__init__(tokens, width)
        self.factor, self.dropout = sqrt(width) if scaled else 1.0, dropout

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the vectors of the tokens."""
        vectors = super().forward(tokens) * self.factor
        if not self.training or self.dropout == 0:
            return vectors
        return vectors * kept(vectors, (self.num_embeddings, 1), self.dropout)[tokens]


class SeriesEmbedding(nn.Linear):
    """A linear layer at every place of a series, from (B, places, channels) to (B, places, width).

    Padding (NaN) is read as 0.
    """

    def forward(self, series: Tensor) -> Tensor:
        """Return the vectors of the places."""
        return super().forward(filled(series))


class TiedOutput(nn.Module):
    """An output for every token: how well the values fit its embedding, (B, places, tokens), with a bias.

    The embedding's weights are handed over with every call, so that they are learnt, and kept, once. Source:
    Press and Wolf, Using the Output Embedding to Improve Language Models, 2017.
    """

    sort = "dense"

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(tokens))
        self.words = Message("Fully connected, {tokens}, weights of the embedding", tokens=tokens)
        self._width = 0

    def forward(self, values: Tensor, weight: Tensor) -> Tensor:
        """Return the outputs of values (B, places, width) with weights (tokens, width)."""
        # remembered, as `multiply_adds` is told the outputs only
        self._width = weight.shape[1]
        return functional.linear(values, weight, self.bias)

    def multiply_adds(self, outputs: Tensor) -> int:
        """Return the multiplications with the embedding's weights."""
        return outputs.numel() * self._width


def token_output(embedding: TokenEmbedding, tokens: int, *, tied: bool) -> nn.Linear | TiedOutput:
    """Return an output for every token, tied to the embedding or with weights of its own.

    Raises ValueError when it is to be tied to an embedding of another number of tokens.
    """
    if not tied:
        return nn.Linear(embedding.embedding_dim, tokens)
    if tokens != embedding.num_embeddings:
        raise ValueError(
            Message(
                "{tokens} outputs cannot be tied to an embedding of {num_embeddings} tokens",
                tokens=tokens,
                num_embeddings=embedding.num_embeddings,
            )
        )
    return TiedOutput(tokens)


def put_out(output: nn.Linear | TiedOutput, values: Tensor, embedding: TokenEmbedding) -> Tensor:
    """Return the outputs of a layer of its own, or of one tied to the embedding."""
    found: Tensor = output(values, embedding.weight) if isinstance(output, TiedOutput) else output(values)
    return found
