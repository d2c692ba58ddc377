"""Networks for texts and series: places come in, a body works on them, an answer comes out."""

from __future__ import annotations

from torch import Tensor, nn

from engine.data.description import Inputs
from engine.networks.sequences.embeddings import TokenEmbedding
from engine.networks.sequences.padding import filled, present, restored, taken, trimmed


class SequenceNetwork(nn.Module):
    """From tokens (B, length) or series (B, length, channels) to (B, size) or (B, length, size).

    `embedding` (tokens) makes vectors of tokens; `body` is called with (B, length, inputs) and which places
    are no padding, (B, length), and returns (B, length, width); `pooling`, called alike, makes one vector of
    them where one answer is wanted, and is None where every place has one; `output` gives the answer.
    """

    def __init__(
        self, embedding: nn.Module | None, body: nn.Module, pooling: nn.Module | None, output: nn.Module
    ) -> None:
        super().__init__()
        self.embedding, self.body, self.pooling, self.output = embedding, body, pooling, output

    def forward(self, inputs: Tensor, asked: Tensor | None = None) -> Tensor:
        """Return the answers; those at places cut off, padding in the whole batch, are 0.

        With `asked`, int64 (B, K), only the answers at these places, (B, K, size): where there are many
        possible answers, giving them costs more than all before. None may lie beyond the longest example.
        """
        short = trimmed(inputs)
        places = present(short)
        values = filled(short) if self.embedding is None else self.embedding(short)
        values = self.body(values, places)
        if self.pooling is not None:
            answer: Tensor = self.output(self.pooling(values, places))
            return answer
        if asked is not None:
            answers: Tensor = self.output(taken(values, asked))
            return answers
        # Back to the full length: losses compare with targets that were never trimmed.
        return restored(self.output(values), inputs.shape[1])


def entrance(inputs: Inputs, width: int, dropout: float = 0.0) -> tuple[nn.Module | None, int]:
    """Return the embedding of `width`, None for a series, and how wide the places of the body's input are.

    `dropout` is that of words.
    """
    if inputs.kind == "series":
        return None, inputs.shape[1]
    return TokenEmbedding(inputs.vocabulary, width, dropout=dropout), width
