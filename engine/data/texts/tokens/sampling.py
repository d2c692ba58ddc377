"""What a tokenizer is learnt from: of very many texts a part, evenly spread, so that it ends in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.data.source import Report, silent
from engine.data.texts.tokens.tokenizer import pieces

MOST_LETTERS = 20_000_000
"""More letters tell a tokenizer nothing new: 8,000 byte pairs of English are settled long before."""
MOST_DIFFERENT = 2_000_000
"""Letters of all different words together. Each merge of byte pairs looks at all of them: 300,000 different
words of 8 letters take 9 s, and the time grows faster than they do."""


def sample(texts: Sequence[str], report: Report = silent) -> tuple[list[str], float]:
    """Return pieces of the texts that a tokenizer is learnt from, and which share of the letters they are.

    All of them as long as they are few; of more, pieces evenly spread.
    """
    total = sum(map(len, texts))
    every = -(-total // MOST_LETTERS) if total else 1
    kept: list[str] = []
    different: set[str] = set()
    used = variety = seen = 0
    for place, piece in enumerate(_all_pieces(texts)):
        # also a chance to stop, as the report may raise
        if place % 64 == 0:
            report(seen / max(total, 1), "Learning the tokenizer")
        seen += len(piece)
        # one of every so many pieces, not the beginning: the end of a book or a set differs from it
        if place % every and total > MOST_LETTERS:
            continue
        # by blanks, which is near enough and far quicker than the machine
        new = set(piece.split()) - different
        variety += sum(map(len, new))
        # the first piece is kept whatever it is, or there would be nothing to learn from
        if variety > MOST_DIFFERENT and kept:
            break
        different |= new
        used += len(piece)
        kept.append(piece)
    return kept, used / max(total, 1)


def _all_pieces(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from pieces(text)
