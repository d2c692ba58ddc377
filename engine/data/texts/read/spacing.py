"""Tokens in letters, with the spaces between words to be seen whatever the tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.description import SPECIAL_TOKENS
from engine.data.texts.tokens.tokenizer import Tokenizer

SPACE = "␣"
"""What stands before a token that begins a word."""


def spaced(tokenizer: Tokenizer, tokens: Sequence[int]) -> tuple[str, ...]:
    """Return each token in letters, SPACE before those that begin a word; special tokens stand alone."""
    shown = tokenizer.shown(tokens)
    if tokenizer.kind in ("byte_pairs", "characters"):
        return tuple(
            SPACE + text if token < len(SPECIAL_TOKENS) else text
            for token, text in zip(tokens, shown, strict=True)
        )
    # word pieces mark what goes on within a word, byte pairs and characters hold the space itself
    return tuple(text[2:] if text.startswith("##") else SPACE + text for text in shown)
