"""Sources of texts: the true layouts, written here, are read; what is no text is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family, Invalid, located
from engine.data import rooms  # noqa: F401 - fills the family
from engine.data.source import Source
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable


def texts(source: Source) -> Texts:
    found = source.read(0)
    assert isinstance(found, Texts)
    return found


def tagged(path: Path, **settings: Any) -> TaggedTexts:
    found = TaggedText(path=str(path), **settings).read(0)
    assert isinstance(found, TaggedTexts)
    return found


def pairs(path: Path, **settings: Any) -> TextPairs:
    found = TextPairsFile(path=str(path), **settings).read(0)
    assert isinstance(found, TextPairs)
    return found


def corpus(path: Path, **settings: Any) -> Corpus:
    found = TextFiles(path=str(path), **settings).read(0)
    assert isinstance(found, Corpus)
    return found


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refusal(source: Source) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        source.read(0)
    return caught.value.problems[0].path, caught.value.problems[0].message


def problems(source: Source) -> list[str]:
    try:
        source.read(0)
    except Invalid as error:
        return [problem.path for problem in error.problems]
    return []


# --------------------------------------------------------------------------------------------- tables


REVIEWS = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "review": [
            "A film, full of joy.",
            'They said "no" twice',
            "It was dull and long",
            "Once more: wonderful",
        ],
        "sentiment": ["pos", "neg", "neg", "pos"],
    }
)


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "parquet"])
def test_that_texts_and_labels_are_found_in_every_sort_of_table(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"reviews.{ending}"
    write: dict[str, Callable[[], object]] = {
        "csv": lambda: REVIEWS.to_csv(path, index=False),
        "tsv": lambda: REVIEWS.to_csv(path, index=False, sep="\t"),
        "xlsx": lambda: REVIEWS.to_excel(path, index=False),
        "parquet": lambda: REVIEWS.to_parquet(path, index=False),
    }
    write[ending]()
    found = texts(TextTable(path=str(path)))
    assert list(found.texts) == REVIEWS["review"].tolist()
    assert (found.target, found.labels.tolist()) == ("sentiment", REVIEWS["sentiment"].tolist())


def test_that_columns_of_a_table_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b,c\nlong long text,short,7.5\nanother long one,brief,0.25\n")
    found = texts(TextTable(path=str(path), texts="b", label="c"))
    assert (found.texts, found.labels.tolist()) == (("short", "brief"), ["7.5", "0.25"])


def test_that_a_table_of_texts_alone_has_no_labels(tmp_path: Path) -> None:
    found = texts(TextTable(path=str(written(tmp_path / "t.csv", "text\none thing\nand another\n"))))
    assert found.labels.tolist() == ["", ""]


@pytest.mark.parametrize(
    ("settings", "path", "words"),
    [
        ({"texts": "x"}, "data.texts", "no column 'x'"),
        ({"texts": "number"}, "data.texts", "'number' holds numbers, not texts"),
        ({"texts": "word", "label": "nothing"}, "data.label", "no column 'nothing'"),
        ({"texts": "word"}, "data.label", "is missing: name the column"),
        ({"texts": "word", "label": "word"}, "data.label", "is the column of texts"),
    ],
)
def test_that_columns_that_hold_no_texts_are_refused(
    tmp_path: Path, settings: dict[str, str], path: str, words: str
) -> None:
    table = written(tmp_path / "t.csv", "number,word,other\n1,a b,c\n2,d e,f\n")
    found = refusal(TextTable(path=str(table), **settings))
    assert found[0] == path
    assert words in found[1]


def test_that_a_table_of_numbers_alone_has_no_text_column(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", "a,b\n1,2\n3,4\n")
    assert refusal(TextTable(path=str(table)))[0] == "data.texts"


@pytest.mark.parametrize("cells", ["1.5", ""])
def test_that_a_column_called_label_is_not_taken_for_the_texts(tmp_path: Path, cells: str) -> None:
    table = written(tmp_path / "t.csv", "text,label\n" + "".join(f"{cells},{word}\n" for word in "xyxy"))
    path, message = refusal(TextTable(path=str(table)))
    assert path == "data.texts"
    assert "no column seems to hold texts (text, label)" in message
    assert texts(TextTable(path=str(table), texts="label", label="text")).texts == ("x", "y", "x", "y")


# -------------------------------------------------------------------------------------------- folders


def imdb(folder: Path) -> Path:
    for part in ("train", "test"):
        for label in ("pos", "neg"):
            for number in (0, 1, 10):
                written(folder / part / label / f"{number}_7.txt", f"{part} {label} {number}<br />x")
    written(folder / "train" / "unsup" / "0_0.txt", "no label")
    written(folder / "train" / "urls_pos.txt", "http://...")
    written(folder / "imdb.vocab", "the\n")
    written(folder / "README", "Large Movie Review Dataset")
    return folder


def test_that_imdb_folders_are_read_with_their_published_parts(tmp_path: Path) -> None:
    found = texts(TextFolders(path=str(imdb(tmp_path))))
    assert len(found) == 12
    assert found.published is not None
    for text, label, part in zip(found.texts, found.labels, found.published, strict=True):
        assert text.startswith(f"{part} {label}")
    assert [name.split("/")[-1] for name in found.names[:3]] == ["0_7.txt", "1_7.txt", "10_7.txt"]
    assert found.notices == (
        "1 file that is no text left out: imdb.vocab",
        "1 text beside the class folders left out: train/urls_pos.txt",
        "1 text in folders of texts without a label left out",
    )


def test_that_class_folders_alone_are_labels(tmp_path: Path) -> None:
    for label in ("news", "test"):
        written(tmp_path / label / "a.txt", label)
    found = texts(TextFolders(path=str(tmp_path)))
    assert found.labels.tolist() == list(found.texts) == ["news", "test"]
    assert found.published is None


def test_that_broken_files_are_left_out_and_named(tmp_path: Path) -> None:
    imdb(tmp_path)
    written(tmp_path / "train" / "pos" / "5_7.txt", bytes(range(256)) * 20)
    written(tmp_path / "train" / "pos" / "6_7.txt", b"")
    found = texts(TextFolders(path=str(tmp_path)))
    assert len(found) == 12
    assert "2 of 14 files cannot be read" in found.notices[-1]
    assert "5_7.txt is a binary file" in found.notices[-1]
    assert "6_7.txt is empty" in found.notices[-1]


def test_that_folders_without_classes_are_refused(tmp_path: Path) -> None:
    assert "no text files" in refusal(TextFolders(path=str(tmp_path)))[1]
    written(tmp_path / "a.txt", "text")
    assert "lie in no folders" in refusal(TextFolders(path=str(tmp_path)))[1]
    assert "is no folder" in refusal(TextFolders(path=str(tmp_path / "a.txt")))[1]


# --------------------------------------------------------------------------------------- running text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Grüße aus Köln\n", "utf-8"),
        ("Grüße aus Köln\n", "utf-8-sig"),
        ("Grüße aus Köln\n", "utf-16"),
        ("Grüße aus Köln\n", "latin-1"),
        ("今天天气很好我们去公园散步。\n" * 5, "gb18030"),
    ],
)
def test_that_running_text_is_read_in_every_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    assert corpus(written(tmp_path / "t.txt", text, encoding)).documents == (text,)


def test_that_line_ends_of_every_system_are_the_same(tmp_path: Path) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        found = corpus(written(tmp_path / "t.txt", end.join([b"one", b"two", b""])))
        assert found.documents == ("one\ntwo\n",)


def test_that_a_folder_is_read_in_the_natural_order_of_its_names(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        written(tmp_path / f"part{number}.txt", f"{number}")
    written(tmp_path / "cover.jpg", b"\xff\xd8\xff")
    found = corpus(tmp_path)
    assert found.documents == ("1", "2", "10")
    assert found.names == ("part1.txt", "part2.txt", "part10.txt")


def test_that_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "t.txt", "Grüße".encode("latin-1"))
    assert refusal(TextFiles(path=str(path), encoding="utf-8"))[0] == "data.encoding"


# --------------------------------------------------------------------------------------- tagged words


CONLL_2003 = """-DOCSTART- -X- -X- O

