"""How far the preparation of texts is: learning the tokenizer, then cutting all texts into tokens."""

from __future__ import annotations

from collections.abc import Iterable

from engine.data.source import Report
from engine.data.texts.tokens.tokenizer import Told

_BEGUN, _LEARNT = 0.1, 0.4


def learning(report: Report) -> Report:
    """Return what reports of learning the tokenizer, as the first of the two."""
    return lambda share, words: report(_BEGUN + (_LEARNT - _BEGUN) * share, words)


def cutting(report: Report, total: int, before: int = 0) -> Told:
    """Return what hears how many letters, beside those before, were cut into tokens, and reports it."""

    def told(letters: int) -> None:
        share = (before + letters) / max(total, 1)
        report(_LEARNT + (1 - _LEARNT) * share, "Cutting texts into tokens")

    # said at once: the first batch may take a while
    told(0)
    return told


def letters_of(texts: Iterable[str]) -> int:
    """Return how many letters there are."""
    return sum(map(len, texts))
