"""Words that a tokenizer of parts never learnt: nothing is UNKNOWN to it, but it has to spell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.encoder import Say
from engine.data.texts.tokens.tokenizer import Tokenizer

_LEAST_TOKENS = 1000
"""With fewer, ordinary words are spelled, too: of new film reviews 44 % by 300 byte pairs, 2 % by 1,000."""
_SHORT = 4
"""Letters below which a word may well be one token each."""
_SPELLED = 0.75
"""Tokens a letter above which a word counts as spelled: 90 % of what is typed at random, 2 % of prose."""
_FEW = 5
_MOST_LETTERS = 1_000_000
"""Longer texts are nobody's try, and to cut each of their words by itself would take seconds."""


def tell_spelled(tokenizer: Tokenizer, texts: Sequence[str], say: Say) -> float:
    """Tell how many words are spelled letter by letter, and the first few of them; return their share."""
    learns_parts = tokenizer.kind in ("byte_pairs", "word_pieces") and len(tokenizer) >= _LEAST_TOKENS
    if not learns_parts or sum(map(len, texts)) > _MOST_LETTERS:
        return 0.0
    counts = Counter(word for text in texts for word in text.split() if any(map(str.isalpha, word)))
    # with the blank before it, as a word stands in a text: its first token holds both
    found = tokenizer.encode([f" {word}" for word in counts])
    spelled = [word for word, tokens in zip(counts, found, strict=True) if _is_spelled(word, len(tokens))]
    if not spelled:
        return 0.0
    count, total = sum(counts[word] for word in spelled), counts.total()
    say(
        Message(
            "{count:,} of {total:,} words ({float:g} %) are unknown to the vocabulary and spelled letter by "
            "letter: {shown}",
            count=count,
            total=total,
            float=float(f"{100 * count / total:.2g}"),
            shown=listed(spelled[:_FEW]) + ", ..." * (len(spelled) > _FEW),
        )
    )
    return count / total


def _is_spelled(word: str, tokens: int) -> bool:
    # more tokens than letters: of letters of another script there are only the bytes
    return tokens > len(word) or (len(word) >= _SHORT and tokens > _SPELLED * len(word))
