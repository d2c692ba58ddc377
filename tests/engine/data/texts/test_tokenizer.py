"""Tokenizers: the same from the same texts everywhere, faithful, and deaf to strangers' files."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.data.description import SPECIAL_TOKENS, UNKNOWN
from engine.data.texts.tokens.learning import learn_tokenizer
from engine.data.texts.tokens.tokenizer import (
    KINDS,
    Tokenizer,
    TokenizerKind,
    read_tokenizer,
    tokenizer_from_json,
)

TEXTS = [
    f"the {size} dog saw a {colour} bird" for size in ("big", "small", "old") for colour in ("red", "blue")
] * 5
every_kind = pytest.mark.parametrize("kind", KINDS)
LEARNT = {kind: learn_tokenizer(kind, TEXTS, 300, False) for kind in KINDS}

ELSEWHERE = """
import json, sys
from engine.data.texts.tokens.learning import learn_tokenizer
assert "tokenizers" not in sys.modules
texts = json.loads(sys.stdin.read())
for kind in ("byte_pairs", "word_pieces", "words", "characters"):
    print(json.dumps(learn_tokenizer(kind, texts, 400, True).to_json()))
"""


def test_that_another_process_learns_the_same_tokenizers() -> None:
    words = ["ab", "ba", "abc", "cab", "bcd", "dab", "adc", "éa", "zé", "日本", "本日", "a", "b"]
    texts = [" ".join((words * 3)[start : start + 5]) for start in range(30)]
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    here = [json.dumps(learn_tokenizer(kind, texts, 400, True).to_json()) for kind in KINDS]
    assert run.stdout.splitlines() == here


@every_kind
def test_that_the_special_tokens_are_the_first_and_a_vocabulary_keeps_its_size(kind: TokenizerKind) -> None:
    found = LEARNT[kind]
    assert found.vocabulary[:5] == SPECIAL_TOKENS
    assert len(set(found.vocabulary)) == len(found) <= 300


def test_that_words_are_the_most_frequent_ones() -> None:
    found = learn_tokenizer("words", ["b b b a a c c d"], 7, False)
    assert found.vocabulary[5:] == ("b", "a")
    counts = Counter(" ".join(TEXTS).split())
    assert set(LEARNT["words"].vocabulary[5:]) == set(counts)


def test_that_byte_pairs_join_the_most_frequent_pair_first() -> None:
    found = learn_tokenizer("byte_pairs", ["xy xy xy zz"], 262, False)
    assert found.merges == (("x", "y"),)


@given(st.text())
def test_that_byte_pairs_give_back_every_text(text: str) -> None:
    found = LEARNT["byte_pairs"]
    tokens = next(found.encode([text]))
    assert found.decode(tokens) == text
    assert UNKNOWN not in tokens
    assert all(token >= len(SPECIAL_TOKENS) for token in tokens)


@given(st.text(alphabet="the dogbirsw"))
def test_that_characters_give_back_every_text_of_known_letters(text: str) -> None:
    found = LEARNT["characters"]
    tokens = next(found.encode([text]))
    assert len(tokens) == len(text)
    assert found.decode(tokens) == text


@every_kind
def test_that_words_give_back_their_text_with_single_spaces(kind: TokenizerKind) -> None:
    found = LEARNT[kind]
    assert found.decode(next(found.encode(["the old dog saw a bird"]))) == "the old dog saw a bird"


@every_kind
def test_that_names_of_special_tokens_in_a_text_are_letters(kind: TokenizerKind) -> None:
    tokens = next(LEARNT[kind].encode([f"dog {' '.join(SPECIAL_TOKENS)} dog"]))
    assert not set(tokens) & {0, 2, 3, 4}


@every_kind
def test_that_lower_case_takes_words_for_the_same(kind: TokenizerKind) -> None:
    found = learn_tokenizer(kind, ["Dog dog DOG a b"] * 3, 300, True)
    upper, lower = found.encode(["DOG", "dog"])
    assert upper == lower


@every_kind
def test_that_long_and_empty_texts_are_cut_like_short_ones(kind: TokenizerKind) -> None:
    found = LEARNT[kind]
    one = next(found.encode([" the big dog"]))
    empty, long = found.encode(["", " the big dog" * 25_000])
    assert empty == []
    assert long == one * 25_000
    assert len(next(found.encode(["q" * 100_000]))) >= 1


def test_that_half_a_character_is_a_question_mark() -> None:
    found = LEARNT["byte_pairs"]
    assert found.decode(next(found.encode(["a \ud83d b"]))) == "a ? b"


def test_that_tokens_are_shown_with_visible_spaces_and_bytes() -> None:
    found = LEARNT["byte_pairs"]
    assert found.shown(next(found.encode(["the dog\n☃"]))) == ("the", "␣dog", "↵", "☃", "", "")
    # bytes that make no letter stay bytes
    assert found.shown(next(found.encode(["☃"]))[:2]) == ("\\xe2", "\\x98")
    assert found.shown([0, 2, 3]) == ("[PAD]", "[START]", "[END]")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \n\t"), max_size=30))
def test_that_tokens_together_show_the_text_whatever_script_it_is_in(text: str) -> None:
    found = LEARNT["byte_pairs"]
    tokens = next(found.encode([text]))
    shown = found.shown(tokens)
    assert len(shown) == len(tokens)
    assert "".join(shown) == found.decode(tokens)


def test_that_what_is_unknown_is_told_as_it_stands_there() -> None:
    assert LEARNT["words"].unknown("the cat saw Ünï dog") == ("cat", "Ünï")
    assert LEARNT["byte_pairs"].unknown("the cat ☃") == ()


@every_kind
def test_that_every_word_has_its_first_token_marked(kind: TokenizerKind) -> None:
    found = LEARNT[kind]
    words = ["the", "dogs", "saw", "☃☃", "a", "bluebird", "(", "red", ")"]
    tokens, begun = next(found.encode_words([words]))
    assert len(tokens) == len(begun)
    assert [word for word in begun if word >= 0] == list(range(len(words)))
    starts = [place for place, word in enumerate(begun) if word >= 0]
    for start, end, word in zip(starts, [*starts[1:], len(tokens)], words, strict=True):
        part = tokens[start:end]
        if UNKNOWN not in part:
            assert found.decode(part).strip() == word


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Z", "C")), min_size=1), min_size=1))
def test_that_any_words_have_a_token_each_in_byte_pairs(words: list[str]) -> None:
    _, begun = next(LEARNT["byte_pairs"].encode_words([words]))
    assert [word for word in begun if word >= 0] == list(range(len(words)))


# ------------------------------------------------------------------------------------------- its file


@every_kind
def test_that_a_tokenizer_travels_through_its_file_unchanged(kind: TokenizerKind, tmp_path: Path) -> None:
    found = LEARNT[kind]
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(found.to_json()), encoding="utf-8")
    again = read_tokenizer(path)
    assert again == found
    assert list(again.encode(TEXTS)) == list(found.encode(TEXTS))


@every_kind
def test_that_the_file_is_what_the_tokenizers_package_reads(kind: TokenizerKind) -> None:
    from tokenizers import Tokenizer as Theirs

    theirs = Theirs.from_str(json.dumps(LEARNT[kind].to_json()))
    assert theirs.encode("the old dog").ids == next(LEARNT[kind].encode(["the old dog"]))
    assert theirs.token_to_id("[MASK]") == 4


def refusal(document: Any) -> str:
    with pytest.raises(Invalid) as caught:
        tokenizer_from_json(document)
    return str(caught.value)


def changed(kind: TokenizerKind, **model: Any) -> dict[str, Any]:
    document = copy.deepcopy(LEARNT[kind].to_json())
    document["model"].update(model)
    return document


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"\xff\xfe", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "is no tokenizer"),
        ({"model": 3}, "is no tokenizer"),
        ({**LEARNT["words"].to_json(), "normalizer": {"type": "Precompiled"}}, "none that Ravine wrote"),
        (
            {
                **LEARNT["words"].to_json(),
                "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated"},
            },
            "none that Ravine wrote",
        ),
        ({**LEARNT["words"].to_json(), "added_tokens": []}, "special tokens"),
        (changed("words", vocab={"a": 0}), "6 to"),
        (changed("words", vocab=[]), "6 to"),
        (changed("words", vocab={str(n): n for n in range(9)}), "first tokens must be"),
        (changed("words", vocab={"a": "0", **dict.fromkeys("bcdefg", 1)}), "whole number"),
        (changed("words", vocab=dict.fromkeys("abcdefg", 10**12)), "from 0 on"),
        (changed("words", vocab={str(n): n for n in range(250_001)}), "6 to"),
        (changed("byte_pairs", vocab=LEARNT["words"].to_json()["model"]["vocab"], merges=[]), "lacks bytes"),
        (changed("byte_pairs", merges=[["t", "☃"]]), "pairs of tokens"),
        (changed("byte_pairs", merges=["t h"]), "pairs of tokens"),
        (changed("byte_pairs", merges=[["t", "h"]] * 250_001), "at most"),
    ],
)
def test_that_a_strangers_tokenizer_is_refused_in_words(document: Any, words: str) -> None:
    assert words in refusal(document)


@given(st.sampled_from(KINDS), st.data())
def test_that_anything_anywhere_in_the_file_is_read_or_refused(
    kind: TokenizerKind, data: st.DataObject
) -> None:
    document = copy.deepcopy(LEARNT[kind].to_json())
    parent: Any = data.draw(st.sampled_from([document, document["model"], document["model"]["vocab"]]))
    key = data.draw(st.sampled_from(sorted(parent)))
    parent[key] = data.draw(
        st.sampled_from([None, -1, 10**30, 1.5, "", "\ud800", [], {}, [[]], True, {"type": "BPE"}])
    )
    try:
        found = tokenizer_from_json(document)
    except Invalid:
        return
    assert isinstance(found, Tokenizer)
    assert list(found.encode(["the dog ☃"]))


def test_that_a_file_too_large_or_missing_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "tokenizer.json"
    with large.open("wb") as file:
        file.truncate(33 << 20)
    for path, words in (
        (large, "larger than"),
        (tmp_path / "none", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(Invalid, match=words):
            read_tokenizer(path)


@pytest.mark.parametrize(("kind", "least"), [("byte_pairs", "261"), ("word_pieces", "for word pieces")])
def test_that_a_vocabulary_too_small_for_the_letters_is_refused(kind: TokenizerKind, least: str) -> None:
    with pytest.raises(Invalid, match=least) as caught:
        learn_tokenizer(kind, TEXTS, 16, True)
    assert caught.value.problems[0].path == "preprocessing.vocabulary"
