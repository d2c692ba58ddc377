"""New texts and what the data page shows: exactly the tokens of training, and clear words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.description import END, MASK, START
from engine.data.inspection.inspect import inspect
from engine.data.new.examples import read_examples
from engine.data.new.files import Trained
from engine.data.new.inputs import read_new
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.sample import Sample
from engine.data.source import Source, silent
from engine.data.split import Split
from engine.data.texts.raw import TaggedTexts
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable
from tests.engine.data.guesses import guess_task

WORDS = Preprocessing(tokenizer="words", length=12)
LINES = [f"the {size} {colour} bird sang" for size in ("big", "small") for colour in ("red", "blue")] * 10

BIRDS = (("sport", "fast"), ("money", "golden"))


def source(folder: Path, kind: str) -> Source:
    path = folder / f"{kind}.txt"
    if kind == "texts":
        path.write_text("text\tlabel\n" + "".join(f"{line}\t{line.split()[1]}\n" for line in LINES), "utf-8")
        return TextTable(path=str(path))
    if kind == "tagged":
        blocks = [
            "".join(f"{word} {'B-x' if word == 'bird' else 'O'}\n" for word in line.split()) for line in LINES
        ]
        path.write_text("\n".join(blocks), "utf-8")
        return TaggedText(path=str(path))
    if kind == "pairs":
        path.write_text("".join(f"{line}\t{line[::-1]}\n" for line in LINES), "utf-8")
        return TextPairsFile(path=str(path))
    path.write_text("\n".join(LINES), "utf-8")
    return TextFiles(path=str(path))


KINDS = ["texts", "tagged", "pairs", "corpus"]


def trained(folder: Path, kind: str) -> Prepared:
    found = source(folder, kind)
    task = guess_task(found.read(0))
    assert task is not None
    return prepare(found, Split(), WORDS, task, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_data_page_shows_texts_with_their_tokens(kind: str, tmp_path: Path) -> None:
    found = source(tmp_path, kind)
    task = guess_task(found.read(0))
    assert task is not None
    shown = inspect(found, Split(), WORDS, task, 0)
    assert (shown.kind, shown.guess, shown.problems) == (kind, task, ())
    assert shown.count == (1 if kind == "corpus" else 40)
    passage = shown.passages[0]
    assert passage.tokens[:6] == ("␣[START]", "␣the", "␣big", "␣red", "␣bird", "␣sang")
    assert (len(passage.tags) == 5) == (kind == "tagged")
    assert bool(passage.translation) == (kind == "pairs")
    assert passage.label == ("big" if kind == "texts" else "")
    if kind == "tagged":
        assert shown.description is not None
        assert shown.balance["train"] == (4 * shown.description.train, shown.description.train, 0)
    broken = inspect(found, Split(), WORDS.replaced(tokenizer="file"), task, 0)
    assert broken.problems[0].path == "preprocessing.tokenizer_file"
    assert len(broken.passages) == len(shown.passages)


@pytest.mark.parametrize("kind", KINDS)
def test_that_typed_texts_become_the_tokens_of_training(kind: str, tmp_path: Path) -> None:
    found = trained(tmp_path, kind)
    line = "the big red bird sang"
    new = read_new([{"text": line}], Trained(found.preprocessor))
    assert new.names == ("text 1",)
    if kind in ("texts", "pairs"):
        row = LINES.index(line)
        np.testing.assert_array_equal(new.inputs[0], found.preprocessor.inputs(found.raw)[row])
    assert new.inputs[0, 0] == START
    assert (END in new.inputs) == (kind != "corpus")


def test_that_texts_to_go_on_with_have_no_end_and_keep_their_gaps(tmp_path: Path) -> None:
    found = trained(tmp_path, "corpus")
    gap, long = read_new(
        [{"text": "the [MASK] bird"}, {"text": "the " * 50 + "bird"}], Trained(found.preprocessor)
    ).inputs
    assert gap[2] == MASK
    assert not {END, START} & set(gap[1:].tolist())
    assert START not in long
    assert long[-1] == gap[3]


@pytest.mark.parametrize("ending", ["txt", "csv", "xlsx", "folder"])
def test_that_texts_of_files_are_read(ending: str, tmp_path: Path) -> None:
    found = trained(tmp_path, "texts")
    path = tmp_path / f"new.{ending}"
    if ending == "txt":
        path.write_text("the big bird\r\n\r\nthe bird sang\r\n", "utf-16")
    elif ending == "csv":
        path.write_text("id,words\n1,the big bird\n2,the bird sang\n", "utf-8")
    elif ending == "xlsx":
        import pandas as pd

        pd.DataFrame({"id": [1, 2], "words": ["the big bird", "the bird sang"]}).to_excel(path, index=False)
    else:
        path.mkdir()
        for number, text in enumerate(("the big bird", "the bird sang")):
            (path / f"{number}.txt").write_text(text, "utf-8")
    new = read_new(path, Trained(found.preprocessor))
    shown = {
        "txt": (("text",), (("the big bird",), ("",), ("the bird sang",))),
        "folder": (("text",), (("the big bird",), ("the bird sang",))),
    }.get(ending, (("id", "words"), (("1", "the big bird"), ("2", "the bird sang"))))
    assert new.as_given(10) == shown
    assert new.unanswered == ({1: "no text"} if ending == "txt" else {})
    typed = [{"text": "the big bird"}, {"text": "the bird sang"}]
    np.testing.assert_array_equal(new.inputs, read_new(typed, Trained(found.preprocessor)).inputs)


@pytest.mark.parametrize(("kind", "lines"), [("pairs", "the big bird\nthe bird sang\n"),
                                             ("tagged", "the\nbig\nbird\n\nthe\nbird\nsang\n")])  # fmt: skip
def test_that_texts_without_the_columns_of_training_are_read(kind: str, lines: str, tmp_path: Path) -> None:
    chosen = {"pairs": {"source": "english", "target": "german"}, "tagged": {"word": 2, "tag": 4}}[kind]
    known = Trained(trained(tmp_path, kind).preprocessor, source(tmp_path, kind).replaced(**chosen))
    (tmp_path / "new.conll").write_text(lines, "utf-8")
    (tmp_path / "new.txt").write_text(lines, "utf-8")
    new = read_new(tmp_path / ("new.conll" if kind == "tagged" else "new.txt"), known)
    assert new.as_given(10)[1] == (("the big bird",), ("the bird sang",))


def test_that_a_label_before_each_text_is_no_word_of_it(tmp_path: Path) -> None:
    rows = "".join(f"{name}\tthe {bird} bird number {n}\n" for n in range(20) for name, bird in BIRDS)
    (tmp_path / "news.train.txt").write_text(rows, "utf-8")
    found = TextTable(path=str(tmp_path / "news.train.txt"))
    prepared = prepare(found, Split(), Preprocessing(), "classes", 0)
    known = Trained(prepared.preprocessor, found, prepared.raw.found)
    (tmp_path / "news.test.txt").write_text("sport\tthe fast bird\n", "utf-8")
    (tmp_path / "plain.txt").write_text("the fast bird\n", "utf-8")
    labelled, plain = (read_new(tmp_path / name, known) for name in ("news.test.txt", "plain.txt"))
    np.testing.assert_array_equal(labelled.inputs, plain.inputs)


def test_that_another_column_is_never_taken_for_the_answers(tmp_path: Path) -> None:
    rows = "".join(f"{n % 2}\tthe {'big' if n % 2 else 'small'} bird number {n}\n" for n in range(40))
    (tmp_path / "train.tsv").write_text("label\ttext_a\n" + rows, "utf-8")
    found = TextTable(path=str(tmp_path / "train.tsv"))
    prepared = prepare(found, Split(), Preprocessing(), "classes", 0)
    known = Trained(prepared.preprocessor, found, prepared.raw.found)
    (tmp_path / "test.tsv").write_text("qid\ttext_a\n" + rows, "utf-8")
    with pytest.raises(Invalid, match="no column 'label'"):
        read_examples(tmp_path / "test.tsv", known, silent)


def test_that_a_typed_sentence_is_cut_into_words_for_tags(tmp_path: Path) -> None:
    new = read_new(
        [{"text": "@Anna's well-known bird, in No. 3.5!"}], Trained(trained(tmp_path, "tagged").preprocessor)
    )
    assert isinstance(new.raw, TaggedTexts)
    assert new.raw.words == (("@Anna's", "well-known", "bird", ",", "in", "No", ".", "3.5", "!"),)


def test_that_unknown_words_cut_and_empty_texts_are_told(tmp_path: Path) -> None:
    rows = [{"text": "the quetzal sang"}, {"text": "bird " * 20}, {"text": " "}]
    found = read_new(rows, Trained(trained(tmp_path, "texts").preprocessor))
    notices = " / ".join(found.notices)
    # the marks of beginning and end are no words
    assert "1 of 14 words (7.1 %) are unknown to the vocabulary: quetzal" in notices
    assert "guess" not in notices
    assert "1 of 2 texts do not fit into 12 tokens" in notices
    assert (found.names[2], found.unanswered) == ("text 3", {2: "no text"})


@pytest.mark.parametrize("kind", ["words", "byte_pairs", "word_pieces"])
@pytest.mark.parametrize("text", ["jkhsdf xcvbn qwrtz wqpfg", "фильм понравился прекрасно"])
def test_that_a_text_that_the_network_cannot_know_is_said_to_be_unknown(
    kind: str, text: str, tmp_path: Path
) -> None:
    film = Sample(name="film_sentences")
    known = prepare(film, Split(), Preprocessing(tokenizer=kind, vocabulary=1500), "classes", 0)
    strange = " / ".join(read_new([{"text": text}], Trained(known.preprocessor)).notices)
    count = len(text.split())
    told = rf"{count} of {count} (words|tokens) \(100 %\) are unknown to the vocabulary"
    assert re.search(told, strange)
    assert text.split()[0] in strange
    assert "guess" in strange
    seen = read_new([{"text": "the film was a good story"}], Trained(known.preprocessor))
    assert seen.notices == ()


def test_that_what_is_no_text_is_refused_without_a_setting(tmp_path: Path) -> None:
    known = Trained(trained(tmp_path, "texts").preprocessor)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n3,4\n", "utf-8")
    given = [
        [],
        np.zeros((1, 2, 2), np.uint8),
        tmp_path / "none.txt",
        tmp_path / "empty.txt",
        tmp_path / "numbers.csv",
    ]
    for one in given:
        with pytest.raises(Invalid) as caught:
            read_new(one, known)  # type: ignore[arg-type]
        assert caught.value.problems[0].path == ""
