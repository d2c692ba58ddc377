"""Tokens of a text as words that are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from app.views.drawing import Word

SPACE = "␣"
"""What probes put before a token that begins a word."""


def words_of(tokens: Sequence[str], tones: Sequence[str] = (), strengths: Sequence[float] = ()) -> list[Word]:
    """Return tokens, ␣ before those that begin a word, as words coloured as strongly as `strengths` say."""
    words = []
    for place, token in enumerate(tokens):
        tone = tones[place] if place < len(tones) else ""
        strength = strengths[place] if place < len(strengths) else 0.0
        begins = token.startswith(SPACE)
        # a token may be the space alone
        words.append(Word(token.removeprefix(SPACE) or " ", tone, strength, glued=not begins))
    return words


def names_of(tokens: Sequence[str]) -> list[str]:
    """Return tokens as names of rows and columns, none of them empty.

    A token that only goes on with a letter begun before, as many of Chinese do, is called by that letter and
    by which of its tokens it is: 学, 学 (2), 学 (3). One that is the space alone is ␣.
    """
    names: list[str] = []
    letter, part = "", 1
    for token in tokens:
        name = token.removeprefix(SPACE) or token
        if name:
            letter, part = name[-1], 1
        else:
            part += 1
            name = f"{letter} ({part})"
        names.append(name)
    return names


def ordinary(tokens: Sequence[str]) -> slice:
    """Return where a text stands between its special tokens for start and end."""
    first = int(bool(tokens) and tokens[0] == f"{SPACE}[START]")
    return slice(first, len(tokens) - int(len(tokens) > first and tokens[-1] == f"{SPACE}[END]"))
