"""What a tokenizer is learnt from, and the memory that tokens take."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.texts.encode import CorpusEncoder, Stretch
from engine.data.texts.tokens import sampling
from engine.data.texts.tokens.learning import learn_tokenizer
from engine.data.texts.tokens.sampling import sample
from engine.data.texts.tokens.tokenizer import short_words


def test_that_few_texts_are_learnt_from_whole() -> None:
    texts = ["a fine day", "another one"]
    assert sample(texts) == (texts, 1.0)


def test_that_of_many_letters_pieces_of_all_stretches_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST_LETTERS", 100)
    kept, share = sample([f"text {number:02}   " for number in range(100)])
    assert share == pytest.approx(0.1)
    assert kept[0].startswith("text 00")
    assert kept[-1].startswith("text 9")


def test_that_very_many_different_words_end_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST_DIFFERENT", 50)
    kept, share = sample([f"word{number}" for number in range(100)])
    assert sum(map(len, kept)) <= 50
    assert share < 0.2


def test_that_stopping_is_heard_while_looking() -> None:
    class Stopped(Exception):
        pass

    def stop(share: float, words: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        sample(["text"], stop)


def test_that_long_words_are_cut_and_nothing_is_lost() -> None:
    text = "x" * 250 + " short " + "!" * 120 + "字" * 205
    parts = [*short_words(text)]
    assert "".join(parts) == text
    assert (
        max(len(word) for part in parts for word in part.split()) <= 200
    )  # a hundred letters, a hundred marks


def test_that_windows_of_running_text_share_one_stream() -> None:
    text = "the quick brown fox jumps over the lazy dog " * 200
    tokenizer = learn_tokenizer("characters", [text], 300, lowercase=False)
    encoder = CorpusEncoder(tokenizer=tokenizer, length=65)
    heard: list[int] = []
    found = encoder.windows([Stretch(text)], heard.append)
    assert found.dtype == np.int32
    assert (found[1:, 0] == found[:-1, -1]).all()
    assert found.base is not None
    assert heard[-1] == len(text)
    again = np.concatenate([found[0, :1], found[:, 1:].ravel()])
    assert tokenizer.decode(again.tolist()) == text
