"""Units: tokens of long texts, put together from those of different words, are those of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.data.texts.tokens.learning import learn_tokenizer
from engine.data.texts.tokens.tokenizer import KINDS, Tokenizer, TokenizerKind
from engine.data.texts.tokens.units import Units

PARTS = [
    *("the", "Dog's", "is", "1", "don't", "[MASK]", "##s", "!", "?!", "", " ", "  ", "\n", "\r\n", "\t"),
    *("\x00", "\x0b", "\x1c", "\x85", "\xa0", "\u200b", "\u3000"),
    *("\u00c9a", "\u0130", "\u03a3", "\u65e5\u672c", "\U0001f600", "e\u0301"),
]
LEARNT = {
    (kind, lowercase): learn_tokenizer(kind, ["".join(PARTS), " ".join(PARTS)] * 3, 400, lowercase)
    for kind in KINDS
    for lowercase in (True, False)
}


def _plain(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoded.ids for encoded in tokenizer._machine.encode_batch(texts, add_special_tokens=False)]


def _by_units(tokenizer: Tokenizer, batches: Sequence[Sequence[str]]) -> list[list[int]]:
    units = Units(tokenizer._cut, letters=tokenizer.kind == "characters")
    return [tokens.tolist() for batch in batches for tokens in units.tokens(batch)]


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), min_size=1, max_size=5))
def test_that_long_texts_become_what_the_machine_makes_of_them(
    kind: TokenizerKind, lowercase: bool, texts: list[str]
) -> None:
    batch = [text * 150 for text in texts] + ["", "x" * 30_000]
    tokenizer = LEARNT[kind, lowercase]
    assert _by_units(tokenizer, [batch, batch]) == _plain(tokenizer, batch) * 2


@pytest.mark.parametrize("letters", [True, False])
def test_that_of_prose_only_different_units_are_cut(letters: bool) -> None:
    handed: list[str] = []

    def cut(texts: Sequence[str]) -> list[NDArray[np.int32]]:
        handed.extend(texts)
        return [np.full(len(text), len(text), np.int32) for text in texts]

    pieces = ["a bird saw\na dog " * 3_000] * 3
    units = Units(cut, letters=letters)
    found = [units.tokens(pieces) for _ in range(4)]
    assert len(handed) == len(set(handed)) < 20
    assert [len(tokens) for tokens in found[-1]] == [len(piece) for piece in pieces]


def test_that_words_seen_once_are_cut_with_their_neighbours() -> None:
    handed: list[int] = []

    def cut(texts: Sequence[str]) -> list[NDArray[np.int32]]:
        handed.append(len(texts))
        return [np.zeros(1, np.int32)] * len(texts)

    units = Units(cut, letters=False)
    for start in range(0, 100_000, 10_000):
        units.tokens([" ".join(map(str, range(start, start + 10_000)))])
    assert handed == [1] * 10
