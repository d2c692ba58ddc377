"""Preparing texts: how far it is is told all along, and whoever hears it can stop it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.description import TargetKind
from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.raw import Raw
from engine.data.source import Report
from engine.data.split import Split
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.tokens.tokenizer import KINDS

COUNT = 5_000
SENTENCES = tuple(" ".join(f"word{(number + place) % 90}" for place in range(40)) for number in range(COUNT))
WORDS = tuple(tuple(sentence.split()) for sentence in SENTENCES)
NAMES = tuple(map(str, range(COUNT)))
DATA: dict[TargetKind, Raw] = {
    "classes": Texts(SENTENCES, np.array(["a", "b"] * (COUNT // 2)), NAMES),
    "tags": TaggedTexts(WORDS, (("O", "B-place") * 20,) * COUNT, NAMES),
    "translation": TextPairs(SENTENCES, SENTENCES[::-1], ("en", "xx")),
    "tokens": Corpus(("\n".join(SENTENCES),), ("all",)),
}
LEARNING, CUTTING = "Learning the tokenizer", "Cutting texts into tokens"


class Stopped(Exception):
    pass


def prepare(target: TargetKind, report: Report, tokenizer: str) -> None:
    choices = Preprocessing.model_validate({"tokenizer": tokenizer, "vocabulary": 400, "length": 512})
    prepare_raw(DATA[target], Split(), choices, target, 0, report)


@pytest.mark.parametrize(
    ("target", "tokenizer"),
    [*(("classes", kind) for kind in KINDS), *((target, "words") for target in DATA if target != "classes")],
)
def test_that_learning_and_cutting_are_told_in_one_direction(target: TargetKind, tokenizer: str) -> None:
    told: list[tuple[float, str]] = []
    prepare(target, lambda share, words: told.append((share, words)), tokenizer)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] >= 0
    assert shares[-1] <= 1
    for words in (LEARNING, CUTTING):
        assert len({share for share, said in told if said == words}) >= 3


@pytest.mark.parametrize("words", [LEARNING, CUTTING])
@pytest.mark.parametrize("target", DATA)
def test_that_it_stops_where_whoever_hears_it_says_so(target: TargetKind, words: str) -> None:
    heard = 0

    def report(share: float, said: str) -> None:
        nonlocal heard
        heard += said == words
        if heard == 2:
            raise Stopped

    with pytest.raises(Stopped):
        prepare(target, report, "byte_pairs")
    assert heard == 2