EU NNP I-NP I-ORG
rejects VBZ I-VP O
German JJ I-NP I-MISC
call NN I-NP O
. . O O

Peter NNP I-NP I-PER
Blackburn NNP I-NP I-PER
"""


def test_that_conll_2003_is_read_and_its_iob_tags_become_bio(tmp_path: Path) -> None:
    found = tagged(written(tmp_path / "eng.train", CONLL_2003))
    assert found.words == (("EU", "rejects", "German", "call", "."), ("Peter", "Blackburn"))
    assert found.tags == (("B-ORG", "O", "B-MISC", "O", "O"), ("B-PER", "I-PER"))
    speech = tagged(tmp_path / "eng.train", tag=2)
    assert speech.tags[1] == ("NNP", "NNP")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_that_wnut_is_read(tmp_path: Path, end: str) -> None:
    lines = ["@paulwalk\tO", "#ESB\tB-facility", "\t", "Empire\tB-facility", "State\tI-facility", "", ""]
    found = tagged(written(tmp_path / "wnut.conll", end.join(lines)))
    assert found.words == (("@paulwalk", "#ESB"), ("Empire", "State"))
    assert found.tags == (("O", "B-facility"), ("B-facility", "I-facility"))


def test_that_conllu_comments_are_no_words(tmp_path: Path) -> None:
    text = "# text = They go\n1\tThey\tthey\tPRON\n2\tgo\tgo\tVERB\n\n"
    found = tagged(written(tmp_path / "t.conllu", text), word=2, tag=4)
    assert (found.words, found.tags) == ((("They", "go"),), (("PRON", "VERB"),))


def test_that_words_that_carry_their_tags_are_read(tmp_path: Path) -> None:
    line = "The/at jury/nn said/vbd [New/np York/np]nt 1/2/cd of/in it/pps ./."
    (tmp_path / "brown.txt").write_text(f"{line}\n" * 9, encoding="utf-8")
    found = TaggedText(path=str(tmp_path / "brown.txt")).read(0)
    assert isinstance(found, TaggedTexts)
    assert len(found.words) == 9
    assert found.words[0] == ("The", "jury", "said", "New", "York", "1/2", "of", "it", ".")
    assert found.tags[0] == ("at", "nn", "vbd", "np", "np", "cd", "in", "pps", ".")


def test_that_parts_in_a_folder_are_those_published(tmp_path: Path) -> None:
    for name in ("train.txt", "dev.txt", "test.txt"):
        written(tmp_path / name, f"{name} B-x\nand O\n")
    found = tagged(tmp_path)
    assert found.published is not None
    assert found.published.tolist() == ["validation", "test", "train"]


def test_that_a_sentence_with_a_lacking_tag_is_left_out_and_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t.conll", "a O\nb B-x\n\nc O\nbroken\n\nd O\n")
    found = tagged(path)
    assert found.words == (("a", "b"), ("d",))
    assert found.notices == ("1 sentence with a line that lacks a column left out: t.conll, line 5",)


def test_that_files_without_tags_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "t.txt", "word\nanother\n")
    assert refusal(TaggedText(path=str(path)))[0] == "data.tag"
    assert (
        "holds no sentences"
        in refusal(TaggedText(path=str(written(tmp_path / "u.txt", "-DOCSTART- O\n"))))[1]
    )


# -------------------------------------------------------------------------------------- translations


def test_that_two_parallel_files_are_pairs_named_by_their_endings(tmp_path: Path) -> None:
    one = written(tmp_path / "news.en", "The cat.\r\nThe dog.\r\n")
    two = written(tmp_path / "news.es", "El gato.\nEl perro.")
    found = pairs(one, translations=str(two))
    assert found.texts == ("The cat.", "The dog.")
    assert found.translations == ("El gato.", "El perro.")
    assert found.languages == ("en", "es")


def test_that_files_of_different_length_are_no_pairs(tmp_path: Path) -> None:
    one, two = written(tmp_path / "a.en", "x\ny\n"), written(tmp_path / "a.es", "x\n")
    found = refusal(TextPairsFile(path=str(one), translations=str(two)))
    assert found[0] == "data.translations"
    assert "2 lines and a.es 1" in found[1]


def test_that_a_line_with_tabs_is_a_pair_whatever_its_quotation_marks(tmp_path: Path) -> None:
    text = 'Go.\tVe.\tCC-BY 2.0\nHe said "no.\tDijo "no.\tCC-BY 2.0\nalone\n'
    found = pairs(written(tmp_path / "spa.txt", text))
    assert found.texts == ("Go.", 'He said "no.')
    assert found.translations == ("Ve.", 'Dijo "no.')
    assert found.notices[1:] == ("1 line without a translation left out: 3",)


@pytest.mark.parametrize("head", ["en\tes", "English\tSpanish", "source\ttarget"])
def test_that_usual_headings_are_names(tmp_path: Path, head: str) -> None:
    path = written(tmp_path / "t.tsv", f"{head}\nGo.\tVe.\n")
    assert pairs(path).languages == tuple(head.split("\t"))
    assert len(pairs(path)) == 1
    assert len(pairs(path, header="no")) == 2
    turned = pairs(path, source=head.split("\t")[1], target=head.split("\t")[0])
    assert (turned.texts, turned.translations) == (("Ve.",), ("Go.",))


def test_that_pairs_in_a_csv_are_its_columns_of_words(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", 'id,de,en\n1,"Ja, so",Yes\n2,Nein,No\n3,Gut,Good\n')
    found = pairs(path, source="de", target="en")
    assert (found.texts[0], found.languages) == ("Ja, so", ("de", "en"))


def test_that_one_file_without_tabs_asks_for_the_other(tmp_path: Path) -> None:
    path = written(tmp_path / "t.txt", "Go.\nStop.\n")
    assert refusal(TextPairsFile(path=str(path)))[0] == "data.translations"


# -------------------------------------------------------------------------------- what holds for all


TEXTUAL: list[Any] = [
    source
    for source in Family.every["data"].values()
    if not source.drawn and source.kind.startswith(("text", "tagged"))  # type: ignore[attr-defined]
]
every_source = pytest.mark.parametrize("source", TEXTUAL, ids=lambda source: source.kind)


@every_source
def test_that_paths_are_taken_from_the_folder_of_the_experiment(source: Any, tmp_path: Path) -> None:
    assert located(source(path="a/b.txt"), tmp_path).path == str(tmp_path / "a" / "b.txt")
    assert located(source(), tmp_path) == source()


@every_source
@pytest.mark.parametrize("path", ["", "nowhere.txt", "a\x00b"])
def test_that_what_is_not_there_is_refused(source: Any, path: str, tmp_path: Path) -> None:
    assert refusal(source(path=path and str(tmp_path / path)))[0] == "data.path"


@every_source
@pytest.mark.parametrize(
    "content", [b"", b"  \n", bytes(range(256)) * 40, b"PK\x03\x04" + b"\x00" * 50, b"\x89PNG\r\n\x1a\n"]
)
def test_that_files_that_are_no_text_are_refused(source: Any, content: bytes, tmp_path: Path) -> None:
    written(tmp_path / "class" / "t.txt", content)
    place = tmp_path if source is TextFolders else tmp_path / "class" / "t.txt"
    assert "t.txt" in refusal(source(path=str(place)))[1]


@every_source
def test_that_any_bytes_are_texts_or_are_refused_in_words(source: Any, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    place = tmp_path if source is TextFolders else tmp_path / "class" / "t.txt"
    for size in (1, 5, 40, 200, 1000):
        for letters in (b"ab \n\t,", b"\"'\r\n\t;a", bytes(range(32, 256)), "é日\n\t ".encode()):
            content = bytes(random.choice(list(letters), size).astype(np.uint8))
            written(tmp_path / "class" / "t.txt", content)
            assert all(problem.startswith("data.") for problem in problems(source(path=str(place))))


def test_that_what_is_wrong_with_the_file_of_translations_is_told_of_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.en", "one\ntwo\n")
    for other in (written(tmp_path / "a.es", ""), written(tmp_path / "a.fr", b"\0\1\2"), tmp_path / "a.de"):
        source = TextPairsFile(path=str(path), translations=str(other))
        found, message = refusal(source)
        assert found == "data.translations"
        assert other.name in message
