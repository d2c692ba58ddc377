"""Preparing texts: nothing leaks from validation, places and targets belong together, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.description import END, IGNORED, PADDING, START, UNKNOWN, TargetKind
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Raw
from engine.data.split import Split
from engine.data.texts.encode import TaggedEncoder, TokensEncoder
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.tokens.tags import as_bio, tag_classes
from engine.runs.facts import read_preprocessor, write_preprocessor
from engine.runs.folder import RunFolder

COUNT = 60
SENTENCES = tuple(f"word{number} is one of the good old words" for number in range(COUNT))
TEXTS = Texts(SENTENCES, np.array(["p", "q"] * (COUNT // 2)), tuple(map(str, range(COUNT))))
TAGGED = TaggedTexts(
    tuple(tuple(text.split()) for text in SENTENCES),
    tuple(("B-x", "O", "O", "O", "O", "B-y", "I-y", "O") for _ in SENTENCES),
    TEXTS.names,
)
PAIRS = TextPairs(SENTENCES, tuple(text.upper() for text in SENTENCES), ("low", "high"))
CORPUS = Corpus(("\n".join(SENTENCES),), ("book",))
ALL: list[tuple[Raw, TargetKind]] = [
    (TEXTS, "classes"), (TEXTS, "tokens"), (TAGGED, "tags"), (PAIRS, "translation"), (CORPUS, "tokens"),
]  # fmt: skip
every_sort = pytest.mark.parametrize(
    ("raw", "target"), ALL, ids=["classes", "alone", "tags", "pairs", "corpus"]
)


def prepared(raw: Raw, target: TargetKind, split: Split | None = None, **choices: Any) -> Prepared:
    settings = {"tokenizer": "words", "length": 24, "lowercase": False, **choices}
    return prepare_raw(raw, split or Split(), Preprocessing.model_validate(settings), target, 0)


def encoder_of(found: Prepared) -> TokensEncoder:
    assert isinstance(found.preprocessor.encoder, TokensEncoder)
    return found.preprocessor.encoder


def refusal(raw: Raw, target: TargetKind, **choices: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        prepared(raw, target, **choices)
    return caught.value.problems[0].path, caught.value.problems[0].message


@every_sort
def test_that_a_word_of_validation_alone_is_unknown(raw: Raw, target: TargetKind) -> None:
    found = prepared(raw, target)
    known = set(encoder_of(found).tokenizer.vocabulary)
    seen = {word for word in known if word.startswith("word") and word != "words"}
    assert 0 < len(seen) < COUNT
    assert (found.validation.inputs == UNKNOWN).any()
    assert not (found.train.inputs == UNKNOWN).any()


@every_sort
@pytest.mark.parametrize("kind", ["byte_pairs", "word_pieces", "words", "characters"])
def test_that_what_was_fitted_travels_through_json_and_gives_the_same_inputs(
    raw: Raw, target: TargetKind, kind: str
) -> None:
    found = prepared(raw, target, tokenizer=kind, vocabulary=320, length=64)
    again = Preprocessor.from_json(json.dumps(found.preprocessor.to_json()))
    assert again == found.preprocessor
    np.testing.assert_array_equal(again.inputs(raw), found.preprocessor.inputs(raw))
    assert found.data_hash == prepared(raw, target, tokenizer=kind, vocabulary=320, length=64).data_hash


@every_sort
def test_that_a_run_keeps_the_tokenizer_in_a_file_of_its_own(
    raw: Raw, target: TargetKind, tmp_path: Path
) -> None:
    found = prepared(raw, target)
    folder = RunFolder(tmp_path)
    write_preprocessor(folder, found)
    assert "tokenizer" not in folder.read_json(folder.preprocessing)["inputs"]
    assert read_preprocessor(folder) == found.preprocessor
    later = prepared(raw, target, tokenizer="file", tokenizer_file=str(folder.tokenizer))
    assert encoder_of(later).tokenizer == encoder_of(found).tokenizer
    folder.tokenizer.unlink()
    with pytest.raises(Invalid, match=r"preprocessing\.json"):
        read_preprocessor(folder)


def test_that_a_text_stands_between_start_and_end() -> None:
    found = prepared(TEXTS, "classes")
    tokenizer = encoder_of(found).tokenizer
    for tokens, row in zip(found.train.inputs.tolist(), found.train.rows, strict=True):
        length = len(SENTENCES[row].split())
        assert (tokens[0], tokens[length + 1]) == (START, END)
        assert set(tokens[length + 2 :]) == {PADDING}
        assert tokenizer.decode(tokens) == SENTENCES[row]


def test_that_a_cut_text_has_no_end_and_is_told() -> None:
    found = prepared(TEXTS, "classes", length=5)
    assert (found.train.inputs[:, 0] == START).all()
    assert not (found.train.inputs == END).any()
    assert any("60 of 60 texts do not fit into 5 tokens" in notice for notice in found.notices)


def test_that_texts_are_their_own_targets() -> None:
    for raw in (TEXTS, CORPUS):
        found = prepared(raw, "tokens")
        assert found.train.targets is found.train.inputs
        assert found.description.targets.vocabulary == found.description.inputs.vocabulary


def test_that_the_windows_of_running_text_hold_every_token_once_but_for_their_borders() -> None:
    found = prepared(CORPUS, "tokens", length=7)
    texts = []
    for part in (found.train, found.validation, found.test):
        stream = [*part.inputs[0, :1].tolist(), *part.inputs[:, 1:].ravel().tolist()]
        np.testing.assert_array_equal(part.inputs[1:, 0], part.inputs[:-1, -1])
        texts.append(encoder_of(found).tokenizer.decode(stream))
    train = " ".join(SENTENCES).split()[: len(texts[0].split())]
    assert texts[0].split() == train
    assert found.train.inputs[0, 0] == START
    assert END in found.test.inputs[-1]
    assert END not in found.train.inputs
    assert START not in found.validation.inputs


def test_that_running_text_is_split_by_position_at_ends_of_lines() -> None:
    found = prepared(CORPUS, "tokens", tokenizer="characters")
    decode = encoder_of(found).tokenizer.decode
    assert decode(found.train.inputs[0].tolist()).startswith("word0 ")
    begin = decode(found.validation.inputs[0].tolist())
    number = int(begin.split()[0].removeprefix("word"))
    assert begin.startswith(f"word{number} is")
    assert 40 < number < 46


def test_that_a_tag_stands_at_the_first_token_of_its_word() -> None:
    for kind in ("byte_pairs", "word_pieces", "words", "characters"):
        found = prepared(TAGGED, "tags", tokenizer=kind, vocabulary=280, length=64)
        classes = found.description.targets.classes
        assert classes == ("O", "B-x", "I-x", "B-y", "I-y")
        encoder = found.preprocessor.encoder
        assert isinstance(encoder, TaggedEncoder)
        for tokens, targets, row in zip(
            found.train.inputs, found.train.targets, found.train.rows, strict=True
        ):
            places = np.flatnonzero(targets != IGNORED)
            assert [classes[int(code)] for code in targets[places]] == list(TAGGED.tags[row])
            words = np.split(tokens, places)[1:]
            assert [encoder.tokenizer.decode(part.tolist()).strip() for part in words] == list(
                TAGGED.words[row]
            )


def test_that_both_sides_of_a_translation_share_one_vocabulary() -> None:
    found = prepared(PAIRS, "translation")
    tokenizer = encoder_of(found).tokenizer
    assert {"good", "GOOD"} <= set(tokenizer.vocabulary)
    assert found.description.targets.names == ("high",)
    for targets, row in zip(found.train.targets.tolist(), found.train.rows, strict=True):
        assert targets[0] == START
        assert tokenizer.decode([int(token) for token in targets]) == PAIRS.translations[row]


def test_that_pairs_too_long_are_left_out_whole() -> None:
    long = TextPairs((*SENTENCES, "a " * 50), (*PAIRS.translations, "b"), ("low", "high"))
    found = prepared(long, "translation")
    assert 60 not in np.concatenate([found.train.rows, found.validation.rows, found.test.rows])
    assert any("1 of 61 pairs" in notice for notice in found.notices)
    assert refusal(PAIRS, "translation", length=4)[0] == "preprocessing.length"


def test_that_a_published_test_part_is_kept() -> None:
    parts = np.array(["train"] * 50 + ["test"] * 10)
    raw = Texts(TEXTS.texts, TEXTS.labels, TEXTS.names, published=parts)
    for target in ("classes", "tokens"):
        assert prepared(raw, target).test.rows.tolist() == list(range(50, 60))  # type: ignore[arg-type]


def test_that_empty_texts_are_left_out_and_told() -> None:
    raw = Texts((*SENTENCES, " \n", ""), np.array([*TEXTS.labels, "p", "q"]), (*TEXTS.names, "x", "y"))
    for target in ("classes", "tokens"):
        found = prepared(raw, target)  # type: ignore[arg-type]
        assert found.description.train + found.description.validation + found.description.test == COUNT
        assert "2 of 62 texts are empty and left out" in found.notices


def few(*texts: str, label: str = "p") -> Texts:
    return Texts(texts, np.array([label, "q"] * (len(texts) // 2)), tuple(map(str, range(len(texts)))))


@pytest.mark.parametrize(
    ("raw", "target", "choices", "path", "words"),
    [
        (few(*["same"] * 40), "tokens", {}, "preprocessing.tokenizer", "'same' over and over"),
        (few(*["same"] * 40), "classes", {}, "preprocessing.tokenizer", "'same' over and over"),
        (few(*[" "] * 40), "tokens", {}, "data.path", "all are empty"),
        (few(*[" "] * 40), "classes", {}, "data.path", "all are empty"),
        (few(), "tokens", {}, "data.path", "holds no text"),
        (Corpus(("  \n",), ("x",)), "tokens", {}, "data.path", "holds no text"),
        (Corpus((), ()), "tokens", {}, "data.path", "holds no text"),
        (Corpus(("a b c",), ("x",)), "tokens", {}, "split.validation", "leaves no text"),
        (TEXTS, "tags", {}, "task.kind", "needs tags"),
        (TAGGED, "classes", {}, "task.kind", "tagged texts"),
        (few(*SENTENCES, label=""), "classes", {}, "data.path", "only 'q'"),
        (TEXTS, "numbers", {}, "task.kind", "no number"),
        (TEXTS, "classes", {"tokenizer": "file"}, "preprocessing.tokenizer_file", "is missing"),
        (TEXTS, "tokens", {"tokenizer": "file"}, "preprocessing.tokenizer_file", "is missing"),
        (TaggedTexts((("a", "b"),), (("O",),), ("s",)), "tags", {}, "data.tag", "s (2 words, 1 tags)"),
        (TaggedTexts((("a", "b"),), (("O", "O"),), ("s",)), "tags", {}, "data.tag", "only 'O'"),
    ],
)  # fmt: skip
def test_that_texts_from_which_nothing_can_be_learnt_are_refused(
    raw: Raw, target: TargetKind, choices: dict[str, Any], path: str, words: str
) -> None:
    found = refusal(raw, target, **choices)
    assert found[0] == path
    assert words in found[1]


def test_that_texts_without_any_label_are_refused_as_classes() -> None:
    raw = Texts(SENTENCES, np.array([""] * COUNT), TEXTS.names)
    assert "every value is missing" in refusal(raw, "classes")[1]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("I-A I-A B-A O I-B I-A", "B-A I-A B-A O B-B B-A"),
        ("B-A I-A E-A S-A O B-A L-A U-B", "B-A I-A I-A B-A O B-A I-A B-B"),
        ("A A O B geo-loc", "B-A I-A O B-B B-geo-loc"),
        ("O B-geo-loc I-geo-loc", "O B-geo-loc I-geo-loc"),
        ("NN VB DT", "NN VB DT"),
    ],
)
def test_that_every_notation_of_entities_becomes_one(given: str, found: str) -> None:
    assert as_bio([given.split()]) == (tuple(found.split()),)


def test_that_every_type_has_a_beginning_and_an_inside() -> None:
    assert tag_classes([["O", "B-b", "B-a"]]) == ("O", "B-a", "I-a", "B-b", "I-b")
    assert tag_classes([["VB", "NN"]]) == ("NN", "VB")
